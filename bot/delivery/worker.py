"""The delivery workers: they claim deliveries from the ledger, wait for their turn, send, and record what came of it.

"Sending" is committed after the pacer has given the turn and right before the request, so that after a crash only the
few rows in that state are uncertain. A worker that dies leaves leases behind, which expire.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog

from bot.delivery.pacer import Pacer
from bot.delivery.transport import Outcome, Transport
from bot.view import Message
from digests.clock import Clock
from digests.model import Delivery, DeliveryState, Digest, Subscriber
from digests.ports import Storage

log = structlog.get_logger(__name__)

Render = Callable[[Delivery, Digest, Subscriber], Sequence[Message]]
"""The messages of a digest for a subscriber; always the same for the same delivery."""

TRIES_FOR = timedelta(hours=24)
"""How long a delivery is tried again; after that, the next digest holds what it held."""

LONGEST_PAUSE = 300.0
HELD = 5.0
"""Seconds that a worker waits for one chat; a busier chat's delivery goes back, so that the others' go on."""

IDLE = 1.0
"""Seconds between looks at the ledger where nobody wakes us (another process may have written)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPolicy:
    """`uncertain`: what to do with a message that may have arrived; `lease`: seconds a claim holds; `patience`: seconds
    that stopping gives to what is in flight; `alone`: nobody else delivers from this database, so that what is leased
    at the start was left behind by a process that has ended."""

    uncertain: Literal["resend", "drop"] = "resend"
    workers: int = 16
    lease: float = 60.0
    patience: float = 10.0
    alone: bool = False


class DeliveryWorkers:
    """Sixteen tasks over one queue of claimed deliveries. Whoever writes to the ledger sets `awake`."""

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
        awake: asyncio.Event | None = None,
    ) -> None:
        self._name = name
        self._storage = storage
        self._transport = transport
        self._pacer = pacer
        self._render = render
        self._clock = clock
        self._policy = policy or DeliveryPolicy()
        self._on_failure = on_failure
        self._queue: asyncio.Queue[Delivery | None] = asyncio.Queue()
        """None tells a worker to end."""
        self._awake = awake or asyncio.Event()
        self._stopping = False
        self._claiming: asyncio.Task[None] | None = None
        self._sending: list[asyncio.Task[None]] = []
        self._waiting: dict[int, Delivery] = {}
        """Those for whose turn a worker waits: not yet on their way."""

    def wake(self) -> None:
        """Something was written to the ledger: look now."""
        self._awake.set()

    async def start(self) -> None:
        """Take up what a crash left behind, then work."""
        await self.recover(abandoned=self._policy.alone)
        self._claiming = asyncio.create_task(self._claim_forever(), name="delivery-claims")
        self._sending = [
            asyncio.create_task(self._send_forever(), name=f"delivery-{place}") for place in range(self._policy.workers)
        ]

    async def recover(self, *, abandoned: bool = False) -> None:
        """Put back what expired leases hold (`abandoned`: all); see BAZTAB_UNCERTAIN for what was being sent."""
        resend = self._policy.uncertain == "resend"
        count = await self._storage.ledger.recover(now=self._clock(), resend=resend, abandoned=abandoned)
        if count:
            log.warning("delivery.recovered", count=count, uncertain=self._policy.uncertain)
            self.wake()

    async def stop(self) -> None:
        """Claim no more, finish what is in flight, give back the rest."""
        self._stopping = True
        self.wake()
        if self._claiming is not None:
            await self._claiming
        left = [self._queue.get_nowait() for _ in range(self._queue.qsize())]
        for _ in self._sending:
            self._queue.put_nowait(None)
        if self._sending:
            left += await self._end(self._sending)
        for delivery in left:
            if delivery is not None:
                await self._back(delivery, self._clock(), "")

    async def _end(self, tasks: Sequence[asyncio.Task[None]]) -> list[Delivery]:
        """Let the workers finish; the deliveries of those that still wait for their turn when patience ends."""
        await asyncio.wait(tasks, timeout=self._policy.patience)
        waiting = list(self._waiting.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return waiting

    async def drain(self) -> int:
        """Send everything that is due now, without workers; how many were taken up. For short commands and tests."""
        taken = 0
        while batch := await self._claim(limit=50):
            for delivery in batch:
                await self.deliver(delivery)
            taken += len(batch)
        return taken

    async def _claim_forever(self) -> None:
        while not self._stopping:
            self._awake.clear()
            try:
                batch = await self._claim(limit=2 * self._policy.workers - self._queue.qsize())
            except Exception:
                # Without this task nothing is ever sent again; what it looks for will still be there next time.
                log.exception("delivery.claim_failed")
                batch = []
            for delivery in batch:
                self._queue.put_nowait(delivery)
            if not batch:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), IDLE)
            elif self._queue.qsize() >= self._policy.workers:
                await self._awake.wait()

    async def _claim(self, *, limit: int) -> list[Delivery]:
        if limit <= 0 or self._pacer.halted > HELD:
            return []
        return await self._storage.ledger.claim(self._name, now=self._clock(), limit=limit, lease=self._policy.lease)

    async def _send_forever(self) -> None:
        while (delivery := await self._queue.get()) is not None:
            try:
                await self.deliver(delivery)
            except Exception:
                # The row keeps its lease and comes back when that expires; the worker must live on.
                log.exception("delivery.crashed", delivery=delivery.id)
            if self._queue.qsize() < self._policy.workers:
                self.wake()

    async def deliver(self, delivery: Delivery) -> None:
        """Send one delivery and record the outcome."""
        subscriber = await self._storage.subscribers.by_id(delivery.subscriber_id)
        digest = await self._storage.ledger.digest(delivery.digest_id)
        if subscriber is None or digest is None or subscriber.gone:
            await self._finish(delivery, DeliveryState.GONE, error="the subscriber is gone")
            return
        try:
            messages = self._render(delivery, digest, subscriber)
        except Exception as error:
            # A fault of ours that this digest brought out: a mended version may be started before the day is over.
            log.exception("delivery.not_written", delivery=delivery.id)
            await self._again(delivery, self._clock(), f"fault in Baztab: {error!r}")
            return
        if delivery.part >= len(messages):
            await self._finish(delivery, DeliveryState.FAILED, error="the digest has no such part")
            return
        if delivery.part == 0 and len(messages) > 1:
            await self._storage.ledger.add_parts(delivery, len(messages))
        if (wait := self._pacer.chat_wait(subscriber.chat_id)) > HELD:
            await self._back(delivery, self._clock() + timedelta(seconds=wait), "")
            return
        await self._turn(delivery, subscriber)
        if not await self._storage.ledger.sending(delivery, now=self._clock()):
            log.info("delivery.lease_lost", delivery=delivery.id)
            return
        outcome = await self._transport.send(subscriber, messages[delivery.part], turn="taken")
        await self._record(delivery, subscriber, outcome)

    async def _turn(self, delivery: Delivery, subscriber: Subscriber) -> None:
        self._waiting[delivery.id] = delivery
        try:
            await self._pacer.turn(subscriber.chat_id)
        finally:
            self._waiting.pop(delivery.id, None)

    async def _record(self, delivery: Delivery, subscriber: Subscriber, outcome: Outcome) -> None:
        now = self._clock()
        match outcome.kind:
            case "sent":
                await self._finish(delivery, DeliveryState.SENT, message_id=outcome.message_id)
            case "flood":
                self._pacer.halt(outcome.seconds)
                await self._back(delivery, now + timedelta(seconds=outcome.seconds), "flood wait")
            case "gone":
                await self._storage.subscribers.set_gone(subscriber.chat_id, gone=True)
                await self._finish(delivery, DeliveryState.GONE, error=outcome.reason)
            case "closed":
                await self._storage.subscribers.update(subscriber.id, gone=True)
                await self._finish(delivery, DeliveryState.GONE, error=outcome.reason)
            case "migrated" if outcome.new_chat_id is not None:
                await self._storage.subscribers.migrate(subscriber.chat_id, outcome.new_chat_id)
                await self._back(delivery, now, "the group became a supergroup")
            case "uncertain" if self._policy.uncertain == "drop":
                await self._finish(delivery, DeliveryState.UNCERTAIN, error=outcome.reason)
            case "again" | "uncertain":
                await self._again(delivery, now, outcome.reason)
            case _:
                await self._fail(delivery, outcome.reason)

    async def _again(self, delivery: Delivery, now: datetime, reason: str) -> None:
        if now - delivery.created_at > TRIES_FOR:
            await self._fail(delivery, f"given up after 24 hours: {reason}")
            return
        pause = min(2.0 ** min(delivery.attempts, 10), LONGEST_PAUSE)
        await self._back(delivery, now + timedelta(seconds=pause), reason)

    async def _fail(self, delivery: Delivery, reason: str) -> None:
        log.error("delivery.failed", delivery=delivery.id, subscriber=delivery.subscriber_id, reason=reason)
        await self._finish(delivery, DeliveryState.FAILED, error=reason)
        if self._on_failure is not None:
            await self._on_failure(delivery, reason)

    async def _back(self, delivery: Delivery, not_before: datetime, reason: str) -> None:
        await self._storage.ledger.finish(
            delivery, DeliveryState.PENDING, now=self._clock(), error=reason or None, not_before=not_before
        )

    async def _finish(
        self, delivery: Delivery, state: DeliveryState, *, message_id: int | None = None, error: str | None = None
    ) -> None:
        done = await self._storage.ledger.finish(delivery, state, now=self._clock(), message_id=message_id, error=error)
        if not done:
            log.warning("delivery.fenced", delivery=delivery.id, state=state)
