"""Feeds that no publisher would serve, and what must hold of whatever the parser makes of them."""

import json
import random
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

from digests.errors import FeedError
from digests.feeds.parse import parse_feed
from digests.feeds.urls import is_web_url
from digests.model import ParsedFeed
from digests.text.html import drop_invisible

URL = "https://s.example/feed"
SEEDS = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "data" / "feeds").iterdir())]
PARTS = [
    part.encode("latin-1")
    for part in (
        *("<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "</link>", "<entry>", "<feed>"),
        *('<link href="', '"/>', "<![CDATA[", "]]>", "<!--", "-->", "&amp;", "&#0;", "&#xD800;", "&nbsp;", "<?xml "),
        *("<!DOCTYPE x [<!ENTITY a 'b'>]>", "<guid isPermaLink='", "<pubDate>", "2026-13-99", "\xff\xfe"),
        *("\xed\xa0\x80", "<content type='xhtml'>", "<content type='application/octet-stream'>", "<svg>", "<math>"),
        *("<media:content url='", "http://[", "http://x", "xml:base='//'", "<source>", "<image>", "<textinput>"),
        *("<author>", "{", "}", "\x00", "<itunes:duration>", "<georss:point>1", "<psc:chapter start='x'/>"),
        *(
            "<category term=''/>",
            "<enclosure/>",
            " ",
            "xml:base='http://['",
            "<rdf:RDF>",
            "xmlns:x='y'",
            "\xef\xbb\xbf",
        ),
        *(
            "encoding='utf-16'",
            "encoding='utf-7'",
            "encoding='no-such'",
            "<georss:polygon>1 2",
            "<gml:pos>",
            "<dc:date>",
        ),
        *("<skipHours><hour>99</hour>", "<ttl>-1</ttl>", "\u00a0", "&#x110000;", "&lt;b&gt;", "<base href='", "&#x1F;"),
    )
]
_NAMES = (
    "rss channel item title link guid pubDate description content:encoded entry feed id updated published content "
    "summary author name rdf:RDF rdf:li dc:date media:content media:thumbnail media:group enclosure category ttl "
    "skipHours hour skipDays day image url source textInput itunes:image georss:point gml:pos svg math div p b"
)
_ATTRIBUTES = (
    "href rel type url medium width isPermaLink xml:base xml:lang rdf:about rdf:resource term src mode "
    "xmlns xmlns:dc start text"
)
_VALUES = (
    "alternate self hub enclosure image image/png text/html xhtml html application/xml base64 true false http://x "
    "https://s.example/1 //[ javascript:1 data:x 2026-11-24T10:00:00Z 31 1e999 -1 en fa"
)
_ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "latin-1", "utf-32", "cp1252", "utf-7", "shift_jis")


def check(body: bytes, parse: Callable[..., ParsedFeed] = parse_feed) -> ParsedFeed | None:
    """Parse; FeedError is fine (None), any other error passes through, and what is parsed must be clean."""
    try:
        feed = parse(body, url=URL)
    except FeedError:
        return None
    for entry in feed.entries:
        assert entry.url == "" or is_web_url(entry.url)
        assert entry.image is None or is_web_url(entry.image)
        assert drop_invisible(entry.title + entry.text) == entry.title + entry.text
        assert "\n" not in entry.title
        assert entry.published is None or entry.published.utcoffset() is not None
    assert feed.skip_hours <= set(range(24))
    assert feed.skip_days <= set(range(7))
    assert feed.ttl is None or feed.ttl >= 0
    return feed


def mutated(seed: bytes, other: bytes, chance: random.Random) -> bytes:
    """A feed with some bytes changed, cut, doubled, or taken from another feed or from PARTS."""
    body = bytearray(seed)
    for _ in range(chance.randint(1, 12)):
        if not body:
            break
        place, length = chance.randrange(len(body)), chance.randint(1, 60)
        match chance.randrange(7):
            case 0:
                body[place] = chance.randrange(256)
            case 1:
                body[place] ^= 1 << chance.randrange(8)
            case 2:
                del body[place : place + length]
            case 3:
                body[place:place] = body[max(0, place - length) : place] * chance.choice((1, 1, 1, 40))
            case 4:
                body[place:place] = chance.choice(PARTS)
            case 5:
                start = chance.randrange(len(other)) if other else 0
                body[place : place + length] = other[start : start + length]
            case _:
                del body[place:]
    return bytes(body)


def documents() -> st.SearchStrategy[bytes]:
    """Documents with the elements of all formats in any order, in encodings that are declared rightly or wrongly."""
    text = st.text(max_size=30) | st.sampled_from(_VALUES.split())
    attributes = st.dictionaries(
        st.sampled_from(_ATTRIBUTES.split()), text | st.sampled_from(_VALUES.split()), max_size=3
    )
    element = st.recursive(
        text,
        lambda inner: st.builds(_element, st.sampled_from(_NAMES.split()), attributes, st.lists(inner, max_size=5)),
        max_leaves=25,
    )
    root = st.sampled_from(["rss", "feed", "rdf:RDF", "channel"])
    xml = st.builds(_element, root, attributes, st.lists(element, max_size=6))
    encodings = st.sampled_from(_ENCODINGS)
    return st.builds(_declared, xml, encodings, encodings) | st.builds(_json, st.lists(_json_items(), max_size=4))


def _json_items() -> st.SearchStrategy[object]:
    plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
    value = st.recursive(
        plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner), max_leaves=5
    )
    keys = "id url external_url title content_html content_text summary date_published image banner_image attachments"
    return st.dictionaries(st.sampled_from(keys.split()), value, max_size=8) | value


def _element(name: str, attributes: dict[str, str], inner: list[str]) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(inner)}</{name}>"


def _declared(xml: str, said: str, real: str) -> bytes:
    return f'<?xml version="1.0" encoding="{said}"?>{xml}'.encode(real, "replace")


def _json(items: list[object]) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items}).encode()
