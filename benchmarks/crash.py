"""What is lost and what comes twice when delivering processes are killed: kill -9, again and again.

    python -m benchmarks.crash [--deliveries 5000] [--kills 20] [--rate 40] [--engine sqlite|postgresql|both]
                               [--uncertain resend|drop|both] [--url postgresql://…] [--json FILE]

On SQLite one process delivers, on PostgreSQL three. They are `baztab run --roles deliver`, but that a lease lasts
seconds instead of a minute, so that what a killed one had claimed comes back within the run. The Bot API on loopback
cuts connections, mostly after it accepted a message. "Lost" is a message that the Bot API never accepted, "twice" one
that it accepted more than once. After each kill the rows are counted that were committed as on their way: these and
the cut ones are "in doubt", and no more may be lost (drop) or come twice (resend). Exit status 1 where that does not
hold.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from urllib.parse import quote

import asyncpg
from sqlalchemy import text

from benchmarks.rough import RoughApi
from digests.model import Digest, Item, NewDelivery, Quote, Section, Subscriber
from digests.storage import SqlStorage, migrate, open_storage
from digests.storage.address import parse
from digests.storage.engine import Database

TOKEN = "7000000001:crash-of-baztab-no-secret-at-all-000"  # the loopback server takes any
POSTGRESQL = os.environ.get("BAZTAB_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
LEASE = 5.0
LONG = 20
"""One digest in so many has parts."""
LONGEST = 600.0
"""Seconds after which a run is given up."""
LOOK = 0.05
PROCESSES = {"sqlite": 1, "postgresql": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One run."""

    engine: str
    uncertain: str
    deliveries: int
    kills: int
    rate: int
    cut: float = 0.004
    before: float = 0.002
    slow: float = 0.1
    seed: int = 1


@dataclass(slots=True, kw_only=True)
class Result:
    """What came of it. `messages` is how many were due; `in_doubt` the sum of `on_their_way` at kills and of `cuts`."""

    engine: str
    uncertain: str
    messages: int = 0
    kills: int = 0
    kills_wanted: int = 0
    on_their_way: int = 0
    cuts: int = 0
    cuts_before: int = 0
    lost: int = 0
    twice: int = 0
    most_often: int = 0
    out_of_order: int = 0
    unfinished: int = 0
    seconds: float = 0.0

    @property
    def in_doubt(self) -> int:
        """How many messages nobody could know about."""
        return self.on_their_way + self.cuts + self.cuts_before

    @property
    def holds(self) -> bool:
        """Whether BAZTAB_UNCERTAIN kept its word."""
        wrong, allowed = (self.lost, self.twice) if self.uncertain == "resend" else (self.twice, self.lost)
        enough = self.kills == self.kills_wanted
        return enough and not wrong and allowed <= self.in_doubt and not self.unfinished and not self.out_of_order


# ── the processes ────────────────────────────────────────────────────────────────────────────────────────────────────


async def deliver() -> None:
    """What a delivering process runs: `baztab run --roles deliver` with a short lease."""
    from bot import wiring
    from bot.stopping import stop_on_signals
    from config.settings import load_settings

    stop = stop_on_signals()
    async with wiring.open_news(load_settings(), exclusive=True, catalog=()) as news, wiring.open_bot(news) as running:
        running.deliveries._policy = replace(running.deliveries._policy, lease=LEASE)  # no setting

        async def recover() -> None:
            while True:
                await asyncio.sleep(1.0)
                await running.deliveries.recover()

        recovering = asyncio.create_task(recover())
        await wiring.serve(running, roles=("deliver",), stop=stop)
        recovering.cancel()


async def start(
    case: Case,
    api_url: str,
    database_url: str,
    log: Path,
    *,
    arguments: Sequence[str] = ("benchmarks.crash", "--deliver"),
) -> asyncio.subprocess.Process:
    """Start a delivering process, or another module with these arguments."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("BAZTAB_")}
    settings = {
        "TOKEN": TOKEN,
        "API_URL": api_url,
        "DATABASE_URL": database_url,
        "SEND_RATE": str(case.rate),
        "PAID_BROADCAST": str(case.rate > 30),
        "UNCERTAIN": case.uncertain,
    }
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", *arguments,
            env={**others, **{f"BAZTAB_{name}": value for name, value in settings.items()}},
            stdout=output, stderr=output, cwd=Path(__file__).parent.parent,
        )  # fmt: skip


# ── what is due ──────────────────────────────────────────────────────────────────────────────────────────────────────


def digest(now: datetime, stories: int, first: int) -> Digest:
    """A digest; twelve stories with long sentences make more than one message."""
    sentence = "The harbour of Quillmouth was closed on Tuesday after a crane had fallen into it. " * 4
    items = tuple(
        Item(
            story_id=first + place, article_id=first + place, headline=f"Story {first + place}", source="Gazette",
            url=f"https://gazette.example/{first + place}", published=now, language="en",
            quotes=tuple(Quote(sentence, 0, 10, rank) for rank in (1, 2)),
        )
        for place in range(stories)
    )  # fmt: skip
    return Digest(since=now - timedelta(days=1), until=now, sections=(Section(None, items),), considered=len(items))


async def fill(storage: SqlStorage, count: int) -> None:
    """Subscribers who are all due, each one digest."""
    now = datetime.now(UTC)
    short, long = digest(now, 2, 1), digest(now, 12, 100)
    for first in range(1, count + 1, 500):
        people = [
            await storage.subscribers.create(Subscriber(id=0, chat_id=chat, created_at=now))
            for chat in range(first, min(first + 500, count + 1))
        ]
        due = [
            NewDelivery(
                subscriber_id=one.id,
                digest=long if one.chat_id % LONG == 0 else short,
                due_at=now,
                run=(now.date(), time_of_day(8)),
            )
            for one in people
        ]
        await storage.ledger.enqueue(due, now=now)


def soon() -> datetime:
    """A moment at which all that is due now is due."""
    return datetime.now(UTC) + timedelta(minutes=1)


@asynccontextmanager
async def scratch(engine: str, url: str, folder: Path) -> AsyncIterator[str]:
    """The address of an empty database: a file, or a schema of its own that goes at the end."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'crash.sqlite3'}"
        return
    schema = f"baztab_crash_{uuid.uuid4().hex[:12]}"
    connection = await asyncpg.connect(url, timeout=5)
    try:
        await connection.execute(f"CREATE SCHEMA {schema}")
        yield f"{url}{'&' if '?' in url else '?'}options={quote(f'-csearch_path={schema}')}"
        await connection.execute(f"DROP SCHEMA {schema} CASCADE")
    finally:
        await connection.close()


# ── a run ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Run:
    """One case: starts processes, kills them, and counts."""

    def __init__(self, case: Case, api: RoughApi, url: str, storage: SqlStorage, database: Database, log: Path) -> None:
        self.case, self.api, self.url, self.log = case, api, url, log
        self.storage, self.database = storage, database
        self.random = random.Random(case.seed)
        self.processes: list[asyncio.subprocess.Process] = []
        self.result = Result(engine=case.engine, uncertain=case.uncertain, kills_wanted=case.kills)
        self._ended = time.monotonic() + LONGEST

    async def go(self) -> Result:
        """Kill so often, wait until nothing is due any more, stop the processes as one does, count."""
        begun = time.monotonic()
        try:
            for _ in range(PROCESSES[self.case.engine]):
                await self.start()
            for kill in range(1, self.case.kills + 1):
                await self.until(self.case.deliveries * kill // (self.case.kills + 1))
                await self.kill(await self.one_that_works())
            await self.finished()
            for process in self.processes:
                process.terminate()
                if await asyncio.wait_for(process.wait(), 60) not in {0, -signal.SIGTERM}:  # the second: it only began
                    raise RuntimeError(f"a process ended badly: {self.tail()}")
        finally:
            for process in self.processes:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        self.result.seconds = time.monotonic() - begun
        await self.count()
        return self.result

    async def start(self) -> None:
        """Start a delivering process; it takes some seconds to begin."""
        self.processes.append(await start(self.case, self.api.url, self.url, self.log))

    async def one_that_works(self) -> asyncio.subprocess.Process:
        """A process that has sent something already: there is little to lose in one that only starts."""
        query = text("SELECT DISTINCT worker FROM delivery WHERE worker <> ''")
        while True:
            async with self.database.read() as connection:
                names = set((await connection.scalars(query)).all())
            if able := [one for one in self.processes if worker(one) in names]:
                return self.random.choice(able)
            self.check()
            await asyncio.sleep(LOOK)

    async def until(self, accepted: int) -> None:
        """Wait until so many messages were accepted, and then for a random moment."""
        while self.api.count < accepted:
            self.check()
            await asyncio.sleep(LOOK)
        await asyncio.sleep(self.random.random() * 0.1)

    async def kill(self, process: asyncio.subprocess.Process) -> None:
        """kill -9, note what it had on its way, and start another in its place."""
        self.processes.remove(process)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        self.result.kills += 1
        self.result.on_their_way += await self.on_its_way(worker(process))
        await self.start()

    async def on_its_way(self, name: str) -> int:
        """Rows that a dead process committed as being sent, once its server has come to rest."""
        found = -1
        while found != (now := await self._sending(name)):
            found = now
            await asyncio.sleep(LOOK)
        return found

    async def _sending(self, name: str) -> int:
        query = text("SELECT count(*) FROM delivery WHERE state = 'sending' AND worker = :worker")
        async with self.database.read() as connection:
            return int(await connection.scalar(query, {"worker": name}) or 0)

    async def finished(self) -> None:
        """Wait until nothing is to be sent any more."""
        while True:
            counts = await self.storage.ledger.counts()
            if not counts["pending"] and not counts["sending"]:
                return
            self.check()
            await asyncio.sleep(10 * LOOK)

    def check(self) -> None:
        """Fail where a process has ended by itself, or all takes too long."""
        if any(process.returncode is not None for process in self.processes):
            raise RuntimeError(f"a process ended by itself: {self.tail()}")
        if time.monotonic() > self._ended:
            raise RuntimeError(f"not done after {LONGEST:.0f} s: {self.tail()}")

    def tail(self) -> str:
        """The end of the processes' log."""
        return self.log.read_text(errors="replace")[-2000:]

    async def count(self) -> None:
        """Hold what is due against what was accepted."""
        query = text(
            "SELECT s.chat_id AS chat, count(*) AS parts, sum(CASE d.state WHEN 'failed' THEN 1 ELSE 0 END) AS failed "
            "FROM delivery d JOIN subscriber s ON s.id = d.subscriber_id GROUP BY s.chat_id"
        )
        async with self.database.read() as connection:
            rows = (await connection.execute(query)).all()
        texts: dict[int, list[str]] = {}
        for chat, said in sorted(self.api.first, key=lambda key: self.api.first[key]):
            texts.setdefault(chat, []).append(said)
        found = self.result
        found.cuts, found.cuts_before = self.api.cuts, self.api.cuts_before
        found.messages = sum(row.parts for row in rows)
        found.unfinished = sum(row.failed for row in rows)
        found.lost = sum(row.parts - len(texts.get(row.chat, ())) for row in rows)
        found.twice = sum(count - 1 for count in self.api.accepted.values())
        found.most_often = max(self.api.accepted.values(), default=0)
        found.out_of_order = sum(first_story(said) != sorted(first_story(said)) for said in texts.values())


def worker(process: asyncio.subprocess.Process) -> str:
    """What a process calls itself in the ledger."""
    return f"{socket.gethostname()}-{process.pid}"


def first_story(texts: Sequence[str]) -> list[int]:
    """The number of the first story of each message, in the order in which they arrived."""
    return [int(said.partition("Story ")[2].split("<")[0].split()[0]) for said in texts]


async def run(case: Case, url: str = POSTGRESQL) -> Result:
    """One case on an empty database. Raises RuntimeError where the processes don't do their work."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with (
            scratch(case.engine, url, folder) as address,
            RoughApi(cut=case.cut, before=case.before, slow=case.slow, seed=case.seed) as api,
        ):
            await migrate(address)
            storage, database = await open_storage(address), Database(parse(address))
            try:
                await fill(storage, case.deliveries)
                return await Run(case, api, address, storage, database, folder / "log.txt").go()
            finally:
                await database.close()
                await storage.close()


def main() -> int:
    """Run the cases and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deliveries", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rate", type=int, default=40)
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--uncertain", choices=("resend", "drop", "both"), default="both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--url", default=POSTGRESQL)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--deliver", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.deliver:
        asyncio.run(deliver())
        return 0
    results = []
    names = (
        "engine",
        "uncertain",
        "messages",
        "kills",
        "on_their_way",
        "cuts",
        "cuts_before",
        "lost",
        "twice",
        "seconds",
    )
    print("  ".join(f"{name.replace('_', ' '):>12}" for name in names) + "   holds")
    for engine in ("sqlite", "postgresql") if options.engine == "both" else (options.engine,):
        for uncertain in ("resend", "drop") if options.uncertain == "both" else (options.uncertain,):
            case = Case(
                engine=engine, uncertain=uncertain, deliveries=options.deliveries, kills=options.kills,
                rate=options.rate, seed=options.seed,
            )  # fmt: skip
            found = asyncio.run(run(case, options.url))
            results.append(found)
            cells = [getattr(found, name) for name in names]
            shown = [f"{cell:12.1f}" if isinstance(cell, float) else f"{cell:>12}" for cell in cells]
            print("  ".join(shown) + f"   {'yes' if found.holds else 'NO'}", flush=True)
    figures = [{**asdict(found), "in_doubt": found.in_doubt, "holds": found.holds} for found in results]
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    else:
        print(json.dumps(figures))
    return 0 if all(found.holds for found in results) else 1


if __name__ == "__main__":
    sys.exit(main())
