"""Ingest: what a feed changes in an entry changes the article, and is no news."""

from tests.fakes.clock import MORNING
from tests.fakes.feeds import LONG, entry
from tests.fixtures_ingest import Desk


async def test_a_changed_title_or_text_updates_the_article_and_brings_no_new_one(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING))
    await desk.run()
    before, _ = await desk.only()
    await desk.feed("/a", entry(1, MORNING, title="The council votes again"))
    report = await desk.again()
    assert (report.articles, report.edited) == (0, 1)
    await desk.feed("/a", entry(1, MORNING, title="The council votes again", text=f"Correction: it rained. {LONG}"))
    report = await desk.again()
    assert (report.articles, report.edited) == (0, 1)
    after, text = await desk.only()
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
    article, _ = await desk.only()
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
    article, _ = await desk.only()
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
    article, text = await desk.only()
    assert (article.title, text) == ("Renamed", page)


async def test_the_page_is_read_again_where_the_title_changed(desk: Desk) -> None:
    desk.pages.texts = {"https://gazette.example/1": LONG}
    await desk.feed("/a", entry(1, MORNING, text="A teaser."))
    await desk.run()
    desk.pages.texts = {"https://gazette.example/1": LONG + "Now with an answer from the mayor."}
    await desk.feed("/a", entry(1, MORNING, text="A teaser.", title="The mayor answers"))
    await desk.again()
    article, text = await desk.only()
    assert article.title == "The mayor answers"
    assert text.endswith("the mayor.")


async def test_a_teaser_without_a_page_is_updated(desk: Desk) -> None:
    await desk.feed("/a", entry(1, MORNING, text="The first teaser of all."))
    await desk.run()
    await desk.feed("/a", entry(1, MORNING, text="Another."))
    assert (await desk.again()).edited == 1
    assert (await desk.only())[1] == "Another."
