"""Delivery: claim from the ledger, write out, wait for the turn, send, and record what came of it; all in batches.

"Sending" is committed after the pacer has given the turn and right before the requests, so that after a crash only the
few rows in that state are uncertain. A process that dies leaves leases behind, which expire.
"""

import asyncio
import contextlib
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

import structlog

from bot.delivery.ends import Ends, Flight, Ready, Uncertain
from bot.delivery.pacer import FREE, INSTANT, Pacer
from bot.delivery.transport import Outcome, Transport
from bot.view import Message
from digests import breaking
from digests.clock import Clock
from digests.model import Delivery, DeliveryState, Digest, Subscriber
from digests.ports import Storage
from digests.schedule import is_quiet

log = structlog.get_logger(__name__)

Render = Callable[[Delivery, Digest, Subscriber], Sequence[Message]]
"""The messages of a digest for a subscriber; always the same for the same delivery."""

HELD = 5.0
"""Seconds that a delivery waits for its chat; a busier chat's goes back, so that the others' go on."""

IDLE = 1.0
"""Seconds between looks at the ledger where nobody wakes us (another process may have written)."""

AHEAD = 0.25
"""Seconds' worth of sends that are claimed and written out before their turn: what a command has to wait behind."""

LEAST_AHEAD = 16
DEPARTING = 2
"""Batches that are committed as "sending" at a time at a high rate: one has its turn while the database writes another.
At the free rate, which has nothing to spare, it is one."""

TOGETHER = 0.05
"""Seconds for which the answers of a batch are gathered before they are recorded in one transaction."""

DIGESTS = 1024
"""Digests that are kept after they were read: many get the same."""

BREATH = 2
"""Messages written out between two moments in which the bot may answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPolicy:
    """`uncertain`: what to do with a message that may have arrived; `in_flight`: requests that may be out at a time;
    `lease`: seconds a claim holds; `patience`: seconds that stopping gives to what is in flight; `alone`: nobody else
    delivers from this database, so that what is leased at the start was left behind by a process that has ended."""

    uncertain: Uncertain = "resend"
    in_flight: int = 32
    lease: float = 60.0
    patience: float = 10.0
    alone: bool = False


class DeliveryWorkers:
    """One task claims and writes out, one sends; requests are out side by side. Whoever writes to the ledger sets
    `awake`.
    """

    def __init__(
        self,
        name: str,
        storage: Storage,
        transport: Transport,
        pacer: Pacer,
        render: Render,
        *,
        clock: Clock,
        policy: DeliveryPolicy | None = None,
        on_failure: Callable[[Delivery, str], Awaitable[None]] | None = None,
        on_closed: Callable[[Subscriber], Awaitable[None]] | None = None,
        awake: asyncio.Event | None = None,
    ) -> None:
        self._name = name
        self._storage = storage
        self._transport = transport
        self._pacer = pacer
        self._render = render
        self._clock = clock
        self._policy = policy or DeliveryPolicy()
        self._ends = Ends(
            storage,
            pacer,
            clock=clock,
            uncertain=self._policy.uncertain,
            on_failure=on_failure,
            on_closed=on_closed,
        )
        self._ahead = max(LEAST_AHEAD, 2 * pacer.batch, int(pacer.rate * AHEAD))
        self._digests: OrderedDict[int, Digest] = OrderedDict()
        self._queue: deque[Ready] = deque()
        self._held: dict[asyncio.Task[None], Ready] = {}
        """Those that wait for their chat."""
        self._in_flight = self._departing = 0
        self._last = asyncio.Event()
        """Set when the requests of the latest batch have begun."""
        self._last.set()
        self._landing: set[asyncio.Task[None]] = set()
        self._awake = awake or asyncio.Event()
        """There is something to claim."""
        self._movement = asyncio.Event()
        """There is something to send, or room for it."""
        self._stopping = False
        self._claiming: asyncio.Task[None] | None = None
        self._sending: asyncio.Task[None] | None = None
        self._turn: asyncio.Future[int] | None = None

    def wake(self) -> None:
        """Something was written to the ledger: look now."""
        self._awake.set()

    async def start(self) -> None:
        """Take up what a crash left behind, then work."""
        await self.recover(abandoned=self._policy.alone)
        self._claiming = asyncio.create_task(self._claim_forever(), name="delivery-claims")
        self._sending = asyncio.create_task(self._send_forever(), name="delivery-sends")

    async def recover(self, *, abandoned: bool = False) -> None:
        """Put back what expired leases hold (`abandoned`: all); see BAZTAB_UNCERTAIN for what was being sent."""
        resend = self._policy.uncertain == "resend"
        count = await self._storage.ledger.recover(now=self._clock(), resend=resend, abandoned=abandoned)
        if count:
            log.warning("delivery.recovered", count=count, uncertain=self._policy.uncertain)
            self.wake()

    async def stop(self) -> None:
        """Claim no more, give back what has not had its turn, and finish what is in flight."""
        self._stopping = True
        self.wake()
        self._movement.set()
        if self._turn is not None:
            self._turn.cancel()
        for task in (self._claiming, self._sending):
            if task is not None:
                await task
        waiting = [*self._queue, *self._held.values()]
        for held in self._held:
            held.cancel()
        self._queue.clear()
        await self._storage.ledger.release([one.delivery for one in waiting], now=self._clock())
        if self._landing:
            await asyncio.wait(self._landing, timeout=self._policy.patience)
        for landing in self._landing:
            landing.cancel()
        await asyncio.gather(*self._landing, *self._held, return_exceptions=True)

    def hurry(self) -> None:
        """Stopping takes too long for somebody: break off what is in flight."""
        for task in self._landing:
            task.cancel()

    async def drain(self) -> int:
        """Send everything that is due now, without tasks of its own; how many were taken up. For tests and tools."""
        taken = 0
        while batch := await self._claim(limit=50):
            await self.deliver(batch)
            taken += len(batch)
        return taken

    # ── claiming and writing out ─────────────────────────────────────────────────────────────────────────────────────

    async def _claim_forever(self) -> None:
        while not self._stopping:
            self._awake.clear()
            try:
                batch = await self._claim(limit=self._ahead - len(self._queue))
                for ready in await self._written(batch):
                    self._queue_up(ready)
            except Exception:
                # Without this task nothing is ever sent again. What was claimed comes back when its lease expires.
                log.exception("delivery.claim_failed")
                batch = []
            if len(self._queue) > self._ahead // 2:
                await self._awake.wait()
            elif not batch:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), IDLE)

    async def _claim(self, *, limit: int) -> list[Delivery]:
        if limit <= 0 or self._pacer.halted > HELD:
            return []
        return await self._storage.ledger.claim(self._name, now=self._clock(), limit=limit, lease=self._policy.lease)

    async def _written(self, deliveries: Sequence[Delivery]) -> list[Ready]:
        """Those that can be sent, written out; the others are recorded as what they are."""
        if not deliveries:
            return []
        subscribers = await self._storage.subscribers.by_ids([one.subscriber_id for one in deliveries])
        digests = await self._read([one.digest_id for one in deliveries])
        earlier = await self._earlier(deliveries, digests)
        written = []
        for place, delivery in enumerate(deliveries):
            subscriber, digest = subscribers.get(delivery.subscriber_id), digests.get(delivery.digest_id)
            if subscriber is None or digest is None or subscriber.gone:
                await self._ends.finish(delivery, DeliveryState.GONE, error="the subscriber is gone")
                continue
            if self._is_stale(delivery, digest, subscriber):
                await self._ends.finish(delivery, DeliveryState.FAILED, error="too late to be breaking news")
                continue
            messages = await self._write(delivery, digest, subscriber)
            if not messages:
                continue
            if (wait := self._pacer.chat_wait(subscriber.chat_id)) > HELD:
                await self._ends.back(delivery, self._clock() + timedelta(seconds=wait), "")
                continue
            message = replace(messages[delivery.part], reply_to=earlier.get(delivery.id))
            more = delivery.part + 1 < len(messages)
            written.append(Ready(delivery, subscriber, message, more, self._pacer.reserve(subscriber.chat_id)))
            if place % BREATH == 0:
                await asyncio.sleep(0)
        return written

    def _is_stale(self, delivery: Delivery, digest: Digest, subscriber: Subscriber) -> bool:
        """Whether this was breaking news, and is none any more, or would come into quiet hours."""
        if not any(breaking.told(item) for item in digest.items):
            return False
        now = self._clock()
        return now - delivery.created_at > breaking.STALE or is_quiet(subscriber, now)

    async def _earlier(self, deliveries: Sequence[Delivery], digests: Mapping[int, Digest]) -> dict[int, int]:
        """By delivery, the message that had the first story of which its digest brings an update."""
        wanted = {}
        for delivery in deliveries:
            items = digests[delivery.digest_id].items if delivery.digest_id in digests else ()
            grown = next((item.story_id for item in items if item.update), None)
            if grown is not None and delivery.part == 0:
                wanted[delivery.id] = (delivery.subscriber_id, grown, delivery.request_id)
        found = await self._storage.ledger.messages_of(list(wanted.values())) if wanted else {}
        return {number: found[key] for number, key in wanted.items() if key in found}

    async def _read(self, digest_ids: Sequence[int]) -> dict[int, Digest]:
        wanted = set(digest_ids)
        if unknown := sorted(wanted - self._digests.keys()):
            self._digests |= await self._storage.ledger.digests(unknown)
        found = {}
        for number in wanted & self._digests.keys():
            found[number] = self._digests[number]
            self._digests.move_to_end(number)
        while len(self._digests) > DIGESTS:
            self._digests.popitem(last=False)
        return found

    async def _write(self, delivery: Delivery, digest: Digest, subscriber: Subscriber) -> Sequence[Message]:
        """The messages of its digest; none where it has no such part, or can't be written, which is recorded."""
        try:
            messages = self._render(delivery, digest, subscriber)
        except Exception as error:
            # A fault of ours that this digest brought out: a mended version may be started before the day is over.
            log.exception("delivery.not_written", delivery=delivery.id)
            await self._ends.again(delivery, f"fault in Baztab: {error!r}")
            return ()
        if delivery.part >= len(messages):
            await self._ends.finish(delivery, DeliveryState.FAILED, error="the digest has no such part")
            return ()
        if delivery.part == 0 and len(messages) > 1:
            await self._storage.ledger.add_parts(delivery, len(messages))
        return messages

    def _queue_up(self, ready: Ready) -> None:
        """Put it into the line, once its place in its chat has come."""
        if ready.wait <= INSTANT:
            self._line_up(ready)
            return
        holding = asyncio.create_task(self._hold(ready), name="delivery-held")
        self._held[holding] = ready
        holding.add_done_callback(self._held.pop)

    async def _hold(self, ready: Ready) -> None:
        await self._pacer.sleep(ready.wait)
        self._line_up(ready)

    def _line_up(self, ready: Ready) -> None:
        """What somebody asked for goes ahead of what was due anyway, but not of its own chat's."""
        priority, chat = ready.delivery.priority, ready.subscriber.chat_id
        end = len(self._queue)
        place = next((at for at, one in enumerate(self._queue) if one.delivery.priority > priority), end)
        if any(one.subscriber.chat_id == chat for one in islice(self._queue, place, None)):
            place = end
        self._queue.insert(place, ready)
        self._movement.set()

    # ── sending ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def deliver(self, deliveries: Sequence[Delivery]) -> None:
        """Send these and record the outcomes."""
        line = deque(await self._written(deliveries))
        if wait := max((ready.wait for ready in line), default=0.0):
            await self._pacer.sleep(wait)
        while batch := first_of(line, self._pacer.batch):
            now = await self._pacer.turns(len(batch))
            line.extendleft(reversed(batch[now:]))
            ours = await self._committed(batch[:now])
            self._in_flight += len(ours)
            await self._land(self._requested(ours))

    async def _send_forever(self) -> None:
        while not self._stopping:
            batch = first_of(self._queue, self._room())
            if not batch:
                self._movement.clear()
                await self._movement.wait()
                continue
            now = await self._turns(len(batch))
            self._queue.extendleft(reversed(batch[now:]))
            batch = batch[:now]
            if not batch:
                return
            self._take_off(batch)
            if len(self._queue) <= self._ahead // 2:
                self.wake()

    def _room(self) -> int:
        """How many may be given their turn now."""
        if self._departing >= (DEPARTING if self._pacer.rate > FREE else 1):
            return 0
        return min(self._pacer.batch, self._policy.in_flight - self._in_flight)

    async def _turns(self, most: int) -> int:
        """Wait for turns; how many came, 0 where we are stopped meanwhile."""
        self._turn = asyncio.ensure_future(self._pacer.turns(most))
        try:
            return await self._turn
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            return 0

    async def _committed(self, batch: Sequence[Ready]) -> list[Ready]:
        """Commit that these are sent now; those that are still ours."""
        deliveries = [ready.delivery for ready in batch]
        ours = await self._storage.ledger.sending_all(deliveries, now=self._clock(), lease=self._policy.lease)
        for lost in deliveries:
            if lost.id not in ours:
                log.info("delivery.lease_lost", delivery=lost.id)
        return [ready for ready in batch if ready.delivery.id in ours]

    def _requested(self, batch: Sequence[Ready]) -> list[Flight]:
        return [asyncio.create_task(self._request(ready)) for ready in batch]

    async def _request(self, ready: Ready) -> tuple[Ready, Outcome]:
        return ready, await self._transport.send(ready.subscriber, ready.message, turn="taken")

    def _take_off(self, batch: Sequence[Ready]) -> None:
        """Commit, request and record beside what comes next; requests begin in the order of turns all the same."""
        self._in_flight += len(batch)
        self._departing += 1
        before, self._last = self._last, asyncio.Event()
        flying = asyncio.create_task(self._fly(batch, before, self._last), name="delivery-flight")
        self._landing.add(flying)
        flying.add_done_callback(self._landing.discard)

    async def _fly(self, batch: Sequence[Ready], before: asyncio.Event, gone: asyncio.Event) -> None:
        """One batch, from its turn to its end; `gone` is set when its requests have begun, after those `before`."""
        try:
            ours = await self._committed(batch)
            await before.wait()
        except Exception:
            # The rows keep their lease and come back when that expires; the others go on.
            log.exception("delivery.crashed", deliveries=[ready.delivery.id for ready in batch])
            ours = []
        finally:
            gone.set()
        flights = self._requested(ours)
        self._departing -= 1
        self._free(len(batch) - len(ours))
        try:
            await self._pacer.left(len(flights))
        except Exception:
            log.exception("delivery.bunched")  # what is out is to be recorded all the same
        await self._land(flights)

    def _free(self, count: int) -> None:
        """There is room for so many more requests."""
        self._in_flight -= count
        self._movement.set()

    async def _land(self, flights: Sequence[Flight]) -> None:
        """Record what comes of requests, those together that end at about the same time."""
        out = set(flights)
        try:
            while out:
                landed, out = await asyncio.wait(out, timeout=TOGETHER)
                self._free(len(landed))
                if await self._ends.record(landed):
                    self.wake()
        finally:
            for flight in out:
                flight.cancel()


def first_of(line: deque[Ready], most: int) -> list[Ready]:
    """Take the first ones of a line that may go out side by side: no chat has two among them, so that each gets its
    digests in their order."""
    batch: list[Ready] = []
    chats: set[int] = set()
    while line and len(batch) < most and line[0].subscriber.chat_id not in chats:
        batch.append(line.popleft())
        chats.add(batch[-1].subscriber.chat_id)
    return batch
