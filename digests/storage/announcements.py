"""Announcements: one row for each chat that is to get one, until all are done."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.model import Announcement, DeliveryState
from digests.storage import claims
from digests.storage.columns import Instant
from digests.storage.engine import Repository, reading, writing
from digests.storage.schema import ACTIVE, UNSENT, announcement, announcement_chat, subscriber
from digests.storage.statements import insert

_SENDING = announcement_chat.c.state == DeliveryState.SENDING.value


class AnnouncementRepository(Repository):
    """The announcements of one database."""

    @writing
    async def open(self, connection: AsyncConnection, wanted: Announcement, *, now: datetime) -> tuple[int, bool]:
        """Store an announcement for all active subscribers, once for each message that asks for one."""
        asked = {"chat_id": wanted.chat_id, "message_id": wanted.message_id}
        values = {**asked, "thread_id": wanted.thread_id, "body": wanted.body, "created_at": now}
        statement = insert(announcement, connection).on_conflict_do_nothing().returning(announcement.c.id)
        number = await connection.scalar(statement, values)
        if number is None:
            known = select(announcement.c.id).filter_by(**asked)
            count = select(func.count()).where(announcement_chat.c.announcement_id == known.scalar_subquery())
            return await connection.scalar(count) or 0, False
        chats = select(
            literal(number), subscriber.c.id, literal(DeliveryState.PENDING.value), literal(now, Instant)
        ).where(*ACTIVE)
        columns = ["announcement_id", "subscriber_id", "state", "due_at"]
        return (await connection.execute(announcement_chat.insert().from_select(columns, chats))).rowcount, True

    @reading
    async def current(self, connection: AsyncConnection) -> Announcement | None:
        """The oldest one that is not finished."""
        query = select(announcement).where(announcement.c.finished_at.is_(None)).order_by(announcement.c.id).limit(1)
        row = (await connection.execute(query)).mappings().first()
        return None if row is None else Announcement(**row)

    @writing
    async def recover(self, connection: AsyncConnection, announcement_id: int) -> int:
        """What a crash left in "sending" is uncertain from now on."""
        left = _of(announcement_id) & _SENDING
        values = {"state": DeliveryState.UNCERTAIN.value}
        return (await connection.execute(update(announcement_chat).where(left).values(values))).rowcount

    @reading
    async def take(self, connection: AsyncConnection, announcement_id: int, *, now: datetime, limit: int) -> list[int]:
        """Subscribers to whom it may go now; none while a digest is due."""
        if (await connection.execute(claims.CLAIMABLE, {"now": now})).first() is not None:
            return []
        chat = announcement_chat.c
        query = select(chat.subscriber_id).where(_of(announcement_id), UNSENT, chat.due_at <= now)
        return list((await connection.scalars(query.order_by(chat.due_at, chat.subscriber_id).limit(limit))).all())

    @writing
    async def mark(
        self,
        connection: AsyncConnection,
        announcement_id: int,
        subscriber_id: int,
        state: DeliveryState,
        *,
        due_at: datetime | None = None,
    ) -> None:
        """Store what becomes of it for one subscriber."""
        values: dict[str, object] = {"state": state.value}
        if due_at is not None:
            values["due_at"] = due_at
        one = _of(announcement_id) & (announcement_chat.c.subscriber_id == subscriber_id)
        await connection.execute(update(announcement_chat).where(one).values(values))

    @reading
    async def counts(self, connection: AsyncConnection, announcement_id: int) -> dict[str, int]:
        """Subscribers by state."""
        query = select(announcement_chat.c.state, func.count()).where(_of(announcement_id))
        found = {row[0]: row[1] for row in await connection.execute(query.group_by(announcement_chat.c.state))}
        return {state.value: found.get(state.value, 0) for state in DeliveryState}

    @writing
    async def finish(self, connection: AsyncConnection, announcement_id: int, *, now: datetime) -> None:
        """It is done with: who got it is forgotten."""
        await connection.execute(delete(announcement_chat).where(_of(announcement_id)))
        over = update(announcement).where(announcement.c.id == announcement_id)
        await connection.execute(over.values(finished_at=now))


def _of(announcement_id: int) -> ColumnElement[bool]:
    return announcement_chat.c.announcement_id == announcement_id
