"""Links to the bot: t.me/BOT?start=… with a story, a chat to set up, or nothing but the start itself."""

import re
from collections.abc import Awaitable, Callable

from bot.handlers import card, manage, start
from bot.handlers.session import Answer, Session
from bot.render import replies

_LINK = re.compile(r"(story|article|chat)_([1-9][0-9]{0,17})|chats|search")


async def begin(session: Session) -> Answer:
    """/start: what its link leads to, else subscribe."""
    found = _LINK.fullmatch(session.words) if session.is_private else None
    if found is None:
        return await start.start(session)
    if found[0] == "search":
        return replies.search_usage(session.view)
    if found[0] == "chats":
        return await manage.listed(session)
    led: dict[str, Callable[[Session, int], Awaitable[Answer]]] = {
        "story": _story,
        "article": _article,
        "chat": manage.opened,
    }
    return await led[found[1]](session, int(found[2]))


async def _story(session: Session, story: int) -> Answer:
    return await card.story_card(session, story, 0, 0) or replies.expired(session.view)


async def _article(session: Session, article: int) -> Answer:
    return await card.article_card(session, article, 0, 0) or replies.expired(session.view)
