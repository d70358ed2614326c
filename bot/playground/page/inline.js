// Inline mode: "@BaztabBot words" asks the bot, its results stand over the field, and a chosen one is posted.

import { byId, el } from "./dom.js";
import { fail } from "./dialogs.js";
import { t } from "./i18n.js";
import { openChat, on, store } from "./state.js";
import { post } from "./stream.js";
import { privateChat, sendText } from "./actions.js";
import { safeUrl } from "./entities.js";

const PAUSE = 250;

let clear = () => {};
let timer = 0;
let query = null;
let queryId = null;
let early = null;
let chatId = null;
let offset = "";
let at = -1;

const box = () => byId("inline");

/** Follows what is typed in a chat; anything but "@bot " at the beginning puts the results away. */
export function update(text, chat) {
  const name = String(store.me.username).toLowerCase();
  const start = `@${name} `;
  const asked = text.toLowerCase().startsWith(start) ? text.slice(start.length) : null;
  chatId = chat;
  if (asked === query) return;
  query = asked;
  window.clearTimeout(timer);
  if (asked === null) { hide(); return; }
  timer = window.setTimeout(() => ask(""), PAUSE);
}

async function ask(from) {
  try {
    offset = from;
    queryId = null;
    box().classList.add("asking");
    ({ inline_query_id: queryId } = await post("inline", { query: query.trim(), offset: from }));
    if (early?.inline_query_id === queryId) show(early);
  } catch (error) {
    fail(error);
  }
}

function hide() {
  queryId = null;
  early = null;
  at = -1;
  box().hidden = true;
  box().replaceChildren();
}

function thumbnail(result) {
  const url = safeUrl(result.thumbnail_url ?? "");
  const letter = el("span", { class: "result-thumb", "aria-hidden": "true", text: [...(result.title ?? "?")][0] });
  if (!url || !url.startsWith(window.location.origin)) return letter;
  const image = el("img", { class: "result-thumb", src: url, alt: "" });
  image.addEventListener("error", () => image.replaceWith(letter));
  return image;
}

function resultRow(result, id) {
  return el("button", { type: "button", class: "result", role: "option", data: { testid: "inline-result", resultId: result.id }, on: { click: () => pick(result, id) } },
    thumbnail(result),
    el("span", { class: "result-words" },
      el("span", { class: "result-title", dir: "auto", text: result.title ?? result.caption ?? result.id }),
      result.description && el("span", { class: "result-description", dir: "auto", text: result.description })));
}

function topButton(button) {
  if (!button?.start_parameter) return null;
  return el("button", { type: "button", class: "result-button", data: { testid: "inline-button" }, text: button.text, on: { click: () => {
    const entry = privateChat();
    clear();
    if (!entry) return;
    openChat(entry.chat.id);
    sendText(entry.chat.id, `/start ${button.start_parameter}`);
  } } });
}

function show(answer) {
  early = null;
  const id = answer.inline_query_id;
  box().classList.remove("asking");
  const found = (answer.results ?? []).map((result) => resultRow(result, id));
  if (offset) box().append(...found);
  else {
    box().replaceChildren();
    const button = topButton(answer.button);
    if (button) box().append(button);
    box().append(...(found.length || button ? found : [el("p", { class: "result-none", text: t("nothingFound") })]));
    box().scrollTop = 0;
    at = -1;
  }
  box().dataset.next = answer.next_offset ?? "";
  box().hidden = false;
}

async function pick(result, id) {
  const chat = chatId;
  clear();
  try {
    await post("choose", { inline_query_id: id, result_id: result.id, chat_id: chat });
  } catch (error) {
    fail(error);
  }
}

/** Handles a key pressed in the field while results are shown; true when it was used up. */
export function key(event) {
  const all = [...box().querySelectorAll(".result")];
  if (query === null || box().hidden) return false;
  if (event.key === "Escape") { hide(); return true; }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    at = (at + (event.key === "ArrowDown" ? 1 : all.length - (at < 0 ? 0 : 1))) % Math.max(1, all.length);
    all.forEach((node, index) => node.classList.toggle("active", index === at));
    all[at]?.scrollIntoView({ block: "nearest" });
    return true;
  }
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); all[Math.max(0, at)]?.click(); return true; }
  return false;
}

/** Wires the results up; `clear` empties the field. */
export function start(options) {
  clear = options.clear;
  on("inline", (answer) => {
    if (query === null) return;
    if (queryId === null) early = answer;
    else if (answer.inline_query_id === queryId) show(answer);
  });
  box().addEventListener("scroll", () => {
    const next = box().dataset.next;
    if (next && next !== offset && box().scrollTop + box().clientHeight > box().scrollHeight - 80) ask(next);
  }, { passive: true });
}
