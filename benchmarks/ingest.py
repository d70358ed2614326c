"""How many articles a CPU second brings in: fetching, parsing, language, terms, topics, quotes, storing, filing.

    python -m benchmarks.ingest [--feeds 60] [--entries 20] [--seed 1] [--reader PYTHON] [--latest FEEDS] [--json FILE]

Feeds are made of the sample newsroom's sentences, shuffled, and served by another process on loopback, so that only the
reader's own time counts. `--reader` names a Python with the `reader` library, which then updates the same feeds.
`--latest` reads so many feeds with worker processes while somebody asks for /latest all the time.
"""

import argparse
import asyncio
import json
import multiprocessing
import random
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.playground.newsroom import Outlet, read_outlets
from digests import prepare, topics
from digests.errors import ExtractionError
from digests.feeds import poll
from digests.feeds.fetch import Fetcher
from digests.filing import Filing
from digests.ingest import Ingest
from digests.model import Entry, FeedSpec, FullText
from digests.reading import Reading
from digests.storage import SqlStorage, migrate, open_storage
from digests.workers import InlineWorkers, WorkerPool, Workers

STAGES: tuple[tuple[str, Any, str], ...] = (
    ("parse", poll, "parse_feed"),
    ("addresses", prepare, "canonical_url"),
    ("language", prepare, "detect"),
    ("terms", prepare, "terms"),
    ("topics", topics, "classify"),
    ("quotes", prepare, "quotes"),
    ("bands", prepare, "bands"),
)
READER = """
import sys, time
from reader import make_reader
reader = make_reader(sys.argv[1])
for url in sys.argv[2:]:
    reader.add_feed(url)
started = time.process_time()
reader.update_feeds()
first = time.process_time() - started
started = time.process_time()
reader.update_feeds(scheduled=False)
print(first, time.process_time() - started, reader.get_entry_counts().total)
"""


class NoPages:
    """Every entry carries its text, so no page is read."""

    async def read(self, url: str) -> FullText:
        """Never called for long entries."""
        raise ExtractionError(f"{url} is not served.")


def make_feeds(
    outlets: list[Outlet], count: int, entries: int, seed: int, now: datetime
) -> dict[str, tuple[str, bytes]]:
    """By path, each feed's language and bytes: RSS with full texts of twelve sentences, ten minutes apart."""
    chance = random.Random(seed)
    out = {}
    for number in range(count):
        outlet = outlets[number % len(outlets)]
        same = [one for one in outlets if one.language == outlet.language]
        sentences = [text for one in same for piece in one.pieces for text in piece.paragraphs]
        items = []
        for place in range(entries):
            body = chance.sample(sentences, min(12, len(sentences)))
            title = f"{chance.choice(outlet.pieces).title} {chance.randrange(10**6)}"
            date = format_datetime(now - timedelta(minutes=10 * place), usegmt=True)
            items.append(
                f"<item><title>{escape(title)}</title><link>https://s{number}.example/{place}</link>"
                f"<guid>https://s{number}.example/{place}</guid><pubDate>{date}</pubDate>"
                f"<description>{escape(''.join(f'<p>{escape(text)}</p>' for text in body))}</description></item>"
            )
        text = (
            f"<rss version='2.0'><channel><title>{escape(outlet.name)} {number}</title>{''.join(items)}</channel></rss>"
        )
        out[f"/{number}"] = (outlet.language, text.encode())
    return out


def serve(bodies: dict[str, bytes], pipe: Connection) -> None:
    """In a process of its own: the feeds, with validators; its port goes into the pipe."""

    async def answer(request: web.Request) -> web.Response:
        tag = f'"{request.path}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        return web.Response(body=bodies[request.path], headers={"ETag": tag, "Content-Type": "application/rss+xml"})

    async def run() -> None:
        app = web.Application()
        app.router.add_get("/{number}", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        pipe.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


@contextmanager
def served(feeds: dict[str, tuple[str, bytes]]) -> Iterator[str]:
    """The address at which another process serves the feeds."""
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=serve, args=({path: body for path, (_, body) in feeds.items()}, theirs))
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


@contextmanager
def timed(spent: Counter[str]) -> Iterator[None]:
    """Count the CPU time of each stage's function while this lasts. A stage within a stage counts as its own."""
    inner = [0.0]

    def wrapped(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            outer, inner[0], started = inner[0], 0.0, time.thread_time()
            try:
                return function(*args, **options)
            finally:
                took = time.thread_time() - started
                spent[name] += took - inner[0]
                inner[0] = outer + took

        return run

    before = [(module, name, getattr(module, name)) for _, module, name in STAGES]
    for (stage, module, name), (_, _, function) in zip(STAGES, before, strict=True):
        setattr(module, name, wrapped(stage, function))
    try:
        yield
    finally:
        for module, name, function in before:
            setattr(module, name, function)


class Bench:
    """A database, a fetcher, and the feeds in it. The clock can be put on, so that all feeds are due again."""

    def __init__(self, storage: SqlStorage, fetcher: Fetcher, workers: Workers, now: datetime) -> None:
        self.storage, self.fetcher, self.now = storage, fetcher, now
        self.ingest = Ingest(storage, fetcher, workers, NoPages(), clock=lambda: self.now)
        self.filing = Filing(storage, clock=lambda: self.now)

    async def add(self, base: str, feeds: dict[str, tuple[str, bytes]]) -> None:
        """All feeds, due now."""
        specs = [
            FeedSpec(url=base + path, source=f"S{path}", language=language) for path, (language, _) in feeds.items()
        ]
        await self.storage.feeds.sync(specs, now=self.now)


async def whole(bench: Bench, base: str, feeds: dict[str, tuple[str, bytes]]) -> dict[str, float]:
    """CPU seconds of one pass over new feeds, by stage, and of one in which nothing is new."""
    warm = prepare.Origin(feed_id=0, language="en", topics=(), fetched_at=bench.now)
    prepare.prepare_one(Entry(title="Models are loaded", url="https://s.example/", text="By this. " * 9), 0, warm)
    started = time.process_time()
    for path in feeds:
        await bench.fetcher.fetch(base + path)
    fetching = time.process_time() - started
    spent: Counter[str] = Counter()
    started = time.process_time()
    with timed(spent):
        report = await bench.ingest.run()
    reading = time.process_time() - started
    started = time.process_time()
    await bench.filing.run()
    filing = time.process_time() - started
    bench.now += timedelta(days=1)
    started = time.process_time()
    again = await bench.ingest.run()
    unchanged = time.process_time() - started
    assert again.unchanged == len(feeds)
    stages = {
        "fetch": fetching,
        **spent,
        "store and the rest": reading - fetching - sum(spent.values()),
        "file": filing,
    }
    total = reading + filing
    return {
        "articles": float(report.articles),
        "articles per CPU second": report.articles / total,
        "ms an article": 1000 * total / report.articles,
        **{f"  {name}, ms": 1000 * seconds / report.articles for name, seconds in stages.items()},
        "ms a feed that is unchanged": 1000 * unchanged / len(feeds),
    }


def with_reader(python: str, base: str, feeds: dict[str, tuple[str, bytes]]) -> dict[str, float]:
    """The same feeds through the update of the `reader` library, which parses and stores."""
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "-c", READER, f"{folder}/reader.db", *(base + path for path in feeds)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    first, again, entries = map(float, answer)
    return {
        "reader: entries per CPU second": entries / first,
        "reader: ms an entry": 1000 * first / entries,
        "reader: ms a feed that is unchanged": 1000 * again / len(feeds),
    }


async def answering(bench: Bench, clock: Callable[[], datetime]) -> dict[str, float]:
    """How long /latest takes while all feeds are read and filed: milliseconds, of one question after the other."""
    reading = Reading(bench.storage, clock=clock)
    work = asyncio.create_task(bench.ingest.run())
    took: list[float] = []
    started = time.monotonic()
    while not work.done():
        asked = time.monotonic()
        await reading.latest(None, languages=("en", "de", "fa"))
        took.append(1000 * (time.monotonic() - asked))
        await asyncio.sleep(0.02)
    report = work.result()
    took.sort()
    return {
        "feeds read beside /latest": float(report.feeds),
        "  articles": float(report.articles),
        "  seconds": time.monotonic() - started,
        "  /latest, median ms": statistics.median(took),
        "  /latest, p95 ms": took[int(0.95 * (len(took) - 1))],
        "  /latest, worst ms": took[-1],
    }


async def measure(options: argparse.Namespace) -> dict[str, float]:
    """Everything that was asked for."""
    outlets, now, found = read_outlets(), datetime.now(UTC).replace(microsecond=0), {}
    feeds = make_feeds(outlets, options.feeds, options.entries, options.seed, now)
    async with Fetcher(allow_hosts=["127.0.0.0/8"]) as fetcher:
        with served(feeds) as base:
            async with opened() as storage:
                bench = Bench(storage, fetcher, InlineWorkers(), now)
                await bench.add(base, feeds)
                found |= await whole(bench, base, feeds)
            if options.reader:
                found |= with_reader(options.reader, base, feeds)
        if options.latest:
            many = make_feeds(outlets, options.latest, 4, options.seed, now)
            workers = WorkerPool()
            with served(many) as base:
                async with opened() as storage:
                    bench = Bench(storage, fetcher, workers, now)
                    await bench.add(base, many)
                    found |= await answering(bench, lambda: now)
            await workers.close()
    return found


@asynccontextmanager
async def opened() -> AsyncIterator[SqlStorage]:
    """A new SQLite database in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/ingest.db"
        await migrate(url)
        storage = await open_storage(url)
        try:
            yield storage
        finally:
            await storage.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=60)
    parser.add_argument("--entries", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reader", default="")
    parser.add_argument("--latest", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = asyncio.run(measure(options))
    for name, value in found.items():
        print(f"{name:40} {value:10.2f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
