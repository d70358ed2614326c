"""Where the time comes from: a function that tests replace."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present as an aware datetime in UTC."""


def utc_now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)
