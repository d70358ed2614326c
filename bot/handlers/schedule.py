"""When digests come: /time and /timezone, and their buttons."""

from dataclasses import replace
from datetime import time

from bot.callbacks import SetDays, SetZone, ToggleTime
from bot.handlers import settings
from bot.handlers.session import Answer, Session, Tap
from bot.handlers.start import reschedule, set_slots
from bot.render import replies
from digests.errors import ScheduleError
from digests.model import EVERY_DAY, Slot
from digests.schedule import MOST_SLOTS, parse_slots, parse_zone


async def times(session: Session) -> Answer:
    """Set the times of day, or show what is set."""
    words = session.words.replace(",", " ").replace("،", " ").split()
    if not words:
        return settings.page("times", session)
    try:
        slots = parse_slots(words)
    except ScheduleError:
        return replies.bad_time(session.words, session.view)
    days = session.subscriber.slots[0].weekdays if session.subscriber.slots else EVERY_DAY
    await set_slots(session, tuple(replace(slot, weekdays=days) for slot in slots))
    return replies.times_set(session.subscriber, session.view)


async def zone(session: Session) -> Answer:
    """Set the time zone by name or city, or show what is set."""
    if not session.words:
        return settings.page("zone", session)
    try:
        found = parse_zone(session.words)
    except ScheduleError:
        return replies.bad_zone(session.words, session.view)
    await _move(session, found.key)
    return replies.zone_set(session.subscriber, session.view)


async def _move(session: Session, zone_name: str) -> None:
    await reschedule(session, timezone=zone_name)


async def tap_time(session: Session, callback: ToggleTime) -> Tap:
    """Tick or untick a time of day."""
    at = time(int(callback.at[:2]), int(callback.at[2:]))
    slots = {slot.at: slot for slot in session.subscriber.slots}
    if at in slots:
        del slots[at]
    elif len(slots) >= MOST_SLOTS:
        return Tap(toast=replies.full(session.view, MOST_SLOTS).plain, alert=True)
    else:
        days = next(iter(slots.values())).weekdays if slots else EVERY_DAY
        slots[at] = Slot(at, days)
    await set_slots(session, tuple(sorted(slots.values())))
    return Tap(edit=settings.page("times", session))


async def tap_days(session: Session, callback: SetDays) -> Tap:
    """Choose the weekdays of all times."""
    weekend = session.view.formats.weekend()
    days = {"every": EVERY_DAY, "work": EVERY_DAY - weekend, "weekend": weekend}[callback.days]
    await set_slots(session, tuple(replace(slot, weekdays=days) for slot in session.subscriber.slots))
    return Tap(edit=settings.page("times", session), toast=replies.toast_done(session.view))


async def tap_zone(session: Session, callback: SetZone) -> Tap:
    """Choose a zone from the list."""
    try:
        await _move(session, parse_zone(callback.zone).key)
    except ScheduleError:
        return Tap(toast=replies.toast_expired(session.view))
    return Tap(edit=settings.page("zone", session), toast=replies.toast_done(session.view))
