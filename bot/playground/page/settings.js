// The person's client: language, theme, size of the window; new chats; blocking; what the server refused.

import { byId, el } from "./dom.js";
import { fail, menu, panel } from "./dialogs.js";
import { newChat } from "./forms.js";
import { clock, currentLanguage, LANGUAGES, number, t } from "./i18n.js";
import { privateChat } from "./actions.js";
import { on, store } from "./state.js";
import { post } from "./stream.js";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const kept = { theme: "system", frame: "wide" };

function remember(name, value) {
  kept[name] = value;
  try {
    window.localStorage.setItem(`playground.${name}`, value);
  } catch (refusal) {
    console.warn("storage", refusal.name);
  }
}

function recall(name) {
  try {
    return window.localStorage.getItem(`playground.${name}`);
  } catch (refusal) {
    console.warn("storage", refusal.name);
    return null;
  }
}

function paint() {
  const theme = kept.theme === "system" ? (dark.matches ? "dark" : "light") : kept.theme;
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.frame = kept.frame;
  document.querySelector("meta[name=theme-color]").content = theme === "dark" ? "#17212b" : "#ffffff";
}

/** Sets the theme: light, dark or system. */
export function setTheme(theme) {
  remember("theme", theme);
  paint();
}

/** Sets the size of the window: phone (390 × 844) or wide. */
export function setFrame(frame) {
  remember("frame", frame);
  paint();
}

/** Tells the server that the person's client speaks another language. */
export async function chooseLanguage(code) {
  try {
    await post("user", { language_code: code });
  } catch (error) {
    fail(error);
  }
}

function segments(label, options, value, choose) {
  const buttons = options.map(([key, text]) => el("button", { type: "button", role: "radio", "aria-checked": String(key === value), data: { testid: `option-${key}` }, text, on: { click: () => { choose(key); buttons.forEach((button, i) => button.setAttribute("aria-checked", String(options[i][0] === key))); } } }));
  return el("div", { class: "setting" }, el("span", { text: label }), el("div", { class: "segments", role: "radiogroup", "aria-label": label }, buttons));
}

function languageSetting(done) {
  const select = el("select", { "aria-label": t("language"), data: { testid: "language" }, on: { change: (event) => { done(); chooseLanguage(event.target.value); } } });
  const current = currentLanguage();
  const known = current in LANGUAGES ? LANGUAGES : { [current]: current, ...LANGUAGES };
  for (const [code, name] of Object.entries(known)) select.append(el("option", { value: code, selected: code === current, text: name }));
  return el("label", { class: "setting" }, el("span", { text: t("language") }), select);
}

async function block(blocked) {
  try {
    await post("block", { blocked });
  } catch (error) {
    fail(error);
  }
}

function refusedRow(call) {
  return el("article", { class: "refused", data: { testid: "refused" } },
    el("div", { class: "refused-head" }, el("strong", { dir: "ltr", text: call.method }), el("time", { text: clock(call.at) })),
    el("p", { dir: "ltr", text: call.description }),
    call.params && el("details", {}, el("summary", { text: "params" }), el("pre", { dir: "ltr", text: typeof call.params === "string" ? call.params : JSON.stringify(call.params, null, 2) })));
}

/** The calls of the bot that the server refused, newest first. */
export function showRefused() {
  for (const id of ["settings", "chat-settings"]) byId(id).classList.remove("alerted");
  const list = [...store.refused].reverse().map(refusedRow);
  panel(t("refused"), el("div", { class: "panel-body" }, list.length ? list : el("p", { class: "result-none", text: t("noRefused") })), "refused-panel");
}

/** The popover with everything. */
export function openSettings(anchor) {
  const blocked = privateChat()?.blocked ?? false;
  let close = () => {};
  const head = el("div", { class: "settings" },
    languageSetting(() => close()),
    segments(t("theme"), [["light", t("light")], ["dark", t("dark")], ["system", t("system")]], kept.theme, setTheme),
    segments(t("windowSize"), [["phone", t("phone")], ["wide", t("wide")]], kept.frame, setFrame));
  close = menu(anchor, [
    { icon: "group", label: t("newGroup"), testid: "new-group", act: () => newChat("group") },
    { icon: "channel", label: t("newChannel"), testid: "new-channel", act: () => newChat("channel") },
    null,
    { icon: "ban", label: t(blocked ? "unblockBot" : "block"), testid: "block", danger: !blocked, act: () => block(!blocked) },
    { icon: "warn", label: `${t("refused")}${store.refused.length ? ` (${number(store.refused.length)})` : ""}`, testid: "open-refused", act: showRefused },
  ], { head, className: "settings-menu" });
}

/** Takes theme and window size from the address (?theme=), or as they were last. */
export function start() {
  const address = new URLSearchParams(window.location.search);
  const theme = address.get("theme") ?? recall("theme");
  if (["light", "dark", "system"].includes(theme)) kept.theme = theme;
  const frame = address.get("frame") ?? recall("frame");
  if (["phone", "wide"].includes(frame)) kept.frame = frame;
  paint();
  dark.addEventListener("change", paint);
  for (const id of ["settings", "chat-settings"]) byId(id).addEventListener("click", (event) => openSettings(event.currentTarget));
  on("refused", () => {
    byId("settings").classList.add("alerted");
    byId("chat-settings").classList.add("alerted");
  });
}
