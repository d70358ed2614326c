"""How fast search and /latest answer: made-up articles with words as rare as in news, on SQLite or PostgreSQL.

    python -m benchmarks.search [--articles 20000] [--url sqlite:////tmp/search.db] [--json FILE]

The database should be a fresh one; articles that it holds already count as part of the corpus. Prints a table of the
50th and 95th percentile in milliseconds, and the rate of storing.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digests.model import FeedSpec, NewArticle, SearchQuery
from digests.storage import SqlStorage, open_storage
from digests.storage.address import parse
from digests.storage.engine import Database

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
DAYS = 30
VOCABULARY, TERMS = 60_000, 150
LANGUAGES = ("en", "en", "en", "en", "de", "fa", "ar", "ur")
TOPICS = ("world", "politics", "business", "science", "sports", "health", "climate", "rare")
BATCH, ROUNDS = 500, 100


def words(random_: random.Random, count: int) -> list[str]:
    """Words whose frequencies follow Zipf's law."""
    return [f"w{int(VOCABULARY ** random_.random()) - 1}" for _ in range(count)]


def article(random_: random.Random, number: int, feed_id: int) -> NewArticle:
    """An article of the last thirty days."""
    published = NOW - timedelta(seconds=random_.randrange(DAYS * 86_400))
    topic = TOPICS[min(int(random_.expovariate(0.6)), len(TOPICS) - 1)]
    return NewArticle(
        url=f"https://news.example/{number}",
        link=f"https://news.example/{number}",
        guid=str(number),
        feed_id=feed_id,
        title=f"Article {number}",
        text="A sentence of the text. " * 30,
        language=random_.choice(LANGUAGES),
        published=published,
        fetched_at=NOW,
        topics=((topic, 1.0),),
        terms=" ".join(words(random_, TERMS)),
        bands=tuple(random_.getrandbits(62) for _ in range(21)),
    )


async def fill(storage: SqlStorage, count: int) -> float:
    """Store so many articles of 200 feeds; articles a second."""
    feeds = [
        (await storage.feeds.add(FeedSpec(url=f"https://f{n}.example/", source=f"Source {n}"), now=NOW)).id
        for n in range(200)
    ]
    random_ = random.Random(1)
    first = await storage.articles.count()
    elapsed = 0.0
    for start in range(first, first + count, BATCH):
        numbers = range(start, min(start + BATCH, first + count))
        batch = [article(random_, number, random_.choice(feeds)) for number in numbers]
        began = time.perf_counter()
        await storage.articles.add(batch)
        elapsed += time.perf_counter() - began
    return count / elapsed if elapsed else 0.0


async def analyze(url: str) -> None:
    """Let the planner count, as PostgreSQL does by itself within a minute."""
    database = Database(parse(url))
    async with database.write() as connection:
        await connection.exec_driver_sql("ANALYZE")
    await database.close()


def cases(storage: SqlStorage) -> dict[str, Callable[[random.Random], Awaitable[object]]]:
    """What is timed, by name."""
    articles = storage.articles

    def searched(count: int, **options: object) -> Callable[[random.Random], Awaitable[object]]:
        return lambda random_: articles.search(SearchQuery(terms=tuple(words(random_, count)), **options))

    return {
        "one word": searched(1),
        "two words": searched(2),
        "three words": searched(3),
        "commonest word": lambda _: articles.search(SearchQuery(terms=("w0",))),
        "two common words": lambda _: articles.search(SearchQuery(terms=("w1", "w2"))),
        "phrase": lambda random_: articles.search(SearchQuery(phrases=(tuple(words(random_, 2)),))),
        "common phrase": lambda _: articles.search(SearchQuery(phrases=(("w0", "w1"),))),
        "word, without": searched(1, without=("w3",)),
        "either word": lambda random_: articles.search(SearchQuery(any_of=(tuple(words(random_, 2)),))),
        "word, rare language": lambda random_: articles.search(
            SearchQuery(terms=tuple(words(random_, 1))), languages=["ur"]
        ),
        "word, source": searched(1, source="Source 7"),
        "word, since 7d": searched(1, since=NOW - timedelta(days=7)),
        "word, before 20d": searched(1, before=NOW - timedelta(days=20)),
        "nothing found": lambda _: articles.search(SearchQuery(terms=("w0", "nosuchword"))),
        "latest": lambda _: articles.newest(),
        "latest, two languages": lambda _: articles.newest(languages=["de", "fa"]),
        "latest, topic": lambda _: articles.newest(topic="climate", languages=["en", "fa"]),
        "latest, page 20": lambda _: articles.newest(topic="world", languages=["en"], offset=200),
        "latest, source": lambda _: articles.newest(source="Source 7"),
        "sources": lambda _: storage.feeds.sources(),
    }


async def timed(case: Callable[[random.Random], Awaitable[object]]) -> tuple[float, float]:
    """The 50th and the 95th percentile of its time in milliseconds."""
    random_ = random.Random(2)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await case(random_)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return times[ROUNDS // 2], times[ROUNDS * 95 // 100]


async def measure(url: str, count: int) -> dict[str, object]:
    """Fill a database and time all cases."""
    storage = await open_storage(url)
    try:
        rate = await fill(storage, count)
        await analyze(url)
        total = await storage.articles.count()
        print(f"{total:,} articles; {rate:,.0f} stored a second")
        figures: dict[str, object] = {"articles": total, "stored_per_second": round(rate)}
        for name, case in cases(storage).items():
            await case(random.Random(0))
            middle, most = await timed(case)
            figures[name] = {"p50_ms": round(middle, 2), "p95_ms": round(most, 2)}
            print(f"{name:24} p50 {middle:8.2f} ms   p95 {most:8.2f} ms")
        return figures
    finally:
        await storage.close()


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--url", default="")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(options.url or f"sqlite:///{folder}/search.db", options.articles))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
