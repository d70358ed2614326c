"""Schedules as people type them: times, weekdays and topics in one line."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bot.day_words import day_words
from bot.formats import Formats
from digests.errors import ScheduleError, TakenError, UnknownWordError
from digests.model import EVERY_DAY, Slot, Wish
from digests.timetable import Timetable, changed, parse_timetable
from digests.topics import resolve

WORKING, WEEKEND = frozenset(range(5)), frozenset({5, 6})
BUSINESS, CULTURE = Wish("topic", "business"), Wish("topic", "culture")


def wish(words: str) -> Wish | None:
    if words == "peace talks":
        return Wish("words", words)
    topic = resolve(words)
    return Wish("topic", topic) if topic else None


def read(text: str, *, language: str = "en", zone: str = "Europe/Berlin") -> Timetable:
    return parse_timetable(text, days=day_words(Formats(language, ZoneInfo(zone))), wish=wish)


def shown(typed: Timetable) -> list[tuple[str, frozenset[int], tuple[str, ...]]]:
    return [(f"{slot.at:%H:%M}", slot.weekdays, tuple(one.value for one in slot.wishes)) for slot in typed.slots]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("7:30, 18", [("07:30", EVERY_DAY, ()), ("18:00", EVERY_DAY, ())]),
        ("07:00 weekdays business", [("07:00", WORKING, ("business",))]),
        ("09:00 sat culture", [("09:00", frozenset({5}), ("culture",))]),
        ("07:00 weekdays business, 09:00 Saturdays Culture", [
            ("07:00", WORKING, ("business",)), ("09:00", frozenset({5}), ("culture",)),
        ]),
        ("7 18 mon-fri", [("07:00", WORKING, ()), ("18:00", WORKING, ())]),
        ("at 8 on fri to mon", [("08:00", frozenset({4, 5, 6, 0}), ())]),
        ("weekdays 7 18, weekend 10", [
            ("07:00", WORKING, ()), ("10:00", WEEKEND, ()), ("18:00", WORKING, ()),
        ]),
        ("8 every day middle east and peace talks", [("08:00", EVERY_DAY, ("middle-east", "peace talks"))]),
        ("8 sat,sun", [("08:00", WEEKEND, ())]),
        ("7pm tue. thurs", [("19:00", frozenset({1, 3}), ())]),
    ],
)  # fmt: skip
def test_times_days_and_topics(text: str, meant: list[tuple[str, frozenset[int], tuple[str, ...]]]) -> None:
    assert shown(read(text)) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("۷:۰۰ روزهای کاری اقتصاد", [("07:00", frozenset({0, 1, 2, 3, 5, 6}), ("business",))]),
        ("۹ جمعه فرهنگ", [("09:00", frozenset({4}), ("culture",))]),
        ("۸ سه‌شنبه و پنج شنبه", [("08:00", frozenset({1, 3}), ())]),
        ("۸ شنبه تا چهارشنبه", [("08:00", frozenset({5, 6, 0, 1, 2}), ())]),
        ("۸ آخر هفته", [("08:00", frozenset({4}), ())]),
        ("8 weekdays", [("08:00", frozenset({0, 1, 2, 3, 5, 6}), ())]),
    ],
)
def test_persian_weeks(text: str, meant: list[tuple[str, frozenset[int], tuple[str, ...]]]) -> None:
    assert shown(read(text, language="fa", zone="Asia/Tehran")) == meant


@pytest.mark.parametrize(
    ("text", "word"), [("25:99", "25:99"), ("7 blursday", "blursday"), ("noon", "noon"), ("7:00 sat 24:00", "24:00")]
)
def test_what_is_not_understood_is_named(text: str, word: str) -> None:
    with pytest.raises(UnknownWordError) as caught:
        read(text)
    assert caught.value.word == word


@pytest.mark.parametrize("text", ["", ", ,", "weekdays", "sat culture"])
def test_without_a_time_there_is_no_schedule(text: str) -> None:
    with pytest.raises(ScheduleError):
        read(text)


def test_times_without_topics_replace_those_without_and_keep_their_days() -> None:
    now = (Slot(time(8), WORKING), Slot(time(9), frozenset({5}), (CULTURE,)))
    after = changed(now, read("7:30 18"))
    assert [(slot.at.hour, slot.weekdays) for slot in after] == [(7, WORKING), (9, frozenset({5})), (18, WORKING)]
    assert changed(now, read("6 sat"))[0].weekdays == frozenset({5})


def test_times_with_topics_come_on_top() -> None:
    now = (Slot(time(8)),)
    after = changed(now, read("07:00 weekdays business"))
    after = changed(after, read("09:00 sat culture"))
    assert [(slot.at.hour, slot.wishes) for slot in after] == [(7, (BUSINESS,)), (8, ()), (9, (CULTURE,))]
    assert [slot.at.hour for slot in changed(after, read("-8 -9:00"))] == [7]
    assert changed(after, read("off")) == ()


def test_a_time_with_topics_does_not_take_the_place_of_one_without() -> None:
    with pytest.raises(TakenError):
        changed((Slot(time(8)),), read("8 sat culture"))
    assert changed((Slot(time(8)),), read("-8, 8 sat culture"))[0].wishes == (CULTURE,)


def test_there_is_room_for_six() -> None:
    with pytest.raises(ScheduleError):
        changed((), read("1 2 3 4 5 6 7"))
