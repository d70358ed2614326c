"""A made-up month of news to search in: articles whose words are as frequent, and as bursty, as in real ones.

Each language has words of its own by a Zipf–Mandelbrot law (about half of all words written are the hundred commonest,
and most words that there are occur once or twice); a quarter of an article's words are those of the event that it
tells of, which others tell of in the same days; a tenth follow the word before as in a fixed expression. Lengths are
log-normal around 170 words. `fill` writes in bulk, past the repositories, so that a million take minutes.
"""

import csv
import io
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import asyncpg
import numpy as np

from digests.model import FeedSpec, Quote
from digests.storage import SqlStorage, codec, match
from digests.storage.columns import to_micros
from digests.storage.keys import text_hash, tick
from digests.storage.schema import article, article_text

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
DAYS = 30
VOCABULARY = 400_000
LANGUAGES = ("en", "de", "fa", "ar", "ru", "ur")
SHARES = (0.5, 0.15, 0.14, 0.1, 0.1, 0.01)
TOPICS = ("world", "politics", "business", "sports", "science", "health", "climate", "weather")
SOURCES = 200
BATCH = 20_000
EVENT_WORDS, EVENTS_AT_ONCE = 12, 400
ARTICLE = [column.name for column in article.c if column.server_default is None]
SQLITE_TEXT = ("article_id", "text", "terms")
POSTGRES_TEXT = (*SQLITE_TEXT, "vector")


@dataclass(frozen=True, slots=True)
class Written:
    """One article: the values of its row, and its text as it is stored and indexed."""

    number: int
    row: tuple[Any, ...]
    text: str
    terms: str


class Words:
    """The words of one language by their rank: "en0" is the commonest."""

    def __init__(self) -> None:
        weight = (np.arange(VOCABULARY) + 2.7) ** -1.07
        self._sums = np.cumsum(weight / weight.sum())

    def ranks(self, random: np.random.Generator, count: int) -> list[int]:
        """So many words as they occur in texts."""
        return [int(rank) for rank in np.searchsorted(self._sums, random.random(count))]

    def share(self, rank: int) -> float:
        """How much of all that is written this word is."""
        return float(self._sums[rank] - (self._sums[rank - 1] if rank else 0.0))


def follower(rank: int) -> int:
    """The word that stands behind this one in a fixed expression."""
    return (rank * 7919 + 13) % 5000


def wording(words: Words, random: np.random.Generator, event: Sequence[int]) -> list[int]:
    """The words of one article about an event."""
    length = int(np.clip(random.lognormal(np.log(170), 0.7), 20, 3000))
    ranks = words.ranks(random, length)
    chance = random.random(length)
    for place in range(length):
        if chance[place] < 0.25:
            ranks[place] = event[int(chance[place] * 4 * len(event)) % len(event)]
        elif place and chance[place] > 0.9:
            ranks[place] = follower(ranks[place - 1])
    return ranks


def written(count: int, feeds: Sequence[int], sources: Sequence[int], seed: int = 1) -> Iterator[Written]:
    """So many articles, oldest first, spread evenly over the days before NOW."""
    random = np.random.default_rng(seed)
    words = Words()
    start, step = tick(NOW - timedelta(days=DAYS)), DAYS * 86_400 * 16 / count
    events = [[int(r) for r in random.integers(100, 60_000, EVENT_WORDS)] for _ in range(EVENTS_AT_ONCE)]
    spoken = random.choice(len(LANGUAGES), size=count, p=SHARES)
    told = random.zipf(1.5, size=count)
    for place in range(count):
        language, event = LANGUAGES[spoken[place]], int(told[place]) % EVENTS_AT_ONCE
        if place % max(1, count // 8000) == 0:
            events[int(random.integers(EVENTS_AT_ONCE))] = [int(r) for r in random.integers(100, 60_000, EVENT_WORDS)]
        own = [f"{language}{rank}" for rank in wording(words, random, events[event])]
        feed = int(random.integers(len(feeds)))
        yield _written(start + int(place * step), own, language, TOPICS[event % 8], feeds[feed], sources[feed])


def _written(number: int, words: list[str], language: str, topic: str, feed: int, source: int) -> Written:
    title, text = " ".join(words[:9]), " ".join(words[9:])
    quotes = [Quote(" ".join(words[at : at + 20]), at, at + 20, rank) for rank, at in enumerate((9, 29, 49), 1)]
    moment = to_micros(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number / 16))
    url = f"https://news.example/{number}"
    values = {
        "id": number, "url_hash": text_hash(url), "guid_hash": text_hash(feed, url), "feed_id": feed,
        "source_id": source, "story_id": None, "language": language, "published": moment, "fetched_at": moment,
        "place": number % 20, "url": url, "link": url, "guid": url, "title": title, "image": None,
        "topics": codec.encode_topics(((topic, 1.0),)), "quotes": codec.encode_quotes(quotes),
        "fingerprint": None,
    }  # fmt: skip
    indexed = match.indexed(" ".join(words), language=language, topics=[topic], source_id=source)
    return Written(number, tuple(values[name] for name in ARTICLE), text, indexed)


async def fill(storage: SqlStorage, url: str, count: int) -> None:
    """Store so many articles of 200 sources in a fresh database."""
    feeds = [
        (await storage.feeds.add(FeedSpec(url=f"https://f{n}.example/", source=f"Source {n}"), now=NOW)).id
        for n in range(SOURCES)
    ]
    known = {source.name: source.id for source in await storage.feeds.sources()}
    articles = written(count, feeds, [known[f"Source {n}"] for n in range(SOURCES)])
    if url.startswith("sqlite"):
        _into_sqlite(url.removeprefix("sqlite:///"), articles)
    else:
        await _into_postgresql(url, articles)


def _into_sqlite(path: str, articles: Iterator[Written]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    into = f"INSERT INTO article ({','.join(ARTICLE)}) VALUES ({','.join('?' * len(ARTICLE))})"  # names
    texts = f"INSERT INTO article_text ({','.join(SQLITE_TEXT)}) VALUES (?,?,?)"  # of our own tables
    while batch := list(islice(articles, BATCH)):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(into, [one.row for one in batch])
        connection.executemany(texts, [(one.number, one.text, one.terms) for one in batch])
        connection.execute("COMMIT")
    connection.close()


async def _into_postgresql(url: str, articles: Iterator[Written]) -> None:
    """By COPY, with the index of words made at the end."""
    connection = await asyncpg.connect(url)
    await connection.execute("DROP INDEX ix_article_text_vector")
    while batch := list(islice(articles, BATCH)):
        await _copy(connection, "article", ARTICLE, [one.row for one in batch])
        texts = [(one.number, one.text, one.terms, match.vector(one.terms)) for one in batch]
        await _copy(connection, article_text.name, POSTGRES_TEXT, texts)
    await connection.execute("SET maintenance_work_mem = '1GB'")
    await connection.execute("CREATE INDEX ix_article_text_vector ON article_text USING gin (vector)")
    await connection.close()


async def _copy(
    connection: "asyncpg.Connection[Any]", table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([f"\\x{value.hex()}" if isinstance(value, bytes) else value for value in row])
    source = io.BytesIO(out.getvalue().encode())
    await connection.copy_to_table(table, source=source, columns=columns, format="csv")
