// Photos, documents, places and other content that is not text.

import { renderRich } from "./rich.js";
import { el, icon } from "./dom.js";
import { fileSize, t } from "./i18n.js";
import { fileUrl } from "./stream.js";
import { panelPicture } from "./viewer.js";

const PHOTO_WIDTH = 380;
const PHOTO_HEIGHT = 420;

function fitted(width, height) {
  const scale = Math.min(PHOTO_WIDTH / width, PHOTO_HEIGHT / height, 1);
  return [Math.max(120, Math.round(width * scale)), Math.max(80, Math.round(height * scale))];
}

function photo(message) {
  const largest = [...message.photo].sort((a, b) => b.width * b.height - a.width * a.height)[0];
  const [width, height] = fitted(largest.width || PHOTO_WIDTH, largest.height || 240);
  const image = el("img", { class: "photo", src: fileUrl(largest), alt: t("photo"), width, height, decoding: "async", draggable: "false" });
  const frame = el("button", { type: "button", class: `photo-frame ${message.has_media_spoiler ? "covered" : ""}`.trim(), "aria-label": t("photo"), data: { testid: "photo" } }, image);
  image.addEventListener("error", () => frame.classList.add("broken"));
  frame.addEventListener("click", () => { if (!frame.classList.replace("covered", "shown")) panelPicture(fileUrl(largest), message.caption ?? ""); });
  frame.style.aspectRatio = `${width} / ${height}`;
  return { node: frame, full: true, width };
}

function documentCard(message) {
  const { document: file } = message;
  const name = file.file_name ?? t("document");
  const ending = name.includes(".") ? name.split(".").at(-1).slice(0, 4) : "";
  return {
    node: el("a", { class: "document", href: fileUrl(file), download: name, "aria-label": t("download", { name }), data: { testid: "document" } },
      el("span", { class: "document-icon" }, ending ? el("span", { class: "document-ending", text: ending }) : icon("file")),
      el("span", { class: "document-words" }, el("span", { class: "document-name", dir: "auto", text: name }), el("span", { class: "document-size", text: fileSize(file.file_size) }))),
    full: false,
  };
}

/** A place: no map is fetched from anywhere; a drawn grid with a pin and the coordinates. */
function place(message) {
  const { latitude, longitude } = message.venue?.location ?? message.location;
  const url = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=12/${latitude}/${longitude}`;
  return {
    node: el("a", { class: "place", href: url, target: "_blank", rel: "noopener noreferrer", data: { testid: "location" } },
      el("span", { class: "place-map" }, icon("pin-solid")),
      el("span", { class: "place-words" }, el("span", { class: "place-name", dir: "auto", text: message.venue?.title ?? t("locationWord") }), el("span", { class: "place-at", dir: "ltr", text: `${Number(latitude).toFixed(4)}, ${Number(longitude).toFixed(4)}` }))),
    full: false,
  };
}

const large = (text) => ({ node: el("div", { class: "large-emoji", text }), full: false });
const OTHERS = ["video", "animation", "audio", "voice", "video_note", "poll", "contact", "story", "game", "invoice", "paid_media", "checklist"];

/** {node, full, width}: the message's media, `full` when it fills the bubble to its edges, which is then `width` pixels wide; null when it has none. */
export function mediaOf(message) {
  if (message.rich_message) return { node: renderRich(message.rich_message), full: false };
  if (message.photo?.length) return photo(message);
  if (message.document) return documentCard(message);
  if (message.location || message.venue) return place(message);
  if (message.sticker?.emoji) return large(message.sticker.emoji);
  if (message.dice) return large(message.dice.emoji);
  if (OTHERS.some((kind) => message[kind]) || (message.text === undefined && message.caption === undefined)) {
    return { node: el("div", { class: "unsupported", text: t("unsupported") }), full: false };
  }
  return null;
}
