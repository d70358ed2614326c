"""/help, /sources, /privacy."""

from bot.handlers.session import Answer, Session
from bot.render import texts


async def help_(session: Session) -> Answer:
    """What the bot can do, from the table of commands."""
    return texts.help_text([(name, session.view.gettext(about)) for name, about in session.menu], session.view)


async def sources(session: Session) -> Answer:
    """Who the news comes from, in the reader's languages first."""
    found = await session.services.storage.feeds.sources()
    own = [source for source in found if set(source.languages) & set(session.languages)]
    rest = [source for source in found if source not in own]
    return texts.sources([*own, *rest], session.view, muted=session.subscriber.muted_sources)


async def privacy(session: Session) -> Answer:
    """What is stored about a chat."""
    return texts.privacy(session.view, contact=session.services.contact)
