"""Looking a feed over for its operator: what is in it, and what is odd about it. Run in a worker, as parsing is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digests.feeds.dates import credible
from digests.feeds.parse import parse_feed
from digests.feeds.urls import canonical_url
from digests.model import Entry
from digests.text.language import UNDETERMINED, detect, primary

SILENT = timedelta(days=30)
"""Without a new entry, after which a feed is probably abandoned."""
READ = 100
"""Characters of each entry's text that tell the feed's language, after its title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """A feed that was parsed. `declared` is the language it says it is in, `detected` the one of its entries, "" where
    either is unknown; `titles` are those of its first entries; `oddities` are words for people.
    """

    title: str
    titles: tuple[str, ...]
    entries: int
    newest: datetime | None
    declared: str
    detected: str
    oddities: tuple[str, ...]


def check_up(body: bytes, *, url: str, content_type: str | None, language: str, now: datetime) -> Checkup:
    """Parse a feed and look at it; `language` is what its catalogue says. Raises ParseError."""
    feed = parse_feed(body, url=url, content_type=content_type)
    dates = [date for entry in feed.entries if (date := credible(entry.published, now=now))]
    newest = max(dates, default=None)
    detected = _language(feed.entries)
    declared = primary(language) or primary(feed.language)
    return Checkup(
        title=feed.title,
        titles=tuple(entry.title for entry in feed.entries[:3]),
        entries=len(feed.entries),
        newest=newest,
        declared=declared,
        detected=detected,
        oddities=tuple(_oddities(feed.entries, newest, declared, detected, now)),
    )


def _language(entries: Sequence[Entry]) -> str:
    found = detect("\n".join(f"{entry.title}. {entry.text[:READ]}" for entry in entries[:20]))
    return "" if found == UNDETERMINED else found


def _oddities(
    entries: Sequence[Entry], newest: datetime | None, declared: str, detected: str, now: datetime
) -> Iterator[str]:
    unaddressed = sum(not entry.url for entry in entries)
    if unaddressed:
        yield f"{unaddressed} of {len(entries)} entries have no address and are left out"
    undated = sum(entry.published is None for entry in entries)
    if undated:
        yield f"{undated} of {len(entries)} entries have no date"
    future = sum(entry.published is not None and entry.published > now + timedelta(hours=1) for entry in entries)
    if future:
        yield f"{future} of {len(entries)} entries are dated in the future"
    urls = Counter(canonical_url(entry.url) for entry in entries if entry.url)
    if repeated := sum(urls.values()) - len(urls):
        yield f"{repeated} of {len(entries)} entries repeat the address of another"
    if newest is not None and now - newest > SILENT:
        yield f"nothing new for {(now - newest).days} days"
    if detected and declared and detected != declared:
        yield f"it is declared as {declared}, and reads like {detected}"
