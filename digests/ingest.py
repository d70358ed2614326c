"""Ingest: due feeds are asked, what is new in them is read in full, condensed, and stored.

Feeds run side by side, each by itself: what goes wrong with one is recorded with it and touches no other. The heavy
work is done in worker processes.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from hashlib import blake2b
from typing import Protocol

import structlog

from digests.clock import Clock
from digests.errors import BaztabError, StorageError
from digests.feeds.fetch import Fetcher
from digests.feeds.health import has_died
from digests.feeds.images import Images, pictures
from digests.feeds.parse import parse_feed
from digests.feeds.poll import PARSE_SECONDS, poll, with_credible_dates
from digests.feeds.urls import canonical_url, is_web_url
from digests.model import Carried, Entry, Feed, FullText, NewArticle, ParsedFeed, Poll
from digests.ports import Storage
from digests.prepare import Origin, prepare
from digests.workers import Workers

log = structlog.get_logger(__name__)

TEASER = 600
"""Characters of text below which an entry is a teaser and the page is read."""

SIDE_BY_SIDE = 24
"""Feeds in work at once."""

PREPARE_SECONDS = 60.0
PREPARED_AT_ONCE = 100
"""Articles of one call to the workers: with the extra `embeddings` each may take a tenth of a second."""

MOST_PAGES = 40
"""Pages read for one feed at one time; a feed's first visit is not worth more."""

PAGES_AT_ONCE = 6
PAGES_SECONDS = 60.0
"""For all pages of one feed at one time; entries whose page has not come by then keep their teasers."""


MOST_PERSONAL = 100
"""Entries of a personal feed at one time: anybody may name one, and it may hold anything."""

HASH = 8
"""Bytes."""

Placed = tuple[int, Entry]
"""An entry with its place in its feed."""


class Pages(Protocol):
    """Reads the full text of an article's page; digests.feeds.robots has the polite one."""

    async def read(self, url: str) -> FullText:
        """The article. Raises FetchError or ExtractionError."""
        ...


@dataclass(slots=True)
class IngestReport:
    """Counts of one pass. `failed` has the error of each feed that could not be read, by its `name_of`."""

    feeds: int = 0
    unchanged: int = 0
    articles: int = 0
    edited: int = 0
    pages: int = 0
    failed: dict[str, str] = field(default_factory=dict)


class Ingest:
    """Reads feeds into the database. `keep_days`: entries older than that are not stored. `images` looks at pictures;
    where nobody does, none is stored.

    `on_dead` may be set at any time: it hears, once, of each feed that has failed for long or is gone, and why.
    """

    def __init__(
        self,
        storage: Storage,
        fetcher: Fetcher,
        workers: Workers,
        pages: Pages,
        *,
        clock: Clock,
        keep_days: int = 30,
        images: Images | None = None,
        pages_seconds: float = PAGES_SECONDS,
        on_dead: Callable[[Feed, str], Awaitable[None]] | None = None,
    ) -> None:
        self._storage = storage
        self._fetcher = fetcher
        self._workers = workers
        self._pages = pages
        self._clock = clock
        self._images = images
        self._keep = timedelta(days=keep_days)
        self._pages_seconds = pages_seconds
        self.on_dead = on_dead
        self._reported: set[int] = set()

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
                    log.exception("ingest.crashed", feed=name_of(feed))
                    report.failed[name_of(feed)] = f"fault in Baztab: {error!r}"
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
            report.failed[name_of(feed)] = outcome.error
            log.info("ingest.feed_failed", feed=name_of(feed), error=outcome.error)
        await self._record(feed, outcome)

    async def push(self, feed: Feed, body: bytes, content_type: str | None) -> int:
        """Read what came by itself, as if it had been polled; returns how many articles are new. Raises BaztabError."""
        job = partial(parse_feed, body, url=feed.topic or feed.url, content_type=content_type)
        parsed = with_credible_dates(await self._workers.run(job, timeout=PARSE_SECONDS), self._clock())
        return await self._store(feed, parsed, IngestReport(), part=True)

    async def _record(self, feed: Feed, outcome: Poll) -> None:
        if outcome.error is None:
            self._reported.discard(feed.id)
        elif self.on_dead is not None and has_died(feed, outcome):
            if feed.id not in self._reported:  # where the database can't be written, it would be told again and again
                self._reported.add(feed.id)
                await self.on_dead(feed, outcome.error)
            outcome = replace(outcome, reported=True)
        await self._storage.feeds.record(feed.id, outcome)

    async def _back_off(self, feed: Feed, error: Exception) -> None:
        now = self._clock()
        pause = timedelta(hours=min(24, 2 ** min(feed.errors, 5)))
        try:
            await self._record(feed, Poll(at=now, next_fetch_at=now + pause, error=f"fault in Baztab: {error!r}"))
        except StorageError:
            log.exception("ingest.not_recorded", feed=name_of(feed))

    async def _store(self, feed: Feed, parsed: ParsedFeed, report: IngestReport, *, part: bool = False) -> int:
        """Store what is new and what was edited. `part`: the feed may carry more than is parsed here."""
        usable = self._usable(parsed.entries[:MOST_PERSONAL] if feed.personal else parsed.entries)
        guids = Counter(entry.guid for entry in parsed.entries)
        telling = {guid for guid, count in guids.items() if guid and count == 1}
        scope = feed.id if feed.personal else 0
        urls, known = await self._storage.articles.known(feed.id, usable, telling, scope=scope)
        old = {url for url, (_, entry) in usable.items() if url in urls or entry.guid in known}
        origin = Origin(
            feed_id=feed.id,
            source=feed.source,
            language=feed.language or parsed.language,
            topics=feed.topics,
            fetched_at=self._clock(),
            scope=scope,
        )
        undated = {url for url, (_, entry) in usable.items() if entry.published is None}
        pruned = await self._storage.articles.remembered(feed.id, undated - old) if undated - old else set()
        fresh = [placed for url, placed in usable.items() if url not in old and url not in pruned]
        if old:
            carried = await self._storage.articles.carried(feed.id, old, known, scope=scope)
            report.edited += await self._update(changed(carried, {url: usable[url] for url in old}), origin)
        stored = await self._add(fresh, origin, report) if fresh else 0
        if undated and not part:
            await self._storage.articles.remember(feed.id, undated, now=self._clock())
        return stored

    async def _add(self, fresh: Sequence[Placed], origin: Origin, report: IngestReport) -> int:
        pages = await self._pages_of(fresh)
        report.pages += len(pages)
        articles = await self._prepared(await self._pictured(fresh, pages), pages, origin)
        stored = await self._storage.articles.add(articles)
        return sum(article_id is not None for article_id in stored)

    async def _update(self, edits: Sequence[tuple[Carried, Placed]], origin: Origin) -> int:
        """Store edits. The page is read again where the title changed; where that gives nothing, its text stays."""
        if not edits:
            return 0
        texts = await self._pages_of([placed for held, placed in edits if is_renamed(held, placed[1])])
        entries = await self._pictured([placed for _, placed in edits], texts)
        for held, (place, entry) in edits:
            if place not in texts and len(held.fingerprint) == HASH:
                text = await self._storage.articles.text(held.id)
                texts |= {place: FullText(text)} if len(text) > len(entry.text) else {}
        articles = await self._prepared(entries, texts, origin)
        stored = 0
        for (held, _), article in zip(edits, articles, strict=True):
            stored += await self._storage.articles.update(held.id, article)
        return stored

    async def _pictured(self, entries: Sequence[Placed], pages: Mapping[int, FullText]) -> list[Placed]:
        """The entries, each with the first good picture that it or its page names."""
        if self._images is None:
            return [(place, replace(entry, image=None)) for place, entry in entries]
        named = [pictures(entry.image, pages[place].image if place in pages else None) for place, entry in entries]
        chosen = await self._images.choose(named)
        return [(place, replace(entry, image=image)) for (place, entry), image in zip(entries, chosen, strict=True)]

    async def _prepared(
        self, entries: Sequence[Placed], texts: Mapping[int, FullText], origin: Origin
    ) -> list[NewArticle]:
        """Entries as articles; `texts` has by place those that stand in for what the feed carries."""
        full = [
            (place, replace(entry, text=texts[place].text) if place in texts else entry) for place, entry in entries
        ]
        articles: list[NewArticle] = []
        for start in range(0, len(full), PREPARED_AT_ONCE):
            some = full[start : start + PREPARED_AT_ONCE]
            articles += await self._workers.run(prepare, some, origin, timeout=PREPARE_SECONDS)
        return [
            replace(article, fingerprint=fingerprint(entry)[: HASH if place in texts else None])
            for (place, entry), article in zip(entries, articles, strict=True)
        ]

    def _usable(self, entries: Sequence[Entry]) -> dict[str, Placed]:
        """By canonical URL the entries that can be stored: with an address and a title, and not too old."""
        oldest = self._clock() - self._keep
        usable: dict[str, Placed] = {}
        for place, entry in enumerate(entries):
            if entry.title and is_web_url(entry.url) and (entry.published is None or entry.published > oldest):
                usable.setdefault(canonical_url(entry.url), (place, entry))
        return usable

    async def _pages_of(self, entries: Sequence[Placed]) -> dict[int, FullText]:
        """By place the texts of the pages of teasers, where they say more than the feed does and come in time."""
        teasers = [placed for placed in entries if len(placed[1].text) < TEASER][:MOST_PAGES]
        gate = asyncio.Semaphore(PAGES_AT_ONCE)
        longer: dict[int, FullText] = {}

        async def read(place: int, entry: Entry) -> None:
            async with gate:
                if (page := await self._page(entry)) is not None:
                    longer[place] = page

        try:
            async with asyncio.timeout(self._pages_seconds), asyncio.TaskGroup() as group:
                for place, entry in teasers:
                    group.create_task(read(place, entry))
        except TimeoutError:
            log.info("ingest.pages_late", wanted=len(teasers), read=len(longer))
        return longer

    async def _page(self, entry: Entry) -> FullText | None:
        """The page's text where it says more than the entry does."""
        try:
            page = await self._pages.read(entry.url)
        except BaztabError as error:
            log.debug("ingest.teaser_kept", url=entry.url, reason=str(error))
            return None
        return page if len(page.text) > len(entry.text) else None


def name_of(feed: Feed) -> str:
    """What logs call a feed: its address, but for a personal one, whose address may let in whoever has it."""
    return f"personal feed {feed.id}" if feed.personal else feed.url


def changed(carried: Sequence[Carried], entries: Mapping[str, Placed]) -> list[tuple[Carried, Placed]]:
    """Stored articles with the entries (by canonical URL) whose title or text is another now.

    An entry is its article's by its URL, else by its guid. A text that came from the page is not compared.
    """
    by_guid = {entry.guid: (place, entry) for place, entry in entries.values() if entry.guid}
    edits, taken = [], set()
    for held in sorted(carried, key=lambda one: one.url not in entries):
        placed = entries.get(held.url) or by_guid.get(held.guid)
        if placed is None or placed[0] in taken:
            continue
        taken.add(placed[0])
        if not fingerprint(placed[1]).startswith(held.fingerprint):
            edits.append((held, placed))
    return edits


def is_renamed(held: Carried, entry: Entry) -> bool:
    """Whether the entry's title is another than when it was stored."""
    return not fingerprint(entry).startswith(held.fingerprint[:HASH])


def fingerprint(entry: Entry) -> bytes:
    """What tells whether an entry has changed: HASH bytes for its title, as many for its text.

    The second half is not stored with a text that is the page's, whose teaser may say what it likes.
    """
    return b"".join(
        blake2b(part.encode("utf-8", "replace"), digest_size=HASH).digest() for part in (entry.title, entry.text)
    )
