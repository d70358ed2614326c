// The list of chats, newest first, with a search over chats and messages.

import { avatar, byId, el, icon } from "./dom.js";
import { senderName, summary } from "./bubbles.js";
import { number, shortWhen, t } from "./i18n.js";
import { jumpTo } from "./history.js";
import { avatarId, isMine, isPrivate, on, openChat, store, titleOf } from "./state.js";

const FOUND_AT_MOST = 40;
let planned = false;

const typing = (entry) => entry.action && entry.actionUntil > Date.now();

function lastLine(entry) {
  const last = entry.messages.at(-1);
  if (typing(entry)) return el("span", { class: "chat-line typing", text: t(entry.action.startsWith("upload") ? "uploading" : "typing") });
  if (!last) return el("span", { class: "chat-line", text: t("noMessages") });
  const named = !isPrivate(entry.chat) && entry.chat.type !== "channel" && last.from;
  return el("span", { class: "chat-line parts" },
    named && el("span", { class: "chat-sender" }, el("bdi", { text: isMine(last) ? t("you") : senderName(last) }), ":"),
    el("span", { class: "chat-summary", dir: "auto", text: summary(last) }));
}

function item(entry) {
  const { chat } = entry;
  const last = entry.messages.at(-1);
  const current = chat.id === store.open;
  return el("button", {
    type: "button", class: `chat ${current ? "current" : ""}`.trim(), "aria-current": current ? "true" : null, data: { testid: "chat", chatId: chat.id, type: chat.type }, on: { click: () => openChat(chat.id) },
  },
  avatar(titleOf(chat), avatarId(chat)),
  el("span", { class: "chat-words" },
    el("span", { class: "chat-top" },
      chat.type !== "private" && icon(chat.type === "channel" ? "channel" : "group", "chat-kind"),
      el("span", { class: "chat-title", dir: "auto", text: titleOf(chat) }),
      last && isMine(last) && icon("checks", "ticks"),
      last && el("span", { class: "chat-when", text: shortWhen(new Date(last.date * 1000)) })),
    el("span", { class: "chat-bottom" }, lastLine(entry), entry.unread > 0 && el("span", { class: "badge", data: { testid: "unread" }, text: number(entry.unread) }))));
}

function found(words) {
  const hits = [];
  for (const entry of store.chats.values()) {
    for (const message of entry.messages) {
      if ((message.text ?? message.caption ?? "").toLocaleLowerCase().includes(words)) hits.push({ entry, message });
    }
  }
  return hits.sort((a, b) => b.message.date - a.message.date).slice(0, FOUND_AT_MOST);
}

function hit({ entry, message }) {
  return el("button", { type: "button", class: "chat", data: { testid: "found" }, on: { click: () => { openChat(entry.chat.id); jumpTo(message.message_id); } } },
    avatar(titleOf(entry.chat), avatarId(entry.chat)),
    el("span", { class: "chat-words" },
      el("span", { class: "chat-top" }, el("span", { class: "chat-title", dir: "auto", text: isMine(message) ? t("you") : senderName(message) }), el("span", { class: "chat-when", text: shortWhen(new Date(message.date * 1000)) })),
      el("span", { class: "chat-bottom" }, el("span", { class: "chat-line", dir: "auto", text: summary(message) }))));
}

function render() {
  planned = false;
  const words = byId("search").value.trim().toLocaleLowerCase();
  const list = byId("chats");
  const focused = document.activeElement?.dataset?.chatId;
  const entries = [...store.chats.values()].filter((entry) => titleOf(entry.chat).toLocaleLowerCase().includes(words));
  entries.sort((a, b) => (b.messages.at(-1)?.date ?? Infinity) - (a.messages.at(-1)?.date ?? Infinity) || String(a.chat.id).localeCompare(String(b.chat.id)));
  list.replaceChildren(...entries.map(item));
  if (words) {
    const hits = found(words);
    if (hits.length) list.append(el("h3", { class: "list-head", text: t("messages") }), ...hits.map(hit));
    else if (!entries.length) list.append(el("p", { class: "result-none", text: t("nothingFound") }));
  }
  if (focused) list.querySelector(`[data-chat-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  const unread = [...store.chats.values()].reduce((sum, entry) => sum + entry.unread, 0);
  byId("back-badge").hidden = unread === 0;
  byId("back-badge").textContent = number(unread);
  document.title = unread ? `(${unread}) ${store.about.name || store.me.first_name}` : store.about.name || store.me.first_name;
}

/** Draws the list anew, once per frame however much has changed. */
export function refresh() {
  if (planned) return;
  planned = true;
  window.requestAnimationFrame(render);
  if (document.hidden) render();
}

/** Searches for words in chats and messages. */
export function search(words) {
  byId("search").value = words;
  if (byId("app").offsetWidth <= 720) openChat(null);
  refresh();
}

export function start() {
  byId("search").addEventListener("input", refresh);
  byId("search").addEventListener("keydown", (event) => { if (event.key === "Escape") { event.target.value = ""; refresh(); } });
  for (const kind of ["state", "chat", "message", "edited", "deleted", "open", "action", "about", "user"]) on(kind, refresh);
  on("action", () => window.setTimeout(refresh, 5600));
}
