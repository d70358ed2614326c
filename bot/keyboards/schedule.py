"""The buttons about when: times with their days and topics, quiet hours, pauses, and time zones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import time
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import (
    AskZone,
    OpenSettings,
    OpenSlot,
    Pause,
    PauseFor,
    SetDays,
    SetQuiet,
    SetSlotDays,
    SetZone,
    ToggleSlotWish,
    ToggleTime,
    key,
)
from bot.keyboards.parts import Row, back_to_settings, button, grid, keyboard, ticked
from bot.topic_names import topic_label
from bot.view import View
from digests.model import EVERY_DAY, Slot, Wish

HOURS = (6, 7, 8, 9, 12, 13, 17, 18, 19, 20, 21, 22)
QUIET = ((21, 6), (22, 7), (22, 8), (23, 7), (0, 8))
"""Quiet hours that are offered at a tap."""
PAUSES = (1, 3, 7, 14, 30)
"""Days of pause that are offered at a tap."""
ZONES = (
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Kyiv",
    "Europe/Istanbul",
    "Europe/Moscow",
    "Asia/Tehran",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
)
"""Zones that are offered at a tap; /timezone takes any."""


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """A zone that is offered: by the name of a city in it and where that is, else by the zone's own city."""

    zone: str
    name: str = ""
    where: str = ""


def times(slots: Sequence[Slot], view: View) -> InlineKeyboardMarkup:
    """Times of day to tick, the reader's own odd ones among them; each that is ticked opens its days and topics."""
    chosen = {slot.at for slot in slots}
    offered = sorted({time(hour) for hour in HOURS} | chosen)
    hours = [button(ticked(view.formats.time(at), at in chosen), ToggleTime(f"{at:%H%M}")) for at in offered[:60]]
    details = view.gettext("{time}: days and topics ›")
    opened = [button(details.format(time=view.formats.time(at)), OpenSlot(f"{at:%H%M}")) for at in sorted(chosen)[:20]]
    plain = {slot.weekdays for slot in slots if not slot.wishes}
    common = next(iter(plain)) if len(plain) == 1 else None
    presets = [button(ticked(label, days == common), SetDays(name)) for name, label, days in _presets(view)]
    return keyboard(view, [*grid(hours, 4), presets if plain else [], *grid(opened, 1), back_to_settings(view)])


def _presets(view: View) -> list[tuple[str, str, frozenset[int]]]:
    weekend = view.formats.weekend()
    return [
        ("every", view.gettext("Every day"), EVERY_DAY),
        ("work", view.gettext("Workdays"), EVERY_DAY - weekend),
        ("weekend", view.gettext("Weekend"), weekend),
    ]


def slot(
    one: Slot, topics: Sequence[str], words: Sequence[str], view: View, *, current: Collection[str] = ()
) -> InlineKeyboardMarkup:
    """The weekdays and topics of one time. `words` are the reader's own."""
    at = f"{one.at:%H%M}"
    presets = [
        button(ticked(label, days == one.weekdays), SetSlotDays(at, bits(days))) for _, label, days in _presets(view)
    ]
    days = [  # the last one stays
        button(
            ticked(view.formats.weekday(day, short=True), day in one.weekdays),
            SetSlotDays(at, bits(one.weekdays ^ {day} or one.weekdays)),
        )
        for day in view.formats.week()
    ]
    everything = [button(ticked(view.gettext("Everything I follow"), not one.wishes), ToggleSlotWish(at, key("")))]
    offered = [(Wish("topic", topic), topic_label(topic, view.translator)) for topic in topics[:60]]
    offered += [(Wish("words", text), f"🔎 {view.foreign(text, limit=40)}") for text in words[:20]]
    own = [button(ticked(label, wish in one.wishes), ToggleSlotWish(at, wish_key(wish))) for wish, label in offered]
    leave = [
        button(view.gettext("🗑 Drop this time"), ToggleTime(at)),
        button(view.gettext("‹ Times"), OpenSettings("times")),
    ]
    return keyboard(view, [presets, *grid(days, 4), everything, *grid(own, 2), leave])


def bits(days: Collection[int]) -> int:
    """Weekdays as a button carries them."""
    return sum(1 << day for day in days)


def wish_key(wish: Wish) -> str:
    """A wish as a button carries it."""
    return key(f"{wish.kind[0]}{wish.value}")


def quiet(chosen: tuple[time, time] | None, view: View) -> InlineKeyboardMarkup:
    """Quiet hours to choose, the reader's own among them."""
    offered = dict.fromkeys((time(begin), time(end)) for begin, end in QUIET)
    if chosen is not None:
        offered[chosen] = None
    buttons = [
        button(ticked(span(pair, view), pair == chosen), SetQuiet(f"{pair[0]:%H%M}", f"{pair[1]:%H%M}"))
        for pair in offered
    ]
    none = button(ticked(view.gettext("No quiet hours"), chosen is None), SetQuiet("0000", "0000"))
    return keyboard(view, [*grid(buttons, 2), [none], back_to_settings(view)])


def span(hours: tuple[time, time], view: View) -> str:
    """Quiet hours in figures: "22:00–07:00"; from right to left where the reader reads so."""
    begin, end = map(view.formats.time, hours)
    return view.gettext("{begin}–{end}").format(begin=begin, end=end)


def paused(view: View, *, settings: bool) -> InlineKeyboardMarkup:
    """How long a pause may last; below an answer to /pause or, with `settings`, on their page."""
    buttons = [button(view.ngettext("{count} day", "{count} days", days), PauseFor(days)) for days in PAUSES]
    resume = [button(view.gettext("▶️ Resume"), Pause(0))]
    until = [button(view.gettext("⏸ Until I resume"), Pause(1))]
    return keyboard(
        view, [*grid(buttons, 3), until if settings else resume, back_to_settings(view) if settings else []]
    )


def resume(view: View) -> InlineKeyboardMarkup:
    """The end of a pause, before its time."""
    return keyboard(view, [[button(view.gettext("▶️ Resume"), Pause(0))]])


# ── zones ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def zone_label(choice: ZoneChoice, view: View, *, current: str = "") -> str:
    """A zone with what its clocks show: "London, Canada · 03:14"."""
    clock = replace(view.formats, timezone=ZoneInfo(choice.zone)).time(view.now)
    parts = (choice.name or view.formats.place(choice.zone), choice.where)
    name = ("، " if view.rtl else ", ").join(part for part in parts if part)
    return f"{ticked(view.foreign(name, limit=60), choice.zone == current)}{view.dot}{clock}"


def zone_button(choice: ZoneChoice, view: View) -> InlineKeyboardButton:
    """A zone to be chosen."""
    return button(zone_label(choice, view), SetZone(choice.zone))


def zones(view: View, offered: Sequence[str] = ZONES) -> InlineKeyboardMarkup:
    """Time zones by their cities."""
    current = view.formats.timezone.key
    shown = list(dict.fromkeys((*offered[:60], current)))
    buttons = [button(zone_label(ZoneChoice(zone), view, current=current), SetZone(zone)) for zone in shown]
    return keyboard(view, [*grid(buttons, 2), ask_zone(view), back_to_settings(view)])


def ask_zone(view: View) -> Row:
    """A row to name another city or share a location; in a private chat only, where plain words are read."""
    return [] if view.live_times else [button(view.gettext("🔎 Another city"), AskZone())]


def zone_choices(choices: Sequence[ZoneChoice], view: View) -> InlineKeyboardMarkup:
    """The places that a name may mean."""
    return keyboard(view, [[zone_button(choice, view)] for choice in choices])
