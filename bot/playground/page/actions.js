// What the parts of a message do when they are used: links, commands, spoilers, quotes, reactions, the message's menu.

import { byId, copyText, el } from "./dom.js";
import { askToOpen, fail, menu, toast } from "./dialogs.js";
import { formatMoment, t } from "./i18n.js";
import { jumpTo } from "./history.js";
import { reactionsOf } from "./bubbles.js";
import { isPrivate, openChat, room, store } from "./state.js";
import { post } from "./stream.js";

const QUICK = ["👍", "👎", "❤", "🔥", "🎉", "🤔"];

/** The private chat with the bot. */
export const privateChat = () => [...store.chats.values()].find((entry) => isPrivate(entry.chat));

/** Sends a text to a chat; false when it was refused. */
export async function sendText(chatId, text, options = {}) {
  try {
    await post("send", { chat_id: chatId, text, ...options });
    return true;
  } catch (error) {
    fail(error);
    return false;
  }
}

/** Takes reactions back or sets one. */
export async function react(message, emoji) {
  try {
    await post("react", { chat_id: message.chat.id, message_id: message.message_id, emoji });
  } catch (error) {
    fail(error);
  }
}

/** For a link to this bot: {start, startgroup} of it; null for any other link. */
export function ownLink(address) {
  const url = new URL(address);
  const name = url.protocol === "tg:" ? url.searchParams.get("domain") : url.hostname === "t.me" ? url.pathname.slice(1) : null;
  if (!name || name.toLowerCase() !== String(store.me.username).toLowerCase()) return null;
  return { start: url.searchParams.get("start"), startgroup: url.searchParams.get("startgroup") };
}

/** Follows a link to the bot inside the page; true when it was one. */
export function openLink(address, { newChat } = {}) {
  const own = ownLink(address);
  if (!own) return false;
  if (own.startgroup !== null && newChat) { newChat("supergroup"); return true; }
  const entry = privateChat();
  if (!entry) return false;
  openChat(entry.chat.id);
  if (own.start !== null) sendText(entry.chat.id, own.start ? `/start ${own.start}` : "/start");
  return true;
}

function commandText(value) {
  const chat = room(store.open)?.chat;
  return chat && !isPrivate(chat) && !value.includes("@") ? `${value}@${store.me.username}` : value;
}

function expand(quote) {
  const open = quote.classList.toggle("open");
  const chevron = quote.querySelector(".chevron");
  chevron.setAttribute("aria-expanded", String(open));
  chevron.setAttribute("aria-label", t(open ? "collapse" : "expand"));
}

const handlers = {
  command: (value, node, go) => go.send(commandText(value)),
  search: (value, node, go) => go.search(value),
  mention: (value, node, go) => { if (value.toLowerCase() === String(store.me.username).toLowerCase() || value === String(store.me.id)) openChat(privateChat()?.chat.id ?? store.open); else go.search(`@${value}`); },
  jump: (value) => { if (!jumpTo(Number(value))) toast(t("deletedReply")); },
  copy: async (value, node) => toast((await copyText(node.textContent)) ? t("copied") : t("notCopied")),
  "copy-pre": async (value, node) => toast((await copyText(node.closest(".pre").querySelector("code").textContent)) ? t("copied") : t("notCopied")),
  expand: (value, node) => expand(node.closest(".quote")),
  reveal: (value, node) => {
    for (const spoiler of node.closest(".text, .row").querySelectorAll(".spoiler")) {
      spoiler.classList.add("shown");
      for (const name of ["role", "tabindex", "aria-label", "data-action"]) spoiler.removeAttribute(name);
    }
  },
};

function onClick(event, go) {
  const hidden = event.target.closest(".spoiler:not(.shown)");
  const target = hidden ?? event.target.closest("[data-action]");
  if (target) {
    event.preventDefault();
    handlers[target.dataset.action]?.(target.dataset.value, target, go);
    return;
  }
  const link = event.target.closest("a.link");
  if (link) {
    if (openLink(link.href, go)) event.preventDefault();
    return;
  }
  const quote = event.target.closest(".quote.expandable:not(.fits)");
  if (quote && !window.getSelection().toString()) expand(quote);
}

/** The menu of a message: quick reactions, reply, copy. */
export function messageMenu(message, anchor, go) {
  const mine = new Set(reactionsOf(message).filter((item) => item.mine).map((item) => item.emoji));
  let close = () => {};
  const strip = el("div", { class: "quick-reactions", role: "group", "aria-label": t("react") }, QUICK.map((emoji) => el("button", {
    type: "button", class: mine.has(emoji) ? "mine" : "", "aria-pressed": String(mine.has(emoji)), data: { testid: "react", emoji }, text: emoji,
    on: { click: () => { close(); react(message, mine.has(emoji) ? "" : emoji); } },
  })));
  const words = message.text ?? message.caption;
  const items = [
    { icon: "reply", label: t("reply"), testid: "reply", act: () => go.reply(message) },
    ...(words ? [{ icon: "copy", label: t("copy"), testid: "copy", act: async () => toast((await copyText(words)) ? t("copied") : t("notCopied")) }] : []),
  ];
  close = menu(anchor, items, { head: strip });
}

/** Listens on the list of messages: one listener for all of them. */
export function start(go) {
  const list = byId("messages");
  list.addEventListener("click", (event) => onClick(event, go));
  list.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === " ") && event.target.matches("[role=button][data-action]")) { event.preventDefault(); event.target.click(); }
  });
  list.addEventListener("contextmenu", (event) => {
    const row = event.target.closest(".row");
    if (!row || event.target.closest("a") || window.getSelection().toString()) return;
    event.preventDefault();
    const message = room(store.open)?.messages.find((item) => item.message_id === Number(row.dataset.messageId));
    if (message) messageMenu(message, { x: event.clientX, y: event.clientY }, go);
  });
  list.addEventListener("dblclick", (event) => {
    const row = event.target.closest(".row");
    if (!row || event.target.closest(".bubble, .keys")) return;
    const message = room(store.open)?.messages.find((item) => item.message_id === Number(row.dataset.messageId));
    if (message) go.reply(message);
  });
  window.setInterval(() => {
    for (const node of document.querySelectorAll("time.moment[data-format=r]")) node.textContent = formatMoment(Number(node.dataset.unix), "r");
  }, 20_000);
}

/** Follows a url that the bot answered a press with. */
export function followAnswer(url, go) {
  if (!openLink(url, go)) askToOpen(url);
}
