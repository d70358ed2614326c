"""Lists of feeds as other readers write and read them: OPML."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

import listparser

from digests.errors import ParseError
from digests.feeds.encoding import decode_body
from digests.feeds.urls import is_web_url
from digests.model import Feed, FeedSpec
from digests.text.html import clean_line

MAX_BYTES = 5_000_000
MAX_FEEDS = 5000


def read_opml(body: bytes, *, topics: Mapping[str, str] | None = None) -> list[FeedSpec]:
    """The feeds of an OPML file, each once, in its order.

    `topics` maps names of categories, in lower case, to shipped topics; other categories are left out. A feed's source
    is its title, or its host where it has none. Raises ParseError where this is no OPML.
    """
    if len(body) > MAX_BYTES:
        raise ParseError(f"This file is larger than {MAX_BYTES // 1_000_000} MB.")
    document = decode_body(body).lstrip("\ufeff \t\r\n")
    if "<opml" not in document[:20_000].lower():
        raise ParseError("This is no OPML file.")
    found = _parse(document)
    specs = {}
    for feed in found:
        url = str(feed.get("url", "")).strip()
        if is_web_url(url) and url not in specs:
            specs[url] = _spec(url, feed, topics or {})
    return list(specs.values())[:MAX_FEEDS]


def write_opml(feeds: Iterable[Feed | FeedSpec], *, title: str) -> str:
    """An OPML 2.0 document; topics become categories."""
    outlines = "\n".join(map(_outline, feeds))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"<head><title>{escape(clean_line(title, 200))}</title></head>\n<body>\n{outlines}\n</body>\n</opml>\n"
    )


def _parse(document: str) -> list[Mapping[str, Any]]:
    """listparser's feeds. It reads bytes as HTML, so the declaration is what tells it the encoding."""
    start = document.find("?>") + 2 if document.startswith("<?xml") else 0
    text = '<?xml version="1.0" encoding="utf-8"?>' + document[start:]
    try:
        return list(listparser.parse(text.encode("utf-8", "replace")).get("feeds", []))
    except (IndexError, KeyError, ValueError, AttributeError, TypeError) as error:
        raise ParseError(f"This OPML file is too broken to read ({type(error).__name__}).") from error


def _spec(url: str, feed: Mapping[str, Any], topics: Mapping[str, str]) -> FeedSpec:
    title = clean_line(str(feed.get("title", "")), 200)
    names = [str(name).strip().lower() for path in feed.get("categories", ()) for name in path]
    found = dict.fromkeys(topics[name] for name in names if name in topics)
    return FeedSpec(url=url, source=title or urlsplit(url).hostname or url, title=title, topics=tuple(found))


def _outline(feed: Feed | FeedSpec) -> str:
    attributes = {
        "type": "rss",
        "text": clean_line(feed.source, 200),
        "title": clean_line(feed.title, 200),
        "xmlUrl": feed.url,
        "category": ",".join(feed.topics),
        "language": feed.language,
    }
    return "<outline" + "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items() if value) + "/>"
