from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.feeds.dates import credible, parse_date

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 24 Nov 2026 12:00:00 GMT",
        "Tue, 24 Nov 2026 12:00:00 +0000",
        "Tue, 24 Nov 2026 12:00 Z",
        "24 Nov 2026 13:00:00 BST",
        "Tue, 24 Nov 2026 07:00:00 EST",
        "Tue, 24 Nov 2026 04:00:00 PST",
        "Tue, 24 Nov 2026 17:30:00 IST",
        "Tue, 24 Nov 2026 15:30:00 +0330",
        "Tue, 24 Nov 2026 15:30:00 GMT+03:30",
        "Tue, 24 Nov 2026 15:00:00 UTC+3",
        "Tuesday, 24 November 2026 12:00:00 GMT",
        "Di, 24 Nov 2026 13:00:00 CET",
        "Mar, 24 novembre 2026 13:00:00 +0100",
        "24 ноября 2026 15:00:00 MSK",
        "Tue, 24-Nov-26 12:00:00 GMT",
        "Nov 24, 2026 12:00 PM",
        "November 24th, 2026, 7:00 AM EST",
        "2026-11-24T12:00:00Z",
        "2026-11-24T12:00:00.123Z",
        "2026-11-24T13:00:00+01:00",
        "2026-11-24T13:00:00+0100",
        "2026-11-24T13:00+01",
        "2026-11-24 12:00:00",
        "2026-11-24 12:00:00 UTC",
        "  2026-11-24T12:00:00Z \n",
    ],
)
def test_dates_as_feeds_write_them(text: str) -> None:
    assert parse_date(text) == NOON


def test_a_day_alone_is_its_midnight() -> None:
    assert parse_date("2026-11-24") == parse_date("24 Nov 2026") == datetime(2026, 11, 24, tzinfo=UTC)


def test_midnight_as_24_and_leap_seconds() -> None:
    assert parse_date("Tue, 24 Nov 2026 24:00:00 GMT") == datetime(2026, 11, 25, tzinfo=UTC)
    assert parse_date("Thu, 31 Dec 2026 23:59:60 GMT") == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_pacific_time_is_no_afternoon() -> None:
    assert parse_date("Fri, 17 May 2019 00:24:34 PDT") == datetime(2019, 5, 17, 7, 24, 34, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "not a date", "2026-13-45", "99 Foo 2026 10:00", "31 Feb 2026", "1"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_a_date_is_credible_between_1990_and_now() -> None:
    assert credible(datetime(2027, 1, 1, tzinfo=UTC), now=NOON) == NOON
    assert credible(datetime(1970, 1, 1, tzinfo=UTC), now=NOON) is None
    assert credible(datetime(2026, 11, 23, tzinfo=UTC), now=NOON) == datetime(2026, 11, 23, tzinfo=UTC)
    assert credible(None, now=NOON) is None


@given(st.text(max_size=60))
def test_any_text_gives_an_aware_date_or_none(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or moment.utcoffset() is not None


@given(
    st.datetimes(
        min_value=datetime(1990, 1, 2), max_value=datetime(2100, 1, 1), timezones=st.just(UTC), allow_imaginary=False
    )
)
def test_written_dates_come_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert parse_date(moment.isoformat()) == moment
    assert parse_date(moment.strftime("%a, %d %b %Y %H:%M:%S +0000")) == moment
