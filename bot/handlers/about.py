"""/help and /privacy."""

from bot.handlers.session import Answer, Session
from bot.render import texts


async def help_(session: Session) -> Answer:
    """What the bot can do, from the table of commands."""
    view = session.view
    told = [
        (name, view.gettext(about), view.translator.gettext(example) if example else "")
        for name, about, example in session.menu
    ]
    return texts.help_text(told, view)


async def privacy(session: Session) -> Answer:
    """What is stored about a chat."""
    return texts.privacy(session.view, contact=session.services.contact)
