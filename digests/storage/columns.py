"""Column types that SQLite and PostgreSQL store and order alike: instants, days, times of day, clean text."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, Integer, String, Text
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

BigId = BigInteger().with_variant(Integer, "sqlite")
"""64-bit keys; SQLite numbers rows by itself only where the type is spelt INTEGER."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace what no database stores (NUL, lone surrogates), one character for one, so that positions stay."""
    return text if text.isascii() and "\x00" not in text else _UNSTORABLE.sub("\ufffd", text)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware datetime."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware datetime in UTC of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)


def to_bits(numbers: Iterable[int]) -> int:
    """A set of small numbers (hours, days) as one number."""
    return sum(1 << number for number in set(numbers))


def from_bits(bits: int) -> frozenset[int]:
    """Read what to_bits wrote."""
    return frozenset(number for number in range(bits.bit_length()) if bits >> number & 1)


class Instant(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970: exact, indexed and compared alike on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """Refuses a naive datetime with TypeError, which the engine layer reports."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """UTC."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Day(TypeDecorator[date]):
    """A local date as its ISO text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Any) -> str | None:
        """2026-11-24."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Any) -> date | None:
        """The date."""
        return None if value is None else date.fromisoformat(value)


class TimeOfDay(TypeDecorator[time]):
    """A time of day as its ISO text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: time | None, dialect: Any) -> str | None:
        """08:00:00."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Any) -> time | None:
        """The time."""
        return None if value is None else time.fromisoformat(value)


class CleanText(TypeDecorator[str]):
    """Text that came from outside: what no database stores is replaced on the way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """See `clean`."""
        return None if value is None else clean(value)
