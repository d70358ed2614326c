"""Bytes of a feed → its entries: the front of the readers for XML and JSON, where their findings are cleaned."""

from digests.errors import ParseError
from digests.feeds.encoding import decode_body, mend_twice_encoded
from digests.feeds.jsonfeed import read_json_feed
from digests.feeds.raw import RawEntry, RawFeed
from digests.feeds.xmlfeed import read_xml_feed
from digests.model import Entry, ParsedFeed
from digests.text.html import clean_line, shorten, to_text

MAX_BODY = 15_000_000
"""Bytes, after decompression."""
MAX_ENTRIES = 2000
"""Of one feed. Real ones have a hundred, archives a thousand."""
MAX_TITLE = 500
MAX_TEXT = 60_000
"""Characters of one entry's text, about 10,000 words."""
MAX_GUID = 500
_TITLE_FROM_TEXT = 120
LOOPBACK = "http://127.0.0.1:"
"""Where a feed of the sample newsroom comes from, whose own pictures browsers take for secure."""


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> ParsedFeed:
    """Read RSS, RDF, Atom or JSON Feed. `url` is where it came from: relative links are resolved against it.

    Titles are one line, texts plain, one line a paragraph; images only such as can be shown on a secure page. An entry
    without an address keeps url "". Raises ParseError.
    """
    if len(body) > MAX_BODY:
        raise ParseError(f"This feed is larger than {MAX_BODY // 1_000_000} MB.")
    text = decode_body(body, content_type=content_type)
    stripped = text.lstrip("\ufeff \t\r\n")
    if not stripped:
        raise ParseError("This feed is empty.")
    if stripped[0] in "{[":
        return _clean(read_json_feed(stripped, url=url, items=MAX_ENTRIES), url)
    return _clean(read_xml_feed(text, url=url, items=MAX_ENTRIES), url)


def _clean(raw: RawFeed, url: str) -> ParsedFeed:
    secure = ("https://", f"{url[: url.find('/', 8)]}/") if url.startswith(LOOPBACK) else ("https://",)
    return ParsedFeed(
        title=clean_line(mend_twice_encoded(raw.title), MAX_TITLE),
        entries=tuple(_clean_entry(entry, secure) for entry in raw.entries),
        url=raw.url,
        language=clean_line(raw.language, 35).replace("_", "-").lower(),
        ttl=raw.ttl,
        skip_hours=raw.skip_hours,
        skip_days=raw.skip_days,
        hub=raw.hub,
        self_url=raw.self_url,
    )


def _clean_entry(raw: RawEntry, secure: tuple[str, ...]) -> Entry:
    text = shorten(max((_plain(part) for part in raw.texts), key=len, default=""), MAX_TEXT)
    title = clean_line(mend_twice_encoded(raw.title), MAX_TITLE)
    return Entry(
        title=title or shorten(text.split("\n", 1)[0], _TITLE_FROM_TEXT),
        url=raw.link,
        guid=clean_line(raw.guid, MAX_GUID),
        published=raw.published,
        text=text,
        image=next((image for image in raw.images if image.startswith(secure)), None),
    )


def _plain(fragment: str) -> str:
    return to_text(mend_twice_encoded(fragment)) if fragment else ""
