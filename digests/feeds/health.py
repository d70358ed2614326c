"""When a feed that fails counts as dead: pure rules over what is stored of it.

A feed that fails backs off (freshness.py). After FAILURES in a row over at least a day the administrators hear of it,
once; after GIVEN_UP it is not asked any more. A 410 is both at once: its publisher has taken it away for good.
"""

from datetime import datetime, timedelta

from digests.model import Feed, Poll

FAILURES = 6
"""In a row: with pauses that double from an hour on, a day and a half."""
UNWELL = timedelta(days=1)
"""A feed that is asked every minute fails six times within an hour, when its server is only being restarted."""
GIVEN_UP = timedelta(days=30)


def has_died(feed: Feed, poll: Poll) -> bool:
    """Whether this poll of a feed (as it was stored before it) is one that the administrators should hear of."""
    if poll.error is None or feed.reported:
        return False
    return not poll.active or _failing_for(feed, poll.at, UNWELL)


def is_hopeless(feed: Feed, now: datetime) -> bool:
    """Whether a feed that fails once more has failed for so long that it is not asked again."""
    return _failing_for(feed, now, GIVEN_UP)


def _failing_for(feed: Feed, now: datetime, time: timedelta) -> bool:
    return feed.errors + 1 >= FAILURES and feed.failing_since is not None and now - feed.failing_since >= time
