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

_PLAN_ANEW = text("SET LOCAL plan_cache_mode = force_custom_plan")
"""For PostgreSQL: a rare word wants the index of words, a common one the order of ids. One plan can't serve both."""
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
    key: ColumnElement[int]
    if is_sqlite(connection):
        key = _INDEX.c.rowid
        query = select(key).where(literal_column(SEARCH_INDEX).op("MATCH")(match.fts5(matched)))
    else:
        await connection.execute(_PLAN_ANEW)
        key = article_text.c.article_id
        query = select(key).where(article_text.c.vector.op("@@")(cast(match.tsquery(matched), TSQUERY)))
    query = query if since is None else query.where(key >= tick(since))
    query = query if before is None else query.where(key < tick(before))
    query = query if exclude is None else query.where(key != exclude)
    return (await connection.scalars(query.order_by(key.desc()).limit(limit).offset(offset))).all()


async def sources_named(connection: AsyncConnection, name: str, *, whole: bool) -> list[int]:
    """Sources of that name, capitals and spaces aside; failing that, unless `whole`, those whose name contains it."""
    wanted = folded(name).replace(" ", "")
    rows = [(number, folded(stored).replace(" ", "")) for number, stored in await connection.execute(_SOURCES)]
    exact = [number for number, stored in rows if stored == wanted]
    return exact or [number for number, stored in rows if wanted in stored and not whole]
