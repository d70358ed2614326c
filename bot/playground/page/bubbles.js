// One message → its row: avatar, bubble with tail, text, media, time and ticks, reactions, buttons.

import { avatar, el, icon, iconButton, hue } from "./dom.js";
import { endsInBlock, isJumbo, lastDirection, renderText } from "./entities.js";
import { clock, fullDate, t } from "./i18n.js";
import { inlineKeyboard } from "./keyboard.js";
import { mediaOf } from "./media.js";
import { withPreview } from "./preview.js";
import { isMine, store, titleOf } from "./state.js";

/** The name that a message is shown under. */
export function senderName(message) {
  if (message.sender_chat) return message.sender_chat.title ?? titleOf(message.chat);
  if (message.from?.id === store.me.id) return store.about.name || store.me.first_name;
  return [message.from?.first_name, message.from?.last_name].filter(Boolean).join(" ") || titleOf(message.chat);
}

const senderId = (message) => message.sender_chat?.id ?? message.from?.id ?? message.chat.id;

/** What a message says, on one line: for the chat list and for replies. */
export function summary(message) {
  const words = message.text ?? message.caption;
  if (words) return words.replace(/\s+/g, " ").slice(0, 160);
  if (message.photo) return t("photo");
  if (message.document) return message.document.file_name ?? t("document");
  if (message.location || message.venue) return t("locationWord");
  if (message.video || message.animation) return t("video");
  if (message.sticker) return message.sticker.emoji ?? t("sticker");
  return serviceText(message) ?? t("unsupported");
}

/** What happened in the chat, for a message that is no one's words; null for an ordinary message. */
export function serviceText(message) {
  const name = senderName(message);
  const people = (list) => list.map((person) => person.first_name).join(", ");
  if (message.new_chat_members) return t("joined", { name: people(message.new_chat_members) });
  if (message.left_chat_member) return t("left", { name: message.left_chat_member.first_name });
  if (message.group_chat_created || message.supergroup_chat_created) return t("created");
  if (message.channel_chat_created) return t("channelCreated");
  if (message.forum_topic_created) return t("topicCreated", { name: message.forum_topic_created.name });
  if (message.new_chat_title) return t("renamed", { name: message.new_chat_title });
  if (message.pinned_message) return t("pinned", { name });
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return t("migrated");
  return null;
}

/** Reactions in any of the shapes the Bot API has for them → [{emoji, count, mine}]. */
export function reactionsOf(message) {
  const counts = new Map();
  for (const item of message.reactions ?? []) {
    const emoji = typeof item === "string" ? item : item.emoji ?? item.type?.emoji;
    if (!emoji) continue;
    const before = counts.get(emoji) ?? { emoji, count: 0, mine: false };
    const mine = (item.user?.id ?? item.user_id) === store.person.id;
    counts.set(emoji, { emoji, count: before.count + (item.total_count ?? item.count ?? 1), mine: before.mine || mine });
  }
  return [...counts.values()];
}

function meta(message) {
  const date = new Date(message.date * 1000);
  const mine = isMine(message);
  return el("span", { class: "meta" },
    message.author_signature && el("span", { class: "signature", dir: "auto", text: message.author_signature }),
    message.silent && el("span", { class: "silent", role: "img", "aria-label": t("silent"), title: t("silent"), data: { testid: "silent" } }, icon("bell-off")),
    message.edit_date && !message.edit_hidden && el("span", { class: "edited", data: { testid: "edited" }, text: t("edited") }),
    el("time", { class: "clock", datetime: date.toISOString(), title: fullDate(date), text: clock(date) }),
    mine && icon("checks", "ticks"));
}

function replyQuote(message) {
  const replied = message.reply_to_message;
  if (!replied || replied.forum_topic_created) return null;
  const quoted = message.quote?.text ?? summary(replied);
  return el("button", { type: "button", class: `reply-quote hue-${hue(senderId(replied))}`, data: { action: "jump", value: replied.message_id, testid: "reply-quote" } },
    el("span", { class: "reply-name", dir: "auto", text: senderName(replied) }),
    el("span", { class: "reply-text", dir: "auto", text: quoted }));
}

function forwardOrigin(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const name = origin.sender_user?.first_name ?? origin.sender_user_name ?? origin.chat?.title ?? origin.sender_chat?.title ?? "";
  return el("div", { class: "forwarded", dir: "auto", text: t("forwarded", { name }) });
}

function heading(message) {
  const named = message.chat.type !== "private" && !isMine(message);
  if (!named && !message.via_bot) return null;
  return el("div", { class: "heading" },
    named && el("span", { class: `sender hue-${hue(senderId(message))}`, dir: "auto", text: senderName(message) }),
    message.via_bot && el("span", { class: "via", text: `${t("via")} @${message.via_bot.username}` }));
}

function reactionRow(message, act) {
  const reactions = reactionsOf(message);
  if (!reactions.length) return null;
  return el("div", { class: "reactions" }, reactions.map(({ emoji, count, mine }) => el("button", {
    type: "button", class: `reaction ${mine ? "mine" : ""}`, "aria-pressed": String(mine), data: { testid: "reaction", emoji },
    on: { click: () => act.react(message, mine ? "" : emoji) },
  }, el("span", { class: "reaction-emoji", text: emoji }), count > 1 && String(count))));
}

/** The text with its time: beside the last line where both run the same way, below it otherwise. */
function textBlock(message, time) {
  const words = message.text ?? message.caption;
  const entities = message.text === undefined ? message.caption_entities : message.entities;
  const block = el("div", { class: "text", dir: "auto", data: { testid: "text" } });
  block.append(renderText(words, entities));
  if (time) {
    const below = endsInBlock(words, entities) || lastDirection(words) === "rtl";
    time.classList.add(below ? "below" : "beside");
    block.append(time);
  }
  return block;
}

function fill(row, message, act) {
  const words = message.text ?? message.caption;
  const time = meta(message);
  const media = mediaOf(message);
  const reactions = reactionRow(message, act);
  const jumbo = message.text !== undefined && !message.reply_to_message && isJumbo(message.text, message.entities);
  const bubble = el("div", { class: "bubble", dir: "ltr" });
  const quote = replyQuote(message);
  const inside = words && !reactions;
  const text = words ? textBlock(message, inside ? time : null) : null;
  const parts = [heading(message), forwardOrigin(message), quote];
  if (media && !message.show_caption_above_media) parts.push(media.node, text);
  else parts.push(text, media?.node);
  for (const part of parts) if (part) bubble.append(part);
  if (reactions) bubble.append(el("div", { class: "foot" }, reactions, time));
  else if (!words) bubble.append(time);
  bubble.classList.toggle("jumbo", jumbo);
  bubble.classList.toggle("has-media", Boolean(media?.full));
  bubble.classList.toggle("bare-media", Boolean(media?.full) && !words && !reactions);
  const keys = inlineKeyboard(message, act);
  const stack = el("div", { class: "stack" }, bubble, keys);
  if (media?.width) stack.style.width = `${media.width}px`;
  row.classList.toggle("with-keys", Boolean(keys));
  row.replaceChildren();
  if (message.chat.type !== "private" && !isMine(message)) row.append(el("span", { class: "row-avatar" }, avatar(senderName(message), senderId(message), "small")));
  row.append(stack, iconButton("more", t("actions"), (event) => act.actions(message, event.currentTarget), { class: "icon-button row-more", "data-testid": "message-actions" }));
  row.setAttribute("aria-label", `${isMine(message) ? t("you") : senderName(message)}, ${clock(new Date(message.date * 1000))}`);
  if (message.text !== undefined) {
    withPreview(message, (card) => {
      if (!bubble.isConnected && !row.contains(bubble)) return;
      placePreview(bubble, text, card, message.link_preview_options?.show_above_text, time);
    });
  }
}

function placePreview(bubble, text, card, above, time) {
  if (above) { text.before(card); return; }
  text.after(card);
  if (!text.contains(time)) return;
  time.classList.remove("beside");
  time.classList.add("below");
  card.after(time);
}

/** The row of a message. `act` has what its parts do when they are used. */
export function messageRow(message, act) {
  const service = serviceText(message);
  const from = isMine(message) ? "me" : "bot";
  const data = { testid: "message", messageId: message.message_id, from };
  if (service) return el("div", { class: "service", data: { ...data, testid: "service" } }, el("span", { class: "pill", dir: "auto", text: service }));
  const row = el("div", { class: `row ${from === "me" ? "out" : "in"}`, role: "article", data });
  fill(row, message, act);
  return row;
}

/** Shows the message as it is now, in the row that it has; a focused button keeps the focus. */
export function refreshRow(row, message, act) {
  if (!row.classList.contains("row")) return;
  const keys = [...row.querySelectorAll(".key")];
  const at = keys.indexOf(document.activeElement);
  fill(row, message, act);
  if (at >= 0) [...row.querySelectorAll(".key")][at]?.focus({ preventScroll: true });
}

/** Marks where groups of one sender's messages begin and end. */
export function groupRows(row, before, after) {
  row.classList.toggle("first", !follows(before, row));
  row.classList.toggle("last", !follows(row, after));
}

const GROUP_WITHIN = 600;

function follows(a, b) {
  if (!a?.classList.contains("row") || !b?.classList.contains("row")) return false;
  return a.dataset.from === b.dataset.from && a.dataset.sender === b.dataset.sender && Math.abs(Number(b.dataset.date) - Number(a.dataset.date)) < GROUP_WITHIN;
}

/** What grouping needs to know of a row. */
export function stamp(row, message) {
  row.dataset.sender = senderId(message);
  row.dataset.date = message.date;
}

