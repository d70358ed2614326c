"""Delivery on both engines, and from a due subscriber to the message in the chat through the real transport."""

import asyncio
from datetime import timedelta

import pytest

from bot.delivery.pacer import Pacer
from bot.delivery.worker import DeliveryPolicy, DeliveryWorkers
from bot.playground.api.faults import Fault
from bot.view import Message
from digests.model import DeliveryState, Digest, NewDelivery, Subscriber
from digests.storage import SqlStorage
from tests.fakes.clock import MORNING, SetClock
from tests.fakes.reader import Reader
from tests.fakes.transport import RecordingTransport

EMPTY = Digest(since=MORNING - timedelta(days=1), until=MORNING)


def workers(name: str, storage: SqlStorage, transport: RecordingTransport, clock: SetClock) -> DeliveryWorkers:
    return DeliveryWorkers(
        name,
        storage,
        transport,
        Pacer(1e6),
        lambda *_: [Message(html="one", plain="one"), Message(html="two", plain="two")],
        clock=clock,
        policy=DeliveryPolicy(in_flight=3),
    )


async def test_two_processes_send_each_part_of_each_digest_once(storage: SqlStorage) -> None:
    clock, transport = SetClock(), RecordingTransport()
    chats = range(1, 31)
    for chat in chats:
        one = await storage.subscribers.create(Subscriber(id=0, chat_id=chat, created_at=MORNING))
        await storage.ledger.enqueue([NewDelivery(subscriber_id=one.id, digest=EMPTY, due_at=MORNING)], now=MORNING)
    both = [workers(name, storage, transport, clock) for name in ("one", "two")]
    done = asyncio.Event()

    async def count() -> None:
        if len(transport.tried) == 2 * len(chats):
            done.set()

    transport.during = count
    for one in both:
        await one.start()
    async with asyncio.timeout(60):
        await done.wait()
    for one in both:
        await one.stop()
    assert sorted(transport.sent) == sorted((chat, text) for chat in chats for text in ("one", "two"))
    for chat in chats:
        assert [text for to, text in transport.sent if to == chat] == ["one", "two"]
    counts = await storage.ledger.counts()
    assert {state: count for state, count in counts.items() if count} == {"sent": 60}


async def due_now(reader: Reader) -> None:
    """The reader's schedule comes round, and the tick writes what is due."""
    news = reader.running.news
    subscriber = await news.storage.subscribers.get(reader.chat_id)
    assert subscriber is not None
    await news.storage.subscribers.update(subscriber.id, next_due_at=news.clock() - timedelta(seconds=1))
    await news.pipeline.compose_due()


async def test_a_due_digest_arrives_in_the_chat(reader: Reader) -> None:
    await reader.say("/start")
    before = len(reader.world.sent)
    await due_now(reader)
    await reader.settle()
    (digest,) = reader.world.sent[before:]
    assert "digest" in digest.text


async def test_a_reader_who_blocked_the_bot_is_gone_and_start_brings_them_back(reader: Reader) -> None:
    await reader.say("/start")
    await due_now(reader)
    reader.world.block()
    reader.expected_refusals = []
    storage = reader.running.news.storage
    await reader.settle()
    gone = await storage.subscribers.get(reader.chat_id)
    assert gone is not None
    assert gone.gone
    reader.world.block(False)
    await reader.say("/start")
    back = await storage.subscribers.get(reader.chat_id)
    assert back is not None
    assert not back.gone


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_a_digest_whose_answer_was_lost_is_sent_again(reader: Reader, cut: str) -> None:
    await reader.say("/start")
    await due_now(reader)
    before = len(reader.world.sent)
    reader.world.faults.add(Fault(method="sendMessage", cut=cut))
    await reader.settle()
    storage = reader.running.news.storage
    assert (await storage.ledger.counts())[DeliveryState.PENDING] == 1
    assert len(reader.world.sent) == before + (cut == "after")
