"""How long a pause is to last, as people type it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.formats import Formats
from bot.pause_words import pause_end
from digests.errors import ScheduleError

NOW = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
"""Half past eleven on Tuesday in Berlin, two on Wednesday, 4 Azar 1405, in Tehran."""
BERLIN, TEHRAN = Formats("en", ZoneInfo("Europe/Berlin")), Formats("fa", ZoneInfo("Asia/Tehran"))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("3d", "2026-11-27"), ("3 days", "2026-11-27"), ("for 2 weeks", "2026-12-08"), ("2w", "2026-12-08"),
        ("1 month", "2026-12-24"), ("5", "2026-11-29"), ("tomorrow", "2026-11-25"), ("Monday", "2026-11-30"),
        ("until tue", "2026-12-01"), ("2026-12-24", "2026-12-24"), ("24.12.", "2026-12-24"), ("24 Dec", "2026-12-24"),
        ("December 24", "2026-12-24"), ("2 Jan", "2027-01-02"), ("2 January 2027", "2027-01-02"),
        ("1405-10-03", "2026-12-24"),
    ],
)  # fmt: skip
def test_pauses_end_at_midnight_by_the_readers_clocks(typed: str, day: str) -> None:
    assert pause_end(typed, BERLIN, NOW).astimezone(BERLIN.timezone).isoformat() == f"{day}T00:00:00+01:00"


@pytest.mark.parametrize(
    ("typed", "day"),
    [("۳ روز", "2026-11-28"), ("2 هفته", "2026-12-09"), ("فردا", "2026-11-26"), ("جمعه", "2026-11-27"),
     ("تا ۳ دی", "2026-12-24"), ("۱۴۰۵/۱۰/۰۳", "2026-12-24"), ("24 Dec", "2026-12-24")],
)  # fmt: skip
def test_persian_pauses(typed: str, day: str) -> None:
    assert pause_end(typed, TEHRAN, NOW).astimezone(TEHRAN.timezone).date().isoformat() == day


@pytest.mark.parametrize(
    ("language", "typed"),
    [("hi", "3 दिन"), ("ru", "3 дня"), ("uk", "3 дні"), ("ar", "3 أيام"), ("de", "3 Tage"), ("fr", "3 jours"),
     ("es", "3 días"), ("pt", "3 dias"), ("tr", "3 gün"), ("zh", "3天"), ("ja", "3日")],
)  # fmt: skip
def test_days_are_counted_in_every_language(language: str, typed: str) -> None:
    formats = Formats(language, BERLIN.timezone)
    assert pause_end(typed, formats, NOW) == pause_end("3 days", BERLIN, NOW)


@pytest.mark.parametrize(
    ("language", "typed"),
    [("hi", "24 दिसंबर"), ("ru", "24 декабря"), ("uk", "24 грудня"), ("ar", "24 ديسمبر"), ("de", "24. Dezember"),
     ("fr", "24 décembre"), ("es", "24 de diciembre"), ("pt", "24 de dezembro"), ("tr", "24 Aralık"),
     ("zh", "12月24日"), ("ja", "2026年12月24日")],
)  # fmt: skip
def test_dates_are_read_in_every_language(language: str, typed: str) -> None:
    formats = Formats(language, BERLIN.timezone)
    assert pause_end(typed, formats, NOW) == pause_end("24 Dec", BERLIN, NOW)


@pytest.mark.parametrize(
    "typed", ["", "0", "0 days", "soon", "400 days", "31 Feb", "2026-11-24", "2020-01-01", "9999-99-99", "3 parsecs"]
)
def test_what_is_no_time_to_come_is_refused(typed: str) -> None:
    with pytest.raises(ScheduleError):
        pause_end(typed, BERLIN, NOW)
