"""The state of the little world as the bot's side uses it: looking up, posting, editing, deleting, refusing."""

import asyncio
import itertools
import re
import secrets
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.playground.api.chats import PRESENT, Chat, Json, Kind, Post, Status
from bot.playground.api.errors import ApiError, bad_request, forbidden
from bot.playground.api.events import EventLog
from bot.playground.api.faults import Faults
from bot.playground.api.files import FileStore
from bot.playground.api.limits import FloodControl, Limits
from bot.playground.api.profile import Profile
from bot.playground.api.updates import Updates
from bot.playground.api.webhook import Webhook
from digests.clock import Clock, utc_now

DEFAULT_BOT_ID = 7_000_000_001
SARA = 1001
MOST_REFUSED = 20_000
TOKEN = re.compile(r"(\d{3,15}):([A-Za-z0-9_-]{10,})")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the bot sent or changed and the server accepted: what tests look at."""

    seq: int
    method: str
    chat_id: int
    message_id: int
    message: Json
    keyboard: Json | None = None

    @property
    def text(self) -> str:
        """Its text or caption."""
        return str(self.message.get("text", self.message.get("caption", "")))

    @property
    def thread_id(self) -> int | None:
        """The forum topic it went to."""
        return self.message.get("message_thread_id")

    @property
    def buttons(self) -> dict[str, str]:
        """Labels of its inline buttons with their callback data, address or other action."""
        rows = self.message.get("reply_markup", {}).get("inline_keyboard", [])
        return {
            button["text"]: str(next((value for name, value in button.items() if name != "text"), ""))
            for row in rows
            for button in row
        }


@dataclass(frozen=True, slots=True)
class Refused:
    """A call that the server refused. `scripted` where a Fault asked for it."""

    method: str
    params: Json
    code: int
    description: str
    scripted: bool = False


@dataclass(slots=True)
class Query:
    """A callback or inline query that waits for its answer."""

    id: str
    user: Json
    at: float
    chat_id: int | None = None
    message_id: int | None = None
    query: str = ""
    answer: Json | None = None
    results: dict[str, Json] = field(default_factory=dict)


class WorldState:
    """Users, chats, messages, updates and events of one bot. `clock` gives the dates and drives the flood control.

    `token` is the only one that is let in; without it any is, and gives the bot its id. `keep` messages are
    remembered of each chat, and `keep_sent` in `sent` and among the events.
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        username: str = "BaztabBot",
        limits: Limits | None = None,
        clock: Clock = utc_now,
        keep: int = 500,
        keep_sent: int = 20_000,
        query_lifetime: float = 60.0,
        privacy: bool = True,
        inline: bool = True,
    ) -> None:
        self.id = secrets.token_hex(8)  # tells a page that the server began anew
        self.token = token
        self.clock = clock
        self.keep = keep
        self.query_lifetime = query_lifetime
        self.privacy = privacy
        self.me: Json = {"id": DEFAULT_BOT_ID, "is_bot": True, "first_name": "Baztab", "username": username}
        self.inline_mode = inline
        self.users: dict[int, Json] = {}
        self.chats: dict[int, Chat] = {}
        self.events = EventLog(keep_sent)
        self.updates = Updates()
        self.webhook = Webhook()
        self.profile = Profile()
        self.files = FileStore()
        self.faults = Faults()
        self.flood = FloodControl(limits or Limits())
        self.refused: list[Refused] = []
        self.calls: Counter[str] = Counter()
        self.queries: dict[str, Query] = {}
        self.inline_messages: dict[str, tuple[int, int]] = {}
        self._sent: deque[Sent] = deque(maxlen=keep_sent)
        self._message_ids = itertools.count(1)
        self._query_ids = itertools.count(4_000_000_000_000_000)
        if token:
            self.adopt(token)

    # ── who calls ────────────────────────────────────────────────────────────────────────────────────────────────────

    def adopt(self, token: str) -> None:
        """Let a token in. Raises ApiError: 404 for one that is none, 401 for another bot's."""
        if self.token is not None and token != self.token:
            known = TOKEN.fullmatch(token)
            raise ApiError(401, "Unauthorized") if known else ApiError(404, "Not Found")
        digits = token.partition(":")[0]
        bot_id = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else DEFAULT_BOT_ID
        if bot_id != self.me["id"]:
            self.me = self.me | {"id": bot_id}

    def now(self) -> float:
        """The present on the server's clock, in seconds since 1970."""
        return self.clock().timestamp()

    @property
    def bot(self) -> Json:
        """The bot as User, with the switches that getMe shows."""
        return self.me | {
            "can_join_groups": True,
            "can_read_all_group_messages": not self.privacy,
            "supports_inline_queries": self.inline_mode,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    # ── chats ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def add_chat(self, chat: Chat) -> Chat:
        """Put a chat into the world."""
        self.chats[chat.id] = chat
        self.chat_changed(chat)
        return chat

    def chat_changed(self, chat: Chat) -> None:
        """Tell the page of a chat that is new or changed."""
        chat.touch()
        self.events.append("chat", chat_id=chat.id)

    def find_chat(self, chat_id: int | str) -> Chat:
        """The chat by its id or @username. Raises ApiError (400) where the bot knows none."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else self._named(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def _named(self, name: str) -> Chat | None:
        if name.lstrip("-").isdigit():
            return self.chats.get(int(name))
        wanted = name.removeprefix("@").lower()
        return next((chat for chat in self.chats.values() if chat.username and chat.username.lower() == wanted), None)

    def writable(self, chat_id: int | str) -> Chat:
        """The chat if the bot may write in it. Raises ApiError as Telegram does where it may not."""
        chat = self.find_chat(chat_id)
        if chat.migrated_to is not None:
            raise ApiError(
                400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to=chat.migrated_to
            )
        if chat.kind == "private":
            if chat.deactivated:
                raise forbidden("user is deactivated")
            if chat.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.started:
                raise forbidden("bot can't initiate conversation with a user")
            return chat
        self.check_membership(chat)
        if chat.kind == "channel" and chat.bot_status != "administrator":
            raise bad_request("need administrator rights in the channel chat")
        if not chat.bot_may_post:
            raise bad_request("not enough rights to send text messages to the chat")
        return chat

    def check_membership(self, chat: Chat) -> None:
        """Raise ApiError (403) where the bot is not in a group or channel."""
        name = {"group": "group", "supergroup": "supergroup", "channel": "channel"}.get(chat.kind, "")
        if chat.bot_status == "kicked":
            raise forbidden(f"bot was kicked from the {name} chat")
        if chat.bot_status not in PRESENT:
            raise forbidden(f"bot is not a member of the {name} chat")

    def new_chat_id(self, kind: Kind) -> int:
        """An id that no chat has, in the range of its kind."""
        number = next(self._message_ids) + 100
        return -number if kind == "group" else -1_000_000_000_000 - number

    def known_users(self, fields: Json) -> Json:
        """Content fields in which users mentioned by id are users; those whom the bot does not know are gone."""
        for name in ("entities", "caption_entities"):
            entities = fields.get(name)
            if entities and any(entity["type"] == "text_mention" for entity in entities):
                fields = fields | {name: [known for entity in entities if (known := self._known_user(entity))]}
        return fields

    def _known_user(self, entity: Json) -> Json | None:
        if entity["type"] != "text_mention":
            return entity
        given = entity.get("user")
        user = self.users.get(given["id"] if isinstance(given, dict) else given) if given else None
        return entity | {"user": user} if user else None

    # ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def next_message_id(self, chat: Chat) -> int:
        """The next id: people and small groups share one sequence, others have their own."""
        if chat.kind in {"private", "group"}:
            chat.last_id = next(self._message_ids)
        else:
            chat.last_id += 1
        return chat.last_id

    def store(
        self, chat: Chat, message: Json, *, by_bot: bool, silent: bool = False, keyboard: Json | None = None
    ) -> Post:
        """Keep a message and tell the page of it."""
        post = Post(message, by_bot, silent, keyboard)
        chat.keep(post, self.keep)
        if by_bot:
            chat.unread += 1
        self.events.append("message", post=post, message=message)
        return post

    def find_post(self, chat: Chat, message_id: int | None, what: str) -> Post:
        """A message of a chat. Raises ApiError (400): "message to … not found"."""
        post = chat.posts.get(message_id) if message_id is not None else None
        if post is None:
            raise bad_request(f"message {what} not found")
        return post

    def accepted(self, method: str, chat: Chat, post: Post) -> Json:
        """Record a message that the bot sent or changed; returns it."""
        message = post.message
        self._sent.append(Sent(self.events.seq, method, chat.id, message["message_id"], message, post.keyboard))
        return message

    @property
    def sent(self) -> list[Sent]:
        """The messages that the bot sent or changed, oldest first."""
        return list(self._sent)

    def sent_to(self, chat_id: int) -> list[Sent]:
        """Those of one chat."""
        return [sent for sent in self._sent if sent.chat_id == chat_id]

    def delete(self, chat: Chat, message_ids: list[int]) -> None:
        """Remove messages and tell the page."""
        for message_id in message_ids:
            chat.posts.pop(message_id, None)
            if message_id in chat.pinned:
                chat.pinned.remove(message_id)
        self.events.append("deleted", chat_id=chat.id, message_ids=message_ids)

    # ── queries, refusals ────────────────────────────────────────────────────────────────────────────────────────────

    def open_query(self, user: Json, **fields: Any) -> Query:
        """Remember a callback or inline query; old ones are forgotten."""
        query = Query(str(next(self._query_ids)), user, self.now(), **fields)
        self.queries[query.id] = query
        while len(self.queries) > 10_000:
            del self.queries[next(iter(self.queries))]
        return query

    def find_query(self, query_id: str) -> Query:
        """A query that can still be answered. Raises ApiError (400)."""
        query = self.queries.get(query_id)
        if query is None or self.now() - query.at > self.query_lifetime:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return query

    def refuse(self, method: str, params: Json, error: ApiError, *, scripted: bool = False) -> None:
        """Record a refused call and tell the page."""
        self.refused.append(Refused(method, params, error.code, error.description, scripted))
        if len(self.refused) > MOST_REFUSED:
            del self.refused[: MOST_REFUSED // 2]
        self.events.append("refused", method=method, description=error.description, params=params)

    # ── waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 10.0) -> T:  # noqa: ASYNC109 — for tests
        """Wait until `predicate()` is true and return what it gave; it is asked again after each event.

        Raises TimeoutError, with the last things that were sent in its text.
        """
        try:
            async with asyncio.timeout(timeout):
                while not (value := predicate()):
                    await self.events.changed()
                return value
        except TimeoutError:
            last = [(sent.chat_id, sent.method, sent.text[:60]) for sent in self.sent[-3:]]
            refused = [(refused.method, refused.description) for refused in self.refused[-3:]]
            raise TimeoutError(f"not within {timeout} s; last sent: {last}; refused: {refused}") from None

    async def wait_sent(self, chat_id: int, text: str = "", *, after: int = 0, timeout: float = 10.0) -> Sent:  # noqa: ASYNC109 — for tests
        """Wait for a message (or an edit) in a chat whose text holds `text`, with a `seq` above `after`."""

        def found() -> Sent | None:
            for sent in reversed(self._sent):
                if sent.seq <= after:
                    return None
                if sent.chat_id == chat_id and text in sent.text:
                    return sent
            return None

        sent = await self.wait_for(found, timeout)
        if sent is None:
            raise TimeoutError
        return sent

    def member_status(self, chat: Chat, user_id: int) -> Status:
        """What a user is in a chat."""
        if user_id == self.me["id"]:
            return chat.bot_status
        if chat.kind == "private":
            return "member"
        return chat.members.get(user_id, "left")
