"""From a feed's entry to an article ready to be stored: language, terms, topics, quotes. CPU-heavy, pure, picklable.

This is what worker processes run; nothing here waits for anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digests import topics
from digests.duplicates import bands
from digests.feeds.urls import canonical_url
from digests.model import Entry, NewArticle
from digests.summarize import quotes
from digests.text.headlines import without_credit
from digests.text.language import detect
from digests.text.terms import terms

MOST_QUOTES = 5
"""Sentences kept of each article: one to show, the others behind a tap."""

DETECT_FROM = 2000
"""Characters of the text that tell its language."""

OLD = timedelta(hours=48)
"""What comes in at that age is no news: it counts as having come in when it was published, so that a feed that is new
or back after a while does not fill digests with its archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What an article takes from its feed; `source` is the publisher's name, which its headlines need not repeat."""

    feed_id: int
    source: str = ""
    language: str
    topics: tuple[str, ...]
    fetched_at: datetime
    scope: int = 0


def prepare(entries: Sequence[tuple[int, Entry]], origin: Origin) -> list[NewArticle]:
    """The articles of entries (each with its place in the feed), in the same order."""
    return [prepare_one(entry, place, origin) for place, entry in entries]


def prepare_one(entry: Entry, place: int, origin: Origin) -> NewArticle:
    """One article. A date in the future or none at all becomes the time of fetching."""
    published = min(entry.published or origin.fetched_at, origin.fetched_at)
    title = without_credit(entry.title, origin.source) or entry.title
    language = detect(f"{title}. {entry.text[:DETECT_FROM]}", hint=origin.language or None)
    analysed = terms(f"{title}\n{entry.text}", language)
    return NewArticle(
        url=canonical_url(entry.url),
        link=entry.url,
        guid=entry.guid,
        feed_id=origin.feed_id,
        title=title,
        text=entry.text,
        language=language,
        published=published,
        fetched_at=published if origin.fetched_at - published > OLD else origin.fetched_at,
        topics=topics.vote(
            [topics.classify(title, entry.text, language=language)],
            categories=[origin.topics] if origin.topics else [],
        ),
        place=place,
        image=entry.image,
        quotes=quotes(entry.text, title=title, language=language, sentences=MOST_QUOTES),
        terms=" ".join(analysed),
        bands=bands(analysed) if not origin.scope else (),
        scope=origin.scope,
    )
