"""ChatOrder: one chat after the other, chats side by side, and no chat in the way of the others."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime

import pytest
from telegram import Chat, Message, Update
from telegram.ext import BaseUpdateProcessor

from bot.order import ChatOrder

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def update_of(chat_id: int, number: int = 1) -> Update:
    return Update(number, message=Message(number, NOW, Chat(chat_id, Chat.PRIVATE), text="hello"))


class Desk:
    """Work that begins at once and ends when the test says so."""

    def __init__(self, order: ChatOrder) -> None:
        self.order = order
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    async def _work(self, name: str) -> None:
        self.begun.append(name)
        await self.gates[name].wait()
        self.ended.append(name)

    def put(self, name: str, update: object) -> asyncio.Task[None]:
        self.gates[name] = asyncio.Event()
        return asyncio.create_task(self.order.process_update(update, self._work(name)))

    async def settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    async def finish(self, *names: str) -> None:
        for name in names:
            self.gates[name].set()
        await self.settle()


@pytest.fixture
def desk() -> Desk:
    return Desk(ChatOrder())


async def test_updates_of_one_chat_keep_their_order(desk: Desk) -> None:
    tasks = [desk.put(name, update_of(1)) for name in "abc"]
    await desk.settle()
    assert desk.begun == ["a"]
    await desk.finish("c", "b")
    assert desk.begun == ["a"]
    await desk.finish("a")
    assert desk.ended == ["a", "b", "c"]
    await asyncio.gather(*tasks)


async def test_chats_go_side_by_side(desk: Desk) -> None:
    tasks = [desk.put(f"chat {chat}", update_of(chat)) for chat in range(1, 6)]
    await desk.settle()
    assert len(desk.begun) == 5
    await desk.finish(*desk.gates)
    await asyncio.gather(*tasks)


async def test_a_chat_that_floods_us_takes_one_place() -> None:
    desk = Desk(ChatOrder(side_by_side=2))
    tasks = [desk.put(f"flood {number}", update_of(1)) for number in range(50)]
    tasks.append(desk.put("other", update_of(2)))
    await desk.settle()
    assert desk.begun == ["flood 0", "other"]
    await desk.finish(*desk.gates)
    await asyncio.gather(*tasks)


async def test_no_more_chats_than_places_are_at_work() -> None:
    desk = Desk(ChatOrder(side_by_side=2))
    tasks = [desk.put(f"chat {chat}", update_of(chat)) for chat in range(1, 4)]
    tasks.append(desk.put("none", object()))
    await desk.settle()
    assert desk.begun == ["chat 1", "chat 2"]
    await desk.finish(*desk.gates)
    await asyncio.gather(*tasks)
    assert len(desk.ended) == 4


async def test_what_has_no_chat_waits_for_nobody(desk: Desk) -> None:
    tasks = [desk.put("chat", update_of(1)), desk.put("update", Update(5)), desk.put("object", object())]
    await desk.settle()
    assert desk.begun == ["chat", "update", "object"]
    await desk.finish(*desk.gates)
    await asyncio.gather(*tasks)


async def test_an_error_lets_the_next_one_go_and_leaves_no_lock(desk: Desk) -> None:
    async def fail() -> None:
        raise ValueError("broken")

    failing: Awaitable[None] = fail()
    first = asyncio.create_task(desk.order.process_update(update_of(1), failing))
    second = desk.put("next", update_of(1))
    await desk.finish("next")
    with pytest.raises(ValueError, match="broken"):
        await first
    await second
    assert desk.ended == ["next"]
    assert desk.order._locks == {}


async def test_ptb_takes_it_for_an_update_processor(desk: Desk) -> None:
    assert isinstance(desk.order, BaseUpdateProcessor)
    async with desk.order as order:
        assert order.max_concurrent_updates > 64
