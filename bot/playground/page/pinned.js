// The bar with the pinned message: the newest first, and with every press the one before it.

import { summary } from "./bubbles.js";
import { byId, el, icon } from "./dom.js";
import { jumpTo } from "./history.js";
import { t } from "./i18n.js";
import { message, on, room, store } from "./state.js";

let turn = 0;

/** The pinned messages of the open chat that are known, newest first. */
function pinnedMessages() {
  const ids = room(store.open)?.pinned ?? [];
  return ids.map((id) => message(store.open, id)).filter(Boolean).sort((a, b) => b.message_id - a.message_id);
}

function refresh() {
  const all = pinnedMessages();
  const bar = byId("pinned");
  bar.hidden = all.length === 0;
  bar.replaceChildren();
  if (bar.hidden) return;
  const shown = all[turn % all.length];
  bar.dataset.message = shown.message_id;
  bar.append(
    el("span", { class: "pinned-words" }, el("span", { class: "pinned-title", text: t("pinnedMessage") }), el("span", { class: "pinned-text", dir: "auto", text: summary(shown) })),
    icon("pin-message"));
}

function visit() {
  const all = pinnedMessages();
  if (!all.length) return;
  jumpTo(all[turn % all.length].message_id);
  turn += 1;
  refresh();
}

export function start() {
  byId("pinned").addEventListener("click", visit);
  on("open", () => { turn = 0; refresh(); });
  for (const kind of ["state", "chat", "message", "edited", "deleted", "user"]) on(kind, refresh);
}
