"""How fast search and /latest answer: made-up articles with words as rare as in news, on SQLite or PostgreSQL.

    python -m benchmarks.search [--articles 20000] [--url sqlite:////tmp/search.db] [--json FILE] [--only CASES]

The database should be a fresh one; one that holds articles already is measured as it is. Prints a table of the
50th and 95th percentile in milliseconds: of searches by one, two and three words as people choose them (no stop words,
some common, some rare), newest first and ranked, of the hard ones, and of /latest. See benchmarks/corpus.py.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from benchmarks import corpus
from benchmarks.corpus import NOW
from digests.model import SearchQuery
from digests.reading import Reading
from digests.storage import SqlStorage, open_storage
from digests.storage.address import parse
from digests.storage.engine import Database

ROUNDS = 40
COMMONEST, RAREST = 30, 50_000
"""Ranks between which people choose the words that they look for."""


def words(random_: random.Random, count: int) -> tuple[str, ...]:
    """Words to look for, as many common ones as rare ones."""
    return tuple(f"en{int(COMMONEST * (RAREST / COMMONEST) ** random_.random())}" for _ in range(count))


async def analyze(url: str) -> None:
    """Let the planner count, as PostgreSQL does by itself within a minute."""
    database = Database(parse(url))
    async with database.write() as connection:
        await connection.exec_driver_sql("ANALYZE")
    await database.close()


def cases(storage: SqlStorage) -> dict[str, Callable[[random.Random], Awaitable[object]]]:
    """What is timed, by name."""
    articles = storage.articles

    reading = Reading(storage, clock=lambda: NOW)

    def read(count: int, *, ranked: bool = False) -> Callable[[random.Random], Awaitable[object]]:
        """A page of stories in the reader's two languages, as /search shows it."""
        return lambda random_: reading.search(
            " ".join(words(random_, count)), language="en", languages=["en", "fa"], ranked=ranked
        )

    def searched(count: int, **options: object) -> Callable[[random.Random], Awaitable[object]]:
        return lambda random_: articles.search(SearchQuery(terms=words(random_, count), **options))

    def phrase(first: int) -> SearchQuery:
        return SearchQuery(phrases=((f"en{first}", f"en{corpus.follower(first)}"),))

    return {
        "one word": read(1),
        "two words": read(2),
        "three words": read(3),
        "one word, best first": read(1, ranked=True),
        "two words, best first": read(2, ranked=True),
        "three words, best first": read(3, ranked=True),
        "commonest, best first": lambda _: reading.search("en31", language="en", languages=["en", "fa"], ranked=True),
        "one word, ten articles": searched(1),
        "commonest word": lambda _: articles.search(SearchQuery(terms=("en0",))),
        "two common words": lambda _: articles.search(SearchQuery(terms=("en1", "en2"))),
        "common and rare word": lambda random_: articles.search(SearchQuery(terms=("en3", words(random_, 1)[0]))),
        "phrase": lambda random_: articles.search(phrase(random_.randrange(100, 20_000))),
        "common phrase": lambda _: articles.search(phrase(20)),
        "rare phrase of common words": lambda _: articles.search(SearchQuery(phrases=(("en31", "en47"),))),
        "word, without": searched(1, without=("en3",)),
        "either word": lambda random_: articles.search(SearchQuery(any_of=(words(random_, 2),))),
        "word, rare language": lambda random_: articles.search(SearchQuery(terms=words(random_, 1)), languages=["ur"]),
        "word, two languages": lambda random_: articles.search(
            SearchQuery(terms=words(random_, 1)), languages=["en", "fa"]
        ),
        "word, topic": searched(1, topic="science"),
        "word, source": searched(1, source="Source 7"),
        "word, since 7d": searched(1, since=NOW - timedelta(days=7)),
        "word, before 20d": searched(1, before=NOW - timedelta(days=20)),
        "nothing found": lambda _: articles.search(SearchQuery(terms=("en0", "nosuchword"))),
        "latest": lambda _: articles.newest(),
        "latest, two languages": lambda _: articles.newest(languages=["de", "fa"]),
        "latest, topic": lambda _: articles.newest(topic="climate", languages=["en", "fa"]),
        "latest, page 20": lambda _: articles.newest(topic="world", languages=["en"], offset=200),
        "latest, source": lambda _: articles.newest(source="Source 7"),
        "sources": lambda _: storage.feeds.sources(),
        "sources, counted": lambda _: storage.feeds.sources(counted=True),
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


async def measure(url: str, count: int, only: str = "") -> dict[str, object]:
    """Fill a database and time all cases."""
    storage = await open_storage(url)
    try:
        if not await storage.articles.count():
            await corpus.fill(storage, url, count)
            await analyze(url)
        total = await storage.articles.count()
        print(f"{total:,} articles")
        figures: dict[str, object] = {"articles": total}
        for name, case in cases(storage).items():
            if only not in name:
                continue
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
    parser.add_argument("--only", default="", help="measure the cases whose names hold this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(options.url or f"sqlite:///{folder}/search.db", options.articles, options.only))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
