"""The whole program for minutes, while everything fails at random: what is lost, what comes twice, does memory grow.

    make soak [ARGS="--minutes 2"]        python -m benchmarks.soak [--minutes 10] [--seed 1] [--json FILE]

`baztab run` on SQLite, with the playground's Bot API, two hundred people, and feeds on loopback. Digests come due all
the time and people ask things. Meanwhile: 429s, 5xx, answers that are none, silence, cut connections, blocked chats,
feeds that fail, another program that keeps the database locked, and in the first half kill -9 and a restart. The second
half shows whether memory is flat. Prints a line every so often and the figures at the end; stops by itself, with exit
status 1 where something does not hold: a digest lost, more twice than were in doubt, a question without an answer,
memory that grows, a process that ends by itself or does not stop when told.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from benchmarks.crash import digest
from bot.delivery.stubborn import stubbornly
from bot.playground.api import NO_LIMITS, BotApiServer, World
from bot.playground.api.faults import Fault
from bot.playground.demo import TOKEN
from digests.model import NewDelivery, Subscriber
from digests.storage import SqlStorage, migrate, open_storage

PEOPLE = 200
ASKING = 20
"""So many of them ask things, the others only get digests."""
DIGESTS = 6.0
"""Digests that come due in a second."""
QUESTIONS = 0.5
FAULTS = 0.7
"""Faults a second."""
QUIET = 150.0
"""Seconds in which all is to be settled when nothing fails any more."""
LOOK = 5.0
PAGE = os.sysconf("SC_PAGE_SIZE")
GROWTH = 1.10
"""Memory may grow by a tenth and ten megabytes between the beginning and the end of the second half."""
SLACK = 10.0
LONGEST_LOCK = 34.0
"""Seconds: longer than the program waits for its database."""


@dataclass(slots=True, kw_only=True)
class Figures:
    """What came of it. `memory` is in megabytes, by seconds from the beginning."""

    minutes: float
    due: int = 0
    sent: int = 0
    gone: int = 0
    lost: int = 0
    twice: int = 0
    in_doubt: int = 0
    asked: int = 0
    unanswered: int = 0
    unsettled: int = 0
    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[int, float]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


class Feeds:
    """A site whose feeds fail, each in its way; one works, and has something new each time."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._asked = 0
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        """Listen on loopback."""
        app = web.Application()
        app.router.add_get("/{kind}", self._feed)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close."""
        if self._runner is not None:
            await self._runner.cleanup()

    def catalogue(self) -> str:
        """A feeds file."""
        rows = (
            f'[[feed]]\nurl = "{self.url}/{kind}"\nsource = "{kind.title()}"\nlanguage = "en"\ntopics = ["world"]\n'
            "interval = 1\n"
            for kind in ("good", "flaky", "cut", "broken", "slow")
        )
        return "\n".join(rows)

    async def _feed(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        self._asked += 1
        if kind == "broken" or (kind == "flaky" and self._random.random() < 0.5):
            return web.Response(status=500)
        if kind == "cut" and request.transport is not None:
            request.transport.abort()
        if kind == "slow":
            await asyncio.sleep(30)
        now = datetime.now(UTC)
        entries = "".join(
            f"<item><title>Report {self._asked}-{place} from the harbour of Quillmouth</title>"
            f"<link>{self.url}/a/{self._asked}-{place}</link><pubDate>{now:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
            f"<description>{'A crane fell into the water and nobody was hurt. ' * 12}</description></item>"
            for place in range(5)
        )
        body = f'<rss version="2.0"><channel><title>{kind}</title>{entries}</channel></rss>'
        return web.Response(text=body, content_type="application/rss+xml")


class Soak:
    """The program, its world, and everything that happens to it."""

    def __init__(self, folder: Path, minutes: float, seed: int) -> None:
        self.folder, self.seconds, self.seed = folder, minutes * 60, seed
        self.random = random.Random(seed)
        self.figures = Figures(minutes=minutes)
        self.world = World(limits=NO_LIMITS)
        self.database = folder / "soak.sqlite3"
        self.log = folder / "log.txt"
        self.feeds = Feeds(seed)
        self.people: list[Subscriber] = []
        self.blocked: set[int] = set()
        self.due: dict[int, int] = {}
        """The chat of each digest, by the number of its story."""
        self.asked: Counter[int] = Counter()
        self.begun = time.monotonic()
        self.quiet = False
        self.process: asyncio.subprocess.Process
        self.server: BotApiServer
        self.storage: SqlStorage

    @property
    def now(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.begun

    async def go(self) -> Figures:
        """All of it."""
        await self.feeds.start()
        (self.folder / "feeds.toml").write_text(self.feeds.catalogue(), encoding="utf-8")
        url = f"sqlite:///{self.database}"
        await migrate(url)
        self.storage = await open_storage(url)
        async with BotApiServer(self.world) as self.server:
            await self._settle_people()
            await self._start()
            self.begun = time.monotonic()
            await self._weather()
            await self._calm()
            await self._stop()
        await self._count()
        await self.storage.close()
        await self.feeds.stop()
        return self.figures

    async def _settle_people(self) -> None:
        now = datetime.now(UTC)
        for chat in range(2001, 2001 + PEOPLE):
            self.world.add_person(chat)
            self.people.append(await self.storage.subscribers.create(Subscriber(id=0, chat_id=chat, created_at=now)))

    # ── the program ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _start(self) -> None:
        others = {name: value for name, value in os.environ.items() if not name.startswith("BAZTAB_")}
        settings = {
            "TOKEN": TOKEN,
            "API_URL": self.server.url,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "FEEDS": str(self.folder / "feeds.toml"),
            "ALLOW_HOSTS": "127.0.0.0/8",
            "LOG": "json",
        }
        with self.log.open("ab") as output:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", stdout=output, stderr=output, cwd=Path(__file__).parent.parent,
                env={**others, **{f"BAZTAB_{name}": value for name, value in settings.items()}},
            )  # fmt: skip
        polls = self.world.updates.polls
        while self.world.updates.polls == polls:
            if not self._alive():
                return
            await asyncio.sleep(0.1)

    def _alive(self) -> bool:
        if self.process.returncode is not None and "ended by itself" not in self.figures.broken:
            self.figures.broken.append("ended by itself")
        return self.process.returncode is None

    async def _kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()
        self.figures.kills += 1
        self.figures.in_doubt += (await self.storage.ledger.counts())["sending"]
        await self._start()

    async def _stop(self) -> None:
        if not self._alive():
            return
        self.process.terminate()
        try:
            status = await asyncio.wait_for(self.process.wait(), 20)
        except TimeoutError:
            self.figures.broken.append("did not stop when told")
            self.process.kill()
            await self.process.wait()
            return
        if status != 0:
            self.figures.broken.append(f"stopped with status {status}")

    # ── the weather ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _weather(self) -> None:
        storms = [
            asyncio.create_task(self._often(DIGESTS / 4, self._digests)),
            asyncio.create_task(self._often(QUESTIONS, self._question)),
            asyncio.create_task(self._often(FAULTS, self._fault)),
            asyncio.create_task(self._locks()),
            asyncio.create_task(self._kills()),
            asyncio.create_task(self._watch()),
        ]
        try:
            while self.now < self.seconds and self._alive_or_starting():  # noqa: ASYNC110  # nobody tells when it dies
                await asyncio.sleep(0.5)
        finally:
            self.quiet = True
            for storm in storms:
                storm.cancel()
            for ended in await asyncio.gather(*storms, return_exceptions=True):
                if isinstance(ended, Exception):
                    raise ended

    def _alive_or_starting(self) -> bool:
        return self.process.returncode in {None, -signal.SIGKILL}

    async def _often(self, rate: float, happens: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(self.random.expovariate(rate))
            await happens()

    async def _digests(self) -> None:
        now = datetime.now(UTC)
        first = len(self.due) + 1
        chosen = self.random.sample(self.people[ASKING:], 4)
        new = [
            NewDelivery(subscriber_id=one.id, digest=digest(now, 1, first + place), due_at=now, kind="digest")
            for place, one in enumerate(chosen)
        ]
        await stubbornly(lambda: self.storage.ledger.enqueue(new, now=now))
        self.due |= {first + place: one.chat_id for place, one in enumerate(chosen)}

    async def _question(self) -> None:
        chat = self.random.choice(self.people[:ASKING]).chat_id
        self.world.send(
            self.random.choice(["/help", "/latest", "/topics", "/search harbour"]), chat_id=chat, user_id=chat
        )
        self.asked[chat] += 1

    async def _fault(self) -> None:
        kinds: dict[str, dict[str, object]] = {
            "429": {"error_code": 429, "description": "Too Many Requests", "retry_after": self.random.randint(1, 2)},
            "500": {"error_code": 500, "description": "Internal Server Error"},
            "502": {"body": "<html>Bad Gateway</html>", "status": 502},
            "odd answer": {"body": '{"ok": true, "result": 5}'},
            "cut before": {"cut": "before"},
            "cut after": {"cut": "after"},
            "silence": {"cut": "never-answer"},
            "no updates": {"method": "getUpdates", "error_code": 500, "description": "Internal Server Error"},
            "block": {},
        }
        kind = self.random.choice(list(kinds))
        self.figures.faults[kind] += 1
        if kind == "block":
            self._block()
            return
        self.world.faults.add(Fault(**({"method": "sendMessage"} | kinds[kind])))  # type: ignore[arg-type]  # as above
        self.figures.in_doubt += kind in {"odd answer", "cut before", "cut after", "silence"}

    def _block(self) -> None:
        if self.blocked and self.random.random() < 0.7:
            self.world.block(False, user_id=self.blocked.pop())
            return
        chat = self.random.choice(self.people[ASKING:]).chat_id
        if chat not in self.blocked:
            self.blocked.add(chat)
            self.world.block(True, user_id=chat)

    async def _locks(self) -> None:
        """Another program that writes, and takes its time."""
        await asyncio.sleep(self.seconds / 8)
        longest = True
        while True:
            await asyncio.to_thread(self._lock, LONGEST_LOCK if longest and self.seconds >= 120 else 4.0)
            self.figures.faults["locked"] += 1
            longest = False
            await asyncio.sleep(self.random.expovariate(1 / 25))

    def _lock(self, seconds: float) -> None:
        with sqlite3.connect(self.database, isolation_level=None, timeout=60) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            other.execute("ROLLBACK")
        other.close()

    async def _kills(self) -> None:
        """In the first half: the second shows what one process does over time."""
        while True:
            await asyncio.sleep(self.random.uniform(8, 30))
            if self.now > self.seconds / 2:
                return
            await self._kill()

    async def _watch(self) -> None:
        shown = 0
        while True:
            await asyncio.sleep(LOOK)
            size = resident(self.process.pid)
            if size is None:
                continue  # between a kill and the restart
            self.figures.memory.append((round(self.now), size))
            if self.now // 30 > shown:
                shown = int(self.now // 30)
                print(
                    f"{self.now:5.0f} s  {self.figures.memory[-1][1]:6.1f} MB  {len(self.due):5} digests due  "
                    f"{len(self.world.sent):5} messages  {self.figures.faults.total():4} faults  "
                    f"{self.figures.kills:2} kills",
                    flush=True,
                )

    async def _calm(self) -> None:
        """Nothing fails any more: wait until all that is due has been sent, and all questions were handled."""
        unused = [fault for fault in self.world.faults.pending if fault.method == "sendMessage"]
        self.figures.in_doubt -= sum(fault.cut != "" or fault.body == '{"ok": true, "result": 5}' for fault in unused)
        self.world.faults.clear()
        end = time.monotonic() + QUIET
        while time.monotonic() < end and self._alive():
            counts = await self.storage.ledger.counts()
            if not counts["pending"] and not counts["sending"] and not self.world.updates.pending:
                await asyncio.sleep(2.0)  # answers to the last questions
                return
            await asyncio.sleep(0.5)

    # ── what came of it ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _count(self) -> None:
        found = self.figures
        arrived: Counter[int] = Counter()
        answers: Counter[int] = Counter()
        asking = {one.chat_id for one in self.people[:ASKING]}
        for sent in self.world.sent:
            number = sent.text.partition("Story ")[2].split("\n")[0].split(" ")[0]
            if sent.chat_id in asking:
                answers[sent.chat_id] += 1
            elif number.isdigit():
                arrived[int(number)] += 1
        gone = await self._gone()
        counts = await self.storage.ledger.counts()
        found.due, found.sent, found.gone = len(self.due), arrived.total(), len(gone)
        found.lost = sum(not arrived[number] and number not in gone for number in self.due)
        found.twice = sum(count - 1 for count in arrived.values())
        found.asked = self.asked.total()
        found.unanswered = sum(max(0, count - answers[chat]) for chat, count in self.asked.items())
        found.unsettled = counts["pending"] + counts["sending"]
        self._judge()

    async def _gone(self) -> set[int]:
        """The stories of digests whose reader had blocked the bot."""
        query = (
            "SELECT s.story_id FROM delivery d JOIN digest_story s ON s.digest_id = d.digest_id WHERE d.state = 'gone'"
        )
        with sqlite3.connect(self.database) as connection:
            rows = connection.execute(query).fetchall()
        connection.close()
        return {row[0] for row in rows}

    def _judge(self) -> None:
        found = self.figures
        if found.lost:
            found.broken.append(f"{found.lost} digests lost")
        if found.twice > found.in_doubt:
            found.broken.append(f"{found.twice} digests twice, {found.in_doubt} in doubt")
        if found.unanswered > found.in_doubt:
            found.broken.append(f"{found.unanswered} questions without an answer, {found.in_doubt} in doubt")
        if found.unsettled:
            found.broken.append(f"{found.unsettled} digests unsettled after {QUIET:.0f} quiet seconds")
        half = [size for at, size in found.memory if at > found.minutes * 30 + 20]
        if len(half) >= 8:
            quarter = len(half) // 4
            first, last = statistics.median(half[:quarter]), statistics.median(half[-quarter:])
            if last > first * GROWTH + SLACK:
                found.broken.append(f"memory grew from {first:.0f} to {last:.0f} MB")


def resident(pid: int) -> float | None:
    """Megabytes of a process in memory; None where there is no such process."""
    try:
        return round(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6, 1)
    except (OSError, ValueError, IndexError):
        return None


def logged(log: Path) -> Counter[str]:
    """Warnings and errors in the log, by event."""
    out: Counter[str] = Counter()
    for line in log.read_text(errors="replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            out["(not an event)"] += 1
            continue
        if event.get("level") in {"warning", "error", "critical"}:
            out[f"{event['level']}: {event.get('event')}"] += 1
    return out


def main() -> int:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--log", type=Path, help="keep the program's log here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Path(folder), options.minutes, options.seed)
        found = asyncio.run(soak.go())
        for event, count in sorted(logged(soak.log).items()):
            print(f"{count:6} × {event}")
        if options.log:
            options.log.write_bytes(soak.log.read_bytes())
    print(
        f"faults: {', '.join(f'{kind} {count}' for kind, count in sorted(found.faults.items()))}; kills: {found.kills}"
    )
    print(f"digests: {found.due} due, {found.gone} of them to people who had blocked the bot, {found.lost} lost, "
          f"{found.twice} twice ({found.in_doubt} messages in doubt)")  # fmt: skip
    print(f"questions: {found.asked}, {found.unanswered} without an answer")
    print(f"memory: {found.memory[0][1] if found.memory else 0} MB at first, "
          f"{found.memory[-1][1] if found.memory else 0} MB at last, "
          f"{max((size for _, size in found.memory), default=0)} MB at most")  # fmt: skip
    print("everything holds" if not found.broken else "BROKEN: " + "; ".join(found.broken))
    if options.json:
        options.json.write_text(json.dumps({**asdict(found), "faults": dict(found.faults)}, indent=2) + "\n")
    return 1 if found.broken else 0


if __name__ == "__main__":
    sys.exit(main())
