"""Which articles a match finds, newest first, by the index of either engine."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, cast, column, func, literal_column, or_, select, table, text, true
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.storage import match
from digests.storage.keys import folded, tick
from digests.storage.schema import SEARCH_INDEX, article, article_text, source
from digests.storage.statements import is_sqlite

RECENT = 1_000
"""How many of the newest articles PostgreSQL looks through one by one."""
COMMON = 8
"""Hits among these from which looking through more of them is faster than fetching all hits by the index."""
MARGIN, FURTHEST = 1.5, 20_000
"""How much further than the hits so far suggest, and how far at most."""

NEAR, ENOUGH = 10_000, 100
"""Among how many of the newest articles the best are looked for, if so many match."""

_USE_INDEX = text("SET LOCAL enable_seqscan = off")
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
    bounds = Bounds(tick(since) if since is not None else None, tick(before) if before is not None else None, exclude)
    find = _by_fts5 if is_sqlite(connection) else _by_vector
    return await find(connection, matched, bounds, limit, offset)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Ids from `first` to below `end`, without one."""

    first: int | None
    end: int | None
    exclude: int | None

    def of(self, key: ColumnElement[int]) -> list[ColumnElement[bool]]:
        """The conditions on a key."""
        conditions = []
        if self.first is not None:
            conditions.append(key >= self.first)
        if self.end is not None:
            conditions.append(key < self.end)
        if self.exclude is not None:
            conditions.append(key != self.exclude)
        return conditions


async def nearest_ids(
    connection: AsyncConnection,
    matched: match.Match,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    limit: int,
) -> Sequence[int]:
    """What a search in order of relevance chooses among, newest first, the same on either engine.

    The matches among the newest NEAR articles; where these are fewer than ENOUGH, the newest of all.
    """
    first, end = (tick(moment) if moment is not None else None for moment in (since, before))
    bounds = Bounds(first, end, None)
    if is_sqlite(connection):
        key = article.c.id
        within = select(key).where(*bounds.of(key)).order_by(key.desc()).offset(NEAR - 1).limit(1)
        least = await connection.scalar(within)
        near = bounds if least is None else replace(bounds, first=least)
        found = await _by_fts5(connection, matched, near, limit, 0)
        if least is None or len(found) >= ENOUGH:
            return found
        return await _by_fts5(connection, matched, bounds, limit, 0)
    found = await _among_newest(connection, matched, bounds, NEAR, limit)
    return found if len(found) >= ENOUGH else await _by_words(connection, matched, bounds, limit)


async def sources_named(connection: AsyncConnection, name: str, *, whole: bool) -> list[int]:
    """Sources of that name, capitals and spaces aside; failing that, unless `whole`, those whose name contains it."""
    wanted = folded(name).replace(" ", "")
    rows = [(number, folded(stored).replace(" ", "")) for number, stored in await connection.execute(_SOURCES)]
    exact = [number for number, stored in rows if stored == wanted]
    return exact or [number for number, stored in rows if wanted in stored and not whole]


async def _by_fts5(
    connection: AsyncConnection, matched: match.Match, bounds: Bounds, limit: int, offset: int
) -> Sequence[int]:
    """FTS5 walks its lists of ids backwards and stops at the limit."""
    conditions = bounds.of(_INDEX.c.rowid)
    found = select(_INDEX.c.rowid).where(literal_column(SEARCH_INDEX).op("MATCH")(match.fts5(matched)), *conditions)
    return (await connection.scalars(found.order_by(_INDEX.c.rowid.desc()).limit(limit).offset(offset))).all()


async def _by_vector(
    connection: AsyncConnection, matched: match.Match, bounds: Bounds, limit: int, offset: int
) -> Sequence[int]:
    """What is common is found among the newest articles; what is not is rare enough to fetch and sort all of it.

    PostgreSQL's planner would choose one of the two by an estimate, and be wrong by seconds where the words of a
    search are common and their meeting is rare, or the other way round. So the newest are looked through, and more of
    them where the first thousand say that this will do.
    """
    wanted = limit + offset
    found = await _among_newest(connection, matched, bounds, RECENT, wanted)
    if COMMON <= len(found) < wanted:
        reach = min(FURTHEST, int(RECENT * wanted / len(found) * MARGIN))
        found = await _among_newest(connection, matched, bounds, reach, wanted)
    if len(found) < wanted:
        found = await _by_words(connection, matched, bounds, wanted)
    return found[offset:]


async def _among_newest(
    connection: AsyncConnection, matched: match.Match, bounds: Bounds, reach: int, wanted: int
) -> Sequence[int]:
    """Those of the newest `reach` articles that match, newest first."""
    key, vector = article_text.c.article_id, article_text.c.vector
    recent = select(key, vector).where(*bounds.of(key)).order_by(key.desc()).limit(reach).subquery()
    query = select(recent.c.article_id).where(recent.c.vector.op("@@")(cast(match.tsquery(matched), TSQUERY)))
    return (await connection.scalars(query.order_by(recent.c.article_id.desc()).limit(wanted))).all()


async def _by_words(connection: AsyncConnection, matched: match.Match, bounds: Bounds, wanted: int) -> Sequence[int]:
    """All that match, by the index of words.

    Only what is rare is looked up there: the lists of a language or a topic are so long that looking at the articles
    themselves is faster. The sums keep the planner from going by the ids after all.
    """
    await connection.execute(_USE_INDEX)
    key, vector = article_text.c.article_id, article_text.c.vector
    rare, tags = match.rare(matched)
    query = select(key).where(vector.op("@@")(cast(match.tsquery(rare), TSQUERY)), *bounds.of(key + 0))
    if tags != match.Tags():
        query = query.join(article, article.c.id == key).where(*_tagged(tags))
    return (await connection.scalars(query.order_by((key + 0).desc()).limit(wanted))).all()


def _tagged(tags: match.Tags) -> list[ColumnElement[bool]]:
    """The conditions on an article for its tags, languages and topics."""
    conditions = [or_(*map(_has_tag, group)) for group in (*((tag,) for tag in tags.every), *tags.groups)]
    return [*conditions, article.c.scope == 0] if tags.shared else conditions


def _has_tag(tag: str) -> ColumnElement[bool]:
    sign, name = tag[0], tag[1:]
    if sign == "@":
        return func.lower(article.c.language) == name if name else true()
    return func.replace(func.lower(article.c.topics), " ", "_").contains(f'"{name}"', autoescape=True)
