"""Articles and the search over them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.errors import StorageError
from digests.model import Article, Carried, Found, NewArticle, SearchQuery, Unfiled
from digests.storage import codec, match
from digests.storage.columns import clean
from digests.storage.engine import Repository, reading, writing
from digests.storage.keys import TICKS, free_ids, guid_hash, text_hash, tick, url_hash
from digests.storage.lookup import matching_ids, nearest_ids, sources_named
from digests.storage.schema import article, article_text, dup_band, feed, source, story, undated
from digests.storage.statements import AnyRow, batches, insert, is_sqlite

MOST_BAND_MATCHES = 20
PRUNED_AT_ONCE = 500

ARTICLES = select(
    *(article.c[name] for name in ("id", "url", "title", "language", "published", "feed_id", "story_id")),
    *(article.c[name] for name in ("topics", "place", "image", "quotes", "fetched_at", "sure", "scope")),
    source.c.name.label("source"),
).join(source)
"""What `to_article` reads."""


class ArticleRepository(Repository):
    """The articles of one database. Their ids follow their time of publication; see schema.py."""

    @reading
    async def known(
        self, connection: AsyncConnection, feed_id: int, urls: Iterable[str], guids: Iterable[str], *, scope: int = 0
    ) -> tuple[set[str], set[str]]:
        """Which of these canonical URLs are stored, and which of these guids of this feed, within a scope."""
        by_url = {url_hash(url, scope): url for url in urls}
        by_guid = {guid_hash(feed_id, guid, scope): guid for guid in guids}
        return (
            {by_url[found] for found in await _stored(connection, article.c.url_hash, by_url)},
            {by_guid[found] for found in await _stored(connection, article.c.guid_hash, by_guid)},
        )

    @writing
    async def add(self, connection: AsyncConnection, articles: Sequence[NewArticle]) -> list[int | None]:
        """Store articles with their terms and bands; None in the place of one whose URL was stored already.

        Of two that were published in the same moment the one that stands higher in its feed gets the later id.
        """
        hashes = [url_hash(one.url, one.scope) for one in articles]
        old = set(await _stored(connection, article.c.url_hash, hashes))
        first = {key: place for place, key in reversed(list(enumerate(hashes))) if key not in old}
        places = sorted(first.values(), key=lambda place: (tick(articles[place].published), -articles[place].place))
        sources = await _sources_of(connection, [articles[place] for place in places])
        ids: list[int | None] = [None] * len(articles)
        # Another process may take an address or an id in between; what it took is not returned, and tried again.
        while places:
            numbers = await _free(connection, [tick(articles[place].published) for place in places])
            rows = [
                _row(articles[place], number, hashes[place], sources)
                for place, number in zip(places, numbers, strict=True)
            ]
            statement = insert(article, connection).on_conflict_do_nothing().returning(article.c.id)
            stored = set((await connection.scalars(statement, rows)).all())
            for place, number in zip(places, numbers, strict=True):
                ids[place] = number if number in stored else None
            taken = set(await _stored(connection, article.c.url_hash, [hashes[place] for place in places]))
            places = [place for place in places if hashes[place] not in taken]
        await _index(connection, [(n, one) for n, one in zip(ids, articles, strict=True) if n is not None], sources)
        return ids

    @reading
    async def carried(
        self, connection: AsyncConnection, feed_id: int, urls: Iterable[str], guids: Iterable[str], *, scope: int = 0
    ) -> list[Carried]:
        """The articles of this feed that have one of these canonical URLs or guids, within a scope."""
        keys = {url_hash(url, scope) for url in urls} | {guid_hash(feed_id, guid, scope) for guid in guids}
        query = select(article.c.id, article.c.url, article.c.guid, article.c.fingerprint)
        found: dict[int, Carried] = {}
        for batch in batches(keys):
            named = or_(article.c.url_hash.in_(batch), article.c.guid_hash.in_(batch))
            for number, url, guid, fingerprint in await connection.execute(
                query.where(article.c.feed_id == feed_id, named)
            ):
                found[number] = Carried(id=number, url=url, guid=guid, fingerprint=fingerprint or b"")
        return list(found.values())

    @writing
    async def update(self, connection: AsyncConnection, article_id: int, edited: NewArticle) -> bool:
        """An edit: store title, text, image, topics, quotes, terms and bands anew; False where the article is gone.

        Its address, guid, dates, place, language and story stay. The bands of the old text stay beside the new ones:
        a copy of either is a copy.
        """
        row = (
            await connection.execute(select(article.c.source_id, article.c.language).where(article.c.id == article_id))
        ).first()
        if row is None:
            return False
        values = {"title": edited.title, "image": edited.image, "fingerprint": edited.fingerprint or None}
        values |= {"topics": codec.encode_topics(edited.topics), "quotes": codec.encode_quotes(edited.quotes)}
        await connection.execute(update(article).where(article.c.id == article_id).values(**values))
        texts = _text_row(connection, edited, language=row.language, source_id=row.source_id)
        await connection.execute(update(article_text).where(article_text.c.article_id == article_id).values(**texts))
        shared = () if edited.scope else dict.fromkeys(edited.bands)
        bands = [{"band": band, "article_id": article_id} for band in shared]
        if bands:
            await connection.execute(insert(dup_band, connection).on_conflict_do_nothing(), bands)
        return True

    @reading
    async def get(self, connection: AsyncConnection, article_id: int) -> Article | None:
        """One article."""
        row = (await connection.execute(ARTICLES.where(article.c.id == article_id))).first()
        return to_article(row) if row else None

    @reading
    async def text(self, connection: AsyncConnection, article_id: int) -> str:
        """Its full text; "" where the article is gone."""
        found = await connection.scalar(select(article_text.c.text).where(article_text.c.article_id == article_id))
        return found or ""

    @reading
    async def band_matches(
        self, connection: AsyncConnection, bands: Iterable[int], *, since: datetime
    ) -> list[Unfiled]:
        """Articles that share a MinHash band, newest first, at most 20."""
        shared = select(dup_band.c.article_id).where(
            dup_band.c.band.in_(list(bands)), dup_band.c.article_id >= tick(since)
        )
        query = unfiled().where(article.c.id.in_(shared), article.c.published >= since)
        rows = await connection.execute(query.order_by(article.c.id.desc()).limit(MOST_BAND_MATCHES))
        return [to_unfiled(row) for row in rows]

    @reading
    async def band_holders(
        self, connection: AsyncConnection, bands: Iterable[int], *, since: datetime
    ) -> dict[int, tuple[int, int]]:
        """By MinHash band the first and the last article that has it; bands that nobody has are left out."""
        held = select(dup_band.c.band, func.min(dup_band.c.article_id), func.max(dup_band.c.article_id))
        held = held.where(dup_band.c.article_id >= tick(since)).group_by(dup_band.c.band)
        found: dict[int, tuple[int, int]] = {}
        for batch in batches(bands):
            rows = await connection.execute(held.where(dup_band.c.band.in_(batch)))
            found.update((band, (first, last)) for band, first, last in rows)
        return found

    @reading
    async def newest(
        self,
        connection: AsyncConnection,
        *,
        languages: Sequence[str] = (),
        topic: str | None = None,
        source: str | None = None,
        exclude: int | None = None,
        feeds: Sequence[int] = (),
        limit: int = 10,
        offset: int = 0,
    ) -> list[Article]:
        """Articles, newest first; no languages means all. `exclude` is an article id.

        Those of the personal `feeds` are among them, in whatever language.
        """
        sources = None if source is None else await sources_named(connection, source, whole=True)
        if languages or topic or sources is not None:
            filters = match.matching(SearchQuery(), languages=languages, topic=topic, sources=sources)
            own = match.matching(SearchQuery(), topic=topic, sources=sources)
            ids = await _for(connection, feeds, filters, own, exclude=exclude, limit=limit, offset=offset)
        else:
            key = article.c.id
            query = select(key).where(article.c.scope.in_([0, *feeds]) if feeds else article.c.scope == 0)
            query = query if exclude is None else query.where(key != exclude)
            ids = (await connection.scalars(query.order_by(key.desc()).limit(limit).offset(offset))).all()
        return await _by_ids(connection, ids)

    @reading
    async def search(
        self,
        connection: AsyncConnection,
        query: SearchQuery,
        *,
        languages: Sequence[str] = (),
        feeds: Sequence[int] = (),
        limit: int = 10,
        offset: int = 0,
    ) -> list[Article]:
        """Articles that match, newest first. A language in the query stands above `languages`; `feeds` as in newest."""
        return await _by_ids(connection, await _matching(connection, query, languages, feeds, limit, offset))

    @reading
    async def matches(
        self,
        connection: AsyncConnection,
        query: SearchQuery,
        *,
        languages: Sequence[str] = (),
        feeds: Sequence[int] = (),
        limit: int,
    ) -> list[Found]:
        """What a search in order of relevance chooses among, newest first: see digests.storage.lookup."""
        found: list[Found] = []
        columns = [article.c[name] for name in ("id", "title", "language", "published", "story_id")]
        for batch in batches(await _matching(connection, query, languages, feeds, limit, 0, nearest=True)):
            rows = await connection.execute(
                select(*columns).where(article.c.id.in_(batch)).order_by(article.c.id.desc())
            )
            found += [
                Found(id=number, title=title, language=language, published=published, story_id=story_id)
                for number, title, language, published, story_id in rows
            ]
        return found

    @reading
    async def indexed(self, connection: AsyncConnection, article_ids: Sequence[int]) -> dict[int, str]:
        """What is indexed of articles: their terms with spaces between."""
        query = select(article_text.c.article_id, article_text.c.terms)
        rows = await connection.execute(query.where(article_text.c.article_id.in_(article_ids)))
        return {row.article_id: row.terms for row in rows}

    @reading
    async def by_ids(self, connection: AsyncConnection, article_ids: Sequence[int]) -> list[Article]:
        """Articles in the order asked for; those gone are left out."""
        found = {one.id: one for one in await _by_ids(connection, article_ids)}
        return [found[number] for number in article_ids if number in found]

    @reading
    async def wording(self, connection: AsyncConnection, language: str, *, limit: int) -> list[str]:
        """Titles and quoted sentences (as JSON) of the newest articles in a language."""
        filters = match.matching(SearchQuery(), languages=[language])
        ids = await matching_ids(connection, match.for_everybody(filters), limit=limit, offset=0)
        texts: list[str] = []
        for batch in batches(ids):
            rows = await connection.execute(select(article.c.title, article.c.quotes).where(article.c.id.in_(batch)))
            texts += [text for row in rows for text in row]
        return texts

    @reading
    async def remembered(self, connection: AsyncConnection, feed_id: int, urls: Collection[str]) -> set[str]:
        """Which of these canonical URLs this feed carried before, without a date."""
        by_hash = {text_hash(url): url for url in urls}
        held = await connection.scalars(select(undated.c.url_hash).where(undated.c.feed_id == feed_id))
        return {by_hash[found] for found in held if found in by_hash}

    @writing
    async def remember(
        self, connection: AsyncConnection, feed_id: int, urls: Collection[str], *, now: datetime
    ) -> None:
        """Keep in mind which entries without a date this feed carries now, and no others."""
        carried = {text_hash(url) for url in urls}
        query = select(undated.c.url_hash).where(undated.c.feed_id == feed_id)
        held = set((await connection.scalars(query)).all())
        for batch in batches(held - carried):
            gone = (undated.c.feed_id == feed_id) & undated.c.url_hash.in_(batch)
            await connection.execute(delete(undated).where(gone))
        rows = [{"feed_id": feed_id, "url_hash": key, "seen_at": now} for key in carried - held]
        if rows:
            await connection.execute(insert(undated, connection).on_conflict_do_nothing(), rows)

    async def prune(self, before: datetime) -> int:
        """Delete articles published before this, and stories left without any; returns how many articles.

        In several transactions, so that the bot can write in between.
        """
        total = 0
        while pruned := await self._prune_some(before):
            total += pruned
        return total

    @reading
    async def count(self, connection: AsyncConnection) -> int:
        """How many articles are stored."""
        return await connection.scalar(select(func.count()).select_from(article)) or 0

    @writing
    async def _prune_some(self, connection: AsyncConnection, before: datetime) -> int:
        old = select(article.c.id, article.c.story_id).where(article.c.id < tick(before), article.c.published < before)
        rows = (await connection.execute(old.order_by(article.c.id).limit(PRUNED_AT_ONCE))).all()
        ids = [row.id for row in rows]
        await connection.execute(delete(article).where(article.c.id.in_(ids)))
        if len(ids) < PRUNED_AT_ONCE:
            await connection.execute(delete(dup_band).where(dup_band.c.article_id < tick(before)))
        stories = {row.story_id for row in rows if row.story_id is not None}
        await drop_empty_stories(connection, stories)
        return len(ids)


async def drop_empty_stories(connection: AsyncConnection, ids: Iterable[int]) -> None:
    """Delete those of these stories that have no article left."""
    for batch in batches(ids):
        filled = exists().where(article.c.story_id == story.c.id)
        await connection.execute(delete(story).where(story.c.id.in_(batch), ~filled))


def to_article(row: AnyRow) -> Article:
    """An article from a row of ARTICLES."""
    return Article(
        id=row.id,
        url=row.url,
        source=row.source,
        title=row.title,
        language=row.language,
        published=row.published,
        fetched_at=row.fetched_at,
        feed_id=row.feed_id,
        story_id=row.story_id,
        topics=codec.decode_topics(row.topics),
        place=row.place,
        image=row.image,
        quotes=codec.decode_quotes(row.quotes),
        sure=row.sure,
        scope=row.scope,
    )


def unfiled(longest: int | None = None) -> Select[Any]:
    """The query that `to_unfiled` reads, the text cut to `longest` characters."""
    text = article_text.c.text if longest is None else func.substr(article_text.c.text, 1, longest)
    return (
        select(article.c.id, article.c.title, text.label("text"), source.c.name.label("source"))
        .add_columns(article.c.published, article.c.language, article.c.story_id, article.c.scope)
        .select_from(article)
        .join(source)
        .join(article_text)
    )


def to_unfiled(row: AnyRow) -> Unfiled:
    """An article as grouping reads it."""
    return Unfiled(
        id=row.id,
        title=row.title,
        text=row.text,
        source=row.source,
        published=row.published,
        language=row.language,
        story_id=row.story_id,
        scope=row.scope,
    )


async def _matching(
    connection: AsyncConnection,
    query: SearchQuery,
    languages: Sequence[str],
    feeds: Sequence[int],
    limit: int,
    offset: int,
    *,
    nearest: bool = False,
) -> Sequence[int]:
    """The ids of the articles that match, newest first; with `nearest` what the best are chosen among."""
    sources = None if query.source is None else await sources_named(connection, query.source, whole=False)
    spoken = [query.language] if query.language else ()
    matched = match.matching(query, languages=spoken or languages, topic=query.topic, sources=sources)
    own = match.matching(query, languages=spoken, topic=query.topic, sources=sources)
    return await _for(
        connection,
        feeds,
        matched,
        own,
        limit=limit,
        offset=offset,
        since=query.since,
        before=query.before,
        nearest=nearest,
    )


async def _for(
    connection: AsyncConnection,
    feeds: Sequence[int],
    shared: match.Match,
    own: match.Match,
    *,
    limit: int,
    offset: int,
    since: datetime | None = None,
    before: datetime | None = None,
    exclude: int | None = None,
    nearest: bool = False,
) -> Sequence[int]:
    """The ids of what is found among the articles for everybody, and by `own` among those of personal feeds."""

    async def find(matched: match.Match, first: int, count: int) -> Sequence[int]:
        if nearest:
            return await nearest_ids(connection, matched, since=since, before=before, limit=count)
        return await matching_ids(
            connection, matched, since=since, before=before, exclude=exclude, limit=count, offset=first
        )

    if not feeds:
        return await find(match.for_everybody(shared), offset, limit)
    found = [*await find(match.for_everybody(shared), 0, offset + limit)]
    found += await find(match.for_followers(own, feeds), 0, offset + limit)
    return sorted(found, reverse=True)[offset : offset + limit]


async def _by_ids(connection: AsyncConnection, ids: Sequence[int]) -> list[Article]:
    if not ids:
        return []
    rows = await connection.execute(ARTICLES.where(article.c.id.in_(ids)).order_by(article.c.id.desc()))
    return [to_article(row) for row in rows]


async def _stored(connection: AsyncConnection, key: ColumnElement[bytes], keys: Iterable[bytes]) -> list[bytes]:
    found: list[bytes] = []
    for batch in batches(keys):
        found += (await connection.scalars(select(key).where(key.in_(batch)))).all()
    return found


async def _free(connection: AsyncConnection, wanted: Sequence[int]) -> list[int]:
    """Ids that are not taken, each at or soon after the one wanted; `wanted` ascends."""
    reach = TICKS
    while True:
        candidates = {number + step for number in wanted for step in range(reach)}
        taken: set[int] = set()
        for batch in batches(candidates):
            taken.update((await connection.scalars(select(article.c.id).where(article.c.id.in_(batch)))).all())
        ids = free_ids(wanted, taken)
        if candidates.issuperset(ids):
            return ids
        reach *= 4


async def _sources_of(connection: AsyncConnection, articles: Iterable[NewArticle]) -> dict[int, int]:
    """The source of each feed that has one of these articles."""
    feeds = {one.feed_id for one in articles}
    rows = await connection.execute(select(feed.c.id, feed.c.source_id).where(feed.c.id.in_(feeds)))
    found = {row.id: row.source_id for row in rows}
    if missing := feeds - found.keys():
        raise StorageError(f"There is no feed {min(missing)} to store articles of.")
    return found


def _row(one: NewArticle, number: int, url_hash: bytes, sources: Mapping[int, int]) -> dict[str, Any]:
    return {
        "id": number,
        "url_hash": url_hash,
        "guid_hash": guid_hash(one.feed_id, one.guid, one.scope),
        "feed_id": one.feed_id,
        "source_id": sources[one.feed_id],
        "story_id": None,
        "language": clean(one.language),
        "published": one.published,
        "fetched_at": one.fetched_at,
        "place": one.place,
        "url": one.url,
        "link": one.link,
        "guid": one.guid,
        "title": one.title,
        "image": one.image,
        "topics": codec.encode_topics(one.topics),
        "quotes": codec.encode_quotes(one.quotes),
        "fingerprint": one.fingerprint or None,
        "scope": one.scope,
    }


def _text_row(connection: AsyncConnection, one: NewArticle, *, language: str, source_id: int) -> dict[str, Any]:
    """An article's text and what is searched of it."""
    topics = [topic for topic, weight in one.topics if weight > 0]
    terms = match.indexed(one.terms, language=language, topics=topics, source_id=source_id, scope=one.scope)
    row = {"text": one.text, "terms": terms}
    return row if is_sqlite(connection) else {**row, "vector": match.vector(terms)}


async def _index(
    connection: AsyncConnection, articles: Sequence[tuple[int, NewArticle]], sources: Mapping[int, int]
) -> None:
    """Store texts, what is searched (triggers fill FTS5 from it) and bands."""
    texts: list[dict[str, Any]] = []
    for number, one in articles:
        row = _text_row(connection, one, language=one.language, source_id=sources[one.feed_id])
        texts.append({"article_id": number, **row})
    shared = ((number, one) for number, one in articles if not one.scope)  # a personal feed's are nobody's copies
    bands = [{"band": band, "article_id": number} for number, one in shared for band in dict.fromkeys(one.bands)]
    if texts:
        await connection.execute(article_text.insert(), texts)
    if bands:
        await connection.execute(dup_band.insert(), bands)
