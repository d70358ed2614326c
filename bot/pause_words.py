"""How long a pause is to last, as readers type it: "3 days", "2w", "Monday", "24 Dec", "2026-12-24", «۳ دی»."""

import datetime as dt
import re
from functools import cache

import jdatetime
from babel import Locale
from babel.dates import get_month_names

from bot.day_words import day_words
from bot.formats import Formats
from bot.i18n import translator
from digests.errors import ScheduleError
from digests.text.terms import normalize
from digests.timetable import fold_word

LONGEST_PAUSE = 366
"""Days."""

_COUNT = re.compile(r"(\d{1,3})\s*([^\s\d_.,]+)")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.?(?:(\d{4}))?")
_DAY_MONTH = re.compile(r"(\d{1,2})\.?\s+(?:de\s+)?([^\s\d_.,]+)\.?(?:\s+(\d{4}))?")
_MONTH_DAY = re.compile(r"([^\s\d_.,]+)\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?")
_HAN = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]?")
_LAST_JALALI = 1700
"""Years up to this one are those of the Persian calendar."""


def pause_end(text: str, formats: Formats, now: dt.datetime) -> dt.datetime:
    """When a pause ends that is described like this: at midnight, by the reader's clocks. Raises ScheduleError."""
    today = formats.local(now).date()
    words = " ".join(normalize(text).split()).removeprefix("until ").removeprefix("till ").removeprefix("تا ")
    words = words.removeprefix("for ").removeprefix("برای ")
    try:
        day = _counted(words, today, formats) or _named(words, today, formats) or _dated(words, today, formats)
    except (ValueError, OverflowError):
        day = None
    if day is None or not 0 < (day - today).days <= LONGEST_PAUSE:
        raise ScheduleError(f"{text!r} is no time to pause for; write it like 3 days, or 24 Dec")
    return dt.datetime.combine(day, dt.time(), formats.timezone).astimezone(dt.UTC)


def _counted(words: str, today: dt.date, formats: Formats) -> dt.date | None:
    """A number of days, weeks or months from today."""
    match = _COUNT.fullmatch(words)
    if match is None:
        days = int(words) if words.isdigit() else 0
    else:
        days = int(match[1]) * _units(formats.language).get(fold_word(match[2]), 0)
    return today + dt.timedelta(days=days) if days else None


def _named(words: str, today: dt.date, formats: Formats) -> dt.date | None:
    """Tomorrow, or the next such weekday."""
    named = day_words(formats).get(fold_word(words), frozenset())
    if len(named) == 1:
        (weekday,) = named
        return today + dt.timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return today + dt.timedelta(days=1) if fold_word(words) in _tomorrow(formats.language) else None


def _dated(words: str, today: dt.date, formats: Formats) -> dt.date | None:
    """A date: of this year, or of the next where it is past."""
    if match := _ISO.fullmatch(words):
        return _date(int(match[1]), int(match[2]), int(match[3]), jalali=int(match[1]) < _LAST_JALALI)
    if match := _DOTTED.fullmatch(words):
        return _coming(int(match[1]), int(match[2]), match[3], today, jalali=False)
    if match := _HAN.fullmatch(words.replace(" ", "")):
        return _coming(int(match[3]), int(match[2]), match[1], today, jalali=False)
    match, day, month = _DAY_MONTH.fullmatch(words), 1, 2
    if match is None:
        match, day, month = _MONTH_DAY.fullmatch(words), 2, 1
    named = _months(formats.language).get(fold_word(match[month])) if match else None
    if match is None or named is None:
        return None
    return _coming(int(match[day]), named[0], match[3], today, jalali=named[1])


def _date(year: int, month: int, day: int, *, jalali: bool) -> dt.date:
    return jdatetime.date(year, month, day).togregorian() if jalali else dt.date(year, month, day)


def _coming(day: int, month: int, year: str | None, today: dt.date, *, jalali: bool) -> dt.date:
    if year:
        return _date(int(year), month, day, jalali=jalali)
    this = jdatetime.date.fromgregorian(date=today).year if jalali else today.year
    found = _date(this, month, day, jalali=jalali)
    return found if found > today else _date(this + 1, month, day, jalali=jalali)


@cache
def _units(language: str) -> dict[str, int]:
    texts = translator(language)
    units = {"d": 1, "day": 1, "days": 1, "w": 7, "week": 7, "weeks": 7, "month": 30, "months": 30}
    # i18n: what readers may type behind a number, parted by commas
    listed = ((texts.gettext("day, days"), 1), (texts.gettext("week, weeks"), 7), (texts.gettext("month, months"), 30))
    for words, days in listed:
        units |= {fold_word(word): days for word in words.replace("،", ",").split(",")}
    return units


@cache
def _tomorrow(language: str) -> frozenset[str]:
    # i18n: the day after today, as readers may type it; several words parted by commas
    words = translator(language).gettext("tomorrow")
    return frozenset({"tomorrow", *(fold_word(word) for word in words.replace("،", ",").split(","))})


@cache
def _months(language: str) -> dict[str, tuple[int, bool]]:
    """Months by their names, with whether they are those of the Persian calendar."""
    names: dict[str, tuple[int, bool]] = {}
    if language == "fa":
        names |= {fold_word(name): (number, True) for number, name in enumerate(jdatetime.date.j_months_fa, 1)}
    names |= {fold_word(name): (number, True) for number, name in enumerate(jdatetime.date.j_months_en, 1)}
    for code in dict.fromkeys((language, "en")):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, Locale.parse(code)).items():
                    names.setdefault(fold_word(str(name)).strip("."), (number, False))
    return names
