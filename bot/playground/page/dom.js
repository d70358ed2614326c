// Building DOM nodes. Nothing here, or anywhere on the page, turns text into markup: text becomes text nodes.

const SVG = "http://www.w3.org/2000/svg";

/**
 * One element. `props`: `class`, `text`, `on` ({click: f}), `data` ({messageId: 1}), boolean and string attributes;
 * null, undefined and false are left out. Children are nodes or strings; empty ones are left out.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (name === "data") for (const [key, item] of Object.entries(value)) { if (item !== undefined && item !== null) node.dataset[key] = item; }
    else node.setAttribute(name, value === true ? "" : value);
  }
  append(node, children);
  return node;
}

/** Appends nodes and strings, skipping what is empty. */
export function append(node, children) {
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false && child !== "") node.append(child);
  }
  return node;
}

/** An icon of icons.svg, hidden from screen readers: the control around it carries the label. */
export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** A round button with an icon and a spoken label. */
export function iconButton(name, label, onClick, props = {}) {
  return el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, on: { click: onClick }, ...props }, icon(name));
}

export const byId = (id) => document.getElementById(id);

/** True when the reader asked their system for less motion. */
export const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The colour of a name's avatar, 0–6, the same for the same id. */
export const hue = (id) => Math.abs(Number(id)) % 7;

/** A round avatar with the first letters of a name. */
export function avatar(name, id, className = "") {
  const letters = [...name.trim().split(/\s+/)].slice(0, 2).map((word) => [...word][0] ?? "").join("").toLocaleUpperCase();
  return el("span", { class: `avatar hue-${hue(id)} ${className}`.trim(), "aria-hidden": "true", text: letters || "?" });
}

/** Puts text on the clipboard; false where the browser refuses. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (refusal) {
    console.warn("clipboard", refusal.name);
    return false;
  }
}
