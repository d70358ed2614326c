// The way to the server: requests, and the stream of events, which resumes where it broke off.

import { apply, emit, load, store } from "./state.js";

const RETRY_FIRST = 500;
const RETRY_LAST = 8000;

/** A request that the server refused, with its reason. */
export class Refusal extends Error {}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok || body.ok === false) throw new Refusal(body.description ?? `HTTP ${response.status}`);
  return body;
}

/** POSTs JSON to /playground/NAME and returns the answer; throws Refusal, or TypeError when nobody is there. */
export async function post(name, body) {
  return answer(await fetch(`/playground/${name}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }));
}

/** Sends a file of the person's to a chat. */
export async function postFile(chatId, file) {
  const form = new FormData();
  form.append("chat_id", String(chatId));
  form.append("file", file, file.name);
  return answer(await fetch("/playground/file", { method: "POST", body: form }));
}

/** What the server knows of a page for a link preview, or null. */
export async function fetchPreview(url) {
  const response = await fetch(`/playground/preview?url=${encodeURIComponent(url)}`);
  return response.ok ? response.json() : null;
}

/** Where a file that either side sent (a PhotoSize, Document, …) can be seen. */
export const fileUrl = (file) => (file.file_path ? `/playground/file?path=${encodeURIComponent(file.file_path)}` : `/playground/file?id=${encodeURIComponent(file.file_id)}`);

export async function loadState() {
  load(await answer(await fetch("/playground/state", { cache: "no-store" })));
  stale = false;
}

let source = null;
let held = null;
let stale = false;
let wait = RETRY_FIRST;

function setOnline(online) {
  if (store.online === online) return;
  store.online = online;
  emit("online");
}

function listen() {
  source = new EventSource(`/playground/events?after=${store.seq}`);
  source.onopen = () => {
    wait = RETRY_FIRST;
    setOnline(true);
  };
  source.onmessage = (frame) => {
    const event = JSON.parse(frame.data);
    if (event.seq === undefined && frame.lastEventId) event.seq = Number(frame.lastEventId);
    take(event);
  };
  source.onerror = () => {
    source.close();
    setOnline(false);
    window.setTimeout(resume, wait);
    wait = Math.min(wait * 2, RETRY_LAST);
  };
}

/** One event. After `reset` the server no longer has all that came since: its state is read again, what comes meanwhile waits. */
function take(event) {
  if (held) { held.push(event); return; }
  if (event.type !== "reset") { apply(event); return; }
  held = [];
  stale = true;
  loadState().catch((refusal) => console.warn("state", refusal.message)).finally(() => {
    const waited = held;
    held = null;
    waited.forEach(take);
  });
}

/** After a break: a server that started anew is another world, whose whole state is taken. */
async function resume() {
  try {
    const state = await answer(await fetch("/playground/state", { cache: "no-store" }));
    if (stale || state.world !== store.world || state.seq < store.seq) { load(state); stale = false; }
    listen();
  } catch (refusal) {
    console.warn("stream", refusal.message);
    window.setTimeout(resume, wait);
    wait = Math.min(wait * 2, RETRY_LAST);
  }
}

/** Loads the state and follows what happens from there on. */
export async function connect() {
  try {
    await loadState();
    listen();
  } catch (refusal) {
    console.warn("state", refusal.message);
    setOnline(false);
    await new Promise((done) => { window.setTimeout(done, wait); });
    wait = Math.min(wait * 2, RETRY_LAST);
    await connect();
  }
}

window.addEventListener("pagehide", () => source?.close());
window.addEventListener("pageshow", (event) => { if (event.persisted) resume(); });
