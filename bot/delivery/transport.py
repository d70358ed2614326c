"""One message to one chat, and what came of it: Telegram's errors sorted into what can be done about them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

import structlog
from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.delivery.limiter import Turn
from bot.telegram_request import UncertainError
from bot.view import Message
from digests.model import Subscriber

log = structlog.get_logger(__name__)

GONE = (
    "chat not found",
    "user is deactivated",
    "bot was kicked",
    "bot was blocked",
    "not enough rights",
    "group chat was deactivated",
)
UNPARSED = "can't parse entities"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a send.

    sent: `message_id` is set. flood: wait `seconds`, then again. again: it did not go out, or failed on Telegram's
    side; try later. gone: the chat will take nothing until it comes back. migrated: use `new_chat_id`. failed: this
    message can never be sent. uncertain: nobody knows.
    """

    kind: Literal["sent", "flood", "again", "gone", "migrated", "failed", "uncertain"]
    message_id: int | None = None
    seconds: float = 0.0
    new_chat_id: int | None = None
    reason: str = ""


class Transport(Protocol):
    """Sends messages; raises nothing."""

    async def send(self, subscriber: Subscriber, message: Message, *, turn: Turn = "reply") -> Outcome:
        """Send one message to a subscriber's chat and thread."""
        ...


class TelegramTransport:
    """The transport over a PTB bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, subscriber: Subscriber, message: Message, *, turn: Turn = "reply") -> Outcome:
        """Send; a message whose entities Telegram can't parse goes once more as plain text."""
        try:
            return await self._send(subscriber, message.html, message, turn, ParseMode.HTML)
        except BadRequest as error:
            if UNPARSED not in error.message.casefold():
                return outcome_of(error)
            log.warning("delivery.unparsed", chat_id=subscriber.chat_id, error=error.message)
        except TelegramError as error:
            return outcome_of(error)
        try:
            return await self._send(subscriber, message.plain, message, "reply", None)
        except TelegramError as error:
            return outcome_of(error)

    async def _send(
        self, subscriber: Subscriber, text: str, message: Message, turn: Turn, parse_mode: ParseMode | None
    ) -> Outcome:
        sent = await self._bot.send_message(
            subscriber.chat_id,
            text,
            parse_mode=parse_mode,
            message_thread_id=subscriber.thread_id or None,
            disable_notification=message.silent or None,
            reply_markup=message.keyboard,
            link_preview_options=preview_options(message),
            rate_limit_args=turn,  # type: ignore[call-arg]  # of ExtBot, which is what an Application holds
        )
        return Outcome("sent", message_id=sent.message_id)


def preview_options(message: Message) -> LinkPreviewOptions:
    """The link preview that a message asks for; none unless it names a URL."""
    if message.preview is None:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(
        url=message.preview,
        prefer_large_media=message.preview_large or None,
        prefer_small_media=None if message.preview_large else True,
        show_above_text=message.preview_above or None,
    )


def outcome_of(error: TelegramError) -> Outcome:
    """What an error of Telegram's means for the message (platform.md's table; texts compared without case)."""
    match error:
        case RetryAfter():
            wait = error.retry_after
            return Outcome("flood", seconds=wait.total_seconds() if isinstance(wait, timedelta) else float(wait))
        case ChatMigrated():
            return Outcome("migrated", new_chat_id=error.new_chat_id)
        case Forbidden() | InvalidToken():
            return Outcome("gone" if isinstance(error, Forbidden) else "again", reason=error.message)
        case BadRequest():
            gone = any(text in error.message.casefold() for text in GONE)
            return Outcome("gone" if gone else "failed", reason=error.message)
        case UncertainError():
            return Outcome("uncertain", reason=error.message)
        case NetworkError():
            return Outcome("again", reason=error.message)
        case _:
            # "Invalid server response": an answer came that was no JSON, so Telegram may have carried it out.
            return Outcome("uncertain", reason=error.message)
