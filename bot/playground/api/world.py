"""The little world with what its people do: write, press, react, block, add the bot to a group, …

These methods are what the page's endpoints and the tests call; each changes the state, tells the page and queues the
updates that the bot would get. They raise ApiError (400) where a person could not do it.
"""

import re
from typing import Any

from bot.playground.api.chats import ADMINISTRATORS, PRESENT, Chat, Json, Kind, Post, Status, member
from bot.playground.api.entities import find_entities
from bot.playground.api.errors import bad_request
from bot.playground.api.files import image_size
from bot.playground.api.keyboards import data_of
from bot.playground.api.state import SARA, WorldState
from bot.playground.api.text import MOST_TEXT, cleaned, trimmed

MOST_QUERY = 256
TOPIC_COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)
"""What a forum topic's icon can be painted in."""
ADDRESSED = re.compile(r"/[A-Za-z0-9_]{1,64}(?:@([A-Za-z0-9_]+))?(?:\s|$)")


class World(WorldState):
    """One bot, and Sara (id 1001) who talks to it; add others with `add_person` and chats with `add_group`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.add_person(SARA, first_name="Sara", language_code="en")

    @property
    def person(self) -> Json:
        """Sara."""
        return self.users[SARA]

    # ── people and chats ─────────────────────────────────────────────────────────────────────────────────────────────

    def add_person(
        self,
        user_id: int,
        *,
        first_name: str = "",
        username: str = "",
        language_code: str = "en",
        started: bool = True,
    ) -> Chat:
        """A person and their private chat with the bot; where not `started`, the bot may not write to them yet."""
        user: Json = {"id": user_id, "is_bot": False, "first_name": first_name or f"User {user_id}"}
        if username:
            user["username"] = username
        user["language_code"] = language_code
        self.users[user_id] = user
        chat = Chat(user_id, "private", first_name=user["first_name"], username=username, started=started)
        return self.add_chat(chat)

    def change_person(self, user_id: int = SARA, **fields: str) -> Json:
        """Change a person's first_name, username or language_code, as their client would."""
        user = self.users[user_id] | fields
        self.users[user_id] = user
        chat = self.chats[user_id]
        chat.first_name, chat.username = user["first_name"], user.get("username", "")
        chat.touch()
        self.events.append("user", user=user)
        self.events.append("commands")
        self.events.append("about")
        return user

    def add_group(
        self,
        title: str,
        kind: Kind = "supergroup",
        *,
        forum: bool = False,
        username: str = "",
        chat_id: int | None = None,
        owner: int = SARA,
        bot_status: Status | None = None,
    ) -> Chat:
        """A group, supergroup or channel of `owner`, to which the bot is added (in a channel as administrator)."""
        if not title.strip():
            raise bad_request("chat title is empty")
        if kind == "private":
            raise bad_request("people make groups and channels only")
        chat = Chat(
            chat_id if chat_id is not None else self.new_chat_id(kind),
            kind,
            title=title.strip(),
            username=username,
            is_forum=forum and kind == "supergroup",
            members={owner: "creator"},
            bot_status="left",
        )
        self.add_chat(chat)
        self.set_bot_status(chat.id, bot_status or ("administrator" if kind == "channel" else "member"), by=owner)
        return chat

    def join(self, chat_id: int, user_id: int, status: Status = "member") -> None:
        """A person enters a group or channel, or changes what they are in it."""
        chat, user = self.find_chat(chat_id), self.users[user_id]
        old = self.member_status(chat, user_id)
        chat.members[user_id] = status
        change = {"old_chat_member": member(user, old), "new_chat_member": member(user, status)}
        if chat.bot_status in ADMINISTRATORS:
            self.updates.put("chat_member", {"chat": chat.brief(), "from": user, "date": int(self.now()), **change})
        self.chat_changed(chat)

    def set_bot_status(self, chat_id: int, status: Status, *, by: int = SARA) -> None:
        """Someone adds the bot, makes it administrator, removes or bans it."""
        chat, user = self.find_chat(chat_id), self.users[by]
        old, chat.bot_status = chat.bot_status, status
        if old == status:
            return
        self.chat_changed(chat)
        self._tell_membership(chat, user, old, status)
        if chat.is_group and (old in PRESENT) != (status in PRESENT):
            came = status in PRESENT
            fields: Json = {"new_chat_members": [self.me]} if came else {"left_chat_member": self.me}
            self._say(chat, user, fields, deliver=came)

    def bot_leaves(self, chat: Chat) -> None:
        """The bot goes by itself."""
        old, chat.bot_status = chat.bot_status, "left"
        self.chat_changed(chat)
        self._tell_membership(chat, self.me, old, "left")

    def _tell_membership(self, chat: Chat, user: Json, old: Status, new: Status) -> None:
        change = {"old_chat_member": member(self.me, old), "new_chat_member": member(self.me, new)}
        self.updates.put("my_chat_member", {"chat": chat.brief(), "from": user, "date": int(self.now()), **change})

    def block(self, blocked: bool = True, *, user_id: int = SARA) -> None:
        """A person blocks the bot, or unblocks it."""
        chat = self.find_chat(user_id)
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        self.chat_changed(chat)
        states: tuple[Status, Status] = ("member", "kicked") if blocked else ("kicked", "member")
        self._tell_membership(chat, self.users[user_id], *states)

    def deactivate(self, user_id: int) -> None:
        """A person deletes their account."""
        chat = self.find_chat(user_id)
        chat.deactivated = True
        self.chat_changed(chat)

    def migrate(self, chat_id: int) -> Chat:
        """A group becomes a supergroup; the bot gets both service messages. Returns the new chat."""
        old = self.find_chat(chat_id)
        if old.kind != "group" or old.migrated_to is not None:
            raise bad_request("only a group can become a supergroup")
        new = Chat(self.new_chat_id("supergroup"), "supergroup", title=old.title, members=dict(old.members))
        new.bot_status = old.bot_status
        self.add_chat(new)
        owner = self.users[next(iter(old.members), SARA)]
        self._say(old, owner, {"migrate_to_chat_id": new.id})
        self._say(new, owner, {"migrate_from_chat_id": old.id})
        old.migrated_to = new.id
        self.chat_changed(old)
        return new

    def add_topic(self, chat_id: int, name: str, *, user_id: int = SARA, color: int = TOPIC_COLORS[0]) -> int:
        """A person opens a topic in a forum, or the bot does; returns its thread id."""
        chat = self.find_chat(chat_id)
        if not chat.is_forum:
            raise bad_request("the chat is not a forum")
        by_bot = user_id == self.me["id"]
        thread_id = chat.last_id + 1
        created: Json = {"forum_topic_created": {"name": name, "icon_color": color}, "is_topic_message": True}
        chat.topics[thread_id] = name
        user = self.me if by_bot else self.users[user_id]
        self._say(chat, user, created | {"message_thread_id": thread_id}, deliver=not by_bot)
        self.chat_changed(chat)
        return thread_id

    def close_topic(self, chat_id: int, thread_id: int, *, deleted: bool = False, user_id: int = SARA) -> None:
        """A person closes a topic, so that only administrators write in it, or deletes it, of which nobody tells."""
        chat = self.find_chat(chat_id)
        if thread_id not in chat.topics:
            raise bad_request("message thread not found")
        if deleted:
            del chat.topics[thread_id]
            self.delete(
                chat, [key for key, post in chat.posts.items() if post.message.get("message_thread_id") == thread_id]
            )
        else:
            chat.closed_topics.add(thread_id)
            fields: Json = {"forum_topic_closed": {}, "is_topic_message": True, "message_thread_id": thread_id}
            self._say(chat, self.users[user_id], fields)
        self.chat_changed(chat)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def send(
        self,
        text: str,
        *,
        chat_id: int = SARA,
        user_id: int = SARA,
        reply_to: int | None = None,
        thread_id: int | None = None,
    ) -> Json:
        """A person writes (in a channel: posts); returns the message. A client cuts long texts at 4096 characters."""
        text, _ = trimmed(*cleaned(text[:MOST_TEXT], []))
        if not text:
            raise bad_request("message text is empty")
        entities = find_entities(text)
        fields: Json = {"text": text, "entities": entities} if entities else {"text": text}
        return self.write(fields, chat_id=chat_id, user_id=user_id, reply_to=reply_to, thread_id=thread_id)

    def write(
        self,
        fields: Json,
        *,
        chat_id: int = SARA,
        user_id: int = SARA,
        reply_to: int | None = None,
        thread_id: int | None = None,
    ) -> Json:
        """A person sends a message with these content fields; returns it."""
        chat = self.find_chat(chat_id)
        if user_id not in self.users:
            raise bad_request("there is no such person")
        if chat.kind != "private" and self.member_status(chat, user_id) not in PRESENT:
            raise bad_request("the person is not in the chat")
        if thread_id is not None:
            if thread_id not in chat.topics:
                raise bad_request("message thread not found")
            fields = fields | {"message_thread_id": thread_id, "is_topic_message": True}
        if reply_to is not None:
            fields = fields | {"reply_to_message": self.quoted(self.find_post(chat, reply_to, "to be replied"))}
        if chat.kind == "private":
            self._open_chat(chat)
        chat.unread = 0
        return self._say(chat, self.users[user_id], fields)

    def _open_chat(self, chat: Chat) -> None:
        chat.started = True
        if chat.blocked:
            self.block(False, user_id=chat.id)

    def quoted(self, post: Post) -> Json:
        """A message as one that replies to it carries it."""
        return {name: value for name, value in post.message.items() if name != "reply_to_message"}

    def _say(self, chat: Chat, user: Json, fields: Json, *, deliver: bool = True) -> Json:
        message: Json = {"message_id": self.next_message_id(chat)}
        message["from" if chat.kind != "channel" else "sender_chat"] = user if chat.kind != "channel" else chat.brief()
        message |= {"chat": chat.brief(), "date": int(self.now()), **fields}
        self.store(chat, message, by_bot=False)
        if deliver and chat.is_member and self._reaches_bot(chat, message):
            self.updates.put("channel_post" if chat.kind == "channel" else "message", self._in_topic(chat, message))
        return message

    def _in_topic(self, chat: Chat, message: Json) -> Json:
        """The message as bots get it: in a topic, what answers nothing else answers the message that opened it."""
        opening = chat.posts.get(message.get("message_thread_id", 0))
        if opening is None or opening.message is message or "reply_to_message" in message:
            return message
        return message | {"reply_to_message": self.quoted(opening)}

    def _reaches_bot(self, chat: Chat, message: Json) -> bool:
        """Whether group privacy lets the bot see a message: commands, mentions, replies to it, service messages."""
        if not chat.is_group or not self.privacy or chat.bot_status == "administrator":
            return True
        text = message.get("text", message.get("caption"))
        if text is None:
            return "document" not in message and "photo" not in message and "location" not in message
        replied = message.get("reply_to_message", {}).get("from", {}).get("id")
        if replied == self.me["id"] or f"@{self.me['username']}".lower() in text.lower():
            return True
        command = ADDRESSED.match(text)
        return command is not None and command[1] is None

    def edit(self, message_id: int, text: str, *, chat_id: int = SARA) -> Json:
        """A person edits a message of theirs."""
        chat = self.find_chat(chat_id)
        post = self.find_post(chat, message_id, "to edit")
        if post.by_bot or "text" not in post.message:
            raise bad_request("message can't be edited")
        entities = find_entities(text)
        post.message = post.message | {"text": text, "entities": entities, "edit_date": int(self.now())}
        self.events.append("edited", post=post, message=post.message)
        if chat.is_member:
            self.updates.put("edited_channel_post" if chat.kind == "channel" else "edited_message", post.message)
        return post.message

    def send_location(self, latitude: float, longitude: float, *, chat_id: int = SARA, user_id: int = SARA) -> Json:
        """A person shares where they are."""
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise bad_request("there is no such place")
        location = {"latitude": latitude, "longitude": longitude}
        return self.write({"location": location}, chat_id=chat_id, user_id=user_id)

    def send_file(self, name: str, body: bytes, *, chat_id: int = SARA, user_id: int = SARA, caption: str = "") -> Json:
        """A person sends a document, or a picture where the name says it is one."""
        file = self.files.add(name, body)
        size = image_size(body)
        fields: Json
        if size and file.mime_type in {"image/png", "image/jpeg", "image/webp"}:
            fields = {"photo": [file.brief() | {"width": size[0], "height": size[1]}]}
        else:
            fields = {"document": file.brief() | {"file_name": name, "mime_type": file.mime_type}}
        if caption:
            fields["caption"] = caption
        return self.write(fields, chat_id=chat_id, user_id=user_id)

    # ── pressing and reacting ────────────────────────────────────────────────────────────────────────────────────────

    def press(
        self, message_id: int, data: str, *, chat_id: int = SARA, user_id: int = SARA, forged: bool = False
    ) -> str:
        """A person presses the button with this callback data; returns the query's id.

        `forged` presses what is not there: a button of an old or deleted message, or data that was tampered with.
        """
        chat = self.find_chat(chat_id)
        post = chat.posts.get(message_id)
        if not forged and (post is None or data not in data_of(post.message.get("reply_markup"))):
            raise bad_request("there is no such button")
        inaccessible = {"chat": chat.brief(), "message_id": message_id, "date": 0}
        query = self.open_query(self.users[user_id], chat_id=chat_id, message_id=message_id)
        chat.unread = 0
        update: Json = {"id": query.id, "from": query.user, "chat_instance": str(chat.id), "data": data}
        inline_id = next((key for key, at in self.inline_messages.items() if at == (chat_id, message_id)), None)
        if inline_id is not None:
            update["inline_message_id"] = inline_id
        else:
            update["message"] = post.message if post else inaccessible
        self.updates.put("callback_query", update)
        return query.id

    def press_label(
        self, label: str, *, chat_id: int = SARA, user_id: int = SARA, message_id: int | None = None
    ) -> str:
        """A person presses the newest button whose label holds `label` (of one message where that is given)."""
        chat = self.find_chat(chat_id)
        for post in reversed(chat.posts.values()):
            if message_id not in {None, post.message["message_id"]}:
                continue
            for row in post.message.get("reply_markup", {}).get("inline_keyboard", ()):
                for button in row:
                    if label in button["text"] and "callback_data" in button:
                        return self.press(
                            post.message["message_id"], button["callback_data"], chat_id=chat_id, user_id=user_id
                        )
        raise bad_request(f"there is no button {label!r}")

    def react(self, message_id: int, emoji: str, *, chat_id: int = SARA, user_id: int = SARA) -> None:
        """A person reacts to a message, or with "" takes the reaction back."""
        chat = self.find_chat(chat_id)
        post = self.find_post(chat, message_id, "to react")
        old = post.reactions.get(user_id, [])
        new: list[Json] = [{"type": "emoji", "emoji": emoji}] if emoji else []
        post.reactions[user_id] = new
        self.reacted(chat, post)
        if chat.kind == "private" or chat.bot_status in ADMINISTRATORS:
            who = {"chat": chat.brief(), "message_id": message_id, "user": self.users[user_id], "date": int(self.now())}
            self.updates.put("message_reaction", {**who, "old_reaction": old, "new_reaction": new})

    def reacted(self, chat: Chat, post: Post) -> None:
        """Tell the page of a message's reactions."""
        where = {"chat_id": chat.id, "message_id": post.message["message_id"]}
        self.events.append("reaction", **where, reactions=post.reactions_for_page())

    # ── inline mode ──────────────────────────────────────────────────────────────────────────────────────────────────

    def ask_inline(self, text: str, *, offset: str = "", user_id: int = SARA, chat_type: str = "sender") -> str:
        """A person types `@bot text` somewhere; returns the query's id."""
        if not self.inline_mode:
            raise bad_request("inline mode is switched off")
        query = self.open_query(self.users[user_id], query=text[:MOST_QUERY])
        update = {"id": query.id, "from": query.user, "query": query.query, "offset": offset, "chat_type": chat_type}
        self.updates.put("inline_query", update)
        return query.id

    def choose(self, query_id: str, result_id: str, *, chat_id: int = SARA) -> Json:
        """A person picks a result of an inline query and sends it to a chat; returns the message."""
        query, chat = self.queries.get(query_id), self.find_chat(chat_id)
        result = query.results.get(result_id) if query else None
        if query is None or result is None:
            raise bad_request("there is no such result")
        fields = result | {"via_bot": self.me}
        message: Json = {"message_id": self.next_message_id(chat), "from": query.user, "chat": chat.brief()}
        message |= {"date": int(self.now()), **fields}
        self.store(chat, message, by_bot=False)
        chosen: Json = {"result_id": result_id, "from": query.user, "query": query.query}
        if "reply_markup" in result:
            inline_id = f"inline-{query_id}-{message['message_id']}"
            self.inline_messages[inline_id] = (chat.id, message["message_id"])
            chosen["inline_message_id"] = inline_id
        self.updates.put("chosen_inline_result", chosen)
        if chat.is_member and self._reaches_bot(chat, message):
            self.updates.put("message", message)
        return message
