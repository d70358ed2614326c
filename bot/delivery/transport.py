"""One message to one chat, and what came of it: Telegram's errors sorted into what can be done about them."""

from dataclasses import dataclass
from typing import Literal, Protocol

import structlog
from telegram import Bot, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.delivery.limiter import Turn, seconds_of
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
    "have no rights to send",
    "need administrator rights",
    "chat_write_forbidden",
    "group chat was deactivated",
    "peer_id_invalid",
)
CLOSED = ("message thread not found", "topic_closed", "topic_deleted")
UNPARSED = "can't parse entities"
UNPAID = ("balance", "not enough stars")
"""Refusals of a paid broadcast that the bot can't pay for."""
NO_METHOD = "method not found"
"""What a server says that does not know a method, where it says more than "Not Found"."""
UNAUTHORIZED = "unauthorized"
MOST_REFUSED = 1000
"""Refused messages remembered; an older one is tried as it was meant again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a send.

    sent: `message_id` is set. flood: wait `seconds`, then again. again: it did not go out, or failed on Telegram's
    side; try later. gone: the chat will take nothing until it comes back. closed: its thread won't, the rest of the
    chat may. migrated: use `new_chat_id`. failed: this message can never be sent. uncertain: nobody knows.
    """

    kind: Literal["sent", "flood", "again", "gone", "closed", "migrated", "failed", "uncertain"]
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
    """The transport over a PTB bot. With `paid` digests go out as paid broadcasts: up to 1,000 a second, for Stars;
    replies never do."""

    def __init__(self, bot: Bot, *, paid: bool = False) -> None:
        self._bot = bot
        self._paid = paid
        self._rich = True
        """Whether the server takes rich messages, as far as we know."""
        self._plain: dict[tuple[int, str], None] = {}
        """Messages that Telegram could not parse, by chat and HTML, until they were sent without markup."""
        self._poor: dict[tuple[int, str], None] = {}
        """Messages that Telegram refused as rich ones, likewise, until they were sent as any other."""

    async def send(self, subscriber: Subscriber, message: Message, *, turn: Turn = "reply") -> Outcome:
        """Send. A message whose entities Telegram can't parse is to be sent again, and goes as plain text then: that
        call waits for a turn of its own, and its sender notes anew that it goes out. One that could not be paid for
        goes once more without paying, at the pace that Telegram then asks for.
        """
        key = (subscriber.chat_id, message.html)
        text, mode = (message.plain, None) if key in self._plain else (message.html, ParseMode.HTML)
        paid = self._paid and turn == "taken"
        if message.rich and self._rich and mode is not None and key not in self._poor:
            return await self._as_rich(subscriber, message, turn, paid=paid)
        outcome = await self._outcome(subscriber, text, message, turn, mode, paid=paid)
        if paid and outcome.kind == "failed" and any(known in outcome.reason.casefold() for known in UNPAID):
            log.warning("delivery.not_paid_for", error=outcome.reason)
            outcome = await self._outcome(subscriber, text, message, turn, mode)
        if mode is not None and outcome.kind == "failed" and UNPARSED in outcome.reason.casefold():
            log.warning("delivery.unparsed", chat_id=subscriber.chat_id, error=outcome.reason)
            _remember(self._plain, key)
            return Outcome("again", reason=outcome.reason)
        if outcome.kind not in {"again", "flood", "uncertain"}:
            self._plain.pop(key, None)
            self._poor.pop(key, None)
        return outcome

    async def _as_rich(self, subscriber: Subscriber, message: Message, turn: Turn, *, paid: bool) -> Outcome:
        """Send as a rich message. One that is refused is to be sent again, and goes as any other message then. A
        server that does not know the method gets no rich ones any more, until we are started anew.
        """
        options: dict[str, object] = {
            "chat_id": subscriber.chat_id,
            "rich_message": {"html": message.rich, "is_rtl": message.rtl, "skip_entity_detection": True},
            "message_thread_id": subscriber.thread_id or None,
            "disable_notification": message.silent or None,
            "reply_markup": message.keyboard,
            "allow_paid_broadcast": paid or None,
            "reply_parameters": _reply(message),
        }
        wanted = {name: value for name, value in options.items() if value is not None}
        try:
            sent = await self._bot.do_api_request(
                "send_rich_message",
                api_kwargs=wanted,
                rate_limit_args=turn,  # type: ignore[call-arg]  # as in _send
            )
            return Outcome("sent", message_id=int(sent["message_id"]))
        except EndPointNotFound as error:
            if UNAUTHORIZED in str(error.__cause__).casefold():  # PTB takes a 401 for a missing method too
                return Outcome("again", reason=error.message)
            return self._unknown(error)
        except BadRequest as error:
            outcome = outcome_of(error)
            if outcome.kind != "failed":
                return outcome
            if NO_METHOD in error.message.casefold():
                return self._unknown(error)
            log.warning("delivery.rich_refused", chat_id=subscriber.chat_id, error=error.message)
            _remember(self._poor, (subscriber.chat_id, message.html))
            return Outcome("again", reason=error.message)
        except TelegramError as error:
            return outcome_of(error)
        except (KeyError, TypeError, ValueError) as error:
            log.warning("delivery.odd_answer", chat_id=subscriber.chat_id, error=repr(error))
            return Outcome("uncertain", reason=f"an answer that is no message ({type(error).__name__})")

    def _unknown(self, error: TelegramError) -> Outcome:
        """The server does not know rich messages."""
        log.warning("delivery.rich_unknown", error=error.message)
        self._rich = False
        return Outcome("again", reason=error.message)

    async def _outcome(
        self,
        subscriber: Subscriber,
        text: str,
        message: Message,
        turn: Turn,
        parse_mode: ParseMode | None,
        *,
        paid: bool = False,
    ) -> Outcome:
        try:
            return await self._send(subscriber, text, message, turn, parse_mode, paid=paid)
        except TelegramError as error:
            return outcome_of(error)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # Telegram took the message and answered with JSON that is no message: PTB stumbles over its fields.
            log.warning("delivery.odd_answer", chat_id=subscriber.chat_id, error=repr(error))
            return Outcome("uncertain", reason=f"an answer that is no message ({type(error).__name__})")

    async def _send(
        self,
        subscriber: Subscriber,
        text: str,
        message: Message,
        turn: Turn,
        parse_mode: ParseMode | None,
        *,
        paid: bool,
    ) -> Outcome:
        sent = await self._bot.send_message(
            subscriber.chat_id,
            text,
            parse_mode=parse_mode,
            message_thread_id=subscriber.thread_id or None,
            disable_notification=message.silent or None,
            reply_markup=message.keyboard,
            link_preview_options=preview_options(message),
            allow_paid_broadcast=paid or None,
            reply_parameters=_reply(message),
            rate_limit_args=turn,  # type: ignore[call-arg]  # of ExtBot, which is what an Application holds
        )
        return Outcome("sent", message_id=sent.message_id)


def _remember(refused: dict[tuple[int, str], None], key: tuple[int, str]) -> None:
    """Note a message that was refused; the oldest makes room."""
    if len(refused) >= MOST_REFUSED:
        refused.pop(next(iter(refused)))
    refused[key] = None


def _reply(message: Message) -> ReplyParameters | None:
    """What it replies to, where that is still there."""
    return ReplyParameters(message.reply_to, allow_sending_without_reply=True) if message.reply_to else None


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
            return Outcome("flood", seconds=seconds_of(error), reason=error.message)
        case ChatMigrated():
            return Outcome("migrated", new_chat_id=error.new_chat_id)
        case Forbidden():
            return Outcome("gone", reason=error.message)
        case InvalidToken():
            return Outcome("again", reason=error.message)
        case BadRequest():
            return _refused(error.message)
        case UncertainError():
            return Outcome("uncertain", reason=error.message)
        case NetworkError():
            return Outcome("again", reason=error.message)
        case _:
            # "Invalid server response": an answer came that was no JSON, so Telegram may have carried it out.
            return Outcome("uncertain", reason=error.message)


def _refused(reason: str) -> Outcome:
    """A 400: of the chat, of its thread, or of this message."""
    text = reason.casefold()
    if any(known in text for known in CLOSED):
        return Outcome("closed", reason=reason)
    return Outcome("gone" if any(known in text for known in GONE) else "failed", reason=reason)
