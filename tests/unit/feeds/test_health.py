from datetime import UTC, datetime, timedelta

import pytest

from digests.feeds.health import FAILURES, GIVEN_UP, UNWELL, has_died, is_hopeless
from digests.model import Feed, Poll

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def feed(errors: int = 0, failing: timedelta | None = None, **changes) -> Feed:
    since = None if failing is None else NOW - failing
    values = {"id": 1, "url": "https://s.example/f", "source": "S", "next_fetch_at": NOW}
    return Feed(**{**values, "errors": errors, "failing_since": since, **changes})


def poll(error: str | None = "no answer", **changes) -> Poll:
    return Poll(**{"at": NOW, "next_fetch_at": NOW, "error": error, **changes})


@pytest.mark.parametrize(
    ("known", "dead"),
    [
        (feed(), False),
        (feed(FAILURES - 1, UNWELL), True),
        (feed(FAILURES - 2, UNWELL * 9), False),
        (feed(FAILURES * 9, UNWELL - timedelta(seconds=1)), False),
        (feed(FAILURES, UNWELL, reported=True), False),
    ],
)
def test_a_feed_is_dead_after_many_failures_over_a_day(known: Feed, dead: bool) -> None:
    assert has_died(known, poll()) is dead
    assert not has_died(known, poll(error=None))


def test_a_feed_that_is_gone_is_dead_at_once() -> None:
    assert has_died(feed(), poll(active=False))
    assert not has_died(feed(reported=True), poll(active=False))


def test_a_feed_is_given_up_after_a_month() -> None:
    assert not is_hopeless(feed(), NOW)
    assert not is_hopeless(feed(99, GIVEN_UP - timedelta(seconds=1)), NOW)
    assert not is_hopeless(feed(1, GIVEN_UP * 2), NOW)
    assert is_hopeless(feed(99, GIVEN_UP), NOW)
