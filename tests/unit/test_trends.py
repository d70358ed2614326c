"""Counting the week's stories by topic and words, in the days of a zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from digests.trends import Trend, of_topics, of_words, since, week

NOW = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)
TEHRAN = ZoneInfo("Asia/Tehran")  # where the 25th has begun


def test_days_are_those_of_the_zone() -> None:
    assert week(NOW, TEHRAN)[-1] == date(2026, 11, 25)
    assert week(NOW, ZoneInfo("UTC"))[0] == date(2026, 11, 18)
    assert since(NOW, TEHRAN) == datetime(2026, 11, 12, tzinfo=TEHRAN)


def test_stories_are_counted_on_their_days_and_the_week_before_as_one() -> None:
    ages = {0: "now", 1: "yesterday", 6.5: "six days", 8: "last week", 13: "last week", 30: "too old", -2: "to come"}
    stories = [(NOW - timedelta(days=age), (("science", 0.9), ("world", 0.1))) for age in ages]
    found = of_topics(stories, now=NOW, zone=ZoneInfo("UTC"))
    assert found.topics == (Trend("science", (1, 0, 0, 0, 0, 1, 1), 2),)
    assert found.all == Trend("", (1, 0, 0, 0, 0, 1, 1), 2)


def test_a_change_is_told_of_five_stories_or_more() -> None:
    assert Trend("a", (1,) * 7, 4).change is None
    assert Trend("a", (2,) * 7, 7).change == 1.0
    assert Trend("a", (0,) * 7, 5).change == -1.0


def test_topics_and_words_come_most_told_first() -> None:
    stories = [
        (NOW, (("world", 0.5),)),
        (NOW, (("science", 0.5),)),
        (NOW, (("science", 0.5), ("world", 0.3), ("art", 1.0))),
    ]
    assert [trend.name for trend in of_topics(stories, now=NOW, zone=TEHRAN).topics] == ["science", "world", "art"]
    words = of_words({"peace": [], "moon": [NOW, NOW - timedelta(days=1)]}, now=NOW, zone=TEHRAN)
    assert words == (Trend("moon", (0, 0, 0, 0, 0, 1, 1), 0), Trend("peace", (0,) * 7, 0))


def test_nothing_is_a_week_too() -> None:
    found = of_topics([], now=NOW, zone=TEHRAN)
    assert (found.topics, found.all.total) == ((), 0)
