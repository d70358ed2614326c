"""Changing when digests come, by any handler; and pausing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.handlers.session import Session
from digests.model import Slot


async def reschedule(session: Session, *, slots: Sequence[Slot] | None = None, timezone: str | None = None) -> None:
    """Change times, zone or both; a digest that is due by the old ones is sent first. A pause ends on the date for
    which it was set, by the clocks of the new zone.
    """
    await session.reload()
    if timezone is not None and session.subscriber.resume_at is not None:
        midnight = session.view.formats.local(session.subscriber.resume_at).replace(tzinfo=ZoneInfo(timezone))
        await session.change(resume_at=midnight.astimezone(UTC))
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
