"""When digests come: /time, /quiet and /pause, and their buttons."""

from dataclasses import replace
from datetime import time, timedelta

from bot.callbacks import OpenSlot, Pause, PauseFor, SetDays, SetQuiet, SetSlotDays, ToggleSlotWish, ToggleTime, key
from bot.day_words import day_words
from bot.handlers import rescheduling, settings
from bot.handlers.session import Answer, Session, Tap
from bot.keyboards import wish_key
from bot.pause_words import pause_end
from bot.render import replies
from bot.render import schedule as pages
from bot.view import Message
from digests.errors import ScheduleError, TakenError, UnknownWordError
from digests.model import EVERY_DAY, Slot, Wish
from digests.schedule import MOST_SLOTS, parse_time
from digests.timetable import Timetable, changed, parse_timetable
from digests.topics import TOPICS, resolve

# ── times ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def times(session: Session) -> Answer:
    """Set times of day with their weekdays and topics, or show what is set."""
    if not session.words.strip():
        return settings.page("times", session)
    own = {wish.value.casefold(): wish for wish in session.subscriber.wishes if wish.kind == "words"}

    def wish(words: str) -> Wish | None:
        topic = resolve(words)
        return Wish("topic", topic) if topic else own.get(words.casefold())

    typed = Timetable()
    try:
        typed = parse_timetable(session.words, days=day_words(session.view.formats), wish=wish)
        slots = changed(session.subscriber.slots, typed)
    except UnknownWordError as error:
        return pages.bad_word(error.word, session.view)
    except TakenError as error:
        return pages.time_taken(next(slot for slot in typed.slots if slot.at == error.at), session.view)
    except ScheduleError:
        return pages.bad_schedule(session.view, MOST_SLOTS)
    await rescheduling.reschedule(session, slots=slots)
    return pages.times_set(session.subscriber, session.view)


async def tap_time(session: Session, callback: ToggleTime) -> Tap:
    """Tick or untick a time of day."""
    at = _time(callback.at)
    slots = {slot.at: slot for slot in session.subscriber.slots}
    if at in slots:
        del slots[at]
    elif len(slots) >= MOST_SLOTS:
        return Tap(toast=replies.full(session.view, MOST_SLOTS).plain, alert=True)
    else:
        slots[at] = Slot(at, next((slot.weekdays for slot in slots.values() if not slot.wishes), EVERY_DAY))
    await rescheduling.reschedule(session, slots=sorted(slots.values()))
    return Tap(edit=settings.page("times", session))


async def tap_days(session: Session, callback: SetDays) -> Tap:
    """Choose the weekdays of all times that have no topics of their own."""
    weekend = session.view.formats.weekend()
    days = {"every": EVERY_DAY, "work": EVERY_DAY - weekend, "weekend": weekend}[callback.days]
    slots = [slot if slot.wishes else replace(slot, weekdays=days) for slot in session.subscriber.slots]
    await rescheduling.reschedule(session, slots=slots)
    return Tap(edit=settings.page("times", session), toast=replies.toast_done(session.view))


async def tap_slot(session: Session, callback: OpenSlot) -> Tap:
    """Show the days and topics of one time."""
    slot = _slot(session, callback.at)
    return Tap(edit=_slot_page(session, slot) if slot is not None else settings.page("times", session))


async def tap_slot_days(session: Session, callback: SetSlotDays) -> Tap:
    """Choose the weekdays of one time."""
    days = frozenset(day for day in range(7) if callback.days >> day & 1)
    return await _change_slot(session, callback.at, weekdays=days)


async def tap_slot_wish(session: Session, callback: ToggleSlotWish) -> Tap:
    """Give one time a topic of its own, or take it back."""
    slot = _slot(session, callback.at)
    if slot is None:
        return Tap(edit=settings.page("times", session))
    if callback.wish == key(""):
        return await _change_slot(session, callback.at, wishes=())
    own = [wish for wish in session.subscriber.wishes if wish.kind == "words"]
    offered = {wish_key(wish): wish for wish in (*(Wish("topic", topic) for topic in TOPICS), *own, *slot.wishes)}
    wish = offered.get(callback.wish)
    if wish is None:
        return Tap(toast=replies.toast_expired(session.view))
    kept = tuple(one for one in slot.wishes if one != wish)
    return await _change_slot(session, callback.at, wishes=kept if len(kept) < len(slot.wishes) else (*kept, wish))


async def _change_slot(session: Session, at: str, **changes: object) -> Tap:
    slot = _slot(session, at)
    if slot is None:
        return Tap(edit=settings.page("times", session))
    turned = replace(slot, **changes)  # type: ignore[arg-type]  # fields of Slot, by their names
    slots = [turned if one.at == slot.at else one for one in session.subscriber.slots]
    await rescheduling.reschedule(session, slots=slots)
    return Tap(edit=_slot_page(session, turned))


def _slot_page(session: Session, slot: Slot) -> Message:
    words = [wish.value for wish in (*session.subscriber.wishes, *slot.wishes) if wish.kind == "words"]
    return pages.slot_page(slot, TOPICS, list(dict.fromkeys(words)), session.view)


def _slot(session: Session, at: str) -> Slot | None:
    """The slot that a button names; None where it was dropped meanwhile."""
    return next((slot for slot in session.subscriber.slots if slot.at == _time(at)), None)


def _time(at: str) -> time:
    return time(int(at[:2]), int(at[2:]))


# ── quiet hours ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def quiet(session: Session) -> Answer:
    """Set the quiet hours, or show them."""
    words = session.words.replace("–", " ").replace("—", " ").replace("-", " ").split()
    words = [word for word in words if word.casefold() not in {"to", "till", "until", "from", "تا", "از"}]
    if not words:
        return settings.page("quiet", session)
    hours: tuple[time, time] | None = None
    if [word.casefold() for word in words] not in (["off"], ["none"], ["خاموش"], ["هیچ"]):
        try:
            begin, end = map(parse_time, words)
        except (ScheduleError, ValueError):
            return pages.bad_quiet(session.words, session.view)
        hours = (begin, end) if begin != end else None
    await session.change(quiet=hours)
    return pages.quiet_set(session.subscriber, session.view)


async def tap_quiet(session: Session, callback: SetQuiet) -> Tap:
    """Choose the quiet hours."""
    begin, end = _time(callback.begin), _time(callback.end)
    await session.change(quiet=(begin, end) if begin != end else None)
    return Tap(edit=settings.page("quiet", session), toast=replies.toast_done(session.view))


# ── pauses ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def pause(session: Session) -> Answer:
    """Send no digests until /resume, or until a date."""
    until = None
    if session.words.strip():
        try:
            until = pause_end(session.words, session.view.formats, session.now)
        except ScheduleError:
            return pages.bad_pause(session.words, session.view)
    await rescheduling.pause(session, until)
    return pages.paused(session.subscriber, session.view)


async def resume(session: Session) -> Answer:
    """Send digests again."""
    await rescheduling.resume(session)
    return replies.resumed(session.subscriber, session.view)


async def tap_pause(session: Session, callback: Pause) -> Tap:
    """Pause or resume from the settings."""
    await (rescheduling.pause(session) if callback.on else rescheduling.resume(session))
    return Tap(edit=settings.page("main", session), toast=replies.toast_done(session.view))


async def tap_pause_for(session: Session, callback: PauseFor) -> Tap:
    """Pause for some days."""
    formats = session.view.formats
    day = formats.local(session.now).date() + timedelta(days=callback.days)
    await rescheduling.pause(session, pause_end(day.isoformat(), formats, session.now))
    return Tap(edit=settings.page("main", session), toast=replies.toast_done(session.view))
