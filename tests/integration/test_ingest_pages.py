"""Ingest: the pages of teasers are read, some at a time, and not for ever."""

from digests.feeds.images import Images
from digests.ingest import MOST_PAGES, PAGES_AT_ONCE
from tests.fakes.clock import MORNING
from tests.fakes.feeds import LONG, entry
from tests.fakes.pictures import GOOD, HeadFetcher, url
from tests.fixtures_ingest import Desk


async def test_pages_are_read_for_teasers_only(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING, text="A teaser."), entry(2, MORNING))
    desk.pages.texts = {"https://gazette.example/1": LONG + "And more.", "https://gazette.example/2": "Not asked for."}
    report = await desk.run()
    assert desk.pages.asked == ["https://gazette.example/1"]
    assert report.pages == 1
    assert (await desk.texts())["1"].strip().endswith("And more.")


async def test_a_page_that_says_less_or_nothing_leaves_the_teaser(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING, text="A teaser."), entry(2, MORNING, text="Another one."))
    desk.pages.texts = {"https://gazette.example/1": "Less."}
    report = await desk.run()
    assert (report.pages, report.articles) == (0, 2)
    assert await desk.texts() == {"1": "A teaser.", "2": "Another one."}


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
    found = await desk.texts()
    assert found["0"] == LONG
    assert found["1"] == "A teaser."


async def test_a_picture_is_stored_where_it_is_good(desk: Desk) -> None:
    desk.pages.texts = {f"https://gazette.example/{number}": LONG for number in (2, 3)}
    desk.pages.images = {"https://gazette.example/2": url("two"), "https://gazette.example/3": url("broken")}
    await desk.feed(
        "/a",
        entry(1, MORNING, image=url("one")),
        entry(2, MORNING, text="A teaser.", image=url("broken")),
        entry(3, MORNING, text="A teaser."),
    )
    await desk.run(images=Images(HeadFetcher(one=GOOD, two=GOOD)))
    found = {article.url[-1]: article.image for article in await desk.storage.articles.newest(limit=9)}
    assert found == {"1": url("one"), "2": url("two"), "3": None}


async def test_where_nobody_looks_no_picture_is_stored(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING, image=url("one")))
    await desk.run()
    assert (await desk.only())[0].image is None
