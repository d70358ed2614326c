"""What a person may type for a schedule: "07:00 weekdays business, 09:00 sat culture". Pure.

Times come with the weekdays and topics that stand behind them (or weekdays in front, if the text begins with some).
A time with topics of its own comes on top of the others; times without replace those without. "-07:00" drops one.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time

from digests.errors import ScheduleError, TakenError, UnknownWordError
from digests.model import EVERY_DAY, Slot, Wish
from digests.schedule import MOST_SLOTS, parse_time
from digests.text.terms import normalize

LONGEST_NAME = 5
"""Words in the name of a day or topic, at most."""

OFF = frozenset({"off", "none", "never", "هیچ", "خاموش"})
_FILLERS = frozenset({"on", "at", "and", "about", "the", "only", "و", "در", "ساعت", "درباره", "فقط"})
_TO = frozenset({"to", "till", "until", "through", "تا", "-", "–", "—"})
_BETWEEN = re.compile(r"[\s,،;؛]+")
_DASH = re.compile("[-–—]")

Days = Mapping[str, frozenset[int]]
"""Weekdays by what they are called, folded: single ones, and words for several."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """What was typed: slots, times to be dropped, or (`off`) no digests at all. `days_named`: so that others keep
    theirs."""

    slots: tuple[Slot, ...] = ()
    dropped: frozenset[time] = frozenset()
    off: bool = False
    days_named: bool = False


@dataclass
class _Group:
    times: list[time] = field(default_factory=list)
    days: set[int] = field(default_factory=set)
    wishes: list[Wish] = field(default_factory=list)


def fold_word(text: str) -> str:
    """A word or two as `Days` has them: without capitals, accents, letter variants and spaces."""
    return "".join(normalize(text).split())


def parse_timetable(text: str, *, days: Days, wish: Callable[[str], Wish | None]) -> Timetable:
    """Read a schedule; `wish` tells what a topic's name or words mean. Raises ScheduleError, of the kind
    UnknownWordError where a word is none of these.
    """
    words = [word for word in _BETWEEN.split(text) if word]
    folded = [fold_word(word).strip(".") for word in words]
    if len(words) == 1 and folded[0] in OFF:
        return Timetable(off=True)
    groups, dropped, place = [_Group()], set(), 0
    opening = next((word for word, plain in zip(words, folded, strict=True) if plain not in _FILLERS), "7")
    days_first = opening[0] not in "-−+" and _time(opening) is None
    while place < len(words):
        word = words[place]
        if folded[place] in _FILLERS:
            place += 1
        elif word[0] in "-−" and (at := _time(word[1:])) is not None:
            dropped.add(at)
            place += 1
        elif (at := _time(word.removeprefix("+"))) is not None:
            if groups[-1].times and (groups[-1].wishes or groups[-1].days) and not _opened_by_days(groups, days_first):
                groups.append(_Group())
            groups[-1].times.append(at)
            place += 1
        else:
            named, taken = _days(folded, place, days)
            if named and days_first and groups[-1].times:
                groups.append(_Group())
            groups[-1].days |= named
            if not named:
                found, taken = _wish(folded, words, place, wish)
                groups[-1].wishes.append(found)
            place += taken
    return _timetable([group for group in groups if group.times or group.days or group.wishes], frozenset(dropped))


def _opened_by_days(groups: Sequence[_Group], days_first: bool) -> bool:
    """Whether another time still belongs to the weekdays in front: "weekdays 7 18"."""
    return days_first and not groups[-1].wishes


def _time(word: str) -> time | None:
    try:
        return parse_time(word)
    except ScheduleError:
        if word[:1].isdigit():  # meant as a time, and none
            raise UnknownWordError(word) from None
        return None


def _days(folded: Sequence[str], place: int, days: Days) -> tuple[frozenset[int], int]:
    """The weekdays that are named at a place, and by how many words; none by none."""
    ends = _DASH.split(folded[place])
    if len(ends) == 2 and all(len(days.get(end, ())) == 1 for end in ends):
        return _span(days[ends[0]], days[ends[1]]), 1
    for count in range(min(LONGEST_NAME, len(folded) - place), 0, -1):
        found = days.get("".join(folded[place : place + count]))
        if found is None:
            continue
        after = place + count
        if len(found) == 1 and after + 1 < len(folded) and folded[after] in _TO:
            last, taken = _days(folded, after + 1, days)
            if len(last) == 1:
                return _span(found, last), count + 1 + taken
        return found, count
    return frozenset(), 0


def _span(first: frozenset[int], last: frozenset[int]) -> frozenset[int]:
    (begin,), (end,) = first, last
    return frozenset((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def _wish(
    folded: Sequence[str], words: Sequence[str], place: int, wish: Callable[[str], Wish | None]
) -> tuple[Wish, int]:
    for count in range(min(LONGEST_NAME, len(folded) - place), 0, -1):
        found = wish(" ".join(words[place : place + count]))
        if found is not None:
            return found, count
    raise UnknownWordError(words[place])


def _timetable(groups: Sequence[_Group], dropped: frozenset[time]) -> Timetable:
    slots: dict[time, Slot] = {}
    for group in groups:
        if not group.times:
            raise ScheduleError("days and topics need a time: write it like 07:30 weekdays")
        for at in group.times:
            slots[at] = Slot(at, frozenset(group.days) or EVERY_DAY, tuple(dict.fromkeys(group.wishes)))
    if not slots and not dropped:
        raise ScheduleError("no time of day given; write it like 07:30")
    return Timetable(tuple(sorted(slots.values())), dropped, days_named=any(group.days for group in groups))


def changed(now: Iterable[Slot], typed: Timetable) -> tuple[Slot, ...]:
    """The schedule after what was typed. Raises TakenError where a time with topics would take the place of one
    without, ScheduleError for more than MOST_SLOTS.
    """
    now = tuple(now)
    if typed.off:
        return ()
    if not typed.dropped <= {slot.at for slot in now}:
        raise ScheduleError("there is no digest at that time to be dropped")
    slots = {slot.at: slot for slot in now if slot.at not in typed.dropped}
    plain = [slot for slot in typed.slots if not slot.wishes]
    if plain:
        usual = next((slot.weekdays for slot in slots.values() if not slot.wishes), EVERY_DAY)
        slots = {at: slot for at, slot in slots.items() if slot.wishes}
        if not typed.days_named:
            plain = [replace(slot, weekdays=usual) for slot in plain]
    for slot in (*plain, *(slot for slot in typed.slots if slot.wishes)):
        if slot.wishes and slot.at in slots and not slots[slot.at].wishes:
            raise TakenError(slot.at)
        slots[slot.at] = slot
    if len(slots) > MOST_SLOTS:
        raise ScheduleError(f"at most {MOST_SLOTS} digests a day")
    return tuple(sorted(slots.values()))
