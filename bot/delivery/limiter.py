"""The pacer as PTB's rate limiter: every call of the bot passes here, so nothing goes around it."""

import math
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Literal

from telegram._utils.types import JSONDict
from telegram.error import NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

from bot.delivery.pacer import Pacer
from bot.telegram_request import NotSentError

Turn = Literal["reply", "taken"]
"""`reply`: wait for a turn ahead of digests (the default); `taken`: the caller has waited for it already."""

UNPACED = ("get", "answer", "set", "delete", "log", "close")
"""Calls that put no message into a chat; Telegram counts them apart."""

TRIES = 4
PAUSE = 0.5
"""Seconds, doubled with each try, before a reply that surely failed is tried again."""

LONGEST_WAIT = 60.0
"""Seconds of a flood wait that a reply is worth; a longer one goes up to whoever called."""


RECEIPT = ("message_id", "date", "chat")

ALONE = "setMy"
"""What the bot says of itself is limited by itself, by hours: that says nothing of messages."""


class PacedRateLimiter(BaseRateLimiter[Turn]):
    """Paces sends and edits. A flood wait halts the whole bot; a reply is then tried again, a digest goes back.
    A reply that surely failed is tried again as well: nobody asks in vain because Telegram stumbles.
    """

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | JSONDict | list[JSONDict]]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Turn | None,
    ) -> bool | JSONDict | list[JSONDict]:
        """Make the call when its turn has come. Raises RetryAfter where that is further off than a reply is worth."""
        taken = rate_limit_args == "taken" or endpoint.startswith(UNPACED)
        attempt = 1
        while True:
            if not taken:
                await self._turn(None if _is_tap(endpoint, data) else data.get("chat_id"))
            try:
                answer = await callback(*args, **kwargs)
                return _receipt(answer) if rate_limit_args == "taken" else answer
            except RetryAfter as error:
                if endpoint.startswith(ALONE):
                    raise
                wait = seconds_of(error)
                self._pacer.halt(wait)
                if taken or attempt == TRIES or wait > LONGEST_WAIT:
                    raise
            except NetworkError as error:
                if taken or attempt == TRIES or not surely_failed(error):
                    raise
                await self._pacer.sleep(PAUSE * 2**attempt)
            attempt += 1

    async def _turn(self, chat_id: object) -> None:
        if self._pacer.halted > LONGEST_WAIT:
            raise RetryAfter(math.ceil(self._pacer.halted))
        await self._pacer.turn(chat_id if isinstance(chat_id, int) else None, reply=True)


def _receipt(answer: Any) -> Any:
    """Of a message that was sent, what tells which one it is: nobody reads a digest back, and making objects of its
    entities and buttons costs as much as sending it."""
    return {name: answer[name] for name in RECEIPT if name in answer} if isinstance(answer, dict) else answer


def _is_tap(endpoint: str, data: dict[str, Any]) -> bool:
    """Whether a call changes a message of one person's chat: that answers a tap, and a person may tap faster than once
    a second. It keeps to the pace of the whole bot only.
    """
    chat_id = data.get("chat_id")
    return endpoint.startswith("edit") and isinstance(chat_id, int) and chat_id > 0


def surely_failed(error: NetworkError) -> bool:
    """Whether a call did not go out, or Telegram says that it failed on its side (5xx): it may be made again."""
    return isinstance(error, NotSentError) or type(error) is NetworkError  # its subclasses mean something else


def seconds_of(error: RetryAfter) -> float:
    """The flood wait in seconds; PTB gives a timedelta or, where its switch is off, an integer."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
