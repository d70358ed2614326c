// Text and its entities (offsets in UTF-16 units, as JavaScript counts) → DOM nodes.

import { el, icon } from "./dom.js";
import { formatMoment, fullDate, t } from "./i18n.js";

const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);
/** Outermost first, where two entities cover the same text. */
const RANK = ["expandable_blockquote", "blockquote", "pre", "text_link", "url", "spoiler", "bold", "italic", "underline", "strikethrough", "code"];
const SAFE_SCHEMES = new Set(["http:", "https:", "tg:"]);
const FIRST_STRONG = /[\p{L}]/u;
const RIGHT_TO_LEFT_LETTER = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** The address when it is an http, https or tg link, else null: nothing else becomes clickable. */
export function safeUrl(raw) {
  const text = String(raw ?? "").trim();
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `http://${text}`);
    return SAFE_SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null; // not an address at all
  }
}

/** "rtl" when the first letter of a text is written from right to left, else "ltr". */
export function direction(text) {
  const first = FIRST_STRONG.exec(text)?.[0];
  return first && RIGHT_TO_LEFT_LETTER.test(first) ? "rtl" : "ltr";
}

/** The direction of the last line of a text: the time sits beside it only when both run the same way. */
export const lastDirection = (text) => direction(text.trimEnd().split("\n").at(-1) ?? "");

function link(address, props = {}) {
  const url = safeUrl(address);
  if (!url) return { node: el("span") };
  return { node: el("a", { class: "link", href: url, target: "_blank", rel: "noopener noreferrer", ...props }) };
}

const action = (name, value, props = {}) => ({ node: el("a", { class: "link", role: "button", tabindex: "0", data: { action: name, value }, ...props }) });

/** For each kind of entity, its element; `body` is where its text goes when that is not the element itself. */
const MAKERS = {
  bold: () => ({ node: el("strong") }),
  italic: () => ({ node: el("em") }),
  underline: () => ({ node: el("u") }),
  strikethrough: () => ({ node: el("s") }),
  code: () => ({ node: el("code", { class: "code", role: "button", tabindex: "0", data: { action: "copy" } }) }),
  spoiler: () => {
    const body = el("span", { class: "spoiler-text" });
    return { node: el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("spoiler"), data: { action: "reveal", testid: "spoiler" } }, body), body };
  },
  text_link: (entity) => link(entity.url, { title: entity.url }),
  url: (entity, text) => link(text),
  mention: (entity, text) => action("mention", text.slice(1)),
  text_mention: (entity) => action("mention", String(entity.user?.id ?? "")),
  bot_command: (entity, text) => action("command", text, { data: { action: "command", value: text, testid: "bot-command" } }),
  hashtag: (entity, text) => action("search", text),
  cashtag: (entity, text) => action("search", text),
  custom_emoji: () => ({ node: el("span", { class: "custom-emoji" }) }),
  date_time: (entity) => {
    const moment = new Date(entity.unix_time * 1000);
    if (Number.isNaN(moment.getTime())) return { node: el("span") };
    const shown = formatMoment(entity.unix_time, entity.date_time_format);
    const node = el("time", { class: "moment", datetime: moment.toISOString(), title: fullDate(moment), data: { unix: entity.unix_time, format: entity.date_time_format ?? "", testid: "moment" }, text: shown });
    return shown === null ? { node } : { node, body: null };
  },
  pre: (entity) => {
    const body = el("code");
    const bar = el("span", { class: "pre-bar" }, el("span", { text: entity.language || "" }), el("button", { type: "button", class: "pre-copy", "aria-label": t("copyCode"), title: t("copyCode"), data: { action: "copy-pre" } }, icon("copy")));
    return { node: el("pre", { class: "pre", dir: "ltr" }, bar, body), body };
  },
  blockquote: () => ({ node: el("blockquote", { class: "quote", dir: "auto" }) }),
  expandable_blockquote: () => {
    const body = el("span", { class: "quote-body" });
    const chevron = el("button", { type: "button", class: "chevron", "aria-expanded": "false", "aria-label": t("expand"), data: { action: "expand", testid: "expand" } }, icon("chevron"));
    return { node: el("blockquote", { class: "quote expandable", dir: "auto", data: { testid: "expandable" } }, body, chevron), body };
  },
};

function clean(entities, length) {
  const kept = [];
  for (const entity of entities ?? []) {
    const start = Math.max(0, entity.offset);
    const end = Math.min(length, entity.offset + entity.length);
    if (end > start && MAKERS[entity.type]) kept.push({ entity, start, end, block: BLOCKS.has(entity.type) });
  }
  const rank = (item) => (RANK.indexOf(item.entity.type) + 1) || RANK.length + 1;
  return kept.sort((a, b) => b.block - a.block || a.start - b.start || b.end - a.end || rank(a) - rank(b));
}

/**
 * A fragment with the text and its entities as elements. Entities may nest or overlap: where they overlap, the inner one
 * is opened again. A newline right after a block is part of the block's own break.
 */
export function renderText(text, entities) {
  const spans = clean(entities, text.length);
  const cuts = [...new Set([0, text.length, ...spans.flatMap((span) => [span.start, span.end])])].sort((a, b) => a - b);
  const swallowed = new Set(spans.filter((span) => span.block && text[span.end] === "\n").map((span) => span.end));
  const root = document.createDocumentFragment();
  let open = [];
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const [from, to] = [cuts[i], cuts[i + 1]];
    const active = spans.filter((span) => span.start <= from && span.end >= to);
    let depth = 0;
    while (depth < open.length && depth < active.length && open[depth].span === active[depth]) depth += 1;
    open = open.slice(0, depth);
    for (const span of active.slice(depth)) {
      const made = MAKERS[span.entity.type](span.entity, text.slice(span.start, span.end));
      into(open, root)?.append(made.node);
      open.push({ span, body: made.body === undefined ? made.node : made.body });
    }
    const piece = text.slice(swallowed.has(from) ? from + 1 : from, to);
    if (piece) into(open, root)?.append(piece);
  }
  return root;
}

/** Where text goes now: the innermost open element; null inside one that shows something else in place of its text. */
function into(open, root) {
  if (open.some((item) => item.body === null)) return null;
  return open.at(-1)?.body ?? root;
}

/** True when the text ends in a block, so that the time needs a line of its own. */
export function endsInBlock(text, entities) {
  const end = text.trimEnd().length;
  return (entities ?? []).some((entity) => BLOCKS.has(entity.type) && entity.offset + entity.length >= end);
}

/** One to three emoji and nothing else are shown large, as Telegram does. */
export function isJumbo(text, entities) {
  if ((entities ?? []).some((entity) => entity.type !== "custom_emoji")) return false;
  return /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f?)(?:[\u{1f3fb}-\u{1f3ff}])?(?:\u200d\p{Extended_Pictographic}\ufe0f?[\u{1f3fb}-\u{1f3ff}]?)*(?:\s*(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f?)(?:[\u{1f3fb}-\u{1f3ff}])?(?:\u200d\p{Extended_Pictographic}\ufe0f?[\u{1f3fb}-\u{1f3ff}]?)*){0,2}$/u.test(text.trim());
}
