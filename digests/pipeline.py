"""Composing: who is due gets a digest of what is new to them, and whoever asks gets one now.

What is shared is worked out once a tick: the stories of a set of languages, the ranking of a wish, and the body of a
digest for all whose wishes, languages, budget, and stories left after what was seen and muted are the same.
"""

import asyncio
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from digests import embeddings
from digests.across import told_once
from digests.clock import Clock
from digests.compose import Candidate, Ranking, candidates, compose, rank, subjects
from digests.leanings import Subject, levels
from digests.model import (
    NOTHING_YET,
    OWN_FEEDS,
    Article,
    Digest,
    Had,
    History,
    NewDelivery,
    Request,
    Slot,
    Story,
    Subscriber,
    Wish,
)
from digests.ports import Storage
from digests.schedule import Run, jumped, latest_run, next_run, quiet_until
from digests.sharing import NO_MUTES, Asked, Mutes, Read, unswept
from digests.updates import needed, update
from digests.wishes import Muted, Reader

log = structlog.get_logger(__name__)

WINDOW = timedelta(hours=24)
LONGEST_WINDOW = timedelta(days=7)
REMEMBERED = timedelta(days=14)
"""How long a story that was sent is not sent again; longer than any story lives."""

REPEATED = timedelta(days=3)
"""How far back clocks come to local dates again after a move, with a day to spare."""

LATE_RUN = timedelta(minutes=30)

LATE = timedelta(hours=24)
"""How much older than a window an article may be that came in during it: feeds are asked at least once a day."""

MOST_STORIES = 5000
"""Stories of one set of languages that are candidates: the most important ones of the window."""

MORE = "more"
"""The kind of a request for what a digest had no room for; its arguments are the digest's request."""

MOST_PERSONAL = 200
"""The same of one personal feed."""

BATCH = 1000
BREATH = 50
"""Subscribers composed for between two moments in which the bot may answer."""

Languages = tuple[str, ...]
Body = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """What is new to a subscriber: published since `since`, or come in since `last`, when their last digest was made.

    Both are whole hours, so that many subscribers have the same; rounded down, so that nothing falls between two.
    """

    since: datetime
    last: datetime | None = None

    def holds(self, article: Article) -> bool:
        """Whether an article is new."""
        if article.published >= self.since:
            return True
        return self.last is not None and article.fetched_at is not None and article.fetched_at >= self.last


def window(last: datetime | None, now: datetime) -> Window:
    """The window of a digest: since the last one that arrived, between a day and a week ago."""
    since = max(min(last or now, now - WINDOW), now - LONGEST_WINDOW)
    return Window(_hour(since), None if last is None else _hour(max(last, since)))


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


class Desk:
    """One tick's shared work: stories by languages and window, rankings by wish, bodies by everything that tells
    digests apart. Made anew for each tick.

    Those who mute something that would not have come up anyway share the digest of those who mute nothing.
    """

    def __init__(self, storage: Storage, now: datetime) -> None:
        self._storage = storage
        self._now = now
        self._shelves: dict[tuple[Languages | int, Window], Shelf] = {}
        self._bodies: dict[Body, tuple[Digest, frozenset[int]]] = {}
        """Digests without mutes, and the stories that were looked at for them and not left out."""
        self._muted: dict[tuple[Body, object], Digest] = {}
        self._read = Read()

    async def digest(self, subscriber: Subscriber, new: Window, history: History) -> Digest:
        """The digest for a subscriber of what is new, without the stories in `history` that have not grown."""
        languages = tuple(sorted(subscriber.languages))
        shelf = await self.shelf(languages, new)
        feeds = await self.own_shelves(subscriber, new)
        own = list(feeds.values())
        wishes = asked_for(subscriber, own)
        stories = ChainMap(shelf.stories, *(one.stories for one in own))
        ids = shelf.ids.union(*(one.ids for one in own))
        left_out = history.stories & ids
        updates = await shelf.updates(history) if subscriber.updates else {}
        leanings = {subject: level for subject, level in self._levels(subscriber).items() if subject in shelf.subjects}
        grown = frozenset((number, history.had(number)) for number in updates)
        body = (
            frozenset(wishes), languages, new, subscriber.stories, subscriber.minutes, left_out,
            frozenset(leanings.items()), grown, tuple(feeds),
        )  # fmt: skip
        muting = (frozenset(subscriber.mutes), frozenset(subscriber.muted_sources))
        mutes = Mutes(Muted(subscriber.mutes, self._read.said), muting[1]) if any(muting) else NO_MUTES

        async def write(mutes: Mutes, asked: set[int]) -> Digest:
            ranked = {
                wish: await ranking_of(wish, shelf, own) for wish in in_turn(wishes, subscriber.stories, self._now)
            }

            def composed(without: frozenset[int]) -> Digest:
                return compose(
                    ranked,
                    budget=subscriber.stories,
                    since=new.since,
                    until=self._now,
                    seen=Asked(left_out | without, asked),
                    muted=mutes.words,
                    muted_sources=mutes.sources,
                    levels=leanings,
                    updates={number: story for number, story in updates.items() if number not in without},
                    considered=len(ids),
                    minutes=subscriber.minutes,
                )

            if len(languages) > 1 and embeddings.available():
                return await asyncio.to_thread(told_once, composed, stories)
            return composed(frozenset())

        if body not in self._bodies:
            asked: set[int] = set()
            digest = await write(NO_MUTES, asked)
            self._bodies[body] = digest, frozenset(asked - left_out | updates.keys())
        digest, read = self._bodies[body]
        if mutes is NO_MUTES or not any(mutes.touch(updates.get(one) or stories[one]) for one in read):
            return digest
        if (body, muting) not in self._muted:
            self._muted[body, muting] = await write(mutes, set())
        return self._muted[body, muting]

    def _levels(self, subscriber: Subscriber) -> dict[Subject, int]:
        return levels(subscriber, self._now) if subscriber.leanings else {}

    async def own_shelves(self, subscriber: Subscriber, new: Window) -> dict[int, "Shelf"]:
        """The new stories of each feed of one's own that has any, by its id: the others tell nobody's digest apart."""
        shelves = {number: await self.shelf(number, new) for number in subscriber.feeds}
        return {number: one for number, one in shelves.items() if one.ids}

    async def shelf(self, whose: Languages | int, new: Window) -> "Shelf":
        """The new stories of some languages, or of a personal feed, which is given by its id."""
        key = (whose, new)
        if key not in self._shelves:
            since = new.since if new.last is None else new.since - LATE
            if isinstance(whose, int):
                stories = await self._storage.stories.recent(since, scope=whose, limit=MOST_PERSONAL)
            else:
                stories = await self._storage.stories.recent(since, languages=whose, limit=MOST_STORIES)
            fresh = [story for story in stories if any(map(new.holds, story.articles))]
            self._shelves[key] = Shelf(fresh, self._now, self._read)
        return self._shelves[key]


class Shelf:
    """The stories of some languages and a window, ranked for each wish once. What takes a while is done in a thread,
    since the bot must answer meanwhile.
    """

    def __init__(self, stories: Sequence[Story], now: datetime, read: Read) -> None:
        self.stories = {story.id: story for story in stories}
        self.ids = frozenset(self.stories)
        self.subjects = frozenset(subject for story in stories for subject in subjects(story))
        self._now = now
        self._reader = Reader(stories, read.words)
        self._candidates: dict[int, Candidate] | None = None
        self._widely: frozenset[int] = frozenset()
        """Stories that so many tell that they may have grown since somebody had them."""
        self._updates: dict[tuple[int, Had], Story | None] = {}
        self._ranked: dict[Wish | None, Ranking] = {}

    async def updates(self, history: History) -> dict[int, Story]:
        """The stories that somebody with this history may get again, as they then read."""
        if self.ids.isdisjoint(history.stories):
            return {}
        found: dict[int, Story] = {}
        candidates = await self._importance()
        for number in history.stories & self._widely:
            candidate, had = candidates[number], history.had(number)
            if candidate.owners < needed(had.publishers):
                continue
            if (number, had) not in self._updates:
                self._updates[number, had] = update(candidate.story, had, candidate.owners, self._now)
            if (grown := self._updates[number, had]) is not None:
                found[number] = grown
        return found

    async def _importance(self) -> dict[int, Candidate]:
        if self._candidates is None:
            self._candidates = await asyncio.to_thread(self._read)
            self._widely = frozenset(number for number, one in self._candidates.items() if one.owners >= needed(1))
        return self._candidates

    async def ranked(self, wish: Wish | None) -> Ranking:
        """The stories that answer a wish, or all, best first."""
        if wish not in self._ranked:
            self._ranked[wish] = Ranking(wish, self._rank(wish, await self._importance()))
            await asyncio.sleep(0)
        return self._ranked[wish]

    def _read(self) -> dict[int, Candidate]:
        self._reader.read()
        return {one.story.id: one for one in candidates(self.stories.values(), now=self._now)}

    def _rank(self, wish: Wish | None, found: Mapping[int, Candidate]) -> list[Candidate]:
        if wish is None:
            return rank(found.values())
        answers = self._reader.answers(wish)
        asked = [found[number] for number in self.stories if number in answers]
        return rank(asked, lambda story: answers[story.id])


def asked_for(subscriber: Subscriber, own: Sequence[Shelf]) -> Sequence[Wish | None]:
    """What a digest is made of: the wishes, or None for anything, and the feeds of one's own where these have news."""
    wishes: Sequence[Wish | None] = subscriber.wishes or (None,)
    return (*wishes, OWN_FEEDS) if own else wishes


async def ranking_of(wish: Wish | None, shelf: Shelf, own: Sequence[Shelf]) -> Ranking:
    """The stories that answer a wish, best first; for OWN_FEEDS all those of the personal feeds `own`."""
    if wish != OWN_FEEDS:
        return await shelf.ranked(wish)
    found = [candidate for one in own for candidate in (await one.ranked(None)).ordered]
    return Ranking(OWN_FEEDS, sorted(found, key=lambda candidate: candidate.order, reverse=True))


def in_turn(wishes: Sequence[Wish | None], budget: int, now: datetime) -> list[Wish | None]:
    """Wishes in the order in which they take turns. Where a digest has no room for all, another is first each day."""
    first = now.toordinal() % len(wishes) if len(wishes) > budget else 0
    return [*wishes[first:], *wishes[:first]]


class Agenda:
    """Which run of a schedule is due and when the next one is, for each schedule once a tick."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._runs: dict[object, tuple[Run | None, Run | None]] = {}

    def runs(self, subscriber: Subscriber) -> tuple[Run | None, Run | None]:
        """The latest run that is due and the first one that is not."""
        schedule = (subscriber.timezone, tuple((slot.at, slot.weekdays) for slot in subscriber.slots))
        if schedule not in self._runs:
            zone = ZoneInfo(subscriber.timezone)
            self._runs[schedule] = (
                latest_run(subscriber.slots, zone, self._now),
                next_run(subscriber.slots, zone, self._now),
            )
        return self._runs[schedule]


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick did: subscribers that were due, and deliveries written for them."""

    due: int = 0
    written: int = 0


class Pipeline:
    """Composes digests and writes deliveries."""

    def __init__(self, storage: Storage, *, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def compose_due(self) -> Tick:
        """Write a delivery for every subscriber that is due. A run that was written before is not written again."""
        now = self._clock()
        desk, agenda = Desk(self._storage, now), Agenda(now)
        await self._storage.subscribers.wake(now)
        due = written = 0
        stored: dict[int, tuple[Digest, int]] = {}
        with unswept():
            while batch := await self._storage.subscribers.due(now, limit=BATCH):
                deliveries = await self._compose(batch, desk, agenda, now)
                written += await self._storage.ledger.enqueue(deliveries, now=now, stored=stored)
                due += len(batch)
        if due:
            log.info("compose.tick", due=due, written=written)
        return Tick(due, written)

    async def _compose(
        self, batch: Sequence[tuple[Subscriber, datetime]], desk: Desk, agenda: Agenda, now: datetime
    ) -> list[NewDelivery]:
        """The deliveries of a batch. Who has no time of day any more is taken off the list."""
        late = await self._late(batch, agenda, now)
        asking = [asked_by(one, late.get(one.id, agenda.runs(one)[0])) for one, _ in batch]
        windows = await self._windows(asking, now)
        deliveries = []
        for place, (subscriber, (_, due_at)) in enumerate(zip(asking, batch, strict=True)):
            run, following = agenda.runs(subscriber)
            if following is None:
                await self._storage.subscribers.update(subscriber.id, next_due_at=None)
                continue
            run = late.get(subscriber.id, run)
            digest = await _worth(desk, subscriber, *windows[subscriber.id]) if run is not None else None
            deliveries.append(scheduled(subscriber, digest, run, following, due_at=due_at, now=now))
            if place % BREATH == 0:
                await asyncio.sleep(0)
        return deliveries

    async def _late(
        self, batch: Sequence[tuple[Subscriber, datetime]], agenda: "Agenda", now: datetime
    ) -> dict[int, Run | None]:
        """For those who missed several runs, the last one that was not written before: clocks set back by a move may
        have come to some of them a second time.
        """
        latest = {subscriber.id: agenda.runs(subscriber)[0] for subscriber, _ in batch}
        missed = [(one, due_at) for one, due_at in batch if (run := latest[one.id]) is not None and run.at > due_at]
        done = await self._done([subscriber.id for subscriber, _ in missed], now)
        return {
            one.id: latest_run(one.slots, ZoneInfo(one.timezone), now, since=due_at, done=done.get(one.id, ()))
            for one, due_at in missed
        }

    async def _done(self, subscriber_ids: Sequence[int], now: datetime) -> dict[int, frozenset[tuple[date, time]]]:
        """The runs that were written lately: of dates that clocks anywhere may still come to."""
        return await self._storage.ledger.runs(subscriber_ids, since=now.date() - REPEATED) if subscriber_ids else {}

    async def reschedule(
        self, subscriber: Subscriber, *, slots: Sequence[Slot] | None = None, timezone: str | None = None
    ) -> bool:
        """Give a subscriber other times, another zone, or both; whether a digest was written meanwhile.

        What is due by the old settings is written first. A move owes the slot that the clocks jump over, once for
        each local date; those that they come to a second time are done. `subscriber` as it is stored; read it again.
        """
        now = self._clock()
        after = replace(
            subscriber,
            slots=subscriber.slots if slots is None else tuple(slots),
            timezone=timezone or subscriber.timezone,
        )
        written, active = 0, not (subscriber.paused or subscriber.gone)
        if active and subscriber.next_due_at is not None and subscriber.next_due_at <= now:
            written += await self._write_due(subscriber, subscriber.next_due_at, now)
        done = (await self._done([subscriber.id], now)).get(subscriber.id, frozenset())
        if active:
            written += await self._write_jumped(subscriber, after, now, done)
        start = max(now, subscriber.resume_at or now) if subscriber.paused else now
        run = next_run(after.slots, ZoneInfo(after.timezone), start, done)
        await self._storage.subscribers.set_slots(
            subscriber.id, after.slots, run.at if run is not None else None, timezone=after.timezone
        )
        return written > 0

    async def _write_due(self, subscriber: Subscriber, due_at: datetime, now: datetime) -> int:
        deliveries = await self._compose([(subscriber, due_at)], Desk(self._storage, now), Agenda(now), now)
        return await self._storage.ledger.enqueue(deliveries, now=now)

    async def _write_jumped(
        self, before: Subscriber, after: Subscriber, now: datetime, done: frozenset[tuple[date, time]]
    ) -> int:
        """The run that a move jumps over. Before the first run the zone was only our guess, and the digest that came
        with /start stands for it.
        """
        if before.timezone == after.timezone:
            return 0
        run = jumped(after.slots, ZoneInfo(before.timezone), ZoneInfo(after.timezone), now, done)
        if run is None:
            return 0
        asking = asked_by(after, run)
        new, history = (await self._windows([asking], now))[after.id]
        if history.stories and not await self._storage.ledger.runs([after.id], since=date.min):
            return 0
        digest = await _worth(Desk(self._storage, now), asking, new, history)
        delivery = NewDelivery(subscriber_id=after.id, digest=digest, due_at=now, run=run.key)
        return await self._storage.ledger.enqueue([delivery], now=now)

    async def preview(self, subscriber: Subscriber, *, fresh: bool = True) -> Digest:
        """The digest that this subscriber would get now; with `fresh` off, also what they have seen."""
        now = self._clock()
        new, history = (await self._windows([subscriber], now))[subscriber.id]
        return await Desk(self._storage, now).digest(subscriber, new, history if fresh else NOTHING_YET)

    async def send_now(self, subscriber: Subscriber, kind: str) -> Digest:
        """Write a delivery of a digest that was asked for with a command; its stories count as seen."""
        digest = await self.preview(subscriber)
        now = self._clock()
        await self._storage.ledger.enqueue(
            [NewDelivery(subscriber_id=subscriber.id, digest=digest, due_at=now, kind=kind)], now=now
        )
        return digest

    async def send_more(self, subscriber: Subscriber, request: Request) -> bool:
        """Write a delivery of what the digest of a request had no room for; False where nothing is left.

        Asked twice it is sent once. What it shows counts as seen.
        """
        ledger, now = self._storage.ledger, self._clock()
        found = await ledger.digest_of(request.id)
        if found is None or await ledger.asked(subscriber.id, MORE, str(request.id)):
            return found is not None
        history = (await self._windows([subscriber], now))[subscriber.id][1]
        window = Window(found[1].since, found[1].since)
        digest = await Desk(self._storage, now).digest(subscriber, window, history)
        if not digest.items:
            return False
        delivery = NewDelivery(
            subscriber_id=subscriber.id,
            digest=replace(digest, continued=True),
            due_at=now,
            kind=MORE,
            arguments=str(request.id),
        )
        await ledger.enqueue([delivery], now=now)
        return True

    async def _windows(self, subscribers: Sequence[Subscriber], now: datetime) -> dict[int, tuple[Window, History]]:
        """What is new to each subscriber, and the stories that they have had. Where some of their times have topics of
        their own, it is new since the last digest about the same.
        """
        ids = [subscriber.id for subscriber in subscribers if subscriber.id > 0]
        last = await self._storage.ledger.last_sent(ids)
        several = [one for one in subscribers if one.id > 0 and any(slot.wishes for slot in one.slots)]
        for subscriber in several:
            last.pop(subscriber.id, None)
        by_slot = await self._storage.ledger.last_of_slots([one.id for one in several]) if several else {}
        last |= {one.id: at for one in several if (at := last_alike(one, by_slot.get(one.id, {}))) is not None}
        history = await self._storage.ledger.history(ids, since=now - REMEMBERED)
        return {
            subscriber.id: (window(last.get(subscriber.id), now), history.get(subscriber.id, NOTHING_YET))
            for subscriber in subscribers
        }


def asked_by(subscriber: Subscriber, run: Run | None) -> Subscriber:
    """The subscriber as a run asks: with the wishes of its slot where that has some."""
    wishes = next((slot.wishes for slot in subscriber.slots if run is not None and slot.at == run.slot), ())
    return replace(subscriber, wishes=wishes) if wishes else subscriber


def last_alike(subscriber: Subscriber, by_slot: Mapping[time | None, datetime]) -> datetime | None:
    """When the last digest about the same was composed that reached a subscriber some of whose times have topics of
    their own. `by_slot` tells it by time of day; commands, under None, are about everything, as are times that are
    gone.
    """
    topics = {slot.at: slot.wishes for slot in subscriber.slots}
    own = {slot.wishes for slot in subscriber.slots if slot.wishes}
    wanted = subscriber.wishes if subscriber.wishes in own else ()
    alike = (until for at, until in by_slot.items() if (() if at is None else topics.get(at, ())) == wanted)
    return max(alike, default=None)


async def _worth(desk: Desk, subscriber: Subscriber, new: Window, history: History) -> Digest | None:
    """The digest that is to be sent; None where it is empty and the subscriber wants none such."""
    digest = await desk.digest(subscriber, new, history)
    return digest if digest.items or subscriber.empty else None


def scheduled(
    subscriber: Subscriber, digest: Digest | None, run: Run | None, following: Run, *, due_at: datetime, now: datetime
) -> NewDelivery:
    """The delivery of a run: the latest one that is due stands for all that a downtime missed.

    One that comes LATE_RUN after its time waits for the end of the quiet hours; at its time it comes even in these.
    """
    if run is not None and now - run.at >= LATE_RUN:
        due_at = quiet_until(subscriber, now) or due_at
    return NewDelivery(
        subscriber_id=subscriber.id,
        digest=digest,
        due_at=due_at,
        run=run.key if run is not None else None,
        next_due_at=following.at,
    )
