"""Breaking news: how a delivery of it is written out, and the buttons of its settings."""

from bot.callbacks import SetBreaking, SetBreakingMost, SetBreakingSources
from bot.handlers import settings
from bot.handlers.session import Session, Tap
from bot.render import replies


async def tap_mode(session: Session, callback: SetBreaking) -> Tap:
    """Switch it off, or on for what is followed or for everything."""
    return await _changed(session, breaking=callback.mode)


async def tap_sources(session: Session, callback: SetBreakingSources) -> Tap:
    """Choose from how many sources on it comes."""
    return await _changed(session, breaking_sources=callback.count)


async def tap_most(session: Session, callback: SetBreakingMost) -> Tap:
    """Choose how often a day it comes at most."""
    return await _changed(session, breaking_most=callback.count)


async def _changed(session: Session, **changes: object) -> Tap:
    await session.change(**changes)
    return Tap(edit=settings.page("breaking", session), toast=replies.toast_done(session.view))
