"""Who sets up which chats from their private chat."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.model import ManagedChat
from digests.storage.engine import Repository, reading, writing
from digests.storage.schema import manager
from digests.storage.statements import insert
from digests.storage.subscribers import load


class ManagerRepository(Repository):
    """The managers of one database."""

    @writing
    async def add(self, connection: AsyncConnection, user_id: int, subscriber_id: int, title: str) -> None:
        """Remember that a person sets up a chat, and what it is called now."""
        statement = insert(manager, connection)
        renamed = statement.on_conflict_do_update(
            index_elements=["user_id", "subscriber_id"], set_={"title": statement.excluded.title}
        )
        await connection.execute(renamed, {"user_id": user_id, "subscriber_id": subscriber_id, "title": title})

    @writing
    async def remove(self, connection: AsyncConnection, user_id: int, subscriber_id: int) -> None:
        """Forget it."""
        theirs = (manager.c.user_id == user_id) & (manager.c.subscriber_id == subscriber_id)
        await connection.execute(delete(manager).where(theirs))

    @reading
    async def chats(self, connection: AsyncConnection, user_id: int) -> list[ManagedChat]:
        """The chats that a person sets up, by their titles."""
        query = select(manager).where(manager.c.user_id == user_id).order_by(manager.c.title, manager.c.subscriber_id)
        rows = (await connection.execute(query)).all()
        found = await load(connection, [row.subscriber_id for row in rows])
        return [
            ManagedChat(subscriber=found[row.subscriber_id], title=row.title, open_until=row.open_until)
            for row in rows
            if row.subscriber_id in found
        ]

    @reading
    async def of(self, connection: AsyncConnection, subscriber_id: int) -> Sequence[tuple[int, str]]:
        """Who sets up a chat, each with what they know it by."""
        query = select(manager.c.user_id, manager.c.title).where(manager.c.subscriber_id == subscriber_id)
        return [(user_id, title) for user_id, title in await connection.execute(query.order_by(manager.c.user_id))]

    @writing
    async def open(
        self, connection: AsyncConnection, user_id: int, subscriber_id: int | None, until: datetime | None
    ) -> None:
        """Let what a person types be meant for this chat until then, and for no other; for none where it is None."""
        theirs = manager.c.user_id == user_id
        await connection.execute(
            update(manager).where(theirs, manager.c.open_until.is_not(None)).values(open_until=None)
        )
        if subscriber_id is not None:
            this = theirs & (manager.c.subscriber_id == subscriber_id)
            await connection.execute(update(manager).where(this).values(open_until=until))
