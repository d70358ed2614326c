"""Asking a feed once: fetch, compare, parse, and say when to ask again. All that can go wrong ends in the Poll."""

import hashlib
from dataclasses import replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from random import Random

from digests.errors import FeedError, FetchError, WorkerError
from digests.feeds.dates import credible
from digests.feeds.fetch import Fetched, Fetcher
from digests.feeds.freshness import next_after_error, next_fetch
from digests.feeds.health import is_hopeless
from digests.feeds.parse import parse_feed
from digests.model import Feed, ParsedFeed, Poll
from digests.workers import Workers

PARSE_SECONDS = 5.0
"""A megabyte of feed takes half a second; what takes ten times as long is hostile."""

LONGEST_TTL = 100_000
"""Minutes. What feeds write there may be any number; a day counts at most."""

_random = Random()  # noqa: S311  # spreads load, guards nothing


async def poll(
    feed: Feed, fetcher: Fetcher, workers: Workers, *, now: datetime, random: Random = _random
) -> tuple[Poll, ParsedFeed | None]:
    """Ask a feed; the parsed feed is None where nothing is new (304, the same body) and where it failed.

    Dates of its entries are credible ones: none in the future, none before 1990. Raises nothing for a bad feed.
    """
    try:
        fetched = await fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
        if fetched.not_modified:
            return _success(feed, fetched, now, random, body_hash=feed.body_hash), None
        body_hash = hashlib.blake2b(fetched.body, digest_size=16).hexdigest()
        if body_hash == feed.body_hash:
            return _success(feed, fetched, now, random, body_hash=body_hash, moved=True), None
        job = partial(parse_feed, fetched.body, url=fetched.url, content_type=fetched.content_type)
        parsed = with_credible_dates(await workers.run(job, timeout=PARSE_SECONDS), now)
    except (FeedError, WorkerError) as error:
        return _failure(feed, error, now, random), None
    return _success(feed, fetched, now, random, body_hash=body_hash, parsed=parsed, moved=True), parsed


def with_credible_dates(parsed: ParsedFeed, now: datetime) -> ParsedFeed:
    """The feed with the future clamped to `now` and impossible dates left out."""
    entries = (replace(entry, published=credible(entry.published, now=now)) for entry in parsed.entries)
    return replace(parsed, entries=tuple(entries))


def _success(
    feed: Feed,
    fetched: Fetched,
    now: datetime,
    random: Random,
    *,
    body_hash: str | None,
    parsed: ParsedFeed | None = None,
    moved: bool = False,
) -> Poll:
    """`moved`: the body was read, now or before, so a permanent redirect is believed."""
    due = next_fetch(feed, now=now, random=random, changed=parsed is not None, fetched=fetched, parsed=parsed)
    known = fetched.not_modified
    said = parsed or feed
    hub, topic = _hub(parsed, fetched)
    return Poll(
        at=now,
        next_fetch_at=due,
        url=fetched.permanent_url if moved else None,
        etag=fetched.etag or (feed.etag if known else None),
        last_modified=fetched.last_modified or (feed.last_modified if known else None),
        body_hash=body_hash,
        parsed=parsed is not None,
        ttl=said.ttl if said.ttl is None else min(said.ttl, LONGEST_TTL),
        skip_hours=said.skip_hours,
        skip_days=said.skip_days,
        hub=hub,
        topic=topic,
    )


def _hub(parsed: ParsedFeed | None, fetched: Fetched) -> tuple[str | None, str | None]:
    """Where the feed can be pushed from, and its address there; its server's headers come before what stands in it."""
    hub = (fetched.hub or parsed.hub) if parsed is not None else None
    if parsed is None or hub is None:
        return None, None
    return hub, fetched.self_url or parsed.self_url or fetched.url


def _failure(feed: Feed, error: FeedError | WorkerError, now: datetime, random: Random) -> Poll:
    """What is known of the feed stays as it was. 410 and a month of failures switch it off."""
    gone = isinstance(error, FetchError) and error.status == HTTPStatus.GONE
    retry_after = error.retry_after if isinstance(error, FetchError) else None
    return Poll(
        at=now,
        next_fetch_at=next_after_error(feed, now=now, random=random, retry_after=retry_after),
        error=str(error),
        etag=feed.etag,
        last_modified=feed.last_modified,
        body_hash=feed.body_hash,
        active=not gone and not is_hopeless(feed, now),
    )
