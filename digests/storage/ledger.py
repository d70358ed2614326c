"""The ledger: requests, digests and deliveries, from what was asked to what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from operator import itemgetter

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.model import Delivery, DeliveryState, Digest, History, NewDelivery, Request, Shown
from digests.storage import claims, schema
from digests.storage.claims import to_delivery
from digests.storage.codec import decode_digest
from digests.storage.columns import EPOCH
from digests.storage.engine import Repository, reading, stating, writing
from digests.storage.enqueue import Encoded, encoded, enqueue
from digests.storage.schema import delivery, digest_story
from digests.storage.statements import AnyRow, batches, insert

RUN_MEMORY = timedelta(days=3)
"""Runs are kept at least so long, whatever is pruned: they keep a slot from coming twice on one date."""
_SHARED = ("request_id", "digest_id", "subscriber_id", "priority", "until", "created_at", "due_at", "changed_at")
"""What the parts of a digest have in common."""


class LedgerRepository(Repository):
    """The ledger of one database."""

    @writing
    async def open_request(
        self, connection: AsyncConnection, subscriber_id: int, kind: str, arguments: str, *, now: datetime
    ) -> Request:
        """Record that a subscriber asked for something."""
        values = {"subscriber_id": subscriber_id, "kind": kind, "arguments": arguments, "created_at": now}
        row = (await connection.execute(schema.request.insert().returning(schema.request), values)).one()
        return _to_request(row)

    @reading
    async def request(self, connection: AsyncConnection, request_id: int) -> Request | None:
        """One request."""
        query = select(schema.request).where(schema.request.c.id == request_id)
        row = (await connection.execute(query)).first()
        return _to_request(row) if row else None

    async def enqueue(
        self, deliveries: Sequence[NewDelivery], *, now: datetime, stored: dict[int, tuple[Digest, int]] | None = None
    ) -> int:
        """Store runs, requests, digests and deliveries, each once, and when the subscribers are due next."""
        stored = {} if stored is None else stored
        fresh = await encoded(deliveries, stored)
        written, ids = await self._enqueue(deliveries, fresh, stored, now=now)
        stored |= ids  # only now: a transaction that is run again stores them again
        return written

    @writing
    async def _enqueue(
        self,
        connection: AsyncConnection,
        deliveries: Sequence[NewDelivery],
        fresh: Mapping[int, Encoded],
        stored: Mapping[int, tuple[Digest, int]],
        *,
        now: datetime,
    ) -> tuple[int, dict[int, tuple[Digest, int]]]:
        return await enqueue(connection, deliveries, fresh, stored, now=now)

    async def claim(self, worker: str, *, now: datetime, limit: int, lease: float = 60.0) -> list[Delivery]:
        """Pending deliveries whose time has come, commands before runs, then by due time; leased for `lease` s.

        A later part of a digest is not claimed before the earlier ones were sent.
        """
        if self.database.is_sqlite and not await self._claimable(now):
            return []
        return await self._claim(worker, now=now, limit=limit, until=now + timedelta(seconds=lease))

    @reading
    async def _claimable(self, connection: AsyncConnection, now: datetime) -> bool:
        """Whether there is anything to claim: asked first, so that an idle worker takes no lock."""
        return (await connection.execute(claims.CLAIMABLE, {"now": now})).first() is not None

    @stating
    async def _claim(
        self, connection: AsyncConnection, worker: str, *, now: datetime, limit: int, until: datetime
    ) -> list[Delivery]:
        values = {"by": worker, "now": now, "limit": limit, "lease_end": until}
        rows = (await connection.execute(claims.CLAIM, values)).all()
        return [to_delivery(row) for row in sorted(rows, key=lambda row: (row.priority, row.due_at, row.id))]

    async def sending(self, delivery: Delivery, *, now: datetime, lease: float = 60.0) -> bool:
        """Commit that the request goes out now; False where the lease was lost to another worker."""
        return bool(await self.sending_all([delivery], now=now, lease=lease))

    @stating
    async def sending_all(
        self, connection: AsyncConnection, deliveries: Sequence[Delivery], *, now: datetime, lease: float = 60.0
    ) -> frozenset[int]:
        """Commit that the requests of one worker's deliveries go out now; the ids of those that are still its own.

        After `lease` seconds without an outcome it counts as unknown.
        """
        if not deliveries:
            return frozenset()
        values = {**claims.fences(deliveries), "now": now, "lease_end": now + timedelta(seconds=lease)}
        return frozenset((await connection.scalars(claims.SENDING, values)).all())

    @stating
    async def sent(
        self, connection: AsyncConnection, arrived: Sequence[tuple[Delivery, int]], *, now: datetime
    ) -> None:
        """Store that deliveries arrived, with their message ids; also where a lease ran out, unless somebody else has
        claimed it since.
        """
        rows = [{**claims.fence(one), "message": number, "now": now} for one, number in arrived]
        if rows:
            await connection.execute(claims.ARRIVED, sorted(rows, key=itemgetter("which")))

    @writing
    async def finish(
        self,
        connection: AsyncConnection,
        delivery: Delivery,
        state: DeliveryState,
        *,
        now: datetime,
        message_id: int | None = None,
        error: str | None = None,
        not_before: datetime | None = None,
    ) -> bool:
        """Store what became of it; PENDING with `not_before` puts it back. Fenced by worker and attempt.

        Where it failed or the chat is gone, the later parts are called off with it.
        """
        back = state is DeliveryState.PENDING
        values = {**claims.ending(delivery, state, now=now), "message": message_id, "why": error}
        if back:
            values |= {"left_by": "", "later": not_before or now}
        if (await connection.execute(claims.FINISH, values)).rowcount == 0:
            return False
        if state in claims.UNREACHED:
            later = {"of": delivery.request_id, "after": delivery.part, "became": state.value, "now": now}
            await connection.execute(claims.CALL_OFF, later)
        return True

    @writing
    async def release(self, connection: AsyncConnection, deliveries: Sequence[Delivery], *, now: datetime) -> None:
        """Give back what one worker has claimed and did not begin to send: it may be claimed again at once."""
        for batch in batches(deliveries):
            await connection.execute(claims.RELEASE, {**claims.fences(batch), "now": now})

    @writing
    async def add_parts(self, connection: AsyncConnection, delivery: Delivery, parts: int) -> None:
        """Make sure that parts 1 … parts-1 of a digest stand behind its part 0."""
        first = select(schema.delivery).where(
            schema.delivery.c.request_id == delivery.request_id, schema.delivery.c.part == 0
        )
        row = (await connection.execute(first)).mappings().first()
        if row is None or parts < 2:
            return
        fresh = {"state": DeliveryState.PENDING.value, "attempts": 0, "worker": ""}
        rows = [{name: row[name] for name in _SHARED} | fresh | {"part": part} for part in range(1, parts)]
        statement = insert(schema.delivery, connection).on_conflict_do_nothing(index_elements=["request_id", "part"])
        await connection.execute(statement, rows)

    @writing
    async def recover(
        self, connection: AsyncConnection, *, now: datetime, resend: bool, abandoned: bool = False
    ) -> int:
        """At start and once a minute: expired leases go back; SENDING ones become PENDING or UNCERTAIN.

        `abandoned` takes those back too that have not expired: of a process that is known to have ended.
        """
        expired = delivery.c.lease_until.is_not(None) if abandoned else delivery.c.lease_until <= now
        back = {"worker": "", "lease_until": None, "changed_at": now}
        doubtful = DeliveryState.PENDING if resend else DeliveryState.UNCERTAIN
        sending = update(delivery).where(schema.SENDING, expired).values(state=doubtful.value, **back)
        claimed = update(delivery).where(schema.PENDING, expired).values(**back)
        counted = (await connection.execute(claimed)).rowcount
        return counted + (await connection.execute(sending)).rowcount

    @reading
    async def digest(self, connection: AsyncConnection, digest_id: int) -> Digest | None:
        """A digest as it was sent."""
        body = await connection.scalar(select(schema.digest.c.body).where(schema.digest.c.id == digest_id))
        return None if body is None else decode_digest(body)

    @reading
    async def digests(self, connection: AsyncConnection, digest_ids: Sequence[int]) -> dict[int, Digest]:
        """Digests by their ids; those that are no more are missing."""
        found: dict[int, Digest] = {}
        for batch in batches(dict.fromkeys(digest_ids)):
            query = select(schema.digest.c.id, schema.digest.c.body).where(schema.digest.c.id.in_(batch))
            found.update((number, decode_digest(body)) for number, body in await connection.execute(query))
        return found

    @reading
    async def digest_of(self, connection: AsyncConnection, request_id: int) -> tuple[int, Digest] | None:
        """The digest of a request, with its id."""
        query = select(schema.digest.c.id, schema.digest.c.body).join(
            delivery, delivery.c.digest_id == schema.digest.c.id
        )
        row = (await connection.execute(query.where(delivery.c.request_id == request_id).limit(1))).first()
        return None if row is None else (row.id, decode_digest(row.body))

    @reading
    async def history(
        self, connection: AsyncConnection, subscriber_ids: Sequence[int], *, since: datetime
    ) -> dict[int, History]:
        """The stories of the digests written for each subscriber since then, but for those that did not reach them."""
        digests: dict[int, set[int]] = {number: set() for number in subscriber_ids}
        for batch in batches(subscriber_ids):
            query = select(delivery.c.subscriber_id, delivery.c.digest_id).where(
                delivery.c.subscriber_id.in_(batch),
                delivery.c.created_at >= since,
                delivery.c.state.not_in([state.value for state in claims.UNREACHED]),
            )
            for number, digest_id in await connection.execute(query):
                digests[number].add(digest_id)
        stories = await _stories(connection, set().union(*digests.values()))
        shared: dict[frozenset[int], History] = {}  # most subscribers have the same few digests behind them
        for ids in map(frozenset, digests.values()):
            if ids not in shared:
                held = tuple(stories[one] for one in ids if one in stories)
                shared[ids] = History(frozenset().union(*(one.stories for one in held)), held)
        return {number: shared[frozenset(ids)] for number, ids in digests.items()}

    @reading
    async def sent_at(self, connection: AsyncConnection, subscriber_id: int, story_id: int) -> datetime | None:
        """When a digest with this story was last written for a subscriber, unless it failed to reach them."""
        query = (
            select(func.max(delivery.c.created_at))
            .join(digest_story, digest_story.c.digest_id == delivery.c.digest_id)
            .where(
                delivery.c.subscriber_id == subscriber_id,
                delivery.c.state.not_in([state.value for state in claims.UNREACHED]),
                digest_story.c.story_id == story_id,
            )
        )
        found: datetime | None = await connection.scalar(query)
        return found

    @reading
    async def messages_of(
        self, connection: AsyncConnection, wanted: Sequence[tuple[int, int, int]]
    ) -> dict[tuple[int, int, int], int]:
        """The latest message to a subscriber that had a story, of a request older than a given one, for each triple."""
        found: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        stories = {story for _, story, _ in wanted}
        columns = (delivery.c.subscriber_id, digest_story.c.story_id, delivery.c.request_id, delivery.c.message_id)
        query = select(*columns).join(digest_story, digest_story.c.digest_id == delivery.c.digest_id)
        query = query.where(schema.SENT, digest_story.c.story_id.in_(stories))
        for batch in batches({subscriber for subscriber, _, _ in wanted}):
            for row in await connection.execute(query.where(delivery.c.subscriber_id.in_(batch))):
                found[row.subscriber_id, row.story_id].append((row.request_id, row.message_id))
        latest = {key: max((one for one in found[key[:2]] if one[0] < key[2]), default=None) for key in wanted}
        return {key: one[1] for key, one in latest.items() if one is not None}

    @reading
    async def asked(self, connection: AsyncConnection, subscriber_id: int, kind: str, arguments: str) -> Request | None:
        """The latest request of a subscriber of this kind with these arguments."""
        own = schema.request.c.subscriber_id == subscriber_id
        same = own & (schema.request.c.kind == kind) & (schema.request.c.arguments == arguments)
        query = select(schema.request).where(same).order_by(schema.request.c.id.desc()).limit(1)
        row = (await connection.execute(query)).first()
        return _to_request(row) if row else None

    @reading
    async def last_sent(self, connection: AsyncConnection, subscriber_ids: Sequence[int]) -> dict[int, datetime]:
        """When each subscriber's latest digest that reached them was composed (its `until`); breaking news is none."""
        found: dict[int, datetime] = {}
        latest = select(delivery.c.subscriber_id, func.max(delivery.c.until)).where(
            schema.SENT, delivery.c.until > EPOCH
        )
        for batch in batches(subscriber_ids):
            query = latest.where(delivery.c.subscriber_id.in_(batch)).group_by(delivery.c.subscriber_id)
            found.update((number, until) for number, until in await connection.execute(query))
        return found

    @reading
    async def last_of_slots(
        self, connection: AsyncConnection, subscriber_ids: Sequence[int]
    ) -> dict[int, dict[time | None, datetime]]:
        """The same by the time of day that asked for it; None stands for commands."""
        found: dict[int, dict[time | None, datetime]] = defaultdict(dict)
        at = schema.request.c.slot
        asked = schema.request.c.id == delivery.c.request_id
        latest = select(delivery.c.subscriber_id, at, func.max(delivery.c.until)).join(schema.request, asked)
        for batch in batches(subscriber_ids):
            query = latest.where(schema.SENT, delivery.c.until > EPOCH, delivery.c.subscriber_id.in_(batch))
            for number, slot, until in await connection.execute(query.group_by(delivery.c.subscriber_id, at)):
                found[number][slot] = until
        return dict(found)

    @reading
    async def alerts(
        self, connection: AsyncConnection, subscriber_ids: Sequence[int], *, since: datetime
    ) -> dict[int, list[datetime]]:
        """When breaking news was written for each subscriber since then, oldest first."""
        found: dict[int, list[datetime]] = {number: [] for number in subscriber_ids}
        request = schema.request
        for batch in batches(subscriber_ids):
            query = select(request.c.subscriber_id, request.c.created_at).where(
                schema.BREAKING, request.c.subscriber_id.in_(batch), request.c.created_at >= since
            )
            for number, at in await connection.execute(query.order_by(request.c.created_at)):
                found[number].append(at)
        return found

    @reading
    async def runs(
        self, connection: AsyncConnection, subscriber_ids: Sequence[int], *, since: date
    ) -> dict[int, frozenset[tuple[date, time]]]:
        """Which runs of each subscriber were written for local dates from `since` on."""
        found: dict[int, set[tuple[date, time]]] = defaultdict(set)
        asked = schema.request
        for batch in batches(subscriber_ids):
            query = select(asked.c.subscriber_id, asked.c.local_date, asked.c.slot).where(
                asked.c.subscriber_id.in_(batch), asked.c.local_date >= since
            )
            for number, day, slot in await connection.execute(query):
                found[number].add((day, slot))
        return {number: frozenset(runs) for number, runs in found.items()}

    @reading
    async def counts(self, connection: AsyncConnection) -> dict[str, int]:
        """Deliveries by state."""
        rows = await connection.execute(select(delivery.c.state, func.count()).group_by(delivery.c.state))
        found = {row[0]: row[1] for row in rows}
        return {state.value: found.get(state.value, 0) for state in DeliveryState}

    @reading
    async def failures(self, connection: AsyncConnection, *, limit: int = 10) -> list[tuple[Delivery, str]]:
        """The latest deliveries that failed, with why."""
        query = select(*claims.COLUMNS, delivery.c.error).where(schema.FAILED)
        ordered = query.order_by(delivery.c.changed_at.desc(), delivery.c.id.desc()).limit(limit)
        return [(to_delivery(row), row.error or "") for row in await connection.execute(ordered)]

    @writing
    async def prune(self, connection: AsyncConnection, before: datetime) -> int:
        """Delete deliveries, digests and requests older than this; returns how many deliveries.

        What is still to be sent stays, and so do the runs of the last days, which keep a slot from coming twice.
        """
        open_states = [DeliveryState.PENDING.value, DeliveryState.SENDING.value]
        old = and_(delivery.c.created_at < before, delivery.c.state.not_in(open_states))
        count = (await connection.execute(delete(delivery).where(old))).rowcount
        request, digest = schema.request, schema.digest
        sent = exists().where(delivery.c.request_id == request.c.id)
        over = or_(request.c.local_date.is_(None), request.c.created_at < before - RUN_MEMORY)
        await connection.execute(delete(request).where(request.c.created_at < before, over, ~sent))
        read = exists().where(delivery.c.digest_id == digest.c.id)
        await connection.execute(delete(digest).where(digest.c.created_at < before, ~read))
        return count


async def _stories(connection: AsyncConnection, digests: Iterable[int]) -> dict[int, Shown]:
    """The stories of digests, by the ids of the digests."""
    found: dict[int, dict[int, tuple[int, bool]]] = defaultdict(dict)
    made: dict[int, datetime] = {}
    query = select(digest_story, schema.digest.c.created_at).join(
        schema.digest, schema.digest.c.id == digest_story.c.digest_id
    )
    for batch in batches(digests):
        for row in await connection.execute(query.where(digest_story.c.digest_id.in_(batch))):
            found[row.digest_id][row.story_id] = (row.publishers, row.is_update)
            made[row.digest_id] = row.created_at
    return {number: Shown(made[number], stories) for number, stories in found.items()}


def _to_request(row: AnyRow) -> Request:
    return Request(
        id=row.id,
        subscriber_id=row.subscriber_id,
        kind=row.kind,
        arguments=row.arguments,
        created_at=row.created_at,
    )
