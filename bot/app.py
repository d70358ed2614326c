"""The PTB Application: an update in, the handlers of the command and tap tables, answers out, errors in one place."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import structlog
from telegram import Bot, CallbackQuery, ReplyKeyboardRemove, ReplyParameters, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import (
    Application,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from bot import commands
from bot.callbacks import SetZone, decode, unbind
from bot.delivery.limiter import PacedRateLimiter
from bot.delivery.transport import preview_options
from bot.handlers import chats, errors, feeds, inline, learning, manage, search, zones
from bot.handlers.session import Answer, Session, Tap, open_session
from bot.services import Services
from bot.telegram_request import AiohttpRequest
from bot.view import Message

log = structlog.get_logger(__name__)

ALLOWED_UPDATES = ["message", "callback_query", "inline_query", "my_chat_member", "channel_post", "message_reaction"]

App = Application[Any, Any, Any, Any, Any, Any]
Context = CallbackContext[Any, Any, Any, Any]


def build_application(
    token: str, services: Services, limiter: PacedRateLimiter, *, api_url: str, direct: bool, connections: int = 64
) -> App:
    """The application with all handlers. `direct` reaches the server without the operator's proxy; `connections` may
    be open to it at a time.
    """
    app = (
        Application.builder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .request(AiohttpRequest(connections=connections, trust_env=not direct))
        .get_updates_request(AiohttpRequest(connections=4, trust_env=not direct))
        .rate_limiter(limiter)
        .updater(None)
        .job_queue(None)
        .build()
    )
    dispatch = Dispatch(services)
    for command in commands.COMMANDS:
        app.add_handler(CommandHandler([command.name, *command.aliases], dispatch.command, has_args=None))
    app.add_handler(CallbackQueryHandler(dispatch.tap))
    app.add_handler(InlineQueryHandler(dispatch.inline))
    app.add_handler(
        MessageReactionHandler(
            dispatch.reaction, message_reaction_types=MessageReactionHandler.MESSAGE_REACTION_UPDATED
        )
    )
    app.add_handler(ChatMemberHandler(dispatch.membership, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, dispatch.migrated))
    app.add_handler(MessageHandler(filters.COMMAND & filters.ChatType.PRIVATE, dispatch.unknown))
    app.add_handler(MessageHandler(filters.LOCATION & filters.ChatType.PRIVATE, dispatch.location))
    app.add_handler(MessageHandler(filters.Document.ALL & filters.ChatType.PRIVATE, dispatch.document))
    app.add_handler(MessageHandler(filters.FORWARDED & filters.ChatType.PRIVATE, dispatch.forwarded))
    app.add_handler(MessageHandler(filters.TEXT & filters.ChatType.PRIVATE & ~filters.VIA_BOT, dispatch.text))
    app.add_error_handler(dispatch.fault)
    return app


class Dispatch:
    """Turns updates into sessions, finds the handler in the tables, and sends what it answers."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def inline(self, update: Update, context: Context) -> None:
        """Somebody asks for stories to share, in whatever chat. One who has typed on gets no answer any more."""
        query = update.inline_query
        if query is None:
            return
        user = query.from_user
        found = await inline.answer(self._services, user.id, user.language_code or "", query.query, query.offset)
        try:
            await query.answer(
                found.results,
                cache_time=found.cache,
                is_personal=True,
                next_offset=found.next_offset,
                button=found.button,
            )
        except BadRequest as error:
            if not _is_old(error):
                raise
            log.info("inline.too_old")

    async def command(self, update: Update, context: Context) -> None:
        """A command of the table."""
        message = update.effective_message
        if message is None or not message.text:
            return
        command, words = commands.find(_name(message.text)), " ".join(message.text.split(None, 1)[1:])
        joins = command is not None and command.joins
        session = await self._session(update, context, payload=words, joins=joins)
        if session is None or command is None:
            return
        session.command, session.words = command.name, words
        session.menu = commands.menu(admin=session.is_admin)
        await zones.leave_question(session)
        if command.admin and not session.is_admin:
            await self._send(session, errors.unknown_command(session))
        elif command.sets_up and not await self._may_set_up(session, own=command.own):
            await self._send(session, errors.only_administrators(session))
        else:
            await self._send(session, await errors.answered(command.handler, session))

    async def _may_set_up(self, session: Session, *, own: bool) -> bool:
        """Whether whoever wrote may set up the chat that they mean; in private that may be another one."""
        if session.is_private:
            return own or await manage.enter_typed(session)
        if not await session.may_set_up():
            return False
        await manage.remember(session)
        return True

    async def tap(self, update: Update, context: Context) -> None:
        """A tap on a button."""
        query = update.callback_query
        session = await self._session(update, context)
        if query is None:
            return
        if session is None:
            await query.answer()
            return
        data, chat = unbind(query.data)
        if chat is not None and not await manage.enter_bound(session, chat):
            await _toast(query, Tap(toast=errors.not_yours(session), alert=True))
            return
        callback = decode(data)
        if not isinstance(callback, SetZone):
            await zones.leave_question(session)
        found = commands.TAPS.get(type(callback)) if callback is not None else None
        if found is None:
            await _toast(query, Tap(toast=errors.old_button(session)))
        elif found.sets_up and not await session.may_set_up():
            await _toast(query, Tap(toast=errors.only_administrators(session).plain, alert=True))
        else:
            tap = await errors.tapped(found.handler, session, callback)
            await _toast(query, tap)
            if tap.edit is not None:
                await _edit(query, manage.framed(session, tap.edit))
            if tap.send is not None:
                await self._send(session, tap.send)

    async def text(self, update: Update, context: Context) -> None:
        """Plain words in a private chat are a search, unless they answer a question."""
        session = await self._session(update, context)
        message = update.effective_message
        if session is not None and message is not None:
            session.words = message.text or ""
            handler = zones.answer_text if zones.is_answer(session) else search.from_text
            await self._send(session, await errors.answered(handler, session))

    async def location(self, update: Update, context: Context) -> None:
        """A location that is shared in a private chat says where its clocks are."""
        session = await self._session(update, context)
        place = update.effective_message.location if update.effective_message is not None else None
        if session is not None and place is not None:
            handler = partial(zones.from_location, latitude=place.latitude, longitude=place.longitude)
            await self._send(session, await errors.answered(handler, session))

    async def forwarded(self, update: Update, context: Context) -> None:
        """A post of a channel may lead to a feed; any other words that were forwarded are a search."""
        session = await self._session(update, context)
        message = update.effective_message
        if session is None or message is None:
            return
        session.words = message.text or ""

        async def answer(session: Session) -> Answer:
            found = await feeds.from_forwarded(session, message)
            return found or (await search.from_text(session) if session.words else None)

        await self._send(session, await errors.answered(answer, session))

    async def document(self, update: Update, context: Context) -> None:
        """A file in a private chat: feeds from another reader."""
        session = await self._session(update, context)
        document = update.effective_message.document if update.effective_message is not None else None
        if session is not None and document is not None:
            await self._send(session, await errors.answered(lambda one: feeds.from_document(one, document), session))

    async def unknown(self, update: Update, context: Context) -> None:
        """A command that is not in the table."""
        session = await self._session(update, context)
        message = update.effective_message
        if session is not None and message is not None and message.text:
            session.command = _name(message.text)
            session.menu = commands.menu(admin=session.is_admin)
            await self._send(session, errors.unknown_command(session))

    async def reaction(self, update: Update, context: Context) -> None:
        """Somebody reacted to a message, or took that back."""
        if update.message_reaction is not None:
            await learning.reacted(self._services, context.bot, update.message_reaction)

    async def membership(self, update: Update, context: Context) -> None:
        """The bot was blocked, unblocked, added or removed."""
        change = update.my_chat_member
        if change is None:
            return
        kind = change.chat.type
        if chats.is_out(change.new_chat_member, kind):
            await self._services.storage.subscribers.set_gone(change.chat.id, gone=True)
            return
        if chats.is_out(change.old_chat_member, kind):
            await self._services.storage.subscribers.set_gone(change.chat.id, gone=False)
        session = await self._session(update, context)
        if session is not None and not session.is_private and chats.is_out(change.old_chat_member, kind):
            await chats.came(session)

    async def migrated(self, update: Update, context: Context) -> None:
        """A group became a supergroup."""
        message = update.effective_message
        if message is not None and message.migrate_to_chat_id is not None:
            await self._services.storage.subscribers.migrate(message.chat.id, message.migrate_to_chat_id)

    async def fault(self, update: object, context: Context) -> None:
        """An error that no handler foresaw: the log gets it whole, the reader one line."""
        log.error("update.failed", exc_info=context.error)
        if not isinstance(update, Update) or isinstance(context.error, Forbidden):
            return
        session = await self._session(update, context)
        if session is not None and not isinstance(context.error, TelegramError):
            try:
                await self._send(session, errors.our_fault(session))
            except Exception as error:  # noqa: BLE001  # the first error is logged; this one is of telling about it
                log.warning("update.fault_not_told", reason=repr(error))

    async def _session(
        self, update: Update, context: Context, *, payload: str = "", joins: bool = False
    ) -> Session | None:
        session = await open_session(update, context.bot, self._services, self._send, payload, joins=joins)
        if session is None and update.effective_chat is not None and update.effective_chat.type == ChatType.PRIVATE:
            refusal = errors.closed(update.effective_user.language_code if update.effective_user else None)
            await context.bot.send_message(update.effective_chat.id, refusal)
        return session

    async def _send(self, session: Session, answer: Answer) -> None:
        messages: Sequence[Message] = () if answer is None else (answer,) if isinstance(answer, Message) else answer
        for place, message in enumerate(messages):
            framed = manage.framed(session, message)
            await send(session.bot, session, framed, reply=place == 0 and not session.is_private)


def _name(text: str) -> str:
    """The command's name in a message: "/Latest@BaztabBot science" → "Latest"."""
    return text.split(None, 1)[0].lstrip("/").partition("@")[0]


async def send(bot: Bot, session: Session, message: Message, *, reply: bool) -> None:
    """Send a message to the session's chat and thread; in groups as a reply to whoever asked."""
    asked = session.message_id if reply else None
    options: dict[str, Any] = {
        "parse_mode": "HTML",
        "message_thread_id": session.thread_id or None,
        "reply_markup": message.keyboard or message.panel or (ReplyKeyboardRemove() if message.put_away else None),
        "disable_notification": message.silent or None,
        "reply_parameters": ReplyParameters(asked, allow_sending_without_reply=True) if asked else None,
    }
    file = message.attachment
    if file is None:
        await bot.send_message(session.chat.id, message.html, link_preview_options=preview_options(message), **options)
    elif file.photo:
        await bot.send_photo(session.chat.id, file.body, message.html, filename=file.name, **options)
    else:
        await bot.send_document(session.chat.id, file.body, message.html, filename=file.name, **options)


def _is_old(error: BadRequest) -> bool:
    """Whether Telegram no longer waits for the answer to a tap or an inline query."""
    text = error.message.casefold()
    return "query is too old" in text or "query id is invalid" in text


async def _toast(query: CallbackQuery, tap: Tap) -> None:
    """Answer the tap; one that is too old to be answered has been carried out all the same."""
    try:
        await query.answer(tap.toast[:200] or None, show_alert=tap.alert or None, url=tap.url or None)
    except BadRequest as error:
        if not _is_old(error):
            raise
        log.info("tap.too_old")


async def _edit(query: CallbackQuery, message: Message) -> None:
    """Put a message in place of the tapped one. A double tap changes nothing, and the message may be gone."""
    try:
        await query.edit_message_text(
            message.html,
            parse_mode="HTML",
            reply_markup=message.keyboard,
            link_preview_options=preview_options(message),
        )
    except BadRequest as error:
        text = error.message.casefold()
        if not any(known in text for known in ("not modified", "message to edit not found", "can't be edited")):
            raise
        log.info("tap.nothing_to_edit", reason=error.message)
