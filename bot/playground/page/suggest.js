// The bot's commands: behind the Menu button, and while a command is being typed.

import { avatar, byId, el } from "./dom.js";
import { t } from "./i18n.js";
import { isPrivate, on, room, store } from "./state.js";

let choose = { send: () => {}, insert: () => {} };
let matches = [];
let at = -1;
let fromMenu = false;

const box = () => byId("suggest");

/** A command as it is sent to the open chat: with the bot's name in a group. */
function full(command) {
  const chat = room(store.open)?.chat;
  return chat && !isPrivate(chat) ? `/${command}@${store.me.username}` : `/${command}`;
}

export function hide() {
  matches = [];
  at = -1;
  fromMenu = false;
  box().hidden = true;
  box().replaceChildren();
  byId("menu-button").setAttribute("aria-expanded", "false");
  byId("composer").removeAttribute("aria-activedescendant");
}

function show(found) {
  matches = found;
  at = fromMenu ? -1 : 0;
  const name = store.about.name || store.me.first_name;
  box().replaceChildren(...found.map((item, index) => el("button", {
    type: "button", class: "suggestion", role: "option", id: `suggestion-${index}`, tabindex: fromMenu ? "0" : "-1", data: { testid: "command", command: item.command },
    on: { click: () => { hide(); choose.send(full(item.command)); } },
  }, !fromMenu && avatar(name, store.me.id, "tiny"), el("span", { class: "suggestion-command", dir: "ltr", text: `/${item.command}` }), el("span", { class: "suggestion-words", dir: "auto", text: item.description }))));
  box().setAttribute("aria-label", t("commands"));
  box().classList.toggle("as-menu", fromMenu);
  box().hidden = found.length === 0;
  mark();
}

function mark() {
  [...box().children].forEach((node, index) => {
    node.classList.toggle("active", index === at);
    node.setAttribute("aria-selected", String(index === at));
    if (index === at) { node.scrollIntoView({ block: "nearest" }); byId("composer").setAttribute("aria-activedescendant", node.id); }
  });
}

/** Follows what is typed: "/" and the beginning of a command bring up those that fit. */
export function update(text) {
  const typed = /^\/(\w*)$/.exec(text);
  if (!typed) { if (!box().hidden) hide(); return; }
  fromMenu = false;
  const start = typed[1].toLowerCase();
  const found = store.commands.filter((item) => item.command.startsWith(start));
  if (found.length) show(found); else hide();
}

/** Opens or closes the whole menu. */
export function toggleMenu() {
  if (fromMenu) { hide(); return; }
  fromMenu = true;
  show(store.commands);
  byId("menu-button").setAttribute("aria-expanded", "true");
  box().firstElementChild?.focus({ preventScroll: true });
}

/** Handles a key pressed in the field while suggestions are shown; true when it was used up. */
export function key(event, text) {
  if (box().hidden || !matches.length) return false;
  if (event.key === "Escape") { event.preventDefault(); hide(); return true; }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    at = (at + (event.key === "ArrowDown" ? 1 : matches.length - 1)) % matches.length;
    mark();
    return true;
  }
  if (at < 0 || (event.key !== "Tab" && (event.key !== "Enter" || event.shiftKey))) return false;
  event.preventDefault();
  const typed = matches.find((item) => `/${item.command}` === text);
  const { command } = event.key === "Enter" && typed && at === 0 ? typed : matches[at];
  hide();
  if (event.key === "Tab") choose.insert(`${full(command)} `);
  else choose.send(full(command));
  return true;
}

function menuKey(event) {
  const all = [...box().children];
  const index = all.indexOf(document.activeElement);
  if (event.key === "Escape") { hide(); byId("menu-button").focus(); }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  all[(index + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length]?.focus();
}

/** Wires the list up; `send` sends a command, `insert` puts one into the field. */
export function start(options) {
  choose = options;
  box().addEventListener("keydown", menuKey);
  document.addEventListener("pointerdown", (event) => { if (fromMenu && !event.target.closest("#suggest, #menu-button")) hide(); });
  on("commands", () => { if (!box().hidden) { if (fromMenu) show(store.commands); else update(byId("composer").value); } });
}
