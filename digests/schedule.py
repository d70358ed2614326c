"""When digests are due: local times, daylight saving, and what a person may type for them. Pure; no scheduler here.

A slot is a time of day in the subscriber's zone. Its moments are found by going from *date* to date and turning each
local date and time into UTC (PEP 495, fold 0), so that no change of the clocks skips or repeats one: a time that the
clocks jump over comes that much later, one that they pass twice comes the first time.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from digests.errors import ScheduleError
from digests.model import Slot, Subscriber

MOST_SLOTS = 6
"""Digests a day that one subscriber may set."""

LONGEST_GAP = 8
"""Days within which every slot comes round, however the weekdays and clocks fall."""

CLOCK = re.compile(r"(\d{1,2})(?:[:.h٫](\d{2}))?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE)
FROM_UTC = re.compile(r"(?:utc|gmt)?([+\-−])(\d{1,2})(?::?(\d{2}))?")
NOON = 12
_BETWEEN_HOURS = {
    -570: "Pacific/Marquesas", -210: "America/St_Johns", 210: "Asia/Tehran", 270: "Asia/Kabul", 330: "Asia/Kolkata",
    345: "Asia/Kathmandu", 390: "Asia/Yangon", 525: "Australia/Eucla", 570: "Australia/Darwin",
    630: "Australia/Lord_Howe", 765: "Pacific/Chatham",
}  # fmt: skip
"""Zones whose standard time is so many minutes from UTC, and no whole hours."""


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """One coming of a slot: the moment (UTC), and the local date and time of day that it is for."""

    at: datetime
    local_date: date
    slot: time

    @property
    def key(self) -> tuple[date, time]:
        """What tells a subscriber's runs apart: none with the same comes twice."""
        return (self.local_date, self.slot)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which a clock in `zone` shows this date and time, the first if it does twice."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def runs(slots: Sequence[Slot], zone: ZoneInfo, first: date) -> Iterator[Run]:
    """All runs from the local date `first` on, by moment, for LONGEST_GAP days and two more."""
    for offset in range(LONGEST_GAP + 2):
        day = first + timedelta(days=offset)
        yield from sorted(
            Run(instant(day, slot.at, zone), day, slot.at) for slot in slots if day.weekday() in slot.weekdays
        )


def upcoming(slots: Sequence[Slot], zone: ZoneInfo, after: datetime, count: int) -> list[Run]:
    """The next `count` runs later than `after` (UTC); fewer where the slots' weekdays have no more within ten days."""
    day = after.astimezone(zone).date() - timedelta(days=1)
    return [run for run in runs(slots, zone, day) if run.at > after][:count]


def next_run(
    slots: Sequence[Slot], zone: ZoneInfo, after: datetime, done: Collection[tuple[date, time]] = ()
) -> Run | None:
    """The first run later than `after` whose key is not `done`; None without slots or weekdays.

    Clocks that were set back by a move come to some slots once more, which are done.
    """
    day = after.astimezone(zone).date() - timedelta(days=1)
    return next((run for run in runs(slots, zone, day) if run.at > after and run.key not in done), None)


def latest_run(
    slots: Sequence[Slot],
    zone: ZoneInfo,
    until: datetime,
    *,
    since: datetime | None = None,
    done: Collection[tuple[date, time]] = (),
) -> Run | None:
    """The last run not later than `until`, nor before `since`, that is not `done`: after a downtime, the one digest
    that stands for all that were missed.
    """
    day = until.astimezone(zone).date() - timedelta(days=LONGEST_GAP)
    past = (run for run in runs(slots, zone, day) if run.at <= until and run.key not in done)
    return max((run for run in past if since is None or run.at >= since), default=None)


def jumped(
    slots: Sequence[Slot], before: ZoneInfo, after: ZoneInfo, now: datetime, done: Collection[tuple[date, time]] = ()
) -> Run | None:
    """The last run that the subscriber's clocks jump over in a move at `now`: past in the new zone, ahead in the old,
    and not `done`.

    A slot stays itself in a move, so that one is owed; like a downtime, a move owes one digest for all it jumps over.
    """
    day = now.astimezone(after).date() - timedelta(days=2)
    passed = (run for run in runs(slots, after, day) if run.at <= now and run.key not in done)
    return max((run for run in passed if instant(run.local_date, run.slot, before) > now), default=None)


def is_quiet(subscriber: Subscriber, now: datetime) -> bool:
    """Whether it is one of the subscriber's quiet hours, in which nothing but digests at their own times is sent."""
    return quiet_until(subscriber, now) is not None


def quiet_until(subscriber: Subscriber, now: datetime) -> datetime | None:
    """When the quiet hours (from, to) that `now` is in end, in UTC; None outside of them. From = to means none."""
    if subscriber.quiet is None or subscriber.quiet[0] == subscriber.quiet[1]:
        return None
    begin, end = subscriber.quiet
    zone = ZoneInfo(subscriber.timezone)
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        last = day if begin < end else day + timedelta(days=1)
        if instant(day, begin, zone) <= now < instant(last, end, zone):
            return instant(last, end, zone)
    return None


def parse_time(text: str) -> time:
    """A time of day as people type it: 7, 7:30, 07.30, 19h15, 7pm, ۷:۳۰. Raises ScheduleError."""
    match = CLOCK.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise ScheduleError(f"{text!r} is no time of day; write it like 07:30")
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half and 1 <= hour <= NOON:
        hour = hour % NOON + (NOON if half == "p" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise ScheduleError(f"{text!r} is no time of day; hours go to 23 and minutes to 59") from None


@cache
def _zone_names() -> dict[str, str]:
    """Canonical zone names by what people type: the whole name or its last part, without case and underscores."""
    names: dict[str, str] = {}
    for name in sorted(_all_zones(), key=lambda name: (name.count("/"), name)):
        if name.startswith(("Etc/", "SystemV/", "posix", "right")) or name in {"localtime", "Factory"}:
            continue
        plain = name.casefold().replace("_", " ")
        names[plain] = name
        if "/" in name:
            names.setdefault(plain.rsplit("/", 1)[1], name)
    return names


def parse_zone(text: str) -> ZoneInfo:
    """A time zone by its name in the tz database, its city there, or its distance from UTC (Asia/Tehran, tehran,
    UTC+3:30). Raises ScheduleError.
    """
    wanted = " ".join(text.replace("_", " ").casefold().split())
    name = _zone_names().get(wanted) or _zone_at(unicodedata.normalize("NFKC", wanted).replace(" ", ""))
    if name is None:
        raise ScheduleError(f"{text!r} is no time zone I know; write it like Europe/Berlin or Tehran")
    return ZoneInfo(name)


def is_zone(name: str) -> bool:
    """Whether the tz database has a zone of exactly this name."""
    return name in _all_zones()


@cache
def _all_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone_at(distance: str) -> str | None:
    """The zone whose clocks are that far from UTC: all year round where there is one."""
    match = FROM_UTC.fullmatch(distance)
    if match is None or int(match[3] or 0) >= 60:
        return None
    minutes = (int(match[2]) * 60 + int(match[3] or 0)) * (-1 if match[1] in "-−" else 1)
    hours, rest = divmod(minutes, 60)
    if rest:
        return _BETWEEN_HOURS.get(minutes)
    return "UTC" if hours == 0 else f"Etc/GMT{-hours:+d}" if -12 <= hours <= 14 else None
