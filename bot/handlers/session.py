"""One update as handlers see it: who asks, in which chat, with what words; and what they answer with."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram import Bot, Chat, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.i18n import known
from bot.services import Services
from bot.view import Message, View, view_of
from digests.model import ChatKind, Request, Subscriber

KINDS = {ChatType.PRIVATE: ChatKind.PRIVATE, ChatType.CHANNEL: ChatKind.CHANNEL}


@dataclass(slots=True)
class Session:
    """One update of one chat. `words` is what stands behind the command, `command` its name without the slash.
    `send` sends a message to the chat at once, ahead of the answer."""

    services: Services
    bot: Bot
    chat: Chat
    user: User | None
    subscriber: Subscriber
    send: Callable[[Message], Awaitable[None]]
    command: str = ""
    words: str = ""
    message_id: int | None = None
    menu: Sequence[tuple[str, str]] = field(default=())
    """The commands that this chat may use, with what they do (English; to be translated)."""

    @property
    def now(self) -> datetime:
        """The present, in UTC."""
        return self.services.now()

    @property
    def view(self) -> View:
        """How this chat sees things now; changes with the subscriber."""
        return view_of(self.subscriber, self.now)

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

    async def may_set_up(self) -> bool:
        """In a group only its administrators change what it gets."""
        if self.subscriber.kind is not ChatKind.GROUP or self.is_admin:
            return True
        if self.user is None:
            return False
        if self.user.id == self.chat.id or self.user.username == "GroupAnonymousBot":
            return True
        member = await self.bot.get_chat_member(self.chat.id, self.user.id)
        return member.status in {ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER}


@dataclass(frozen=True, slots=True)
class Tap:
    """The answer to a tap on a button: a message in place of the one tapped, one below it, a toast, or none of them."""

    edit: Message | None = None
    send: Message | None = None
    toast: str = ""
    alert: bool = False


Answer = Message | Sequence[Message] | None
CommandHandler = Callable[[Session], Awaitable[Answer]]
TapHandler = Callable[[Session, Any], Awaitable[Tap]]


async def open_session(
    update: Update,
    bot: Bot,
    services: Services,
    send: Callable[["Session", Message], Awaitable[None]],
    payload: str = "",
) -> Session | None:
    """The session of an update; None where the chat is not known and may not enter."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None:
        return None
    message = update.effective_message
    thread = message.message_thread_id or 0 if message is not None and message.is_topic_message else 0
    subscriber = await services.storage.subscribers.get(chat.id, thread)
    if subscriber is None:
        if not services.may_enter(chat.id, payload):
            return None
        client = (user.language_code or "") if user is not None else ""
        subscriber = await services.storage.subscribers.create(
            services.newcomer(
                chat.id,
                kind=KINDS.get(ChatType(chat.type), ChatKind.GROUP),
                thread_id=thread,
                client=client,
                interface=known(client),
            )
        )
    elif subscriber.gone:
        await services.storage.subscribers.set_gone(chat.id, gone=False)
    session = Session(
        services=services,
        bot=bot,
        chat=chat,
        user=user,
        subscriber=subscriber,
        send=lambda message: send(session, message),
        message_id=message.message_id if message is not None else None,
    )
    return session
