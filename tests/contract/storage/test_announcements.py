"""AnnouncementStore: one row a chat, from the message that asked for it to the counts at the end."""

from datetime import timedelta

import pytest

from digests.model import Announcement, DeliveryState
from tests.fakes.clock import MORNING

WORDS = Announcement(id=0, chat_id=1001, message_id=5, thread_id=3, body="The bot moves house.", created_at=MORNING)
PENDING, SENDING, SENT = DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT


@pytest.fixture
def box(storage):
    return storage.announcements


async def test_it_goes_to_every_active_chat_once_however_often_it_is_asked_for(shelf, storage, box):
    ids = [(await shelf.subscriber(chat)).id for chat in (1, 2, 3, 4)]
    await storage.subscribers.set_gone(4, gone=True)
    await storage.subscribers.update(ids[2], paused=True)
    assert await box.open(WORDS, now=MORNING) == (2, True)
    assert await box.open(WORDS, now=MORNING) == (2, False)
    one = await box.current()
    assert (one.chat_id, one.message_id, one.thread_id, one.body) == (1001, 5, 3, "The bot moves house.")
    assert await box.take(one.id, now=MORNING, limit=9) == ids[:2]
    assert await box.take(one.id, now=MORNING, limit=1) == ids[:1]


async def test_what_was_on_its_way_in_a_crash_is_uncertain_and_never_sent_again(shelf, box):
    ids = [(await shelf.subscriber(chat)).id for chat in (1, 2, 3)]
    await box.open(WORDS, now=MORNING)
    one = await box.current()
    await box.mark(one.id, ids[0], SENT)
    await box.mark(one.id, ids[1], SENDING)
    assert await box.recover(one.id) == 1
    assert await box.take(one.id, now=MORNING, limit=9) == ids[2:]
    counts = {state: count for state, count in (await box.counts(one.id)).items() if count}
    assert counts == {"sent": 1, "uncertain": 1, "pending": 1}


async def test_what_is_put_back_waits_for_its_time(shelf, box):
    subscriber = await shelf.subscriber(1)
    await box.open(WORDS, now=MORNING)
    one = await box.current()
    later = MORNING + timedelta(seconds=30)
    await box.mark(one.id, subscriber.id, PENDING, due_at=later)
    assert await box.take(one.id, now=MORNING, limit=9) == []
    assert await box.take(one.id, now=later, limit=9) == [subscriber.id]


async def test_digests_that_are_due_go_first(shelf, storage, box):
    subscriber = await shelf.subscriber(1)
    await box.open(WORDS, now=shelf.now)
    one = await box.current()
    await storage.ledger.enqueue([shelf.run(subscriber.id, shelf.digest(1))], now=shelf.now)
    assert await box.take(one.id, now=shelf.now, limit=9) == []
    (delivery,) = await storage.ledger.claim("w", now=shelf.now, limit=9)
    await storage.ledger.finish(delivery, SENT, now=shelf.now)
    assert await box.take(one.id, now=shelf.now, limit=9) == [subscriber.id]


async def test_when_it_is_done_with_the_next_one_comes(shelf, box):
    await shelf.subscriber(1)
    await box.open(WORDS, now=MORNING)
    await box.open(Announcement(id=0, chat_id=1001, message_id=6, body="And more.", created_at=MORNING), now=MORNING)
    first = await box.current()
    await box.finish(first.id, now=MORNING)
    assert await box.open(WORDS, now=MORNING) == (0, False)
    second = await box.current()
    assert second.body == "And more."
    await box.finish(second.id, now=MORNING)
    assert await box.current() is None


async def test_a_chat_that_is_deleted_meanwhile_is_not_counted(shelf, storage, box):
    ids = [(await shelf.subscriber(chat)).id for chat in (1, 2)]
    await box.open(WORDS, now=MORNING)
    one = await box.current()
    await storage.subscribers.delete(ids[0])
    assert await box.take(one.id, now=MORNING, limit=9) == ids[1:]
