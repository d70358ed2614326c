"""Dates as feeds write them → aware datetimes in UTC.

RFC 822 with its many misspellings, ISO 8601, names of zones that feedparser reads an hour off or not at all (BST is
British Summer Time in feeds; India writes IST), months in a few languages. What can't be read is None; what can be
read and can't be true (the year 1, tomorrow) is for `credible` to judge.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from time import struct_time

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januar janvier enero janv января янв",
            "feb februar février fevrier febrero févr fév февраля фев",
            "mar mär märz mars marzo марта мар",
            "apr april avril avr abril abr апреля апр",
            "may mai mayo maio мая май",
            "jun juni juin junio июня июн",
            "jul juli juillet julio juil июля июл",
            "aug august août aout agosto ago августа авг",
            "sep sept september septembre septiembre сентября сен",
            "oct okt oktober octobre octubre октября окт",
            "nov november novembre noviembre ноября ноя",
            "dec dez dezember décembre decembre diciembre dic déc декабря дек",
        ),
        start=1,
    )
    for name in names.split()
}
_ZONES = {  # hours east of Greenwich
    **dict.fromkeys(("ut", "utc", "gmt", "z", "wet", "uct"), 0.0),
    "bst": 1.0,
    "west": 1.0,
    "cet": 1.0,
    "met": 1.0,
    "mez": 1.0,
    "cest": 2.0,
    "mest": 2.0,
    "mesz": 2.0,
    "eet": 2.0,
    "eest": 3.0,
    "sast": 2.0,
    "cat": 2.0,
    "wat": 1.0,
    "eat": 3.0,
    "msk": 3.0,
    "msd": 4.0,
    "trt": 3.0,
    "irst": 3.5,
    "irdt": 4.5,
    "gst": 4.0,
    "pkt": 5.0,
    "ist": 5.5,
    "npt": 5.75,
    "bdt": 6.0,
    "ict": 7.0,
    "wib": 7.0,
    "hkt": 8.0,
    "sgt": 8.0,
    "pht": 8.0,
    "awst": 8.0,
    "jst": 9.0,
    "kst": 9.0,
    "acst": 9.5,
    "acdt": 10.5,
    "aest": 10.0,
    "aedt": 11.0,
    "nzst": 12.0,
    "nzdt": 13.0,
    "nst": -3.5,
    "ndt": -2.5,
    "ast": -4.0,
    "adt": -3.0,
    "est": -5.0,
    "edt": -4.0,
    "et": -4.0,
    "cst": -6.0,
    "cdt": -5.0,
    "ct": -5.0,
    "mst": -7.0,
    "mdt": -6.0,
    "mt": -6.0,
    "pst": -8.0,
    "pdt": -7.0,
    "pt": -7.0,
    "akst": -9.0,
    "akdt": -8.0,
    "hst": -10.0,
    "brt": -3.0,
    "art": -3.0,
}
_ISO = re.compile(
    r"\s*(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?\s*$",
    re.IGNORECASE,
)
_WORDY = re.compile(  # 14 Nov 2023 09:30:00 +0100, the day's name before it
    r"(?P<day>\d{1,2})\.?[\s-]+(?P<month>[^\W\d_]{3,12})\.?[\s,-]+(?P<year>\d{4}|\d{2})\b(?P<rest>.*)$"
)
_WORDY_US = re.compile(  # Nov 14, 2023 9:30 AM EST
    r"(?P<month>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})\b(?P<rest>.*)$", re.IGNORECASE
)
_TIME = re.compile(r"(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:[.,]\d+)?(?:\s*([ap])\.?m\.?(?![a-z]))?", re.IGNORECASE)
_OFFSET = re.compile(r"(?:gmt|utc?)?\s*([+-])\s*(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_NAME = re.compile(r"[a-z]{1,5}\b", re.IGNORECASE)
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def parse_date(text: str) -> datetime | None:
    """The moment a feed's date names, in UTC; None where it can't be read."""
    text = text.strip()[:120]
    if not text:
        return None
    try:
        return _iso(text) or _wordy(text)
    except (ValueError, OverflowError):
        return None


def from_struct(parsed: struct_time | None) -> datetime | None:
    """feedparser's UTC tuple as a datetime."""
    if not parsed:
        return None
    try:
        return datetime(*parsed[:6], tzinfo=UTC)
    except ValueError:
        return None


def credible(published: datetime | None, *, now: datetime) -> datetime | None:
    """A date as it can be true: the future becomes `now`, what lies before 1990 (epoch 0, the year 1) None."""
    if published is None or published < _EARLIEST:
        return None
    return min(published, now)


def _iso(text: str) -> datetime | None:
    match = _ISO.match(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    return _moment(year, month, day, hour, minute, second, _zone(match[7] or ""))


def _wordy(text: str) -> datetime | None:
    match = _WORDY.search(text) or _WORDY_US.search(text)
    if not match:
        return None
    name = match["month"].lower()
    month = _MONTHS.get(name) or _MONTHS.get(name[:3])
    if month is None:
        return None
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 1900 if year >= 90 else 2000
    time = _TIME.search(match["rest"])
    if time is None:
        return _moment(year, month, int(match["day"]), 0, 0, 0, _zone(match["rest"]))
    hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
    if time[4]:
        hour = hour % 12 + (12 if time[4].lower() == "p" else 0)
    return _moment(year, month, int(match["day"]), hour, minute, second, _zone(match["rest"][time.end() :]))


def _zone(text: str) -> timedelta:
    """The offset that a text such as `+0330`, `GMT+2` or `BST` names; UTC where it names none."""
    text = text.strip()
    if offset := _OFFSET.match(text):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timedelta(minutes=-minutes if offset[1] == "-" else minutes)
    name = _NAME.match(text)
    return timedelta(hours=_ZONES.get(name[0].lower(), 0.0) if name else 0.0)


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int, offset: timedelta) -> datetime:
    """In UTC. 24:00 is the next day's midnight; a leap second counts as the one before."""
    if abs(offset) >= timedelta(hours=24):
        offset = timedelta(0)
    extra = timedelta(days=1) if hour == 24 else timedelta(0)
    local = datetime(year, month, day, hour % 24, minute, min(second, 59), tzinfo=timezone(offset))
    return local.astimezone(UTC) + extra
