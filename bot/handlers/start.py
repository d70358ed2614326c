"""Coming and going: /start, /stop, /pause, /resume."""

from collections.abc import Sequence

from bot.callbacks import Pause, Stop
from bot.handlers import settings
from bot.handlers.session import Answer, Session, Tap
from bot.render import chats, replies, texts
from bot.render import settings as pages
from bot.services import FIRST_SLOT
from digests.model import Slot, Wish
from digests.topics import resolve

TOPIC_LINK = "topic_"
"""What a deep link to a topic begins with: t.me/BOT?start=topic_climate."""


async def start(session: Session) -> Answer:
    """Subscribe at once with sensible defaults, and send a first digest; again, it brings everything back."""
    returning = bool(session.subscriber.slots)
    if session.words.startswith(TOPIC_LINK) and (topic := resolve(session.words.removeprefix(TOPIC_LINK))):
        await session.services.storage.subscribers.follow(session.subscriber.id, Wish("topic", topic))
    if not returning:
        await set_slots(session, (FIRST_SLOT,))
    if session.subscriber.paused:
        await resume_digests(session)
    await session.reload()
    name = session.user.first_name if session.user is not None else ""
    if session.is_private:
        await session.send(texts.welcome(session.subscriber, session.view, name=name, returning=returning))
    else:
        await session.send(chats.started(session.subscriber, session.view))
    async with session.working():
        await session.services.wait_for_news()
        await session.services.pipeline.send_now(session.subscriber, "start")
    session.services.wake()
    return None


async def set_slots(session: Session, slots: tuple[Slot, ...]) -> None:
    """Replace the schedule; the next digest is the first of it that is still to come."""
    await reschedule(session, slots=slots)


async def reschedule(session: Session, *, slots: Sequence[Slot] | None = None, timezone: str | None = None) -> None:
    """Change times, zone or both; a digest that is due by the old ones is sent first."""
    await session.reload()
    if await session.services.pipeline.reschedule(session.subscriber, slots=slots, timezone=timezone):
        session.services.wake()
    await session.reload()


async def resume_digests(session: Session) -> None:
    """Go on with the schedule from now, not from when it was paused."""
    await session.change(paused=False, resume_at=None, next_due_at=None)
    await set_slots(session, session.subscriber.slots)


async def pause(session: Session) -> Answer:
    """Send no digests until /resume."""
    await session.change(paused=True)
    return replies.paused(session.view)


async def resume(session: Session) -> Answer:
    """Send digests again."""
    await resume_digests(session)
    return replies.resumed(session.subscriber, session.view)


async def stop(session: Session) -> Answer:
    """Ask how it is meant: a pause, no more digests, or everything deleted."""
    return pages.stop(session.view)


async def tap_pause(session: Session, callback: Pause) -> Tap:
    """Pause or resume from the settings."""
    if callback.on:
        await session.change(paused=True)
    else:
        await resume_digests(session)
    return Tap(edit=settings.page("main", session), toast=replies.toast_done(session.view))


async def tap_stop(session: Session, callback: Stop) -> Tap:
    """Stop, or delete everything."""
    view = session.view
    if callback.delete:
        await session.services.storage.subscribers.delete(session.subscriber.id)
    else:
        await session.services.storage.subscribers.set_slots(session.subscriber.id, (), None)
    return Tap(edit=replies.stopped(view, deleted=bool(callback.delete)))
