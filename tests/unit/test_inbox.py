"""Inbox: one update of a chat after the other, chats side by side, none lost and none handled for nothing."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from telegram import Bot, Chat, Message, Update

from bot.inbox import LEASE, Inbox, Polled
from digests.errors import StorageError
from digests.model import Incoming
from digests.storage import SqlStorage
from tests.fakes.clock import SetClock

NOW = datetime(2026, 11, 24, tzinfo=UTC)
BOT = Bot("4242:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")


def update_of(number: int, chat_id: int | None = 1, text: str = "hello") -> Update:
    if chat_id is None:
        return Update(number)
    return Update(number, message=Message(number, NOW, Chat(chat_id, Chat.PRIVATE), text=text))


class Desk:
    """An inbox over a real store; each update's work begins at once and ends when the test says so."""

    def __init__(self, storage: SqlStorage) -> None:
        self.storage, self.clock = storage, SetClock()
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.open = False
        self.gates: dict[int, asyncio.Event] = {}
        self.inboxes: list[Inbox] = []

    def inbox(self, name: str = "one", **options: object) -> Inbox:
        made = Inbox(name, self.storage.inbox, BOT, self.handle, clock=self.clock, **options)
        self.inboxes.append(made)
        return made

    async def handle(self, update: Update) -> None:
        number = update.update_id
        self.begun.append(number)
        if not self.open:
            await self.gates.setdefault(number, asyncio.Event()).wait()
        if update.message is not None and update.message.text == "break":
            raise ValueError("broken")
        self.ended.append(number)

    def finish(self, *numbers: int) -> None:
        for number in numbers:
            self.gates.setdefault(number, asyncio.Event()).set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110  # what is waited for has no event of its own
                await asyncio.sleep(0)

    async def close(self) -> None:
        for one in self.inboxes:
            one.hurry()
            await one.stop(0.0)


@pytest.fixture
async def desk(sqlite_storage: SqlStorage):
    desk = Desk(sqlite_storage)
    yield desk
    await desk.close()


async def test_updates_of_one_chat_keep_their_order_and_chats_go_side_by_side(desk: Desk) -> None:
    inbox = desk.inbox()
    await inbox.start()
    for number, chat in ((1, 7), (2, 7), (3, 8), (4, None), (5, None)):
        await inbox.take(update_of(number, chat))
    await desk.until(lambda: len(desk.begun) == 4)
    assert sorted(desk.begun) == [1, 3, 4, 5]
    desk.finish(2, 1)
    await desk.until(lambda: 2 in desk.ended)
    assert desk.ended == [1, 2]


async def test_a_chat_that_floods_us_takes_one_place(desk: Desk) -> None:
    inbox = desk.inbox(side_by_side=2)
    for number in range(1, 51):
        await inbox.take(update_of(number, 7))
    for number in (51, 52):
        await inbox.take(update_of(number, number))
    await inbox.start()
    await desk.until(lambda: len(desk.begun) == 2)
    assert sorted(desk.begun) == [1, 51]
    desk.finish(51)
    await desk.until(lambda: len(desk.begun) == 3)
    assert desk.begun[-1] in {2, 52}


async def test_an_update_that_comes_again_is_dropped_even_by_another_process(desk: Desk) -> None:
    desk.open = True
    first, second = desk.inbox("one"), desk.inbox("two")
    await first.take(update_of(1))
    await first.take(update_of(1))
    await first.drain()
    await second.take(update_of(1))
    await second.drain()
    assert desk.ended == [1]


async def test_an_error_costs_one_update(desk: Desk) -> None:
    desk.open = True
    inbox = desk.inbox()
    await inbox.take(update_of(1, text="break"))
    await inbox.take(update_of(2))
    await inbox.drain()
    assert desk.begun == [1, 2]
    assert desk.ended == [2]


async def test_work_that_never_ends_is_broken_off_for_the_sake_of_what_comes_after(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = desk.inbox()
    await inbox.take(update_of(1))
    await inbox.take(update_of(2))
    monkeypatch.setattr("bot.inbox.LONGEST", 0.0)
    await inbox.drain()
    assert desk.begun == [1, 2]
    assert await inbox._claim(9) == []


async def test_what_was_at_work_when_the_process_was_killed_is_taken_up_again(desk: Desk) -> None:
    killed = desk.inbox("killed")
    await killed.take(update_of(1))
    await killed._claim(1)
    other = desk.inbox("other")
    desk.open = True
    await other.recover()
    await other.drain()
    assert desk.ended == []
    desk.clock.move(seconds=LEASE)
    await other.recover()
    await other.drain()
    assert desk.ended == [1]


async def test_alone_it_waits_for_no_lease(desk: Desk) -> None:
    killed = desk.inbox("killed")
    await killed.take(update_of(1))
    await killed._claim(1)
    desk.open = True
    await desk.inbox("next", alone=True).start()
    await desk.until(lambda: desk.ended == [1])


async def test_long_work_keeps_its_lease(desk: Desk) -> None:
    slow, other = desk.inbox("slow"), desk.inbox("other")
    await slow.start()
    await slow.take(update_of(1))
    await desk.until(lambda: desk.begun == [1])
    for _ in range(4):
        desk.clock.move(seconds=LEASE / 2)
        await slow._renew()
        await other.recover()
    assert await other._claim(9) == []


async def test_stopping_lets_work_end(desk: Desk) -> None:
    inbox = desk.inbox()
    await inbox.start()
    await inbox.take(update_of(1))
    await inbox.take(update_of(2))
    await desk.until(lambda: desk.begun == [1])
    stopping = asyncio.create_task(inbox.stop(20.0))
    await asyncio.sleep(0)
    desk.finish(1)
    await stopping
    assert desk.ended == [1]
    assert [one.update_id for one in await desk.inbox("next")._claim(9)] == [2]


@pytest.mark.parametrize("hurried", [False, True])
async def test_what_does_not_end_in_time_is_given_back(desk: Desk, hurried: bool) -> None:
    inbox = desk.inbox()
    await inbox.start()
    await inbox.take(update_of(1))
    await desk.until(lambda: desk.begun == [1])
    stopping = asyncio.create_task(inbox.stop(60.0 if hurried else 0.0))
    await asyncio.sleep(0)
    if hurried:
        inbox.hurry()
    await stopping
    assert desk.ended == []
    assert [one.update_id for one in await desk.inbox("next")._claim(9)] == [1]


class Refusing:
    """A store that refuses to write some times."""

    def __init__(self, inner: object, *methods: str, times: int = 2) -> None:
        self.inner, self.methods, self.left = inner, methods, times

    def __getattr__(self, name: str):
        method = getattr(self.inner, name)

        async def refusing(*args: object, **options: object):
            if name in self.methods and self.left > 0:
                self.left -= 1
                raise StorageError("The database is locked.")
            return await method(*args, **options)

        return refusing


async def test_what_was_handled_is_noted_as_soon_as_the_database_takes_it(desk: Desk) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    desk.open = True
    inbox = Inbox("one", Refusing(desk.storage.inbox, "done"), BOT, desk.handle, clock=desk.clock, sleep=sleep)
    await inbox.take(update_of(1))
    await inbox.drain()
    assert desk.ended == [1]
    assert pauses == [0.1, 1.0]
    await inbox.recover(abandoned=True)
    assert await inbox._claim(9) == []


async def test_a_database_that_fails_for_a_moment_ends_nothing(desk: Desk) -> None:
    desk.open = True
    inbox = Inbox("one", Refusing(desk.storage.inbox, "claim"), BOT, desk.handle, clock=desk.clock)
    desk.inboxes.append(inbox)
    await inbox.start()
    await inbox.take(update_of(1))

    def ended() -> bool:
        inbox._awake.set()
        return desk.ended == [1]

    await desk.until(ended)


async def test_a_webhook_is_told_when_an_update_could_not_be_stored(desk: Desk) -> None:
    inbox = Inbox("one", Refusing(desk.storage.inbox, "put"), BOT, desk.handle, clock=desk.clock)
    with pytest.raises(StorageError):
        await inbox.take(update_of(1))


async def test_the_poller_waits_until_an_update_is_stored(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.stubborn.FIRST", (0.0, 0.0))
    inbox = Inbox("one", Refusing(desk.storage.inbox, "put"), BOT, desk.handle, clock=desk.clock)
    await Polled(inbox).put(update_of(1))
    assert [one.update_id for one in await inbox._claim(9)] == [1]


async def test_ids_are_kept_for_longer_than_telegram_keeps_updates(desk: Desk) -> None:
    desk.open = True
    inbox = desk.inbox()
    await inbox.take(update_of(1))
    await inbox.drain()
    desk.clock.move(hours=24, minutes=30)
    await inbox.prune()
    await inbox.take(update_of(1))
    await inbox.drain()
    assert desk.ended == [1]
    desk.clock.move(hours=1)
    await inbox.prune()
    assert await desk.storage.inbox.put(Incoming(update_id=1, chat_id=None, body="{}"), now=desk.clock())
