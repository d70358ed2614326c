"""Ingest over a loopback site, a database and scripted pages: the `desk` of the tests of ingest."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest_asyncio

from digests.feeds.fetch import Fetcher
from digests.ingest import Ingest, IngestReport
from digests.model import Article, Entry, Feed, FeedSpec
from digests.prepare import prepare
from digests.storage import SqlStorage
from digests.workers import InlineWorkers, Workers
from tests.fakes.clock import SetClock
from tests.fakes.feeds import ScriptedPages, rss
from tests.fakes.loopback_site import LoopbackSite


class Desk:
    """Ingest over a loopback site, a database and scripted pages."""

    def __init__(self, storage: SqlStorage, site: LoopbackSite, fetcher: Fetcher) -> None:
        self.storage, self.site, self.fetcher = storage, site, fetcher
        self.clock = SetClock()
        self.pages = ScriptedPages()
        self.workers: Workers = InlineWorkers()

    def ingest(self, **options: object) -> Ingest:
        return Ingest(self.storage, self.fetcher, self.workers, self.pages, clock=self.clock, **options)

    async def feed(self, path: str, *entries: Entry, **headers: str) -> Feed:
        self.site.serve(path, rss(entries), headers={"Content-Type": "application/rss+xml", **headers})
        spec = FeedSpec(url=self.site.url(path), source=f"Source {path}", language="en", topics=("local",))
        return await self.storage.feeds.add(spec, now=self.clock())

    async def run(self, **options: object) -> IngestReport:
        return await self.ingest(**options).run()

    async def again(self, **options: object) -> IngestReport:
        """Two days later."""
        self.clock.move(days=2)
        return await self.run(**options)

    async def titles(self) -> list[str]:
        return sorted(article.title for article in await self.storage.articles.newest(limit=100))

    async def only(self) -> tuple[Article, str]:
        """The one article that is stored, with its text."""
        (article,) = await self.storage.articles.newest(limit=9)
        return article, await self.storage.articles.text(article.id)

    async def texts(self) -> dict[str, str]:
        """The texts of all articles by the ends of their addresses."""
        found = await self.storage.articles.newest(limit=100)
        return {article.url.rpartition("/")[2]: await self.storage.articles.text(article.id) for article in found}

    async def stored(self, path: str) -> Feed:
        return next(feed for feed in await self.storage.feeds.all() if feed.url == self.site.url(path))


@pytest_asyncio.fixture
async def desk(sqlite_storage: SqlStorage) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(LoopbackSite())
        fetcher = await stack.enter_async_context(Fetcher(allow_hosts=["127.0.0.0/8"]))
        yield Desk(sqlite_storage, site, fetcher)


class FailingWorkers(InlineWorkers):
    """Workers in which a function fails, for some feeds."""

    def __init__(self, error: Exception, when: Callable[..., bool]) -> None:
        self._error, self._when = error, when

    async def run(self, function, *args, timeout=10.0):  # noqa: ASYNC109  # as Workers.run has it
        if function is prepare and self._when(*args):
            raise self._error
        return await super().run(function, *args, timeout=timeout)
