"""Whatever comes: the parser raises nothing but FeedError, and what it gives is clean."""

import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from digests.errors import FeedError
from digests.feeds.encoding import decode_body, mend_twice_encoded
from digests.feeds.parse import parse_feed
from digests.feeds.urls import is_web_url
from digests.text.html import drop_invisible

SEEDS = [path.read_bytes() for path in sorted((Path(__file__).parents[2] / "data" / "feeds").iterdir())]
PARTS = [
    *(
        b"<rss>",
        b"<channel>",
        b"<item>",
        b"</item>",
        b"<title>",
        b"</title>",
        b"<link>",
        b"</link>",
        b"<entry>",
        b"<feed>",
    ),
    *(
        b'<link href="',
        b'"/>',
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"&amp;",
        b"&#0;",
        b"&#xD800;",
        b"&nbsp;",
        b"<?xml ",
    ),
    *(
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"<guid isPermaLink='",
        b"<pubDate>",
        b"2026-13-99",
        b"\xff\xfe",
        b"\xed\xa0\x80",
    ),
    *(
        b"<content type='xhtml'>",
        b"<content type='application/octet-stream'>",
        b"<svg>",
        b"<math>",
        b"<media:content url='",
    ),
    *(
        b"http://[",
        b"http://x",
        b"xml:base='//'",
        b"<source>",
        b"<image>",
        b"<textinput>",
        b"<author>",
        b"{",
        b"}",
        b"\x00",
    ),
    *(
        b"<itunes:duration>",
        b"<georss:point>1",
        b"<psc:chapter start='x'/>",
        b"<category term=''/>",
        b"<enclosure/>",
        b" ",
    ),
]


def check(body: bytes) -> None:
    try:
        feed = parse_feed(body, url="https://s.example/feed")
    except FeedError:
        return
    for entry in feed.entries:
        assert entry.url == "" or is_web_url(entry.url)
        assert entry.image is None or is_web_url(entry.image)
        assert drop_invisible(entry.title + entry.text) == entry.title + entry.text
        assert "\n" not in entry.title
        assert entry.published is None or entry.published.utcoffset() is not None


@settings(max_examples=150)
@given(st.binary(max_size=300))
def test_arbitrary_bytes(body: bytes) -> None:
    check(body)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PARTS), max_size=40))
def test_pieces_of_feeds_in_any_order(parts: list[bytes]) -> None:
    check(b"<rss>" + b"".join(parts))


@settings(max_examples=150)
@given(st.sampled_from(SEEDS), st.integers(0, 2**32), st.integers(1, 12))
def test_feeds_with_bytes_changed_cut_and_doubled(seed: bytes, number: int, changes: int) -> None:
    chance = random.Random(number)
    body = bytearray(seed)
    for _ in range(changes):
        place = chance.randrange(len(body))
        match chance.randrange(4):
            case 0:
                body[place] = chance.randrange(256)
            case 1:
                del body[place : place + chance.randrange(1, 40)]
            case 2:
                body[place:place] = body[max(0, place - 60) : place]
            case 3:
                body[place:place] = chance.choice(PARTS)
        if not body:
            break
    check(bytes(body))


@given(
    st.binary(max_size=200), st.sampled_from([None, "text/xml; charset=x", "text/html; charset=utf-16", "charset=hex"])
)
def test_any_bytes_decode(body: bytes, content_type: str | None) -> None:
    decode_body(body, content_type=content_type).encode("utf-8", "surrogatepass")


@given(st.text(max_size=100))
def test_text_encoded_twice_comes_back_and_other_text_stays(text: str) -> None:
    once = mend_twice_encoded(text)
    assert isinstance(once, str)
    if text.isascii():
        assert once == text
