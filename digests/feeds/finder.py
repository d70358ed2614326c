"""Looking for feeds on somebody's behalf: at an address, and in a file that they have. In worker processes."""

from dataclasses import dataclass, replace
from functools import partial

from digests.clock import Clock
from digests.feeds.checkup import Checkup, check_up
from digests.feeds.discover import Candidate, discover
from digests.feeds.fetch import Fetcher
from digests.feeds.opml import read_opml
from digests.model import FeedSpec
from digests.workers import Workers


@dataclass(frozen=True, slots=True)
class Looked:
    """What stands at the address of a feed. `url` is where it has moved for good, or else the address."""

    url: str
    found: Checkup


class Finder:
    """Finds feeds. Safe for any number of tasks at a time."""

    def __init__(self, fetcher: Fetcher, workers: Workers, *, clock: Clock) -> None:
        self._fetcher = fetcher
        self._workers = workers
        self._clock = clock

    async def find(self, address: str) -> list[Candidate]:
        """The feeds at or behind an address, as people type it, best first. Raises FeedError or WorkerError."""
        return await discover(address, fetcher=self._fetcher, workers=self._workers)

    async def look(self, url: str, *, language: str = "") -> Looked:
        """Ask a feed and look it over; `language` is what is known of it. Raises FeedError or WorkerError."""
        fetched = await self._fetcher.fetch(url)
        job = partial(
            check_up,
            fetched.body,
            url=fetched.url,
            content_type=fetched.content_type,
            language=language,
            now=self._clock(),
        )
        found = await self._workers.run(job)
        if fetched.permanent_url is None:
            return Looked(url, found)
        moved = f"it has moved to {fetched.permanent_url}"
        return Looked(fetched.permanent_url, replace(found, oddities=(*found.oddities, moved)))

    async def read(self, opml: bytes) -> list[FeedSpec]:
        """The feeds that an OPML file lists. Raises FeedError or WorkerError."""
        return await self._workers.run(partial(read_opml, opml))
