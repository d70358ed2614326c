"""Stories that subscribers keep, and what they thought of stories."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.model import Item
from digests.storage.codec import decode_item, encode_item
from digests.storage.engine import Repository, reading, writing
from digests.storage.schema import feedback, saved
from digests.storage.statements import insert


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
        """What the subscriber thought of those of these stories that they rated: 1 or -1."""
        query = select(feedback.c.story_id, feedback.c.value).where(
            feedback.c.subscriber_id == subscriber_id, feedback.c.story_id.in_(list(story_ids))
        )
        return {row.story_id: row.value for row in await connection.execute(query)}

    @writing
    async def rate(
        self, connection: AsyncConnection, subscriber_id: int, story_id: int, value: int, *, now: datetime
    ) -> None:
        """Store 👍 (1) or 👎 (-1); 0 takes it back."""
        if value == 0:
            rated = (feedback.c.subscriber_id == subscriber_id) & (feedback.c.story_id == story_id)
            await connection.execute(delete(feedback).where(rated))
            return
        values = {"subscriber_id": subscriber_id, "story_id": story_id, "value": value, "rated_at": now}
        statement = insert(feedback, connection).values(values)
        changed = {"value": value, "rated_at": now}
        await connection.execute(
            statement.on_conflict_do_update(index_elements=["subscriber_id", "story_id"], set_=changed)
        )
