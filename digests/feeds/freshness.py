"""When to ask a feed again: pure rules, given the time and a source of chance.

A feed is asked about three times between two of its entries, at least an hour apart and at least once a day, later
where it or its server asks for that, and less often the longer nothing changes. What an operator sets comes before all,
except a Retry-After. The result is stored with the feed, so a restart never asks early.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from digests.feeds.dates import credible
from digests.feeds.fetch import Fetched
from digests.model import Entry, Feed, ParsedFeed

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
ASKS_PER_ENTRY = 3
GROWTH = 1.5
"""By which the pause grows when a feed has not changed …"""
QUIET = timedelta(hours=4)
"""… up to this: a newspaper that sleeps at night must not be missed in the morning."""
PUSHED = timedelta(hours=6)
"""The least pause of a feed that was pushed within a day: it is asked only in case that its hub forgot us."""
JITTER = 0.1
"""Share of a pause that chance adds, so that feeds added together don't stay together."""
TICK = timedelta(seconds=1)
"""An operator's interval is shortened by this, or a tick that comes a moment early would wait for the next one."""
LONGEST_WAIT = timedelta(days=30)
"""What Retry-After may ask for."""
NEWEST = 10


def next_fetch(
    feed: Feed,
    *,
    now: datetime,
    random: Random,
    changed: bool,
    fetched: Fetched,
    parsed: ParsedFeed | None = None,
) -> datetime:
    """When to ask again after a success. `changed` says whether the body was a new one, which `parsed` then holds."""
    if feed.interval is not None:
        due = now + operators_interval(feed)
    else:
        pause = _own_pause(feed, now, changed=changed, parsed=parsed)
        if feed.pushed_at is not None and now - feed.pushed_at < DAY:
            pause = max(pause, PUSHED)
        said = parsed or feed  # what the feed said when it was last parsed counts after a 304 too
        pause = min(max(pause, _asked_for(fetched, said, now)), DAY)
        due = _outside_skipped(now + pause * (1 + JITTER * random.random()), said)
    return _not_before(due, now, fetched.retry_after)


def next_after_push(feed: Feed, *, now: datetime, random: Random) -> datetime:
    """When to ask a feed whose news came by itself."""
    if feed.interval is not None:
        return feed.next_fetch_at
    return max(feed.next_fetch_at, now + PUSHED * (1 + JITTER * random.random()))


def next_after_error(feed: Feed, *, now: datetime, random: Random, retry_after: float | None = None) -> datetime:
    """When to ask again after a failure: the pause doubles with each, up to a day; never before a Retry-After."""
    base = operators_interval(feed) if feed.interval is not None else HOUR
    pause = min(base * 2 ** min(feed.errors, 12), DAY)
    return _not_before(now + pause * (1 + JITTER * random.random()), now, retry_after)


def operators_interval(feed: Feed) -> timedelta:
    """What the operator set, down to a minute."""
    return max(MINUTE, timedelta(minutes=feed.interval or 1)) - TICK


def typical_gap(entries: Iterable[Entry], now: datetime) -> timedelta | None:
    """The mean time between the newest entries, up to now; None where fewer than three have a date."""
    dates = sorted(filter(None, (credible(entry.published, now=now) for entry in entries)), reverse=True)[:NEWEST]
    return (now - dates[-1]) / len(dates) if len(dates) >= 3 else None


def _own_pause(feed: Feed, now: datetime, *, changed: bool, parsed: ParsedFeed | None) -> timedelta:
    """From how often the feed really changes: its dates when they are at hand, else what the last pause was."""
    if changed:
        gap = typical_gap(parsed.entries, now) if parsed else None
        return _bounded(gap / ASKS_PER_ENTRY) if gap is not None else HOUR
    planned = _planned_pause(feed)
    return max(planned, min(planned * GROWTH, QUIET))


def _planned_pause(feed: Feed) -> timedelta:
    """The pause that ended with this poll, as it was planned: without delays, and without what chance added."""
    if feed.last_success_at is None or feed.errors:
        return HOUR
    return _bounded((feed.next_fetch_at - feed.last_success_at) / (1 + JITTER / 2))


def _bounded(pause: timedelta) -> timedelta:
    return min(max(pause, HOUR), DAY)


def _asked_for(fetched: Fetched, said: ParsedFeed | Feed, now: datetime) -> timedelta:
    """The longest of ttl, max-age and Expires."""
    asked = [timedelta(0)]
    if said.ttl:
        asked.append(timedelta(minutes=min(said.ttl, 10_000)))
    if fetched.max_age:
        asked.append(timedelta(seconds=min(fetched.max_age, 1_000_000)))
    if fetched.expires is not None:
        asked.append(fetched.expires - now)
    return max(asked)


def _outside_skipped(due: datetime, said: ParsedFeed | Feed) -> datetime:
    """The first moment from `due` on that is not in skipHours (UTC) or skipDays; `due` itself where all are."""
    hours = said.skip_hours if len(said.skip_hours) < 24 else frozenset()
    days = said.skip_days if len(said.skip_days) < 7 else frozenset()
    moment = due
    for _ in range(24 * 8):
        if moment.hour not in hours and moment.weekday() not in days:
            return moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + HOUR
    return due


def _not_before(due: datetime, now: datetime, retry_after: float | None) -> datetime:
    if not retry_after:
        return due
    return max(due, now + min(timedelta(seconds=retry_after), LONGEST_WAIT))
