"""What handlers work with: the use cases and ports, put together by the composition root; no concrete database here."""

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from bot.formats import Formats
from bot.i18n import translator
from bot.view import View
from digests.clock import Clock
from digests.model import ChatKind, Slot, Subscriber
from digests.pipeline import Pipeline
from digests.ports import Storage
from digests.reading import Reading

Access = Literal["open", "invite", "admins"]

FIRST_SLOT = Slot(time(8))
"""When new subscribers get their digest until they say otherwise."""


FIRST_NEWS_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts that handlers use. `wake` tells the delivery workers that something was written for them."""

    storage: Storage
    reading: Reading
    pipeline: Pipeline
    clock: Clock
    news_languages: tuple[str, ...]
    wake: Callable[[], None] = lambda: None
    admins: frozenset[int] = frozenset()
    access: Access = "open"
    timezone: str = "UTC"
    contact: str = ""
    invite: str = field(default="", repr=False)
    first_news: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once all feeds were read for the first time; from the start where there are articles already."""

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

    def may_enter(self, chat_id: int, payload: str) -> bool:
        """Whether a chat that isn't known may subscribe; `payload` is what stood behind /start."""
        if chat_id in self.admins or self.access == "open":
            return True
        return self.access == "invite" and bool(self.invite) and hmac.compare_digest(payload, self.invite)

    def newcomer(self, chat_id: int, *, kind: ChatKind, thread_id: int, client: str, interface: str) -> Subscriber:
        """A chat that we meet for the first time: no digests until /start, news in its client's language."""
        spoken = client.replace("_", "-").split("-")[0].lower()
        return Subscriber(
            id=0,
            chat_id=chat_id,
            thread_id=thread_id,
            kind=kind,
            language=interface,
            languages=(spoken if spoken in self.news_languages else interface,),
            timezone=self.timezone,
            created_at=self.clock(),
        )


def invite_code(secret: str) -> str:
    """The word behind /start that lets people in where access is by invitation: from the token, so that it stays."""
    return _derived(secret, b"baztab invite")


def webhook_secret(secret: str) -> str:
    """What Telegram shows with each update: from the token too, and nothing that whoever was invited knows."""
    return _derived(secret, b"baztab webhook")


def _derived(secret: str, purpose: bytes) -> str:
    return hmac.new(secret.encode(), purpose, hashlib.sha256).hexdigest()[:20]
