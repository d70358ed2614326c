"""Ingest: due feeds are asked over HTTP, and what is new in them is stored once."""

from datetime import timedelta

from tests.fakes.clock import MORNING
from tests.fakes.feeds import entry
from tests.fixtures_ingest import Desk


async def test_what_is_new_is_stored_once(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING - timedelta(minutes=9)), entry(2, MORNING - timedelta(minutes=5)))
    report = await desk.run()
    assert (report.feeds, report.articles, report.unchanged, report.failed) == (1, 2, 0, {})
    await desk.feed("/a", entry(1, MORNING), entry(2, MORNING), entry(3, MORNING + timedelta(minutes=1)))
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
