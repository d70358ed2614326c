"""A town of subscribers for benchmarks: few distinct wishes, and histories that differ as in life.

Seven in ten had every digest of the days before; the others missed some, each at random. One in ten mutes something.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import text, update

from benchmarks.compose import VOCABULARY, WORDS_OF_THEIR_OWN, ZONES, fill_stories, words
from digests.model import Digest, History, NewDelivery, Subscriber, Wish
from digests.pipeline import Desk, window
from digests.storage import SqlStorage, schema
from digests.storage.codec import encode_words
from digests.storage.engine import Database
from digests.topics import TOPICS

NOW = datetime(2026, 11, 24, 8, 0, 30, tzinfo=UTC)
FAITHFUL = 0.7
"""Share of those who had every digest."""
MISSED = 0.4
"""How likely each digest was missed by the others."""
MUTING = 0.1
MUTES = 200
"""Distinct things that people mute; half of them are words, half sources."""
BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """How many live there, with how many distinct sets of wishes, over how many stories a day and days of history."""

    subscribers: int
    wishes: int = 500
    stories: int = 1500
    days: int = 3
    seed: int = 1


async def build(storage: SqlStorage, database: Database, town: Town) -> None:
    """Stories, subscribers who are all due at NOW, and the digests that they had on the days before."""
    random_ = random.Random(town.seed)
    await fill_stories(storage, random_, town.stories * (town.days + 1), days=town.days + 1)
    sets = _wishes(random_, town.wishes)
    theirs = [random_.choice(sets) for _ in range(town.subscribers)]
    await _people(database, random_, theirs, first_due=_morning(town.days))
    if town.days:
        await _history(storage, database, random_, theirs, town.days)


def _morning(days: int) -> datetime:
    return NOW.replace(second=0) - timedelta(days=days)


def _wishes(random_: random.Random, count: int) -> list[tuple[Wish, ...]]:
    topics = [Wish("topic", topic) for topic in TOPICS]
    asked = [Wish("words", words(random_, 2)) for _ in range(int(count * WORDS_OF_THEIR_OWN))]
    sets: dict[tuple[Wish, ...], None] = {}
    while len(sets) < count:
        pool = [*random_.sample(topics, 3), *random_.sample(asked, min(2, len(asked)))]
        sets[tuple(random_.sample(pool, random_.randint(1, 4)))] = None
    return list(sets)


async def _people(
    database: Database, random_: random.Random, theirs: Sequence[tuple[Wish, ...]], *, first_due: datetime
) -> None:
    fields = {"thread_id": 0, "kind": "private", "language": "en", "languages": encode_words(["en"]), "calendar": ""}
    fields |= {"stories": 7, "paused": False, "gone": False, "created_at": first_due}
    things = [("words", f"w{random_.randrange(VOCABULARY)}") for _ in range(MUTES // 2)]
    things += [("source", f"Source {number % 60}") for number in range(MUTES // 2)]
    async with database.write() as connection:
        for first in range(1, len(theirs) + 1, BATCH):
            chats = range(first, min(first + BATCH, len(theirs) + 1))
            people = [
                {**fields, "id": chat, "chat_id": chat, "timezone": ZONES[chat % len(ZONES)], "next_due_at": first_due}
                for chat in chats
            ]
            await connection.execute(schema.subscriber.insert(), people)
            slots = [{"subscriber_id": chat, "at": time(8), "weekdays": 127} for chat in chats]
            await connection.execute(schema.slot.insert(), slots)
            asked = [
                {"subscriber_id": chat, "kind": wish.kind, "key": wish.value, "value": wish.value}
                for chat in chats
                for wish in theirs[chat - 1]
            ]
            await connection.execute(schema.wish.insert(), asked)
            muted = [
                {"subscriber_id": chat, "kind": kind, "key": value.casefold(), "value": value}
                for chat in chats
                if random_.random() < MUTING
                for kind, value in [random_.choice(things)]
            ]
            if muted:
                await connection.execute(schema.mute.insert(), muted)
        if not database.is_sqlite:  # whose next number does not follow from the rows
            await connection.execute(text(f"SELECT setval(pg_get_serial_sequence('subscriber', 'id'), {len(theirs)})"))


async def _history(
    storage: SqlStorage, database: Database, random_: random.Random, theirs: Sequence[tuple[Wish, ...]], days: int
) -> None:
    """One digest for each set of wishes and day, as who missed none got it; each person had those of their days."""
    faithful = [random_.random() < FAITHFUL for _ in theirs]
    seen: dict[tuple[Wish, ...], set[int]] = defaultdict(set)
    for day in range(days, 0, -1):
        now = NOW - timedelta(days=day)
        desk = Desk(storage, now)
        digests: dict[tuple[Wish, ...], Digest] = {}
        for wishes in dict.fromkeys(theirs):
            reader = Subscriber(id=0, chat_id=0, wishes=wishes, updates=False, created_at=now)
            digest = await desk.digest(reader, window(now - timedelta(days=1), now), History(frozenset(seen[wishes])))
            seen[wishes] |= {item.story_id for item in digest.items}
            digests[wishes] = digest
        had = [chat for chat in range(1, len(theirs) + 1) if faithful[chat - 1] or random_.random() > MISSED]
        for first in range(0, len(had), 10 * BATCH):
            await storage.ledger.enqueue(
                [_had(chat, digests[theirs[chat - 1]], now) for chat in had[first : first + 10 * BATCH]], now=now
            )
    async with database.write() as connection:
        await connection.execute(update(schema.delivery).values(state="sent", message_id=1))
        await connection.execute(update(schema.subscriber).values(next_due_at=_morning(0)))


def _had(chat: int, digest: Digest, now: datetime) -> NewDelivery:
    return NewDelivery(subscriber_id=chat, digest=digest, due_at=now, run=(now.date(), time(8)))
