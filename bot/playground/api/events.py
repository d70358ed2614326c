"""What happens in the world, in order, for the page and for tests."""

import asyncio
from collections import deque
from typing import Any

Event = dict[str, Any]


class EventLog:
    """Events with growing sequence numbers; the oldest are forgotten beyond `keep`."""

    def __init__(self, keep: int) -> None:
        self.seq = 0
        self._events: deque[Event] = deque(maxlen=keep)
        self._waiters: set[asyncio.Future[None]] = set()

    def append(self, kind: str, **payload: Any) -> Event:
        """Add an event and wake everyone who waits for one."""
        self.seq += 1
        event = {"seq": self.seq, "type": kind, **payload}
        self._events.append(event)
        if self._waiters:
            self.wake()
        return event

    def wake(self) -> None:
        """Let everyone who waits look again."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    def after(self, seq: int) -> list[Event]:
        """The events behind `seq`, oldest first; those forgotten are missing (see `forgot`)."""
        missing = self.seq - seq
        if missing <= 0:
            return []
        if missing >= len(self._events):
            return list(self._events)
        return [self._events[index] for index in range(len(self._events) - missing, len(self._events))]

    def forgot(self, seq: int) -> bool:
        """Whether events behind `seq` are no longer kept, or `seq` was never reached."""
        return seq > self.seq or self.seq - seq > len(self._events)

    async def changed(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109 — part of the contract of waiting
        """Wait for the next event; False when `timeout` seconds passed without one."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter
        except TimeoutError:
            return False
        finally:
            self._waiters.discard(waiter)
        return True
