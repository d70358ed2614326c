"""How fast we send: smoothly, as Telegram's limits ask, replies to people ahead of digests.

Generic cell rate algorithm (ITU-T I.371): each limit keeps one number, the theoretical arrival time (TAT) of its next
call, in seconds of a monotonic clock. Nothing is queued here: a caller reserves its turn and sleeps until it comes, so
no more turns are reserved than there are callers.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

REPLY_BURST = 1.0
"""Seconds' worth of turns that replies may take ahead of digests that have reserved theirs."""

RAMP = 30.0
"""Seconds after a flood wait in which the rate grows back from a quarter to the whole."""

SWEEP = 10_000
"""Chats remembered before those whose time has passed are dropped."""


@dataclass(frozen=True, slots=True)
class ChatLimit:
    """A limit for one chat: seconds between calls, and how many may come at once after a rest."""

    interval: float
    burst: int


PRIVATE = ChatLimit(1.0, 4)
GROUP = ChatLimit(3.0, 5)
"""20 a minute."""


class Pacer:
    """Says when a call may go out. `rate` is in calls per second for the whole bot."""

    def __init__(
        self,
        rate: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rate = rate
        self._clock = clock
        self._sleep = sleep
        self._tat = 0.0
        self._halted_until = 0.0
        self._chats: dict[int, float] = {}

    @property
    def rate(self) -> float:
        """Calls per second now: less than set while the rate grows back after a flood wait."""
        since = self._clock() - self._halted_until
        if self._halted_until == 0.0 or since >= RAMP:
            return self._rate
        return self._rate * (0.25 + 0.75 * max(0.0, since) / RAMP)

    async def turn(self, chat_id: int, *, reply: bool = False) -> None:
        """Wait for the turn of one call to a chat; groups and channels are the ids below zero."""
        while (halt := self._halted_until - self._clock()) > 0:
            await self._sleep(halt)
        now = self._clock()
        wait = max(self._reserve_chat(chat_id, now), self._reserve_bot(now, reply=reply))
        if wait > 0:
            await self._sleep(wait)
        while (halt := self._halted_until - self._clock()) > 0:
            await self._sleep(halt)

    def halt(self, seconds: float) -> None:
        """Telegram asked everyone to wait (429): nothing goes out before that, the latest deadline counts."""
        self._halted_until = max(self._halted_until, self._clock() + seconds)

    def _reserve_bot(self, now: float, *, reply: bool) -> float:
        at = max(self._tat, now)
        self._tat = at + 1.0 / self.rate
        return max(0.0, at - now - (REPLY_BURST if reply else 0.0))

    def _reserve_chat(self, chat_id: int, now: float) -> float:
        limit = GROUP if chat_id < 0 else PRIVATE
        if len(self._chats) >= SWEEP:
            self._chats = {chat: tat for chat, tat in self._chats.items() if tat > now}
        tat = max(self._chats.get(chat_id, 0.0), now)
        self._chats[chat_id] = tat + limit.interval
        return max(0.0, tat - now - limit.interval * (limit.burst - 1))
