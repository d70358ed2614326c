"""Odd and hostile feeds on their way into the chat: nothing is refused, nothing is lost, the next feed is unharmed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest_asyncio

from digests.model import FeedSpec
from tests.fakes.loopback_site import LoopbackSite
from tests.fakes.reader import Reader

ITEM = (
    "<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate>"
    "<description>{text}</description></item>"
)
TEXT = (
    "The harbour of Quillmouth was closed on Monday after a crane fell into the water. Nobody was hurt. "
    "Divers from three towns looked for the hook until the evening, and found it under the ferry. "
    "The mayor said that the crane had been checked in spring and had passed without a remark. "
) * 4


def rss(*titles: str, text: str = TEXT, site: str = "quillmouth") -> bytes:
    """A feed with an article of each title, escaped as the test wrote them."""
    now = format_datetime(datetime.now(UTC))
    items = "".join(
        ITEM.format(title=title, link=f"http://127.0.0.1:1/{site}/{place}", date=now, text=text)
        for place, title in enumerate(titles)
    )
    return f"<rss version='2.0'><channel><title>Quillmouth Echo</title>{items}</channel></rss>".encode(
        "utf-8", "surrogatepass"
    )


@pytest_asyncio.fixture
async def site() -> AsyncIterator[LoopbackSite]:
    async with LoopbackSite() as site:
        yield site


async def read(reader: Reader, site: LoopbackSite, *paths: str) -> dict[str, str]:
    """Have the bot read feeds of the site; returns what failed, by path."""
    news = reader.running.news
    for path in paths:
        spec = FeedSpec(url=site.url(path), source="Quillmouth Echo", language="en")
        await news.storage.feeds.add(spec, now=news.clock())
    report = await news.ingest.run()
    await news.filing.run()
    return {
        url.removeprefix(site.url("")): error for url, error in report.failed.items() if url.startswith(site.url(""))
    }


async def test_markup_in_a_title_reads_as_it_was_meant(reader: Reader, site: LoopbackSite) -> None:
    site.serve("/feed", rss("&lt;3 &amp; &lt;b&gt;"))
    site.serve(
        "/other", rss("I &amp;lt;3 the lighthouse", text="The lighthouse is open to visitors. " * 20, site="fennick")
    )
    assert await read(reader, site, "/feed", "/other") == {}
    answer = await reader.ask("/latest")
    assert "<3 & <b>" in answer.text
    assert "I <3 the lighthouse" in answer.text


async def test_a_title_of_5000_characters_is_cut(reader: Reader, site: LoopbackSite) -> None:
    site.serve("/feed", rss("Crane " * 833))
    assert await read(reader, site, "/feed") == {}
    answer = await reader.ask("/search crane")
    assert "Crane Crane" in answer.text
    assert len(answer.text) < 1500
    (card,) = await reader.press("1")
    assert "Crane Crane" in card.text


async def test_lone_surrogates_and_control_characters_vanish(reader: Reader, site: LoopbackSite) -> None:
    site.serve("/feed", rss("Crane \ud83d falls &#xD83D; into &#7; the \u202eharbour"))
    assert await read(reader, site, "/feed") == {}
    answer = await reader.ask("/search crane")
    assert not any("\ud800" <= character <= "\udfff" or character == "\u202e" for character in answer.text)
    assert "harbour" in answer.text


async def test_no_feed_is_an_error_of_its_own_and_the_next_one_is_read(reader: Reader, site: LoopbackSite) -> None:
    site.serve("/empty", b"")
    site.serve("/html", b"<!doctype html><title>Not found</title><p>We have moved.</p>")
    site.serve("/no-entries", rss())
    site.serve("/feed", rss("A crane falls into the harbour of Quillmouth"))
    failed = await read(reader, site, "/empty", "/html", "/no-entries", "/feed")
    assert failed.keys() == {"/empty", "/html"}
    assert all(error and "\n" not in error for error in failed.values())
    assert "Quillmouth" in (await reader.ask("/search crane")).text
    assert "Quillmouth Echo" in (await reader.ask("/errors")).text


async def test_a_feed_that_is_asked_again_brings_nothing_twice(reader: Reader, site: LoopbackSite) -> None:
    site.serve("/feed", rss("A crane falls into the harbour of Quillmouth"))
    await read(reader, site, "/feed")
    count = await reader.running.news.storage.articles.count()
    await read(reader, site, "/feed")
    assert await reader.running.news.storage.articles.count() == count


async def test_administrators_hear_once_of_a_feed_that_is_gone(reader: Reader, site: LoopbackSite) -> None:
    await reader.say("/start")
    site.serve("/gone", b"", status=410)
    before = len(reader.world.sent)
    await read(reader, site, "/gone")
    await read(reader, site, "/gone")
    (report,) = reader.world.sent[before:]
    assert "Quillmouth Echo" in report.text
    assert site.url("/gone") in report.text
    assert any("🔄" in button["text"] for row in report.message["reply_markup"]["inline_keyboard"] for button in row)
