"""Writing many deliveries at once: a few statements for a thousand subscribers, each thing stored once."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.model import Digest, Item, NewDelivery
from digests.storage.codec import body_hash, encode_digest
from digests.storage.columns import EPOCH
from digests.storage.schema import delivery, digest, digest_story, request, subscriber
from digests.storage.statements import batches, insert

RUN, BREAKING = "run", "breaking"
BREATH = 20
"""Digests encoded between two moments in which the bot may answer."""
_COMMAND_FIRST, _BREAKING_NEXT, _RUN_LAST = -1, 0, 1


Stored = Mapping[int, tuple[Digest, int]]
"""Digests by their identity, with the ids of their rows. The digest is kept, so that its identity stays its own."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A digest as it is stored."""

    digest: Digest
    body: str
    hash: bytes


async def encoded(deliveries: Sequence[NewDelivery], stored: Stored) -> dict[int, Encoded]:
    """The digests of deliveries that are not stored yet, by their identity: before the transaction, and with breath."""
    fresh: dict[int, Encoded] = {}
    for one in deliveries:
        key = id(one.digest)
        if one.digest is None or key in stored or key in fresh:
            continue
        body = encode_digest(one.digest)
        fresh[key] = Encoded(one.digest, body, body_hash(body))
        if len(fresh) % BREATH == 0:
            await asyncio.sleep(0)
    return fresh


async def enqueue(
    connection: AsyncConnection,
    deliveries: Sequence[NewDelivery],
    fresh: Mapping[int, Encoded],
    stored: Stored,
    *,
    now: datetime,
) -> tuple[int, dict[int, tuple[Digest, int]]]:
    """See `LedgerStore.enqueue`; `fresh` is what `encoded` gave. How many deliveries were written, and the ids of the
    fresh digests."""
    written = 0
    ids: dict[int, tuple[Digest, int]] = {}
    # Sorted, so that two processes which store the same digests don't wait for each other in a circle.
    for part in batches(sorted(fresh, key=lambda key: fresh[key].hash)):
        ids |= await _digests(connection, {key: fresh[key] for key in part}, now)
    for batch in batches(deliveries):
        requests = await _requests(connection, batch, now)
        rows = [
            _row(one, number, (stored.get(id(one.digest)) or ids[id(one.digest)])[1], now)
            for one, number in zip(batch, requests, strict=True)
            if number is not None and one.digest is not None
        ]
        written += await _deliveries(connection, rows)
        await _move_on(connection, batch, now)
    return written, ids


async def _requests(connection: AsyncConnection, batch: Sequence[NewDelivery], now: datetime) -> list[int | None]:
    """The request of each: the one it names, else a new one; None for a run or breaking news that was there already."""
    fresh = [one for one in batch if one.request_id is None and (one.run or one.digest)]
    rows = [_request(one, now) for one in fresh]
    if not rows:
        return [one.request_id for one in batch]
    statement = insert(request, connection).on_conflict_do_nothing()
    returning = statement.returning(
        request.c.id,
        request.c.subscriber_id,
        request.c.kind,
        request.c.arguments,
        request.c.local_date,
        request.c.slot,
    )
    made: dict[Any, list[int]] = defaultdict(list)
    for number, *key in await connection.execute(returning, rows):
        made[tuple(key)].append(number)
    out: list[int | None] = []
    for one in batch:
        free = [] if one.request_id is not None else made[_key(one)]
        out.append(one.request_id if one.request_id is not None else free.pop() if free else None)
    return out


def _key(one: NewDelivery) -> tuple[int, str, str, date | None, time | None]:
    """What tells one new request of a batch from another; those with the same key are interchangeable."""
    day, slot = one.run or (None, None)
    return (one.subscriber_id, one.kind, one.arguments, day, slot)


def _request(one: NewDelivery, now: datetime) -> dict[str, Any]:
    subscriber_id, kind, arguments, day, slot = _key(one)
    values = {"subscriber_id": subscriber_id, "kind": kind, "arguments": arguments, "created_at": now}
    return {**values, "local_date": day, "slot": slot}


async def _digests(
    connection: AsyncConnection, bodies: Mapping[int, Encoded], now: datetime
) -> dict[int, tuple[Digest, int]]:
    """The stored ids of digests by their identity. Equal ones are one row, which counts as made now."""
    unique = {one.hash: one for one in bodies.values()}
    statement = insert(digest, connection)
    touched = statement.on_conflict_do_update(
        index_elements=["hash"], set_={"created_at": statement.excluded.created_at}
    )
    rows = [{"hash": value, "created_at": now, "body": one.body} for value, one in unique.items()]
    ids = {
        value: number for number, value in await connection.execute(touched.returning(digest.c.id, digest.c.hash), rows)
    }
    links = [
        {
            "digest_id": ids[value],
            "story_id": story_id,
            "publishers": int(item.reason("publishers")) if story_id == item.story_id else 0,
            "is_update": item.update,
        }
        for value, one in unique.items()
        for story_id, item in _told(one.digest)
    ]
    if links:
        await connection.execute(insert(digest_story, connection).on_conflict_do_nothing(), links)
    return {key: (one.digest, ids[one.hash]) for key, one in bodies.items()}


def _told(body: Digest) -> list[tuple[int, Item]]:
    """The stories of a digest with the items that have them, by id."""
    return sorted({number: item for item in body.items for number in item.story_ids}.items(), key=itemgetter(0))


def _row(one: NewDelivery, request_id: int, digest_id: int, now: datetime) -> dict[str, Any]:
    return {
        "request_id": request_id,
        "part": 0,
        "digest_id": digest_id,
        "subscriber_id": one.subscriber_id,
        "priority": {RUN: _RUN_LAST, BREAKING: _BREAKING_NEXT}.get(one.kind, _COMMAND_FIRST),
        "state": "pending",
        "attempts": 0,
        "worker": "",
        "until": EPOCH if one.kind == BREAKING else one.digest.until if one.digest else now,
        "created_at": now,
        "due_at": one.due_at,
        "changed_at": now,
    }


async def _deliveries(connection: AsyncConnection, rows: list[dict[str, Any]]) -> int:
    if not rows:
        return 0
    statement = insert(delivery, connection).on_conflict_do_nothing(index_elements=["request_id", "part"])
    return len((await connection.execute(statement.returning(delivery.c.id), rows)).all())


async def _move_on(connection: AsyncConnection, batch: Sequence[NewDelivery], now: datetime) -> None:
    """Set when the subscribers are due next: after a run always, so that one without another slot is due no more.

    A subscriber that is not due any longer has changed its times since the tick read it: what it set stands.
    """
    moves = [(one.subscriber_id, one.next_due_at) for one in batch if one.kind == RUN or one.next_due_at is not None]
    if moves:
        due = (subscriber.c.id == bindparam("who")) & (subscriber.c.next_due_at <= now)
        moved = update(subscriber).where(due).values(next_due_at=bindparam("at"))
        await connection.execute(moved, [{"who": who, "at": at} for who, at in sorted(moves, key=itemgetter(0))])
