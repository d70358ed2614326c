"""Numbers, times, dates, weekdays and lists as a reader's language and country write them.

Babel gives the names and orders of CLDR; jdatetime the Persian calendar; digits are ours, because Babel writes all
numbers in Latin ones. Times of day have 24 hours everywhere: they are also what a reader types (`/time 07:30`).
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import jdatetime
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_skeleton, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from bot.i18n import Translator, translator
from digests.places.names import fold
from digests.text.duration import minutes

FSI, PDI, LRM, RLM = "\u2068", "\u2069", "\u200e", "\u200f"

_BIDI_CONTROLS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ZEROS = {"arabext": "۰", "arab": "٠", "deva": "०", "beng": "০", "mymr": "၀"}
_DARI_MONTHS = ("حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت")
_COUNTRIES = {"en": "001"}
_RENAMED = {
    "Africa/Asmara": "Africa/Asmera",
    "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "America/Nuuk": "America/Godthab",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Yangon": "Asia/Rangoon",
    "Atlantic/Faroe": "Atlantic/Faeroe",
    "Europe/Kyiv": "Europe/Kiev",
}
"""Zones whose city CLDR knows by an older name of the zone."""
_TURNED = str.maketrans("+-", "−+")


@dataclass(frozen=True, slots=True)
class Formats:
    """How one reader reads numbers and dates. `calendar` is "" for the language's own, "gregorian" or "jalali"."""

    language: str
    timezone: ZoneInfo
    calendar: str = ""

    # ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def digits(self, text: str) -> str:
        """The text with its Latin digits written in the language's own."""
        return text.translate(_digits(self.language))

    def number(self, value: float) -> str:
        """A number with the language's digits and separators."""
        return _number(self.language, value)

    def percent(self, share: float) -> str:
        """A share of 1 as a percentage: "83%", «۸۳٪»."""
        locale = _locale(self.language)
        sign = locale.number_symbols[locale.default_numbering_system]["percentSign"]
        return self.digits(format_percent(share, locale=locale)).replace("%", unmark(sign))

    def minutes(self, count: int) -> str:
        """A duration: "3 min"."""
        return self._texts.ngettext("{count} min", "{count} min", count).format(count=self.number(count))

    def join(self, items: Iterable[str], *, either: bool = False) -> str:
        """A list in words: "a, b and c", or (`either`) "a, b or c"."""
        parts = list(items)
        if self.language == "fa":  # CLDR puts a comma and a mark of direction before the last "and", which nobody does
            last = " یا " if either else " و "
            return last.join(part for part in ("، ".join(parts[:-1]), *parts[-1:]) if part)
        return format_list(parts, style="or" if either else "standard", locale=_locale(self.language))

    # ── times and dates ──────────────────────────────────────────────────────────────────────────────────────────────

    def local(self, moment: dt.datetime) -> dt.datetime:
        """An aware moment in the reader's zone."""
        return moment.astimezone(self.timezone)

    def time(self, value: dt.datetime | dt.time) -> str:
        """A time of day: "06:40". A moment is read in the reader's zone, a `time` as it is."""
        local = self.local(value) if isinstance(value, dt.datetime) else value
        return self.digits(f"{local:%H:%M}")

    def day(self, value: dt.datetime | dt.date) -> str:
        """A day with its weekday: "Tue 24 Nov", «سه‌شنبه ۳ آذر»."""
        day = self._date(value)
        if self.jalali:
            return f"{self.weekday(day.weekday())} {self.date(day)}"
        return self.digits(format_skeleton("MMMEd", day, locale=_locale(self.language)))

    def date(self, value: dt.datetime | dt.date, *, year: bool = False) -> str:
        """A date without its weekday: "21 Nov", with the year "21 Nov 2026"."""
        day = self._date(value)
        if self.jalali:
            persian = jdatetime.date.fromgregorian(date=day)
            written = f"{persian.day} {self._persian_months()[persian.month - 1]}" + (
                f" {persian.year}" if year else ""
            )
            return self.digits(written)
        return self.digits(format_skeleton("yMMMd" if year else "MMMd", day, locale=_locale(self.language)))

    def _persian_months(self) -> Sequence[str]:
        """The months of the Persian calendar: in Persian as Iran or Afghanistan calls them, else in Latin letters."""
        if self.language == "fa" and self.country == "AF":
            return _DARI_MONTHS
        return tuple(jdatetime.date.j_months_fa if self.language == "fa" else jdatetime.date.j_months_en)

    def when(self, moment: dt.datetime, now: dt.datetime) -> str:
        """When something was reported: "06:40" today, "yesterday 21:10", "21 Nov", "21 Nov 2025" in another year."""
        day, today = self._date(moment), self._date(now)
        if day == today:
            return self.time(moment)
        if today - day == dt.timedelta(days=1):
            return self._texts.gettext("yesterday {time}").format(time=self.time(moment))
        return self.date(day, year=abs((today - day).days) > 300)

    def coming(self, moment: dt.datetime, now: dt.datetime) -> str:
        """When something will come: "today 18:00", "tomorrow 08:00", "Friday 08:00", "Tue 24 Nov 08:00"."""
        days, clock = (self._date(moment) - self._date(now)).days, self.time(moment)
        if days == 0:
            return self._texts.gettext("today {time}").format(time=clock)
        if days == 1:
            return self._texts.gettext("tomorrow {time}").format(time=clock)
        if 0 < days < 7:
            return f"{self.weekday(self.local(moment).weekday())} {clock}"
        return self._texts.gettext("{day} {time}").format(day=self.day(moment), time=clock)

    # ── weeks and places ─────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def jalali(self) -> bool:
        """Whether dates are those of the Persian calendar."""
        return self.calendar == "jalali" or (not self.calendar and self.language == "fa")

    @property
    def country(self) -> str:
        """The country whose weeks count: that of the time zone, else the language's; "001" is the world."""
        zone = get_global("zone_territories").get(self.timezone.key)
        return zone or _COUNTRIES.get(self.language) or _likely_country(self.language)

    def weekday(self, index: int, *, short: bool = False) -> str:
        """The name of a weekday, 0 is Monday: "Tuesday", "Tue"."""
        names = get_day_names("abbreviated" if short else "wide", "stand-alone", _locale(self.language))
        return str(names[index])

    def weekday_letter(self, index: int) -> str:
        """The shortest name of a weekday, 0 is Monday: "T", «س»."""
        return str(get_day_names("narrow", "stand-alone", _locale(self.language))[index])

    def week(self) -> tuple[int, ...]:
        """The weekdays in the order of the country's week, 0 is Monday."""
        first = _week(self.country).first_week_day
        return tuple((first + offset) % 7 for offset in range(7))

    def weekend(self) -> frozenset[int]:
        """The weekdays on which the country rests; Friday alone in Iran."""
        week = _week(self.country)
        length = (week.weekend_end - week.weekend_start) % 7
        return frozenset((week.weekend_start + offset) % 7 for offset in range(length + 1))

    def weekdays(self, chosen: Collection[int]) -> str:
        """A set of weekdays in words: "every day", "on working days", "on Monday and Tuesday"."""
        weekend = self.weekend()
        if len(set(chosen)) == 7:
            return self._texts.gettext("every day")
        if set(chosen) == set(range(7)) - weekend:
            return self._texts.gettext("on working days")
        if set(chosen) == weekend:
            return self._texts.gettext("at the weekend")
        short = len(set(chosen)) > 3
        names = self.join(self.weekday(index, short=short) for index in self.week() if index in chosen)
        return self._texts.gettext("on {weekdays}").format(weekdays=names)

    def place(self, key: str | None = None) -> str:
        """The city of a time zone in the reader's language: «تهران» for Asia/Tehran."""
        zone = key or self.timezone.key
        if zone.startswith("Etc/GMT"):  # named by what is to be added to reach UTC
            return "UTC" + zone.removeprefix("Etc/GMT").translate(_TURNED)
        if "/" not in zone or zone.startswith("Etc/"):
            return zone
        names = _locale(self.language).time_zones.get(_RENAMED.get(zone, zone), {})
        return str(names.get("city") or zone.rsplit("/", 1)[-1].replace("_", " "))

    def country_name(self, code: str) -> str:
        """The name of a country (ISO 3166) in the reader's language."""
        return str(_locale(self.language).territories.get(code, code))

    def country_code(self, name: str) -> str:
        """The country that a name in the reader's language or in English means; "" for none."""
        wanted = fold(name)
        return _countries(self.language).get(wanted) or _countries("en").get(wanted, "")

    def language_name(self, code: str) -> str:
        """The name of a language in the reader's: "German", «آلمانی»."""
        return str(_locale(self.language).languages.get(code, code))

    @property
    def _texts(self) -> Translator:
        return translator(self.language)

    def _date(self, value: dt.datetime | dt.date) -> dt.date:
        return self.local(value).date() if isinstance(value, dt.datetime) else value


def endonym(language: str) -> str:
    """A language's name in itself, as a label has it: "English", «فارسی», "Français"."""
    name = str(Locale.parse(language).get_display_name())
    return name[:1].upper() + name[1:]


def find_language(name: str, among: Sequence[str]) -> str | None:
    """The one of these languages that is meant by a code ("de", "pt-BR") or by a name: its own, or in one of them."""
    wanted = " ".join(unmark(name).split()).casefold()
    code = wanted.replace("_", "-").split("-")[0]
    return code if code in among else _language_names(tuple(among)).get(wanted)


@cache
def _language_names(among: tuple[str, ...]) -> dict[str, str]:
    names = {
        str(_locale(speaker).languages.get(code, code)).casefold(): code
        for speaker in reversed(among)
        for code in among
    }
    return names | {endonym(code).casefold(): code for code in among}


# ── direction ────────────────────────────────────────────────────────────────────────────────────────────────────────


def unmark(text: str) -> str:
    """The text without marks, embeddings, overrides and isolates of direction, which could turn what follows around."""
    return text.translate(_BIDI_CONTROLS)


def isolate(text: str) -> str:
    """A foreign run whose direction neither follows from what surrounds it nor changes that (UAX 9: FSI … PDI)."""
    return f"{FSI}{unmark(text)}{PDI}"


def has_rtl(text: str) -> bool:
    """Whether any letter is written from right to left."""
    return not text.isascii() and bool(_RTL.search(text))


def reading_minutes(texts: Sequence[str]) -> int:
    """How long texts take to read, in minutes, at least 1."""
    return max(1, round(sum(map(minutes, texts))))


# ── CLDR ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == "en" else language)


@cache
def _countries(language: str) -> dict[str, str]:
    """Countries by their folded names."""
    named = {code: str(name) for code, name in Locale.parse(language).territories.items() if len(code) == 2}
    codes = {fold(name): code for code, name in named.items()}
    return codes | ({"usa": "US", "us": "US", "uk": "GB", "england": "GB", "uae": "AE"} if language == "en" else {})


@cache
def _digits(language: str) -> dict[int, int]:
    zero = _ZEROS.get(_locale(language).default_numbering_system, "0")
    return {ord("0") + digit: ord(zero) + digit for digit in range(10)}


@lru_cache(maxsize=4096)
def _number(language: str, value: float) -> str:
    written = format_decimal(value, locale=_locale(language), numbering_system="default")
    return written.translate(_digits(language))


@cache
def _likely_country(language: str) -> str:
    return str(get_global("likely_subtags").get(language, "und_Zzzz_001")).rsplit("_", 1)[-1]


@cache
def _week(country: str) -> Locale:
    try:
        return Locale.parse(f"und_{country}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_001")
