"""Pacer: smooth, within Telegram's limits, replies first, and quiet for as long as a flood wait lasts."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.pacer import AHEAD, BURST, GROUP, PACE, PRIVATE, RAMP, SWEEP, Pacer
from tests.fakes.clock import VirtualTime

RATE = 28.0


class Street:
    """A pacer in virtual time, and when each call went out."""

    def __init__(self, rate: float = RATE) -> None:
        self.time = VirtualTime()
        self.start = self.time.now
        self.pacer = Pacer(rate, clock=self.time.clock, sleep=self.time.sleep)
        self.calls: list[tuple[float, int | None, bool]] = []

    async def call(self, chat_id: int | None, *, reply: bool = False, after: float = 0.0) -> None:
        if after:
            await self.time.sleep(after)
        await self.pacer.turn(chat_id, reply=reply)
        self.calls.append((self.time.now - self.start, chat_id, reply))

    async def worker(self, chats: Sequence[int]) -> None:
        for chat in chats:
            await self.call(chat)

    @property
    def times(self) -> list[float]:
        return [at for at, _, _ in self.calls]


def most_within(times: Sequence[float], seconds: float) -> int:
    """The most calls in any closed interval of so many seconds."""
    ordered = sorted(times)
    return max(sum(start <= at <= start + seconds + 1e-6 for at in ordered) for start in ordered)


async def test_digests_go_out_at_the_rate_and_evenly() -> None:
    street = Street()
    await street.time.run(*(street.worker(range(100 * place, 100 * place + 20)) for place in range(1, 17)))
    gaps = [later - earlier for earlier, later in zip(street.times[2:], street.times[3:], strict=False)]
    assert len(street.calls) == 320
    assert max(gaps) == pytest.approx(1 / RATE, abs=1e-4)
    assert min(gaps) == pytest.approx(1 / RATE, abs=1e-4)


async def test_no_second_has_more_than_thirty_calls() -> None:
    street = Street()
    people = [street.call(chat, reply=True, after=0.001 * chat) for chat in range(1, 150)]
    await street.time.run(*people, *(street.worker(range(1000 * n, 1000 * n + 10)) for n in range(1, 17)))
    assert most_within(street.times, 1.0) <= 30


@settings(max_examples=40, deadline=None)
@given(
    rate=st.floats(1.0, 60.0),
    calls=st.lists(
        st.tuples(st.floats(0.0, 8.0), st.integers(-3, 6).filter(bool), st.booleans()), min_size=1, max_size=60
    ),
    halts=st.lists(st.tuples(st.floats(0.0, 8.0), st.floats(0.0, 5.0)), max_size=2),
)
async def test_the_rate_is_never_exceeded(
    rate: float, calls: list[tuple[float, int, bool]], halts: list[tuple[float, float]]
) -> None:
    street = Street(rate)

    async def halt(after: float, seconds: float) -> None:
        await street.time.sleep(after)
        street.pacer.halt(seconds)

    await street.time.run(
        *(street.call(chat, reply=reply, after=after) for after, chat, reply in calls),
        *(halt(after, seconds) for after, seconds in halts),
    )
    assert len(street.calls) == len(calls)
    assert most_within(street.times, 1.0) <= rate + BURST + 1e-6
    for chat in {chat for _, chat, _ in street.calls}:
        own = [at for at, to, _ in street.calls if to == chat]
        limit = GROUP if chat is not None and chat < 0 else PRIVATE
        assert len(own) <= limit.burst or most_within(own, limit.interval) <= limit.burst + 1
    for after, seconds in halts:
        assert not [at for at in street.times if after + 1e-6 < at < after + seconds - 1e-6]


async def test_a_private_chat_gets_a_few_at_once_and_then_one_a_second() -> None:
    street = Street()
    await street.time.run(*(street.call(7, reply=True) for _ in range(8)))
    assert [at for at in street.times if at < 0.9] == street.times[: PRIVATE.burst]
    assert street.times[PRIVATE.burst :] == pytest.approx([1.0, 2.0, 3.0, 4.0])


async def test_a_group_gets_no_more_than_twenty_a_minute() -> None:
    street = Street()
    await street.time.run(*(street.call(-100, reply=True) for _ in range(60)))
    assert most_within(street.times, 60.0) == 20


async def test_a_chat_that_must_wait_takes_no_turn_from_others() -> None:
    street = Street(rate=2.0)
    busy = [street.call(-1) for _ in range(GROUP.burst + 1)]
    await street.time.run(*busy)
    street.calls.clear()
    now = street.time.now - street.start
    await street.time.run(street.call(-1), street.call(5), street.call(6))
    others = [at - now for at, chat, _ in street.calls if chat != -1]
    assert max(others) <= 1.0
    assert street.pacer.chat_wait(-1) > 0
    assert street.pacer.chat_wait(99) == 0


async def test_replies_go_ahead_of_digests_that_wait() -> None:
    street = Street()
    digests = [street.call(chat) for chat in range(100, 116)]
    replies = [street.call(chat, reply=True, after=0.1) for chat in range(1, 6)]
    await street.time.run(*digests, *replies)
    answered = [at - 0.1 for at, _, reply in street.calls if reply]
    assert max(answered) <= 6 / RATE
    first, last = (place for place in (0, -1))
    place = [reply for _, _, reply in street.calls]
    assert place.index(True) <= 5
    assert place[first] is False
    assert place[last] is False


async def test_digests_are_not_starved_by_replies() -> None:
    street = Street()
    replies = [street.call(chat, reply=True) for chat in range(1, 101)]
    await street.time.run(*replies, street.worker(range(200, 205)))
    places = [place for place, (_, _, reply) in enumerate(street.calls) if not reply]
    gaps = [later - earlier for earlier, later in zip([0, *places], places, strict=False)]
    assert max(gaps) <= AHEAD + 2


async def test_a_flood_wait_is_one_deadline_for_all_and_the_latest_counts() -> None:
    street = Street()
    street.pacer.halt(5.0)
    street.pacer.halt(2.0)
    assert street.pacer.halted == 5.0
    await street.time.run(*(street.call(chat, reply=chat % 2 == 0) for chat in range(1, 9)))
    assert min(street.times) >= 5.0


async def test_those_who_waited_already_wait_again_and_do_not_all_go_at_once() -> None:
    street = Street()

    async def flood() -> None:
        await street.time.sleep(0.1)
        street.pacer.halt(10.0)

    await street.time.run(flood(), *(street.call(chat) for chat in range(1, 33)))
    later = [at for at in street.times if at > 0.1]
    assert min(later) >= 10.1
    assert most_within(later, 0.2) <= BURST + 0.3 * RATE


async def test_after_a_flood_wait_the_rate_grows_back() -> None:
    street = Street()
    street.pacer.halt(1.0)
    assert street.pacer.rate == RATE / 4
    street.time.now += 1.0 + RAMP / 2
    assert street.pacer.rate == pytest.approx(RATE * 0.625)
    street.time.now += RAMP
    assert street.pacer.rate == RATE
    assert street.pacer.halted == 0.0


async def test_a_call_without_a_chat_keeps_only_the_limit_of_the_bot() -> None:
    street = Street()
    await street.time.run(*(street.call(None, reply=True) for _ in range(10)))
    assert max(street.times) <= 10 / RATE


async def test_a_high_rate_is_reached() -> None:
    street = Street(rate=1000.0)
    await street.time.run(*(street.call(chat) for chat in range(1, 501)))
    assert max(street.times) == pytest.approx(500 / (1000 * PACE), abs=0.025)


@pytest.mark.parametrize(("rate", "batch"), [(0.5, 1), (4.0, 2), (RATE, 2), (1000.0, 16)])
def test_a_batch_is_at_most_half_a_seconds_sends(rate: float, batch: int) -> None:
    assert Pacer(rate).batch == batch


@settings(max_examples=25, deadline=None)
@given(
    rate=st.sampled_from([3.0, RATE, 60.0, 1000.0]),
    replies=st.lists(st.floats(0.0, 3.0), max_size=80),
    pauses=st.lists(st.floats(0.0, 0.3), min_size=1, max_size=30),
)
async def test_batches_and_replies_together_keep_the_rate(
    rate: float, replies: list[float], pauses: list[float]
) -> None:
    street = Street(rate)

    async def digests() -> None:
        for pause in pauses:
            came = await street.pacer.turns(street.pacer.batch)
            assert 1 <= came <= street.pacer.batch
            street.calls += [(street.time.now - street.start, None, False)] * came
            await street.time.sleep(pause)

    people = [street.call(chat, reply=True, after=after) for chat, after in enumerate(replies, 1)]
    await street.time.run(digests(), *people)
    assert most_within(street.times, 1.0) <= rate + BURST
    if rate == 1000.0:
        assert most_within(street.times, 1.0) <= 1000


async def test_batches_reach_a_high_rate_and_leave_no_second_above_it() -> None:
    street = Street(1000.0)

    async def digests() -> None:
        sent = 0
        while sent < 3000:
            sent += (came := await street.pacer.turns(20))
            street.calls += [(street.time.now - street.start, None, False)] * came

    await street.time.run(digests(), *(street.call(chat, reply=True, after=chat / 50) for chat in range(1, 100)))
    assert 930 <= most_within(street.times, 1.0) <= 1000
    assert max(street.times) <= 3100 / 940


async def test_chats_whose_time_has_passed_are_forgotten() -> None:
    street = Street(rate=1e6)
    for chat in range(1, SWEEP + 1):
        street.pacer.reserve(chat)
    street.time.now += 10.0
    await street.time.run(street.call(SWEEP + 1))
    assert len(street.pacer._chats) == 1


@pytest.mark.parametrize(("rate", "late"), [(RATE, 0.03), (1000.0, 0.008)])
async def test_who_is_a_little_late_each_time_keeps_the_rate(rate: float, late: float) -> None:
    street = Street(rate)

    async def digests() -> None:
        while len(street.calls) < rate * 3:
            came = await street.pacer.turns(street.pacer.batch)
            await street.time.sleep(late)
            street.calls += [(street.time.now - street.start, None, False)] * came

    await street.time.run(digests())
    assert len(street.calls) / max(street.times) >= 0.93 * rate
    assert most_within(street.times, 1.0) <= rate + BURST


@pytest.mark.parametrize("rate", [RATE, 1000.0])
async def test_what_was_held_up_and_left_together_is_made_up_for(rate: float) -> None:
    street = Street(rate)

    async def digests() -> None:
        held = 0
        while len(street.calls) < rate * 3:
            held += await street.pacer.turns(street.pacer.batch)
            now = street.time.now - street.start
            if not 1.0 < now < 1.2:
                street.calls += [(now, None, False)] * held
                await street.pacer.left(held)
                held = 0

    await street.time.run(digests())
    assert most_within(street.times, 1.0) <= rate + BURST
