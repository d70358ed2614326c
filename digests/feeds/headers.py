"""What a response says about when to ask again: RFC 9110 (Retry-After, dates) and RFC 9111 (caching)."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_LINK = re.compile(r"<([^<>]{1,2000})>[^<,]*?;\s*rel\s*=\s*\"?([\w \-:/.]{1,100})", re.IGNORECASE)
LONGEST_LINKS = 5000
_NO_CACHE = re.compile(r"(?:^|[,\s])(?:no-cache|no-store)(?:$|[,\s=])", re.IGNORECASE)


def retry_after(value: str | None, *, now: datetime) -> float | None:
    """Seconds that Retry-After asks for, given as seconds or as a date; None where it asks for nothing readable."""
    value = (value or "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    moment = http_date(value)
    return max(0.0, (moment - now).total_seconds()) if moment else None


def max_age(headers: Mapping[str, str]) -> float | None:
    """Seconds for which the response stays fresh by Cache-Control, less its Age; None where it does not say."""
    control = headers.get("Cache-Control", "")
    if _NO_CACHE.search(control):
        return None
    found = _MAX_AGE.search(control)
    if not found:
        return None
    age = headers.get("Age", "").strip()
    return max(0.0, float(found[1]) - (float(age) if age.isascii() and age.isdigit() else 0.0))


def expires(headers: Mapping[str, str]) -> datetime | None:
    """The moment of Expires; None without one, and where Cache-Control overrides it."""
    if headers.get("Cache-Control"):
        return None
    return http_date(headers.get("Expires", ""))


def link(headers: Sequence[str], rel: str) -> str | None:
    """The first target with this relation in Link headers (RFC 8288); None without one."""
    targets = (found for header in headers for found in _LINK.finditer(header[:LONGEST_LINKS]))
    return next((found[1].strip() for found in targets if rel in found[2].lower().split()), None)


def http_date(value: str) -> datetime | None:
    """An HTTP date, aware and in UTC; None where it is none."""
    try:
        moment = parsedate_to_datetime(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
