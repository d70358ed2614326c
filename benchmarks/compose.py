"""How fast due digests are composed: very many subscribers, some wishes, one tick, on SQLite or PostgreSQL.

    python -m benchmarks.compose [--subscribers 20000] [--wishes 100] [--stories 2000] [--leaning 0.3] [--url …]

The subscribers are all due at once and have had a digest before. Prints a table of seconds by step, and how long the
event loop was held at most (what somebody who asks the bot meanwhile waits).
"""

import argparse
import asyncio
import cProfile
import json
import pstats
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from digests import ranking
from digests.leanings import learned
from digests.model import DeliveryState, FeedSpec, NewArticle, Quote, Vote, Wish
from digests.pipeline import Pipeline
from digests.storage import SqlStorage, migrate, open_storage, schema
from digests.storage.address import parse
from digests.storage.codec import encode_words
from digests.storage.engine import Database
from digests.topics import TOPICS

NOW = datetime(2026, 11, 24, 8, 0, 30, tzinfo=UTC)
VOCABULARY = 20_000
WORDS_OF_THEIR_OWN = 0.5
"""Share of the wishes that are words."""
ZONES = ("UTC", "Africa/Abidjan", "Atlantic/Reykjavik", "Africa/Accra")
LOOK = 0.002
"""Seconds between two looks at how late the event loop is."""


def words(random_: random.Random, count: int) -> str:
    """Words whose frequencies follow Zipf's law."""
    return " ".join(f"w{int(VOCABULARY ** random_.random()) - 1}" for _ in range(count))


async def fill_stories(storage: SqlStorage, random_: random.Random, count: int, *, days: int = 1) -> None:
    """Stories of one to four articles, of the last days."""
    feeds = [
        (await storage.feeds.add(FeedSpec(url=f"https://f{n}.example/", source=f"Source {n}"), now=NOW)).id
        for n in range(60)
    ]
    for first in range(0, count, 500):
        new = [
            article(random_, f"{number}-{copy}", random_.choice(feeds), days=days)
            for number in range(first, min(first + 500, count))
            for copy in range(random_.choice((1, 1, 1, 2, 4)))
        ]
        ids = [one for one in await storage.articles.add(new) if one is not None]
        stories: dict[str, int] = {}
        for one, number in zip(new, ids, strict=True):
            stories.setdefault(one.guid.partition("-")[0], number)
        filed = {number: stories[one.guid.partition("-")[0]] for one, number in zip(new, ids, strict=True)}
        await storage.stories.file(filed)
        loaded = await storage.stories.load(set(filed.values()))
        await storage.stories.save(
            [replace(one, topics=one.leader.topics, score=ranking.score(one.articles, {})) for one in loaded]
        )


def article(random_: random.Random, guid: str, feed_id: int, *, days: int = 1) -> NewArticle:
    """An article with five quotes."""
    quotes = tuple(Quote(words(random_, 22), 0, 10, rank) for rank in range(1, 6))
    url = f"https://s{random_.randrange(60)}.example/{guid}"
    published = NOW - timedelta(seconds=random_.randrange(80_000 * days))
    return NewArticle(
        url=url, link=url, guid=guid, feed_id=feed_id, title=words(random_, 9), text="Text.", language="en",
        published=published, fetched_at=min(published + timedelta(hours=1), NOW - timedelta(hours=1)),
        topics=((random_.choice(TOPICS), 0.8),), quotes=quotes,
    )  # fmt: skip


async def fill_subscribers(database: Database, random_: random.Random, count: int, wishes: int) -> None:
    """Subscribers, all due at eight, who share so many wishes."""
    topics = [Wish("topic", topic) for topic in TOPICS[: int(wishes * (1 - WORDS_OF_THEIR_OWN))]]
    shared = topics + [Wish("words", words(random_, 2)) for _ in range(wishes - len(topics))]
    sets = [tuple(random_.sample(shared, min(len(shared), random_.randint(1, 4)))) for _ in range(wishes)]
    theirs = [random_.choice(sets) for _ in range(count)]
    fields = {"thread_id": 0, "kind": "private", "language": "en", "languages": encode_words(["en"]), "calendar": ""}
    fields |= {"stories": 7, "paused": False, "gone": False, "created_at": NOW}
    due = NOW.replace(second=0) - timedelta(days=1)
    async with database.write() as connection:
        for first in range(1, count + 1, 1000):
            chats = range(first, min(first + 1000, count + 1))
            await connection.execute(
                schema.subscriber.insert(),
                [
                    {**fields, "id": chat, "chat_id": chat, "timezone": ZONES[chat % len(ZONES)], "next_due_at": due}
                    for chat in chats
                ],
            )
            slots = [{"subscriber_id": chat, "at": time_of_day(8), "weekdays": 127} for chat in chats]
            await connection.execute(schema.slot.insert(), slots)
            asked = [
                {"subscriber_id": chat, "kind": wish.kind, "key": wish.value, "value": wish.value}
                for chat in chats
                for wish in theirs[chat - 1]
            ]
            await connection.execute(schema.wish.insert(), asked)


async def fill_leanings(database: Database, random_: random.Random, count: int, share: float) -> None:
    """What so many of the subscribers have taught with votes of the last two months: most with few, some with many."""
    rows = []
    for chat in range(1, count + 1):
        if random_.random() >= share:
            continue
        votes = [
            Vote(
                value=random_.choice((1, 1, -1)),
                at=NOW - timedelta(days=random_.random() * 60),
                topic=random_.choice(TOPICS),
                source=f"Source {min(59, int(random_.expovariate(0.1)))}",
            )
            for _ in range(1 + int(random_.expovariate(1 / 8)))
        ]
        rows += [
            {"subscriber_id": chat, "kind": kind, "name": name, "score": score, "at": NOW}
            for (kind, name), score in learned(votes, NOW).items()
        ]
    async with database.write() as connection:
        for first in range(0, len(rows), 1000):
            await connection.execute(schema.leaning.insert(), rows[first : first + 1000])


async def yesterday(storage: SqlStorage) -> None:
    """Yesterday's digests, composed and sent."""
    past = NOW - timedelta(days=1)
    await Pipeline(storage, clock=lambda: past).compose_due()
    while claimed := await storage.ledger.claim("benchmark", now=past, limit=1000):
        for delivery in claimed:
            await storage.ledger.finish(delivery, DeliveryState.SENT, now=past, message_id=1)


class Steps:
    """Seconds spent in the calls of a tick."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def time(self, owner: Any, name: str, label: str) -> None:
        """Time a coroutine function of an object from now on."""
        function: Callable[..., Awaitable[Any]] = getattr(owner, name)

        async def timed(*args: Any, **options: Any) -> Any:
            start = time.perf_counter()
            try:
                return await function(*args, **options)
            finally:
                self.seconds[label] += time.perf_counter() - start

        setattr(owner, name, timed)


async def lateness() -> float:
    """How late the event loop was at most, until cancelled; in seconds."""
    most = 0.0
    try:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(LOOK)
            most = max(most, time.perf_counter() - before - LOOK)
    except asyncio.CancelledError:
        return most


async def measure(storage: SqlStorage, *, profile: bool) -> dict[str, float]:
    """One tick for everyone."""
    steps = Steps()
    for owner, name, label in (
        (storage.subscribers, "due", "read who is due"),
        (storage.ledger, "last_sent", "read last digests"),
        (storage.ledger, "history", "read seen stories"),
        (storage.stories, "recent", "read stories"),
        (storage.ledger, "enqueue", "write deliveries"),
    ):
        steps.time(owner, name, label)
    watching = asyncio.create_task(lateness())
    await asyncio.sleep(LOOK)
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    start = time.perf_counter()
    tick = await Pipeline(storage, clock=lambda: NOW).compose_due()
    total = time.perf_counter() - start
    if profile:
        profiler.disable()
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(40)
    watching.cancel()
    found = dict(steps.seconds)
    found["compose"] = total - sum(found.values())
    return {**found, "total": total, "loop held": await watching, "due": tick.due, "written": tick.written}


async def run(options: argparse.Namespace) -> dict[str, float]:
    """Fill a database and measure."""
    random_ = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{Path(folder) / 'compose.db'}"
        await migrate(url)
        storage = await open_storage(url)
        try:
            database = Database(parse(url))
            await fill_subscribers(database, random_, options.subscribers, options.wishes)
            await fill_leanings(database, random_, options.subscribers, options.leaning)
            await yesterday(storage) if options.second else None
            await fill_stories(storage, random_, options.stories)
            found = await measure(storage, profile=options.profile)
            async with database.read() as connection:
                bodies = await connection.scalar(select(func.count()).select_from(schema.digest))
            await database.close()
            return {**found, "distinct digests": bodies or 0}
        finally:
            await storage.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subscribers", type=int, default=20_000)
    parser.add_argument("--wishes", type=int, default=100)
    parser.add_argument("--stories", type=int, default=2000)
    parser.add_argument("--leaning", type=float, default=0.0, help="share of the subscribers who have voted")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--second", action="store_true", help="send yesterday's digests first")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--url", default="")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = asyncio.run(run(options))
    for name, value in found.items():
        print(f"{name:20} {value:10.3f}" if isinstance(value, float) else f"{name:20} {value:10}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
