"""Delivery from end to end, on loopback: composing for very many, sending smoothly for weeks, sending fast for money.

    python -m benchmarks.delivery [compose] [smooth] [fast] [--postgres URL] [--quick] [--json FILE]

compose: one tick for 100,000 due subscribers with 500 distinct sets of wishes and histories as in life, on SQLite and
on PostgreSQL. smooth: `baztab run` on SQLite sends at the default rate for a minute. fast: two such processes on
PostgreSQL send at 1,000 a second, while people ask the bot things. Databases are made for it and dropped afterwards.
Without a PostgreSQL server the parts that need one are left out, and said to be. Times of CPU hold on a busy machine
too; the others want an idle one.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from sqlalchemy import update

from benchmarks.compose import measure
from benchmarks.running import Programs, Sink, cpu_of
from benchmarks.town import NOW, Town, build
from digests.pipeline import Pipeline
from digests.storage import SqlStorage, migrate, open_storage, schema
from digests.storage.address import parse
from digests.storage.engine import Database

POSTGRES = os.environ.get("BAZTAB_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
WARMING = 5.0
"""Seconds that are not counted after the first message."""
SPARE = 20
"""Seconds' worth of digests more than are counted."""

PARTS = ("compose", "smooth", "fast")

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large everything is."""

    subscribers: int
    wishes: int
    stories: int
    days: int
    seconds: float
    smooth: float
    fast: float


WHOLE = Scale(subscribers=100_000, wishes=500, stories=1500, days=3, seconds=60.0, smooth=28.0, fast=1000.0)
QUICK = Scale(subscribers=400, wishes=20, stories=40, days=2, seconds=2.0, smooth=28.0, fast=100.0)


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[str]:
    """The address of an empty database in a folder."""
    url = f"sqlite:///{folder / f'{uuid.uuid4().hex}.db'}"
    await migrate(url)
    yield url


@asynccontextmanager
async def postgresql(server: str) -> AsyncIterator[str]:
    """The address of an empty database on a server, dropped afterwards."""
    name = f"baztab_benchmark_{uuid.uuid4().hex[:12]}"
    await _statement(server, f"CREATE DATABASE {name}")
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    try:
        await migrate(url)
        yield url
    finally:
        await _statement(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _statement(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def answers(server: str) -> bool:
    """Whether there is a PostgreSQL server that we may use."""
    try:
        await _statement(server, "SELECT 1")
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    return True


@asynccontextmanager
async def settled(url: str, town: Town) -> AsyncIterator[SqlStorage]:
    """A town over a database."""
    storage, database = await open_storage(url), Database(parse(url))
    try:
        await build(storage, database, town)
        yield storage
    finally:
        await database.close()
        await storage.close()


async def compose(url: str, scale: Scale) -> Figures:
    """One tick for everyone: seconds of CPU of this process, and how long its steps took."""
    town = Town(subscribers=scale.subscribers, wishes=scale.wishes, stories=scale.stories, days=scale.days)
    async with settled(url, town) as storage, Server(url) as server:
        before = time.process_time()
        found: Figures = dict(await measure(storage, profile=False))
        found |= {"cpu": time.process_time() - before, "server cpu": await server.cpu()}
    return found


async def owe(url: str, subscribers: int, scale: Scale) -> None:
    """A town whose digests are written and due."""
    town = Town(subscribers=subscribers, wishes=scale.wishes, stories=scale.stories // 3, days=0)
    async with settled(url, town) as storage:
        await Pipeline(storage, clock=lambda: NOW).compose_due()
    database, now = Database(parse(url)), datetime.now(UTC)
    try:
        async with database.write() as connection:
            await connection.execute(update(schema.delivery).values(due_at=now, created_at=now))
    finally:
        await database.close()


async def send(url: str, scale: Scale, rate: float, *roles: str, people: float) -> Figures:
    """Processes with these roles send at a rate, while somebody asks something every `people` seconds."""
    await owe(url, int(rate * (scale.seconds + SPARE)), scale)
    settings = {"BAZTAB_DATABASE_URL": url, "BAZTAB_SEND_RATE": str(rate)}
    async with Sink() as sink, Server(url) as server:
        with Programs(sink.url, settings, roles) as programs:
            await sink.ask(f"people {people}")
            while not (await sink.ask("report"))["digests"]:
                programs.check()
                await asyncio.sleep(0.2)
            await asyncio.sleep(min(WARMING, scale.seconds))
            await server.cpu()
            programs.mark()
            await sink.ask("mark")
            await asyncio.sleep(scale.seconds)
            found: Figures = await sink.ask("report")
            found |= programs.report() | {"database_cpu": await server.cpu()}
    found["database_cpu"] = found["database_cpu"] and found["database_cpu"] / found["seconds"]
    return found


class Server:
    """Seconds of CPU that the database server spends on one PostgreSQL database of this machine."""

    def __init__(self, url: str) -> None:
        self._url = None if url.startswith("sqlite") else url
        self._before: dict[int, float] = {}

    async def __aenter__(self) -> "Server":
        await self.cpu()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._before = {}

    async def cpu(self) -> float | None:
        """Seconds since the last time; None where they can't be told."""
        if self._url is None:
            return None
        connection = await asyncpg.connect(self._url, timeout=5)
        try:
            rows = await connection.fetch("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        finally:
            await connection.close()
        now = {row["pid"]: seconds for row in rows if (seconds := cpu_of(row["pid"])) is not None}
        spent = sum(seconds - self._before.get(pid, 0.0) for pid, seconds in now.items())
        self._before = now
        return spent if now else None


async def run(parts: set[str], scale: Scale, server: str) -> dict[str, Figures]:
    """The parts that were asked for."""
    found: dict[str, Figures] = {}

    def show(part: str, figures: Figures) -> None:
        found[part] = figures
        print(f"\n{part}")
        for name, value in figures.items():
            print(
                f"  {name:20} {value:12.3f}" if isinstance(value, float) else f"  {name:20} {value!s:>12}", flush=True
            )

    able = await answers(server)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "compose" in parts:
            async with sqlite(folder) as url:
                show("compose, SQLite", await compose(url, scale))
        if "smooth" in parts:
            async with sqlite(folder) as url:
                show("smooth, SQLite", await send(url, scale, scale.smooth, "bot,compose,deliver", people=5.0))
        if "compose" in parts and able:
            async with postgresql(server) as url:
                show("compose, PostgreSQL", await compose(url, scale))
        if "fast" in parts and able:
            async with postgresql(server) as url:
                show("fast, PostgreSQL", await send(url, scale, scale.fast, "deliver", "bot,deliver", people=0.2))
    if not able and parts & {"compose", "fast"}:
        print("There is no PostgreSQL server for this: name one with --postgres.")
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", help=f"some of {', '.join(PARTS)}; all where none is named")
    parser.add_argument("--postgres", default=POSTGRES, help="a server on which databases may be made")
    parser.add_argument("--seconds", type=float, help="that sending is counted for")
    parser.add_argument("--quick", action="store_true", help="small, to see that it works")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    parts = set(options.parts or PARTS)
    if unknown := parts.difference(PARTS):
        parser.error(f"{min(unknown)!r} is none of {', '.join(PARTS)}")
    scale = QUICK if options.quick else WHOLE
    scale = replace(scale, seconds=options.seconds or scale.seconds)
    found = asyncio.run(run(parts, scale, options.postgres))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
