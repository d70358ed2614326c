from collections.abc import AsyncIterator

import pytest

from digests.errors import FetchError, ParseError
from digests.feeds.discover import Candidate, common_paths, discover, find_feeds, with_scheme
from digests.feeds.fetch import Fetcher
from digests.workers import InlineWorkers
from tests.fakes.loopback_site import LoopbackSite

FEED = b"<rss><channel><title>The Harbour Post</title><item><title>A</title></item></channel></rss>"


def urls(html: str, url: str = "https://harbour.example/news/") -> list[str]:
    return [candidate.url for candidate in find_feeds(html, url=url)]


def test_what_a_page_names_comes_first_in_its_order() -> None:
    html = (
        '<head><link rel="alternate" type="application/rss+xml" title="News" href="/feed.xml">'
        '<link rel="alternate" type="application/atom+xml" href="atom.xml">'
        '<link rel="alternate home" type="application/feed+json" href="https://harbour.example/feed.json">'
        '<link rel="stylesheet" type="text/css" href="x.css"></head><a href="/sport/rss">Sport</a>'
    )
    found = find_feeds(html, url="https://harbour.example/news/")
    assert [(candidate.url, candidate.kind) for candidate in found] == [
        ("https://harbour.example/feed.xml", "rss"),
        ("https://harbour.example/news/atom.xml", "atom"),
        ("https://harbour.example/feed.json", "json"),
        ("https://harbour.example/sport/rss", "rss"),
    ]
    assert found[0].title == "News"


def test_comment_feeds_come_last() -> None:
    html = (
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">'
        '<link rel="alternate" type="application/rss+xml" title="Kommentare zu X" href="/x/feed/">'
        '<link rel="alternate" type="application/rss+xml" title="News" href="/feed/">'
    )
    assert urls(html)[0] == "https://harbour.example/feed/"


def test_feeds_of_one_tag_come_after_the_sites_own() -> None:
    html = (
        '<link rel="alternate" type="application/rss+xml" href="/tag/tides/feed/">'
        '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    )
    assert urls(html) == ["https://harbour.example/feed/", "https://harbour.example/tag/tides/feed/"]


def test_the_base_element_counts_and_duplicates_do_not() -> None:
    html = (
        '<base href="https://cdn.example/x/"><link rel="alternate" type="application/rss+xml" href="f.xml">'
        '<a href="f.xml">RSS</a><link rel="alternate" type="text/html" hreflang="de" href="/de">'
    )
    assert urls(html) == ["https://cdn.example/x/f.xml"]


@pytest.mark.parametrize(
    "html", ["", "<a href='javascript:x'>rss</a>", "<link rel=alternate type=application/rss+xml>", "\x00"]
)
def test_a_page_without_feeds(html: str) -> None:
    assert urls(html) == []


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("harbour.example", "https://harbour.example"),
        ("feed://harbour.example/f", "https://harbour.example/f"),
        ("feed:http://harbour.example/f", "http://harbour.example/f"),
        (" http://harbour.example ", "http://harbour.example"),
    ],
)
def test_addresses_as_people_type_them(typed: str, url: str) -> None:
    assert with_scheme(typed) == url


def test_common_paths_are_on_the_sites_root() -> None:
    paths = common_paths("https://harbour.example/a/b?c")
    assert paths[0] == Candidate("https://harbour.example/feed", "", "rss", 1.0)
    assert all(candidate.score <= 1.0 for candidate in paths)


@pytest.fixture
async def site() -> AsyncIterator[LoopbackSite]:
    async with LoopbackSite() as site:
        yield site


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(allow_hosts=["127.0.0.1"]) as fetcher:
        yield fetcher


async def test_a_feeds_own_address_is_the_feed(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.serve("/feed", FEED)
    (found,) = await discover(site.url("/feed"), fetcher=fetcher, workers=InlineWorkers())
    assert (found.url, found.title) == (site.url("/feed"), "The Harbour Post")


async def test_a_sites_feeds_are_tried_out(site: LoopbackSite, fetcher: Fetcher) -> None:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/{name}">' for name in ("gone", "html", "good")
    )
    site.serve("/", f"<html><head>{links}</head></html>".encode())
    site.serve("/html", b"<html></html>")
    site.serve("/good", FEED)
    found = await discover(site.url("/"), fetcher=fetcher, workers=InlineWorkers())
    assert [(candidate.url, candidate.title) for candidate in found] == [(site.url("/good"), "The Harbour Post")]


async def test_common_paths_are_tried_last(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.serve("/", b"<html></html>")
    site.serve("/rss.xml", FEED)
    found = await discover(site.url("/"), fetcher=fetcher, workers=InlineWorkers())
    assert [candidate.url for candidate in found] == [site.url("/rss.xml")]


async def test_a_site_that_asks_for_patience_is_not_asked_on(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.serve("/", b"<html></html>")
    site.serve("/feed", status=429)
    with pytest.raises(ParseError, match="No feed was found"):
        await discover(site.url("/"), fetcher=fetcher, workers=InlineWorkers())
    assert len(site.requests) == 2


async def test_a_site_that_does_not_answer_is_a_fetch_error(site: LoopbackSite, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="404"):
        await discover(site.url("/"), fetcher=fetcher, workers=InlineWorkers())
