// What lies over the conversation: toasts, alerts, dialogs, menus.

import { byId, calm, el, icon, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { Refusal } from "./stream.js";

const TOAST_SHOWN = 3500;

/** A line over the conversation that goes away by itself. `kind`: "" or "warning". */
export function toast(text, kind = "") {
  const node = el("div", { class: `toast ${kind}`.trim(), role: kind ? "alert" : "status", data: { testid: kind ? "refused-toast" : "toast" } }, kind && icon("warn"), el("span", { dir: "auto", text }));
  const shelf = byId("toasts");
  while (shelf.childElementCount > 1) shelf.firstElementChild.remove();
  shelf.append(node);
  const leave = () => { if (calm()) node.remove(); else { node.classList.add("leaving"); window.setTimeout(() => node.remove(), 200); } };
  node.addEventListener("click", leave);
  window.setTimeout(leave, kind ? TOAST_SHOWN * 2 : TOAST_SHOWN);
}

/** Tells why something was not done. */
export function fail(error) {
  toast(error instanceof Refusal ? t("failed", { reason: error.message }) : t("offline"), "warning");
}

/** A modal dialog with a title, content and buttons [{label, act, main, danger}]; an `act` that returns false keeps it open. */
export function dialog({ title, content, buttons, testid = "dialog", wide = false }) {
  const node = el("dialog", { class: `dialog ${wide ? "wide" : ""}`.trim(), "aria-label": title || t("bot"), data: { testid } });
  const close = () => node.close();
  const row = buttons.map((button) => el("button", {
    type: button.main ? "submit" : "button", class: `text-button ${button.danger ? "danger" : ""}`, data: { testid: button.testid ?? (button.main ? "ok" : "cancel") }, text: button.label,
    on: { click: (event) => { event.preventDefault(); if ((button.act?.() ?? true) !== false) close(); } },
  }));
  node.append(el("form", { class: "dialog-form" }, title && el("h2", { class: "dialog-title", dir: "auto", text: title }), content, row.length > 0 && el("div", { class: "dialog-buttons" }, row)));
  node.addEventListener("close", () => node.remove());
  node.addEventListener("click", (event) => { if (event.target === node) close(); });
  byId("app").append(node);
  node.showModal();
  return node;
}

/** The alert of an answered callback: text and OK. */
export function alertBox(text, title = "") {
  dialog({ title, testid: "alert", content: el("p", { class: "dialog-text", dir: "auto", text }), buttons: [{ label: t("ok"), main: true }] });
}

/** Asks before an address is opened that the person did not see. */
export function askToOpen(url) {
  dialog({
    title: t("openLink"), testid: "open-link", content: el("p", { class: "dialog-text breakable", dir: "ltr", text: url }),
    buttons: [{ label: t("cancel") }, { label: t("open"), main: true, act: () => { window.open(url, "_blank", "noopener,noreferrer"); } }],
  });
}

let closeMenu = null;

/**
 * A menu at a point or under a button: items {icon, label, act, danger, testid}, null for a line. `head` is put above them.
 * It closes on Escape, on a click outside and when an item was chosen; focus returns to where it was.
 */
export function menu(anchor, items, { head = null, className = "" } = {}) {
  closeMenu?.();
  const before = document.activeElement;
  const node = el("div", { class: `menu ${className}`.trim(), role: "menu", data: { testid: "popup" } }, head);
  for (const item of items) {
    if (!item) { node.append(el("div", { class: "menu-line", role: "separator" })); continue; }
    node.append(el("button", { type: "button", class: `menu-item ${item.danger ? "danger" : ""}`, role: "menuitem", data: { testid: item.testid }, on: { click: () => { close(); item.act(); } } }, item.icon && icon(item.icon), el("span", { text: item.label })));
  }
  const close = () => {
    closeMenu = null;
    node.remove();
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", keys, true);
    if (before?.isConnected) before.focus({ preventScroll: true });
  };
  const outside = (event) => { if (!node.contains(event.target)) close(); };
  const keys = (event) => {
    if (event.key === "Escape") { event.stopPropagation(); close(); }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const all = [...node.querySelectorAll("button:not([disabled]), select")];
    const at = all.indexOf(document.activeElement);
    all[(at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length]?.focus();
  };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", keys, true);
  byId("app").append(node);
  place(node, anchor);
  node.querySelector("button, select")?.focus({ preventScroll: true });
  closeMenu = close;
  return close;
}

function place(node, anchor) {
  const frame = byId("app").getBoundingClientRect();
  const box = anchor instanceof Element ? anchor.getBoundingClientRect() : { left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y };
  const { offsetWidth: width, offsetHeight: height } = node;
  const rightHalf = (box.left + box.right) / 2 > (frame.left + frame.right) / 2;
  const left = rightHalf ? box.right - width : box.left;
  const below = box.bottom + 4;
  const top = below + height > frame.bottom - 8 ? box.top - height - 4 : below;
  node.style.left = `${Math.max(8, Math.min(left - frame.left, frame.width - width - 8))}px`;
  node.style.top = `${Math.max(8, Math.min(top - frame.top, frame.height - height - 8))}px`;
}

/** A panel that covers the side of the window, with a title and a way back. */
export function panel(title, content, testid) {
  const node = el("dialog", { class: "dialog panel", "aria-label": title, data: { testid } });
  node.append(el("header", { class: "panel-head" }, el("h2", { text: title }), iconButton("close", t("close"), () => node.close())), content);
  node.addEventListener("close", () => node.remove());
  node.addEventListener("click", (event) => { if (event.target === node) node.close(); });
  byId("app").append(node);
  node.showModal();
  return node;
}
