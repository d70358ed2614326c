"""Being told to stop, and being killed: what a process that delivers and answers leaves behind, on both databases."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from benchmarks import crash
from benchmarks.rough import RoughApi
from digests.model import Subscriber
from digests.storage import SqlStorage, open_storage
from tests.fakes.clock import MORNING

CASE = crash.Case(engine="sqlite", uncertain="drop", deliveries=40, kills=2, rate=30)
STOPPING = 60
"""Seconds, on a machine that does much else: alone it takes one."""


class Shop:
    """A running `baztab run`, its Bot API and its database."""

    def __init__(self, api: RoughApi, storage: SqlStorage, process: asyncio.subprocess.Process, log: Path) -> None:
        self.api, self.storage, self.process, self.log = api, storage, process, log

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(STOPPING):
            while not condition():
                assert self.process.returncode is None, self.log.read_text()
                await asyncio.sleep(0.02)

    async def ended(self) -> int:
        status = await asyncio.wait_for(self.process.wait(), STOPPING)
        assert "Traceback" not in self.log.read_text()
        return status

    async def states(self) -> dict[str, int]:
        return {state: count for state, count in (await self.storage.ledger.counts()).items() if count}


@asynccontextmanager
async def running(url: str, folder: Path, *roles: str, due: int = 0) -> AsyncIterator[Shop]:
    log = folder / "log.txt"
    storage = await open_storage(url)
    await crash.fill(storage, due)
    async with RoughApi() as api:
        api.gate.clear()
        process = await crash.start(CASE, api.url, url, log, arguments=("bot", "run", "--roles", ",".join(roles)))
        try:
            yield Shop(api, storage, process, log)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            await storage.close()


async def test_told_to_stop_it_finishes_what_is_in_flight_and_gives_back_the_rest(
    storage_url: str, tmp_path: Path
) -> None:
    async with running(storage_url, tmp_path, "deliver", due=CASE.deliveries) as shop:
        await shop.until(lambda: shop.api.held >= 5)
        shop.process.send_signal(signal.SIGTERM)
        await shop.until(lambda: "stopping" in shop.log.read_text())
        shop.api.gate.set()
        assert await shop.ended() == 0
        states = await shop.states()
        assert set(states) == {"pending", "sent"}
        assert states["sent"] == shop.api.count
        left = await shop.storage.ledger.claim("next", now=crash.soon(), limit=1000)
        assert len(left) == states["pending"]


async def test_told_twice_it_ends_at_once_and_what_was_in_flight_is_in_doubt(storage_url: str, tmp_path: Path) -> None:
    async with running(storage_url, tmp_path, "deliver", due=CASE.deliveries) as shop:
        await shop.until(lambda: shop.api.held >= 5)
        shop.process.send_signal(signal.SIGTERM)
        await shop.until(lambda: "stopping" in shop.log.read_text())
        shop.process.send_signal(signal.SIGINT)
        assert await shop.ended() == 0
        assert "stopping.at_once" in shop.log.read_text()
        assert set(await shop.states()) == {"pending", "sending"}


async def test_told_to_stop_it_finishes_answers(storage_url: str, tmp_path: Path) -> None:
    person = {"id": 7, "is_bot": False, "first_name": "Sara"}
    message = {"message_id": 1, "date": 1_790_000_000, "chat": {"id": 7, "type": "private"}, "from": person}
    command = {"text": "/help", "entities": [{"type": "bot_command", "offset": 0, "length": 5}]}
    async with running(storage_url, tmp_path, "bot") as shop:
        await shop.storage.subscribers.create(Subscriber(id=0, chat_id=7, created_at=MORNING))
        shop.api.updates = [{"update_id": 1, "message": {**message, **command}}]
        await shop.until(lambda: shop.api.held == 1)
        shop.process.send_signal(signal.SIGTERM)
        await shop.until(lambda: "stopping" in shop.log.read_text())
        shop.api.gate.set()
        assert await shop.ended() == 0
        assert shop.api.count == 1
        assert await shop.storage.inbox.recover(now=crash.soon(), tries=3, abandoned=True) == []
        assert await shop.storage.inbox.claim("next", now=crash.soon(), limit=9) == []


async def test_told_to_stop_while_it_starts_it_ends(storage_url: str, tmp_path: Path) -> None:
    async with running(storage_url, tmp_path, "deliver") as shop:
        shop.api.slow_start = 30.0
        await shop.until(lambda: shop.api.starts == 1)
        shop.process.send_signal(signal.SIGTERM)
        assert await shop.ended() == 0


@pytest.mark.parametrize("uncertain", ["resend", "drop"])
async def test_killed_again_and_again_it_keeps_its_word(uncertain: str) -> None:
    found = await crash.run(
        crash.Case(engine="sqlite", uncertain=uncertain, deliveries=60, kills=2, rate=20, cut=0.05, slow=0.2)
    )
    assert found.kills == 2
    assert found.holds, found
