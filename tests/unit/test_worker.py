"""DeliveryWorkers: what becomes of a delivery, whatever happens to its message, its worker or its subscriber."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import time, timedelta

import pytest

from bot.delivery.pacer import GROUP, Pacer
from bot.delivery.transport import Outcome
from bot.delivery.worker import HELD, LEAST_AHEAD, DeliveryPolicy, DeliveryWorkers
from bot.view import Message
from digests.errors import StorageError
from digests.model import Delivery, Digest, Item, NewDelivery, Section, Subscriber
from digests.storage import SqlStorage
from tests.fakes.clock import MORNING, SetClock
from tests.fakes.transport import RecordingTransport

AGAIN = Outcome("again", reason="no connection")
UNCERTAIN = Outcome("uncertain", reason="no answer")


def digest_of(*stories: int) -> Digest:
    items = tuple(
        Item(
            story_id=story,
            article_id=story,
            headline=f"Story {story}",
            url=f"https://a.example/{story}",
            source="Gazette",
            published=MORNING,
            language="en",
        )
        for story in stories
    )
    return Digest(since=MORNING - timedelta(days=1), until=MORNING, sections=(Section(None, items),))


def one_message_a_story(_: Delivery, digest: Digest, __: Subscriber) -> Sequence[Message]:
    return [Message(html=item.headline, plain=item.headline) for item in digest.items]


class Office:
    """Workers over a real ledger, with everything else in the test's hands."""

    def __init__(self, storage: SqlStorage) -> None:
        self.storage = storage
        self.clock = SetClock()
        self.transport = RecordingTransport()
        self.pacer = Pacer(1e6, clock=lambda: self.clock().timestamp(), sleep=self.sleep)
        self.failures: list[str] = []
        self.render: Callable[..., Sequence[Message]] = one_message_a_story

    def workers(self, name: str = "one", **policy: object) -> DeliveryWorkers:
        async def report(_: Delivery, reason: str) -> None:
            self.failures.append(reason)

        return DeliveryWorkers(
            name,
            self.storage,
            self.transport,
            self.pacer,
            self._written,
            clock=self.clock,
            policy=DeliveryPolicy(**{"in_flight": 2, "patience": 5.0} | policy),
            on_failure=report,
        )

    def _written(self, delivery: Delivery, digest: Digest, subscriber: Subscriber) -> Sequence[Message]:
        return self.render(delivery, digest, subscriber)

    async def sleep(self, seconds: float) -> None:
        self.clock.move(seconds=seconds + 1e-6)

    async def subscriber(self, chat_id: int = 100, **fields: object) -> Subscriber:
        fields = {"id": 0, "chat_id": chat_id, "created_at": self.clock()} | fields
        return await self.storage.subscribers.create(Subscriber(**fields))

    async def owe(self, *subscribers: Subscriber, stories: Sequence[int] = (1,), kind: str = "digest") -> None:
        now = self.clock()
        await self.storage.ledger.enqueue(
            [
                NewDelivery(subscriber_id=one.id, digest=digest_of(*stories), due_at=now, kind=kind)
                for one in subscribers
            ],
            now=now,
        )

    async def states(self) -> dict[str, int]:
        return {state: count for state, count in (await self.storage.ledger.counts()).items() if count}


@pytest.fixture
def office(sqlite_storage: SqlStorage) -> Office:
    return Office(sqlite_storage)


# ── outcomes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_delivery_is_sent_once(office: Office) -> None:
    await office.owe(await office.subscriber())
    assert await office.workers().drain() == 1
    assert await office.workers().drain() == 0
    assert office.transport.sent == [(100, "Story 1")]
    assert await office.states() == {"sent": 1}


async def test_sending_is_committed_before_the_request_goes_out(office: Office) -> None:
    await office.owe(await office.subscriber())
    seen: list[dict[str, int]] = []

    async def look() -> None:
        seen.append(await office.states())

    office.transport.during = look
    await office.workers().drain()
    assert seen == [{"sending": 1}]


async def test_parts_go_out_in_their_order(office: Office) -> None:
    await office.owe(await office.subscriber(), stories=(1, 2, 3))
    await office.workers().drain()
    assert [text for _, text in office.transport.sent] == ["Story 1", "Story 2", "Story 3"]
    assert await office.states() == {"sent": 3}


async def test_a_part_that_fails_calls_off_those_behind_it(office: Office) -> None:
    await office.owe(await office.subscriber(), stories=(1, 2, 3))
    office.transport.script.extend([Outcome("sent", message_id=1), Outcome("failed", reason="too long")])
    await office.workers().drain()
    assert office.transport.sent == [(100, "Story 1")]
    assert await office.states() == {"sent": 1, "failed": 2}
    assert office.failures == ["too long"]


async def test_a_part_that_a_new_version_does_not_write_any_more_fails(office: Office) -> None:
    await office.owe(await office.subscriber(), stories=(1, 2))
    office.transport.script.append(Outcome("sent", message_id=1))
    workers = office.workers()
    (first,) = await workers._claim(limit=1)
    await workers.deliver([first])
    office.render = lambda *values: one_message_a_story(*values)[:1]
    await workers.drain()
    assert await office.states() == {"sent": 1, "failed": 1}


async def test_what_did_not_go_out_is_tried_again_after_a_pause(office: Office) -> None:
    await office.owe(await office.subscriber())
    office.transport.script.extend([AGAIN, AGAIN])
    await office.workers().drain()
    assert await office.states() == {"pending": 1}
    assert await office.workers().drain() == 0
    office.clock.move(seconds=2)
    assert await office.workers().drain() == 1
    office.clock.move(seconds=2)
    assert await office.workers().drain() == 0
    office.clock.move(seconds=2)
    await office.workers().drain()
    assert await office.states() == {"sent": 1}


async def test_a_delivery_is_given_up_after_a_day_of_trying(office: Office) -> None:
    await office.owe(await office.subscriber())
    office.transport.script.extend([AGAIN] * 40)
    while await office.states() == {"pending": 1}:
        office.clock.move(hours=1)
        await office.workers().drain()
    assert timedelta(hours=24) < office.clock() - MORNING < timedelta(hours=25, minutes=1)
    assert office.failures == ["given up after 24 hours: no connection"]


async def test_after_a_long_downtime_it_is_still_tried_once(office: Office) -> None:
    await office.owe(await office.subscriber())
    office.clock.move(days=3)
    await office.workers().drain()
    assert await office.states() == {"sent": 1}


async def test_a_flood_wait_puts_it_back_and_halts_everyone(office: Office) -> None:
    await office.owe(await office.subscriber(1), await office.subscriber(2))
    office.transport.script.append(Outcome("flood", seconds=30.0))
    workers = office.workers()
    (first, second) = await workers._claim(limit=2)
    await workers.deliver([first])
    assert office.pacer.halted == pytest.approx(30.0, abs=0.01)
    assert await workers._claim(limit=2) == []
    await workers.deliver([second])
    assert office.clock() - MORNING == pytest.approx(timedelta(seconds=30), abs=timedelta(seconds=0.1))
    assert office.transport.sent == [(2, "Story 1")]
    office.clock.move(seconds=1)
    await workers.drain()
    assert await office.states() == {"sent": 2}


async def test_a_chat_that_is_gone_gets_nothing_more(office: Office) -> None:
    sara = await office.subscriber()
    await office.owe(sara)
    await office.owe(sara, stories=(2,))
    office.transport.script.append(Outcome("gone", reason="Forbidden: bot was blocked by the user"))
    await office.workers().drain()
    found = await office.storage.subscribers.by_id(sara.id)
    assert found is not None
    assert found.gone
    assert len(office.transport.tried) == 1
    assert await office.states() == {"gone": 2}
    assert office.failures == []


async def test_a_thread_that_is_closed_leaves_the_rest_of_its_chat(office: Office) -> None:
    thread, general = await office.subscriber(-100, thread_id=5), await office.subscriber(-100)
    await office.owe(thread, general)
    office.transport.script.append(Outcome("closed", reason="Bad Request: message thread not found"))
    await office.workers().drain()
    assert await office.states() == {"gone": 1, "sent": 1}
    found = [await office.storage.subscribers.by_id(one.id) for one in (thread, general)]
    assert [one.gone for one in found if one] == [True, False]


async def test_a_subscriber_that_is_gone_or_deleted_gets_nothing(office: Office) -> None:
    sara, omid = await office.subscriber(1), await office.subscriber(2)
    await office.owe(sara, omid)
    workers = office.workers()
    claimed = await workers._claim(limit=2)
    await office.storage.subscribers.update(sara.id, gone=True)
    await office.storage.subscribers.delete(omid.id)
    await workers.deliver(claimed)
    assert office.transport.tried == []
    assert await office.states() == {"gone": 1}


async def test_a_group_that_became_a_supergroup_gets_it_there(office: Office) -> None:
    await office.owe(await office.subscriber(-5))
    office.transport.script.append(Outcome("migrated", new_chat_id=-1005))
    await office.workers().drain()
    assert office.transport.sent == [(-1005, "Story 1")]
    assert await office.states() == {"sent": 1}


@pytest.mark.parametrize(("policy", "state"), [("resend", "pending"), ("drop", "uncertain")])
async def test_what_is_uncertain_is_sent_again_or_dropped_as_set(office: Office, policy: str, state: str) -> None:
    await office.owe(await office.subscriber())
    office.transport.script.append(UNCERTAIN)
    await office.workers(uncertain=policy).drain()
    assert await office.states() == {state: 1}
    office.clock.move(minutes=1)
    await office.workers(uncertain=policy).drain()
    assert len(office.transport.sent) == (policy == "resend")


async def test_a_digest_that_cant_be_written_is_tried_for_a_day_and_stops_no_other(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    def render(delivery: Delivery, digest: Digest, subscriber: Subscriber) -> Sequence[Message]:
        if subscriber.chat_id == 1:
            raise ZeroDivisionError
        return one_message_a_story(delivery, digest, subscriber)

    office.render = render
    await office.owe(await office.subscriber(1), await office.subscriber(2))
    await office.workers().drain()
    assert await office.states() == {"pending": 1, "sent": 1}
    office.clock.move(hours=25)
    await office.workers().drain()
    assert await office.states() == {"failed": 1, "sent": 1}
    assert "ZeroDivisionError" in office.failures[0]


async def test_a_busy_chat_holds_no_worker(office: Office) -> None:
    while office.pacer.chat_wait(-7) <= HELD:
        office.pacer.reserve(-7)
    await office.owe(await office.subscriber(-7), await office.subscriber(8))
    await office.workers().drain()
    assert office.transport.sent == [(8, "Story 1")]
    assert await office.states() == {"pending": 1, "sent": 1}
    office.clock.move(seconds=HELD + GROUP.interval)
    await office.workers().drain()
    assert await office.states() == {"sent": 2}


# ── leases ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_worker_that_lost_its_lease_sends_nothing(office: Office) -> None:
    await office.owe(await office.subscriber())
    slow, quick = office.workers("slow"), office.workers("quick")
    (claimed,) = await slow._claim(limit=1)
    office.clock.move(seconds=61)
    await quick.drain()
    await slow.deliver([claimed])
    assert len(office.transport.tried) == 1


async def test_an_outcome_that_comes_after_the_lease_was_lost_changes_nothing(office: Office) -> None:
    await office.owe(await office.subscriber())
    slow, quick = office.workers("slow"), office.workers("quick")

    async def meanwhile() -> None:
        office.transport.during = None
        office.clock.move(seconds=61)
        await quick.recover()
        await quick.drain()

    office.transport.script.extend([Outcome("sent", message_id=2), Outcome("failed", reason="late")])
    office.transport.during = meanwhile
    await slow.drain()
    assert await office.states() == {"sent": 1}


@pytest.mark.parametrize(("policy", "state"), [("resend", "sent"), ("drop", "uncertain")])
async def test_what_a_crash_left_in_sending_is_resent_or_dropped_as_set(
    office: Office, policy: str, state: str
) -> None:
    await office.owe(await office.subscriber())
    crashed = office.workers("crashed")
    (claimed,) = await crashed._claim(limit=1)
    assert await office.storage.ledger.sending(claimed, now=office.clock())
    workers = office.workers("next", uncertain=policy)
    await workers.recover()
    assert await workers.drain() == 0
    office.clock.move(seconds=61)
    await workers.recover()
    await workers.drain()
    assert await office.states() == {state: 1}


async def test_what_a_crash_left_claimed_is_sent_when_the_lease_is_over(office: Office) -> None:
    await office.owe(await office.subscriber())
    await office.workers("crashed")._claim(limit=1)
    office.clock.move(seconds=61)
    workers = office.workers("next", uncertain="drop")
    await workers.recover()
    await workers.drain()
    assert await office.states() == {"sent": 1}


# ── running ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110  # what is waited for has no event of its own
            await asyncio.sleep(0)


async def test_running_workers_send_what_is_written_when_they_are_woken(office: Office) -> None:
    workers = office.workers()
    await workers.start()
    subscribers = [await office.subscriber(chat) for chat in range(1, 12)]
    await office.owe(*subscribers)
    workers.wake()
    await until(lambda: len(office.transport.sent) == 11)
    await workers.stop()
    assert await office.states() == {"sent": 11}
    assert sorted(chat for chat, _ in office.transport.sent) == list(range(1, 12))


async def test_starting_takes_up_what_a_crash_left(office: Office) -> None:
    await office.owe(await office.subscriber())
    await office.workers("crashed")._claim(limit=1)
    office.clock.move(seconds=61)
    workers = office.workers("next")
    await workers.start()
    await until(lambda: len(office.transport.sent) == 1)
    await workers.stop()


async def test_stopping_finishes_what_is_in_flight_and_gives_back_the_rest(office: Office) -> None:
    on_its_way, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        on_its_way.set()
        await go_on.wait()

    office.transport.during = wait
    await office.owe(*[await office.subscriber(chat) for chat in range(1, 6)])
    workers = office.workers(in_flight=1)
    await workers.start()
    await on_its_way.wait()
    stopping = asyncio.create_task(workers.stop())
    claimed: list[Delivery] = []
    while len(claimed) < 4:
        claimed += await office.workers("next")._claim(limit=9)
    assert not stopping.done()
    go_on.set()
    await stopping
    assert len(office.transport.sent) == 1
    assert await office.states() == {"sent": 1, "pending": 4}
    assert {one.due_at for one in claimed} == {MORNING}


async def test_stopping_does_not_wait_for_ever_for_what_is_in_flight(office: Office) -> None:
    on_its_way = asyncio.Event()

    async def hang() -> None:
        on_its_way.set()
        await asyncio.Event().wait()

    office.transport.during = hang
    await office.owe(await office.subscriber())
    workers = office.workers(patience=0.0)
    await workers.start()
    await on_its_way.wait()
    await workers.stop()
    assert await office.states() == {"sending": 1}


async def test_stopping_gives_back_what_waits_for_its_turn(office: Office) -> None:
    waits = asyncio.Event()

    async def sleep(_: float) -> None:
        waits.set()
        await asyncio.Event().wait()

    office.pacer = Pacer(1e6, clock=office.pacer._clock, sleep=sleep)
    office.pacer.halt(HELD)
    await office.owe(*[await office.subscriber(chat) for chat in (1, 2)])
    workers = office.workers(patience=0.0)
    await workers.start()
    await waits.wait()
    await workers.stop()
    assert office.transport.tried == []
    assert len(await office.workers("next")._claim(limit=9)) == 2


async def test_stopping_gives_back_what_waits_for_its_chat(office: Office) -> None:
    waits = asyncio.Event()

    async def sleep(_: float) -> None:
        waits.set()
        await asyncio.Event().wait()

    office.pacer = Pacer(1e6, clock=office.pacer._clock, sleep=sleep)
    while not office.pacer.chat_wait(-7):
        office.pacer.reserve(-7)
    await office.owe(await office.subscriber(-7))
    workers = office.workers(patience=0.0)
    await workers.start()
    await waits.wait()
    await workers.stop()
    assert len(await office.workers("next")._claim(limit=9)) == 1


# ── batches ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Counted:
    """Counts the calls of some methods of an object, which go through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: object, *names: str) -> None:
        self.calls: Counter[str] = Counter()
        for name in names:
            monkeypatch.setattr(owner, name, self._counting(name, getattr(owner, name)))

    def _counting(self, name: str, method: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **options: object) -> object:
            self.calls[name] += 1
            return method(*args, **options)

        return call


async def test_a_batch_costs_one_transaction_a_step(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Counted(
        monkeypatch, office.storage.ledger, "claim", "digests", "digest", "sending_all", "sent", "finish", "add_parts"
    )
    people = Counted(monkeypatch, office.storage.subscribers, "by_ids", "by_id")
    await office.owe(*[await office.subscriber(chat) for chat in range(1, 41)])
    assert await office.workers().drain() == 40
    assert ledger.calls == {"claim": 2, "digests": 1, "sending_all": 1, "sent": 1}
    assert people.calls == {"by_ids": 1}


async def test_what_arrived_of_a_batch_is_recorded_though_others_failed(office: Office) -> None:
    await office.owe(*[await office.subscriber(chat) for chat in range(1, 6)])
    office.transport.script.extend(
        [Outcome("sent", message_id=1), Outcome("failed", reason="no"), AGAIN, Outcome("gone"), UNCERTAIN]
    )
    await office.workers(uncertain="drop").drain()
    assert await office.states() == {"sent": 1, "failed": 1, "pending": 1, "gone": 1, "uncertain": 1}


async def test_a_transport_that_raises_leaves_only_its_own_delivery_in_doubt(office: Office) -> None:
    await office.owe(*[await office.subscriber(chat) for chat in range(1, 4)])

    async def crash() -> None:
        if len(office.transport.tried) == 2:
            raise ZeroDivisionError

    office.transport.during = crash
    await office.workers().drain()
    assert await office.states() == {"sent": 2, "sending": 1}


async def test_at_the_default_rate_two_at_most_are_committed_as_sending(office: Office) -> None:
    office.pacer = Pacer(28.0, clock=office.pacer._clock, sleep=office.sleep)
    await office.owe(*[await office.subscriber(chat) for chat in range(1, 8)])
    sending: list[int] = []

    async def look() -> None:
        sending.append((await office.states())["sending"])

    office.transport.during = look
    await office.workers().drain()
    assert max(sending) == 2
    assert await office.states() == {"sent": 7}


async def test_a_chat_gets_its_digests_one_after_the_other(office: Office) -> None:
    sara, omid = await office.subscriber(1), await office.subscriber(2)
    for story in (1, 2, 3):
        await office.owe(sara, omid, stories=(story,))
    at_once: list[int] = []

    async def look() -> None:
        at_once.append((await office.states())["sending"])

    office.transport.during = look
    await office.workers().drain()
    assert [text for chat, text in office.transport.sent if chat == 1] == ["Story 1", "Story 2", "Story 3"]
    assert max(at_once) == 2


async def test_what_somebody_asks_for_goes_ahead_of_what_was_written_out_but_not_of_its_own_chats(
    office: Office,
) -> None:
    office.pacer = Pacer(1.0, clock=office.pacer._clock, sleep=office.sleep)
    readers = [await office.subscriber(chat) for chat in range(1, 5)]
    workers = office.workers()
    await office.owe(*readers, kind="run")
    await office.owe(readers[2], readers[3], await office.subscriber(9), stories=(2,), kind="latest")
    claimed = await workers._written(await workers._claim(limit=9))
    runs = [ready for ready in claimed if ready.message.html == "Story 1"]
    asked = [ready for ready in claimed if ready.message.html == "Story 2"]
    for ready in (*runs, *asked):
        workers._line_up(ready)
    assert [ready.subscriber.chat_id for ready in workers._queue] == [9, 1, 2, 3, 4, 3, 4]
    assert [ready.message.html for ready in workers._queue][-2:] == ["Story 2", "Story 2"]


async def test_threads_of_one_chat_keep_its_limit(office: Office) -> None:
    await office.owe(*[await office.subscriber(-7, thread_id=thread) for thread in range(1, 31)])
    await office.workers().drain()
    assert len(office.transport.sent) <= GROUP.burst + HELD / GROUP.interval + 1
    for _ in range(40):
        office.clock.move(seconds=GROUP.interval)
        await office.workers().drain()
    assert await office.states() == {"sent": 30}


async def test_what_arrived_is_recorded_when_the_database_is_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.owe(await office.subscriber())
    sent, tries = office.storage.ledger.sent, 0

    async def failing(*args: object, **options: object) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise StorageError("The database is locked.")
        await sent(*args, **options)

    monkeypatch.setattr(office.storage.ledger, "sent", failing)
    await office.workers().drain()
    assert await office.states() == {"sent": 1}
    assert tries == 3


@pytest.mark.parametrize("uncertain", ["resend", "drop"])
async def test_what_arrived_is_recorded_even_when_its_lease_ran_out_meanwhile(
    office: Office, monkeypatch: pytest.MonkeyPatch, uncertain: str
) -> None:
    """Another process may put the row back; as long as nobody has claimed it, it is known here that it arrived."""
    await office.owe(await office.subscriber())
    sent, tries = office.storage.ledger.sent, 0

    async def failing(*args: object, **options: object) -> None:
        nonlocal tries
        tries += 1
        if tries < 20:
            raise StorageError("The database is locked.")
        await office.workers("other", uncertain=uncertain).recover()
        assert await office.states() == {"pending" if uncertain == "resend" else "uncertain": 1}
        await sent(*args, **options)

    monkeypatch.setattr(office.storage.ledger, "sent", failing)
    await office.workers(uncertain=uncertain).drain()
    assert await office.states() == {"sent": 1}
    assert len(office.transport.sent) == 1


async def test_what_was_not_sent_is_put_back_when_the_database_is_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `drop` it would be lost, since nobody but this process knows that it did not go out."""
    await office.owe(await office.subscriber())
    finish, tries = office.storage.ledger.finish, 0

    async def failing(*args: object, **options: object) -> bool:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise StorageError("The database is locked.")
        return await finish(*args, **options)

    monkeypatch.setattr(office.storage.ledger, "finish", failing)
    office.transport.script.append(AGAIN)
    await office.workers(uncertain="drop").drain()
    assert await office.states() == {"pending": 1}


async def test_a_command_waits_only_behind_what_is_written_out(office: Office) -> None:
    office.pacer = Pacer(28.0, clock=office.pacer._clock, sleep=office.sleep)
    people = [await office.subscriber(chat) for chat in range(1, 61)]
    await office.storage.ledger.enqueue(
        [NewDelivery(subscriber_id=one.id, digest=digest_of(1), due_at=MORNING, run=(MORNING.date(), time(8)))
         for one in people[:-1]],
        now=MORNING,
    )  # fmt: skip
    workers = office.workers()

    async def ask() -> None:
        if len(office.transport.tried) == 10:
            await office.owe(people[-1], stories=(2,))
            workers.wake()

    office.transport.during = ask
    await workers.start()
    await until(lambda: len(office.transport.sent) == 60)
    await workers.stop()
    assert [text for _, text in office.transport.sent].index("Story 2") < 10 + 2 * LEAST_AHEAD


async def test_workers_live_on_when_the_database_fails_for_a_moment(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.owe(await office.subscriber())
    claim, digests = office.storage.ledger.claim, office.storage.ledger.digests
    failed: list[str] = []

    async def failing_claim(*args: object, **options: object):
        if "claim" not in failed:
            failed.append("claim")
            raise StorageError("The database is locked.")
        return await claim(*args, **options)

    async def failing_digests(digest_ids: Sequence[int]):
        if "digests" not in failed:
            failed.append("digests")
            office.clock.move(seconds=61)
            raise StorageError("The database is locked.")
        return await digests(digest_ids)

    monkeypatch.setattr(office.storage.ledger, "claim", failing_claim)
    monkeypatch.setattr(office.storage.ledger, "digests", failing_digests)
    workers = office.workers()
    await workers.start()

    def sent() -> bool:
        workers.wake()
        return len(office.transport.sent) == 1

    await until(sent)
    await workers.stop()
    assert failed == ["claim", "digests"]
