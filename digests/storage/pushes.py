"""Subscriptions to feeds at their hubs."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.model import Feed, Push
from digests.storage.engine import Repository, reading, writing
from digests.storage.feeds import ACTIVE, FEEDS, to_feed
from digests.storage.schema import feed, push
from digests.storage.statements import AnyRow, insert

KEPT = ("hub", "topic", "token", "secret", "attempts", "renew_at", "lease_until")


class PushRepository(Repository):
    """The subscriptions of one database."""

    @reading
    async def wanted(self, connection: AsyncConnection, now: datetime, *, limit: int) -> list[tuple[Feed, Push | None]]:
        """Feeds for everybody that name a hub and are not subscribed to there, or whose lease is to be renewed."""
        changed = or_(push.c.hub != feed.c.hub, push.c.topic != feed.c.topic)
        query = FEEDS.where(ACTIVE, feed.c.hub.is_not(None), feed.c.personal.is_(False))
        query = query.where(or_(push.c.feed_id.is_(None), push.c.renew_at <= now, changed)).order_by(feed.c.id)
        rows = (await connection.execute(query.limit(limit))).all()
        held = {one.feed_id: one for one in await _of(connection, [row.id for row in rows])}
        return [(to_feed(row), held.get(row.id)) for row in rows]

    @writing
    async def save(self, connection: AsyncConnection, one: Push) -> None:
        """Store a subscription, in place of the feed's former one."""
        values = {name: getattr(one, name) for name in KEPT}
        statement = insert(push, connection).values(feed_id=one.feed_id, **values)
        await connection.execute(statement.on_conflict_do_update(index_elements=["feed_id"], set_=values))

    @reading
    async def by_token(self, connection: AsyncConnection, token: str) -> tuple[Feed, Push] | None:
        """The feed and the subscription that a hub calls about."""
        row = (await connection.execute(FEEDS.where(push.c.token == token))).first()
        if row is None:
            return None
        (one,) = await _of(connection, [row.id])
        return to_feed(row), one

    @writing
    async def pushed(self, connection: AsyncConnection, feed_id: int, *, at: datetime, next_fetch_at: datetime) -> None:
        """A feed's news came by itself; it is asked again at another time."""
        await connection.execute(update(push).where(push.c.feed_id == feed_id).values(pushed_at=at))
        await connection.execute(update(feed).where(feed.c.id == feed_id).values(next_fetch_at=next_fetch_at))


async def _of(connection: AsyncConnection, feed_ids: list[int]) -> list[Push]:
    rows = await connection.execute(select(push).where(push.c.feed_id.in_(feed_ids)))
    return [_to_push(row) for row in rows]


def _to_push(row: AnyRow) -> Push:
    return Push(
        feed_id=row.feed_id,
        hub=row.hub,
        topic=row.topic,
        token=row.token,
        secret=row.secret,
        attempts=row.attempts,
        renew_at=row.renew_at,
        lease_until=row.lease_until,
    )
