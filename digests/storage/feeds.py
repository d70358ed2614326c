"""Feeds, their sources and the state of their polling."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, exists, false, func, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.errors import StorageError
from digests.model import Feed, FeedChanges, FeedSpec, Poll, Source
from digests.storage.codec import decode_words, encode_words
from digests.storage.columns import Instant, clean, from_bits, to_bits
from digests.storage.engine import Repository, reading, writing
from digests.storage.schema import SHARED, article, feed, follower, push, source, undated
from digests.storage.statements import AnyRow, batches, insert, source_ids, source_name

LONGEST_URL = 2000
POLLED, UNLISTED, REMOVED, DEAD = "", "unlisted", "removed", "dead"
"""Why a feed is not polled: it left the feeds file, somebody removed it, or a poll found it gone for good."""

ACTIVE = text("stopped = ''")
"""The condition of ix_feed_due, spelt out: an index with a condition does not serve a bound value."""
WELL: dict[str, Any] = {"errors": 0, "last_error": None, "failing_since": None, "reported": False}
FEEDS = select(feed, source.c.name.label("source"), push.c.pushed_at).join(source).outerjoin(push)
"""What `to_feed` reads."""


class FeedRepository(Repository):
    """The feeds of one database."""

    @writing
    async def sync(self, connection: AsyncConnection, specs: Sequence[FeedSpec], *, now: datetime) -> FeedChanges:
        """Make the stored feeds those of the file; what somebody removed stays off, and so does what died."""
        wanted = {url_of(spec): spec for spec in specs}
        stored = [dict(row._mapping) for row in await connection.execute(select(feed))]
        known = {row["url"]: row for row in stored} | {row["listed_url"]: row for row in stored}
        sources = await source_ids(connection, (spec.source for spec in wanted.values()))
        added, updated, listed = [], 0, set()
        for url, spec in wanted.items():
            values = values_of(spec, sources)
            if (row := known.get(url)) is None:
                added.append(new_feed(url, values, now=now))
                continue
            listed.add(row["id"])
            updated += await _relist(connection, row, values)
        gone = [
            row["id"] for row in stored if row["id"] not in listed and not row["manual"] and row["stopped"] == POLLED
        ]
        for batch in batches(added):
            # Another process that starts just now may have added them.
            await connection.execute(insert(feed, connection).on_conflict_do_nothing(), list(batch))
        for batch in batches(gone):
            await connection.execute(update(feed).where(feed.c.id.in_(batch)).values(stopped=UNLISTED))
        return FeedChanges(added=len(added), updated=updated, switched_off=len(gone))

    @writing
    async def add(self, connection: AsyncConnection, spec: FeedSpec, *, now: datetime) -> Feed:
        """Add a feed by hand, due at once; one that is known comes back active and well, with what the spec says."""
        url = url_of(spec)
        sources = await source_ids(connection, [spec.source])
        values = {**values_of(spec, sources), **WELL, "manual": True, "stopped": POLLED, "next_fetch_at": now}
        row = (await connection.execute(select(feed).where((feed.c.url == url) | (feed.c.listed_url == url)))).first()
        number = row.id if row is not None else None
        if row is not None and row.personal:
            values |= await _for_everybody(connection, row.id)
        if number is None:
            inserted = await connection.execute(feed.insert().returning(feed.c.id), {**new_feed(url, values, now=now)})
            number = inserted.scalar_one()
        else:
            await connection.execute(update(feed).where(feed.c.id == number).values(**values))
        return to_feed((await connection.execute(FEEDS.where(feed.c.id == number))).one())

    @writing
    async def remove(self, connection: AsyncConnection, url: str) -> bool:
        """Switch a feed off for good: not even the feeds file brings it back, only `add` does.

        Where some follow it for themselves, it stays for them.
        """
        address = clean(url)
        known = ((feed.c.url == address) | (feed.c.listed_url == address)) & (feed.c.stopped != REMOVED)
        known &= feed.c.personal == false()
        followed = exists().where(follower.c.feed_id == feed.c.id)
        kept = await connection.execute(update(feed).where(known, followed).values(personal=True))
        return (
            await connection.execute(update(feed).where(known).values(stopped=REMOVED))
        ).rowcount + kept.rowcount > 0

    @writing
    async def revive(self, connection: AsyncConnection, feed_id: int, *, now: datetime) -> Feed | None:
        """Make a feed that failed or died well and due; None where it is gone or was removed."""
        alive = (feed.c.id == feed_id) & feed.c.stopped.in_([POLLED, DEAD])
        await connection.execute(update(feed).where(alive).values(**WELL, stopped=POLLED, next_fetch_at=now))
        row = (await connection.execute(FEEDS.where(alive))).first()
        return to_feed(row) if row is not None else None

    @reading
    async def all(self, connection: AsyncConnection) -> list[Feed]:
        """All feeds, by source and URL; those switched off too."""
        return _by_source(await connection.execute(FEEDS))

    @reading
    async def shared(self, connection: AsyncConnection, urls: Iterable[str] | None = None) -> list[Feed]:
        """The active feeds that everybody gets, by source and URL; with `urls` those at one of these addresses."""
        query = FEEDS.where(ACTIVE, feed.c.personal == false())
        if urls is None:
            return _by_source(await connection.execute(query))
        rows: list[AnyRow] = []
        for batch in batches({clean(url) for url in urls}):
            rows += await connection.execute(query.where(feed.c.url.in_(batch)))
        return _by_source(rows)

    @reading
    async def troubled(self, connection: AsyncConnection) -> list[Feed]:
        """The feeds for everybody that fail, or died and were reported; by source and URL."""
        known = (feed.c.stopped == POLLED) | (feed.c.reported == true())
        query = FEEDS.where(feed.c.personal == false(), feed.c.errors > 0, known)
        return _by_source(await connection.execute(query))

    @reading
    async def counts(self, connection: AsyncConnection) -> dict[str, int]:
        """How many, personal ones too: active, of these failing, and off."""
        active, failing = feed.c.stopped == POLLED, feed.c.errors > 0
        query = select(func.count(), func.count(case((active, 1))), func.count(case((active & failing, 1))))
        total, polled, troubled = (await connection.execute(query.select_from(feed))).one()
        return {"active": polled, "failing": troubled, "off": total - polled}

    @reading
    async def due(self, connection: AsyncConnection, now: datetime, *, limit: int) -> list[Feed]:
        """Active feeds whose time has come, longest overdue first."""
        query = FEEDS.where(ACTIVE, feed.c.next_fetch_at <= now)
        return [
            to_feed(row)
            for row in await connection.execute(query.order_by(feed.c.next_fetch_at, feed.c.id).limit(limit))
        ]

    @writing
    async def record(self, connection: AsyncConnection, feed_id: int, poll: Poll) -> None:
        """Store what came of a poll.

        A success without a new body (304) keeps the validators that it does not repeat; an error keeps them all.
        """
        values: dict[str, Any] = {"next_fetch_at": poll.next_fetch_at}
        if not poll.active:
            values["stopped"] = DEAD
        if poll.error is not None:
            values |= {"errors": feed.c.errors + 1, "last_error": poll.error}
            values["failing_since"] = func.coalesce(feed.c.failing_since, bindparam("failed_at", poll.at, Instant))
            values |= {"reported": True} if poll.reported else {}
        else:
            values |= {**WELL, "last_success_at": poll.at, **_validators(poll), **_asked_for(poll)}
        if poll.url is not None:
            values |= await _moved(connection, feed_id, poll.url)
        await connection.execute(update(feed).where(feed.c.id == feed_id).values(**values))

    @reading
    async def sources(self, connection: AsyncConnection, *, counted: bool = False) -> list[Source]:
        """All publishers with an active feed, by name; what is stored of each is counted where that is asked for."""
        query = select(source.c.id, source.c.name, feed.c.language).join(feed).where(ACTIVE, feed.c.personal == false())
        languages: dict[tuple[int, str], list[str]] = defaultdict(list)
        for number, name, language in await connection.execute(query):
            languages[number, name].append(language)
        articles = await _counted(connection) if counted else {}
        published = await _published(connection, [last for _, last in articles.values()])
        out = []
        for (number, name), spoken in sorted(languages.items(), key=lambda pair: (pair[0][1].casefold(), pair[0])):
            count, last = articles.get(number, (0, 0))
            out.append(
                Source(
                    id=number,
                    name=name,
                    languages=tuple(sorted({language for language in spoken if language})),
                    feeds=len(spoken),
                    articles=count,
                    last_article_at=published.get(last),
                )
            )
        return out


def _by_source(rows: Iterable[AnyRow]) -> list[Feed]:
    return sorted(map(to_feed, rows), key=lambda one: (one.source.casefold(), one.url))


async def _counted(connection: AsyncConnection) -> dict[int, tuple[int, int]]:
    """How many articles are stored of each source, and the id of its latest."""
    query = select(article.c.source_id, func.count(), func.max(article.c.id)).where(SHARED)
    rows = await connection.execute(query.group_by(article.c.source_id))
    return {number: (count, last) for number, count, last in rows}


def url_of(spec: FeedSpec) -> str:
    """A feed's address as it is stored. Raises StorageError."""
    url = clean(spec.url)
    if not url or len(url) > LONGEST_URL:
        raise StorageError(f"A feed's address has between 1 and {LONGEST_URL} characters; this one has {len(url)}.")
    return url


def values_of(spec: FeedSpec, sources: dict[str, int]) -> dict[str, Any]:
    """What a spec says of a feed, as columns; `sources` has the ids of publishers by their stored names."""
    return {
        "source_id": sources[source_name(spec.source)],
        "language": clean(spec.language),
        "topics": encode_words(spec.topics),
        "title": clean(spec.title),
        "interval": spec.interval,
    }


def new_feed(url: str, values: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """The columns of a feed that is stored for the first time, due at once."""
    fresh = {"manual": False, "stopped": POLLED, "next_fetch_at": now, **WELL, "skip_hours": 0, "skip_days": 0}
    return {**fresh, "url": url, "listed_url": url, **values}


async def _relist(connection: AsyncConnection, row: dict[str, Any], values: dict[str, Any]) -> bool:
    """Bring a stored feed in line with the file; whether anything changed."""
    if row["stopped"] == UNLISTED:
        values = {**values, "stopped": POLLED}
    if row["personal"]:
        values = {**values, **await _for_everybody(connection, row["id"]), "stopped": POLLED}
    changed = {name: value for name, value in values.items() if row[name] != value}
    if changed:
        await connection.execute(update(feed).where(feed.c.id == row["id"]).values(**changed))
    return bool(changed)


async def _for_everybody(connection: AsyncConnection, feed_id: int) -> dict[str, Any]:
    """What makes a personal feed one for everybody: it is read anew, as articles for everybody."""
    await connection.execute(delete(undated).where(undated.c.feed_id == feed_id))
    return {"personal": False, "etag": None, "last_modified": None, "body_hash": None}


def _validators(poll: Poll) -> dict[str, Any]:
    told = {"etag": poll.etag, "last_modified": poll.last_modified, "body_hash": poll.body_hash}
    return told if poll.body_hash is not None else {name: value for name, value in told.items() if value is not None}


def _asked_for(poll: Poll) -> dict[str, Any]:
    """When the feed asks to be left alone and where its hub is: known anew only where its body was parsed."""
    if not poll.parsed:
        return {}
    skipped = {"skip_hours": to_bits(poll.skip_hours), "skip_days": to_bits(poll.skip_days)}
    return {"ttl": poll.ttl, **skipped, "hub": poll.hub, "topic": poll.topic}


async def _moved(connection: AsyncConnection, feed_id: int, url: str) -> dict[str, Any]:
    """The new address; where another feed has that already, this one stops instead. One that is read there for its
    followers alone stops no other: the old address is asked on, which leads to the new one.
    """
    address = clean(url)
    if len(address) > LONGEST_URL:
        return {}
    personal = await connection.scalar(select(feed.c.personal).where(feed.c.url == address, feed.c.id != feed_id))
    if personal is None:
        return {"url": address}
    if personal:
        return {}
    return {"stopped": DEAD, "last_error": "moved to the address of another feed"}


async def _published(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for batch in batches(ids):
        query = select(article.c.id, article.c.published).where(article.c.id.in_(batch))
        found.update((number, at) for number, at in await connection.execute(query))
    return found


def to_feed(row: AnyRow) -> Feed:
    """A feed from a row of FEEDS."""
    return Feed(
        id=row.id,
        url=row.url,
        source=row.source,
        language=row.language,
        topics=decode_words(row.topics),
        title=row.title,
        interval=row.interval,
        manual=row.manual,
        active=row.stopped == POLLED,
        next_fetch_at=row.next_fetch_at,
        last_success_at=row.last_success_at,
        etag=row.etag,
        last_modified=row.last_modified,
        body_hash=row.body_hash,
        errors=row.errors,
        last_error=row.last_error,
        ttl=row.ttl,
        skip_hours=from_bits(row.skip_hours),
        skip_days=from_bits(row.skip_days),
        failing_since=row.failing_since,
        reported=row.reported,
        personal=row.personal,
        hub=row.hub,
        topic=row.topic,
        pushed_at=row.pushed_at,
    )
