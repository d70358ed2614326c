"""Several processes over one PostgreSQL: one files stories, one polls, and another takes over when it ends."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.delivery.pacer import Pacer
from bot.delivery.worker import DeliveryPolicy, DeliveryWorkers
from bot.view import Message
from bot.wiring import FilingDuty, _be_the_poller
from digests.errors import ConfigError, StorageError
from digests.model import Digest, NewDelivery, Subscriber
from digests.storage import SqlStorage, open_storage
from tests.fakes.clock import MORNING, SetClock
from tests.fakes.transport import RecordingTransport


class NotedFiling:
    """A Filing that notes what it was told."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def forget(self) -> None:
        self.done.append("forget")

    async def run(self) -> int:
        self.done.append("run")
        return 0


@pytest.mark.postgres
async def test_stories_are_filed_by_one_process_until_it_ends(postgres_url: str) -> None:
    one, two = await open_storage(postgres_url), await open_storage(postgres_url)
    filings = NotedFiling(), NotedFiling()
    duties: list[Any] = [FilingDuty(storage, filing) for storage, filing in zip((one, two), filings, strict=True)]
    try:
        for duty in (*duties, *duties):
            await duty.run()
        assert filings[0].done == ["forget", "run", "run"]
        assert filings[1].done == []
        await one.close()
        await duties[1].run()
        assert filings[1].done == ["forget", "run"]
    finally:
        await two.close()


async def test_whoever_lost_the_duty_for_a_moment_rebuilds(sqlite_storage: SqlStorage) -> None:
    filing = NotedFiling()
    answers: list[bool | Exception] = [True, StorageError("gone"), True]

    async def hold(_: str) -> bool:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    duty: Any = FilingDuty(SimpleNamespace(hold=hold), filing)
    await duty.run()
    with pytest.raises(StorageError):
        await duty.run()
    await duty.run()
    assert filing.done == ["forget", "run", "forget", "run"]


@pytest.mark.postgres
async def test_a_second_poller_is_refused_but_not_with_a_webhook(postgres_url: str) -> None:
    one, two = await open_storage(postgres_url), await open_storage(postgres_url)
    polling, pushed = SimpleNamespace(webhook_url=None), SimpleNamespace(webhook_url="https://bot.example")
    try:
        await _be_the_poller(SimpleNamespace(settings=polling, storage=one))
        with pytest.raises(ConfigError, match="--roles ingest,compose,deliver"):
            await _be_the_poller(SimpleNamespace(settings=polling, storage=two))
        await _be_the_poller(SimpleNamespace(settings=pushed, storage=two))
    finally:
        await one.close()
        await two.close()


async def test_a_process_that_delivers_alone_takes_up_at_once_what_the_last_one_left(
    sqlite_storage: SqlStorage,
) -> None:
    clock, transport = SetClock(), RecordingTransport()
    one = await sqlite_storage.subscribers.create(Subscriber(id=0, chat_id=7, created_at=MORNING))
    digest = Digest(since=MORNING, until=MORNING)
    await sqlite_storage.ledger.enqueue([NewDelivery(subscriber_id=one.id, digest=digest, due_at=MORNING)], now=MORNING)
    (left,) = await sqlite_storage.ledger.claim("killed", now=MORNING, limit=1)
    assert await sqlite_storage.ledger.sending(left, now=MORNING)
    workers = DeliveryWorkers(
        "next",
        sqlite_storage,
        transport,
        Pacer(1e6),
        lambda *_: [Message(html="one", plain="one")],
        clock=clock,
        policy=DeliveryPolicy(alone=True),
    )
    await workers.recover()
    assert await workers.drain() == 0
    await workers.recover(abandoned=True)
    assert await workers.drain() == 1
    assert transport.sent == [(7, "one")]
