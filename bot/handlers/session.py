"""One update as handlers see it: who asks, in which chat, with what words; and what they answer with."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram import Bot, Chat, MaybeInaccessibleMessage, Update, User
from telegram import Message as TelegramMessage
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.i18n import known
from bot.services import Services
from bot.view import Message, View, view_of
from digests.model import Article, ChatKind, Request, Subscriber

KINDS = {ChatType.PRIVATE: ChatKind.PRIVATE, ChatType.CHANNEL: ChatKind.CHANNEL}


TYPING = 4.0
"""Seconds after which "typing" is shown again: it fades after five."""


@dataclass(frozen=True, slots=True)
class Managing:
    """Another chat is set up from the private one: whose that is, and what the other is called."""

    own: Subscriber
    title: str


@dataclass(slots=True)
class Session:
    """One update of one chat. `words` is what stands behind the command, `command` its name without the slash.
    `send` sends a message to the chat at once, ahead of the answer. `subscriber` is who is asked about: the chat, its
    thread, or the chat that is set up from here (`managing`). `thread_id` is that of the message, 0 for none.
    """

    services: Services
    bot: Bot
    chat: Chat
    user: User | None
    subscriber: Subscriber
    send: Callable[[Message], Awaitable[None]]
    command: str = ""
    words: str = ""
    message_id: int | None = None
    thread_id: int = 0
    title: str = ""
    managing: Managing | None = None
    menu: Sequence[tuple[str, str, str]] = field(default=())
    """The commands that this chat may use, with what they do and examples (English; to be translated)."""

    @property
    def now(self) -> datetime:
        """The present, in UTC."""
        return self.services.now()

    @property
    def view(self) -> View:
        """How this chat sees things now; changes with the subscriber."""
        return view_of(self.subscriber, self.now)

    @property
    def own_view(self) -> View:
        """How whoever asks sees things, whatever chat they set up."""
        return view_of(self.managing.own, self.now) if self.managing is not None else self.view

    @property
    def is_private(self) -> bool:
        """Whether this is a person's chat with the bot."""
        return self.chat.type == ChatType.PRIVATE

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of this chat's news."""
        return self.subscriber.languages

    @property
    def is_admin(self) -> bool:
        """Whether whoever asks runs this bot."""
        return self.user is not None and self.user.id in self.services.admins

    async def change(self, **changes: object) -> None:
        """Change plain fields of the subscriber."""
        self.subscriber = await self.services.storage.subscribers.update(self.subscriber.id, **changes)

    async def reload(self) -> None:
        """Read the subscriber again after its wishes, mutes or times were changed."""
        self.subscriber = await self.services.storage.subscribers.by_id(self.subscriber.id) or self.subscriber

    async def remember(self, kind: str, arguments: str = "") -> Request:
        """Record what was asked, so that the buttons of the answer can come back to it."""
        return await self.services.storage.ledger.open_request(self.subscriber.id, kind, arguments, now=self.now)

    async def request(self, request_id: int) -> Request | None:
        """A request of this chat; None for one of another: a button's data is never trusted."""
        found = await self.services.storage.ledger.request(request_id)
        return found if found is not None and found.subscriber_id == self.subscriber.id else None

    async def article(self, article_id: int) -> Article | None:
        """An article that this chat may see: of a personal feed only where it is one of its own."""
        return await self.services.reading.readable_article(article_id, feeds=self.subscriber.feeds)

    async def busy(self, action: str = "typing") -> None:
        """Show that an answer is being made. It is a sign only: the answer comes where it can't be shown, too."""
        with contextlib.suppress(TelegramError):
            await self.bot.send_chat_action(self.chat.id, action, message_thread_id=self.thread_id or None)

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Show so for as long as something takes."""

        async def show() -> None:
            while True:
                await self.busy()
                await asyncio.sleep(TYPING)

        showing = asyncio.create_task(show(), name="typing")
        try:
            yield
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    async def may_set_up(self) -> bool:
        """In a group or channel only its administrators change what it gets."""
        if self.is_private or self.is_admin:
            return True
        if self.user is None:
            return False
        if self.user.id == self.chat.id or self.user.username == "GroupAnonymousBot":
            return True
        kind = self.subscriber.kind
        return await self.services.rights.may_set_up(self.bot, self.chat.id, self.user.id, kind, self.now)


@dataclass(frozen=True, slots=True)
class Tap:
    """The answer to a tap on a button: a message in place of the one tapped, one below it, a toast, or none of them.

    `url`, a link to this bot, takes whoever tapped to their private chat and changes nothing for others.
    """

    edit: Message | None = None
    send: Message | None = None
    toast: str = ""
    alert: bool = False
    url: str = ""


Answer = Message | Sequence[Message] | None
CommandHandler = Callable[[Session], Awaitable[Answer]]
TapHandler = Callable[[Session, Any], Awaitable[Tap]]


async def open_session(
    update: Update,
    bot: Bot,
    services: Services,
    send: Callable[["Session", Message], Awaitable[None]],
    payload: str = "",
    *,
    joins: bool = False,
) -> Session | None:
    """The session of an update; None where the chat is not known and may not enter.

    A thread becomes a subscriber of its own where it `joins`; else it is its chat's until then.
    """
    chat, user = update.effective_chat, update.effective_user
    if chat is None:
        return None
    message = update.effective_message
    thread = _thread(message)
    subscriber = await _known(services, chat.id, thread, joins=joins)
    if subscriber is None:
        if not await services.may_enter(chat.id, payload, by=user.id if user is not None else None):
            return None
        client = (user.language_code or "") if user is not None else ""
        subscriber = await services.storage.subscribers.create(
            await services.newcomer(
                chat.id,
                kind=KINDS.get(ChatType(chat.type), ChatKind.GROUP),
                thread_id=thread if joins else 0,
                client=client,
                interface=known(client),
            )
        )
    elif subscriber.gone and subscriber.thread_id == thread:
        await services.storage.subscribers.set_gone(chat.id, gone=False)
    session = Session(
        services=services,
        bot=bot,
        chat=chat,
        user=user,
        subscriber=subscriber,
        send=lambda message: send(session, message),
        message_id=message.message_id if message is not None else None,
        thread_id=thread,
        title=_title(chat, message, thread),
    )
    return session


def _thread(message: MaybeInaccessibleMessage | None) -> int:
    """The forum topic of a message; 0 for the general one, and where there are none."""
    if not isinstance(message, TelegramMessage) or not message.is_topic_message:
        return 0
    return message.message_thread_id or 0


async def _known(services: Services, chat_id: int, thread: int, *, joins: bool) -> Subscriber | None:
    """The subscriber of a thread; of its chat where it has none of its own, and need not have."""
    found = await services.storage.subscribers.get(chat_id, thread)
    if found is not None or joins or chat_id > 0:
        return found
    in_chat = await services.storage.subscribers.in_chat(chat_id)
    return min(in_chat, key=lambda one: (one.gone, one.thread_id), default=None)


def _title(chat: Chat, message: MaybeInaccessibleMessage | None, thread: int) -> str:
    """What a chat is called, with its thread: every message of a thread answers the one that opened it."""
    name = chat.title or ""
    if not thread:
        return name
    opening = message.reply_to_message if isinstance(message, TelegramMessage) else None
    created = opening.forum_topic_created if opening is not None else None
    return f"{name} › {created.name if created is not None else thread}"
