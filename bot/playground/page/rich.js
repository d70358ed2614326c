// Rich messages: their HTML → DOM nodes, tag by tag from a list; whatever else stands there is shown as its text.

import { el } from "./dom.js";
import { direction, safeUrl } from "./entities.js";

const TAGS = { H1: "h3", H2: "h3", H3: "h3", H4: "h4", H5: "h5", H6: "h6", P: "p", FOOTER: "footer", HR: "hr", BLOCKQUOTE: "blockquote", DETAILS: "details", SUMMARY: "summary", B: "strong", STRONG: "strong", I: "em", EM: "em", U: "u", S: "s", CODE: "code" };

function node(source) {
  if (source.nodeType === Node.TEXT_NODE) return document.createTextNode(source.data);
  if (source.nodeType !== Node.ELEMENT_NODE) return document.createTextNode("");
  const url = source.nodeName === "A" ? safeUrl(source.getAttribute("href")) : null;
  const name = TAGS[source.nodeName] ?? "span";
  const made = url ? el("a", { class: "link", href: url, target: "_blank", rel: "noopener noreferrer" }) : el(name);
  if (["p", "h3", "h4", "blockquote", "footer", "summary"].includes(name) && !url) made.dir = direction(source.textContent);
  made.append(...[...source.childNodes].map(node));
  return made;
}

/** The content of a rich message. */
export function renderRich(message) {
  const parsed = new DOMParser().parseFromString(message.html ?? "", "text/html");
  const block = el("div", { class: "text rich", data: { testid: "text" } });
  if (message.is_rtl) block.dir = "rtl";
  block.append(...[...parsed.body.childNodes].map(node));
  if (!message.html) block.textContent = message.markdown ?? "";
  return block;
}
