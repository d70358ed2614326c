"""Numbers, times, dates, weeks and directions as readers of different languages and countries write them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formats import FSI, PDI, Formats, endonym, find_language, has_rtl, isolate, reading_minutes, unmark
from bot.i18n import INTERFACE_LANGUAGES

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def formats(language: str = "en", zone: str = "Europe/Berlin", calendar: str = "") -> Formats:
    return Formats(language, ZoneInfo(zone), calendar)


EN, FA, DARI = formats(), formats("fa", "Asia/Tehran"), formats("fa", "Asia/Kabul")


def test_numbers() -> None:
    assert EN.number(12345) == "12,345"
    assert FA.number(12345) == "۱۲٬۳۴۵"
    assert FA.digits("+4 (2026)") == "+۴ (۲۰۲۶)"
    assert EN.percent(0.83) == "83%"
    assert FA.percent(0.83) == "۸۳٪"


def test_times_are_those_of_the_readers_clocks() -> None:
    assert EN.time(NOW) == "06:00"
    assert FA.time(NOW) == "۰۸:۳۰"
    assert FA.time(time(7, 5)) == "۰۷:۰۵"


def test_days() -> None:
    assert EN.day(NOW) == "Tue 24 Nov"
    assert FA.day(NOW) == "سه‌شنبه ۳ آذر"
    assert DARI.day(NOW) == "سه‌شنبه ۳ قوس"


def test_a_day_is_that_of_the_readers_zone() -> None:
    late = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    assert formats(zone="Asia/Tokyo").date(late) == "25 Nov"
    assert formats(zone="America/New_York").date(late) == "24 Nov"


def test_years() -> None:
    assert EN.date(NOW, year=True) == "24 Nov 2026"
    assert FA.date(NOW, year=True) == "۳ آذر ۱۴۰۵"


def test_the_calendar_is_a_choice() -> None:
    assert formats("fa", "Asia/Tehran", "gregorian").date(NOW) == "۲۴ نوامبر"
    english = formats("en", "Asia/Tehran", "jalali")
    assert english.jalali
    assert english.day(date(2026, 11, 24)) == "Tuesday 3 Azar"
    assert not EN.jalali


@pytest.mark.parametrize(
    ("ago", "written"),
    [
        (timedelta(hours=1), "05:00"),
        (timedelta(hours=7), "yesterday 23:00"),
        (timedelta(days=3), "21 Nov"),
        (timedelta(days=365), "24 Nov 2025"),
        (timedelta(minutes=-30), "06:30"),
    ],
)
def test_when_something_was_reported(ago: timedelta, written: str) -> None:
    assert EN.when(NOW - ago, NOW) == written


@pytest.mark.parametrize(
    ("ahead", "english", "persian"),
    [
        (timedelta(hours=2), "today 08:00", "امروز ۱۰:۳۰"),
        (timedelta(days=1), "tomorrow 06:00", "فردا ۰۸:۳۰"),
        (timedelta(days=3), "Friday 06:00", "جمعه ۰۸:۳۰"),
        (timedelta(days=9), "Thu 3 Dec 06:00", "پنجشنبه ۱۲ آذر، ۰۸:۳۰"),
    ],
)
def test_when_something_will_come(ahead: timedelta, english: str, persian: str) -> None:
    assert EN.coming(NOW + ahead, NOW) == english
    assert FA.coming(NOW + ahead, NOW) == persian


def test_durations() -> None:
    assert EN.minutes(3) == "3 min"
    assert FA.minutes(3) == "۳ دقیقه"


def test_lists() -> None:
    assert [EN.join("abc"[:count]) for count in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert [FA.join("abc"[:count]) for count in range(4)] == ["", "a", "a و b", "a، b و c"]
    assert EN.join("ab", either=True) == "a or b"
    assert FA.join("abc", either=True) == "a، b یا c"


# ── weeks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_weeks_begin_and_end_as_the_country_has_it() -> None:
    assert (FA.week()[0], FA.weekend()) == (5, {4})
    assert (DARI.week()[0], DARI.weekend()) == (5, {3, 4})
    assert (EN.week()[0], EN.weekend()) == (0, {5, 6})
    assert formats(zone="America/New_York").week()[0] == 6


def test_a_country_without_customs_of_its_own_has_the_worlds() -> None:
    assert (formats(zone="Antarctica/Troll").week()[0], formats(zone="Antarctica/Troll").weekend()) == (0, {5, 6})


def test_without_a_country_in_the_zone_the_languages_country_counts() -> None:
    assert formats("fa", "UTC").weekend() == {4}
    assert formats("en", "UTC").week()[0] == 0


@pytest.mark.parametrize(
    ("days", "written"),
    [
        (range(7), "every day"),
        (range(5), "on working days"),
        ((5, 6), "at the weekend"),
        ((3, 1), "on Tuesday and Thursday"),
    ],
)
def test_weekdays_in_words(days: range | tuple[int, ...], written: str) -> None:
    assert EN.weekdays(days) == written


def test_working_days_are_the_countrys() -> None:
    assert FA.weekdays({5, 6, 0, 1, 2, 3}) == "روزهای کاری"
    assert FA.weekdays({4}) == "آخر هفته"


def test_weekdays_short_and_long() -> None:
    assert (EN.weekday(1), EN.weekday(1, short=True), FA.weekday(1)) == ("Tuesday", "Tue", "سه‌شنبه")


@given(st.sampled_from(["Asia/Tehran", "America/New_York", "Asia/Kabul", "UTC", "Africa/Cairo", "Asia/Kolkata"]))
def test_every_week_has_seven_days(zone: str) -> None:
    assert sorted(formats(zone=zone).week()) == list(range(7))


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_persian_dates_follow_each_other(day: date) -> None:
    written, following = FA.date(day, year=True), FA.date(day + timedelta(days=1), year=True)
    number, month, _ = written.split()
    next_number, next_month, _ = following.split()
    assert (int(next_number) == int(number) + 1 and month == next_month) or (
        int(next_number) == 1 and int(number) >= 29
    )


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_places() -> None:
    assert [EN.place(zone) for zone in ("America/New_York", "Europe/Kyiv", "UTC", "Etc/GMT+3")] == [
        "New York",
        "Kyiv",
        "UTC",
        "UTC−3",
    ]
    assert [FA.place(), FA.place("Asia/Kolkata"), FA.place("Europe/Kyiv")] == ["تهران", "کلکته", "کیف"]


def test_languages() -> None:
    assert (EN.language_name("de"), FA.language_name("de"), EN.language_name("xx")) == ("German", "آلمانی", "xx")
    assert [endonym(code) for code in ("en", "fa", "fr", "ru", "ja")] == [
        "English",
        "فارسی",
        "Français",
        "Русский",
        "日本語",
    ]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("de", "de"),
        ("pt-BR", "pt"),
        (" Deutsch ", "de"),
        ("german", "de"),
        ("آلمانی", "de"),
        ("НЕМЕЦКИЙ", "de"),
        ("日本語", "ja"),
        ("Klingon", None),
        ("", None),
    ],
)
def test_a_language_is_found_by_code_or_by_any_of_its_names(said: str, meant: str | None) -> None:
    assert find_language(said, INTERFACE_LANGUAGES) == meant


# ── direction ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_foreign_text_is_isolated_without_its_own_marks() -> None:
    assert isolate("a\u202eb\u2067c\u200f\u061c") == f"{FSI}abc{PDI}"


@given(st.text())
def test_isolates_are_balanced_whatever_is_in_them(text: str) -> None:
    isolated = isolate(text)
    assert isolated.count(FSI) == isolated.count(PDI) == 1
    assert unmark(isolated) == unmark(text)


def test_joiners_that_belong_to_words_stay() -> None:
    assert unmark("می\u200cرود") == "می\u200cرود"


def test_which_texts_have_letters_that_run_from_right_to_left() -> None:
    assert [has_rtl(text) for text in ("", "Straße", "日本", "بازتاب", "a א")] == [False, False, False, True, True]


def test_reading_takes_a_minute_for_two_hundred_words() -> None:
    assert [reading_minutes([]), reading_minutes(["a " * 290]), reading_minutes(["a " * 300, "b " * 320])] == [1, 1, 3]
    assert reading_minutes(["新聞を読む" * 180]) == 2
