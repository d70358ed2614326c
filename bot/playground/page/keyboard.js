// Inline keyboards under a message, and the reply keyboard under the composer.

import { copyText, el, icon } from "./dom.js";
import { safeUrl } from "./entities.js";
import { t } from "./i18n.js";
import { on, store } from "./state.js";
import { post } from "./stream.js";
import { toast, fail } from "./dialogs.js";

/** Telegram's clients give up waiting for an answer after a while; so does the spinner. In milliseconds. */
const PATIENCE = 15_000;

const waiting = new Map();
const answered = new Set();

function settle(queryId) {
  const button = waiting.get(queryId);
  waiting.delete(queryId);
  if (button) rest(button);
  return Boolean(button);
}

function rest(button) {
  button.classList.remove("waiting");
  button.removeAttribute("aria-busy");
}

on("callback_answer", (event) => {
  if (!settle(event.callback_query_id)) answered.add(event.callback_query_id);
});

async function press(button, message, data) {
  if (button.classList.contains("waiting")) return;
  button.classList.add("waiting");
  button.setAttribute("aria-busy", "true");
  window.setTimeout(() => rest(button), PATIENCE);
  try {
    const { callback_query_id: queryId } = await post("press", { chat_id: message.chat.id, message_id: message.message_id, data });
    if (answered.delete(queryId)) rest(button);
    else waiting.set(queryId, button);
  } catch (refusal) {
    rest(button);
    fail(refusal);
  }
}

const corner = (name) => icon(name, "corner");

/** The kinds of inline buttons: what they look like and do. The first that fits a button makes it. */
const KINDS = [
  ["callback_data", (button, message) => {
    const node = el("button", { type: "button", data: { callback: button.callback_data } });
    node.addEventListener("click", () => press(node, message, button.callback_data));
    return node;
  }],
  ["url", (button, message, act) => {
    const url = safeUrl(button.url);
    if (!url) return el("button", { type: "button", disabled: true });
    const node = el("a", { href: url, target: "_blank", rel: "noopener noreferrer", data: { url } }, corner("arrow-out"));
    node.addEventListener("click", (event) => { if (act.openLink(url)) event.preventDefault(); });
    return node;
  }],
  ["copy_text", (button) => el("button", { type: "button", data: { copy: button.copy_text.text }, on: { click: async () => toast((await copyText(button.copy_text.text)) ? t("copied") : t("notCopied")) } }, corner("copy-small"))],
  ["switch_inline_query_current_chat", (button, message, act) => el("button", { type: "button", on: { click: () => act.inlineHere(button.switch_inline_query_current_chat) } })],
  ["switch_inline_query", (button, message, act) => el("button", { type: "button", on: { click: () => act.inlineElsewhere(button.switch_inline_query) } }, corner("switch"))],
  ["switch_inline_query_chosen_chat", (button, message, act) => el("button", { type: "button", on: { click: () => act.inlineElsewhere(button.switch_inline_query_chosen_chat.query ?? "") } }, corner("switch"))],
];

function inlineButton(button, message, act) {
  const [, make] = KINDS.find(([key]) => button[key] !== undefined) ?? [null, () => el("button", { type: "button", on: { click: () => toast(t("notHere")) } })];
  const node = make(button, message, act);
  node.classList.add("key");
  if (button.style) node.classList.add(`key-${button.style}`);
  node.dataset.testid = "button";
  node.prepend(el("span", { class: "key-text", dir: "auto", text: button.text }));
  node.append(el("span", { class: "spinner", "aria-hidden": "true" }));
  return node;
}

/** The rows of buttons under a message, or null. */
export function inlineKeyboard(message, act) {
  const rows = message.reply_markup?.inline_keyboard?.filter((row) => row.length) ?? [];
  if (!rows.length) return null;
  return el("div", { class: "keys", role: "group", data: { testid: "keyboard" } },
    rows.map((row) => el("div", { class: "key-row" }, row.map((button) => inlineButton(button, message, act)))));
}

/** What the newest markup of a chat says of the composer: {keyboard, placeholder, oneTime, persistent, replyTo} or null. */
export function replyMarkup(messages, hiddenAfter) {
  for (let i = messages.length - 1; i >= 0; i -= 1) {
    const { reply_markup: markup, message_id: id, from } = messages[i];
    if (!markup || from?.id === store.person.id) continue;
    if (markup.remove_keyboard) return null;
    if (markup.force_reply) {
      const replied = messages.slice(i + 1).some((later) => later.from?.id === store.person.id);
      if (replied) continue;
      return { replyTo: messages[i], placeholder: markup.input_field_placeholder ?? "", id };
    }
    if (markup.keyboard) return { keyboard: markup.keyboard, placeholder: markup.input_field_placeholder ?? "", oneTime: Boolean(markup.one_time_keyboard), hidden: hiddenAfter >= id, id };
  }
  return null;
}

/** The reply keyboard; `press` gets the pressed button ({text, request_location, …}). */
export function replyKeyboard(keyboard, pressed) {
  const rows = keyboard.map((row) => row.map((button) => (typeof button === "string" ? { text: button } : button)));
  return el("div", { class: "reply-keys", role: "group", data: { testid: "reply-keyboard" } },
    rows.map((row) => el("div", { class: "reply-row" }, row.map((button) => el("button", { type: "button", class: "reply-key", data: { testid: "reply-button" }, on: { click: () => pressed(button) } }, el("span", { dir: "auto", text: button.text }))))));
}

