"""APScheduler's triggers → the pipeline: one tick for due digests, one for due feeds; never one job a subscriber.

Intervals in UTC, coalesced, one at a time, however late (misfire_grace_time=None): what a tick does is found in the
database, so a late one does what the missed ones would have.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from digests.clock import Clock, utc_now

log = structlog.get_logger(__name__)

LETTING_GO = 1.0

Job = Callable[[], Awaitable[object]]

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * 60 * MINUTE


class Ticks:
    """Named jobs at intervals in seconds. `last` says when each ended well, or was started if it never did yet."""

    def __init__(self, *, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._running: set[asyncio.Future[object]] = set()
        self._stopping = False
        self.last: dict[str, datetime] = {}

    def every(self, seconds: float, name: str, job: Job, *, at_once: bool = False) -> None:
        """Run `job` every so many seconds, and at the start where `at_once` is set."""

        async def guarded() -> None:
            self._running.add(task := asyncio.ensure_future(job()))
            try:
                await task
            except asyncio.CancelledError:
                # APScheduler would log it as an error: what is left undone stands in the database.
                if not self._stopping:
                    raise
            except Exception:
                # One failed tick must not end the scheduler; the next one finds the same work in the database.
                log.exception("tick.failed", tick=name)
            else:
                self.last[name] = self._clock()
            finally:
                self._running.discard(task)

        start = {"next_run_time": datetime.now(UTC)} if at_once else {}
        self._scheduler.add_job(guarded, IntervalTrigger(seconds=seconds, timezone=UTC), id=name, **start)

    def start(self) -> None:
        """Begin."""
        self.last = {job.id: self._clock() for job in self._scheduler.get_jobs()} | self.last
        self._scheduler.start()

    def stop(self) -> None:
        """Start no more ticks, and break off those that run: what is left undone stands in the database."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._stopping = True
        for task in self._running:
            task.cancel()

    async def stopped(self) -> None:
        """Wait a moment until those that were broken off have let go of the database."""
        if self._running:
            await asyncio.wait(self._running, timeout=LETTING_GO)
