"""Stories and what belongs to them."""

import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.model import Article, Story, Unfiled
from digests.storage import codec
from digests.storage.articles import ARTICLES, drop_empty_stories, to_article, to_unfiled, unfiled
from digests.storage.engine import Repository, reading, writing
from digests.storage.keys import tick
from digests.storage.schema import PERSONAL, article, frequency, story
from digests.storage.statements import AnyRow, batches, insert

WINDOW_TEXT = 600
"""Characters of a text that grouping reads."""


class StoryRepository(Repository):
    """The stories of one database."""

    @reading
    async def unfiled(self, connection: AsyncConnection, *, limit: int) -> list[Unfiled]:
        """Articles without a story, in the order of their publication."""
        query = unfiled().where(article.c.story_id.is_(None)).order_by(article.c.id).limit(limit)
        return [to_unfiled(row) for row in await connection.execute(query)]

    @reading
    async def window(self, connection: AsyncConnection, since: datetime) -> list[Unfiled]:
        """Articles with a story that were published since then, in that order; text cut to 600 characters."""
        recent = unfiled(WINDOW_TEXT).where(article.c.id >= tick(since), article.c.published >= since)
        query = recent.where(article.c.story_id.is_not(None), article.c.scope == 0).order_by(article.c.id)
        return [to_unfiled(row) for row in await connection.execute(query)]

    @writing
    async def file(
        self, connection: AsyncConnection, stories: Mapping[int, int], *, unsure: Collection[int] = ()
    ) -> None:
        """Put articles (keys) into stories (values); a new story is opened, one left empty is dropped.

        Articles that are gone are passed over. Those in `unsure` don't surely tell of their story's event.
        """
        rows: list[AnyRow] = []
        for batch in batches(sorted(stories)):
            query = select(article.c.id, article.c.story_id, article.c.language, article.c.published, article.c.scope)
            rows += (await connection.execute(query.where(article.c.id.in_(batch)))).all()
        moved = [row for row in rows if row.story_id != stories[row.id]]
        if not moved:
            return
        await _open(connection, moved, stories)
        put = (
            update(article)
            .where(article.c.id == bindparam("article"))
            .values(story_id=bindparam("story"), sure=bindparam("certain"))
        )
        values = [{"article": row.id, "story": stories[row.id], "certain": row.id not in unsure} for row in moved]
        await connection.execute(put, values)
        left = {row.story_id for row in moved if row.story_id is not None}
        await drop_empty_stories(connection, left)
        await _date(connection, left | {stories[row.id] for row in moved})

    @reading
    async def get(self, connection: AsyncConnection, story_id: int) -> Story | None:
        """One story with its articles."""
        found = await _load(connection, [story_id])
        return found.get(story_id)

    @reading
    async def load(self, connection: AsyncConnection, story_ids: Iterable[int]) -> list[Story]:
        """These stories with their articles, in the order asked for; those gone are left out."""
        wanted = list(story_ids)
        found = await _load(connection, wanted)
        return [found[number] for number in wanted if number in found]

    @writing
    async def save(self, connection: AsyncConnection, stories: Sequence[Story]) -> None:
        """Store what was worked out about stories: lead, topics, score, first and last seen."""
        if not stories:
            return
        statement = update(story).where(story.c.id == bindparam("story"))
        names = ("language", "first_seen", "last_seen", "topics", "score", "lead_id")
        statement = statement.values({name: bindparam(f"new_{name}") for name in names})
        await connection.execute(statement, [_values(one) for one in stories])

    @reading
    async def recent(
        self,
        connection: AsyncConnection,
        since: datetime,
        *,
        languages: Sequence[str] = (),
        scope: int = 0,
        limit: int = 2000,
    ) -> list[Story]:
        """Stories with an article published since then, highest score first, with all their articles.

        Those for everybody, or those of the personal feed `scope`.
        """
        query = select(story).where(story.c.last_seen >= since, story.c.scope == scope)
        query = query.where(PERSONAL) if scope else query
        query = query.where(story.c.language.in_(languages)) if languages else query
        rows = (await connection.execute(query.order_by(story.c.score.desc(), story.c.id.desc()).limit(limit))).all()
        return list((await _with_articles(connection, rows)).values())

    @reading
    async def newest(
        self, connection: AsyncConnection, *, languages: Sequence[str] = (), limit: int = 200
    ) -> list[Story]:
        """The stories that were told of last, with all their articles."""
        query = select(story).where(story.c.lead_id.is_not(None), story.c.scope == 0)
        query = query.where(story.c.language.in_(languages)) if languages else query
        rows = (
            await connection.execute(query.order_by(story.c.last_seen.desc(), story.c.id.desc()).limit(limit))
        ).all()
        return list((await _with_articles(connection, rows)).values())

    @reading
    async def told(
        self, connection: AsyncConnection, since: datetime, *, languages: Sequence[str] = (), after: int = 0, limit: int
    ) -> list[tuple[int, datetime, codec.Topics]]:
        """Stories for everybody that were first told since then, by id from above `after`: id, when, weighed topics."""
        query = select(story.c.id, story.c.first_seen, story.c.topics).where(
            story.c.id > max(after, tick(since) - 1), story.c.first_seen >= since, story.c.scope == 0
        )
        query = query.where(story.c.language.in_(languages)) if languages else query
        rows = await connection.execute(query.order_by(story.c.id).limit(limit))
        return [(row.id, row.first_seen, codec.decode_topics(row.topics)) for row in rows]

    @reading
    async def unsaved(self, connection: AsyncConnection, *, limit: int) -> list[int]:
        """Stories that were opened and never saved: a crash came between."""
        query = select(story.c.id).where(story.c.lead_id.is_(None)).order_by(story.c.id).limit(limit)
        return list((await connection.scalars(query)).all())

    @reading
    async def frequencies(self, connection: AsyncConnection) -> dict[str, dict[str, int]]:
        """Document frequencies of terms by language, as last saved."""
        rows = await connection.execute(select(frequency.c.language, frequency.c.counts))
        return {language: json.loads(zlib.decompress(counts)) for language, counts in rows}

    @writing
    async def save_frequencies(self, connection: AsyncConnection, frequencies: Mapping[str, Mapping[str, int]]) -> None:
        """Replace the document frequencies."""
        await connection.execute(frequency.delete())
        rows = [
            {"language": language, "counts": zlib.compress(codec.dumps(dict(counts)).encode(), 1)}
            for language, counts in frequencies.items()
        ]
        if rows:
            await connection.execute(frequency.insert(), rows)


async def _open(connection: AsyncConnection, moved: Sequence[AnyRow], stories: Mapping[int, int]) -> None:
    """Open the stories that are not there yet, in the language of the article they are named after."""
    fresh: dict[int, dict[str, Any]] = {}
    for row in sorted(moved, key=lambda row: (row.id != stories[row.id], row.id)):
        values = {"language": row.language, "first_seen": row.published, "last_seen": row.published, "scope": row.scope}
        fresh.setdefault(stories[row.id], {"id": stories[row.id], "topics": "[]", "score": 0.0, **values})
    for batch in batches(sorted(fresh)):
        rows = [fresh[number] for number in batch]
        await connection.execute(insert(story, connection).on_conflict_do_nothing(), rows)


async def _date(connection: AsyncConnection, ids: Iterable[int]) -> None:
    """Set when stories were first and last seen from their articles."""
    own = article.c.story_id == story.c.id
    dates = {
        "first_seen": select(func.min(article.c.published)).where(own).scalar_subquery(),
        "last_seen": select(func.max(article.c.published)).where(own).scalar_subquery(),
    }
    for batch in batches(ids):
        await connection.execute(update(story).where(story.c.id.in_(batch)).values(dates))


async def _load(connection: AsyncConnection, ids: Iterable[int]) -> dict[int, Story]:
    rows: list[AnyRow] = []
    for batch in batches(set(ids)):
        rows += (await connection.execute(select(story).where(story.c.id.in_(batch)))).all()
    return await _with_articles(connection, rows)


async def _with_articles(connection: AsyncConnection, rows: Sequence[AnyRow]) -> dict[int, Story]:
    """Stories by id, in the order of their rows, each with its articles, oldest first."""
    articles: dict[int, list[Article]] = defaultdict(list)
    for batch in batches(rows):
        query = ARTICLES.where(article.c.story_id.in_([row.id for row in batch])).order_by(article.c.id)
        for one in await connection.execute(query):
            articles[one.story_id].append(to_article(one))
    return {row.id: _to_story(row, articles[row.id]) for row in rows if articles[row.id]}


def _to_story(row: AnyRow, articles: Sequence[Article]) -> Story:
    ids = [one.id for one in articles]
    return Story(
        id=row.id,
        language=row.language,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        topics=codec.decode_topics(row.topics),
        score=row.score,
        lead=ids.index(row.lead_id) if row.lead_id in ids else 0,
        articles=tuple(articles),
        scope=row.scope,
    )


def _values(one: Story) -> dict[str, Any]:
    return {
        "story": one.id,
        "new_language": one.language,
        "new_first_seen": one.first_seen,
        "new_last_seen": one.last_seen,
        "new_topics": codec.encode_topics(one.topics),
        "new_score": one.score,
        "new_lead_id": one.leader.id if one.articles else None,
    }
