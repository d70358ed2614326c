"""Where a chat's clocks are: /timezone with any city, its buttons, and a location that somebody shares."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import keyboards
from bot.callbacks import AskZone, SetZone
from bot.formats import Formats
from bot.handlers import onboarding, rescheduling, settings
from bot.handlers.session import Answer, Session, Tap
from bot.keyboards import ZoneChoice
from bot.render import replies
from bot.render import schedule as pages
from digests.errors import ScheduleError
from digests.places import Found, Place
from digests.places.names import fold
from digests.schedule import is_zone, parse_zone

ASKED = "zone"
"""Subscriber.asking while the next words are to name a city."""

FAR_LARGER = 10
"""How many times as many people make a city the one that is meant."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Zones that a name may mean, the most likely first. `sure`: the first is the one; `exact`: they are called so."""

    choices: tuple[ZoneChoice, ...] = ()
    sure: bool = False
    exact: bool = True


async def look_up(text: str, session: Session) -> Answered:
    """What a reader means by a zone's name, a distance from UTC, a country or a city, in any language."""
    if "/" in text or not text.strip(" ").isalpha():
        try:
            return Answered((ZoneChoice(parse_zone(text).key),), sure=True)
        except ScheduleError:
            pass
    formats, places = session.view.formats, session.services.places
    if country := formats.country_code(text):
        return _answered(Found(tuple(await places.of_country(country))), "", formats)
    city, _, behind = text.replace("،", ",").partition(",")
    within = formats.country_code(behind) or behind.strip().upper()
    found = await places.search(city, country=within)
    if found.exact and found.places:
        return _answered(found, city, formats)
    try:
        return Answered((ZoneChoice(parse_zone(text).key),), sure=True)
    except ScheduleError:
        return _answered(found, "", formats)


def _answered(found: Found, typed: str, formats: Formats) -> Answered:
    """`typed` is how the reader wrote the name that the places have."""
    choices = tuple(_choice(place, typed, formats) for place in found.places)
    if not choices or not found.exact:
        return Answered(choices, exact=found.exact)
    first, *others = found.places
    rivals = [place for place in others if place.timezone != first.timezone]
    sure = all(first.thousands >= FAR_LARGER * place.thousands for place in rivals)
    kept = [choice for choice, place in zip(choices[1:], others, strict=True) if not sure or place in rivals]
    return Answered((choices[0], *kept), sure=sure)


def _choice(place: Place, typed: str, formats: Formats) -> ZoneChoice:
    """A place by the name that the reader gave it, where that is not in the letters that ours is in."""
    ours = not typed or fold(typed).isascii()
    name = place.name if ours else typed.strip()
    return ZoneChoice(
        place.timezone, name, ", ".join(filter(None, (place.region, formats.country_name(place.country))))
    )


async def zone(session: Session) -> Answer:
    """Set the time zone by name or city, or show what is set."""
    if not session.words:
        return settings.page("zone", session)
    return await answer_words(session)


async def answer_words(session: Session) -> Answer:
    """Set the zone that the words name; where they may mean several, ask which."""
    found = await look_up(session.words[:100], session)
    if not found.choices:
        return pages.bad_zone(session.words, session.view)
    if not found.sure:
        return pages.which_zone(session.words, found.choices, session.view, exact=found.exact)
    first, *others = found.choices
    return await _move(session, first.zone, place=first.name, others=others)


async def answer_text(session: Session) -> Answer:
    """What was written after the question for a city."""
    if session.words.strip() == keyboards.leave(session.view):
        await leave_question(session)
        return pages.zone_kept(session.view)
    return await answer_words(session)


def is_answer(session: Session) -> bool:
    """Whether what was written answers that question. The button that takes it back stays in sight where something
    else was done meanwhile, and may be pressed then.
    """
    return is_asked(session) or session.words.strip() == keyboards.leave(session.view)


def is_asked(session: Session) -> bool:
    """Whether the next words of the chat are to name a city."""
    return session.subscriber.asking.endswith(ASKED)


async def leave_question(session: Session) -> None:
    """Ask no more for a city."""
    if is_asked(session):
        unfinished = session.subscriber.asking.startswith(onboarding.UNFINISHED)
        await session.change(asking=onboarding.UNFINISHED if unfinished else "")


async def from_location(session: Session, latitude: float, longitude: float) -> Answer:
    """Set the zone of the city nearest to a location that was shared."""
    place = await session.services.places.nearest(latitude, longitude)
    return await _move(session, place.timezone, place=place.name, located=True)


async def _move(
    session: Session, zone: str, *, place: str = "", others: Sequence[ZoneChoice] = (), located: bool = False
) -> Answer:
    """Set the zone, and say what its clocks show; while setting up, that is the end of it."""
    asked, unfinished = is_asked(session), session.subscriber.asking.startswith(onboarding.UNFINISHED)
    await rescheduling.reschedule(session, timezone=zone)
    answer = pages.zone_set(
        session.subscriber, session.view, place=place, others=others, located=located, put_away=asked or located
    )
    if asked and unfinished:
        return answer, await onboarding.finish(session)
    await leave_question(session)
    return answer


async def tap_ask(session: Session, _: AskZone) -> Tap:
    """Ask for a location or the name of a city."""
    unfinished = session.subscriber.asking.startswith(onboarding.UNFINISHED)
    await session.change(asking=f"{onboarding.UNFINISHED}-{ASKED}" if unfinished else ASKED)
    return Tap(send=pages.ask_zone(session.view))


async def tap_zone(session: Session, callback: SetZone) -> Tap:
    """Choose a zone from the list, or of the places that a name may mean."""
    if not is_zone(callback.zone):
        return Tap(toast=replies.toast_expired(session.view))
    asked, unfinished = is_asked(session), session.subscriber.asking.startswith(onboarding.UNFINISHED)
    await rescheduling.reschedule(session, timezone=callback.zone)
    if not asked:
        return Tap(edit=settings.page("zone", session), toast=replies.toast_done(session.view))
    chosen = pages.zone_set(session.subscriber, session.view, put_away=True)
    if unfinished:
        return Tap(edit=await onboarding.finish(session), send=chosen)
    await leave_question(session)
    return Tap(edit=settings.page("zone", session), send=chosen)
