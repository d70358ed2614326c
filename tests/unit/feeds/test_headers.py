from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.feeds.headers import expires, http_date, max_age, retry_after

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("control", "age", "seconds"),
    [
        ("max-age=600", "", 600),
        ("public, MAX-AGE = 600, must-revalidate", "", 600),
        ('max-age="600"', "", 600),
        ("max-age=600", "100", 500),
        ("max-age=600", "700", 0),
        ("max-age=600", "soon", 600),
        ("s-maxage=600", "", None),
        ("no-cache, max-age=600", "", None),
        ("no-store", "", None),
        ("", "", None),
        ("max-age=-1", "", None),
    ],
)
def test_max_age(control: str, age: str, seconds: float | None) -> None:
    assert max_age({"Cache-Control": control, "Age": age}) == seconds


def test_expires_is_overridden_by_cache_control() -> None:
    date = "Tue, 24 Nov 2026 13:00:00 GMT"
    assert expires({"Expires": date}) == datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    assert expires({"Expires": date, "Cache-Control": "max-age=1"}) is None
    assert expires({"Expires": "0"}) is None
    assert expires({}) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0.0), (" 30 ", 30.0), ("-5", None), ("1.5", None), (None, None), ("", None), ("٣٠", None)],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, now=NOW) == seconds


@given(st.text(max_size=60))
def test_any_value_is_taken(value: str) -> None:
    moment = http_date(value)
    assert moment is None or moment.utcoffset() is not None
    seconds = retry_after(value, now=NOW)
    assert seconds is None or seconds >= 0
    max_age({"Cache-Control": value, "Age": value})
