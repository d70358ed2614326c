"""/help and /privacy."""

from bot.handlers.session import Answer, Session
from bot.render import texts


async def help_(session: Session) -> Answer:
    """What the bot can do, from the table of commands."""
    return texts.help_text([(name, session.view.gettext(about)) for name, about in session.menu], session.view)


async def privacy(session: Session) -> Answer:
    """What is stored about a chat."""
    return texts.privacy(session.view, contact=session.services.contact)
