"""Composing: who is due gets a digest of what is new to them, and whoever asks gets one now.

What is shared is worked out once a tick: the stories of a set of languages, the ranking of a wish, and the body of a
digest for all whose wishes, languages, budget, and stories left after what was seen and muted are the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from digests.clock import Clock
from digests.compose import Candidate, compose, rank
from digests.model import Digest, NewDelivery, Story, Subscriber, Wish
from digests.ports import Storage
from digests.schedule import latest_run, next_run
from digests.wishes import Muted, matches

log = structlog.get_logger(__name__)

WINDOW = timedelta(hours=24)
LONGEST_WINDOW = timedelta(days=7)
REMEMBERED = timedelta(days=14)
"""How long a story that was sent is not sent again; longer than any story lives."""

BATCH = 1000

Body = tuple[object, ...]


class Desk:
    """One tick's shared work: stories by languages and window, rankings by wish, bodies by everything that tells
    digests apart. Made anew for each tick.
    """

    def __init__(self, storage: Storage, now: datetime) -> None:
        self._storage = storage
        self._now = now
        self._stories: dict[tuple[tuple[str, ...], datetime], list[Story]] = {}
        self._ranked: dict[tuple[Wish | None, tuple[str, ...], datetime], list[Candidate]] = {}
        self._ids: dict[tuple[tuple[str, ...], datetime], frozenset[int]] = {}
        self._bodies: dict[Body, Digest] = {}

    async def digest(self, subscriber: Subscriber, since: datetime, seen: frozenset[int]) -> Digest:
        """The digest for a subscriber of what came since then, without the stories in `seen`."""
        languages = tuple(sorted(subscriber.languages))
        since = since.replace(minute=0, second=0, microsecond=0)
        stories = await self._recent(languages, since)
        wishes: Sequence[Wish | None] = subscriber.wishes or (None,)
        left_out = seen & self._ids[languages, since]
        body = (
            frozenset(wishes), languages, since, subscriber.stories, left_out,
            frozenset(subscriber.mutes), frozenset(subscriber.muted_sources),
        )  # fmt: skip
        if body not in self._bodies:
            self._bodies[body] = compose(
                {wish: self._rank(wish, languages, since, stories) for wish in wishes},
                budget=subscriber.stories,
                since=since,
                until=self._now,
                seen=left_out,
                muted=Muted(subscriber.mutes) if subscriber.mutes else None,
                muted_sources=frozenset(subscriber.muted_sources),
            )
        return self._bodies[body]

    async def _recent(self, languages: tuple[str, ...], since: datetime) -> list[Story]:
        key = (languages, since)
        if key not in self._stories:
            self._stories[key] = await self._storage.stories.recent(since, languages=languages)
            self._ids[key] = frozenset(story.id for story in self._stories[key])
        return self._stories[key]

    def _rank(
        self, wish: Wish | None, languages: tuple[str, ...], since: datetime, stories: Sequence[Story]
    ) -> list[Candidate]:
        key = (wish, languages, since)
        if key not in self._ranked:
            self._ranked[key] = rank(stories, now=self._now, matches=matches(wish, stories) if wish else None)
        return self._ranked[key]


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
        desk = Desk(self._storage, now)
        due = written = 0
        while batch := await self._storage.subscribers.due(now, limit=BATCH):
            subscribers = [subscriber for subscriber, _ in batch]
            windows = await self._windows(subscribers, now)
            deliveries = []
            for subscriber, due_at in batch:
                since, seen = windows[subscriber.id]
                digest = await desk.digest(subscriber, since, seen)
                deliveries.append(scheduled(subscriber, digest, due_at=due_at, now=now))
            written += await self._storage.ledger.enqueue(deliveries, now=now)
            due += len(batch)
        if due:
            log.info("compose.tick", due=due, written=written)
        return Tick(due, written)

    async def preview(self, subscriber: Subscriber, *, fresh: bool = True) -> Digest:
        """The digest that this subscriber would get now; with `fresh` off, also what they have seen."""
        now = self._clock()
        since, seen = (await self._windows([subscriber], now))[subscriber.id]
        return await Desk(self._storage, now).digest(subscriber, since, seen if fresh else frozenset())

    async def send_now(self, subscriber: Subscriber, kind: str) -> Digest:
        """Write a delivery of a digest that was asked for with a command; its stories count as seen."""
        digest = await self.preview(subscriber)
        now = self._clock()
        await self._storage.ledger.enqueue(
            [NewDelivery(subscriber_id=subscriber.id, digest=digest, due_at=now, kind=kind)], now=now
        )
        return digest

    async def _windows(
        self, subscribers: Sequence[Subscriber], now: datetime
    ) -> dict[int, tuple[datetime, frozenset[int]]]:
        """Since when each subscriber's news is new, and the stories that they have had."""
        ids = [subscriber.id for subscriber in subscribers if subscriber.id > 0]
        last = await self._storage.ledger.last_sent(ids)
        seen = await self._storage.ledger.seen(ids, since=now - REMEMBERED)
        return {
            subscriber.id: (window(last.get(subscriber.id), now), seen.get(subscriber.id, frozenset()))
            for subscriber in subscribers
        }


def window(last: datetime | None, now: datetime) -> datetime:
    """Where a digest's window begins: at the last digest that arrived, between a day and a week ago."""
    return max(min(last or now, now - WINDOW), now - LONGEST_WINDOW)


def scheduled(subscriber: Subscriber, digest: Digest, *, due_at: datetime, now: datetime) -> NewDelivery:
    """The delivery of a run: the latest one that is due stands for all that a downtime missed."""
    zone = ZoneInfo(subscriber.timezone)
    run = latest_run(subscriber.slots, zone, now)
    following = next_run(subscriber.slots, zone, now)
    return NewDelivery(
        subscriber_id=subscriber.id,
        digest=digest if run is not None else None,
        due_at=due_at,
        run=(run.local_date, run.slot) if run is not None else None,
        next_due_at=following.at if following is not None else None,
    )
