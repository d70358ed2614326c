"""Updates by webhook, over HTTP and on both databases: stored before they are answered, each once, in order."""

import asyncio
from contextlib import AsyncExitStack

import aiohttp
import pytest
from telegram import Bot, Update

from bot.inbox import Inbox
from bot.web import HEADER, build_web, serving
from digests.storage import SqlStorage, open_storage
from tests.fakes.clock import SetClock

SECRET = "the-secret"
BOT = Bot("4242:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")


def update(number: int, chat: int = 7) -> dict[str, object]:
    message = {"message_id": number, "date": 1_790_000_000, "chat": {"id": chat, "type": "private"}, "text": "hello"}
    return {"update_id": number, "message": message}


class Door:
    """One of several processes behind a webhook: a web server and an inbox over a connection of its own."""

    def __init__(self, name: str, storage: SqlStorage, handled: list[tuple[int, int]]) -> None:
        self.storage, self.handled = storage, handled
        self.clock = SetClock()
        self.inbox = Inbox(name, storage.inbox, BOT, self._handle, clock=self.clock)
        self.url = ""
        self.at_work: set[int] = set()

    async def _handle(self, update: Update) -> None:
        assert update.message is not None
        await asyncio.sleep(0)
        self.handled.append((update.message.chat.id, update.update_id))

    async def take(self, given: object) -> None:
        assert isinstance(given, dict)
        await self.inbox.take(Update.de_json(given, BOT))

    async def open(self, stack: AsyncExitStack) -> None:
        app = build_web(self.storage, clock=self.clock, last_tick=lambda: None, take_update=self.take, secret=SECRET)
        port = await stack.enter_async_context(serving(app, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{port}/telegram"

    async def post(self, session: aiohttp.ClientSession, number: int, chat: int = 7) -> int:
        async with session.post(self.url, json=update(number, chat), headers={HEADER: SECRET}) as answer:
            return answer.status


async def test_an_update_is_in_the_database_when_it_is_answered(storage: SqlStorage) -> None:
    async with AsyncExitStack() as stack:
        door = Door("one", storage, [])
        await door.open(stack)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        assert await door.post(session, 1) == 200
        (stored,) = await storage.inbox.claim("look", now=door.clock(), limit=9)
        assert (stored.update_id, stored.chat_id) == (1, 7)


async def test_processes_behind_one_webhook_handle_each_update_once_and_in_the_order_of_its_chat(
    storage: SqlStorage, storage_url: str
) -> None:
    """Telegram sends a chat's next update when the one before it was answered, and any of them once more at times."""
    handled: list[tuple[int, int]] = []
    chats, each = range(1, 5), 6
    async with AsyncExitStack() as stack:
        other = await open_storage(storage_url)
        stack.push_async_callback(other.close)
        doors = [Door("one", storage, handled), Door("two", other, handled)]
        for door in doors:
            await door.open(stack)
        session = await stack.enter_async_context(aiohttp.ClientSession())

        async def tell(chat: int) -> None:
            for place in range(each):
                number = place * 10 + chat
                assert await doors[(chat + place) % 2].post(session, number, chat) == 200
                assert await doors[place % 2].post(session, number, chat) == 200

        for door in doors:
            await door.inbox.start()
        await asyncio.gather(*map(tell, chats))
        async with asyncio.timeout(20):
            while len(handled) < len(chats) * each:  # noqa: ASYNC110  # what is waited for has no event of its own
                await asyncio.sleep(0)
        for door in doors:
            await door.inbox.stop(20.0)
    assert len(handled) == len(set(handled)) == len(chats) * each
    for chat in chats:
        numbers = [number for of, number in handled if of == chat]
        assert numbers == sorted(numbers)


async def test_what_a_killed_process_had_taken_is_handled_by_another(storage: SqlStorage) -> None:
    handled: list[tuple[int, int]] = []
    async with AsyncExitStack() as stack:
        killed, other = Door("killed", storage, []), Door("other", storage, handled)
        await killed.open(stack)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        for number in (1, 2):
            assert await killed.post(session, number) == 200
        await killed.inbox._claim(9)
        other.clock.move(seconds=61)
        await other.inbox.recover()
        await other.inbox.drain()
        assert handled == [(7, 1), (7, 2)]


@pytest.mark.parametrize("secret", ["", "the-secre", "the-secret-and-more"])
async def test_without_the_secret_nothing_is_stored(sqlite_storage: SqlStorage, secret: str) -> None:
    async with AsyncExitStack() as stack:
        door = Door("one", sqlite_storage, [])
        await door.open(stack)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        async with session.post(door.url, json=update(1), headers={HEADER: secret}) as answer:
            assert answer.status == 403
        assert await sqlite_storage.inbox.claim("look", now=door.clock(), limit=9) == []
