"""Events and updates: order, what is forgotten, and who is woken."""

import asyncio

import pytest

from bot.playground.api.errors import ApiError
from bot.playground.api.events import EventLog
from bot.playground.api.faults import Fault, Faults
from bot.playground.api.updates import Updates


def test_events_are_numbered_and_the_oldest_forgotten() -> None:
    log = EventLog(keep=3)
    for number in range(5):
        log.append("action", number=number)
    assert [event["seq"] for event in log.after(3)] == [4, 5]
    assert [event["seq"] for event in log.after(0)] == [3, 4, 5]
    assert log.after(5) == log.after(9) == []
    assert [log.forgot(seq) for seq in (0, 1, 2, 5, 6)] == [True, True, False, False, True]


async def test_whoever_waits_for_events_is_woken() -> None:
    log = EventLog(keep=3)
    waiting = [asyncio.create_task(log.changed(5)) for _ in range(2)]
    await asyncio.sleep(0)
    log.append("action")
    assert await asyncio.gather(*waiting) == [True, True]
    assert await log.changed(0) is False


async def test_updates_stay_until_they_are_confirmed() -> None:
    updates = Updates()
    ids = [updates.put("message", {"n": number}) for number in range(3)]
    assert [update["update_id"] for update in await updates.poll(offset=0, limit=2, timeout=0)] == ids[:2]
    assert [update["update_id"] for update in await updates.poll(offset=0, limit=100, timeout=0)] == ids
    assert ids[1] is not None
    assert [update["update_id"] for update in await updates.poll(offset=ids[1] + 1, limit=9, timeout=0)] == ids[2:]
    assert len(updates.pending) == 1


async def test_a_negative_offset_keeps_the_last() -> None:
    updates = Updates()
    ids = [updates.put("message", {}) for _ in range(4)]
    assert [update["update_id"] for update in await updates.poll(offset=-1, limit=9, timeout=0)] == ids[3:]
    assert len(await updates.poll(offset=-9, limit=9, timeout=0)) == 1


async def test_a_poll_waits_for_an_update() -> None:
    updates = Updates()
    poll = asyncio.create_task(updates.poll(offset=0, limit=9, timeout=5))
    await asyncio.sleep(0)
    updates.put("message", {"text": "x"})
    assert [update["message"] for update in await poll] == [{"text": "x"}]


async def test_a_second_poller_ends_the_first() -> None:
    updates = Updates()
    first = asyncio.create_task(updates.poll(offset=0, limit=9, timeout=5))
    await asyncio.sleep(0)
    second = asyncio.create_task(updates.poll(offset=0, limit=9, timeout=5))
    with pytest.raises(ApiError, match="terminated by other getUpdates request"):
        await first
    updates.put("message", {})
    assert len(await second) == 1


async def test_a_closing_server_ends_polls_without_an_error() -> None:
    updates = Updates()
    poll = asyncio.create_task(updates.poll(offset=0, limit=9, timeout=5))
    await asyncio.sleep(0)
    updates.open(is_open=False)
    assert await poll == []


def test_some_kinds_come_only_when_named() -> None:
    updates = Updates()
    assert updates.put("message_reaction", {}) is None
    assert updates.put("my_chat_member", {}) is not None
    updates.allow(["message_reaction", "message"])
    assert updates.put("message_reaction", {}) is not None
    assert updates.put("callback_query", {}) is None
    updates.allow(None)
    assert updates.wants("message_reaction")
    updates.allow([])
    assert not updates.wants("message_reaction")
    assert updates.wants("callback_query")


def test_faults_are_counted_down_by_method_and_chat() -> None:
    faults = Faults()
    faults.add(Fault(method="sendMessage", times=2, error_code=500))
    faults.add(Fault(method="*", chat_id=7, cut="before"))
    faults.add(Fault(method="*", times=0))
    assert faults.take("getMe", {}) is None
    assert [
        fault and fault.error_code for fault in (faults.take("SENDMESSAGE", {}), faults.take("sendMessage", {}))
    ] == [
        500,
        500,
    ]
    assert faults.take("sendMessage", {"chat_id": "8"}) is None
    fault = faults.take("sendMessage", {"chat_id": "7"})
    assert fault
    assert (fault.cut, fault.error(), faults.pending) == ("before", None, [])
