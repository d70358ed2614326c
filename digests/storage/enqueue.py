"""Writing many deliveries at once: a few statements for a thousand subscribers, each thing stored once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
_COMMAND_FIRST, _BREAKING_NEXT, _RUN_LAST = -1, 0, 1


async def enqueue(connection: AsyncConnection, deliveries: Sequence[NewDelivery], *, now: datetime) -> int:
    """See `LedgerStore.enqueue`. Returns how many deliveries were written."""
    written = 0
    known: dict[int, int] = {}
    for batch in batches(deliveries):
        requests = await _requests(connection, batch, now)
        bodies = {id(one.digest): one.digest for one in batch if one.digest is not None and id(one.digest) not in known}
        known |= await _digests(connection, bodies, now)
        rows = [
            _row(one, number, known[id(one.digest)], now)
            for one, number in zip(batch, requests, strict=True)
            if number is not None and one.digest is not None
        ]
        written += await _deliveries(connection, rows)
        await _move_on(connection, batch, now)
    return written


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


async def _digests(connection: AsyncConnection, bodies: Mapping[int, Digest], now: datetime) -> dict[int, int]:
    """The stored ids of digests by their identity. Equal ones are one row, which counts as made now."""
    encoded = {key: encode_digest(one) for key, one in bodies.items()}
    hashes = {key: body_hash(body) for key, body in encoded.items()}
    unique = {hashes[key]: key for key in bodies}
    if not unique:
        return {}
    statement = insert(digest, connection)
    touched = statement.on_conflict_do_update(
        index_elements=["hash"], set_={"created_at": statement.excluded.created_at}
    )
    # Sorted, so that two processes which store the same digests don't wait for each other in a circle.
    rows = [{"hash": value, "created_at": now, "body": encoded[key]} for value, key in sorted(unique.items())]
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
        for value, key in unique.items()
        for story_id, item in _told(bodies[key])
    ]
    if links:
        await connection.execute(insert(digest_story, connection).on_conflict_do_nothing(), links)
    return {key: ids[value] for key, value in hashes.items()}


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
