"""Pages and pictures: escaped, readable both ways, and the same every time."""

import json
import struct
import zlib
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from bot.playground.newsroom.outlets import Outlet, Piece, read_outlets
from bot.playground.newsroom.pages import article_page, front_page, newsstand_page
from bot.playground.newsroom.picture import HEIGHT, WIDTH, draw
from digests.feeds.extract import extract_text

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
BASE = "http://127.0.0.1:9"
PIECES = [(outlet, piece) for outlet in read_outlets() for piece in outlet.pieces]


def page(outlet: Outlet, piece: Piece) -> str:
    return article_page(outlet, piece, others=outlet.pieces, base=BASE, start=START)


def text(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    assert node is not None, selector
    return str(node.text())


@pytest.mark.parametrize(("outlet", "piece"), PIECES, ids=[f"{outlet.slug}/{piece.id}" for outlet, piece in PIECES])
def test_a_page_has_its_article_word_for_word_and_its_data(outlet: Outlet, piece: Piece) -> None:
    html = page(outlet, piece)
    tree = LexborHTMLParser(html)
    assert text(tree, "h1") == piece.title
    assert [node.text() for node in tree.css(".text p")] == list(piece.paragraphs)
    root = tree.css_first("html")
    assert root is not None
    assert (root.attributes["lang"], root.attributes["dir"]) == (outlet.language, outlet.direction)
    image = tree.css_first('meta[property="og:image"]')
    assert image is not None
    assert image.attributes["content"] == f"{BASE}/{outlet.slug}/{piece.id}.png"
    data = json.loads(text(tree, 'script[type="application/ld+json"]'))
    assert data["headline"] == piece.title
    assert datetime.fromisoformat(data["datePublished"]) == START + piece.offset
    assert len(tree.css(".related li")) == 3
    assert "$" not in html


def test_the_text_can_be_told_from_its_frame() -> None:
    outlet, piece = next(pair for pair in PIECES if pair[1].id == "lt3-bug")
    found = extract_text(page(outlet, piece), url=f"{BASE}{outlet.path(piece)}")
    for paragraph in piece.paragraphs:
        assert paragraph in found
    assert "newsletter" not in found
    assert "Illustration" not in found


def test_a_title_can_not_end_the_script() -> None:
    outlet, piece = PIECES[0]
    hostile = Piece(
        id="x",
        title="</script><script>alert(1)</script>",
        teaser='" onload="alert(1)',
        author="<i>",
        paragraphs=("<b>&amp;",),
        topics=("world",),
        offset=piece.offset,
    )
    tree = LexborHTMLParser(page(outlet, hostile))
    assert len(tree.css("script")) == 1
    assert text(tree, "h1") == hostile.title
    assert not tree.css("[onload]")


def test_a_front_page_lists_everything_and_names_its_feed() -> None:
    for outlet in read_outlets():
        tree = LexborHTMLParser(front_page(outlet, outlet.pieces))
        assert [node.text() for node in tree.css(".listing a")] == [piece.title for piece in outlet.pieces]
        alternate = tree.css_first('link[rel="alternate"]')
        assert alternate is not None
        assert alternate.attributes["href"] == outlet.feed_path()


def test_the_newsstand_names_all_outlets() -> None:
    outlets = read_outlets()
    tree = LexborHTMLParser(newsstand_page(outlets))
    assert [node.text() for node in tree.css(".listing a")] == [outlet.name for outlet in outlets]


def unpack(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and the filtered rows of a PNG; fails where a checksum is wrong."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    rest, chunks = png[8:], {}
    while rest:
        size, kind = struct.unpack(">I4s", rest[:8])
        data = rest[8 : 8 + size]
        assert struct.unpack(">I", rest[8 + size : 12 + size])[0] == zlib.crc32(kind + data)
        chunks[kind], rest = data, rest[12 + size :]
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colour) == (8, 2)
    return width, height, zlib.decompress(chunks[b"IDAT"])


def test_a_picture_is_a_sound_png_of_its_own() -> None:
    first, second = draw("/a/one", "#0b4f6c"), draw("/a/two", "#0b4f6c")
    width, height, rows = unpack(first)
    assert (width, height) == (WIDTH, HEIGHT)
    assert len(rows) == HEIGHT * (WIDTH * 3 + 1)
    assert first != second
    draw.cache_clear()
    assert draw("/a/one", "#0b4f6c") == first
