"""Updates in the database: written before Telegram is told that they came, kept in the order of their chat.

Only the oldest waiting update of a chat can be claimed, by whichever process asks first; the next one follows when that
is done. So chats go side by side, over any number of processes, and each keeps its order.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, exists, false, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.model import Incoming
from digests.storage.columns import CleanText, Instant
from digests.storage.engine import Repository, reading, writing
from digests.storage.schema import incoming
from digests.storage.statements import AnyRow, insert

_COLUMNS = [incoming.c[name] for name in ("update_id", "chat_id", "body", "attempts")]
_FREED = {"worker": "", "lease_until": None}
_OVER = {"done": True, "chat_id": None, "body": "", **_FREED}

_earlier = incoming.alias("earlier")
_first = ~exists().where(
    _earlier.c.chat_id == incoming.c.chat_id,
    _earlier.c.update_id < incoming.c.update_id,
    _earlier.c.done == false(),
)
_free = and_(incoming.c.done == false(), incoming.c.lease_until.is_(None), _first)
_CLAIMABLE = select(incoming.c.update_id).where(_free).limit(1)
_picked = (
    select(incoming.c.update_id)
    .where(_free)
    .order_by(incoming.c.received_at, incoming.c.update_id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("picked")
)
_CLAIM = (
    update(incoming)
    .where(incoming.c.update_id.in_(select(_picked.c.update_id)))
    .values(
        worker=bindparam("by", type_=CleanText),
        lease_until=bindparam("lease_end", type_=Instant),
        attempts=incoming.c.attempts + 1,
    )
    .returning(*_COLUMNS)
)


class InboxRepository(Repository):
    """The updates of one database."""

    @writing
    async def put(self, connection: AsyncConnection, one: Incoming, *, now: datetime) -> bool:
        """Store an update; False where one with this id came before."""
        values = {"update_id": one.update_id, "chat_id": one.chat_id, "body": one.body, "received_at": now}
        statement = insert(incoming, connection).on_conflict_do_nothing().returning(incoming.c.update_id)
        return (await connection.execute(statement, values)).first() is not None

    async def claim(self, worker: str, *, now: datetime, limit: int, lease: float = 60.0) -> list[Incoming]:
        """The next update of each chat that has none at work, oldest first."""
        if self.database.is_sqlite and not await self._claimable():
            return []
        return await self._claim(worker, limit=limit, until=now + timedelta(seconds=lease))

    @reading
    async def _claimable(self, connection: AsyncConnection) -> bool:
        """Whether there is anything to claim: asked first, so that an idle process takes no lock."""
        return (await connection.execute(_CLAIMABLE)).first() is not None

    @writing
    async def _claim(self, connection: AsyncConnection, worker: str, *, limit: int, until: datetime) -> list[Incoming]:
        rows = (await connection.execute(_CLAIM, {"by": worker, "limit": limit, "lease_end": until})).all()
        return [_to_incoming(row) for row in sorted(rows, key=lambda row: row.update_id)]

    @writing
    async def renew(self, connection: AsyncConnection, worker: str, *, now: datetime, lease: float = 60.0) -> None:
        """Go on holding what a worker has claimed."""
        mine = (incoming.c.done == false()) & (incoming.c.worker == worker)
        await connection.execute(update(incoming).where(mine).values(lease_until=now + timedelta(seconds=lease)))

    @writing
    async def done(self, connection: AsyncConnection, update_id: int) -> None:
        """It was handled: only its id is kept."""
        await connection.execute(update(incoming).where(incoming.c.update_id == update_id).values(_OVER))

    @writing
    async def give_back(self, connection: AsyncConnection, worker: str) -> int:
        """Let others have what a worker has claimed."""
        mine = (incoming.c.done == false()) & (incoming.c.worker == worker)
        values = {**_FREED, "attempts": incoming.c.attempts - 1}
        return (await connection.execute(update(incoming).where(mine).values(values))).rowcount

    @writing
    async def recover(
        self, connection: AsyncConnection, *, now: datetime, tries: int, abandoned: bool = False
    ) -> list[int]:
        """Free what expired leases hold, and give up what was tried so often."""
        expired = incoming.c.lease_until.is_not(None) if abandoned else incoming.c.lease_until <= now
        left = (incoming.c.done == false()) & expired
        hopeless = update(incoming).where(left, incoming.c.attempts >= tries).values(_OVER)
        given_up = (await connection.scalars(hopeless.returning(incoming.c.update_id))).all()
        await connection.execute(update(incoming).where(left).values(_FREED))
        return sorted(given_up)

    @writing
    async def prune(self, connection: AsyncConnection, before: datetime) -> int:
        """Forget the ids of what is done and came before this."""
        old = (incoming.c.received_at < before) & (incoming.c.done == true())
        return (await connection.execute(delete(incoming).where(old))).rowcount


def _to_incoming(row: AnyRow) -> Incoming:
    return Incoming(update_id=row.update_id, chat_id=row.chat_id, body=row.body, attempts=row.attempts)
