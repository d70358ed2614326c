// What the page knows: chats, messages, the menu. Events of the server change it; views listen to what changed.

const MESSAGES_AT_MOST = 5000;

export const store = {
  seq: 0,
  world: null,
  me: { id: 0, first_name: "Baztab", username: "BaztabBot" },
  person: { id: 0, first_name: "", language_code: "en" },
  chats: new Map(),
  commands: [],
  about: { name: "", description: "", short_description: "" },
  refused: [],
  open: null,
  online: true,
};

const listeners = new Map();

/** Calls `listener` on every change of that kind: state, chat, message, edited, deleted, action, commands, about, user, refused, reaction, inline, callback_answer, open, online. */
export function on(kind, listener) {
  if (!listeners.has(kind)) listeners.set(kind, []);
  listeners.get(kind).push(listener);
}

export function emit(kind, detail) {
  for (const listener of listeners.get(kind) ?? []) listener(detail);
}

/**
 * Takes the whole state of the server, in place of what was known. Within one world, messages are told apart by their
 * ids: what has come since counts as unread, what was read stays read. Another world has nothing to do with the last.
 */
export function load(state) {
  const before = state.world === store.world && state.seq >= store.seq ? store.chats : new Map();
  store.seq = state.seq;
  store.world = state.world;
  store.me = state.me;
  store.person = state.user;
  store.commands = state.commands ?? [];
  store.about = { ...store.about, ...state.about };
  store.chats = new Map();
  const arrived = Math.max(0, ...(state.chats ?? []).map((entry) => {
    const known = before.get(entry.chat.id);
    const news = known ? countNews(known, entry.messages ?? []) : 0;
    put(known ? { ...entry, unread: known.unread + news } : entry);
    return entry.chat.id === store.open ? news : 0;
  }));
  if (store.open !== null && !store.chats.has(store.open)) openChat([...store.chats.keys()][0] ?? null);
  emit("state", { arrived });
}

/** How many of these messages are not the person's and newer than all that were known. */
function countNews(known, messages) {
  const last = known.messages.at(-1)?.message_id ?? 0;
  return messages.filter((item) => item.message_id > last && !isMine(item)).length;
}

function put(entry) {
  const known = store.chats.get(entry.chat.id);
  const messages = entry.messages ?? known?.messages ?? [];
  messages.sort((a, b) => a.message_id - b.message_id);
  const room = { chat: entry.chat, messages, member: entry.member ?? known?.member ?? true, blocked: entry.blocked ?? known?.blocked ?? false, unread: known?.unread ?? entry.unread ?? 0, topics: entry.topics ?? known?.topics, pinned: entry.pinned ?? known?.pinned ?? [], action: known?.action ?? "", actionUntil: known?.actionUntil ?? 0 };
  if (entry.chat.id === store.open) room.unread = 0;
  store.chats.set(entry.chat.id, room);
  return room;
}

/** The room of a chat id, or undefined. */
export const room = (chatId) => store.chats.get(chatId);

/** A message of a chat, or undefined. */
export function message(chatId, messageId) {
  const messages = room(chatId)?.messages ?? [];
  for (let i = messages.length - 1; i >= 0; i -= 1) if (messages[i].message_id === messageId) return messages[i];
  return undefined;
}

/** True for what the person wrote (not the bot, not a channel, nobody else in a group). */
export const isMine = (item) => item.from?.id === store.person.id && !item.sender_chat;

/** The private chat with the bot, as the person sees it: under the bot's name. */
export const isPrivate = (chat) => chat.type === "private";

export function titleOf(chat) {
  if (isPrivate(chat)) return store.about.name || store.me.first_name;
  return chat.title ?? String(chat.id);
}

export const avatarId = (chat) => (isPrivate(chat) ? store.me.id : chat.id);

/** Opens a chat (null: none, the list on a narrow window). */
export function openChat(chatId) {
  const before = store.open;
  store.open = chatId;
  const entered = room(chatId);
  const unread = entered?.unread ?? 0;
  if (entered) entered.unread = 0;
  emit("open", { before, unread });
}

const appliers = {
  message(event) {
    const entry = room(event.message.chat.id) ?? put({ chat: event.message.chat, messages: [] });
    const item = "silent" in event ? { ...event.message, silent: event.silent } : event.message;
    if (message(entry.chat.id, item.message_id)) return appliers.edited({ message: item });
    const last = entry.messages.at(-1);
    entry.messages.push(item);
    if (last && last.message_id > item.message_id) entry.messages.sort((a, b) => a.message_id - b.message_id);
    if (entry.messages.length > MESSAGES_AT_MOST) entry.messages.shift();
    if (!isMine(item)) entry.action = "";
    if (!isMine(item) && (entry.chat.id !== store.open || document.hidden)) entry.unread += 1;
    return emit("message", { message: item, room: entry });
  },
  edited(event) {
    const entry = room(event.message.chat.id);
    const index = entry?.messages.findIndex((item) => item.message_id === event.message.message_id) ?? -1;
    if (index < 0) return;
    const before = entry.messages[index];
    entry.messages[index] = { reactions: before.reactions, silent: before.silent, ...event.message };
    emit("edited", { message: entry.messages[index], before, room: entry });
  },
  deleted(event) {
    const entry = room(event.chat_id);
    if (!entry) return;
    const gone = new Set(event.message_ids);
    entry.messages = entry.messages.filter((item) => !gone.has(item.message_id));
    emit("deleted", { room: entry, ids: event.message_ids });
  },
  reaction(event) {
    const item = message(event.chat_id, event.message_id);
    if (!item) return;
    item.reactions = event.reactions;
    emit("reaction", { message: item, room: room(event.chat_id) });
  },
  chat(event) {
    emit("chat", { room: put(event.chat) });
  },
  action(event) {
    const entry = room(event.chat_id);
    if (!entry) return;
    entry.action = event.action;
    entry.actionUntil = Date.now() + 5500;
    emit("action", { room: entry });
  },
  commands(event) {
    store.commands = event.commands;
    emit("commands");
  },
  about(event) {
    store.about = { ...store.about, ...event.about };
    emit("about");
  },
  user(event) {
    if (event.user.id !== store.person.id) return;
    store.person = event.user;
    emit("user");
  },
  refused(event) {
    store.refused.push({ ...event, at: new Date() });
    if (store.refused.length > 200) store.refused.shift();
    emit("refused", event);
  },
  callback_answer: (event) => emit("callback_answer", event),
  inline: (event) => emit("inline", event),
};

/** Applies one event of the stream; one already seen is dropped. */
export function apply(event) {
  if (event.seq !== undefined && event.seq <= store.seq) return;
  if (event.seq !== undefined) store.seq = event.seq;
  appliers[event.type]?.(event);
}
