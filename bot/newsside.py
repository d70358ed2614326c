"""The news side, put together over a database: all that a short command needs. The rest is in bot.wiring.

Kept apart from it because a terminal should not wait for a chat library and a scheduler to load.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog

from config.catalog import CatalogFeed, OpmlFile, read_catalog
from config.settings import Settings
from digests.alerts import Alerts
from digests.clock import Clock, utc_now
from digests.feeds.fetch import Fetcher
from digests.feeds.finder import Finder
from digests.feeds.images import Images
from digests.feeds.opml import read_opml
from digests.feeds.pages import PageReader
from digests.filing import Filing
from digests.ingest import Ingest
from digests.model import FeedChanges, FeedSpec
from digests.pipeline import Pipeline
from digests.ports import Storage
from digests.pushes import Pushes
from digests.reading import Reading
from digests.storage import open_storage
from digests.workers import WorkerPool, Workers

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The news side, put together."""

    settings: Settings
    storage: Storage
    workers: Workers
    fetcher: Fetcher
    pages: PageReader
    finder: Finder
    ingest: Ingest
    filing: Filing
    pipeline: Pipeline
    alerts: Alerts
    reading: Reading
    pushes: Pushes | None
    """Where publishers can push to this program."""
    clock: Clock

    async def prune(self) -> None:
        """Forget what is older than BAZTAB_RETENTION_DAYS."""
        before = self.clock() - timedelta(days=self.settings.retention_days)
        articles = await self.storage.articles.prune(before)
        log.info("prune", articles=articles, deliveries=await self.storage.ledger.prune(before))
        if tidied := await self.storage.follows.tidy():
            log.info("prune.unfollowed", feeds=tidied)


@asynccontextmanager
async def open_news(
    settings: Settings,
    *,
    exclusive: bool = False,
    catalog: Sequence[CatalogFeed] | None = None,
    clock: Clock = utc_now,
    workers: Workers | None = None,
) -> AsyncIterator[News]:
    """The news side over the settings' database, with the feeds file read in; `catalog` stands in for the file.

    `workers` are by default a pool of processes, which starts with the first job.
    """
    async with AsyncExitStack() as stack:
        storage = await open_storage(settings.database_url, exclusive=exclusive)
        stack.push_async_callback(storage.close)
        changes = await sync_feeds(storage, settings, catalog, clock)
        log.debug("feeds.synced", added=changes.added, updated=changes.updated, switched_off=changes.switched_off)
        workers = workers or WorkerPool()
        stack.push_async_callback(workers.close)
        fetcher = await stack.enter_async_context(
            Fetcher(contact=settings.contact or "", allow_hosts=settings.allow_hosts, clock=clock)
        )
        pages = PageReader(fetcher, workers, clock=clock)
        keep_days = settings.retention_days
        images = Images(fetcher)
        ingest = Ingest(storage, fetcher, workers, pages, clock=clock, keep_days=keep_days, images=images)
        base = settings.reached_at
        yield News(
            settings=settings,
            storage=storage,
            workers=workers,
            fetcher=fetcher,
            pages=pages,
            finder=Finder(fetcher, workers, clock=clock),
            ingest=ingest,
            filing=Filing(storage, clock=clock),
            pipeline=Pipeline(storage, clock=clock),
            alerts=Alerts(storage, clock=clock),
            reading=Reading(storage, clock=clock),
            pushes=Pushes(storage, fetcher, ingest, clock=clock, base=base) if base is not None else None,
            clock=clock,
        )


async def sync_feeds(
    storage: Storage, settings: Settings, catalog: Sequence[CatalogFeed] | None, clock: Clock
) -> FeedChanges:
    """Make the stored feeds those of the feeds file."""
    found = read_catalog(settings.feeds) if catalog is None else catalog
    specs = read_opml(found.body) if isinstance(found, OpmlFile) else [spec_of(feed) for feed in found]
    return await storage.feeds.sync(specs, now=clock())


def spec_of(feed: CatalogFeed) -> FeedSpec:
    """A feed of the catalogue in the words of the news side."""
    return FeedSpec(
        url=feed.url,
        source=feed.source,
        language=feed.language,
        topics=feed.topics,
        title=feed.title,
        interval=feed.interval,
    )
