"""/why: why a story was in no digest."""

from collections.abc import Sequence

from bot.handlers.session import Answer, Session
from bot.render import Origin, replies
from bot.render import whynot as pages
from bot.view import Message
from digests.model import Item
from digests.whynot import why_not

OTHERS = 4
"""Further stories that a search for one offers."""


async def why(session: Session) -> Answer:
    """Why a story did not come, found by words: the one that fits best, and others to choose. Raises QueryError."""
    words = " ".join(session.words.split())
    if not words:
        return replies.why_usage(session.view)
    feeds = session.subscriber.feeds
    found = await session.services.reading.search(words, language=session.languages[0], feeds=feeds, ranked=True)
    stories = [article.story_id for article in found.articles if article.story_id is not None][: OTHERS + 1]
    request = await session.remember("why", words)
    told = await session.services.reading.stories(stories, feeds=feeds)
    items = [told[story] for story in stories if story in told]
    if not items:
        return replies.no_such_story(words, session.view)
    return await _explained(session, items[0], request.id, 0, others=items[1:])


async def explained(session: Session, story: int, request: int, page: int) -> Message | None:
    """Why a story did not come, or when it did; None where it is gone."""
    item = await session.services.reading.story(story, feeds=session.subscriber.feeds)
    return await _explained(session, item, request, page) if item is not None else None


async def _explained(session: Session, item: Item, request: int, page: int, *, others: Sequence[Item] = ()) -> Message:
    reasons = await why_not(session.services.storage, session.subscriber, item.story_id, session.now)
    return pages.why_not(item, reasons, session.view, origin=Origin(request=request, page=page), others=others)
