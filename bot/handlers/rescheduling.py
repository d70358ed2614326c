"""Changing when digests come, by any handler; and pausing."""

from collections.abc import Sequence
from datetime import datetime

from bot.handlers.session import Session
from digests.model import Slot


async def reschedule(session: Session, *, slots: Sequence[Slot] | None = None, timezone: str | None = None) -> None:
    """Change times, zone or both; a digest that is due by the old ones is sent first."""
    await session.reload()
    if await session.services.pipeline.reschedule(session.subscriber, slots=slots, timezone=timezone):
        session.services.wake()
    await session.reload()


async def pause(session: Session, until: datetime | None = None) -> None:
    """Send no digests until the moment, or until they are wanted again."""
    await session.change(paused=True, resume_at=until)
    await reschedule(session)


async def resume(session: Session) -> None:
    """Go on with the schedule from now, not from when it was paused."""
    await session.change(paused=False, resume_at=None, next_due_at=None)
    await reschedule(session)
