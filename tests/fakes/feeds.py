"""Feeds and pages for tests of ingest: RSS bytes by hand, and a reader of pages that does as it is told."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from digests.errors import ExtractionError
from digests.model import Entry, FullText

LONG = "The council met on Tuesday and talked at length about the harbour bridge. " * 12
"""More than a teaser."""


def rss(entries: Sequence[Entry], *, title: str = "Gazette") -> bytes:
    """A feed of these entries as RSS 2.0."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{escape(title)}</title>'
        f"<link>https://gazette.example/</link>{''.join(map(_item, entries))}</channel></rss>"
    ).encode()


def _item(entry: Entry) -> str:
    date = f"<pubDate>{format_datetime(entry.published)}</pubDate>" if entry.published else ""
    image = f'<enclosure url="{escape(entry.image)}" type="image/jpeg" length="9"/>' if entry.image else ""
    guid = f'<guid isPermaLink="false">{escape(entry.guid)}</guid>' if entry.guid else ""
    return (
        f"<item><title>{escape(entry.title)}</title><link>{escape(entry.url)}</link>{guid}{date}"
        f"<description>{escape(entry.text)}</description>{image}</item>"
    )


def entry(number: int, published: datetime | None, *, text: str = LONG, **fields: str) -> Entry:
    """An entry of the Gazette."""
    values = {
        "title": f"The council votes on item {number}",
        "url": f"https://gazette.example/{number}",
        "guid": f"item-{number}",
    }
    return Entry(published=published, text=text, **{**values, **fields})


class ScriptedPages:
    """Reads pages: `texts` by address; what is not there is no article. Addresses in `stuck` never answer."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.images: dict[str, str] = {}
        self.stuck: set[str] = set()
        self.asked: list[str] = []
        self.most_at_once = 0
        self._now = 0

    async def read(self, url: str) -> FullText:
        self.asked.append(url)
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            await asyncio.sleep(0)
            if url in self.stuck:
                await asyncio.Event().wait()
            if url not in self.texts:
                raise ExtractionError("The page holds no article.")
            return FullText(self.texts[url], self.images.get(url))
        finally:
            self._now -= 1
