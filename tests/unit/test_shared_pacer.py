"""Pacer over a shared rate: several processes keep one rate and one flood wait together, replies first."""

from bot.delivery.pacer import BURST, Pacer
from tests.fakes.clock import VirtualTime

RATE = 28.0


class OneRow:
    """A SharedRate in virtual time, as the row on PostgreSQL keeps it."""

    def __init__(self, time: VirtualTime) -> None:
        self.time = time
        self.tat = self.halted_until = -1.0

    async def take(self, calls: int, *, interval: float, burst: float) -> tuple[float, float]:
        now = self.time.now
        first = max(self.tat, self.halted_until, now - burst)
        self.tat = first + calls * interval
        return first - now, self.halted_until - now

    async def take_free(self, least: int, most: int, *, interval: float, burst: float) -> tuple[int, float, float]:
        now, free = self.time.now, max(self.tat, self.halted_until) - self.time.now
        there = min(most, int(1 - free / interval)) if free <= 0 else 0
        if there < least:
            return 0, free, self.halted_until - now
        await self.take(there, interval=interval, burst=burst)
        return there, free, self.halted_until - now

    async def halt(self, seconds: float) -> None:
        self.halted_until = max(self.halted_until, self.time.now + seconds)


class Processes:
    """Some pacers over one row, and when each call went out."""

    def __init__(self, count: int, rate: float = RATE) -> None:
        self.time = VirtualTime()
        self.row = OneRow(self.time)
        self.pacers = [Pacer(rate, clock=self.time.clock, sleep=self.time.sleep, shared=self.row) for _ in range(count)]
        self.calls: list[tuple[float, bool]] = []

    async def send(self, process: int, first_chat: int, count: int, *, reply: bool = False, after: float = 0) -> None:
        await self.time.sleep(after)
        for chat in range(first_chat, first_chat + count):
            await self.pacers[process].turn(chat, reply=reply)
            self.calls.append((self.time.now, reply))

    async def send_batches(self, process: int, count: int) -> None:
        left = count * self.pacers[process].batch
        while left > 0:
            calls = await self.pacers[process].turns(self.pacers[process].batch)
            self.calls += [(self.time.now, False)] * calls
            left -= calls


async def test_three_processes_keep_one_rate_and_use_it() -> None:
    street = Processes(3)
    start = street.time.now
    await street.time.run(*(street.send(place % 3, 100 * place, 10) for place in range(1, 25)))
    times = sorted(at for at, _ in street.calls)
    assert max(sum(one <= at <= one + 1.0 for at in times) for one in times) <= RATE + BURST
    assert times[-1] - start < 240 / RATE + 1


async def test_replies_of_one_process_go_ahead_of_the_digests_of_others() -> None:
    street = Processes(3)
    digests = [street.send(place % 3, 100 * place, 20) for place in range(1, 13)]
    await street.time.run(*digests, *(street.send(0, chat, 1, reply=True, after=2.0) for chat in range(1, 8)))
    answered = [at - 1002.0 for at, reply in street.calls if reply]
    assert max(answered) < 0.75


async def test_a_flood_wait_of_one_process_is_everyones() -> None:
    street = Processes(2)

    async def flood() -> None:
        await street.time.sleep(1.0)
        street.pacers[0].halt(20.0)

    await street.time.run(flood(), street.send(0, 100, 40), street.send(1, 200, 40))
    assert not [at for at, _ in street.calls if 1001.05 < at < 1021.0]
    assert street.pacers[1].rate < RATE


async def test_batches_of_two_processes_keep_a_high_rate_and_use_it() -> None:
    street = Processes(2, rate=1000.0)
    start = street.time.now
    people = [street.send(place % 2, place, 1, reply=True, after=place / 20) for place in range(1, 60)]
    await street.time.run(street.send_batches(0, 95), street.send_batches(1, 95), *people)
    times = sorted(at for at, _ in street.calls)
    assert max(sum(one <= at <= one + 1.0 for at in times) for one in times) <= 1000
    assert len(times) / (times[-1] - start) >= 930


async def test_replies_go_ahead_of_the_batches_of_all_processes() -> None:
    street = Processes(2, rate=1000.0)
    people = [street.send(place % 2, place, 1, reply=True, after=place / 20) for place in range(1, 40)]
    await street.time.run(street.send_batches(0, 60), street.send_batches(1, 60), *people)
    answered = [at - 1000.0 - place / 20 for place, at in enumerate((at for at, reply in street.calls if reply), 1)]
    assert max(answered) < 0.1
