"""Setting up after /start, in one message that changes in place: language, topics, time, zone; and a digest by it.

The message's buttons say which step comes next, so that it goes on after a restart; each step can be skipped, and what
is chosen is stored at once. Subscriber.asking tells, until it is done, that a digest is still to come of it.
"""

from datetime import time
from zoneinfo import ZoneInfo

from bot.callbacks import Setup, SetupLanguage, SetupTime, SetupTopic, SetupZone
from bot.handlers import rescheduling
from bot.handlers.session import Session, Tap
from bot.i18n import INTERFACE_LANGUAGES, known
from bot.keyboards import neighbours
from bot.render import onboarding as pages
from bot.render import replies
from bot.view import Message
from digests.model import Slot, Wish
from digests.schedule import is_zone
from digests.topics import TOPICS

UNFINISHED = "setup"
"""Subscriber.asking until setting up is done or put off."""
WAKING = range(7, 24)
"""Hours in which people set up a bot."""


async def tap_setup(session: Session, callback: Setup) -> Tap:
    """Turn to a step."""
    return Tap(edit=await step(session, callback.step))


async def step(session: Session, name: str) -> Message:
    """A step, as things are now."""
    subscriber, view = session.subscriber, session.view
    match name:
        case "topics":
            return pages.topics(TOPICS, subscriber, view)
        case "time" | "times":
            return pages.times(subscriber, view, whole=name == "times")
        case "zone":
            return pages.zones(guess(session), view)
        case "done":
            return await finish(session)
        case "later":
            await session.change(asking="")
            return pages.later(session.subscriber, view)
        case _:
            return pages.language(view, whole=name == "languages")


def guess(session: Session) -> str:
    """The zone that a reader is likely to be in: the one that was set, else the first of the language's by whose
    clocks people are awake now.
    """
    current = session.subscriber.timezone
    if current != "UTC":
        return current
    likely = neighbours(session.view)
    awake = (zone for zone in likely if session.now.astimezone(ZoneInfo(zone)).hour in WAKING)
    return next(awake, likely[0])


async def tap_language(session: Session, callback: SetupLanguage) -> Tap:
    """Choose the language of the interface, and of the news where that was not chosen yet."""
    if callback.language not in INTERFACE_LANGUAGES:
        return Tap(toast=replies.toast_expired(session.view))
    before = session.subscriber
    changes: dict[str, object] = {"language": callback.language}
    if before.languages == (before.language,) and callback.language in session.services.news_languages:
        changes["languages"] = (callback.language,)
    await session.change(**changes)
    return Tap(edit=await step(session, "topics"))


async def tap_topic(session: Session, callback: SetupTopic) -> Tap:
    """Tick or untick a topic."""
    wish = Wish("topic", callback.topic)
    if callback.topic not in TOPICS:
        return Tap(toast=replies.toast_expired(session.view))
    subscribers = session.services.storage.subscribers
    if not await subscribers.follow(session.subscriber.id, wish):
        await subscribers.unfollow(session.subscriber.id, wish)
    await session.reload()
    return Tap(edit=await step(session, "topics"))


async def tap_time(session: Session, callback: SetupTime) -> Tap:
    """Choose the time of the daily digest; times with topics of their own stay."""
    at = time(int(callback.at[:2]), int(callback.at[2:]))
    others = [slot for slot in session.subscriber.slots if slot.wishes and slot.at != at]
    await rescheduling.reschedule(session, slots=sorted([Slot(at), *others]))
    return Tap(edit=await step(session, "zone"))


async def tap_zone(session: Session, callback: SetupZone) -> Tap:
    """Choose the zone, and be done."""
    if not is_zone(callback.zone):
        return Tap(toast=replies.toast_expired(session.view))
    await rescheduling.reschedule(session, timezone=callback.zone)
    return Tap(edit=await finish(session))


async def finish(session: Session) -> Message:
    """All is set up; where topics or languages were chosen, a digest about these comes at once, the first time."""
    unfinished = session.subscriber.asking.startswith(UNFINISHED)
    client = session.user.language_code if session.user is not None else None
    chosen = bool(session.subscriber.wishes) or session.subscriber.language != known(client)
    if unfinished and chosen:
        # First, so that where a crash comes between, the digest comes twice rather than never.
        await session.services.pipeline.send_now(session.subscriber, "start")
        session.services.wake()
    await session.change(asking="")
    return pages.done(session.subscriber, session.view, coming=unfinished and chosen)
