"""/trends: what was in the news this week, as a picture. Readers who would get the same one share it for an hour."""

from collections.abc import Hashable
from zoneinfo import ZoneInfo

import structlog

from bot.handlers.session import Answer, Session
from bot.render import trends as write
from bot.view import Message
from digests.errors import WorkerError

log = structlog.get_logger(__name__)

KEPT = 64
"""Answers that are kept, some 60 kB each."""


async def trends(session: Session) -> Answer:
    """The week, by topic and by the words that the reader follows."""
    kept = session.services.trends
    key = _key(session)
    if key not in kept:
        await session.busy("upload_photo")
        while len(kept) >= KEPT:
            kept.pop(next(iter(kept)))
        kept[key] = await _trends(session)
    return kept[key]


def _key(session: Session) -> Hashable:
    """What an answer depends on."""
    one, hour = session.subscriber, session.now.replace(minute=0, second=0, microsecond=0)
    return (one.language, tuple(sorted(one.languages)), one.timezone, one.calendar, one.wishes, hour)


async def _trends(session: Session) -> Message:
    one, view = session.subscriber, session.view
    words = [wish.value for wish in one.wishes if wish.kind == "words"][: write.MOST_WORDS]
    followed = frozenset(wish.value for wish in one.wishes if wish.kind == "topic")
    found = await session.services.reading.trends(one.languages, words, ZoneInfo(one.timezone))
    picture = None
    if found.topics:
        try:
            picture = await session.services.draw(write.charts(found, view, followed=followed))
        except WorkerError as error:
            log.warning("trends.not_drawn", reason=str(error))  # the words say it too
    return write.trends(found, view, followed=followed, picture=picture)
