// The small dialogs: share a place, make a chat, choose a chat.

import { avatar, el } from "./dom.js";
import { dialog, fail, toast } from "./dialogs.js";
import { t } from "./i18n.js";
import { avatarId, openChat, store, titleOf } from "./state.js";
import { post } from "./stream.js";

/** Cities whose zones differ in interesting ways: half and quarter hours, both sides of the date line. */
const PLACES = [["Tehran", 35.6892, 51.389], ["Kabul", 34.5553, 69.2075], ["Kathmandu", 27.7172, 85.324], ["Tokyo", 35.6762, 139.6503], ["Berlin", 52.52, 13.405], ["London", 51.5074, -0.1278], ["New York", 40.7128, -74.006], ["St. John’s", 47.5615, -52.7126], ["Auckland", -36.8509, 174.7645], ["Honolulu", 21.3099, -157.8581]];

const numberField = (name, label, value) => el("label", { class: "field" }, el("span", { text: label }), el("input", { type: "text", inputmode: "decimal", name, value, dir: "ltr", autocomplete: "off", data: { testid: name } }));

async function sendPlace(chatId, latitude, longitude) {
  try {
    await post("location", { chat_id: chatId, latitude, longitude });
  } catch (error) {
    fail(error);
  }
}

/** Asks for a place and sends it to a chat. */
export function shareLocation(chatId) {
  const latitude = numberField("latitude", t("latitude"), PLACES[0][1]);
  const longitude = numberField("longitude", t("longitude"), PLACES[0][2]);
  const set = (lat, lon) => { latitude.querySelector("input").value = lat; longitude.querySelector("input").value = lon; };
  const chips = el("div", { class: "chips" }, PLACES.map(([name, lat, lon]) => el("button", { type: "button", class: "chip", data: { testid: "place", place: name }, text: name, on: { click: () => set(lat, lon) } })));
  const act = () => {
    const [lat, lon] = [latitude, longitude].map((label) => Number(label.querySelector("input").value.trim() || "x"));
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) { toast(t("badLocation")); return false; }
    sendPlace(chatId, lat, lon);
    return true;
  };
  dialog({ title: t("shareLocation"), testid: "location-dialog", content: el("div", {}, chips, el("div", { class: "fields" }, latitude, longitude)), buttons: [{ label: t("cancel") }, { label: t("share"), main: true, act }] });
}

/** Asks for a title and makes a group (with topics if wanted) or a channel with the bot in it. */
export function newChat(type) {
  const input = el("input", { type: "text", name: "title", maxlength: "128", dir: "auto", autocomplete: "off", data: { testid: "chat-title" } });
  const topics = el("input", { type: "checkbox", name: "forum", data: { testid: "chat-topics" } });
  const act = () => {
    const title = input.value.trim();
    if (!title) { input.focus(); return false; }
    create({ type: topics.checked ? "supergroup" : type, title, ...(topics.checked ? { forum: true } : {}) });
    return true;
  };
  const content = el("div", { class: "fields column" }, el("label", { class: "field" }, el("span", { text: t("title") }), input), type !== "channel" && el("label", { class: "check" }, topics, el("span", { text: t("topics") })));
  dialog({ title: t(type === "channel" ? "newChannel" : "newGroup"), testid: "chat-dialog", content, buttons: [{ label: t("cancel") }, { label: t("create"), main: true, act }] });
  input.focus();
}

async function create(body) {
  try {
    const { chat } = await post("chats", body);
    const id = chat?.chat?.id ?? chat?.id;
    wanted = id;
    if (store.chats.has(id)) openIfWanted(store.chats.get(id));
  } catch (error) {
    fail(error);
  }
}

let wanted = null;

/** Opens the chat that the person has just made, when the stream tells of it. */
export function openIfWanted(entry) {
  if (entry.chat.id !== wanted) return;
  wanted = null;
  entry.unread = 0;
  openChat(entry.chat.id);
}

/** Asks for one of the chats. */
export function chooseChat(chosen) {
  const list = el("div", { class: "choices" });
  const node = dialog({ title: t("chooseChat"), testid: "choose-chat", content: list, buttons: [{ label: t("cancel") }] });
  for (const entry of store.chats.values()) {
    list.append(el("button", { type: "button", class: "choice", data: { chatId: entry.chat.id }, on: { click: () => { node.close(); chosen(entry.chat.id); } } }, avatar(titleOf(entry.chat), avatarId(entry.chat), "small"), el("span", { dir: "auto", text: titleOf(entry.chat) })));
  }
}
