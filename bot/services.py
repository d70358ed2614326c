"""What handlers work with: the use cases and ports, put together by the composition root; no concrete database here."""

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.formats import Formats
from bot.i18n import known, translator
from bot.render.chart import Chart
from bot.rights import Rights
from bot.view import Message, View
from digests.clock import Clock
from digests.errors import WorkerError
from digests.feeds.finder import Finder
from digests.model import ChatKind, Slot, Subscriber
from digests.pipeline import Pipeline
from digests.places import Places
from digests.ports import Storage
from digests.reading import Reading

Access = Literal["open", "invite", "admins"]

FIRST_SLOT = Slot(time(8))
"""When new subscribers get their digest until they say otherwise."""


FIRST_NEWS_SECONDS = 30.0


async def nothing_draws(_: Sequence[Chart]) -> bytes:
    """Where no pictures are drawn."""
    raise WorkerError("This process draws no pictures.")


MOST_SEARCHES, HOUR = 30, timedelta(hours=1)
"""Addresses that are looked into for one chat in an hour: each costs up to sixteen requests."""


class Searches:
    """How many addresses each chat has had looked into lately, for feeds."""

    def __init__(self) -> None:
        self._times: dict[int, list[datetime]] = {}

    def allow(self, subscriber_id: int, now: datetime) -> bool:
        """Whether one more is allowed; it then counts."""
        lately = {key: [at for at in times if now - at < HOUR] for key, times in self._times.items()}
        self._times = {key: times for key, times in lately.items() if times}
        times = self._times.setdefault(subscriber_id, [])
        if len(times) >= MOST_SEARCHES:
            return False
        times.append(now)
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts that handlers use. `wake` tells the delivery workers that something was written for them."""

    storage: Storage
    reading: Reading
    pipeline: Pipeline
    clock: Clock
    news_languages: tuple[str, ...]
    finder: Finder
    searches: Searches = field(default_factory=Searches)
    personal_feeds: int = 20
    """How many feeds of one's own somebody may follow; 0 switches them off."""
    wake: Callable[[], None] = lambda: None
    admins: frozenset[int] = frozenset()
    access: Access = "open"
    timezone: str = "UTC"
    contact: str = ""
    invite: str = field(default="", repr=False)
    username: Callable[[], str] = lambda: ""
    """The bot's, known once it has met the server."""
    inline_mode: Callable[[], bool] = lambda: False
    """Whether it was switched on at BotFather."""
    rights: Rights = field(default_factory=Rights)
    places: Places = field(default_factory=Places)
    first_news: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once all feeds were read for the first time; from the start where there are articles already."""

    draw: Callable[[Sequence[Chart]], Awaitable[bytes]] = nothing_draws
    """Draws the first of some charts for which there are fonts, as PNG. Raises WorkerError."""
    trends: dict[Hashable, Message] = field(default_factory=dict)
    """Answers to /trends of the last hour."""

    def now(self) -> datetime:
        """The present, in UTC."""
        return self.clock()

    async def wait_for_news(self) -> None:
        """Wait a while for the very first stories, so that the first digest is not an empty one."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.first_news.wait(), FIRST_NEWS_SECONDS)

    def stranger_view(self) -> View:
        """How somebody of whom nothing is known sees things: in English, by the operator's time zone."""
        speaking = translator(None)
        return View(speaking, Formats(speaking.language, ZoneInfo(self.timezone), ""), self.now())

    async def may_enter(self, chat_id: int, payload: str = "", *, by: int | None = None) -> bool:
        """Whether a chat that isn't known may subscribe; `payload` is what stood behind /start.

        A group or channel may where whoever wrote or added the bot may: `by` is their id.
        """
        if self.access == "open" or not self.admins.isdisjoint({chat_id, by}):
            return True
        if self.access != "invite":
            return False
        if self.invite and hmac.compare_digest(payload.encode(), self.invite.encode()):
            return True
        return by is not None and by != chat_id and await self.storage.subscribers.get(by) is not None

    async def person(self, user_id: int, client: str) -> Subscriber:
        """A person by their private chat; where there is none yet, as they would be met (nothing is stored)."""
        found = await self.storage.subscribers.get(user_id)
        return found or await self.newcomer(
            user_id, kind=ChatKind.PRIVATE, thread_id=0, client=client, interface=known(client)
        )

    def deep_link(self, payload: str) -> str:
        """The address that opens the private chat and gives the bot a payload."""
        return f"https://t.me/{self.username()}?start={payload}"

    async def newcomer(
        self, chat_id: int, *, kind: ChatKind, thread_id: int, client: str, interface: str
    ) -> Subscriber:
        """A chat that we meet for the first time: no digests until /start, news in its client's language.

        Where no feed is in that language, in the interface's, else in one that there are feeds in, English first.
        """
        spoken = client.replace("_", "-").split("-")[0].lower()
        offered = await self._languages_with_feeds()
        return Subscriber(
            id=0,
            chat_id=chat_id,
            thread_id=thread_id,
            kind=kind,
            language=interface,
            languages=(next(code for code in (spoken, interface, "en", *offered) if code in offered),),
            timezone=self.timezone,
            created_at=self.clock(),
        )

    async def _languages_with_feeds(self) -> tuple[str, ...]:
        """The languages of the news that feeds are in; all where the feeds don't say theirs."""
        said = {language for source in await self.storage.feeds.sources() for language in source.languages}
        return tuple(code for code in self.news_languages if code in said) or self.news_languages


def invite_code(secret: str) -> str:
    """The word behind /start that lets people in where access is by invitation: from the token, so that it stays."""
    return _derived(secret, b"baztab invite")


def webhook_secret(secret: str) -> str:
    """What Telegram shows with each update: from the token too, and nothing that whoever was invited knows."""
    return _derived(secret, b"baztab webhook")


def _derived(secret: str, purpose: bytes) -> str:
    return hmac.new(secret.encode(), purpose, hashlib.sha256).hexdigest()[:20]
