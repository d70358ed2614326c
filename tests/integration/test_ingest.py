"""Ingest: due feeds are asked over HTTP, and what is new in them is stored once, whatever goes wrong with one."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import time, timedelta

import pytest
import pytest_asyncio

from digests import ingest as module
from digests.errors import StorageError, WorkerError
from digests.feeds.fetch import Fetcher
from digests.filing import Filing
from digests.ingest import MOST_PAGES, PAGES_AT_ONCE, Ingest, IngestReport
from digests.model import Article, DeliveryState, Entry, Feed, FeedSpec, Slot, Subscriber
from digests.pipeline import Pipeline
from digests.prepare import prepare
from digests.storage import SqlStorage
from digests.workers import InlineWorkers, Workers
from tests.fakes.clock import MORNING, SetClock
from tests.fakes.feeds import LONG, ScriptedPages, entry, rss
from tests.fakes.loopback_site import LoopbackSite


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


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

    async def stored(self, path: str) -> Feed:
        return next(feed for feed in await self.storage.feeds.all() if feed.url == self.site.url(path))


@pytest_asyncio.fixture
async def desk(sqlite_storage: SqlStorage) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(LoopbackSite())
        fetcher = await stack.enter_async_context(Fetcher(allow_hosts=["127.0.0.0/8"]))
        yield Desk(sqlite_storage, site, fetcher)


async def test_what_is_new_is_stored_once(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING - minutes(9)), entry(2, MORNING - minutes(5)))
    report = await desk.run()
    assert (report.feeds, report.articles, report.unchanged, report.failed) == (1, 2, 0, {})
    await desk.feed("/a", entry(1, MORNING), entry(2, MORNING), entry(3, MORNING + minutes(1)))
    report = await desk.again()
    assert report.articles == 1
    assert len(await desk.titles()) == 3
    newest = (await desk.storage.articles.newest(limit=1))[0]
    assert newest.fetched_at == MORNING + timedelta(days=2)
    assert dict(newest.topics)["local"] > 0


async def test_a_feed_is_asked_only_when_it_is_due(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING))
    await desk.run()
    assert (await desk.run()).feeds == 0
    assert len(desk.site.asked("/a")) == 1


async def test_a_feed_that_has_not_changed_costs_nothing(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING), ETag='"x"')
    await desk.run()
    report = await desk.again()
    assert (report.unchanged, report.articles) == (1, 0)
    assert desk.site.asked("/a")[1].headers["If-None-Match"] == '"x"'
    desk.site.serve("/a", status=304)
    assert (await desk.again()).unchanged == 1


async def test_an_entry_that_moved_is_known_by_its_guid(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING))
    await desk.run()
    await desk.feed("/a", entry(1, MORNING, url="https://gazette.example/moved"))
    assert (await desk.again()).articles == 0


async def test_a_guid_that_stands_twice_in_a_feed_tells_nothing(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING, guid="same"), entry(2, MORNING, guid="same"))
    assert (await desk.run()).articles == 2


async def test_an_address_that_stands_twice_is_one_article(desk: Desk) -> None:
    await desk.feed(
        "/a", entry(1, MORNING), entry(1, MORNING, guid="other", url="https://gazette.example/1?utm_source=x")
    )
    assert (await desk.run()).articles == 1


async def test_an_article_in_two_feeds_is_stored_once(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING))
    await desk.feed("/b", entry(1, MORNING))
    assert (await desk.run()).articles == 1


async def test_entries_without_a_title_or_an_address_are_left_out(desk: Desk) -> None:
    await desk.feed(
        "/a", entry(1, MORNING, title="", text=""), entry(2, MORNING, url="javascript:alert(1)"), entry(3, MORNING)
    )
    assert (await desk.run()).articles == 1


async def test_entries_older_than_what_is_kept_are_left_out(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING - timedelta(days=31)), entry(2, MORNING - timedelta(days=29)))
    await desk.run(keep_days=30)
    assert await desk.titles() == ["The council votes on item 2"]


async def test_a_date_in_the_future_or_none_is_when_it_came_in(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING + timedelta(days=300)), entry(2, None))
    await desk.run()
    assert {article.published for article in await desk.storage.articles.newest(limit=9)} == {MORNING}


# ── edits ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def only(desk: Desk) -> tuple[Article, str]:
    """The one article that is stored, with its text."""
    (article,) = await desk.storage.articles.newest(limit=9)
    return article, await desk.storage.articles.text(article.id)


async def test_a_changed_title_or_text_updates_the_article_and_brings_no_new_one(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING))
    await desk.run()
    before, _ = await only(desk)
    await desk.feed("/a", entry(1, MORNING, title="The council votes again"))
    report = await desk.again()
    assert (report.articles, report.edited) == (0, 1)
    await desk.feed("/a", entry(1, MORNING, title="The council votes again", text=f"Correction: it rained. {LONG}"))
    report = await desk.again()
    assert (report.articles, report.edited) == (0, 1)
    after, text = await only(desk)
    assert after.title == "The council votes again"
    assert text.startswith("Correction: it rained.")
    assert [text[quote.start : quote.end] for quote in after.quotes] == [quote.text for quote in after.quotes]
    assert (after.id, after.url, after.published, after.fetched_at) == (before.id, before.url, MORNING, MORNING)
    await desk.feed("/a", entry(1, MORNING, title=after.title, text=f"Correction: it rained. {LONG}"), entry(2, None))
    report = await desk.again()
    assert (report.articles, report.edited) == (1, 0)


async def test_an_edit_is_known_by_its_guid_where_its_address_changed_too(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING))
    await desk.run()
    await desk.feed("/a", entry(1, MORNING, title="Moved and renamed", url="https://gazette.example/renamed"))
    report = await desk.again()
    assert (report.articles, report.edited) == (0, 1)
    article, _ = await only(desk)
    assert (article.title, article.url) == ("Moved and renamed", "https://gazette.example/1")


async def test_a_title_that_is_stored_without_its_publisher_is_no_edit(desk: Desk) -> None:
    titled = entry(1, MORNING, title="The council votes - Source /a")
    await desk.feed("/a", titled)
    await desk.run()
    await desk.feed("/a", titled, entry(2, MORNING))
    report = await desk.again()
    assert (report.articles, report.edited) == (1, 0)


async def test_another_feed_does_not_edit_an_article(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING))
    await desk.run()
    await desk.feed("/b", entry(1, MORNING, title="As the Post has it", text="Short."))
    report = await desk.run()
    assert (report.articles, report.edited) == (0, 0)
    article, _ = await only(desk)
    assert article.title == "The council votes on item 1"


async def test_a_teaser_that_changes_leaves_the_text_of_the_page(desk: Desk) -> None:
    page = LONG + "And more."
    desk.pages.texts = {"https://gazette.example/1": page}
    await desk.feed("/a", entry(1, MORNING, text="A teaser."))
    await desk.run()
    await desk.feed("/a", entry(1, MORNING, text="A teaser. 3 comments"))
    assert (await desk.again()).edited == 0
    desk.pages.texts = {}
    await desk.feed("/a", entry(1, MORNING, text="A teaser.", title="Renamed"))
    assert (await desk.again()).edited == 1
    article, text = await only(desk)
    assert (article.title, text) == ("Renamed", page)


async def test_the_page_is_read_again_where_the_title_changed(desk: Desk) -> None:
    desk.pages.texts = {"https://gazette.example/1": LONG}
    await desk.feed("/a", entry(1, MORNING, text="A teaser."))
    await desk.run()
    desk.pages.texts = {"https://gazette.example/1": LONG + "Now with an answer from the mayor."}
    await desk.feed("/a", entry(1, MORNING, text="A teaser.", title="The mayor answers"))
    await desk.again()
    article, text = await only(desk)
    assert article.title == "The mayor answers"
    assert text.endswith("the mayor.")


async def test_a_teaser_without_a_page_is_updated(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING, text="The first teaser of all."))
    await desk.run()
    await desk.feed("/a", entry(1, MORNING, text="Another."))
    assert (await desk.again()).edited == 1
    assert (await only(desk))[1] == "Another."


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def texts(desk: Desk) -> dict[str, str]:
    found = await desk.storage.articles.newest(limit=100)
    return {article.url.rpartition("/")[2]: await desk.storage.articles.text(article.id) for article in found}


async def test_pages_are_read_for_teasers_only(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING, text="A teaser."), entry(2, MORNING))
    desk.pages.texts = {"https://gazette.example/1": LONG + "And more.", "https://gazette.example/2": "Not asked for."}
    report = await desk.run()
    assert desk.pages.asked == ["https://gazette.example/1"]
    assert report.pages == 1
    assert (await texts(desk))["1"].strip().endswith("And more.")


async def test_a_page_that_says_less_or_nothing_leaves_the_teaser(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING, text="A teaser."), entry(2, MORNING, text="Another one."))
    desk.pages.texts = {"https://gazette.example/1": "Less."}
    report = await desk.run()
    assert (report.pages, report.articles) == (0, 2)
    assert await texts(desk) == {"1": "A teaser.", "2": "Another one."}


async def test_only_so_many_pages_are_read_at_once_and_at_one_time(desk: Desk) -> None:
    await desk.feed("/a", *(entry(number, MORNING, text="A teaser.") for number in range(MOST_PAGES + 15)))
    assert (await desk.run()).articles == MOST_PAGES + 15
    assert len(desk.pages.asked) == MOST_PAGES
    assert desk.pages.most_at_once <= PAGES_AT_ONCE


async def test_pages_that_take_too_long_hold_up_no_feed(desk: Desk) -> None:
    await desk.feed("/a", *(entry(number, MORNING, text="A teaser.") for number in range(3)))
    desk.pages.texts = {"https://gazette.example/0": LONG}
    desk.pages.stuck = {"https://gazette.example/1"}
    report = await desk.run(pages_seconds=0.2)
    assert (report.articles, report.pages, report.failed) == (3, 1, {})
    found = await texts(desk)
    assert found["0"] == LONG
    assert found["1"] == "A teaser."


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_feed_that_fails_touches_no_other_and_backs_off(desk: Desk) -> None:
    await desk.feed("/broken")
    desk.site.serve("/broken", b"<html>gone</html>", status=500)
    await desk.feed("/none")
    desk.site.serve("/none", b"<!doctype html><p>not a feed", headers={"Content-Type": "text/html"})
    await desk.feed("/good", entry(1, MORNING))
    report = await desk.run()
    assert report.articles == 1
    assert set(report.failed) == {desk.site.url("/broken"), desk.site.url("/none")}
    broken = await desk.stored("/broken")
    assert broken.errors == 1
    assert broken.last_error
    assert broken.next_fetch_at > MORNING
    assert (await desk.stored("/good")).errors == 0


class FailingWorkers(InlineWorkers):
    """Workers in which a function fails, for some feeds."""

    def __init__(self, error: Exception, when: Callable[..., bool]) -> None:
        self._error, self._when = error, when

    async def run(self, function, *args, timeout=10.0):  # noqa: ASYNC109  # as Workers.run has it
        if function is prepare and self._when(*args):
            raise self._error
        return await super().run(function, *args, timeout=timeout)


async def test_a_fault_of_ours_in_one_feed_touches_no_other(desk: Desk) -> None:
    bad = await desk.feed("/bad", entry(1, MORNING))
    await desk.feed("/good", entry(2, MORNING))
    desk.workers = FailingWorkers(ZeroDivisionError("oops"), lambda _, origin: origin.feed_id == bad.id)
    report = await desk.run()
    assert report.articles == 1
    assert "ZeroDivisionError" in report.failed[bad.url]
    stored = await desk.stored("/bad")
    assert stored.errors == 1
    assert stored.next_fetch_at == MORNING + timedelta(hours=1)
    desk.workers = InlineWorkers()
    assert (await desk.again()).articles == 1


async def test_a_body_that_could_not_be_stored_is_read_again(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING), ETag='"x"')
    desk.workers = FailingWorkers(WorkerError("The worker died."), lambda *_: True)
    report = await desk.run()
    assert list(report.failed.values()) == ["The worker died."]
    desk.workers = InlineWorkers()
    assert (await desk.again()).articles == 1
    assert "If-None-Match" not in desk.site.asked("/a")[1].headers


async def test_a_fault_that_can_not_even_be_recorded_ends_no_pass(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = await desk.feed("/bad", entry(1, MORNING))
    await desk.feed("/good", entry(2, MORNING))
    record = desk.storage.feeds.record

    async def failing(feed_id: int, poll: object) -> None:
        if feed_id == bad.id:
            raise StorageError("The database is locked.")
        await record(feed_id, poll)

    monkeypatch.setattr(desk.storage.feeds, "record", failing)
    report = await desk.run()
    assert set(report.failed) == {bad.url}
    assert len(await desk.titles()) == 2


async def test_progress_is_told(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING))
    await desk.feed("/b")
    desk.site.serve("/b", status=500)
    started: list[int] = []
    done: list[str] = []
    await desk.ingest().run(on_start=started.append, on_feed=lambda feed: done.append(feed.url))
    assert started == [2]
    assert sorted(done) == [desk.site.url("/a"), desk.site.url("/b")]


async def test_feeds_run_side_by_side_up_to_a_limit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SIDE_BY_SIDE", 2)
    for number in range(6):
        await desk.feed(f"/{number}", entry(number, MORNING))
    assert (await desk.run()).articles == 6
    assert desk.site.most_at_once <= 2


# ── dead feeds ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Reports:
    """What administrators are told of feeds."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    async def __call__(self, feed: Feed, error: str) -> None:
        self.told.append((feed.url, error))


async def test_a_feed_that_dies_is_reported_once_and_given_up_at_last(desk: Desk) -> None:
    feed = await desk.feed("/a")
    desk.site.serve("/a", status=500)
    reports = Reports()
    passes = 0
    while (stored := await desk.stored("/a")).active and passes < 100:
        desk.clock.at(max(desk.clock(), stored.next_fetch_at))
        await desk.run(on_dead=reports)  # each by itself, as after a restart
        passes += 1
        assert len(reports.told) == (passes >= 6), passes
    assert desk.clock() - MORNING > timedelta(days=30)
    assert reports.told == [(feed.url, "127.0.0.1 answers 500 Internal Server Error.")]


async def test_a_feed_that_comes_back_and_dies_again_is_reported_again(desk: Desk) -> None:
    await desk.feed("/a")
    reports = Reports()
    ingest = desk.ingest(on_dead=reports)

    async def fail(times: int) -> None:
        desk.site.serve("/a", status=500)
        for _ in range(times):
            desk.clock.move(days=2)
            await ingest.run()

    await fail(8)
    assert len(reports.told) == 1
    desk.site.serve("/a", rss([entry(1, MORNING)]))
    desk.clock.move(days=2)
    await ingest.run()
    await fail(8)
    assert len(reports.told) == 2


async def test_a_feed_that_is_gone_is_reported_at_once_and_comes_back_when_it_is_added(desk: Desk) -> None:
    feed = await desk.feed("/a")
    desk.site.serve("/a", status=410)
    reports = Reports()
    await desk.run(on_dead=reports)
    assert reports.told == [(feed.url, "127.0.0.1 answers 410 Gone.")]
    assert (await desk.again(on_dead=reports)).feeds == 0
    await desk.feed("/a", entry(1, desk.clock()))
    report = await desk.run(on_dead=reports)
    assert (report.articles, len(reports.told)) == (1, 1)
    stored = await desk.stored("/a")
    assert (stored.active, stored.errors, stored.reported) == (True, 0, False)


async def test_a_report_that_can_not_be_recorded_is_not_repeated(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.feed("/a")
    desk.site.serve("/a", status=410)
    reports = Reports()
    ingest = desk.ingest(on_dead=reports)

    async def failing(feed_id: int, poll: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(desk.storage.feeds, "record", failing)
    await ingest.run()
    await ingest.run()
    assert len(reports.told) == 1


async def test_a_feed_that_only_brings_out_a_fault_of_ours_is_reported_too(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING))
    desk.workers = FailingWorkers(ZeroDivisionError("oops"), lambda *_: True)
    reports = Reports()
    for _ in range(8):
        await desk.again(on_dead=reports, keep_days=99)
    ((_, error),) = reports.told
    assert "ZeroDivisionError" in error
    assert (await desk.stored("/a")).active


async def test_a_report_that_fails_ends_no_pass(desk: Desk) -> None:
    await desk.feed("/a")
    desk.site.serve("/a", status=410)
    await desk.feed("/b", entry(2, MORNING))

    async def failing(feed: Feed, error: str) -> None:
        raise ConnectionError("nobody there")

    report = await desk.run(on_dead=failing)
    assert report.articles == 1
    assert (await desk.stored("/a")).errors == 1


async def test_without_anybody_to_tell_the_report_waits(desk: Desk) -> None:
    await desk.feed("/a")
    desk.site.serve("/a", status=500)
    for _ in range(8):
        await desk.again()
    assert not (await desk.stored("/a")).reported
    reports = Reports()
    await desk.again(on_dead=reports)
    assert len(reports.told) == 1


# ── old news ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_old_entries_of_a_new_feed_are_stored_and_are_no_news(desk: Desk) -> None:
    """Somebody who had a digest three days ago gets what was published since, and nothing from before it."""
    storage, clock = desk.storage, desk.clock
    eight = Slot(time(8))
    reader = await storage.subscribers.create(
        Subscriber(id=0, chat_id=1, slots=(eight,), next_due_at=MORNING, created_at=MORNING)
    )
    filing, pipeline = Filing(storage, clock=clock), Pipeline(storage, clock=clock)

    async def digest() -> list[str]:
        await desk.run()
        await filing.run()
        await pipeline.compose_due()
        headlines = []
        for delivery in await storage.ledger.claim("test", now=clock(), limit=9):
            found = await storage.ledger.digest(delivery.digest_id)
            headlines += [item.headline for item in found.items] if found else []
            await storage.ledger.sending(delivery, now=clock())
            await storage.ledger.finish(delivery, DeliveryState.SENT, now=clock(), message_id=1)
        return sorted(headlines)

    def aged(hours: float, title: str, words: str) -> Entry:
        return entry(len(title), clock() - timedelta(hours=hours), title=title, text=f"{title}: {words}. " * 12)

    await desk.feed("/a", aged(1, "Sugar beet rots", "farmers blame wet autumn fields"))
    assert await digest() == ["Sugar beet rots"]
    await storage.subscribers.update(reader.id, next_due_at=MORNING + timedelta(days=3))
    clock.move(days=3)
    await desk.feed(
        "/b",
        aged(2, "Tram drivers strike", "commuters walked across town before dawn"),
        aged(60, "Owls counted in abbey", "ornithologists climbed a bell tower with torches"),
        aged(84, "Bridge toll is doubled", "lorries queue at barriers near customs"),
        aged(300, "Museum sells its Vermeer", "curators resigned over the auction"),
    )
    assert await digest() == ["Owls counted in abbey", "Tram drivers strike"]
    assert await storage.articles.count() == 5
    old = next(one for one in await storage.articles.newest(limit=9) if one.title.startswith("Bridge"))
    assert old.fetched_at == old.published
