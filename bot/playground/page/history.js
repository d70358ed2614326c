// The messages of the open chat: added one by one, changed in place, scrolled as Telegram scrolls.

import { byId, calm, el } from "./dom.js";
import { groupRows, messageRow, refreshRow, stamp } from "./bubbles.js";
import { dayName, number, sameDay, t } from "./i18n.js";
import { isMine, isPrivate, on, room, store } from "./state.js";

const NEAR = 80;
const WINDOW = 300;
const rows = new Map();
let act = {};
let scroller = null;
let list = null;
let stuck = true;
let lastTop = 0;
let gliding = false;
let below = 0;
let rest = 0;
let shown = WINDOW;
let topic = null;

const distance = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;

/** The forum topic that is shown; null for all. */
export const currentTopic = () => topic;

/** Shows one forum topic of the open chat, or all of them. */
export function showTopic(id) {
  topic = id;
  shown = WINDOW;
  render(0);
}

const inTopic = (message) => topic === null || (topic === 0 ? !message.message_thread_id : message.message_thread_id === topic);

function visible() {
  const messages = room(store.open)?.messages ?? [];
  return (topic === null ? messages : messages.filter(inTopic)).slice(-shown);
}

function sectionOf(message) {
  const date = new Date(message.date * 1000);
  const last = list.lastElementChild;
  if (last?.classList.contains("day") && sameDay(new Date(Number(last.dataset.date) * 1000), date)) return last;
  const section = el("section", { class: "day", data: { date: message.date } }, el("div", { class: "day-label" }, el("span", { class: "pill", data: { testid: "day" }, text: dayName(date) })));
  list.append(section);
  return section;
}

function addRow(message) {
  const section = sectionOf(message);
  const row = messageRow(message, act);
  stamp(row, message);
  rows.set(message.message_id, row);
  const before = section.lastElementChild;
  section.append(row);
  groupRows(row, before, null);
  if (before?.classList.contains("row")) groupRows(before, before.previousElementSibling, row);
  return row;
}

/** Builds the whole list: when a chat is opened, and when more of it is asked for. */
function render(unread) {
  rows.clear();
  list.replaceChildren();
  below = 0;
  const messages = visible();
  const mark = unread > 0 && unread < messages.length ? messages[messages.length - unread] : null;
  for (const message of messages) {
    if (message === mark) sectionOf(message).append(el("div", { class: "unread-line", id: "unread-line" }, el("span", { text: t("unread") })));
    addRow(message);
  }
  intro(messages.length === 0);
  watchQuotes();
  const line = byId("unread-line");
  if (line) { stuck = false; line.scrollIntoView({ block: "start" }); scroller.scrollTop -= 60; } else jumpToEnd();
  update();
}

function intro(empty) {
  const entry = room(store.open);
  const card = byId("intro");
  const words = store.about.description || store.about.short_description;
  card.hidden = !(empty && entry && (words || !isPrivate(entry.chat))); // the bot may be starting, and say it in a moment
  if (card.hidden) return;
  card.replaceChildren();
  if (!isPrivate(entry.chat)) card.append(el("p", { class: "pill", text: t("noMessages") }));
  else card.append(el("div", { class: "intro-card", data: { testid: "description" } }, el("h2", { text: t("whatCan") }), el("p", { dir: "auto", text: words })));
}

function jumpToEnd() {
  stuck = true;
  scroller.scrollTop = scroller.scrollHeight;
}

/** Scrolls to the newest message. */
export function scrollToEnd() {
  stuck = true;
  below = 0;
  if (calm() || distance() > 3000 || distance() <= 1) jumpToEnd();
  else {
    gliding = true;
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: "smooth" });
  }
  update();
}

/** What is taller than the window is read from its beginning. */
function scrollToTop(row) {
  stuck = false;
  gliding = false;
  const top = scroller.scrollTop + row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 8;
  scroller.scrollTo({ top, behavior: calm() ? "auto" : "smooth" });
  update();
}

function update() {
  const button = byId("to-end");
  const away = distance() > NEAR * 2 && !stuck;
  button.classList.toggle("shown", away);
  button.tabIndex = away ? 0 : -1;
  button.setAttribute("aria-hidden", String(!away));
  const badge = byId("below");
  badge.hidden = below === 0;
  badge.textContent = number(below);
}

/** The day on top floats over the messages while they move, and fades when they rest. */
function floatDays() {
  scroller.classList.add("scrolling");
  window.clearTimeout(rest);
  rest = window.setTimeout(() => scroller.classList.remove("scrolling"), 1200);
  const top = scroller.getBoundingClientRect().top;
  for (const section of list.children) section.firstElementChild.classList.toggle("stuck", section.getBoundingClientRect().top < top - 2);
}

function onScroll() {
  floatDays();
  if (gliding && distance() > 2) return;
  gliding = false;
  if (distance() < NEAR) stuck = true;
  else if (scroller.scrollTop < lastTop - 1) stuck = false; // only going up lets go: the list also grows by itself
  lastTop = scroller.scrollTop;
  if (stuck) below = 0;
  if (scroller.scrollTop < 300 && shown <= visible().length) earlier();
  update();
}

/** More of the past, with what is being read kept in its place. */
function earlier() {
  const all = room(store.open)?.messages.length ?? 0;
  if (all <= shown) return;
  const fromEnd = scroller.scrollHeight - scroller.scrollTop;
  shown += WINDOW;
  render(0);
  stuck = false;
  scroller.scrollTop = scroller.scrollHeight - fromEnd;
}

/** Scrolls to a message and lights it up for a moment. */
export function jumpTo(messageId) {
  let row = rows.get(messageId);
  if (!row && (room(store.open)?.messages.some((message) => message.message_id === messageId) ?? false)) {
    topic = null;
    shown = Number.MAX_SAFE_INTEGER;
    render(0);
    row = rows.get(messageId);
  }
  if (!row) return false;
  stuck = false;
  row.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  row.classList.remove("lit");
  void row.offsetWidth; // restarts the animation
  row.classList.add("lit");
  window.setTimeout(() => row.classList.remove("lit"), 1600);
  return true;
}

const quotes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const quote = target.parentElement;
    if (!quote?.classList.contains("open")) quote?.classList.toggle("fits", target.scrollHeight <= target.clientHeight + 2);
  }
});

function watchQuotes(root = list) {
  for (const body of root.querySelectorAll(".quote-body")) quotes.observe(body);
}

function onMessage({ message, room: entry }) {
  if (entry.chat.id !== store.open || !inTopic(message)) return;
  byId("intro").hidden = true;
  const mine = isMine(message);
  const follow = stuck || mine;
  const row = addRow(message);
  row.classList.add("new");
  watchQuotes(row);
  if (!follow) { below += 1; update(); } else if (!mine && row.offsetHeight > scroller.clientHeight) scrollToTop(row);
  else scrollToEnd();
}

function onEdited({ message, before, room: entry }) {
  if (entry.chat.id !== store.open) return;
  const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  const markupOnly = same(before.text, message.text) && same(before.caption, message.caption) && same(before.entities, message.entities);
  if (markupOnly && (before.edit_hidden || !before.edit_date)) message.edit_hidden = true;
  refresh(message);
}

function refresh(message) {
  const row = rows.get(message.message_id);
  if (!row) return;
  refreshRow(row, message, act);
  watchQuotes(row);
}

function onDeleted({ room: entry, ids }) {
  if (entry.chat.id !== store.open) return;
  for (const id of ids) remove(id);
  intro(entry.messages.length === 0);
}

function remove(id) {
  const row = rows.get(id);
  if (!row) return;
  rows.delete(id);
  const gone = () => {
    const { parentElement: section, previousElementSibling: before, nextElementSibling: after } = row;
    row.remove();
    if (before?.classList.contains("row")) groupRows(before, before.previousElementSibling, after);
    if (after?.classList.contains("row")) groupRows(after, before, after.nextElementSibling);
    if (section && section.childElementCount === 1) section.remove();
  };
  row.removeAttribute("data-testid");
  row.setAttribute("aria-hidden", "true");
  row.classList.add("gone");
  if (calm()) gone();
  else window.setTimeout(gone, 180);
}

/** Shows again everything that depends on the language or the bot's name. */
export function redraw() {
  const { scrollTop } = scroller;
  const atEnd = stuck;
  render(0);
  if (!atEnd) { stuck = false; scroller.scrollTop = scrollTop; }
}

/** Wires the list up. `actions` is what messages can do: see bubbles.js and app.js. */
export function start(actions) {
  act = actions;
  scroller = byId("scroll");
  list = byId("messages");
  scroller.addEventListener("scroll", onScroll, { passive: true });
  scroller.addEventListener("wheel", () => { gliding = false; }, { passive: true });
  scroller.addEventListener("touchstart", () => { gliding = false; }, { passive: true });
  byId("to-end").addEventListener("click", scrollToEnd);
  scroller.addEventListener("scrollend", () => { gliding = false; if (stuck) jumpToEnd(); });
  const follow = new ResizeObserver(() => {
    if (stuck && gliding) scrollToEnd();
    else if (stuck) jumpToEnd();
    update();
  });
  follow.observe(list);
  follow.observe(scroller);
  on("open", ({ unread }) => { topic = null; shown = WINDOW; render(unread); });
  on("state", ({ arrived }) => {
    const waiting = below + arrived;
    redraw();
    if (!stuck) { below = waiting; update(); }
  });
  on("message", onMessage);
  on("edited", onEdited);
  on("deleted", onDeleted);
  on("reaction", ({ message, room: entry }) => { if (entry.chat.id === store.open) refresh(message); });
  on("about", () => intro((room(store.open)?.messages.length ?? 1) === 0));
}
