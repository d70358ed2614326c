"""Which articles a match finds, newest first, by the index of either engine."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, cast, column, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.storage import match
from digests.storage.keys import folded, tick
from digests.storage.schema import SEARCH_INDEX, article_text, source
from digests.storage.statements import is_sqlite

RECENT, RECENT_EACH = 1_000, 20
"""How many of the newest articles PostgreSQL looks through one by one: so many, and more the more are wanted."""

_BY_WORDS = text("SET LOCAL enable_seqscan = off")
_INDEX = table(SEARCH_INDEX, column("rowid", BigInteger))
_SOURCES = select(source.c.id, source.c.name)


async def matching_ids(
    connection: AsyncConnection,
    matched: match.Match,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    exclude: int | None = None,
    limit: int,
    offset: int,
) -> Sequence[int]:
    """The ids of the articles that match and were published in [since, before), newest first."""
    key = _INDEX.c.rowid if is_sqlite(connection) else article_text.c.article_id
    bounds: list[ColumnElement[bool]] = []
    if since is not None:
        bounds.append(key >= tick(since))
    if before is not None:
        bounds.append(key < tick(before))
    if exclude is not None:
        bounds.append(key != exclude)
    find = _by_fts5 if is_sqlite(connection) else _by_vector
    return await find(connection, matched, bounds, limit, offset)


async def sources_named(connection: AsyncConnection, name: str, *, whole: bool) -> list[int]:
    """Sources of that name, capitals and spaces aside; failing that, unless `whole`, those whose name contains it."""
    wanted = folded(name).replace(" ", "")
    rows = [(number, folded(stored).replace(" ", "")) for number, stored in await connection.execute(_SOURCES)]
    exact = [number for number, stored in rows if stored == wanted]
    return exact or [number for number, stored in rows if wanted in stored and not whole]


async def _by_fts5(
    connection: AsyncConnection, matched: match.Match, bounds: Sequence[ColumnElement[bool]], limit: int, offset: int
) -> Sequence[int]:
    """FTS5 walks its lists of ids backwards and stops at the limit."""
    found = select(_INDEX.c.rowid).where(literal_column(SEARCH_INDEX).op("MATCH")(match.fts5(matched)), *bounds)
    return (await connection.scalars(found.order_by(_INDEX.c.rowid.desc()).limit(limit).offset(offset))).all()


async def _by_vector(
    connection: AsyncConnection, matched: match.Match, bounds: Sequence[ColumnElement[bool]], limit: int, offset: int
) -> Sequence[int]:
    """What is common is found among the newest articles; what is not is rare enough to fetch and sort all of it.

    PostgreSQL's planner would choose one of the two by an estimate, and be wrong by seconds where the words of a
    search are common and their meeting is rare, or the other way round.
    """
    wanted = cast(match.tsquery(matched), TSQUERY)
    key, vector = article_text.c.article_id, article_text.c.vector
    reach = max(RECENT, RECENT_EACH * (limit + offset))
    recent = select(key, vector).where(*bounds).order_by(key.desc()).limit(reach).subquery()
    newest = select(recent.c.article_id).where(recent.c.vector.op("@@")(wanted)).order_by(recent.c.article_id.desc())
    found = (await connection.scalars(newest.limit(limit).offset(offset))).all()
    if len(found) == limit:
        return found
    await connection.execute(_BY_WORDS)
    # The sum keeps the planner from walking the ids after all.
    every = select(key).where(vector.op("@@")(wanted), *bounds).order_by((key + 0).desc())
    return (await connection.scalars(every.limit(limit).offset(offset))).all()
