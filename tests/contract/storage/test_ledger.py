"""LedgerStore: each digest once, in order, by one worker at a time, whatever breaks in between."""

import asyncio
from datetime import time, timedelta

import pytest

from digests.errors import StorageError
from digests.model import DeliveryState, NewDelivery, Slot, Wish

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
SENT, FAILED, GONE = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.GONE
PENDING, UNCERTAIN = DeliveryState.PENDING, DeliveryState.UNCERTAIN


@pytest.fixture
def ledger(storage):
    return storage.ledger


async def claim(shelf, *, worker="w", after=timedelta(0), limit=50):
    return await shelf.storage.ledger.claim(worker, now=shelf.now + after, limit=limit)


async def send(shelf, delivery, state=SENT, **fields):
    assert await shelf.storage.ledger.sending(delivery, now=shelf.now)
    assert await shelf.storage.ledger.finish(delivery, state, now=shelf.now, **fields)


# ── requests and digests ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_requests_are_recorded(shelf, ledger):
    one = await shelf.subscriber()
    request = await ledger.open_request(one.id, "digest", "sports", now=shelf.now)
    assert await ledger.request(request.id) == request
    assert (request.subscriber_id, request.kind, request.arguments) == (one.id, "digest", "sports")
    assert request.created_at == shelf.now
    assert await ledger.request(request.id + 1) is None
    with pytest.raises(StorageError):
        await ledger.open_request(404, "digest", "", now=shelf.now)


async def test_a_digest_reads_as_it_was_sent(shelf, ledger):
    one = await shelf.subscriber()
    digest = shelf.digest(1, 2, wish=Wish("words", "صلح"))
    request = await ledger.open_request(one.id, "digest", "", now=shelf.now)
    new = NewDelivery(subscriber_id=one.id, digest=digest, due_at=shelf.now, kind="digest", request_id=request.id)
    assert await ledger.enqueue([new], now=shelf.now) == 1
    assert await ledger.enqueue([new], now=shelf.now) == 0
    (delivery,) = await claim(shelf)
    assert delivery.request_id == request.id
    assert await ledger.digest(delivery.digest_id) == digest
    assert await ledger.digest_of(request.id) == (delivery.digest_id, digest)
    assert await ledger.digest(delivery.digest_id + 1) is None
    assert await ledger.digest_of(request.id + 1) is None


async def test_a_command_without_a_request_gets_one_each_time(shelf, ledger):
    one = await shelf.subscriber()
    new = NewDelivery(subscriber_id=one.id, digest=shelf.digest(1), due_at=shelf.now, kind="digest")
    assert await ledger.enqueue([new, new], now=shelf.now) == 2
    first, second = await claim(shelf)
    assert first.request_id != second.request_id
    request = await ledger.request(first.request_id)
    assert request is not None
    assert request.kind == "digest"


async def test_times_that_were_changed_meanwhile_stand(shelf, ledger, storage):
    subscriber = await shelf.subscriber()
    await storage.subscribers.set_slots(subscriber.id, [Slot(time(21))], shelf.now + HOUR)
    await ledger.enqueue([shelf.run(subscriber.id, shelf.digest(1))], now=shelf.now)
    assert (await storage.subscribers.by_id(subscriber.id)).next_due_at == shelf.now + HOUR


async def test_equal_digests_are_stored_once(shelf, ledger):
    ids = [(await shelf.subscriber(chat)).id for chat in range(3)]
    await ledger.enqueue([shelf.run(ids[0], shelf.digest(1)), shelf.run(ids[1], shelf.digest(1))], now=shelf.now)
    await ledger.enqueue([shelf.run(ids[2], shelf.digest(1))], now=shelf.now)
    assert len({delivery.digest_id for delivery in await claim(shelf)}) == 1


async def test_an_empty_digest_is_sent_and_no_digest_only_moves_on(shelf, ledger, storage):
    empty, none = await shelf.subscriber(1), await shelf.subscriber(2)
    await storage.subscribers.set_slots(none.id, [Slot(time(8))], shelf.now)
    assert await ledger.enqueue([shelf.run(empty.id, shelf.digest()), shelf.run(none.id, None)], now=shelf.now) == 1
    (delivery,) = await claim(shelf)
    assert delivery.subscriber_id == empty.id
    moved = await storage.subscribers.by_id(none.id)
    assert moved.next_due_at == shelf.now + 24 * HOUR
    assert await ledger.enqueue([shelf.run(none.id, shelf.digest(1))], now=shelf.now) == 0
    assert await ledger.enqueue([], now=shelf.now) == 0


# ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_slot_comes_once_on_a_date_and_still_moves_on(shelf, ledger, storage):
    one = await shelf.subscriber(next_due_at=shelf.now)
    assert await ledger.enqueue([shelf.run(one.id, shelf.digest(1))], now=shelf.now) == 1
    await storage.subscribers.update(one.id, next_due_at=shelf.now)
    assert await ledger.enqueue([shelf.run(one.id, shelf.digest(2))], now=shelf.now) == 0
    found = await storage.subscribers.by_id(one.id)
    assert found.next_due_at == shelf.now + 24 * HOUR


async def test_without_another_slot_a_subscriber_is_due_no_more(shelf, ledger, storage):
    one = await shelf.subscriber(next_due_at=shelf.now)
    nothing = NewDelivery(subscriber_id=one.id, digest=None, due_at=shelf.now, next_due_at=None)
    assert await ledger.enqueue([nothing], now=shelf.now) == 0
    assert await storage.subscribers.due(shelf.now, limit=1) == []


async def test_a_command_leaves_the_schedule_alone(shelf, ledger, storage):
    one = await shelf.subscriber(next_due_at=shelf.now)
    await ledger.enqueue(
        [NewDelivery(subscriber_id=one.id, digest=shelf.digest(1), due_at=shelf.now, kind="digest")], now=shelf.now
    )
    assert await storage.subscribers.due(shelf.now, limit=1) == [(one, shelf.now)]


async def test_other_slots_dates_and_subscribers_come_too(shelf, ledger):
    one, two = await shelf.subscriber(1), await shelf.subscriber(2)
    digest = shelf.digest(1)
    runs = [shelf.run(one.id, digest), shelf.run(one.id, digest, at=time(20)), shelf.run(one.id, digest, days=1)]
    assert await ledger.enqueue([*runs, shelf.run(two.id, digest)], now=shelf.now) == 4


async def test_a_run_twice_in_one_batch_is_one(shelf, ledger):
    one = await shelf.subscriber()
    digest = shelf.digest(1)
    assert await ledger.enqueue([shelf.run(one.id, digest), shelf.run(one.id, digest)], now=shelf.now) == 1


async def test_the_last_that_arrived_is_told_by_slot(shelf, ledger):
    one = await shelf.subscriber()
    digests = [shelf.digest(number, until=shelf.now + number * HOUR) for number in (1, 2, 3)]
    later = [shelf.run(one.id, digests[0]), shelf.run(one.id, digests[1], at=time(9))]
    command = NewDelivery(subscriber_id=one.id, digest=digests[2], due_at=shelf.now, kind="digest")
    await ledger.enqueue([*later, command], now=shelf.now)
    for delivery in await claim(shelf):
        await send(shelf, delivery)
    expected = {time(8): digests[0].until, time(9): digests[1].until, None: digests[2].until}
    assert await ledger.last_of_slots([one.id, one.id + 1]) == {one.id: expected}


async def test_runs_are_told_by_subscriber_from_a_date_on(shelf, ledger):
    one, other = await shelf.subscriber(1), await shelf.subscriber(2)
    today = shelf.now.date()
    await ledger.enqueue([shelf.run(one.id, None), shelf.run(one.id, None, days=1)], now=shelf.now)
    await ledger.open_request(one.id, "digest", "", now=shelf.now)
    tomorrow = today + timedelta(days=1)
    assert await ledger.runs([one.id, other.id], since=today) == {one.id: {(today, time(8)), (tomorrow, time(8))}}
    assert await ledger.runs([one.id], since=tomorrow) == {one.id: {(tomorrow, time(8))}}


async def test_two_schedulers_at_once_write_a_run_once(shelf, ledger):
    ids = [(await shelf.subscriber(chat)).id for chat in range(20)]
    digests = [shelf.digest(number) for number in range(5)]
    batches = [[shelf.run(number, digests[number % 5]) for number in order] for order in (ids, ids[::-1])]
    written = await asyncio.gather(*(ledger.enqueue(batch, now=shelf.now) for batch in batches))
    assert sum(written) == 20
    assert (await ledger.counts())["pending"] == 20


async def test_more_than_one_batch_at_once(shelf, ledger):
    one = await shelf.subscriber()
    digests = [shelf.digest(number) for number in range(3)]
    runs = [shelf.run(one.id, digests[day % 3], days=day) for day in range(2100)]
    assert await ledger.enqueue(runs, now=shelf.now) == 2100
    assert (await ledger.counts())["pending"] == 2100


# ── claiming ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_commands_come_before_runs_and_earlier_before_later(shelf, ledger):
    one = await shelf.subscriber()
    digest = shelf.digest(1)

    def new(kind, minutes, **fields):
        due = shelf.now + minutes * MINUTE
        return NewDelivery(subscriber_id=one.id, digest=digest, due_at=due, kind=kind, **fields)

    late = new("run", -9, run=(shelf.now.date(), time(7)))
    later = new("run", -5, run=(shelf.now.date(), time(8)))
    await ledger.enqueue([later, late, new("digest", 0), new("start", -1), new("digest", 5)], now=shelf.now)
    due = [delivery.due_at for delivery in await claim(shelf)]
    assert due == [shelf.now - MINUTE, shelf.now, shelf.now - 9 * MINUTE, shelf.now - 5 * MINUTE]
    assert await claim(shelf) == []
    assert len(await claim(shelf, worker="v", after=5 * MINUTE, limit=1)) == 1


async def test_claims_of_many_workers_do_not_overlap(shelf, ledger):
    digest = shelf.digest(1)
    ids = [(await shelf.subscriber(chat)).id for chat in range(40)]
    await ledger.enqueue([shelf.run(number, digest) for number in ids], now=shelf.now)
    claims = await asyncio.gather(*(claim(shelf, worker=f"w{n}", limit=15) for n in range(4)))
    claimed = [delivery.id for one in claims for delivery in one]
    assert len(claimed) == len(set(claimed)) == 40
    assert all(delivery.worker == f"w{n}" for n, one in enumerate(claims) for delivery in one)


async def test_a_claim_is_leased_and_returns_when_the_lease_is_over(shelf, ledger):
    one = await shelf.subscriber()
    await shelf.delivered(one.id, 1)
    (first,) = await claim(shelf)
    assert (first.state, first.attempts, first.worker) == (PENDING, 1, "w")
    assert await claim(shelf, worker="v", after=59 * SECOND) == []
    (second,) = await claim(shelf, worker="v", after=60 * SECOND)
    assert (second.id, second.attempts, second.worker) == (first.id, 2, "v")
    assert await ledger.sending(first, now=shelf.now + MINUTE) is False
    assert await ledger.finish(first, SENT, now=shelf.now + MINUTE) is False
    assert await ledger.sending(second, now=shelf.now + MINUTE) is True
    assert await ledger.finish(second, SENT, now=shelf.now + MINUTE, message_id=5) is True
    assert await ledger.finish(second, SENT, now=shelf.now + MINUTE) is False


async def test_the_same_worker_is_fenced_by_attempt(shelf, ledger):
    one = await shelf.subscriber()
    await shelf.delivered(one.id, 1)
    (first,) = await claim(shelf)
    (again,) = await claim(shelf, after=MINUTE)
    assert await ledger.finish(first, FAILED, now=shelf.now, error="late") is False
    assert await ledger.sending(again, now=shelf.now) is True


async def test_put_back_until_later(shelf, ledger):
    one = await shelf.subscriber()
    await shelf.delivered(one.id, 1)
    (delivery,) = await claim(shelf)
    assert await ledger.finish(delivery, PENDING, now=shelf.now, error="429", not_before=shelf.now + HOUR) is True
    assert await claim(shelf, after=MINUTE) == []
    (back,) = await claim(shelf, after=HOUR)
    assert (back.attempts, back.due_at, back.state) == (2, shelf.now + HOUR, PENDING)


async def test_nothing_is_sending_twice(shelf, ledger):
    one = await shelf.subscriber()
    await shelf.delivered(one.id, 1)
    (delivery,) = await claim(shelf)
    assert await ledger.sending(delivery, now=shelf.now) is True
    assert await ledger.sending(delivery, now=shelf.now) is False
    assert await claim(shelf, worker="v", after=HOUR) == []


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_parts_go_out_in_order(shelf, ledger):
    one = await shelf.subscriber()
    await shelf.delivered(one.id, 1)
    (first,) = await claim(shelf)
    await ledger.add_parts(first, 3)
    await ledger.add_parts(first, 3)
    assert await claim(shelf) == []
    await send(shelf, first, message_id=1)
    (second,) = await claim(shelf)
    assert (second.part, second.digest_id, second.request_id) == (1, first.digest_id, first.request_id)
    await ledger.add_parts(second, 3)
    await send(shelf, second, message_id=2)
    (third,) = await claim(shelf)
    assert third.part == 2
    await send(shelf, third)
    assert (await ledger.counts())["sent"] == 3


async def test_one_part_needs_no_more(shelf, ledger):
    one = await shelf.subscriber()
    await shelf.delivered(one.id, 1)
    (first,) = await claim(shelf)
    await ledger.add_parts(first, 1)
    assert (await ledger.counts())["pending"] == 1


@pytest.mark.parametrize("state", [FAILED, GONE])
async def test_what_can_not_be_sent_calls_off_the_later_parts(shelf, ledger, state):
    one = await shelf.subscriber()
    await shelf.delivered(one.id, 1)
    (first,) = await claim(shelf)
    await ledger.add_parts(first, 3)
    await send(shelf, first, state, error="no")
    assert (await ledger.counts())[state.value] == 3
    assert await claim(shelf, after=HOUR) == []


async def test_an_uncertain_part_does_not_hold_back_the_next(shelf, ledger):
    one = await shelf.subscriber()
    await shelf.delivered(one.id, 1)
    (first,) = await claim(shelf)
    await ledger.add_parts(first, 2)
    await send(shelf, first, UNCERTAIN)
    assert [delivery.part for delivery in await claim(shelf)] == [1]


# ── recovery ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("resend", "state"), [(True, "pending"), (False, "uncertain")])
async def test_recovery_after_a_crash(shelf, ledger, resend, state):
    ids = [(await shelf.subscriber(chat)).id for chat in range(3)]
    await ledger.enqueue([shelf.run(number, shelf.digest(1)) for number in ids], now=shelf.now)
    in_flight, _leased = await claim(shelf, limit=2)
    assert await ledger.sending(in_flight, now=shelf.now)
    assert await ledger.recover(now=shelf.now + 59 * SECOND, resend=resend) == 0
    assert await ledger.recover(now=shelf.now + MINUTE, resend=resend) == 2
    assert await ledger.recover(now=shelf.now + MINUTE, resend=resend) == 0
    assert (await ledger.counts())[state] == (3 if resend else 1)
    assert len(await claim(shelf, worker="v")) == (3 if resend else 2)
    assert await ledger.finish(in_flight, SENT, now=shelf.now) is False


async def test_a_slow_answer_after_recovery_is_fenced_off(shelf, ledger):
    one = await shelf.subscriber()
    await shelf.delivered(one.id, 1)
    (slow,) = await claim(shelf)
    await ledger.sending(slow, now=shelf.now)
    await ledger.recover(now=shelf.now + MINUTE, resend=True)
    (again,) = await claim(shelf, worker="v", after=MINUTE)
    assert await ledger.finish(slow, SENT, now=shelf.now) is False
    await send(shelf, again)


# ── what a subscriber has seen ───────────────────────────────────────────────────────────────────────────────────────


async def seen(ledger, ids, *, since):
    """Only the stories of each history."""
    return {number: one.stories for number, one in (await ledger.history(ids, since=since)).items()}


async def test_seen_stories_are_those_of_recent_digests(shelf, ledger):
    one, two = await shelf.subscriber(1), await shelf.subscriber(2)
    await shelf.delivered(one.id, 1, 2)
    await shelf.delivered(one.id, 2, 3, days=1)
    await shelf.delivered(two.id, 9, days=1)
    day = shelf.now + 24 * HOUR
    assert await seen(ledger, [one.id, two.id, 404], since=shelf.now) == {
        one.id: frozenset({1, 2, 3}),
        two.id: frozenset({9}),
        404: frozenset(),
    }
    assert await seen(ledger, [one.id], since=day) == {one.id: frozenset({2, 3})}
    assert await seen(ledger, [], since=day) == {}


async def test_what_did_not_reach_them_was_not_seen(shelf, ledger):
    failed, gone, waiting = [await shelf.subscriber(chat) for chat in range(3)]
    for one in (failed, gone, waiting):
        await shelf.delivered(one.id, 1)
    deliveries = {delivery.subscriber_id: delivery for delivery in await claim(shelf)}
    await send(shelf, deliveries[failed.id], FAILED, error="no")
    await send(shelf, deliveries[gone.id], GONE)
    assert await seen(ledger, [failed.id, gone.id, waiting.id], since=shelf.now) == {
        failed.id: frozenset(),
        gone.id: frozenset(),
        waiting.id: frozenset({1}),
    }


async def test_last_sent_is_the_latest_that_arrived(shelf, ledger):
    one, two = await shelf.subscriber(1), await shelf.subscriber(2)
    for days in range(3):
        await shelf.delivered(one.id, days, days=days)
    await shelf.delivered(two.id, 1)
    deliveries = await claim(shelf, after=72 * HOUR)
    for delivery in deliveries:
        if delivery.subscriber_id == one.id:
            state = FAILED if delivery.due_at > shelf.now + 24 * HOUR else SENT
            await send(shelf, delivery, state)
    assert await ledger.last_sent([one.id, two.id, 404]) == {one.id: shelf.now + 24 * HOUR}
    assert await ledger.last_sent([]) == {}


async def test_seen_and_last_sent_of_more_than_a_batch(shelf, ledger):
    one = await shelf.subscriber()
    await shelf.delivered(one.id, 1)
    asked = [*range(10_000, 12_500), one.id]
    assert (await seen(ledger, asked, since=shelf.now))[one.id] == frozenset({1})
    assert await ledger.last_sent(asked) == {}


# ── looking on, and clearing away ────────────────────────────────────────────────────────────────────────────────────


async def test_failures_tell_why_the_latest_first(shelf, ledger):
    for chat, hours in ((1, 0), (2, 1)):
        one = await shelf.subscriber(chat)
        await ledger.enqueue([shelf.run(one.id, shelf.digest(1))], now=shelf.now)
        (delivery,) = await claim(shelf)
        await ledger.finish(delivery, FAILED, now=shelf.now + hours * HOUR, error=f"reason {chat}")
    assert [why for _, why in await ledger.failures()] == ["reason 2", "reason 1"]
    ((latest, _),) = await ledger.failures(limit=1)
    assert (latest.state, latest.subscriber_id) == (FAILED, one.id)


async def test_counts_name_every_state(ledger):
    assert await ledger.counts() == dict.fromkeys(("pending", "sending", "sent", "failed", "gone", "uncertain"), 0)


async def test_prune_keeps_what_waits_and_the_runs_of_late(shelf, ledger):
    sent, waiting = await shelf.subscriber(1), await shelf.subscriber(2)
    await ledger.enqueue([shelf.run(sent.id, shelf.digest(1)), shelf.run(waiting.id, shelf.digest(2))], now=shelf.now)
    await ledger.open_request(sent.id, "help", "", now=shelf.now)
    delivery = next(one for one in await claim(shelf) if one.subscriber_id == sent.id)
    await send(shelf, delivery)
    assert await ledger.prune(shelf.now) == 0
    assert await ledger.prune(shelf.now + SECOND) == 1
    assert await ledger.digest(delivery.digest_id) is None
    assert (await ledger.counts()) | {"pending": 1, "sent": 0} == await ledger.counts()
    again = [shelf.run(sent.id, shelf.digest(3))]
    assert await ledger.enqueue(again, now=shelf.now) == 0
    await ledger.prune(shelf.now + timedelta(days=4))
    assert await ledger.enqueue(again, now=shelf.now) == 1


def breaking(shelf, subscriber_id: int, story: int, **fields: object) -> NewDelivery:
    return NewDelivery(
        subscriber_id=subscriber_id,
        digest=shelf.digest(story),
        due_at=shelf.now,
        kind="breaking",
        arguments=str(story),
        **fields,
    )


async def test_breaking_news_comes_once_for_a_subscriber_and_story(shelf, storage):
    one, two = await shelf.subscriber(1), await shelf.subscriber(2)
    news = [breaking(shelf, one.id, 5), breaking(shelf, two.id, 5)]
    assert await storage.ledger.enqueue(news, now=shelf.now) == 2
    assert await storage.ledger.enqueue([*news, breaking(shelf, one.id, 6)], now=shelf.now) == 1
    assert await seen(storage.ledger, [one.id, two.id], since=shelf.now) == {one.id: {5, 6}, two.id: {5}}


async def test_two_processes_write_the_same_breaking_news_once(shelf, storage):
    one = await shelf.subscriber(1)
    written = await asyncio.gather(
        *(storage.ledger.enqueue([breaking(shelf, one.id, 5)], now=shelf.now) for _ in range(2))
    )
    assert sorted(written) == [0, 1]


async def test_breaking_news_stands_between_commands_and_runs(shelf, storage):
    one, two, three = [await shelf.subscriber(chat) for chat in (1, 2, 3)]
    command = NewDelivery(subscriber_id=three.id, digest=shelf.digest(1), due_at=shelf.now, kind="digest")
    await storage.ledger.enqueue(
        [shelf.run(one.id, shelf.digest(1)), breaking(shelf, two.id, 5), command], now=shelf.now
    )
    claimed = await storage.ledger.claim("w", now=shelf.now, limit=9)
    assert [delivery.subscriber_id for delivery in claimed] == [three.id, two.id, one.id]


async def test_breaking_news_does_not_move_the_window_of_the_next_digest(shelf, storage):
    one, two = await shelf.subscriber(1), await shelf.subscriber(2)
    early = shelf.digest(1, until=shelf.now - timedelta(hours=8))
    await storage.ledger.enqueue(
        [shelf.run(one.id, early), breaking(shelf, one.id, 5), breaking(shelf, two.id, 5)], now=shelf.now
    )
    for delivery in await storage.ledger.claim("w", now=shelf.now, limit=9):
        await storage.ledger.sending(delivery, now=shelf.now)
        await storage.ledger.finish(delivery, DeliveryState.SENT, now=shelf.now, message_id=1)
    assert await storage.ledger.last_sent([one.id, two.id]) == {one.id: early.until}


async def test_when_breaking_news_came(shelf, storage):
    one, two = await shelf.subscriber(1), await shelf.subscriber(2)
    hours = [timedelta(hours=hours) for hours in (30, 5, 1)]
    for story, ago in enumerate(hours, 1):
        await storage.ledger.enqueue([breaking(shelf, one.id, story)], now=shelf.now - ago)
    await storage.ledger.open_request(two.id, "digest", "7", now=shelf.now)
    found = await storage.ledger.alerts([one.id, two.id], since=shelf.now - timedelta(hours=24))
    assert found == {one.id: [shelf.now - hours[1], shelf.now - hours[2]], two.id: []}


async def test_when_a_story_was_sent(shelf, storage):
    one, other = await shelf.subscriber(1), await shelf.subscriber(2)
    assert await storage.ledger.sent_at(one.id, 7) is None
    await shelf.delivered(one.id, 7)
    await shelf.delivered(one.id, 7, 8, days=2)
    assert await storage.ledger.sent_at(one.id, 7) == shelf.now + timedelta(days=2)
    assert await storage.ledger.sent_at(other.id, 7) is None
    claimed = await storage.ledger.claim("worker", now=shelf.now + timedelta(days=3), limit=9)
    for delivery in claimed:
        await storage.ledger.finish(delivery, DeliveryState.FAILED, now=shelf.now, error="x")
    assert await storage.ledger.sent_at(one.id, 7) is None
