// The chat page, put together: parts are wired, the address is read, the stream begins.

import * as actions from "./actions.js";
import * as composer from "./composer.js";
import { alertBox, toast } from "./dialogs.js";
import { byId } from "./dom.js";
import { chooseChat, newChat, openIfWanted } from "./forms.js";
import * as header from "./header.js";
import * as history from "./history.js";
import { setLanguage, t } from "./i18n.js";
import * as pinned from "./pinned.js";
import * as settings from "./settings.js";
import * as sidebar from "./sidebar.js";
import { on, openChat, room, store, titleOf } from "./state.js";
import { connect } from "./stream.js";

const address = new URLSearchParams(window.location.search);

/** What messages and their parts can ask of the page. */
const go = {
  send: composer.send,
  reply: composer.replyTo,
  react: actions.react,
  search: sidebar.search,
  newChat,
  openLink: (url) => actions.openLink(url, go),
  inlineHere: (query) => composer.setText(`@${store.me.username} ${query}`),
  inlineElsewhere: (query) => chooseChat((chatId) => { openChat(chatId); composer.setText(`@${store.me.username} ${query}`); }),
  actions: (message, anchor) => actions.messageMenu(message, anchor, go),
};

/** Labels of index.html in the language of the page: data-t, data-t-label, data-t-placeholder. */
function label() {
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
    if (node.matches("button")) node.title = t(node.dataset.tLabel);
  }
  for (const node of document.querySelectorAll("[data-t-placeholder]")) node.placeholder = t(node.dataset.tPlaceholder);
}

function speak() {
  setLanguage(store.person.language_code);
  label();
}

function answered(event) {
  if (event.url) actions.followAnswer(event.url, go);
  if (!event.text) return;
  if (event.show_alert) alertBox(event.text, titleOf(room(store.open)?.chat ?? { type: "private" }));
  else toast(event.text);
}

function firstChat() {
  const asked = Number(address.get("chat"));
  if (store.chats.has(asked)) openChat(asked);
  else openChat(actions.privateChat()?.chat.id ?? null);
}

async function begin() {
  settings.start();
  label();
  header.start();
  pinned.start();
  history.start(go);
  actions.start(go);
  composer.start();
  sidebar.start();
  on("state", speak);
  on("user", () => { speak(); history.redraw(); header.refresh(); composer.refresh(); });
  on("callback_answer", answered);
  on("chat", ({ room: entry }) => openIfWanted(entry));
  on("refused", (event) => toast(`${t("refusedCall", { method: event.method })}: ${event.description}`, "warning"));
  await connect();
  const wanted = address.get("lang");
  if (wanted && wanted !== store.person.language_code) await settings.chooseLanguage(wanted);
  firstChat();
  byId("app").classList.add("ready");
  document.documentElement.dataset.ready = "true";
}

/** Reads everything of the open chat once the person looks at the page again. */
document.addEventListener("visibilitychange", () => {
  const entry = room(store.open);
  if (document.hidden || !entry?.unread) return;
  entry.unread = 0;
  sidebar.refresh();
});

begin();

