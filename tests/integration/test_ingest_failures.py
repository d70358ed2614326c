"""Ingest: what goes wrong with one feed touches no other, and who runs the bot hears of a dead one once."""

from datetime import timedelta

import pytest

from digests import ingest as module
from digests.errors import StorageError, WorkerError
from digests.model import Feed
from digests.workers import InlineWorkers
from tests.fakes.clock import MORNING
from tests.fakes.feeds import entry, rss
from tests.fixtures_ingest import Desk, FailingWorkers


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
