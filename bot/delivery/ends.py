"""What comes of deliveries: each outcome of a request, stored; those that arrived many at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

import structlog

from bot.delivery.pacer import Pacer
from bot.delivery.stubborn import stubbornly
from bot.delivery.transport import Outcome
from bot.view import Message
from digests.clock import Clock
from digests.model import Delivery, DeliveryState, Subscriber
from digests.ports import Storage

log = structlog.get_logger(__name__)

Uncertain = Literal["resend", "drop"]

TRIES_FOR = timedelta(hours=24)
"""How long a delivery is tried again; after that, the next digest holds what it held."""

LONGEST_PAUSE = 300.0


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivery that is written out and waits for its turn. `more`: another part of its digest comes after it;
    `wait`: seconds until its place in its chat, which is reserved."""

    delivery: Delivery
    subscriber: Subscriber
    message: Message
    more: bool
    wait: float


Flight = asyncio.Task[tuple[Ready, Outcome]]
"""A request that is out, and what came of it."""


class Ends:
    """Stores how deliveries end, and puts those back that are to be tried again."""

    def __init__(
        self,
        storage: Storage,
        pacer: Pacer,
        *,
        clock: Clock,
        uncertain: Uncertain,
        on_failure: Callable[[Delivery, str], Awaitable[None]] | None,
        on_closed: Callable[[Subscriber], Awaitable[None]] | None = None,
    ) -> None:
        self._storage = storage
        self._pacer = pacer
        self._clock = clock
        self._uncertain = uncertain
        self._on_failure = on_failure
        self._on_closed = on_closed

    async def record(self, landed: Iterable[Flight]) -> bool:
        """Store what came of requests that ended; whether there is something to claim because of it."""
        arrived: list[tuple[Delivery, int]] = []
        others: list[tuple[Ready, Outcome]] = []
        more = False
        for flight in landed:
            if (error := flight.exception()) is not None:
                # Nobody knows what came of it: the row stays "sending" until its lease expires.
                log.error("delivery.crashed", exc_info=error)
                continue
            ready, outcome = flight.result()
            if outcome.kind == "sent" and outcome.message_id is not None:
                arrived.append((ready.delivery, outcome.message_id))
                more = more or ready.more
            else:
                others.append((ready, outcome))
        if arrived:
            await self._stored(partial(self._arrived, arrived))
        for ready, outcome in others:
            try:
                await self._stored(partial(self._record, ready.delivery, ready.subscriber, outcome))
            except Exception:
                # It stays "sending" until its lease expires; what came of the others is still to be stored.
                log.exception("delivery.not_recorded", delivery=ready.delivery.id)
        return more

    async def _arrived(self, arrived: Sequence[tuple[Delivery, int]]) -> None:
        await self._storage.ledger.sent(arrived, now=self._clock())

    async def _stored(self, store: Callable[[], Awaitable[None]]) -> None:
        """Store outcomes, though the database refuse for minutes: nothing is sent meanwhile, and here alone they are
        known. That outlives the lease: what arrived is stored also where the row was put back, unless somebody claimed
        it again.
        """
        await stubbornly(store, sleep=self._pacer.sleep)

    async def _record(self, delivery: Delivery, subscriber: Subscriber, outcome: Outcome) -> None:
        now = self._clock()
        match outcome.kind:
            case "flood":
                self._pacer.halt(outcome.seconds)
                await self.back(delivery, now + timedelta(seconds=outcome.seconds), "flood wait")
            case "gone":
                await self._storage.subscribers.set_gone(subscriber.chat_id, gone=True)
                await self.finish(delivery, DeliveryState.GONE, error=outcome.reason)
            case "closed":
                await self._storage.subscribers.update(subscriber.id, gone=True)
                await self.finish(delivery, DeliveryState.GONE, error=outcome.reason)
                if self._on_closed is not None:
                    await self._on_closed(subscriber)
            case "migrated" if outcome.new_chat_id is not None:
                await self._storage.subscribers.migrate(subscriber.chat_id, outcome.new_chat_id)
                await self.back(delivery, now, "the group became a supergroup")
            case "uncertain" if self._uncertain == "drop":
                await self.finish(delivery, DeliveryState.UNCERTAIN, error=outcome.reason)
            case "again" | "uncertain":
                await self.again(delivery, outcome.reason)
            case _:
                await self._fail(delivery, outcome.reason)

    async def again(self, delivery: Delivery, reason: str) -> None:
        """Put it back for a later try, or give it up after TRIES_FOR."""
        now = self._clock()
        if now - delivery.created_at > TRIES_FOR:
            await self._fail(delivery, f"given up after 24 hours: {reason}")
            return
        pause = min(2.0 ** min(delivery.attempts, 10), LONGEST_PAUSE)
        await self.back(delivery, now + timedelta(seconds=pause), reason)

    async def _fail(self, delivery: Delivery, reason: str) -> None:
        log.error("delivery.failed", delivery=delivery.id, subscriber=delivery.subscriber_id, reason=reason)
        await self.finish(delivery, DeliveryState.FAILED, error=reason)
        if self._on_failure is not None:
            await self._on_failure(delivery, reason)

    async def back(self, delivery: Delivery, not_before: datetime, reason: str) -> None:
        """Put it back until then."""
        await self._storage.ledger.finish(
            delivery, DeliveryState.PENDING, now=self._clock(), error=reason or None, not_before=not_before
        )

    async def finish(self, delivery: Delivery, state: DeliveryState, *, error: str) -> None:
        """Store that it came to an end without having arrived."""
        if not await self._storage.ledger.finish(delivery, state, now=self._clock(), error=error):
            log.warning("delivery.fenced", delivery=delivery.id, state=state)
