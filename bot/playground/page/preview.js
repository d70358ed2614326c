// Link previews: what the server knows of a message's first address, laid out as the message's options ask.

import { el } from "./dom.js";
import { safeUrl } from "./entities.js";
import { fetchPreview } from "./stream.js";

const known = new Map();

/** The address a message shows a preview of, or null. */
export function previewUrl(message) {
  const options = message.link_preview_options ?? {};
  if (options.is_disabled || message.text === undefined) return null;
  if (options.url) return webUrl(options.url);
  for (const entity of [...(message.entities ?? [])].sort((a, b) => a.offset - b.offset)) {
    if (entity.type === "url") return webUrl(message.text.slice(entity.offset, entity.offset + entity.length));
    if (entity.type === "text_link" && webUrl(entity.url)) return webUrl(entity.url);
  }
  return null;
}

function webUrl(raw) {
  const url = safeUrl(raw);
  return url?.startsWith("http") ? url : null;
}

function lookUp(url) {
  if (!known.has(url)) {
    const answer = fetchPreview(url).catch(() => { known.delete(url); return null; });
    known.set(url, answer);
  }
  return known.get(url);
}

function picture(page) {
  if (!page.image) return null;
  const image = el("img", { class: "preview-image", src: page.image, alt: "", loading: "lazy", decoding: "async" });
  image.addEventListener("error", () => image.remove());
  return image;
}

function card(url, page, options) {
  const image = picture(page);
  const small = Boolean(options.prefer_small_media) && !options.prefer_large_media;
  const words = el("span", { class: "preview-words" },
    page.site_name && el("span", { class: "preview-site", dir: "auto", text: page.site_name }),
    page.title && el("span", { class: "preview-title", dir: "auto", text: page.title }),
    page.description && el("span", { class: "preview-description", dir: "auto", text: page.description }));
  const bare = image && !page.title && !page.description;
  const class_ = `preview ${bare ? "bare" : small ? "small" : "large"}`;
  return el("a", { class: class_, href: url, target: "_blank", rel: "noopener noreferrer", data: { testid: "preview" } }, words, image);
}

/** Calls `place` with the preview's card when there is one; never for a message without a preview. */
export async function withPreview(message, place) {
  const url = previewUrl(message);
  if (!url) return;
  const page = await lookUp(url);
  if (page && (page.title || page.description || page.image)) place(card(url, page, message.link_preview_options ?? {}));
}
