"""Stories that subscribers keep, and what they thought of stories."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests import leanings
from digests.model import Item, Vote
from digests.storage.codec import decode_item, encode_item
from digests.storage.engine import Repository, reading, writing
from digests.storage.schema import delivery, feedback, leaning, saved, shown, subscriber
from digests.storage.statements import insert

SHOWN_FOR = timedelta(days=30)
"""How long it is remembered which story a message shows."""


class SavedRepository(Repository):
    """What is kept in one database."""

    @writing
    async def add(self, connection: AsyncConnection, subscriber_id: int, item: Item, *, now: datetime) -> bool:
        """Keep a story; False where it was kept."""
        values = {"subscriber_id": subscriber_id, "story_id": item.story_id, "item": encode_item(item), "saved_at": now}
        statement = insert(saved, connection).on_conflict_do_nothing(index_elements=["subscriber_id", "story_id"])
        return (await connection.execute(statement.returning(saved.c.id), values)).first() is not None

    @writing
    async def remove(self, connection: AsyncConnection, subscriber_id: int, story_id: int) -> bool:
        """Let go of it; False where it was not kept."""
        kept = (saved.c.subscriber_id == subscriber_id) & (saved.c.story_id == story_id)
        return (await connection.execute(delete(saved).where(kept))).rowcount > 0

    @reading
    async def items(
        self, connection: AsyncConnection, subscriber_id: int, *, limit: int = 10, offset: int = 0
    ) -> list[Item]:
        """What is kept, last saved first."""
        query = select(saved.c.item).where(saved.c.subscriber_id == subscriber_id)
        ordered = query.order_by(saved.c.saved_at.desc(), saved.c.id.desc()).limit(limit).offset(offset)
        return [decode_item(item) for item in await connection.scalars(ordered)]

    @reading
    async def count(self, connection: AsyncConnection, subscriber_id: int) -> int:
        """How many."""
        query = select(func.count()).select_from(saved).where(saved.c.subscriber_id == subscriber_id)
        return await connection.scalar(query) or 0

    @reading
    async def kept(self, connection: AsyncConnection, subscriber_id: int, story_ids: Iterable[int]) -> frozenset[int]:
        """Which of these stories are kept."""
        query = select(saved.c.story_id).where(
            saved.c.subscriber_id == subscriber_id, saved.c.story_id.in_(list(story_ids))
        )
        return frozenset(await connection.scalars(query))

    @reading
    async def votes(self, connection: AsyncConnection, subscriber_id: int, story_ids: Iterable[int]) -> dict[int, int]:
        """What the subscriber thought of those of these stories that they rated one by one: 1 or -1."""
        query = select(feedback.c.story_id, feedback.c.value).where(
            feedback.c.subscriber_id == subscriber_id, feedback.c.story_id.in_(list(story_ids)), feedback.c.weight >= 1
        )
        return {row.story_id: row.value for row in await connection.execute(query)}

    @writing
    async def vote(
        self, connection: AsyncConnection, subscriber_id: int, votes: Mapping[int, Vote | None], *, now: datetime
    ) -> None:
        """Store what the subscriber thought of stories, None takes it back; work out anew what that teaches.

        A vote with less than full weight leaves one with full weight as it is.
        """
        back = [story for story, vote in votes.items() if vote is None]
        theirs = feedback.c.subscriber_id == subscriber_id
        await connection.execute(delete(feedback).where(theirs, feedback.c.story_id.in_(back)))
        rows = [_vote(subscriber_id, story, vote) for story, vote in votes.items() if vote is not None]
        if rows:
            statement = insert(feedback, connection)
            new = {name: statement.excluded[name] for name in rows[0] if name not in ("subscriber_id", "story_id")}
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["subscriber_id", "story_id"],
                    set_=new,
                    where=statement.excluded.weight >= feedback.c.weight,
                ),
                rows,
            )
        await _learn(connection, subscriber_id, now)

    @writing
    async def show(
        self, connection: AsyncConnection, subscriber_id: int, message_id: int, story_id: int, *, now: datetime
    ) -> None:
        """Remember that a message shows the card of a story now; 0 for no story."""
        here = (shown.c.subscriber_id == subscriber_id) & (shown.c.message_id == message_id)
        await connection.execute(delete(shown).where(here | (shown.c.shown_at < now - SHOWN_FOR)))
        if story_id:
            values = {"subscriber_id": subscriber_id, "message_id": message_id, "story_id": story_id, "shown_at": now}
            await connection.execute(insert(shown, connection).on_conflict_do_nothing(), values)

    @reading
    async def shown(self, connection: AsyncConnection, chat_id: int, message_id: int) -> tuple[int, int, int] | None:
        """Whose message of a chat this is: subscriber, the story whose card it shows or 0, its digest or 0."""
        in_chat = select(subscriber.c.id).where(subscriber.c.chat_id == chat_id)
        card = select(shown.c.subscriber_id, shown.c.story_id).where(
            shown.c.subscriber_id.in_(in_chat), shown.c.message_id == message_id
        )
        if row := (await connection.execute(card)).first():
            return row.subscriber_id, row.story_id, 0
        sent = select(delivery.c.subscriber_id, delivery.c.digest_id).where(
            delivery.c.subscriber_id.in_(in_chat), delivery.c.message_id == message_id
        )
        row = (await connection.execute(sent.order_by(delivery.c.id.desc()).limit(1))).first()
        return (row.subscriber_id, 0, row.digest_id) if row else None


def _vote(subscriber_id: int, story_id: int, vote: Vote) -> dict[str, Any]:
    return {
        "subscriber_id": subscriber_id,
        "story_id": story_id,
        "value": vote.value,
        "rated_at": vote.at,
        "weight": vote.weight,
        "about": vote.about,
        "topic": vote.topic,
        "source": vote.source,
    }


async def _learn(connection: AsyncConnection, subscriber_id: int, now: datetime) -> None:
    """Put what all votes of late teach in place of what was learned before."""
    query = (
        select(feedback)
        .where(feedback.c.subscriber_id == subscriber_id, feedback.c.rated_at > now - leanings.REMEMBERED)
        .order_by(feedback.c.rated_at.desc())
        .limit(leanings.MOST_VOTES)
    )
    votes = [
        Vote(value=row.value, at=row.rated_at, weight=row.weight, about=row.about, topic=row.topic, source=row.source)
        for row in await connection.execute(query)
    ]
    theirs = leaning.c.subscriber_id == subscriber_id
    await connection.execute(delete(leaning).where(theirs, leaning.c.chosen == 0))
    await connection.execute(update(leaning).where(theirs).values(score=0.0, at=None))
    rows = [
        {"subscriber_id": subscriber_id, "kind": kind, "name": name, "chosen": 0, "score": score, "at": now}
        for (kind, name), score in leanings.learned(votes, now).items()
    ]
    if rows:
        statement = insert(leaning, connection)
        new = {"score": statement.excluded.score, "at": statement.excluded["at"]}
        key = ["subscriber_id", "kind", "name"]
        await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=new), rows)
