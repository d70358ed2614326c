"""JSON Feed 1.0 and 1.1 (jsonfeed.org) → the entries that all formats share."""

import json
from typing import Any

from digests.errors import ParseError
from digests.feeds.dates import parse_date
from digests.feeds.raw import RawEntry, RawFeed
from digests.feeds.urls import join_url


def read_json_feed(text: str, *, url: str, items: int) -> RawFeed:
    """Read at most `items` items; relative addresses are resolved against `url`. Raises ParseError."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise ParseError("This is broken JSON, not a feed.") from None
    entries = document.get("items") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise ParseError("This is JSON, but not a JSON Feed.")
    return RawFeed(
        title=_text(document, "title"),
        url=join_url(url, _text(document, "home_page_url")),
        language=_text(document, "language"),
        hub=_hub(document.get("hubs")),
        self_url=join_url("", _text(document, "feed_url")) or None,
        entries=[_entry(item, url) for item in entries[:items] if isinstance(item, dict)],
    )


def _entry(item: dict[str, Any], base: str) -> RawEntry:
    link = _text(item, "url") or _text(item, "external_url")
    guid = _text(item, "id")
    return RawEntry(
        title=_text(item, "title"),
        link=join_url(base, link) or join_url("", guid),
        guid=guid,
        published=parse_date(_text(item, "date_published")) or parse_date(_text(item, "date_modified")),
        texts=[_text(item, "content_html"), _text(item, "content_text"), _text(item, "summary")],
        images=[join_url(base, image) for image in (_text(item, "image"), _text(item, "banner_image")) if image],
    )


def _text(record: dict[str, Any], key: str) -> str:
    """A member as text; JSON Feed 1.0 allows numbers for ids."""
    value = record.get(key)
    if isinstance(value, bool):
        return ""
    return str(value) if isinstance(value, str | int | float) else ""


def _hub(hubs: object) -> str | None:
    """The address of the first WebSub hub."""
    for hub in hubs if isinstance(hubs, list) else ():
        if isinstance(hub, dict) and str(hub.get("type", "")).lower() == "websub":
            return join_url("", _text(hub, "url")) or None
    return None
