"""Whether every digest comes: simulated years of subscribers in all time zones, with restarts and changed settings.

    python -m benchmarks.schedule [--subscribers 1000] [--days 1096] [--seed 1] [--json FILE]

Each subscriber lives through the years by what the tick and /time and /timezone use (`next_run`, `latest_run`), with a
ledger in memory that keeps (date, slot) unique. What should have come is worked out apart from that, by turning
every minute of the process's life over which a clock in the subscriber's zone passes a slot into a run. Downtimes owe
one digest for all that they missed. Prints digests sent, repeats that the ledger had to refuse (a clock set back by a
move), those that are missing and those that nobody owed.
"""

import argparse
import json
import random
import time
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from digests.model import Slot
from digests.schedule import MOST_SLOTS, latest_run, next_run

START = datetime(2025, 1, 1, tzinfo=UTC)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LONGEST_DOWN = timedelta(days=3)

Key = tuple[date, time_of_day]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A time in which a subscriber's settings stood still, [since, until)."""

    since: datetime
    until: datetime
    zone: ZoneInfo
    slots: tuple[Slot, ...]


def ticks_after(moment: datetime, downtimes: list[tuple[datetime, datetime]]) -> datetime:
    """When the first tick at or after `moment` comes: on the minute, unless the process is down."""
    tick = moment.replace(second=0, microsecond=0)
    tick += MINUTE if tick < moment else timedelta()
    place = bisect_right(downtimes, (tick, END_OF_TIME)) - 1
    return downtimes[place][1] if place >= 0 and tick < downtimes[place][1] else tick


def lives(
    random_: random.Random, zones: list[str], days: int, downtimes: list[tuple[datetime, datetime]]
) -> list[Chapter]:
    """The chapters of one subscriber: settings that change between two ticks, never while the process is down."""
    end = START + timedelta(days=days)
    changes = sorted(
        START + random_.random() * timedelta(days=days) for _ in range(random_.randint(0, 2 + days // 100))
    )
    moments = [START]
    for change in changes:
        at = ticks_after(change, downtimes) + timedelta(seconds=30)
        if moments[-1] < at < end:
            moments.append(at)
    zone, slots = ZoneInfo(random_.choice(zones)), some_slots(random_)
    chapters = []
    for since, until in zip(moments, [*moments[1:], end], strict=True):
        chapters.append(Chapter(since, until, zone, slots))
        if random_.random() < 0.5:
            zone = ZoneInfo(random_.choice(zones))
        else:
            slots = some_slots(random_)
    return chapters


def some_slots(random_: random.Random) -> tuple[Slot, ...]:
    """One or more times of day, now and then not on all weekdays."""
    count = random_.choice((1, 1, 1, 2, 3, MOST_SLOTS))
    weekdays = frozenset(random_.sample(range(7), random_.choice((7, 7, 5, 1))))
    times = {time_of_day(random_.randrange(24), random_.choice((0, 0, 30, 15, 59))) for _ in range(count)}
    return tuple(Slot(at, weekdays) for at in sorted(times))


def sent(chapters: list[Chapter], downtimes: list[tuple[datetime, datetime]]) -> Counter[Key]:
    """What the program would send, how often each: the same steps as the tick's and the handlers'."""
    out: Counter[Key] = Counter()
    for chapter in chapters:
        run = next_run(chapter.slots, chapter.zone, chapter.since)
        while run is not None and (tick := ticks_after(run.at, downtimes)) < chapter.until:
            latest = latest_run(chapter.slots, chapter.zone, tick)
            if latest is not None:
                out[latest.local_date, latest.slot] += 1
            run = next_run(chapter.slots, chapter.zone, tick)
    return out


def owed(chapters: list[Chapter], downtimes: list[tuple[datetime, datetime]]) -> set[Key]:
    """What should come, found apart: every slot that a clock passes, and of those that one tick finds the last."""
    keys: set[Key] = set()
    for chapter in chapters:
        by_tick: dict[datetime, tuple[datetime, Key]] = {}
        day, last = (chapter.since - 2 * DAY).date(), (chapter.until + 2 * DAY).date()
        while day <= last:
            for slot in chapter.slots:
                at = datetime.combine(day, slot.at, chapter.zone).astimezone(UTC)
                tick = ticks_after(at, downtimes)
                if day.weekday() in slot.weekdays and chapter.since < at and tick < chapter.until:
                    by_tick[tick] = max(by_tick.get(tick, (at, (day, slot.at))), (at, (day, slot.at)))
            day += DAY
        keys.update(key for _, key in by_tick.values())
    return keys


def measure(*, subscribers: int, days: int, seed: int) -> dict[str, float]:
    """Live through it all; figures by name."""
    random_ = random.Random(seed)
    zones = sorted(available_timezones() - {"localtime", "Factory"})
    downs = sorted(START + random_.random() * timedelta(days=days) for _ in range(days // 20))
    downtimes = [(down, down + random_.random() ** 4 * LONGEST_DOWN + MINUTE) for down in downs]
    downtimes = [
        (down.replace(second=0, microsecond=0), up.replace(second=0, microsecond=0))
        for (down, up), following in zip(downtimes, [*downs[1:], START + timedelta(days=days + 9)], strict=True)
        if up < following
    ]
    start = time.perf_counter()
    total: Counter[str] = Counter()
    for number in range(subscribers):
        theirs = [zones[number % len(zones)]] if number % 2 else zones
        chapters = lives(random_, theirs, days, downtimes)
        came, due = sent(chapters, downtimes), owed(chapters, downtimes)
        total["sent"] += len(came)
        total["changes"] += len(chapters) - 1
        total["refused"] += came.total() - len(came)
        total["missing"] += len(due - came.keys())
        total["not owed"] += len(came.keys() - due)
    figures = {name: float(total[name]) for name in ("sent", "changes", "refused", "missing", "not owed")}
    return {**figures, "restarts": float(len(downtimes)), "seconds": time.perf_counter() - start}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subscribers", type=int, default=1000)
    parser.add_argument("--days", type=int, default=1096)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(subscribers=options.subscribers, days=options.days, seed=options.seed)
    for name, value in found.items():
        print(f"{name:12} {value:12,.1f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
