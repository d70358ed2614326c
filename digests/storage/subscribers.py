"""Subscribers, their wishes, mutes and schedules."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, time
from functools import lru_cache
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Table, case, delete, exists, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.errors import StorageError
from digests.model import ChatKind, Leaning, Slot, Subscriber, Wish
from digests.storage import personal, schema
from digests.storage.codec import decode_wishes, decode_words, encode_wishes, encode_words
from digests.storage.engine import Repository, reading, writing
from digests.storage.follows import stop_unfollowed
from digests.storage.keys import folded
from digests.storage.schema import (
    ACTIVE,
    delivery,
    feed,
    feedback,
    follower,
    leaning,
    manager,
    mute,
    slot,
    subscriber,
    wish,
)
from digests.storage.statements import AnyRow, batches, insert

CHANGEABLE = frozenset(
    {
        *("kind", "language", "languages", "timezone", "calendar", "stories", "paused", "gone", "next_due_at"),
        *("breaking", "breaking_sources", "breaking_most", "thread_id"),
        *("empty", "updates", "pictures", "rich"),
        *("minutes", "quiet", "resume_at", "asking", "learning"),
    }
)

_KINDS = {kind.value: kind for kind in ChatKind}


class SubscriberRepository(Repository):
    """The subscribers of one database."""

    @reading
    async def get(self, connection: AsyncConnection, chat_id: int, thread_id: int = 0) -> Subscriber | None:
        """The subscriber of a chat."""
        return await _one(connection, _in_chat(chat_id, thread_id))

    @reading
    async def by_id(self, connection: AsyncConnection, subscriber_id: int) -> Subscriber | None:
        """A subscriber by its own id."""
        return await _one(connection, subscriber.c.id == subscriber_id)

    @reading
    async def by_ids(self, connection: AsyncConnection, subscriber_ids: Sequence[int]) -> dict[int, Subscriber]:
        """Subscribers by their own ids; those that are no more are missing."""
        return await load(connection, subscriber_ids)

    @writing
    async def create(self, connection: AsyncConnection, new: Subscriber) -> Subscriber:
        """Store a new subscriber (its id is ignored); where the chat has one already, that one comes back."""
        statement = insert(subscriber, connection).on_conflict_do_nothing(index_elements=["chat_id", "thread_id"])
        number = await connection.scalar(statement.returning(subscriber.c.id), _values(new))
        if number is not None:
            await _put(connection, wish, [_wish(number, one) for one in new.wishes])
            await _put(connection, mute, [_mute(number, words, source=False) for words in new.mutes])
            await _put(connection, mute, [_mute(number, name, source=True) for name in new.muted_sources])
            await _put(connection, slot, [_slot(number, one) for one in new.slots])
            await _put(connection, leaning, [{"subscriber_id": number, **asdict(one)} for one in new.leanings])
        return await _expect(connection, _in_chat(new.chat_id, new.thread_id))

    @writing
    async def update(self, connection: AsyncConnection, /, subscriber_id: int, **changes: object) -> Subscriber:
        """Change plain fields by their names in the model; StorageError for a name that is none of them."""
        if unknown := changes.keys() - CHANGEABLE:
            raise StorageError(f"A subscriber has no field {min(unknown)!r} that could be changed.")
        if "languages" in changes:
            changes["languages"] = encode_words(cast("Sequence[str]", changes["languages"]))
        if "quiet" in changes:
            hours = cast("tuple[time, time] | None", changes.pop("quiet"))
            changes["quiet_from"], changes["quiet_until"] = hours or (None, None)
        if changes:
            await connection.execute(update(subscriber).where(subscriber.c.id == subscriber_id).values(**changes))
        return await _expect(connection, subscriber.c.id == subscriber_id)

    @writing
    async def follow(self, connection: AsyncConnection, subscriber_id: int, wish: Wish) -> bool:
        """Add a wish; False where it was there. Capitals and extra spaces make no difference."""
        return await _put(connection, schema.wish, [_wish(subscriber_id, wish)])

    @writing
    async def unfollow(self, connection: AsyncConnection, subscriber_id: int, wish: Wish) -> bool:
        """Take a wish away; False where it was not there."""
        return await _take(connection, schema.wish, _wish(subscriber_id, wish))

    @writing
    async def mute(self, connection: AsyncConnection, subscriber_id: int, words: str, *, source: bool = False) -> bool:
        """Mute words, or a source by its name; False where it was muted."""
        return await _put(connection, schema.mute, [_mute(subscriber_id, words, source=source)])

    @writing
    async def unmute(
        self, connection: AsyncConnection, subscriber_id: int, words: str, *, source: bool = False
    ) -> bool:
        """Take a mute back; False where there was none."""
        return await _take(connection, schema.mute, _mute(subscriber_id, words, source=source))

    @writing
    async def lean(self, connection: AsyncConnection, subscriber_id: int, kind: str, name: str, chosen: int) -> None:
        """Want more (1) or less (-1) of a topic or source, or (0) as much as it is worth."""
        values = {"subscriber_id": subscriber_id, "kind": kind, "name": name, "chosen": chosen}
        statement = insert(leaning, connection).values(values)
        key = ["subscriber_id", "kind", "name"]
        await connection.execute(statement.on_conflict_do_update(index_elements=key, set_={"chosen": chosen}))
        await _without_idle(connection, subscriber_id)

    @writing
    async def unlearn(
        self, connection: AsyncConnection, subscriber_id: int, *, kind: str | None = None, name: str | None = None
    ) -> None:
        """Forget what votes taught about a topic or source, or about all; what was chosen stays."""
        learned, votes = [leaning.c.subscriber_id == subscriber_id], [feedback.c.subscriber_id == subscriber_id]
        forgotten: dict[str, Any] = {"topic": "", "source": ""}
        if kind is not None:
            column = feedback.c.topic if kind == "topic" else feedback.c.source
            learned += [leaning.c.kind == kind, leaning.c.name == name]
            votes.append(column == name)
            forgotten = {column.name: ""}
        await connection.execute(update(leaning).where(*learned).values(score=0.0, at=None))
        await connection.execute(update(feedback).where(*votes).values(**forgotten))
        await _without_idle(connection, subscriber_id)

    @writing
    async def set_slots(
        self,
        connection: AsyncConnection,
        subscriber_id: int,
        slots: Sequence[Slot],
        next_due_at: datetime | None,
        *,
        timezone: str | None = None,
    ) -> None:
        """Replace the schedule, and with `timezone` the zone that it is in."""
        await connection.execute(delete(slot).where(slot.c.subscriber_id == subscriber_id))
        await _put(connection, slot, [_slot(subscriber_id, one) for one in slots])
        changed = {"next_due_at": next_due_at} | ({} if timezone is None else {"timezone": timezone})
        await connection.execute(update(subscriber).where(subscriber.c.id == subscriber_id).values(**changed))

    @writing
    async def wake(self, connection: AsyncConnection, now: datetime) -> int:
        """End the pauses whose `resume_at` has come; what is due next was set when they began."""
        over = (subscriber.c.resume_at.is_not(None)) & (subscriber.c.resume_at <= now)
        return (await connection.execute(update(subscriber).where(over).values(paused=False, resume_at=None))).rowcount

    @reading
    async def due(self, connection: AsyncConnection, now: datetime, *, limit: int) -> list[tuple[Subscriber, datetime]]:
        """Active subscribers (neither paused nor gone) whose next_due_at has come, with it, earliest first."""
        query = select(subscriber).where(*ACTIVE, subscriber.c.next_due_at <= now)
        query = query.order_by(subscriber.c.next_due_at, subscriber.c.id).limit(limit)
        found = await _whole(connection, (await connection.execute(query)).all())
        return [(one, one.next_due_at) for one in found if one.next_due_at is not None]

    @writing
    async def migrate(self, connection: AsyncConnection, chat_id: int, new_chat_id: int) -> None:
        """A group became a supergroup: all its subscribers move to the new chat id.

        One that the new chat got in the meantime gives way, since the old one holds what the group had set.
        """
        old = select(subscriber.c.thread_id).where(subscriber.c.chat_id == chat_id)
        threads = (await connection.scalars(old)).all()
        if chat_id == new_chat_id or not threads:
            return
        replaced = (subscriber.c.chat_id == new_chat_id) & subscriber.c.thread_id.in_(threads)
        for number in (await connection.scalars(select(subscriber.c.id).where(replaced))).all():
            await _delete(connection, number)
        await connection.execute(update(subscriber).where(subscriber.c.chat_id == chat_id).values(chat_id=new_chat_id))

    @reading
    async def in_chat(self, connection: AsyncConnection, chat_id: int) -> list[Subscriber]:
        """The subscribers of a chat: itself and its threads, by thread."""
        query = select(subscriber).where(subscriber.c.chat_id == chat_id).order_by(subscriber.c.thread_id)
        return await _whole(connection, (await connection.execute(query)).all())

    @reading
    async def watching(self, connection: AsyncConnection, *, after: int = 0, limit: int = 1000) -> list[Subscriber]:
        """Active subscribers with an id above `after` that want breaking news, by id."""
        wanted = (*ACTIVE, schema.WATCHING, subscriber.c.id > after)
        query = select(subscriber).where(*wanted).order_by(subscriber.c.id).limit(limit)
        return await _whole(connection, (await connection.execute(query)).all())

    @writing
    async def set_gone(self, connection: AsyncConnection, chat_id: int, *, gone: bool) -> None:
        """Mark all subscribers of a chat as gone or as back; what waits for one gone is called off."""
        await connection.execute(update(subscriber).where(subscriber.c.chat_id == chat_id).values(gone=gone))
        if gone:
            theirs = select(subscriber.c.id).where(subscriber.c.chat_id == chat_id)
            waiting = (delivery.c.state == "pending") & delivery.c.subscriber_id.in_(theirs)
            await connection.execute(update(delivery).where(waiting).values(state="gone", worker="", lease_until=None))

    @writing
    async def delete(self, connection: AsyncConnection, subscriber_id: int) -> None:
        """Delete a subscriber and everything stored about it, with the digests that nobody else got."""
        await _delete(connection, subscriber_id)

    @reading
    async def export(self, connection: AsyncConnection, subscriber_id: int) -> dict[str, list[dict[str, object]]]:
        """All that is stored about a subscriber: the rows of every table that are about it, as JSON takes them."""
        return await personal.export(connection, subscriber_id)

    @reading
    async def counts(self, connection: AsyncConnection) -> dict[str, int]:
        """How many: total, and of these active, paused, gone (each is one of the three)."""
        state = case((subscriber.c.gone, "gone"), (subscriber.c.paused, "paused"), else_="active").label("state")
        rows = await connection.execute(select(state, func.count()).group_by(state))
        found = {row[0]: row[1] for row in rows}
        return {"total": sum(found.values()), **{name: found.get(name, 0) for name in ("active", "paused", "gone")}}

    @reading
    async def chats(self, connection: AsyncConnection, *, after: int = 0, limit: int = 1000) -> list[Subscriber]:
        """Active subscribers with an id above `after`, by id: for broadcasts."""
        query = select(subscriber).where(*ACTIVE, subscriber.c.id > after).order_by(subscriber.c.id).limit(limit)
        return await _whole(connection, (await connection.execute(query)).all())


async def load(connection: AsyncConnection, subscriber_ids: Sequence[int]) -> dict[int, Subscriber]:
    """Subscribers by their own ids, with what belongs to them; those that are no more are missing."""
    rows: list[AnyRow] = []
    for batch in batches(dict.fromkeys(subscriber_ids)):
        rows += (await connection.execute(select(subscriber).where(subscriber.c.id.in_(batch)))).all()
    return {one.id: one for one in await _whole(connection, rows)}


async def _without_idle(connection: AsyncConnection, subscriber_id: int) -> None:
    """Delete leanings that say nothing any more."""
    idle = (leaning.c.subscriber_id == subscriber_id) & (leaning.c.chosen == 0) & (leaning.c.score == 0)
    await connection.execute(delete(leaning).where(idle))


def _in_chat(chat_id: int, thread_id: int) -> ColumnElement[bool]:
    return (subscriber.c.chat_id == chat_id) & (subscriber.c.thread_id == thread_id)


async def _one(connection: AsyncConnection, which: ColumnElement[bool]) -> Subscriber | None:
    rows = (await connection.execute(select(subscriber).where(which))).all()
    return next(iter(await _whole(connection, rows)), None)


async def _expect(connection: AsyncConnection, which: ColumnElement[bool]) -> Subscriber:
    found = await _one(connection, which)
    if found is None:
        raise StorageError("There is no such subscriber any more.")
    return found


async def _put(connection: AsyncConnection, target: Table, rows: list[dict[str, Any]]) -> bool:
    """Insert rows that are not there yet; whether there was one such."""
    if not rows:
        return False
    statement = insert(target, connection).on_conflict_do_nothing().returning(target.c.subscriber_id)
    return bool((await connection.execute(statement, rows)).all())


async def _take(connection: AsyncConnection, target: Table, row: dict[str, Any]) -> bool:
    """Delete the wish or mute that has this row's key; whether it was there."""
    same = [target.c[name] == row[name] for name in ("subscriber_id", "kind", "key")]
    return (await connection.execute(delete(target).where(*same))).rowcount > 0


async def _delete(connection: AsyncConnection, subscriber_id: int) -> None:
    """Delete a subscriber: what refers to it goes by itself; digests are shared, so their last reader takes them."""
    theirs = select(delivery.c.digest_id).where(delivery.c.subscriber_id == subscriber_id).distinct()
    digests = (await connection.scalars(theirs)).all()
    person = select(subscriber.c.chat_id).where(subscriber.c.id == subscriber_id, subscriber.c.kind == "private")
    await connection.execute(delete(manager).where(manager.c.user_id.in_(person)))
    await connection.execute(delete(schema.announcement).where(schema.announcement.c.chat_id.in_(person)))
    await connection.execute(delete(subscriber).where(subscriber.c.id == subscriber_id))
    await stop_unfollowed(connection)
    for batch in batches(digests):
        read = exists().where(delivery.c.digest_id == schema.digest.c.id)
        await connection.execute(delete(schema.digest).where(schema.digest.c.id.in_(batch), ~read))


async def _whole(connection: AsyncConnection, rows: Sequence[AnyRow]) -> list[Subscriber]:
    """Subscribers in the order of their rows, with what belongs to them."""
    parts: dict[Table, dict[int, list[AnyRow]]] = {}
    for part, order in ((wish, wish.c.id), (mute, mute.c.id), (slot, slot.c.at), (leaning, leaning.c.name)):
        parts[part] = defaultdict(list)
        for batch in batches([row.id for row in rows]):
            query = select(part).where(part.c.subscriber_id.in_(batch)).order_by(order)
            for one in await connection.execute(query):
                parts[part][one.subscriber_id].append(one)
    feeds = await _feeds(connection, [row.id for row in rows])
    return [
        _to_subscriber(
            row, parts[wish][row.id], parts[mute][row.id], parts[slot][row.id], parts[leaning][row.id], feeds[row.id]
        )
        for row in rows
    ]


async def _feeds(connection: AsyncConnection, subscriber_ids: Sequence[int]) -> dict[int, list[int]]:
    """The personal feeds that each follows, but for those that everybody gets by now."""
    found: dict[int, list[int]] = defaultdict(list)
    for batch in batches(subscriber_ids):
        query = select(follower.c.subscriber_id, follower.c.feed_id).join(feed, feed.c.id == follower.c.feed_id)
        query = query.where(follower.c.subscriber_id.in_(batch), feed.c.personal == true())
        for number, feed_id in await connection.execute(query.order_by(follower.c.feed_id)):
            found[number].append(feed_id)
    return found


def _values(one: Subscriber) -> dict[str, Any]:
    return {
        "chat_id": one.chat_id,
        "thread_id": one.thread_id,
        "kind": one.kind.value,
        "language": one.language,
        "languages": encode_words(one.languages),
        "timezone": one.timezone,
        "calendar": one.calendar,
        "stories": one.stories,
        "minutes": one.minutes,
        "quiet_from": one.quiet[0] if one.quiet else None,
        "quiet_until": one.quiet[1] if one.quiet else None,
        "empty": one.empty,
        "updates": one.updates,
        "pictures": one.pictures,
        "rich": one.rich,
        "paused": one.paused,
        "resume_at": one.resume_at,
        "gone": one.gone,
        "asking": one.asking,
        "next_due_at": one.next_due_at,
        "created_at": one.created_at,
        "breaking": one.breaking,
        "breaking_sources": one.breaking_sources,
        "breaking_most": one.breaking_most,
        "learning": one.learning,
    }


def _wish(subscriber_id: int, one: Wish) -> dict[str, Any]:
    return {"subscriber_id": subscriber_id, "kind": one.kind, "key": folded(one.value), "value": one.value}


def _mute(subscriber_id: int, words: str, *, source: bool) -> dict[str, Any]:
    kind = "source" if source else "words"
    return {"subscriber_id": subscriber_id, "kind": kind, "key": folded(words), "value": words}


def _slot(subscriber_id: int, one: Slot) -> dict[str, Any]:
    weekdays = sum(1 << day for day in one.weekdays)
    return {"subscriber_id": subscriber_id, "at": one.at, "weekdays": weekdays, "wishes": encode_wishes(one.wishes)}


# What many subscribers share is read once, and is then the same object: a tick compares it a hundred thousand times.
_languages = lru_cache(maxsize=1024)(decode_words)


@lru_cache(maxsize=65_536)
def _to_wish(kind: Literal["topic", "words"], value: str) -> Wish:
    return Wish(kind, value)


@lru_cache(maxsize=8192)
def _to_slot(at: time, weekdays: int, wishes: str) -> Slot:
    return Slot(at, frozenset(day for day in range(7) if weekdays >> day & 1), decode_wishes(wishes))


def _to_subscriber(
    row: AnyRow,
    wishes: Sequence[AnyRow],
    mutes: Sequence[AnyRow],
    slots: Sequence[AnyRow],
    leanings: Sequence[AnyRow],
    feeds: Sequence[int],
) -> Subscriber:
    return Subscriber(
        id=row.id,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        kind=_KINDS[row.kind],
        language=row.language,
        languages=_languages(row.languages),
        timezone=row.timezone,
        calendar=row.calendar,
        stories=row.stories,
        minutes=row.minutes,
        empty=row.empty,
        updates=row.updates,
        pictures=row.pictures,
        rich=row.rich,
        wishes=tuple(_to_wish(one.kind, one.value) for one in wishes),
        feeds=tuple(feeds),
        mutes=tuple(one.value for one in mutes if one.kind == "words") if mutes else (),
        muted_sources=tuple(one.value for one in mutes if one.kind == "source") if mutes else (),
        leanings=tuple(Leaning(one.kind, one.name, one.chosen, one.score, one.at) for one in leanings),
        learning=row.learning,
        slots=tuple(_to_slot(one.at, one.weekdays, one.wishes) for one in slots),
        next_due_at=row.next_due_at,
        quiet=None if row.quiet_from is None else (row.quiet_from, row.quiet_until),
        paused=row.paused,
        resume_at=row.resume_at,
        gone=row.gone,
        asking=row.asking,
        created_at=row.created_at,
        breaking=row.breaking,
        breaking_sources=row.breaking_sources,
        breaking_most=row.breaking_most,
    )
