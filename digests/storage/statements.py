"""Statements that several repositories need: inserts that step aside, lists of ids in batches."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Row, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.storage.columns import clean
from digests.storage.schema import source

BATCH = 1000
LONGEST_NAME = 200

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row of a query whose columns are known by name."""

T = TypeVar("T")


def is_sqlite(connection: AsyncConnection) -> bool:
    """Whether a connection is one to SQLite, else to PostgreSQL."""
    return connection.dialect.name == "sqlite"


def insert(table: Table, connection: AsyncConnection) -> Any:
    """An INSERT that knows ON CONFLICT, in the connection's dialect. (Any: the two classes share no base that does.)"""
    return sqlite.insert(table) if is_sqlite(connection) else postgresql.insert(table)


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """Tuples of at most `size` items."""
    iterator = iter(items)
    while batch := tuple(islice(iterator, size)):
        yield batch


def source_name(name: str) -> str:
    """A publisher's name as it is stored."""
    return clean(name)[:LONGEST_NAME]


async def source_ids(connection: AsyncConnection, names: Iterable[str]) -> dict[str, int]:
    """The ids of publishers by their stored names; those that are new are stored."""
    wanted = sorted({source_name(name) for name in names})
    found: dict[str, int] = {}
    for batch in batches(wanted):
        rows = [{"name": name} for name in batch]
        await connection.execute(insert(source, connection).on_conflict_do_nothing(), rows)
        query = select(source.c.name, source.c.id).where(source.c.name.in_(batch))
        found.update((name, number) for name, number in await connection.execute(query))
    return found
