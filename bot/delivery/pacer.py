"""How fast we send: smoothly, as Telegram's limits ask, replies to people ahead of digests.

Generic cell rate algorithm (ITU-T I.371): each limit keeps one number, the theoretical arrival time (TAT) of its next
call, in seconds of a monotonic clock. Replies and digests stand in a line each; only the head of a line looks at the
clock, and the head of the digests lets the replies that wait go first.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)

FREE = 30.0
"""Calls a second that Telegram takes from any bot. Above it (paid broadcasts) the rate is a limit that no second may
pass, however the network bunches calls: the pace is PACE of it."""

PACE = 0.948

BURST = 2.0
"""Calls that may go out at once after a rest; of a high rate, a sixtieth of a second's worth. With the default rate no
second has more than thirty calls."""

AHEAD = 9
"""Replies that may go ahead of a digest that waits; then it has its turn, however many people ask."""

RAMP = 30.0
"""Seconds after a flood wait in which the rate grows back from a quarter to the whole."""

SWEEP = 10_000
"""Chats remembered before those whose time has passed are dropped."""

INSTANT = 1e-6
"""Seconds that are not worth a sleep."""


@dataclass(frozen=True, slots=True)
class ChatLimit:
    """A limit for one chat: seconds between calls, and how many may come at once after a rest."""

    interval: float
    burst: int


PRIVATE = ChatLimit(1.0, 4)
GROUP = ChatLimit(4.0, 5)
"""Never more than 20 in a minute: five at once, and fifteen more while it passes."""


class SharedRate(Protocol):
    """One rate for several processes: digests.ports.RateStore."""

    async def take(self, calls: int, *, interval: float, burst: float) -> tuple[float, float]:
        """The next places: seconds until the first comes, and of a flood wait."""
        ...

    async def take_free(self, least: int, most: int, *, interval: float, burst: float) -> tuple[int, float, float]:
        """Places that are free now: how many, seconds until one was, and of a flood wait."""
        ...

    async def halt(self, seconds: float) -> None:
        """Nobody takes a place before that."""
        ...


class Pacer:
    """Says when a call may go out. `rate` is in calls per second for the whole bot; of all its processes together
    where they have a `shared` rate. The limits of chats are each process's own.
    """

    def __init__(
        self,
        rate: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        shared: SharedRate | None = None,
    ) -> None:
        self._rate = rate if rate <= FREE else rate * PACE
        self._shared = shared
        self._telling: set[asyncio.Task[None]] = set()
        self._burst = max(BURST, rate / 60)
        self._clock = clock
        self.sleep = sleep
        """Wait so many seconds of this pacer's clock."""
        self._tat = self._left = float("-inf")
        self._halted_until = float("-inf")
        self._chats: dict[int, float] = {}
        self._lines = {True: asyncio.Lock(), False: asyncio.Lock()}
        self._replies = 0
        self._ahead = 0

    @property
    def rate(self) -> float:
        """Calls per second now: less than set while the rate grows back after a flood wait."""
        since = self._clock() - self._halted_until
        if since >= RAMP:
            return self._rate
        return self._rate * (0.25 + 0.75 * max(0.0, since) / RAMP)

    @property
    def batch(self) -> int:
        """How many digests may take their turn at once: no more than go out in half a second."""
        return max(1, int(min(self._burst, self._rate / 2)))

    @property
    def halted(self) -> float:
        """Seconds left of the flood wait; 0 where there is none."""
        return max(0.0, self._halted_until - self._clock())

    def halt(self, seconds: float) -> None:
        """Telegram asked everyone to wait (429): nothing goes out before that, the latest deadline counts."""
        self._halted_until = max(self._halted_until, self._clock() + seconds)
        if self._shared is not None:
            telling = asyncio.create_task(self._shared.halt(seconds), name="flood-wait")
            self._telling.add(telling)
            telling.add_done_callback(self._told)

    def chat_wait(self, chat_id: int) -> float:
        """Seconds until a chat may take one more call; 0 where it may now."""
        limit, now = _limit(chat_id), self._clock()
        return max(0.0, self._chats.get(chat_id, now) - now - limit.interval * (limit.burst - 1))

    def reserve(self, chat_id: int) -> float:
        """Take the next place in a chat; seconds until it comes."""
        now, wait = self._clock(), self.chat_wait(chat_id)
        if len(self._chats) >= SWEEP:
            self._chats = {chat: tat for chat, tat in self._chats.items() if tat > now}
        self._chats[chat_id] = max(self._chats.get(chat_id, now), now) + _limit(chat_id).interval
        return wait

    async def turn(self, chat_id: int | None, *, reply: bool = False) -> None:
        """Wait for the turn of one call to a chat; groups and channels are the ids below zero, None is no chat."""
        if chat_id is not None and (wait := self.reserve(chat_id)) > INSTANT:
            await self.sleep(wait)
        self._replies += reply
        try:
            await self._stand_in_line(1, reply=reply)
        finally:
            self._replies -= reply

    async def turns(self, most: int) -> int:
        """Wait until some digests may go out at once; how many of so many, which are at most a `batch`.

        Half a batch is waited for, and what has become free by then is taken: who is a little late loses nothing.
        Their places in their chats are `reserve`d, and have come.
        """
        return await self._stand_in_line(most, reply=False)

    async def left(self, calls: int) -> None:
        """So many calls left, perhaps long after their turn. Those that came on top of others take a place once more,
        for which nobody waits: as many fewer come after them, so that a database that stood still bunches nothing. At a
        high rate a burst more than the turns allow is no matter: there the pace is below the limit.
        """
        now, interval = self._clock(), 1.0 / self.rate
        burst = (self._burst - 1) * interval
        slack = self._burst * interval if self._rate > FREE else 0.0
        self._left = max(self._left, now - burst - slack) + calls * interval
        bunched = min(calls, int((self._left - now) / interval - 1 + INSTANT))
        if bunched <= 0:
            return
        self._left -= bunched * interval
        if self._shared is not None:
            await self._shared.take(bunched, interval=interval, burst=burst)
        else:
            self._tat = max(self._tat, now - burst) + bunched * interval

    async def _stand_in_line(self, most: int, *, reply: bool) -> int:
        least = max(1, most // 2)
        async with self._lines[reply]:
            if self._shared is not None:
                return await self._take(self._shared, least, most, reply=reply)
            while (wait := self._wait(least, reply=reply)) > INSTANT:
                await self.sleep(wait)
            rate, tat = self.rate, max(self._tat, now := self._clock())
            calls = max(least, min(most, int(self._burst - (tat - now) * rate)))
            self._tat = tat + calls / rate
            self._ahead = self._ahead + 1 if reply else 0
            return calls

    def _wait(self, calls: int, *, reply: bool) -> float:
        """Seconds until the head of a line may go, as things stand."""
        rate = self.rate
        free = max(self._tat - (self._burst - calls) / rate, self._halted_until, now := self._clock())
        first = 0 if reply else min(self._replies, max(0, AHEAD - self._ahead))
        return free - now + first / rate

    async def _take(self, shared: SharedRate, least: int, most: int, *, reply: bool) -> int:
        """Wait for places in the shared rate. A reply takes the next one; digests take only those that are free, so
        that replies of all processes go first, but after AHEAD tries they wait no longer.
        """
        patience = 0 if reply else AHEAD
        while True:
            interval = 1.0 / self.rate
            burst = (self._burst - 1) * interval
            if patience > 0:
                calls, free, halted = await shared.take_free(least, most, interval=interval, burst=burst)
                self._learn(halted)
                if calls:
                    return calls
                patience -= 1
                await self.sleep(max(free + (least - 1) * interval, self.halted, INSTANT))
                continue
            wait, halted = await shared.take(least, interval=interval, burst=burst)
            self._learn(halted)
            last = wait + (least - 1) * interval  # all go out then
            if last > INSTANT:
                await self.sleep(last)
            if not self.halted:
                return least

    def _learn(self, halted: float) -> None:
        """Note a flood wait that another process met."""
        self._halted_until = max(self._halted_until, self._clock() + halted)

    def _told(self, telling: "asyncio.Task[None]") -> None:
        self._telling.discard(telling)
        if not telling.cancelled() and (error := telling.exception()) is not None:
            log.warning("pacer.flood_wait_not_shared", error=str(error))


def _limit(chat_id: int) -> ChatLimit:
    return GROUP if chat_id < 0 else PRIVATE
