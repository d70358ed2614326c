"""APScheduler's triggers → the pipeline: one tick for due digests, one for due feeds; never one job a subscriber.

Intervals in UTC, coalesced, one at a time, however late (misfire_grace_time=None): what a tick does is found in the
database, so a late one does what the missed ones would have.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = structlog.get_logger(__name__)

Job = Callable[[], Awaitable[object]]

MINUTE = 60
DAY = 24 * 60 * MINUTE


class Ticks:
    """Named jobs at intervals in seconds. `last` says when each ended well."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self.last: dict[str, datetime] = {}

    def every(self, seconds: float, name: str, job: Job, *, at_once: bool = False) -> None:
        """Run `job` every so many seconds, and at the start where `at_once` is set."""

        async def guarded() -> None:
            try:
                await job()
            except Exception:
                # One failed tick must not end the scheduler; the next one finds the same work in the database.
                log.exception("tick.failed", tick=name)
            else:
                self.last[name] = datetime.now(UTC)

        start = {"next_run_time": datetime.now(UTC)} if at_once else {}
        self._scheduler.add_job(guarded, IntervalTrigger(seconds=seconds, timezone=UTC), id=name, **start)

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def stop(self) -> None:
        """Start no more ticks; those that run end by themselves."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
