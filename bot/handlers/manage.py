"""Groups and channels set up from the private chat: /chats, and what it turns settings into.

A message that sets another chat up names it in the data of its buttons, so that it goes on meaning that chat whatever
was opened since; what is typed goes to the chat that was opened last, for an hour or until "Done". Rights are asked
for at each tap and each command.
"""

from datetime import timedelta

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden

from bot.callbacks import BeginChat, Close, CloseChat, ListChats, OpenChat, bind, encode
from bot.handlers import rescheduling, settings
from bot.handlers.session import Answer, Managing, Session, Tap
from bot.render import chats as texts
from bot.render import replies
from bot.services import FIRST_SLOT
from bot.view import Message
from digests.model import ChatKind, ManagedChat, Subscriber

OPEN_FOR = timedelta(hours=1)
"""How long what is typed in private goes to the chat that was opened."""
LINK = "chat_"
_CLOSE = encode(Close())
"""The button that puts settings away: here "Done" does."""


def chat_link(session: Session) -> str:
    """The address that opens this chat's settings in private."""
    return session.services.deep_link(f"{LINK}{session.subscriber.id}")


async def remember(session: Session) -> None:
    """Keep that whoever asks sets this chat up."""
    if session.user is not None and not session.is_private and not session.user.is_bot:
        await session.services.storage.managers.add(session.user.id, session.subscriber.id, session.title)


async def chats(session: Session) -> Answer:
    """The chats that a person sets up; in a group, the way to that list."""
    if not session.is_private:
        return texts.chats_elsewhere(session.view, link=session.services.deep_link("chats"))
    return await listed(session)


async def listed(session: Session) -> Message:
    """The chats that whoever asks sets up."""
    found = await session.services.storage.managers.chats(session.chat.id)
    link = session.services.deep_link("")
    return texts.chats([chat for chat in found if not chat.subscriber.gone], session.own_view, link=link)


async def opened(session: Session, subscriber_id: int) -> Message:
    """The settings of a chat, opened in private; or why they can't be."""
    chat = await find(session, subscriber_id)
    if chat is None:
        return texts.not_yours(session.own_view)
    await session.services.storage.managers.open(session.chat.id, chat.subscriber.id, session.now + OPEN_FOR)
    enter(session, chat)
    return settings.page("main", session)


async def find(session: Session, subscriber_id: int) -> ManagedChat | None:
    """A chat that whoever asks may set up now; None where it is gone or they are no administrator of it."""
    services, user = session.services, session.user
    subscriber = await services.storage.subscribers.by_id(subscriber_id)
    if subscriber is None or subscriber.gone or subscriber.kind is ChatKind.PRIVATE or user is None:
        return None
    if not await services.rights.may_set_up(session.bot, subscriber.chat_id, user.id, subscriber.kind, session.now):
        await services.storage.managers.remove(user.id, subscriber_id)
        return None
    known = {chat.subscriber.id: chat for chat in await services.storage.managers.chats(user.id)}
    if subscriber_id in known:
        return known[subscriber_id]
    chat = ManagedChat(subscriber=subscriber, title=await _title(session, subscriber))
    await services.storage.managers.add(user.id, subscriber_id, chat.title)
    return chat


async def _title(session: Session, subscriber: Subscriber) -> str:
    try:
        found = await session.bot.get_chat(subscriber.chat_id)
    except (BadRequest, Forbidden):
        return str(subscriber.chat_id)
    name = found.title or str(subscriber.chat_id)
    return f"{name} › {subscriber.thread_id}" if subscriber.thread_id else name


def enter(session: Session, chat: ManagedChat) -> None:
    """Let the session be about a chat that whoever asks may set up."""
    session.managing = Managing(own=session.subscriber, title=chat.title)
    session.subscriber = chat.subscriber


async def enter_bound(session: Session, subscriber_id: int) -> bool:
    """Let a tap be about the chat that its button names; False where whoever tapped may not set it up now."""
    chat = await find(session, subscriber_id) if session.is_private else None
    if chat is None:
        return False
    enter(session, chat)
    return True


async def enter_typed(session: Session) -> bool:
    """Let what was typed be about the chat that was opened last, if one still is; False where that is forbidden now."""
    found = await session.services.storage.managers.chats(session.chat.id)
    chat = next((one for one in found if one.open_until is not None and one.open_until > session.now), None)
    if chat is None:
        return True
    allowed = await find(session, chat.subscriber.id)
    if allowed is None:
        return False
    await session.services.storage.managers.open(session.chat.id, chat.subscriber.id, session.now + OPEN_FOR)
    enter(session, allowed)
    return True


def framed(session: Session, message: Message) -> Message:
    """A message of a session that sets another chat up: it says which, and its buttons mean that chat."""
    if session.managing is None:
        return message
    subscriber = session.subscriber
    rows = message.keyboard.inline_keyboard if message.keyboard is not None else ()
    bound = [[_bound(button, subscriber.id) for button in row if button.callback_data != _CLOSE] for row in rows]
    framed = texts.framed(message, subscriber, session.own_view, title=session.managing.title)
    more = framed.keyboard.inline_keyboard if framed.keyboard is not None else ()
    return texts.with_keyboard(framed, InlineKeyboardMarkup([row for row in (*bound, *more) if row]))


def _bound(button: InlineKeyboardButton, subscriber_id: int) -> InlineKeyboardButton:
    if not isinstance(button.callback_data, str):
        return button
    return InlineKeyboardButton(button.text, callback_data=bind(button.callback_data, subscriber_id))


async def tap_list(session: Session, _: ListChats) -> Tap:
    """Back to the list."""
    return Tap(edit=await listed(session)) if session.is_private else _nothing(session)


async def tap_open(session: Session, callback: OpenChat) -> Tap:
    """Open a chat's settings."""
    return Tap(edit=await opened(session, callback.subscriber)) if session.is_private else _nothing(session)


def _nothing(session: Session) -> Tap:
    """For a button that only private chats have."""
    return Tap(toast=replies.toast_expired(session.view))


async def tap_begin(session: Session, _: BeginChat) -> Tap:
    """Let digests come to the chat, one a day, and one now."""
    if not session.subscriber.slots:
        await rescheduling.reschedule(session, slots=(FIRST_SLOT,))
    if session.subscriber.paused:
        await rescheduling.resume(session)
    await session.services.pipeline.send_now(session.subscriber, "start")
    session.services.wake()
    return Tap(edit=settings.page("main", session), toast=texts.toast_begun(session.view))


async def tap_close(session: Session, _: CloseChat) -> Tap:
    """What is typed is the person's own again."""
    await session.services.storage.managers.open(session.chat.id, None, None)
    return Tap(edit=texts.closed(session.own_view))
