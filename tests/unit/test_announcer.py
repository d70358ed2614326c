"""Announcer: every chat once, behind the digests, whatever breaks, and one report at the end."""

import asyncio
from datetime import timedelta

import pytest

from bot.delivery.announcer import PAUSE, TRIES_FOR, Announcer
from bot.delivery.pacer import Pacer
from bot.delivery.transport import Outcome
from digests.errors import StorageError
from digests.model import Announcement, DeliveryState, Digest, NewDelivery, Subscriber
from digests.storage import SqlStorage
from tests.fakes.clock import MORNING, SetClock
from tests.fakes.transport import RecordingTransport

ADMIN = 1001
WORDS = "The bot <moves> house."
SENT = Outcome("sent", message_id=1)


class Office:
    """An announcer over a real store, with everything else in the test's hands."""

    def __init__(self, storage: SqlStorage) -> None:
        self.storage, self.clock = storage, SetClock()
        self.transport = RecordingTransport()
        self.reports: list[dict[str, int]] = []
        self.report_outcome = SENT

    def announcer(self) -> Announcer:
        return Announcer(self.storage, self.transport, Pacer(1e6), self._report, clock=self.clock)

    async def _report(self, announcement: Announcement, counts: dict[str, int]) -> Outcome:
        assert announcement.chat_id == ADMIN
        self.reports.append({state: count for state, count in counts.items() if count})
        return self.report_outcome

    async def people(self, *chats: int) -> list[Subscriber]:
        return [
            await self.storage.subscribers.create(Subscriber(id=0, chat_id=chat, created_at=MORNING)) for chat in chats
        ]

    async def ask(self, message_id: int = 5) -> None:
        wanted = Announcement(id=0, chat_id=ADMIN, message_id=message_id, body=WORDS, created_at=self.clock())
        await self.storage.announcements.open(wanted, now=self.clock())

    @property
    def chats(self) -> list[int]:
        return sorted(chat for chat, _ in self.transport.sent)


@pytest.fixture
def office(sqlite_storage: SqlStorage) -> Office:
    return Office(sqlite_storage)


async def test_everyone_gets_it_once_as_it_was_written_and_one_report_ends_it(office: Office) -> None:
    await office.people(*range(1, 41))
    await office.ask()
    announcer = office.announcer()
    await announcer.drain()
    await announcer.drain()
    assert office.chats == list(range(1, 41))
    assert office.transport.sent[0][1] == "The bot &lt;moves&gt; house."
    assert office.reports == [{"sent": 40}]


async def test_each_chat_ends_as_what_telegram_says(office: Office) -> None:
    await office.people(*range(1, 6))
    await office.ask()
    office.transport.script.extend(
        [
            Outcome("gone", reason="blocked"),
            Outcome("failed", reason="no"),
            Outcome("uncertain", reason="no answer"),
            Outcome("closed", reason="topic closed"),
        ]
    )
    await office.announcer().drain()
    assert office.reports == [{"sent": 1, "failed": 1, "gone": 2, "uncertain": 1}]
    assert (await office.storage.subscribers.counts())["gone"] == 2


async def test_what_did_not_go_out_is_tried_again_for_a_day(office: Office) -> None:
    (one,) = await office.people(1)
    await office.ask()
    announcer = office.announcer()
    office.transport.script.extend([Outcome("again", reason="no route")] * 3)
    await announcer.drain()
    assert office.reports == []
    office.clock.move(seconds=PAUSE.total_seconds())
    await announcer.drain()
    office.clock.at(MORNING + TRIES_FOR)
    await announcer.drain()
    assert office.reports == [{"failed": 1}]
    assert one.chat_id not in office.chats


async def test_a_flood_wait_and_a_new_chat_id_only_delay_it(office: Office) -> None:
    await office.people(-5)
    await office.ask()
    announcer = office.announcer()
    office.transport.script.extend([Outcome("flood", seconds=0.0), Outcome("migrated", new_chat_id=-100)])
    await announcer.drain()
    assert office.chats == [-100]
    assert office.reports == [{"sent": 1}]


async def test_digests_go_first(office: Office) -> None:
    people = await office.people(1, 2)
    await office.ask()
    digest = Digest(since=MORNING - timedelta(days=1), until=MORNING)
    await office.storage.ledger.enqueue(
        [NewDelivery(subscriber_id=people[0].id, digest=digest, due_at=MORNING)], now=MORNING
    )
    announcer = office.announcer()
    assert not await announcer.step()
    assert office.chats == []
    assert office.reports == []
    (delivery,) = await office.storage.ledger.claim("w", now=MORNING, limit=9)
    await office.storage.ledger.finish(delivery, DeliveryState.SENT, now=MORNING)
    await announcer.drain()
    assert office.chats == [1, 2]


async def test_after_a_crash_it_goes_on_and_nobody_gets_it_twice(office: Office) -> None:
    people = await office.people(1, 2, 3)
    await office.ask()
    (announcement,) = [await office.storage.announcements.current()]
    assert announcement is not None
    await office.storage.announcements.mark(announcement.id, people[0].id, DeliveryState.SENT)
    await office.storage.announcements.mark(announcement.id, people[1].id, DeliveryState.SENDING)
    await office.announcer().drain()
    assert office.chats == [3]
    assert office.reports == [{"sent": 2, "uncertain": 1}]


async def test_sending_is_committed_before_the_request(office: Office) -> None:
    await office.people(1)
    await office.ask()
    seen: list[int] = []

    async def look() -> None:
        seen.append((await office.storage.announcements.counts(1))["sending"])

    office.transport.during = look
    await office.announcer().drain()
    assert seen == [1]


async def test_a_report_that_does_not_go_out_comes_later_and_one_that_never_will_ends_it(office: Office) -> None:
    await office.people(1)
    await office.ask()
    announcer = office.announcer()
    office.report_outcome = Outcome("again", reason="no route")
    await announcer.drain()
    await announcer.drain()
    assert len(office.reports) == 2
    office.report_outcome = Outcome("gone", reason="blocked")
    await announcer.drain()
    await announcer.drain()
    assert len(office.reports) == 3


async def test_what_arrived_is_noted_when_the_database_is_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.people(1, 2)
    await office.ask()
    mark, refused = office.storage.announcements.mark, []

    async def failing(announcement_id: int, subscriber_id: int, state: DeliveryState, **options: object) -> None:
        if state is DeliveryState.SENT and len(refused) < 3:
            refused.append(subscriber_id)
            raise StorageError("The database is locked.")
        await mark(announcement_id, subscriber_id, state, **options)

    async def at_once(_: float) -> None:
        pass

    monkeypatch.setattr(office.storage.announcements, "mark", failing)
    announcer = office.announcer()
    monkeypatch.setattr(announcer._pacer, "sleep", at_once)
    await announcer.drain()
    assert office.chats == [1, 2]
    assert office.reports == [{"sent": 2}]


async def test_one_chat_that_goes_wrong_does_not_break_off_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await office.people(1, 2, 3)
    await office.ask()
    send = office.transport.send

    async def failing(subscriber: Subscriber, *args: object, **options: object) -> Outcome:
        if subscriber.id == people[1].id:
            raise ValueError("a fault of ours")
        return await send(subscriber, *args, **options)

    monkeypatch.setattr(office.transport, "send", failing)
    await office.announcer().drain()
    assert office.chats == [1, 3]
    assert office.reports == [{"sent": 2, "uncertain": 1}]


async def test_stopping_lets_what_is_on_its_way_end_and_the_next_start_does_the_rest(office: Office) -> None:
    await office.people(*range(1, 41))
    await office.ask()
    announcer = office.announcer()
    on_its_way, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        on_its_way.set()
        await go_on.wait()

    office.transport.during = wait
    await announcer.start()
    await on_its_way.wait()
    stopping = asyncio.create_task(announcer.stop(20.0))
    await asyncio.sleep(0)
    go_on.set()
    await stopping
    assert 0 < len(office.chats) < 40
    office.transport.during = None
    await office.announcer().drain()
    assert office.chats == list(range(1, 41))
    assert office.reports == [{"sent": 40}]
