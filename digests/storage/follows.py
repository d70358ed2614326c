"""Who follows which feeds for themselves."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.model import Feed, FeedSpec, FollowedFeed
from digests.storage.engine import Repository, reading, writing
from digests.storage.feeds import FEEDS, POLLED, REMOVED, WELL, new_feed, to_feed, url_of, values_of
from digests.storage.schema import PERSONAL, article, feed, follower, source, story
from digests.storage.statements import insert, source_ids

DELETED_AT_ONCE = 500


class FollowRepository(Repository):
    """The followers of one database."""

    @writing
    async def follow(
        self, connection: AsyncConnection, subscriber_id: int, spec: FeedSpec, *, now: datetime, most: int
    ) -> FollowedFeed:
        """Follow a feed, which is then read for whoever follows it; at most `most` for each subscriber.

        One that is stored already keeps what is known of it; one that was off is read again, at once.
        """
        url = url_of(spec)
        row = (await connection.execute(FEEDS.where((feed.c.url == url) | (feed.c.listed_url == url)))).first()
        if row is not None and row.stopped == POLLED and not row.personal:
            return FollowedFeed("listed", to_feed(row))
        mine = select(follower.c.feed_id).where(follower.c.subscriber_id == subscriber_id)
        held = (await connection.scalars(mine)).all()
        known = row is not None and row.id in held
        if not known and len(held) >= most:
            return FollowedFeed("full", to_feed(row) if row is not None else None)
        if row is None:
            sources = await source_ids(connection, [spec.source])
            values = {**new_feed(url, values_of(spec, sources), now=now), "manual": True, "personal": True}
            number = (await connection.execute(feed.insert().returning(feed.c.id), values)).scalar_one()
        else:
            number = row.id
            if row.stopped != POLLED:
                again = {**WELL, "stopped": POLLED, "personal": True, "manual": True, "next_fetch_at": now}
                unread = {"etag": None, "last_modified": None, "body_hash": None}
                await connection.execute(update(feed).where(feed.c.id == number).values(**again, **unread))
        following = {"subscriber_id": subscriber_id, "feed_id": number, "followed_at": now}
        await connection.execute(insert(follower, connection).on_conflict_do_nothing(), following)
        found = to_feed((await connection.execute(FEEDS.where(feed.c.id == number))).one())
        return FollowedFeed("known" if known else "new", found)

    @writing
    async def unfollow(self, connection: AsyncConnection, subscriber_id: int, feed_id: int) -> bool:
        """Follow a feed no longer; False where it was not followed. One that nobody follows is read no more."""
        theirs = (follower.c.subscriber_id == subscriber_id) & (follower.c.feed_id == feed_id)
        gone = (await connection.execute(delete(follower).where(theirs))).rowcount > 0
        await stop_unfollowed(connection)
        return gone

    @reading
    async def feeds(self, connection: AsyncConnection, subscriber_id: int) -> list[Feed]:
        """The feeds that a subscriber follows, first followed first."""
        query = FEEDS.join(follower, follower.c.feed_id == feed.c.id).where(follower.c.subscriber_id == subscriber_id)
        rows = await connection.execute(query.order_by(follower.c.followed_at, feed.c.id))
        return [to_feed(row) for row in rows]

    @reading
    async def followers(self, connection: AsyncConnection, feed_id: int) -> list[int]:
        """The subscribers that follow a feed, by their own ids."""
        query = select(follower.c.subscriber_id).where(follower.c.feed_id == feed_id)
        return list((await connection.scalars(query.order_by(follower.c.subscriber_id))).all())

    async def tidy(self) -> int:
        """Delete the personal feeds that nobody follows, with their articles; returns how many feeds.

        In several transactions, so that the bot can write in between.
        """
        abandoned = await self._abandoned()
        for number in abandoned:
            while await self._delete_some(number):
                pass
            await self._drop(number)
        return len(abandoned)

    @writing
    async def _abandoned(self, connection: AsyncConnection) -> Sequence[int]:
        await stop_unfollowed(connection)
        return (await connection.scalars(select(feed.c.id).where(_unfollowed()))).all()

    @writing
    async def _delete_some(self, connection: AsyncConnection, feed_id: int) -> int:
        query = select(article.c.id).where(PERSONAL, article.c.scope == feed_id, article.c.feed_id == feed_id)
        ids = (await connection.scalars(query.limit(DELETED_AT_ONCE))).all()
        await connection.execute(delete(article).where(article.c.id.in_(ids)))
        return len(ids)

    @writing
    async def _drop(self, connection: AsyncConnection, feed_id: int) -> None:
        """The feed itself and its stories, unless somebody follows it again by now."""
        gone = await connection.execute(
            delete(feed).where(feed.c.id == feed_id, _unfollowed()).returning(feed.c.source_id)
        )
        number = gone.scalar()
        if number is None:
            return
        await connection.execute(delete(story).where(PERSONAL, story.c.scope == feed_id))
        used = exists().where(feed.c.source_id == source.c.id) | exists().where(article.c.source_id == source.c.id)
        await connection.execute(delete(source).where(source.c.id == number, ~used))


def _unfollowed() -> ColumnElement[bool]:
    return (feed.c.personal == true()) & ~exists().where(follower.c.feed_id == feed.c.id)


async def stop_unfollowed(connection: AsyncConnection) -> None:
    """Read personal feeds that nobody follows no more."""
    await connection.execute(update(feed).where(_unfollowed(), feed.c.stopped != REMOVED).values(stopped=REMOVED))
