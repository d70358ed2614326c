"""Feeds that come by themselves (WebSub): subscriptions are made and renewed, and what hubs send is read like a poll.

Only feeds for everybody are subscribed to: a hub that a stranger's feed names is not let in.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

import structlog

from digests.clock import Clock
from digests.errors import BaztabError, FetchError
from digests.feeds import websub
from digests.feeds.fetch import Fetcher
from digests.feeds.freshness import next_after_push
from digests.ingest import Ingest
from digests.model import Feed, Push
from digests.ports import Storage

log = structlog.get_logger(__name__)

PATH = "/websub/"
AT_ONCE = 50
"""Subscriptions that are asked for in one round."""
AGAIN = timedelta(hours=1)
"""After which a hub that has not called is asked again; doubles each time, up to …"""
AT_LAST = timedelta(hours=24)
DENIED = timedelta(days=7)
MOST_WAITING = 20
MOST_BYTES = 40_000_000
"""What may wait to be read, in all."""

_random = Random()  # noqa: S311  # spreads load, guards nothing


@dataclass(frozen=True, slots=True)
class Letter:
    """What a hub has sent."""

    feed: Feed
    body: bytes
    content_type: str | None


class Pushes:
    """Subscriptions at hubs. `base` is the public address at which this program is reached, without a slash at its end.

    What comes in is read only while `reading` is entered.
    """

    def __init__(self, storage: Storage, fetcher: Fetcher, ingest: Ingest, *, clock: Clock, base: str) -> None:
        self._storage = storage
        self._fetcher = fetcher
        self._ingest = ingest
        self._clock = clock
        self._base = base
        self._letters: asyncio.Queue[Letter] = asyncio.Queue()
        self._waiting: dict[int, int] = {}

    # ── subscribing ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def renew(self) -> int:
        """Ask for the subscriptions that are missing or run out; returns how many hubs took the request."""
        wanted = await self._storage.pushes.wanted(self._clock(), limit=AT_ONCE)
        return sum([await self._ask(feed, held) for feed, held in wanted])

    async def _ask(self, feed: Feed, held: Push | None) -> bool:
        """Ask one hub. Stored first: it may call before it has answered."""
        now = self._clock()
        if held is None or (held.hub, held.topic) != (feed.hub, feed.topic):
            held = Push(
                feed_id=feed.id,
                hub=feed.hub or "",
                topic=feed.topic or feed.url,
                token=secrets.token_urlsafe(24),
                secret=secrets.token_urlsafe(32),
                renew_at=now,
            )
        pause = min(AGAIN * 2 ** min(held.attempts, 8), AT_LAST)
        asked = replace(held, attempts=held.attempts + 1, renew_at=now + pause)
        await self._storage.pushes.save(asked)
        try:
            await self._fetcher.post(asked.hub, websub.subscription(asked, f"{self._base}{PATH}{asked.token}"))
        except FetchError as error:
            log.info("websub.not_asked", feed=feed.url, reason=str(error))
            return False
        return True

    async def verify(self, token: str, query: Mapping[str, str]) -> str | None:
        """What to answer a hub that makes sure we asked: its challenge; None where we did not."""
        found = await self._storage.pushes.by_token(token)
        if found is None:
            return None
        feed, push = found
        mode, challenge = query.get("hub.mode", ""), query.get("hub.challenge", "")[: websub.LONGEST_CHALLENGE]
        if query.get("hub.topic") != push.topic:
            return None
        now = self._clock()
        if mode == "denied":
            log.info("websub.denied", feed=feed.url)
            await self._storage.pushes.save(replace(push, renew_at=now + DENIED))
            return ""
        if mode == "unsubscribe":
            return None if _is_read(feed) else challenge
        if mode != "subscribe" or not _is_read(feed) or not challenge:
            return None
        lease = websub.lease(query)
        renewed = replace(push, attempts=0, lease_until=now + lease, renew_at=now + lease * websub.RENEWED)
        await self._storage.pushes.save(renewed)
        log.info("websub.subscribed", feed=feed.url, days=lease / timedelta(days=1))
        return challenge

    # ── receiving ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def expects(self, token: str) -> tuple[Feed, Push] | None:
        """The feed and the subscription that a hub's address stands for; None where there is none (any more)."""
        found = await self._storage.pushes.by_token(token)
        return found if found is not None and _is_read(found[0]) else None

    def take(self, letter: Letter) -> bool:
        """Put what a hub sent, and signed, aside to be read; False where too much waits already."""
        waiting = sum(self._waiting.values())
        full = len(self._waiting) >= MOST_WAITING or waiting + len(letter.body) > MOST_BYTES
        if full or letter.feed.id in self._waiting:
            return False
        self._waiting[letter.feed.id] = len(letter.body)
        self._letters.put_nowait(letter)
        return True

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """Read what comes in, one after the other, until the context ends; what is left comes with the next poll."""
        task = asyncio.create_task(self._read_all())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def settle(self) -> None:
        """Wait until everything that came in has been read."""
        await self._letters.join()

    async def _read_all(self) -> None:
        while True:
            letter = await self._letters.get()
            try:
                await self._read(letter)
            except BaztabError as error:
                log.info("websub.unread", feed=letter.feed.url, reason=str(error))
            except Exception:
                # A fault of ours that this letter brought out; the next poll brings the same news.
                log.exception("websub.crashed", feed=letter.feed.url)
            finally:
                del self._waiting[letter.feed.id]
                self._letters.task_done()

    async def _read(self, letter: Letter) -> None:
        stored = await self._ingest.push(letter.feed, letter.body, letter.content_type)
        now = self._clock()
        due = next_after_push(letter.feed, now=now, random=_random)
        await self._storage.pushes.pushed(letter.feed.id, at=now, next_fetch_at=due)
        log.info("websub.pushed", feed=letter.feed.url, articles=stored)


def _is_read(feed: Feed) -> bool:
    return feed.active and not feed.personal
