// Where the person writes: text, replies, files, places, the reply keyboard, and the big button of an empty or blocked chat.

import { byId, el, icon, iconButton } from "./dom.js";
import { fail, menu, toast } from "./dialogs.js";
import { shareLocation } from "./forms.js";
import { senderName, summary } from "./bubbles.js";
import { t } from "./i18n.js";
import * as inline from "./inline.js";
import { currentTopic, scrollToEnd } from "./history.js";
import { replyKeyboard, replyMarkup } from "./keyboard.js";
import { isPrivate, on, room, store } from "./state.js";
import { post, postFile } from "./stream.js";
import * as suggest from "./suggest.js";

const EMOJI = "😀 😂 🙂 😉 😍 😘 😎 🤔 😴 😢 😡 😱 👍 👎 👏 🙏 💪 👋 ❤️ 🔥 🎉 ✨ ⭐ ✅ ❌ ❓ ❗ 💡 📰 🗞 📌 🌍 ☀️ 🌧 ⚽ 🎬 🎵 🍎 ☕ 🚀".split(" ");

/** The field grows with its text up to here, in CSS pixels. */
const TALLEST = 200;

/** What is kept per chat while another is open: {text, reply, hiddenKeys, dismissed}. */
const drafts = new Map();
let field = null;

function draft(chatId = store.open) {
  if (!drafts.has(chatId)) drafts.set(chatId, { text: "", reply: null, hiddenKeys: 0, dismissed: 0 });
  return drafts.get(chatId);
}

function grow() {
  field.style.height = "auto";
  if (!field.scrollHeight) return; // not shown: there is nothing to measure yet
  field.style.height = `${Math.min(field.scrollHeight, TALLEST)}px`;
  field.style.overflowY = field.scrollHeight > TALLEST ? "auto" : "hidden";
  byId("send").classList.toggle("ready", field.value.trim() !== "");
  byId("menu-button").classList.toggle("short", field.value !== "");
}

/** Puts text into the field, in place of what is there, and the cursor behind it. */
export function setText(text) {
  field.value = text;
  field.focus();
  field.setSelectionRange(text.length, text.length);
  changed();
}

function changed() {
  if (store.open !== null) draft().text = field.value;
  grow();
  suggest.update(field.value);
  inline.update(field.value, store.open);
}

/** Sends a text from the person to the open chat, as a reply where one was chosen. */
export async function send(text) {
  const chatId = store.open;
  if (chatId === null || !text.trim()) return false;
  const kept = draft();
  const markup = replyMarkup(room(chatId)?.messages ?? [], kept.hiddenKeys);
  const reply = kept.reply ?? (markup?.replyTo && markup.id > kept.dismissed ? markup.replyTo : null);
  const body = { chat_id: chatId, text };
  if (reply) body.reply_to = reply.message_id;
  if (currentTopic()) body.thread_id = currentTopic();
  kept.reply = null;
  showReply();
  try {
    await post("send", body);
    scrollToEnd();
    return true;
  } catch (error) {
    fail(error);
    return false;
  }
}

async function sendField() {
  const text = field.value;
  if (!text.trim()) { field.focus(); return; }
  setText("");
  if (!(await send(text.trim())) && field.value === "") setText(text);
}

function onKey(event) {
  if (event.isComposing) return;
  if (suggest.key(event, field.value) || inline.key(event)) return;
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); sendField(); }
  if (event.key === "Escape" && draft().reply) { draft().reply = null; showReply(); }
}

/** Answers a message: its quote stands over the field until the text is sent. */
export function replyTo(message) {
  draft().reply = message;
  showReply();
  field.focus();
}

function showReply() {
  const bar = byId("reply-bar");
  const kept = store.open === null ? null : draft();
  const forced = kept ? replyMarkup(room(store.open)?.messages ?? [], kept.hiddenKeys) : null;
  const message = kept?.reply ?? (forced?.replyTo && forced.id > kept.dismissed ? forced.replyTo : null);
  bar.hidden = !message;
  bar.replaceChildren();
  if (!message) return;
  bar.append(icon("reply", "reply-icon"),
    el("span", { class: "reply-words" }, el("span", { class: "reply-name", dir: "auto", text: t("replyTo", { name: senderName(message) }) }), el("span", { class: "reply-text", dir: "auto", text: summary(message) })),
    iconButton("close", t("cancel"), () => { kept.reply = null; kept.dismissed = message.message_id; showReply(); field.focus(); }));
}

function showKeyboard() {
  const shelf = byId("reply-keyboard");
  const toggle = byId("keyboard-button");
  const entry = room(store.open);
  const kept = draft();
  const markup = entry ? replyMarkup(entry.messages, kept.hiddenKeys) : null;
  toggle.hidden = !markup?.keyboard;
  toggle.setAttribute("aria-pressed", String(Boolean(markup?.keyboard && !markup.hidden)));
  const id = markup?.keyboard && !markup.hidden ? markup.id : 0;
  if (shelf.dataset.shown !== String(id)) {
    shelf.dataset.shown = String(id);
    shelf.replaceChildren();
    if (id) shelf.append(replyKeyboard(markup.keyboard, (button) => pressKey(button, markup)));
  }
  shelf.hidden = !id;
  field.placeholder = markup && !markup.hidden && markup.placeholder ? markup.placeholder : t(entry?.chat.type === "channel" ? "broadcast" : "message");
}

async function pressKey(button, markup) {
  if (markup.oneTime) { draft().hiddenKeys = markup.id; showKeyboard(); }
  if (button.request_location) shareLocation(store.open);
  else if (button.request_contact || button.request_users || button.request_chat || button.request_poll || button.web_app) toast(t("notHere"));
  else await send(button.text);
}

/** START where nothing was said yet, RESTART where the bot is blocked; else the field. */
function showGate() {
  const entry = room(store.open);
  const gate = byId("gate");
  const empty = entry && isPrivate(entry.chat) && entry.messages.length === 0;
  const closed = Boolean(entry && isPrivate(entry.chat) && (entry.blocked || empty));
  gate.hidden = !closed;
  byId("compose").hidden = closed || !entry;
  byId("menu-button").hidden = !(entry && isPrivate(entry.chat) && store.commands.length);
  if (!closed) return;
  gate.dataset.testid = entry.blocked ? "restart" : "start";
  gate.textContent = t(entry.blocked ? "restart" : "start");
}

async function passGate() {
  const entry = room(store.open);
  if (!entry) return;
  byId("gate").disabled = true;
  try {
    if (entry.blocked) await post("block", { blocked: false });
    const payload = new URLSearchParams(window.location.search).get("start");
    await post("send", { chat_id: entry.chat.id, text: payload && !entry.blocked ? `/start ${payload}` : "/start" });
  } catch (error) {
    fail(error);
  }
  byId("gate").disabled = false;
}

async function sendFile(file) {
  try {
    await postFile(store.open, file);
    scrollToEnd();
  } catch (error) {
    fail(error);
  }
}

function attachMenu(event) {
  menu(event.currentTarget, [
    { icon: "file", label: t("file"), testid: "attach-file", act: () => byId("file-input").click() },
    { icon: "pin", label: t("location"), testid: "attach-location", act: () => shareLocation(store.open) },
  ]);
}

function emojiMenu(event) {
  let close = () => {};
  const grid = el("div", { class: "emoji-grid" }, EMOJI.map((emoji) => el("button", { type: "button", text: emoji, on: { click: () => insert(emoji) } })));
  const insert = (emoji) => {
    close();
    field.setRangeText(emoji, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    changed();
  };
  close = menu(event.currentTarget, [], { head: grid, className: "emoji-menu" });
}

function dropFiles() {
  const pane = byId("conversation");
  pane.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) { event.preventDefault(); pane.classList.add("dropping"); } });
  pane.addEventListener("dragleave", (event) => { if (!pane.contains(event.relatedTarget)) pane.classList.remove("dropping"); });
  pane.addEventListener("drop", (event) => {
    event.preventDefault();
    pane.classList.remove("dropping");
    if (store.open !== null) [...event.dataTransfer.files].forEach(sendFile);
  });
}

/** Everything around the field, as the open chat now is. */
export function refresh() {
  byId("dock").hidden = store.open === null;
  showGate();
  showReply();
  showKeyboard();
  grow();
}

/** Wires the composer up. */
export function start() {
  field = byId("composer");
  field.addEventListener("input", changed);
  field.addEventListener("keydown", onKey);
  byId("send").addEventListener("click", sendField);
  byId("attach").addEventListener("click", attachMenu);
  byId("emoji").addEventListener("click", emojiMenu);
  byId("gate").addEventListener("click", passGate);
  byId("menu-button").addEventListener("click", () => suggest.toggleMenu());
  byId("keyboard-button").addEventListener("click", () => {
    const kept = draft();
    const markup = replyMarkup(room(store.open)?.messages ?? [], 0);
    kept.hiddenKeys = kept.hiddenKeys >= markup.id ? 0 : markup.id;
    showKeyboard();
  });
  byId("file-input").addEventListener("change", (event) => {
    [...event.target.files].forEach(sendFile);
    event.target.value = "";
  });
  dropFiles();
  suggest.start({ send: (text) => { setText(""); send(text); }, insert: setText });
  inline.start({ clear: () => setText("") });
  on("open", () => {
    suggest.hide();
    if (store.open === null) { refresh(); return; }
    field.value = draft().text;
    refresh();
    changed();
    if (window.matchMedia("(hover: hover)").matches && !byId("compose").hidden) field.focus({ preventScroll: true });
  });
  for (const kind of ["state", "chat", "commands", "user"]) on(kind, refresh);
  for (const kind of ["message", "deleted", "edited"]) on(kind, ({ room: entry }) => { if (entry.chat.id === store.open) refresh(); });
}
