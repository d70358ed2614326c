"""InboxStore: each update once, those of one chat in their order, none lost in a crash."""

import asyncio
from datetime import timedelta

import pytest

from digests.model import Incoming
from digests.storage import open_storage
from tests.fakes.clock import MORNING

HOUR = timedelta(hours=1)


def update(number, chat=1):
    return Incoming(update_id=number, chat_id=chat, body=f'{{"update_id": {number}, "text": "\\u0000 سلام"}}')


@pytest.fixture
def inbox(storage):
    return storage.inbox


async def put(inbox, *updates):
    return [await inbox.put(one, now=MORNING) for one in updates]


async def claim(inbox, worker="w", *, limit=50, after=timedelta(0)):
    return [one.update_id for one in await inbox.claim(worker, now=MORNING + after, limit=limit)]


async def test_an_update_reads_as_it_came_and_is_taken_once(inbox):
    assert await put(inbox, update(7), update(7)) == [True, False]
    (claimed,) = await inbox.claim("w", now=MORNING, limit=9)
    assert (claimed.update_id, claimed.chat_id, claimed.body) == (7, 1, update(7).body)
    assert claimed.attempts == 1
    assert await claim(inbox) == []
    await inbox.done(7)
    assert await put(inbox, update(7)) == [False]
    assert await claim(inbox) == []


async def test_a_chat_keeps_its_order_and_chats_go_side_by_side(inbox):
    await put(inbox, update(3), update(1), update(2), update(4, chat=2))
    assert await claim(inbox) == [1, 4]
    assert await claim(inbox, "other") == []
    await inbox.done(1)
    assert await claim(inbox, "other") == [2]
    await inbox.done(2)
    assert await claim(inbox) == [3]


async def test_updates_of_no_chat_wait_for_nobody(inbox):
    await put(inbox, update(1, None), update(2, None))
    assert await claim(inbox) == [1, 2]


async def test_as_many_as_asked_for_oldest_first(inbox):
    await put(inbox, *[update(number, chat=number) for number in range(1, 6)])
    assert await claim(inbox, limit=2) == [1, 2]
    assert await claim(inbox, limit=2) == [3, 4]


async def test_what_a_crash_left_comes_back_when_its_lease_is_over(inbox):
    await put(inbox, update(1), update(2))
    await claim(inbox, "killed")
    assert await inbox.recover(now=MORNING + timedelta(seconds=59), tries=3) == []
    assert await claim(inbox) == []
    assert await inbox.recover(now=MORNING + timedelta(seconds=60), tries=3) == []
    assert await claim(inbox) == [1]


async def test_a_lease_that_is_renewed_lasts(inbox):
    await put(inbox, update(1))
    await claim(inbox, "slow")
    await inbox.renew("slow", now=MORNING + timedelta(seconds=50))
    await inbox.recover(now=MORNING + timedelta(seconds=70), tries=3)
    assert await claim(inbox) == []


async def test_what_an_ended_process_left_comes_back_at_once(inbox):
    await put(inbox, update(1))
    await claim(inbox, "killed")
    await inbox.recover(now=MORNING, tries=3, abandoned=True)
    assert await claim(inbox) == [1]


async def test_what_is_given_back_does_not_count_as_tried(inbox):
    await put(inbox, update(1), update(2, chat=2))
    await claim(inbox, "stopping")
    await inbox.done(2)
    assert await inbox.give_back("stopping") == 1
    (again,) = await inbox.claim("next", now=MORNING, limit=9)
    assert (again.update_id, again.attempts) == (1, 1)


async def test_an_update_that_ends_every_process_is_given_up(inbox):
    await put(inbox, update(1), update(2))
    for _ in range(2):
        assert await claim(inbox, "killed") == [1]
        assert await inbox.recover(now=MORNING, tries=3, abandoned=True) == []
    assert await claim(inbox, "killed") == [1]
    assert await inbox.recover(now=MORNING, tries=3, abandoned=True) == [1]
    assert await claim(inbox) == [2]
    assert await put(inbox, update(1)) == [False]


async def test_only_what_is_done_and_old_is_forgotten(inbox):
    await put(inbox, update(1), update(2))
    await claim(inbox)
    await inbox.done(1)
    assert await inbox.prune(MORNING) == 0
    assert await inbox.prune(MORNING + HOUR) == 1
    assert await claim(inbox) == [2]


async def test_several_processes_share_the_updates_and_keep_each_chats_order(storage, storage_url):
    """Every update is handled once, whoever claims it, and never beside another of its chat."""
    chats, each = 5, 8
    await put(storage.inbox, *[update(n * chats + chat, chat) for n in range(each) for chat in range(chats)])
    others = [storage, *[await open_storage(storage_url) for _ in range(2)]]
    handled, at_work = [], set()

    async def work(name, inbox):
        while len(handled) < chats * each:
            for one in await inbox.claim(name, now=MORNING, limit=3):
                assert one.chat_id not in at_work
                at_work.add(one.chat_id)
                await asyncio.sleep(0)
                handled.append((one.chat_id, one.update_id))
                at_work.discard(one.chat_id)
                await inbox.done(one.update_id)

    await asyncio.gather(*[work(str(place), one.inbox) for place, one in enumerate(others)])
    for one in others[1:]:
        await one.close()
    assert len(handled) == len(set(handled)) == chats * each
    for chat in range(chats):
        numbers = [number for of, number in handled if of == chat]
        assert numbers == sorted(numbers)
