"""Times that tests set: a clock that stands still until it is moved, and seconds that pass only in sleep."""

import asyncio
import heapq
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TURNS_OF_LOOP = 8
"""Enough for every task that can go on to come to its next sleep."""


class SetClock:
    """A digests.clock.Clock. `move` takes what timedelta takes; `at` jumps."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now

    def at(self, now: datetime) -> None:
        self.now = now


class VirtualTime:
    """A monotonic clock and its sleep, in which time passes only when all tasks sleep."""

    def __init__(self, start: float = 1000.0) -> None:
        self.now = start
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self._count += 1
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, self._count, future))
        await future

    async def run(self, *coroutines: Coroutine[Any, Any, Any]) -> list[Any]:
        """Run these until all are done; what they returned."""
        tasks = [asyncio.ensure_future(one) for one in coroutines]
        while not all(task.done() for task in tasks):
            await self._settle()
            if self._sleepers:
                self.now, _, future = heapq.heappop(self._sleepers)
                if not future.done():
                    future.set_result(None)
        return [task.result() for task in tasks]

    async def _settle(self) -> None:
        for _ in range(TURNS_OF_LOOP):
            await asyncio.sleep(0)
