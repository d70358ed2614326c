"""/search, and plain words in a private chat, which are a search too."""

from bot.handlers import feeds, lists
from bot.handlers.session import Answer, Session
from bot.render import replies


async def search(session: Session) -> Answer:
    """Stories that match, newest first. Raises QueryError."""
    words = " ".join(session.words.split())
    if not words:
        return replies.search_usage(session.view)
    # Understood before it is remembered: what can't be looked for needs no buttons.
    session.services.reading.query(words, language=session.languages[0], languages=session.languages)
    return await lists.results(session, await session.remember("search", words), 0)


async def from_text(session: Session) -> Answer:
    """Words without a command: the address of a site or feed is one to follow."""
    return await feeds.from_text(session) or await search(session)
