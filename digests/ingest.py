"""Ingest: due feeds are asked, what is new in them is read in full, condensed, and stored.

Feeds run side by side, each by itself: what goes wrong with one is recorded with it and touches no other. The heavy
work is done in worker processes.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

import structlog

from digests.clock import Clock
from digests.errors import BaztabError, StorageError
from digests.feeds.fetch import Fetcher
from digests.feeds.poll import poll
from digests.feeds.urls import canonical_url, is_web_url
from digests.model import Entry, Feed, ParsedFeed, Poll
from digests.ports import Storage
from digests.prepare import Origin, prepare
from digests.workers import Workers

log = structlog.get_logger(__name__)

TEASER = 600
"""Characters of text below which an entry is a teaser and the page is read."""

SIDE_BY_SIDE = 24
"""Feeds in work at once."""

PREPARE_SECONDS = 60.0
MOST_PAGES = 40
"""Pages read for one feed at one time; a feed's first visit is not worth more."""

PAGES_AT_ONCE = 6
PAGES_SECONDS = 60.0
"""For all pages of one feed at one time; entries whose page has not come by then keep their teasers."""


class Pages(Protocol):
    """Reads the full text of an article's page; digests.feeds.robots has the polite one."""

    async def read(self, url: str) -> str:
        """The text. Raises FetchError or ExtractionError."""
        ...


@dataclass(slots=True)
class IngestReport:
    """Counts of one pass. `failed` has the error of each feed that could not be read."""

    feeds: int = 0
    unchanged: int = 0
    articles: int = 0
    pages: int = 0
    failed: dict[str, str] = field(default_factory=dict)


class Ingest:
    """Reads feeds into the database. `keep_days`: entries older than that are not stored."""

    def __init__(
        self,
        storage: Storage,
        fetcher: Fetcher,
        workers: Workers,
        pages: Pages,
        *,
        clock: Clock,
        keep_days: int = 30,
        pages_seconds: float = PAGES_SECONDS,
    ) -> None:
        self._storage = storage
        self._fetcher = fetcher
        self._workers = workers
        self._pages = pages
        self._clock = clock
        self._keep = timedelta(days=keep_days)
        self._pages_seconds = pages_seconds

    async def run(
        self,
        *,
        limit: int = 1000,
        on_start: Callable[[int], None] = lambda _: None,
        on_feed: Callable[[Feed], None] = lambda _: None,
    ) -> IngestReport:
        """One pass over the feeds that are due. `on_start` hears how many, `on_feed` each one that is done."""
        due = await self._storage.feeds.due(self._clock(), limit=limit)
        on_start(len(due))
        report = IngestReport(feeds=len(due))
        gate = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one(feed: Feed) -> None:
            async with gate:
                try:
                    await self._feed(feed, report)
                except Exception as error:
                    # A fault of ours that this feed brought out; the others go on, and this one backs off.
                    log.exception("ingest.crashed", feed=feed.url)
                    report.failed[feed.url] = f"fault in Baztab: {error!r}"
                    await self._back_off(feed, error)
            on_feed(feed)

        async with asyncio.TaskGroup() as group:
            for feed in due:
                group.create_task(one(feed))
        return report

    async def _feed(self, feed: Feed, report: IngestReport) -> None:
        outcome, parsed = await poll(feed, self._fetcher, self._workers, now=self._clock())
        if parsed is not None:
            try:
                stored = await self._store(feed, parsed, report)
                report.articles += stored  # on a line of its own: += reads its left side before the await
            except BaztabError as error:
                # The feed itself was read: remember the failure, and read the same body again next time.
                outcome = replace(outcome, error=str(error), etag=None, last_modified=None, body_hash=None)
        elif outcome.error is None:
            report.unchanged += 1
        if outcome.error is not None:
            report.failed[feed.url] = outcome.error
            log.info("ingest.feed_failed", feed=feed.url, error=outcome.error)
        await self._storage.feeds.record(feed.id, outcome)

    async def _back_off(self, feed: Feed, error: Exception) -> None:
        now = self._clock()
        pause = timedelta(hours=min(24, 2 ** min(feed.errors, 5)))
        try:
            await self._storage.feeds.record(
                feed.id, Poll(at=now, next_fetch_at=now + pause, error=f"fault in Baztab: {error!r}")
            )
        except StorageError:
            log.exception("ingest.not_recorded", feed=feed.url)

    async def _store(self, feed: Feed, parsed: ParsedFeed, report: IngestReport) -> int:
        fresh = await self._unknown(feed, parsed.entries)
        if not fresh:
            return 0
        full = await self._in_full(fresh, report)
        origin = Origin(
            feed_id=feed.id,
            language=feed.language or parsed.language,
            topics=feed.topics,
            fetched_at=self._clock(),
        )
        articles = await self._workers.run(prepare, full, origin, timeout=PREPARE_SECONDS)
        stored = await self._storage.articles.add(articles)
        return sum(article_id is not None for article_id in stored)

    async def _unknown(self, feed: Feed, entries: Sequence[Entry]) -> list[tuple[int, Entry]]:
        """The entries that are not stored yet, each with its place; those without an address or title never are."""
        oldest = self._clock() - self._keep
        usable: dict[str, tuple[int, Entry]] = {}
        for place, entry in enumerate(entries):
            if entry.title and is_web_url(entry.url) and (entry.published is None or entry.published > oldest):
                usable.setdefault(canonical_url(entry.url), (place, entry))
        guids = Counter(entry.guid for entry in entries)
        urls, known = await self._storage.articles.known(
            feed.id, usable, [guid for guid, count in guids.items() if guid and count == 1]
        )
        return [pair for url, pair in usable.items() if url not in urls and pair[1].guid not in known]

    async def _in_full(self, entries: Sequence[tuple[int, Entry]], report: IngestReport) -> list[tuple[int, Entry]]:
        """The entries with the text of their pages where the feed carries only a teaser."""
        longer = await self._longer([pair for pair in entries if len(pair[1].text) < TEASER][:MOST_PAGES])
        report.pages += len(longer)
        return [(place, replace(entry, text=longer.get(place, entry.text))) for place, entry in entries]

    async def _longer(self, teasers: Sequence[tuple[int, Entry]]) -> dict[int, str]:
        """By place the texts of the pages that say more than their entries and come in time."""
        gate = asyncio.Semaphore(PAGES_AT_ONCE)
        longer: dict[int, str] = {}

        async def read(place: int, entry: Entry) -> None:
            async with gate:
                if text := await self._page(entry):
                    longer[place] = text

        try:
            async with asyncio.timeout(self._pages_seconds), asyncio.TaskGroup() as group:
                for place, entry in teasers:
                    group.create_task(read(place, entry))
        except TimeoutError:
            log.info("ingest.pages_late", wanted=len(teasers), read=len(longer))
        return longer

    async def _page(self, entry: Entry) -> str:
        """The page's text where it says more than the entry does, else ""."""
        try:
            text = await self._pages.read(entry.url)
        except BaztabError as error:
            log.debug("ingest.teaser_kept", url=entry.url, reason=str(error))
            return ""
        return text if len(text) > len(entry.text) else ""
