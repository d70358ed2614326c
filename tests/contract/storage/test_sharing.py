"""What several processes share on PostgreSQL: the rate, the flood wait, and duties that one has at a time."""

import asyncio

import pytest

from digests.model import Digest, FeedSpec, NewDelivery, Subscriber
from digests.storage import SqlStorage, open_storage
from tests.fakes.clock import MORNING

EMPTY = Digest(since=MORNING, until=MORNING)


async def owed(storage: SqlStorage, chats: int) -> None:
    for chat in range(1, chats + 1):
        one = await storage.subscribers.create(Subscriber(id=0, chat_id=chat, created_at=MORNING))
        await storage.ledger.enqueue([NewDelivery(subscriber_id=one.id, digest=EMPTY, due_at=MORNING)], now=MORNING)


async def test_only_what_is_still_a_workers_own_is_marked_as_sending(storage: SqlStorage) -> None:
    await owed(storage, 3)
    first = await storage.ledger.claim("one", now=MORNING, limit=3, lease=0.0)
    (taken,) = await storage.ledger.claim("two", now=MORNING, limit=1)
    assert await storage.ledger.sending_all(first, now=MORNING) == {one.id for one in first} - {taken.id}
    assert await storage.ledger.sending_all([], now=MORNING) == frozenset()


async def test_many_arrive_in_one_statement_but_not_those_of_another_worker(storage: SqlStorage) -> None:
    await owed(storage, 3)
    first = await storage.ledger.claim("one", now=MORNING, limit=3, lease=0.0)
    await storage.ledger.claim("two", now=MORNING, limit=1)
    await storage.ledger.sent([(one, 70 + one.id) for one in first], now=MORNING)
    await storage.ledger.sent([], now=MORNING)
    counts = await storage.ledger.counts()
    assert (counts["sent"], counts["pending"]) == (2, 1)


async def test_what_was_not_begun_is_given_back_at_once_and_comes_when_it_was_due(storage: SqlStorage) -> None:
    await owed(storage, 3)
    first = await storage.ledger.claim("one", now=MORNING, limit=3, lease=0.0)
    (taken,) = await storage.ledger.claim("two", now=MORNING, limit=1)
    await storage.ledger.sending(first[1], now=MORNING)
    await storage.ledger.release(first, now=MORNING)
    await storage.ledger.release([], now=MORNING)
    (back,) = await storage.ledger.claim("three", now=MORNING, limit=3)
    assert (back.id, back.due_at) == (first[2].id, MORNING)
    assert await storage.ledger.sending_all([taken, back], now=MORNING) == {taken.id}


async def test_digests_are_read_by_their_ids(storage: SqlStorage) -> None:
    await owed(storage, 2)
    one, two = await storage.ledger.claim("one", now=MORNING, limit=2)
    assert one.digest_id == two.digest_id
    assert await storage.ledger.digests([one.digest_id, two.digest_id, 10**9]) == {one.digest_id: EMPTY}


async def test_what_an_ended_process_left_is_taken_back_at_once(storage: SqlStorage) -> None:
    await owed(storage, 2)
    sending, _ = await storage.ledger.claim("ended", now=MORNING, limit=2)
    assert await storage.ledger.sending(sending, now=MORNING)
    assert await storage.ledger.recover(now=MORNING, resend=True) == 0
    assert await storage.ledger.recover(now=MORNING, resend=True, abandoned=True) == 2
    assert len(await storage.ledger.claim("next", now=MORNING, limit=5)) == 2


async def test_subscribers_are_read_by_their_ids(storage: SqlStorage) -> None:
    await owed(storage, 2)
    one = await storage.subscribers.get(1)
    assert one is not None
    assert await storage.subscribers.by_ids([one.id, one.id, 10**9]) == {one.id: one}


async def test_one_process_has_sqlite_to_itself(sqlite_storage: SqlStorage) -> None:
    assert sqlite_storage.rates is None
    assert await sqlite_storage.hold("filing")
    assert await sqlite_storage.hold("filing")


@pytest.mark.postgres
async def test_a_duty_is_one_processes_until_it_ends(postgres_url: str) -> None:
    one, two = await open_storage(postgres_url), await open_storage(postgres_url)
    try:
        assert await one.hold("filing")
        assert await one.hold("filing")
        assert not await two.hold("filing")
        assert await two.hold("bot")
        await one.close()
        assert await two.hold("filing")
    finally:
        await two.close()


async def test_processes_that_start_at_once_read_the_same_feeds_in(storage_url: str) -> None:
    both = await open_storage(storage_url), await open_storage(storage_url)
    specs = [FeedSpec(url=f"https://f{n}.example/", source=f"Source {n}", language="en") for n in range(300)]
    try:
        await asyncio.gather(*(one.feeds.sync(specs, now=MORNING) for one in both))
        assert len(await both[0].feeds.all()) == 300
    finally:
        for one in both:
            await one.close()


@pytest.mark.postgres
async def test_the_rate_is_one_for_all_processes(postgres_url: str) -> None:
    one, two = await open_storage(postgres_url), await open_storage(postgres_url)
    assert one.rates is not None
    assert two.rates is not None
    try:
        await one.rates.look()
        wait, halted = await one.rates.take(2, interval=100.0, burst=0.0)
        assert wait == pytest.approx(0.0, abs=0.001)
        assert halted == -float("inf")
        assert (await two.rates.take_free(1, 5, interval=100.0, burst=0.0))[0] == 0
        later = (await two.rates.take(1, interval=100.0, burst=0.0))[0]
        assert later is not None
        assert 150 < later <= 200
        await one.rates.halt(5000.0)
        await one.rates.halt(50.0)
        free, left = await two.rates.look()
        assert 4900 < left <= 5000
        assert free >= left
    finally:
        await one.close()
        await two.close()
