"""Groups, threads and channels: the bot comes, goes, says what it does, and where its digests come."""

from collections.abc import Awaitable, Callable

import structlog
from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberRestricted
from telegram.constants import ChatMemberStatus, ChatType, ParseMode
from telegram.error import TelegramError

from bot.handlers import manage, rescheduling
from bot.handlers.session import Answer, Session
from bot.render import chats as texts
from bot.services import FIRST_SLOT, Services
from bot.view import Message, view_of
from digests.model import ChatKind, Subscriber

log = structlog.get_logger(__name__)


def is_out(member: ChatMember, chat_type: str) -> bool:
    """Whether the bot, by this membership, can't write to the chat."""
    if member.status in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}:
        return True
    if chat_type == ChatType.CHANNEL:
        return not (isinstance(member, ChatMemberAdministrator) and member.can_post_messages)
    return isinstance(member, ChatMemberRestricted) and not member.can_send_messages


async def came(session: Session) -> None:
    """The bot was added: a group hears what it does; of a channel whoever added it hears, in private."""
    subscriber, user = session.subscriber, session.user
    if user is not None and not user.is_bot and await session.may_set_up():
        await manage.remember(session)
    if subscriber.kind is ChatKind.CHANNEL:
        await _offer_channel(session)
    else:
        await session.send(texts.hello(subscriber, session.view, link=manage.chat_link(session)))


async def _offer_channel(session: Session) -> None:
    """Offer the channel's settings to whoever added the bot; who never spoke to it finds them in /chats."""
    user = session.user
    if user is None or user.is_bot:
        return
    own = await session.services.person(user.id, user.language_code or "")
    offer = texts.offer(session.subscriber, view_of(own, session.now), title=session.chat.title or "")
    try:
        await session.bot.send_message(user.id, offer.html, parse_mode=ParseMode.HTML, reply_markup=offer.keyboard)
    except TelegramError as error:
        log.info("channel.not_offered", reason=error.message)


async def here(session: Session) -> Answer:
    """Let the digests of the chat come to the thread in which this was written."""
    subscriber, thread = session.subscriber, session.thread_id
    if subscriber.thread_id == thread:
        return texts.here_already(subscriber, session.view)
    subscribers = session.services.storage.subscribers
    in_chat = await subscribers.in_chat(session.chat.id)
    homeless = next((one for one in in_chat if one.gone), None)  # its thread was closed
    whole = in_chat[0] if len(in_chat) == 1 or in_chat[0].thread_id == 0 else None
    moved = homeless or whole
    if moved is None:
        # Several threads have digests of their own, and the chat itself has none that could move.
        return texts.here_which(session.view)
    session.subscriber = await subscribers.update(moved.id, thread_id=thread, gone=False)
    if not session.subscriber.slots:
        await rescheduling.reschedule(session, slots=(FIRST_SLOT,))
    await manage.remember(session)
    return texts.here_now(session.subscriber, session.view)


def thread_reporter(bot: Bot, services: Services) -> Callable[[Subscriber], Awaitable[None]]:
    """Tells those who set a thread up, else the group, that it takes no digests any more."""

    async def report(subscriber: Subscriber) -> None:
        told = False
        for user_id, title in await services.storage.managers.of(subscriber.id):
            own = await services.person(user_id, "")
            told |= await _tell(
                bot, user_id, texts.thread_closed(subscriber, view_of(own, services.now()), title=title)
            )
        if not told:
            view = view_of(subscriber, services.now())
            await _tell(bot, subscriber.chat_id, texts.thread_closed(subscriber, view))

    return report


async def _tell(bot: Bot, chat_id: int, message: Message) -> bool:
    try:
        await bot.send_message(chat_id, message.html, parse_mode=ParseMode.HTML, reply_markup=message.keyboard)
    except TelegramError as error:
        log.warning("thread.not_reported", chat_id=chat_id, reason=error.message)
        return False
    return True
