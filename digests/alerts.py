"""Writing breaking news: whoever asked for it gets what is breaking, once, not at night, and not too often.

A look finds what has gained publishers since the last one; only then are subscribers read. What is shared is worked
out once: the news without some muted sources, the wish that it answers, the digest that is stored.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from digests import breaking
from digests.breaking import Flash
from digests.clock import Clock
from digests.compose import Matches
from digests.model import Digest, NewDelivery, Story, Subscriber, Wish
from digests.pipeline import REMEMBERED
from digests.ports import Storage
from digests.schedule import is_quiet
from digests.wishes import Muted, Reader

log = structlog.get_logger(__name__)

KIND = "breaking"
MOST_STORIES = 1000
BATCH = 1000


class Alerts:
    """Looks for breaking news and writes deliveries of it. For one process at a time."""

    def __init__(self, storage: Storage, *, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._told: dict[int, int] = {}
        """With how many publishers each story was last looked at: it is news again when there are more."""

    async def run(self) -> int:
        """Write what is breaking; returns how many deliveries."""
        now = self._clock()
        stories = await self._storage.stories.recent(now - breaking.WITHIN - breaking.LATE, limit=MOST_STORIES)
        found = breaking.flashes(stories, now)
        new = [one for one in found if one.publishers > self._told.get(one.story.id, 0)]
        written = await self._write(new, stories, now) if new else 0
        self._told = {one.story.id: one.publishers for one in found}
        return written

    async def _write(self, new: Sequence[Flash], stories: Sequence[Story], now: datetime) -> int:
        desk = Desk(new, stories, await self._publishers(), now)
        written, last = 0, 0
        while desk.is_needed and (batch := await self._storage.subscribers.watching(after=last, limit=BATCH)):
            last = batch[-1].id
            ids = [one.id for one in batch if not is_quiet(one, now)]
            before = await self._storage.ledger.alerts(ids, since=now - breaking.A_DAY)
            had = await self._storage.ledger.history(ids, since=now - REMEMBERED)
            deliveries = [
                delivery
                for one in batch
                if one.id in had and breaking.has_room(one, before[one.id], now)
                if (delivery := desk.delivery(one, had[one.id].stories)) is not None
            ]
            written += await self._storage.ledger.enqueue(deliveries, now=now)
            await asyncio.sleep(0)
        if written:
            log.info("breaking", stories=len(new), written=written)
        return written

    async def _publishers(self) -> dict[str, int]:
        """How many publishers there are in each language."""
        counts: dict[str, int] = {}
        for source in await self._storage.feeds.sources():
            for language in source.languages:
                counts[language] = counts.get(language, 0) + 1
        return counts


class Desk:
    """One look's shared work."""

    def __init__(
        self, new: Sequence[Flash], stories: Sequence[Story], publishers: Mapping[str, int], now: datetime
    ) -> None:
        self._new = new
        self._publishers = publishers
        self._now = now
        self._reader = Reader(stories)
        self._matches: dict[Wish, Matches] = {}
        self._muted: dict[frozenset[str], Muted] = {}
        self._left: dict[tuple[int, frozenset[str]], Flash | None] = {}
        self._digests: dict[tuple[int, frozenset[str], Wish | None], Digest] = {}

    @property
    def is_needed(self) -> bool:
        """Whether anybody at all may hear of something; a subscriber may ask for as few as LEAST publishers."""
        return any(one.publishers >= breaking.LEAST for one in self._new)

    def delivery(self, subscriber: Subscriber, seen: frozenset[int]) -> NewDelivery | None:
        """What of the news this subscriber gets: one story at most."""
        for one in self._new:
            digest = self._digest(one, subscriber) if one.story.id not in seen else None
            if digest is not None:
                return NewDelivery(
                    subscriber_id=subscriber.id,
                    digest=digest,
                    due_at=self._now,
                    kind=KIND,
                    arguments=str(one.story.id),
                )
        return None

    def _digest(self, one: Flash, subscriber: Subscriber) -> Digest | None:
        """The news for a subscriber; None where they did not ask for it, or too few tell it."""
        language = one.story.language
        wanted = breaking.needed(subscriber, language, self._publishers)
        if language not in subscriber.languages or wanted is None or one.publishers < wanted:
            return None
        unheard = frozenset(one.story.sources).intersection(subscriber.muted_sources)
        left = self._without(one, unheard)
        if left is None or left.publishers < wanted or self._is_muted(left.story, subscriber):
            return None
        wish, match = breaking.wish_for(left.story, subscriber.wishes, self._match)
        if wish is None and subscriber.wishes and subscriber.breaking != "all":
            return None
        key = (one.story.id, unheard, wish)
        if key not in self._digests:
            self._digests[key] = breaking.digest(left, wish, match, self._now)
        return self._digests[key]

    def _without(self, one: Flash, unheard: frozenset[str]) -> Flash | None:
        key = (one.story.id, unheard)
        if key not in self._left:
            self._left[key] = breaking.without(one, unheard, self._now)
        return self._left[key]

    def _is_muted(self, story: Story, subscriber: Subscriber) -> bool:
        mutes = frozenset(subscriber.mutes)
        if not mutes:
            return False
        if mutes not in self._muted:
            self._muted[mutes] = Muted(mutes)
        return self._muted[mutes](story)

    def _match(self, wish: Wish, story: Story) -> float:
        if wish not in self._matches:
            self._matches[wish] = self._reader.matches(wish)
        return self._matches[wish](story)
