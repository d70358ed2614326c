"""RSS 0.9x, 1.0 and 2.0, RDF, Atom and CDF → the entries that all formats share, by feedparser.

feedparser reads 99% of broken feeds rightly, so it reads them all; its sanitizer and its resolution of links in bodies
are off (they take half its time, and nothing of the markup is kept here). Read by ourselves: dates, and which of
several links is the entry's own, where feedparser takes the last one.
"""

import io
import re
from collections.abc import Iterable
from typing import Any

import feedparser

from digests.errors import ParseError
from digests.feeds.dates import from_struct, parse_date
from digests.feeds.raw import RawEntry, RawFeed
from digests.feeds.urls import is_web_url, join_url

MAX_ATTRIBUTES = 500
"""In one tag. feedparser takes quadratic time over them."""


_DAY_NAMES = "monday tuesday wednesday thursday friday saturday sunday"
_DAYS = {name: day for day, name in enumerate(_DAY_NAMES.split())}
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|feed|rdf|channel|item|entry)[\s>/]", re.IGNORECASE)
_WEB_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_SURROGATE = re.compile(
    r"&#(?:x0*d[89a-f][0-9a-f]{2}|0*5(?:529[6-9]|5[3-9]\d{2}|6\d{3}|7[0-2]\d{2}|73[0-3]\d|734[0-3]))(?!\w);?",
    re.IGNORECASE,
)
"""References to halves of a character, which are none: feedparser gives the whole feed up for one."""
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{10000,}")
_ATTRIBUTE = re.compile(r"[\w:.-]\s*=\s*[\"']")
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_SKIP_HOURS = re.compile(r"<skipHours\s*>(.{0,2000}?)</skipHours\s*>", re.IGNORECASE | re.DOTALL)
_SKIP_DAYS = re.compile(r"<skipDays\s*>(.{0,1000}?)</skipDays\s*>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(r"<hour\s*>\s*(\d{1,2})\s*</hour", re.IGNORECASE)
_DAY = re.compile(r"<day\s*>\s*([a-z]+)\s*</day", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|\?)", re.IGNORECASE)
_DATES = ("published", "created", "updated", "dc_date", "date", "dcterms_created", "issued")


def read_xml_feed(text: str, *, url: str, items: int) -> RawFeed:
    """Read at most `items` entries; relative addresses are resolved against xml:base and `url`. Raises ParseError."""
    if not _ROOT.search(text[:20_000]) and not _ROOT.search(text):
        page = _WEB_PAGE.search(text[:5000])
        raise ParseError("This is a web page, not a feed." if page else "This is no feed.")
    if any(len(_ATTRIBUTE.findall(tag[0])) > MAX_ATTRIBUTES for tag in _LONG_TAG.finditer(text)):
        raise ParseError("This feed has a tag with thousands of attributes.")
    text, head = _first_entries(text, items), text[:50_000]
    parsed = _run_feedparser(text, url)
    if not parsed.version and not parsed.entries:
        raise ParseError("This is a web page, not a feed." if _WEB_PAGE.search(head) else "This is no feed.")
    feed = parsed.feed
    return RawFeed(
        title=_string(feed, "title"),
        url=join_url(url, _string(feed, "link")),
        language=_string(feed, "language"),
        ttl=_minutes(_string(feed, "ttl")),
        skip_hours=frozenset(int(hour) % 24 for hour in _inside(_SKIP_HOURS, _HOUR, head)),
        skip_days=frozenset(_DAYS[day.lower()] for day in _inside(_SKIP_DAYS, _DAY, head) if day.lower() in _DAYS),
        hub=_link(feed, "hub"),
        self_url=_link(feed, "self"),
        entries=[_entry(entry, url) for entry in parsed.entries[:items]],
    )


def _run_feedparser(text: str, url: str) -> Any:
    """feedparser's result. It raises what the formats' oddest corners make it raise, hence ParseError for all of it."""
    body = _SURROGATE.sub("", _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        return feedparser.parse(
            io.BytesIO(body.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, RecursionError) as error:
        raise ParseError(f"This feed is too broken to read ({type(error).__name__}).") from error


def _first_entries(text: str, items: int) -> str:
    """The document up to the end of so many entries; the parser copes with what is then left open."""
    for number, end in enumerate(_ENTRY_END.finditer(text), start=1):
        if number == items:
            return text[: end.end()]
    return text


def _entry(entry: Any, base: str) -> RawEntry:
    return RawEntry(
        title=_string(entry, "title"),
        link=_own_link(entry, base),
        guid=_string(entry, "id"),
        published=_date(entry),
        texts=[_string(part, "value") for part in _list(entry, "content")] + [_string(entry, "summary")],
        images=list(_images(entry, base)),
    )


def _own_link(entry: Any, base: str) -> str:
    """The entry's address: its first link to a page, then a guid that is a permalink, then what else leads to the web.

    feedparser's own `link` is the last one, so a nested or later `<link>` would win.
    """
    pages = [link for link in _links(entry) if link.get("rel", "alternate") == "alternate"]
    html = [link for link in pages if "html" in link.get("type", "text/html")]
    candidates = [link.get("href", "") for link in html + pages]
    candidates += [_string(entry, "link"), _string(entry, "id"), _string(entry, "feedburner_origlink")]
    for candidate in candidates:
        if address := join_url(base if candidate != _string(entry, "id") else "", candidate):
            return address
    return ""


def _date(entry: Any) -> Any:
    """When it was published, else written, else changed."""
    for key in _DATES:
        text = dict.get(entry, key)
        if isinstance(text, str) and text.strip():
            moment = parse_date(text) or from_struct(dict.get(entry, f"{key}_parsed"))
            if moment:
                return moment
    return None


def _images(entry: Any, base: str) -> Iterable[str]:
    """Pictures from media:content (widest first), enclosures and media:thumbnail."""
    content = [item for item in _list(entry, "media_content") if _is_picture(item)]
    content.sort(key=lambda item: -(_minutes(str(item.get("width", ""))) or 0))
    enclosures = [link for link in _links(entry) if link.get("rel") == "enclosure" and _is_picture(link)]
    for item in content + enclosures + _list(entry, "media_thumbnail"):
        if address := join_url(base, str(item.get("url") or item.get("href") or "")):
            yield address


def _is_picture(item: Any) -> bool:
    kind = str(item.get("type") or item.get("medium") or "").lower()
    if kind:
        return kind.startswith("image")
    return bool(_PICTURE.search(str(item.get("url") or item.get("href") or "")))


def _inside(outer: re.Pattern[str], inner: re.Pattern[str], text: str) -> list[str]:
    block = outer.search(text)
    return inner.findall(block[1]) if block else []


def _string(record: Any, key: str) -> str:
    """A field as text. dict.get, because feedparser's own access maps keys to others (`published` to `updated`)."""
    value = dict.get(record, key)
    return value if isinstance(value, str) else ""


def _list(record: Any, key: str) -> list[Any]:
    value = dict.get(record, key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _links(record: Any) -> list[Any]:
    return _list(record, "links")


def _link(feed: Any, rel: str) -> str | None:
    """The first address of a feed with this relation."""
    addresses = (str(link.get("href", "")).strip() for link in _links(feed) if link.get("rel") == rel)
    return next(filter(is_web_url, addresses), None)


def _minutes(text: str) -> int | None:
    """A number of minutes or pixels; None for anything else."""
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 7 else None
