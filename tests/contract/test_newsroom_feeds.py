"""The newsroom over HTTP: what the bot's own reader makes of its feeds, validators, and news while one watches."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from multidict import CIMultiDictProxy

from bot.playground.newsroom import Newsroom, Outlet
from digests.feeds.parse import parse_feed

START = datetime(2026, 3, 1, 9, 0, 0, 250_000, tzinfo=UTC)


class HandClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def newsroom(clock: HandClock) -> AsyncIterator[Newsroom]:
    async with Newsroom(clock=clock) as running:
        yield running


@pytest.fixture
async def client(newsroom: Newsroom) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(newsroom.url) as session:
        yield session


async def ask(client: aiohttp.ClientSession, path: str, **headers: str) -> tuple[int, bytes, CIMultiDictProxy[str]]:
    """Status, body and headers of an answer; header names are given with underscores."""
    async with client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}) as answer:
        return answer.status, await answer.read(), answer.headers


async def test_the_catalogue_is_polled_every_minute(newsroom: Newsroom) -> None:
    feeds = newsroom.catalog()
    assert len({feed.url for feed in feeds}) == len(feeds)
    assert {feed.source for feed in feeds} == {outlet.name for outlet in newsroom.outlets.values()}
    assert {feed.interval for feed in feeds} == {1}
    assert all(feed.url.startswith(f"{newsroom.url}/") for feed in feeds)


async def test_our_reader_reads_every_feed_word_for_word(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    for outlet in newsroom.outlets.values():
        status, body, headers = await ask(client, outlet.feed_path())
        assert status == 200
        parsed = parse_feed(body, url=newsroom.url + outlet.feed_path(), content_type=headers["Content-Type"])
        assert parsed.title == outlet.name
        pieces = newsroom.visible(outlet)
        assert [entry.title for entry in parsed.entries] == [piece.title for piece in pieces]
        assert [entry.url for entry in parsed.entries] == [newsroom.url + outlet.path(piece) for piece in pieces]
        assert [entry.published for entry in parsed.entries] == [piece.published(newsroom.start) for piece in pieces]
        assert len({entry.guid for entry in parsed.entries}) == len(pieces)
        for entry, piece in zip(parsed.entries, pieces, strict=True):
            expected = " ".join(piece.paragraphs) if outlet.full_text else piece.teaser
            assert entry.text.split() == expected.split()


async def test_the_catalogue_carries_every_article_once_with_its_first_topic(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    pieces = {
        newsroom.url + outlet.path(piece): piece
        for outlet in newsroom.outlets.values()
        for piece in newsroom.visible(outlet)
    }
    found = []
    for feed in newsroom.catalog():
        _, body, _ = await ask(client, feed.url.removeprefix(newsroom.url))
        for entry in parse_feed(body, url=feed.url).entries:
            assert feed.topics in {(), pieces[entry.url].topics[:1]}
            found.append(entry.url)
    assert sorted(found) == sorted(pieces)


async def test_an_unchanged_feed_is_not_sent_twice(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    path = next(iter(newsroom.outlets.values())).feed_path()
    _, _, headers = await ask(client, path)
    assert (await ask(client, path, If_None_Match=headers["ETag"]))[:2] == (304, b"")
    assert (await ask(client, path, If_Modified_Since=headers["Last-Modified"]))[:2] == (304, b"")
    assert (await ask(client, path, If_None_Match='"other"', If_Modified_Since=headers["Last-Modified"]))[0] == 200
    assert (await ask(client, path, If_Modified_Since="yesterday"))[0] == 200
    assert (await ask(client, path, If_Modified_Since="Sat, 01 Jan 2000 00:00:00 GMT"))[0] == 200


def first_live(newsroom: Newsroom) -> Outlet:
    return min(
        (outlet for outlet in newsroom.outlets.values() if outlet.pieces[0].live),
        key=lambda outlet: min(piece.offset for piece in outlet.pieces if piece.live),
    )


async def test_news_appears_while_one_watches(
    newsroom: Newsroom, client: aiohttp.ClientSession, clock: HandClock
) -> None:
    outlet = first_live(newsroom)
    coming = min((piece for piece in outlet.pieces if piece.live), key=lambda piece: piece.offset)
    _, before, headers = await ask(client, outlet.feed_path())
    assert (await ask(client, outlet.path(coming)))[0] == 404
    assert (await ask(client, outlet.path(coming) + ".png"))[0] == 404

    clock.now = newsroom.start + coming.offset
    status, after, _ = await ask(client, outlet.feed_path(), If_None_Match=headers["ETag"])
    assert status == 200
    newest = parse_feed(after, url=newsroom.url).entries[0]
    assert (newest.title, newest.published) == (coming.title, clock.now)
    assert coming.title not in before.decode()
    assert (await ask(client, outlet.path(coming)))[0] == 200


async def test_all_of_it_is_out_after_a_quarter_of_an_hour(
    newsroom: Newsroom, client: aiohttp.ClientSession, clock: HandClock
) -> None:
    clock.now += timedelta(minutes=15)
    for outlet in newsroom.outlets.values():
        assert newsroom.visible(outlet) == list(outlet.pieces)
        status, body, _ = await ask(client, f"/{outlet.slug}/")
        assert status == 200
        assert outlet.feed_path() in body.decode()


async def test_pages_pictures_and_style_are_served(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    outlet = newsroom.outlets["bamdad-parnian"]
    piece = newsroom.visible(outlet)[0]
    for path, kind in (
        ("/", "text/html; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        (outlet.path(piece), "text/html; charset=utf-8"),
        (outlet.path(piece) + ".png", "image/png"),
    ):
        status, body, headers = await ask(client, path)
        assert (status, headers["Content-Type"]) == (200, kind)
        assert body


@pytest.mark.parametrize(
    "path",
    [
        "/nobody/",
        "/nobody/feed.xml",
        "/calder-post/feed.json",
        "/calder-post/gardening/feed.xml",
        "/calder-post/sports/feed.json",
        "/calder-post/nothing",
        "/calder-post/nothing.png",
    ],
)
async def test_what_is_not_there_is_not_found(client: aiohttp.ClientSession, path: str) -> None:
    assert (await ask(client, path))[0] == 404
