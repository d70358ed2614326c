from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.feeds.fetch import Fetched
from digests.feeds.freshness import next_after_error, next_fetch, typical_gap
from digests.model import Entry, Feed, ParsedFeed

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday
HOUR = timedelta(hours=1)


class NoJitter(Random):
    def random(self) -> float:
        return 0.0


class FullJitter(Random):
    def random(self) -> float:
        return 0.999999


def feed(**changes) -> Feed:
    values = {"id": 1, "url": "https://s.example/f", "source": "S", "next_fetch_at": NOW} | changes
    return Feed(**values)


def answer(**changes) -> Fetched:
    return Fetched(**({"status": 200, "url": "https://s.example/f"} | changes))


def parsed(*ages: timedelta, **changes) -> ParsedFeed:
    entries = tuple(Entry(title=str(age), url="https://s.example/1", published=NOW - age) for age in ages)
    return ParsedFeed(title="S", entries=entries, **changes)


def pause(feed: Feed, *, random: Random | None = None, **changes) -> timedelta:
    values = {"changed": False, "fetched": answer()} | changes
    return next_fetch(feed, now=NOW, random=random or NoJitter(), **values) - NOW


def every(gap: timedelta, count: int = 12) -> list[timedelta]:
    return [gap * number for number in range(count)]


def test_at_least_an_hour_where_the_feed_says_nothing_else() -> None:
    assert pause(feed(), changed=True, parsed=parsed()) == HOUR
    assert pause(feed(), changed=True, parsed=parsed(*every(timedelta(minutes=1)))) == HOUR


def test_at_most_a_day_whatever_is_asked() -> None:
    assert pause(feed(), changed=True, parsed=parsed(*every(timedelta(days=30)))) == 24 * HOUR
    assert pause(feed(), changed=True, parsed=parsed(ttl=999_999)) == 24 * HOUR
    assert pause(feed(), fetched=answer(max_age=10**9)) == 24 * HOUR
    assert pause(feed(), fetched=answer(expires=NOW + timedelta(days=900))) == 24 * HOUR


def test_a_feed_that_posts_twice_a_day_is_not_asked_every_hour() -> None:
    wait = pause(feed(), changed=True, parsed=parsed(*every(12 * HOUR)))
    assert 3 * HOUR <= wait <= 6 * HOUR


def test_the_longest_of_ttl_max_age_and_expires_counts() -> None:
    asked = {"fetched": answer(max_age=7200, expires=NOW + 3 * HOUR), "parsed": parsed(ttl=240)}
    assert pause(feed(), changed=True, **asked) == 4 * HOUR
    assert pause(feed(), changed=True, fetched=answer(max_age=7200), parsed=parsed()) == 2 * HOUR
    assert pause(feed(), fetched=answer(expires=NOW + 3 * HOUR)) == 3 * HOUR
    assert pause(feed(), changed=True, fetched=answer(max_age=60), parsed=parsed(ttl=5)) == HOUR


def test_the_pause_grows_while_nothing_changes_but_not_past_the_morning() -> None:
    last, waits = HOUR, []
    for _ in range(6):
        known = feed(last_success_at=NOW - last * 1.05, next_fetch_at=NOW)
        last = pause(known)
        waits.append(last)
    assert waits[0] == 1.5 * HOUR
    assert waits == sorted(waits)
    assert waits[-1] == 4 * HOUR


def test_a_slow_feed_stays_slow_while_nothing_changes() -> None:
    known = feed(last_success_at=NOW - 12 * HOUR * 1.05, next_fetch_at=NOW)
    assert pause(known) == 12 * HOUR


def test_a_day_of_downtime_does_not_count_as_a_pause() -> None:
    known = feed(last_success_at=NOW - 26.05 * HOUR, next_fetch_at=NOW - 25 * HOUR)
    assert pause(known) == 1.5 * HOUR


def test_skipped_hours_and_days_are_waited_out() -> None:
    hours = parsed(skip_hours=frozenset({13, 14, 15}))
    assert pause(feed(), changed=True, parsed=hours) == 4 * HOUR
    days = parsed(skip_days=frozenset({1, 2}))  # Tuesday and Wednesday
    assert NOW + pause(feed(), changed=True, parsed=days) == datetime(2026, 11, 26, 0, 0, tzinfo=UTC)


def test_what_a_feed_asked_for_counts_after_a_304_and_the_same_body_too() -> None:
    known = feed(skip_hours=frozenset({13, 14, 15}))
    assert pause(known) == 4 * HOUR
    assert pause(feed(skip_days=frozenset({1}))) == 12 * HOUR  # until Wednesday
    assert pause(feed(ttl=180)) == 3 * HOUR
    assert pause(known, changed=True, parsed=parsed()) == HOUR


def test_a_feed_that_skips_all_hours_or_days_is_not_believed() -> None:
    assert pause(feed(), changed=True, parsed=parsed(skip_hours=frozenset(range(24)))) == HOUR
    assert pause(feed(), changed=True, parsed=parsed(skip_days=frozenset(range(7)))) == HOUR


@pytest.mark.parametrize(("interval", "seconds"), [(1, 59), (10, 599), (0, 59), (2880, 2880 * 60 - 1)])
def test_an_operators_interval_comes_before_all_else(interval: int, seconds: int) -> None:
    wait = pause(
        feed(interval=interval),
        changed=True,
        fetched=answer(max_age=7200),
        parsed=parsed(ttl=240, skip_hours=frozenset({12, 13})),
        random=FullJitter(),
    )
    assert wait == timedelta(seconds=seconds)


def test_retry_after_comes_before_an_operators_interval() -> None:
    assert pause(feed(interval=1), fetched=answer(retry_after=3600.0)) == HOUR
    wait = next_after_error(feed(interval=1), now=NOW, random=NoJitter(), retry_after=90_000.0) - NOW
    assert wait == timedelta(seconds=90_000)


def test_jitter_only_adds() -> None:
    assert HOUR < pause(feed(), changed=True, parsed=parsed(), random=FullJitter()) <= 1.1 * HOUR


def test_failures_back_off_up_to_a_day() -> None:
    waits = [next_after_error(feed(errors=errors), now=NOW, random=NoJitter()) - NOW for errors in range(8)]
    assert waits == [hours * HOUR for hours in (1, 2, 4, 8, 16, 24, 24, 24)]
    assert next_after_error(feed(errors=10**6), now=NOW, random=NoJitter()) - NOW == 24 * HOUR
    quick = next_after_error(feed(interval=1, errors=3), now=NOW, random=NoJitter()) - NOW
    assert quick == timedelta(seconds=59 * 8)


def test_the_typical_gap_counts_the_silence_since_the_newest_entry() -> None:
    entries = parsed(*[timedelta(days=30) + HOUR * number for number in range(10)]).entries
    gap = typical_gap(entries, NOW)
    assert gap is not None
    assert gap > timedelta(days=2)
    assert typical_gap(parsed(HOUR, 2 * HOUR).entries, NOW) is None


@given(
    st.integers(0, 40),
    st.one_of(st.none(), st.integers(-5, 5000)),
    st.one_of(st.none(), st.floats(0, 10**7)),
    st.booleans(),
    st.one_of(st.none(), st.integers(0, 10**6)),
    st.integers(0, 2**32),
)
def test_the_next_time_is_never_too_early_nor_too_late(errors, interval, retry_after, changed, ttl, seed) -> None:
    known = feed(errors=errors, interval=interval, last_success_at=NOW - HOUR)
    body = parsed(*every(HOUR), ttl=ttl) if changed else None
    fetched = answer(retry_after=retry_after)
    ok = next_fetch(known, now=NOW, random=Random(seed), changed=changed, fetched=fetched, parsed=body)
    bad = next_after_error(known, now=NOW, random=Random(seed), retry_after=retry_after)
    for due in (ok, bad):
        assert due >= NOW + (timedelta(seconds=59) if interval is not None else HOUR)
        assert due >= NOW + timedelta(seconds=min(retry_after or 0, 30 * 86_400))
        longest = max(timedelta(hours=26.5), timedelta(seconds=retry_after or 0), timedelta(minutes=interval or 0))
        assert due <= NOW + longest
