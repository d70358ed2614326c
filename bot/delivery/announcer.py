"""What an administrator writes to every chat: sent by one process, behind the digests, and taken up after a restart.

Nobody gets an announcement twice: "sending" is committed before the request, and what was on its way in a crash or lost
its answer counts as uncertain. Who asked hears once, at the end, how many it reached.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from html import escape

import structlog

from bot.delivery.pacer import Pacer
from bot.delivery.stubborn import stubbornly
from bot.delivery.transport import Outcome, Transport
from bot.view import Message
from digests.clock import Clock
from digests.model import Announcement, DeliveryState, Subscriber
from digests.ports import Storage

log = structlog.get_logger(__name__)

Report = Callable[[Announcement, dict[str, int]], Awaitable[Outcome]]
"""Tells who asked how many chats it reached, by state."""

BATCH = 16
"""Chats taken at a time: a digest that comes due meanwhile waits for these."""
IDLE = 1.0
PAUSE = timedelta(seconds=30)
"""Before the next try, where Telegram fails."""
TRIES_FOR = timedelta(hours=24)


class Announcer:
    """A task that works off announcements. `uncertain` ones are not sent again, whatever BAZTAB_UNCERTAIN says."""

    def __init__(self, storage: Storage, transport: Transport, pacer: Pacer, report: Report, *, clock: Clock) -> None:
        self._storage = storage
        self._transport = transport
        self._pacer = pacer
        self._report = report
        self._clock = clock
        self._taken_up: int | None = None
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run_forever(), name="announcements")

    async def stop(self, patience: float) -> None:
        """Let what is on its way end within `patience` seconds; the rest stands in the database."""
        self._stopping.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=patience)
            self.hurry()
            await asyncio.gather(self._task, return_exceptions=True)

    def hurry(self) -> None:
        """Stopping takes too long for somebody: break off what is on its way."""
        if self._task is not None:
            self._task.cancel()

    async def drain(self) -> None:
        """Send everything that may go now. For tests and short commands."""
        while await self.step():
            pass

    async def _run_forever(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = await self._storage.hold("announcements") and await self.step()
            except Exception:
                # Without this task no announcement ever ends; the next look finds the same work.
                log.exception("announcement.crashed")
                busy = False
            if not busy:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), IDLE)

    async def step(self) -> bool:
        """Send the oldest announcement to a few chats; False where there is nothing to do now."""
        announcement = await self._storage.announcements.current()
        if announcement is None:
            return False
        box = self._storage.announcements
        if self._taken_up != announcement.id:
            self._taken_up = announcement.id
            if count := await box.recover(announcement.id):
                log.warning("announcement.uncertain", announcement=announcement.id, count=count)
        chats = await box.take(announcement.id, now=self._clock(), limit=BATCH)
        if not chats:
            return await self._end(announcement)
        ended = await asyncio.gather(*[self._send(announcement, one) for one in chats], return_exceptions=True)
        for error in ended:
            if isinstance(error, BaseException):
                # Where it was on its way it counts as uncertain at the end, else it comes again.
                log.error("announcement.crashed", announcement=announcement.id, exc_info=error)
        return not all(isinstance(one, BaseException) for one in ended)

    async def _end(self, announcement: Announcement) -> bool:
        """Report, and be done with it, where nobody is to get it any more."""
        box = self._storage.announcements
        if (await box.counts(announcement.id))[DeliveryState.PENDING]:
            return False
        await box.recover(announcement.id)
        counts = await box.counts(announcement.id)
        outcome = await self._report(announcement, counts)
        if outcome.kind in {"flood", "again"} and self._clock() - announcement.created_at < TRIES_FOR:
            return False
        await box.finish(announcement.id, now=self._clock())
        log.info("announcement.finished", announcement=announcement.id, reported=outcome.kind, **counts)
        return True

    async def _send(self, announcement: Announcement, number: int) -> None:
        subscriber = await self._storage.subscribers.by_id(number)
        if subscriber is None:
            return
        if subscriber.gone:
            await self._mark(announcement, number, DeliveryState.GONE)
            return
        await self._pacer.turn(subscriber.chat_id)
        if self._stopping.is_set():
            return
        await self._mark(announcement, number, DeliveryState.SENDING)
        message = Message(html=escape(announcement.body), plain=announcement.body)
        outcome = await self._transport.send(subscriber, message, turn="taken")
        await stubbornly(lambda: self._record(announcement, subscriber, outcome), sleep=self._pacer.sleep)

    async def _record(self, announcement: Announcement, subscriber: Subscriber, outcome: Outcome) -> None:
        now = self._clock()
        match outcome.kind:
            case "sent" | "failed" | "uncertain":
                await self._mark(announcement, subscriber.id, DeliveryState(outcome.kind))
            case "gone":
                await self._storage.subscribers.set_gone(subscriber.chat_id, gone=True)
                await self._mark(announcement, subscriber.id, DeliveryState.GONE)
            case "closed":
                await self._storage.subscribers.update(subscriber.id, gone=True)
                await self._mark(announcement, subscriber.id, DeliveryState.GONE)
            case "migrated" if outcome.new_chat_id is not None:
                await self._storage.subscribers.migrate(subscriber.chat_id, outcome.new_chat_id)
                await self._back(announcement, subscriber.id, timedelta(0))
            case "flood":
                self._pacer.halt(outcome.seconds)
                await self._back(announcement, subscriber.id, timedelta(seconds=outcome.seconds))
            case "again" if now - announcement.created_at < TRIES_FOR:
                await self._back(announcement, subscriber.id, PAUSE)
            case _:
                await self._mark(announcement, subscriber.id, DeliveryState.FAILED)
        if outcome.kind not in {"sent", "gone"}:
            log.warning("announcement.not_sent", subscriber=subscriber.id, kind=outcome.kind, reason=outcome.reason)

    async def _back(self, announcement: Announcement, number: int, pause: timedelta) -> None:
        await self._mark(announcement, number, DeliveryState.PENDING, pause)

    async def _mark(
        self, announcement: Announcement, number: int, state: DeliveryState, pause: timedelta | None = None
    ) -> None:
        due_at = None if pause is None else self._clock() + pause
        await self._storage.announcements.mark(announcement.id, number, state, due_at=due_at)
