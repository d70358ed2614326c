// The bar over the conversation: who it is with, what they are doing, the way back; and a forum's topics.

import { append, avatar, byId, el } from "./dom.js";
import { dialog } from "./dialogs.js";
import { currentTopic, showTopic } from "./history.js";
import { t } from "./i18n.js";
import { avatarId, isPrivate, on, openChat, room, store, titleOf } from "./state.js";

const isTyping = (entry) => entry.action && entry.actionUntil > Date.now();

function status(entry) {
  if (!store.online) return t("connecting");
  if (isTyping(entry)) return t(entry.action.startsWith("upload") ? "uploading" : "typing");
  if (isPrivate(entry.chat)) return t("bot");
  if (!entry.member) return t("notMember");
  return t(entry.chat.type === "channel" ? "channel" : entry.chat.is_forum ? "forum" : "group");
}

function about(entry) {
  if (!isPrivate(entry.chat)) return;
  const name = titleOf(entry.chat);
  const { short_description: short, description } = store.about;
  dialog({
    title: t("botInfo"), testid: "about", buttons: [{ label: t("close"), main: true }],
    content: el("div", { class: "about" }, avatar(name, store.me.id, "huge"), el("h3", { dir: "auto", text: name }), el("p", { class: "about-user", dir: "ltr", text: `@${store.me.username}` }), short && el("p", { dir: "auto", text: short }), description && description !== short && el("p", { class: "about-more", dir: "auto", text: description })),
  });
}

function topicsOf(entry) {
  const topics = new Map((entry.topics ?? []).map((topic) => [topic.thread_id, topic.name]));
  for (const message of entry.messages) {
    if (message.forum_topic_created) topics.set(message.message_thread_id ?? message.message_id, message.forum_topic_created.name);
  }
  return topics;
}

function showTopics(entry) {
  const bar = byId("topics");
  bar.hidden = !entry?.chat.is_forum;
  bar.replaceChildren();
  if (bar.hidden) return;
  const tabs = [[null, t("allTopics")], [0, t("general")], ...topicsOf(entry)];
  append(bar, tabs.map(([id, name]) => el("button", { type: "button", class: "topic", role: "tab", "aria-selected": String(id === currentTopic()), data: { testid: "topic", topic: String(id) }, on: { click: () => { showTopic(id); refresh(); } } }, el("span", { dir: "auto", text: name }))));
}

/** Shows the open chat in the bar. */
export function refresh() {
  const entry = room(store.open);
  byId("app").classList.toggle("in-chat", Boolean(entry));
  byId("topbar").hidden = !entry;
  byId("nothing").hidden = Boolean(entry);
  showTopics(entry);
  if (!entry) return;
  byId("peer").replaceChildren(avatar(titleOf(entry.chat), avatarId(entry.chat)), el("span", { class: "peer-words" },
    el("span", { class: "peer-name", dir: "auto", data: { testid: "peer" }, text: titleOf(entry.chat) }),
    el("span", { class: `peer-status ${isTyping(entry) ? "typing" : ""}`.trim(), data: { testid: "status" }, text: status(entry) })));
}

export function start() {
  byId("back").addEventListener("click", () => openChat(null));
  byId("peer").addEventListener("click", () => { const entry = room(store.open); if (entry) about(entry); });
  for (const kind of ["state", "open", "chat", "about", "user", "online"]) on(kind, refresh);
  on("message", ({ room: entry }) => { if (entry.chat.id === store.open) refresh(); });
  on("action", ({ room: entry }) => {
    if (entry.chat.id !== store.open) return;
    refresh();
    window.setTimeout(refresh, 5600);
  });
}
