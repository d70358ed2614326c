"""Whether every digest comes, once: simulated years of subscribers in all zones, with all that may come between.

    python -m benchmarks.schedule [--subscribers 1000] [--days 1096] [--seed 1] [--json FILE]
    python -m benchmarks.schedule --storage [--subscribers 40] [--days 60]

Restarts and downtimes of up to three days, a clock that is wrong by up to two days for a minute, times and zones that
change at any second: between a due moment and its tick too, and by a clock that is set back by up to two hours.

Without --storage each subscriber lives by the functions that the tick and the settings use (`next_run`, `latest_run`,
`jumped`), with a ledger in memory. With it the real pipeline and storage (SQLite, in a directory of its own) tick
minute by minute where anything happens, and what is counted are the rows of the ledger.

What is owed is worked out apart: for each local date and time, the moment at which the subscriber's clock comes to it
(or jumps over it in a move); of those that one tick or one move finds, the last; none a second time. Prints digests
sent, those that came twice, those that the ledger refused, those that are missing, and those that nobody owed.
"""

import argparse
import asyncio
import json
import logging
import random
import tempfile
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import structlog

from digests.model import Slot, Subscriber
from digests.pipeline import Pipeline
from digests.ports import Storage
from digests.schedule import MOST_SLOTS, Run, jumped, latest_run, next_run
from digests.storage import open_storage

START = datetime(2025, 1, 1, tzinfo=UTC)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
LONGEST_DOWN = timedelta(days=3)
FURTHEST_WRONG = timedelta(days=2)
SET_BACK = timedelta(hours=2)
TICK_AT = timedelta(seconds=20)
"""How many seconds after the minute a tick comes: changes fall between a due moment and its tick."""

Key = tuple[date, time_of_day]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something at a moment: a tick, or new settings. `reading` is what the process's clock shows then."""

    at: datetime
    reading: datetime
    zone: ZoneInfo | None = None
    slots: tuple[Slot, ...] | None = None


@dataclass(frozen=True, slots=True)
class Process:
    """When the process runs: downtimes [begin, end), and moments at which its clock is wrong for one tick."""

    downtimes: list[tuple[datetime, datetime]]
    wrong: list[Happening]

    def tick_after(self, moment: datetime) -> Happening:
        """The first tick at or after a moment."""
        tick = moment.replace(second=0, microsecond=0) + TICK_AT
        tick += MINUTE if tick < moment else timedelta()
        place = bisect_right(self.downtimes, (tick, datetime.max.replace(tzinfo=UTC))) - 1
        if place >= 0 and tick < self.downtimes[place][1]:
            tick = self.downtimes[place][1] + TICK_AT
        return Happening(tick, tick)

    def is_down(self, moment: datetime) -> bool:
        """Whether nobody could change anything then."""
        place = bisect_right(self.downtimes, (moment, datetime.max.replace(tzinfo=UTC))) - 1
        return place >= 0 and moment < self.downtimes[place][1]


@dataclass(slots=True)
class Life:
    """One subscriber: the settings at the start, and what happens to them in order."""

    zone: ZoneInfo
    slots: tuple[Slot, ...]
    changes: list[Happening]


def process(random_: random.Random, days: int) -> Process:
    """A process's life: a downtime in three weeks, a wrong clock in two months."""
    downs = sorted(START + random_.random() * timedelta(days=days) for _ in range(days // 20))
    found = [
        (down.replace(second=0, microsecond=0), down.replace(second=0, microsecond=0) + _some(random_, LONGEST_DOWN))
        for down in downs
    ]
    followed = zip(found, [*found[1:], (START + timedelta(days=days + 9), START)], strict=False)
    downtimes = [one for one, following in followed if one[1] < following[0]]
    running = Process(downtimes, [])
    for _ in range(days // 60):
        at = START + random_.random() * timedelta(days=days)
        if not running.is_down(at):
            running.wrong.append(Happening(at, at + random_.random() * FURTHEST_WRONG))
    running.wrong.sort(key=lambda one: one.at)
    return running


def _some(random_: random.Random, most: timedelta) -> timedelta:
    """Whole minutes, mostly few."""
    return MINUTE * (1 + int(random_.random() ** 4 * (most / MINUTE)))


def life(random_: random.Random, zones: Sequence[str], days: int, running: Process) -> Life:
    """A subscriber whose settings change now and then, never while the process is down."""
    own = Life(ZoneInfo(random_.choice(zones)), some_slots(random_), [])
    moments = sorted(
        START + random_.random() * timedelta(days=days) for _ in range(random_.randint(0, 2 + days // 100))
    )
    for at in moments:
        moment = at.replace(microsecond=0)
        if running.is_down(moment):
            continue
        back = random_.random() * SET_BACK if random_.random() < 0.1 else timedelta()
        zone = ZoneInfo(random_.choice(zones)) if random_.random() < 0.6 else None
        slots = some_slots(random_) if zone is None or random_.random() < 0.2 else None
        own.changes.append(Happening(moment, moment - back, zone, slots))
    return own


def some_slots(random_: random.Random) -> tuple[Slot, ...]:
    """One or more times of day, now and then not on all weekdays."""
    count = random_.choice((1, 1, 1, 2, 3, MOST_SLOTS))
    weekdays = frozenset(random_.sample(range(7), random_.choice((7, 7, 5, 1))))
    times = {time_of_day(random_.randrange(24), random_.choice((0, 0, 30, 15, 59))) for _ in range(count)}
    return tuple(Slot(at, weekdays) for at in sorted(times))


# ── what is sent, by the program's own steps ─────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Ledger:
    """The runs of one subscriber; `refused` counts those that were there already."""

    sent: Counter[Key] = field(default_factory=Counter)
    refused: int = 0

    def write(self, key: Key) -> None:
        """ON CONFLICT DO NOTHING."""
        if key in self.sent:
            self.refused += 1
        else:
            self.sent[key] += 1


def sent(own: Life, running: Process, days: int) -> Ledger:
    """What the program sends: the same steps as `Pipeline.compose_due` and `Pipeline.reschedule`."""
    ledger, zone, slots = Ledger(), own.zone, own.slots
    due, now = next_run(slots, zone, START), START
    end = START + timedelta(days=days)
    for event in sorted([*own.changes, *running.wrong, Happening(end, end)], key=lambda one: one.at):
        while due is not None and (tick := running.tick_after(max(due.at, now))).at < event.at:
            due = _tick(ledger, slots, zone, due.at, tick.reading)
        if due is not None and due.at <= event.reading:
            due = _tick(ledger, slots, zone, due.at, event.reading)
        now = event.at
        if event.zone is None and event.slots is None:
            continue
        moved, slots = event.zone or zone, event.slots if event.slots is not None else slots
        over = jumped(slots, zone, moved, event.reading, ledger.sent) if moved != zone else None
        if over is not None:
            ledger.write(over.key)
        zone = moved
        due = next_run(slots, zone, event.reading, ledger.sent)
    return ledger


def _tick(ledger: Ledger, slots: tuple[Slot, ...], zone: ZoneInfo, due_at: datetime, now: datetime) -> Run | None:
    latest = latest_run(slots, zone, now, since=due_at, done=ledger.sent)
    if latest is not None:
        ledger.write(latest.key)
    return next_run(slots, zone, now)


# ── what is owed, found apart ────────────────────────────────────────────────────────────────────────────────────────


def owed(own: Life, running: Process, days: int) -> set[Key]:
    """What should come: the last of what each tick, change or move finds that did not come before."""
    end = START + timedelta(days=days)
    done: set[Key] = set()
    zone, slots, begun, since = own.zone, own.slots, START, START
    for event in sorted([*own.changes, Happening(end, end)], key=lambda one: one.at):
        wrong = [one for one in running.wrong if begun <= one.at < event.at]
        for _, passed in sorted(_found(slots, zone, begun, since, event, running, wrong).items()):
            fresh = [(at, key) for at, key in passed if key not in done]
            if fresh:
                done.add(max(fresh)[1])
        moved, slots = event.zone or zone, event.slots if event.slots is not None else slots
        over = [
            (at, key)
            for at, key in _moments(slots, moved, event.reading - 2 * DAY, event.reading)
            if key not in done and datetime.combine(*key, zone).astimezone(UTC) > event.reading
        ]
        if over and moved != zone:
            done.add(max(over)[1])
        zone, begun, since = moved, event.at, event.reading
    return done


def _found(
    slots: tuple[Slot, ...],
    zone: ZoneInfo,
    begun: datetime,
    since: datetime,
    event: Happening,
    running: Process,
    wrong: Sequence[Happening],
) -> dict[datetime, list[tuple[datetime, Key]]]:
    """The slots that a clock comes to after `since`, by the moment at which something finds them: a tick from `begun`
    on, one by a wrong clock, or the event that ends these settings.
    """
    found: dict[datetime, list[tuple[datetime, Key]]] = {}
    for at, key in _moments(slots, zone, since, max([event.at, event.reading, *(one.reading for one in wrong)])):
        finds = [one.at for one in wrong if one.reading >= at]
        if (tick := running.tick_after(max(at, begun)).at) < event.at:
            finds.append(tick)
        if at <= event.reading:
            finds.append(event.at)
        if finds:
            found.setdefault(min(finds), []).append((at, key))
    return found


def _moments(
    slots: tuple[Slot, ...], zone: ZoneInfo, since: datetime, until: datetime
) -> Iterator[tuple[datetime, Key]]:
    """When clocks of the zone come to the slots, later than `since` and not later than `until`."""
    day, last = (since - 2 * DAY).date(), (until + 2 * DAY).date()
    while day <= last:
        for slot in slots:
            at = datetime.combine(day, slot.at, zone).astimezone(UTC)
            if day.weekday() in slot.weekdays and since < at <= until:
                yield at, (day, slot.at)
        day += DAY


# ── measuring ────────────────────────────────────────────────────────────────────────────────────────────────────────


def cast_of(subscribers: int, days: int, seed: int) -> tuple[Process, list[Life]]:
    """A process and its subscribers: every zone of the database has one as long as there are so many."""
    random_ = random.Random(seed)
    zones = sorted(available_timezones() - {"localtime", "Factory"})
    running = process(random_, days)
    theirs = [[zones[number % len(zones)]] if number % 2 else zones for number in range(subscribers)]
    return running, [life(random_, some, days, running) for some in theirs]


def measure(*, subscribers: int, days: int, seed: int) -> dict[str, float]:
    """Live through it all by the pure functions; figures by name."""
    start = time.perf_counter()
    running, lives = cast_of(subscribers, days, seed)
    total: Counter[str] = Counter()
    for own in lives:
        ledger = sent(own, running, days)
        total["refused"] += ledger.refused
        _count(total, ledger.sent, owed(own, running, days), own)
    return _figures(total, running, time.perf_counter() - start)


def _count(total: Counter[str], came: Counter[Key], due: set[Key], own: Life) -> None:
    total["sent"] += came.total()
    total["twice"] += came.total() - len(came)
    total["missing"] += len(due - came.keys())
    total["not owed"] += len(came.keys() - due)
    total["times changed"] += sum(one.slots is not None for one in own.changes)
    total["zones changed"] += sum(one.zone is not None for one in own.changes)


def _figures(total: Counter[str], running: Process, seconds: float) -> dict[str, float]:
    names = ("sent", "twice", "refused", "missing", "not owed", "times changed", "zones changed")
    own = {"downtimes": float(len(running.downtimes)), "wrong clocks": float(len(running.wrong)), "seconds": seconds}
    return {**{name: float(total[name]) for name in names}, **own}


class Hands:
    """The clock of the real pipeline, set by the simulation."""

    now = START

    def __call__(self) -> datetime:
        """What it shows."""
        return self.now


async def measure_storage(path: Path, *, subscribers: int, days: int, seed: int) -> dict[str, float]:
    """The same with the real pipeline over SQLite in `path`."""
    start = time.perf_counter()
    running, lives = cast_of(subscribers, days, seed)
    clock, total = Hands(), Counter[str]()
    storage = await open_storage(f"sqlite:///{path}")
    try:
        pipeline = Pipeline(storage, clock=clock)
        ids = []
        for number, own in enumerate(lives, 1):
            due = next_run(own.slots, own.zone, START)
            new = Subscriber(
                id=0, chat_id=number, timezone=own.zone.key, slots=own.slots, created_at=START,
                next_due_at=due.at if due is not None else None,
            )  # fmt: skip
            ids.append((await storage.subscribers.create(new)).id)
        written = await _live(storage, pipeline, clock, running, dict(zip(ids, lives, strict=True)), days)
        runs = await storage.ledger.runs(ids, since=date.min)
        for number, own in zip(ids, lives, strict=True):
            _count(total, Counter(runs.get(number, frozenset())), owed(own, running, days), own)
        total["twice"] += written - total["sent"]
    finally:
        await storage.close()
    return _figures(total, running, time.perf_counter() - start)


async def _live(
    storage: Storage, pipeline: Pipeline, clock: Hands, running: Process, lives: Mapping[int, Life], days: int
) -> int:
    """Tick where somebody is due, change settings where they change; deliveries that were written."""
    end = START + timedelta(days=days)
    changes = [(one, number) for number, own in lives.items() for one in own.changes]
    events = sorted(
        [*changes, *((one, 0) for one in running.wrong), (Happening(end, end), 0)], key=lambda one: one[0].at
    )
    now = START
    for event, number in events:
        while (due := await _first_due(storage)) is not None and (
            tick := running.tick_after(max(due, now))
        ).at < event.at:
            clock.now = tick.reading
            await pipeline.compose_due()
        clock.now, now = event.reading, event.at
        subscriber = await storage.subscribers.by_id(number) if number else None
        if subscriber is None:
            await pipeline.compose_due()
        else:
            zone = event.zone.key if event.zone is not None else None
            await pipeline.reschedule(subscriber, slots=event.slots, timezone=zone)
    return sum((await storage.ledger.counts()).values())


async def _first_due(storage: Storage) -> datetime | None:
    """When somebody is due next."""
    return min((one.next_due_at for one in await storage.subscribers.chats() if one.next_due_at), default=None)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--storage", action="store_true", help="the real pipeline over SQLite")
    parser.add_argument("--subscribers", type=int)
    parser.add_argument("--days", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if options.storage:
        subscribers, days = options.subscribers or 40, options.days or 60
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "schedule.sqlite3"
            found = asyncio.run(measure_storage(path, subscribers=subscribers, days=days, seed=options.seed))
    else:
        found = measure(subscribers=options.subscribers or 1000, days=options.days or 1096, seed=options.seed)
    for name, value in found.items():
        print(f"{name:14} {value:12,.1f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
