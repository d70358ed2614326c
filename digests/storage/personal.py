"""What the database holds about one subscriber, found by the schema itself: a table added later is not forgotten."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.storage.schema import delivery, digest, feed, follower, metadata, subscriber
from digests.storage.statements import AnyRow, batches

JSON = frozenset({"item", "body", "languages"})
"""Columns that hold JSON, which is shown as what it is."""

HIDDEN = frozenset({"hash", "worker", "lease_until"})
"""Columns that say nothing of a person."""


def about(table: Table, one: AnyRow) -> ColumnElement[bool] | None:
    """Which rows of a table are about a subscriber; None where none can be.

    They name the subscriber, or its chat, or (as whoever sets up other chats) the person whose private chat it is.
    """
    named = {"user_id": one.chat_id, "subscriber_id": one.id, "chat_id": one.chat_id}
    if table is subscriber:
        named = {"id": one.id}
    name = next((name for name in named if name in table.c), None)
    return None if name is None else table.c[name] == literal(named[name])


async def export(connection: AsyncConnection, subscriber_id: int) -> dict[str, list[dict[str, object]]]:
    """The rows about a subscriber, by table, and the digests that it was sent."""
    one = (await connection.execute(select(subscriber).where(subscriber.c.id == subscriber_id))).first()
    if one is None:
        return {}
    found: dict[str, list[dict[str, object]]] = {}
    for table in metadata.sorted_tables:
        condition = about(table, one)
        if condition is not None:
            found[table.name] = [_row(row) for row in await connection.execute(_visible(table).where(condition))]
    theirs = select(delivery.c.digest_id).where(delivery.c.subscriber_id == subscriber_id).distinct()
    numbers = (await connection.scalars(theirs)).all()
    found["digest"] = [
        _row(row)
        for batch in batches(numbers)
        for row in await connection.execute(_visible(digest).where(digest.c.id.in_(batch)).order_by(digest.c.id))
    ]
    followed = select(feed.c.id, feed.c.url, feed.c.title).join(follower, follower.c.feed_id == feed.c.id)
    rows = await connection.execute(followed.where(follower.c.subscriber_id == subscriber_id).order_by(feed.c.id))
    found["feed"] = [_row(row) for row in rows]
    return {name: rows for name, rows in found.items() if rows}


def _visible(table: Table) -> Select[Any]:
    return select(*(column for column in table.c if column.name not in HIDDEN))


def _row(row: AnyRow) -> dict[str, object]:
    return dict(_cells(row))


def _cells(row: AnyRow) -> Iterator[tuple[str, object]]:
    for name, value in row._mapping.items():  # public, in spite of its name
        if isinstance(value, datetime | date | time):
            yield name, value.isoformat()
        elif isinstance(value, bytes):
            yield name, value.hex()
        elif name in JSON and isinstance(value, str):
            yield name, _read(value)
        else:
            yield name, value


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
