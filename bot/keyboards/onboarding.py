"""The buttons of setting up: one step after the other, each with its way back and on."""

from collections.abc import Collection, Sequence
from datetime import time

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from bot.callbacks import (
    AskZone,
    DigestNow,
    OpenSettings,
    Setup,
    SetupLanguage,
    SetupTime,
    SetupTopic,
    SetupZone,
)
from bot.formats import endonym
from bot.i18n import INTERFACE_LANGUAGES
from bot.keyboards.parts import Row, button, grid, keyboard, ticked
from bot.keyboards.schedule import ZoneChoice, zone_label
from bot.topic_names import topic_label
from bot.view import View

FIRST_LANGUAGES = 4
"""Languages that are shown at once; the others behind a button."""
FIRST_HOURS = (7, 8, 12, 18, 21)
NEIGHBOURS = {
    "fa": ("Asia/Tehran", "Asia/Kabul", "Asia/Dubai", "Europe/Istanbul", "Europe/Berlin", "Europe/London",
           "America/Toronto", "America/Los_Angeles"),
    "ar": ("Asia/Riyadh", "Africa/Cairo", "Asia/Baghdad", "Asia/Dubai", "Africa/Casablanca", "Africa/Algiers",
           "Asia/Beirut", "Africa/Khartoum"),
    "ru": ("Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Novosibirsk", "Asia/Vladivostok",
           "Europe/Minsk", "Asia/Almaty", "Europe/Berlin"),
    "uk": ("Europe/Kyiv", "Europe/Warsaw", "Europe/Berlin", "Europe/London"),
    "de": ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich"),
    "fr": ("Europe/Paris", "Europe/Brussels", "America/Montreal", "Africa/Casablanca", "Africa/Dakar",
           "Africa/Kinshasa", "Indian/Reunion"),
    "es": ("Europe/Madrid", "America/Mexico_City", "America/Bogota", "America/Argentina/Buenos_Aires", "America/Lima",
           "America/Santiago", "America/Caracas", "America/New_York"),
    "pt": ("America/Sao_Paulo", "Europe/Lisbon", "America/Manaus", "Africa/Luanda", "Africa/Maputo"),
    "tr": ("Europe/Istanbul", "Europe/Berlin", "Asia/Nicosia"),
    "hi": ("Asia/Kolkata", "Asia/Dubai", "Europe/London", "America/New_York"),
    "zh": ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "America/Los_Angeles"),
    "ja": ("Asia/Tokyo", "America/Los_Angeles", "Europe/London"),
    "en": ("Europe/London", "America/New_York", "America/Chicago", "America/Los_Angeles", "Asia/Kolkata",
           "Africa/Lagos", "Asia/Singapore", "Australia/Sydney"),
}  # fmt: skip
"""Zones that speakers of a language are likely to be in, the likeliest first."""


def languages(view: View, *, whole: bool) -> InlineKeyboardMarkup:
    """The first step: the language; the reader's first, some or (`whole`) all others behind it."""
    current = view.translator.language
    codes = list(dict.fromkeys((current, *INTERFACE_LANGUAGES)))
    shown = codes if whole or len(codes) <= FIRST_LANGUAGES + 1 else codes[:FIRST_LANGUAGES]
    buttons = [button(ticked(endonym(code), code == current), SetupLanguage(code)) for code in shown]
    more = [button(view.gettext("🌐 More languages"), Setup("languages"))] if len(shown) < len(codes) else []
    return keyboard(view, [*grid(buttons, 2), more, [_later(view)]])


def topics(offered: Sequence[str], chosen: Collection[str], view: View) -> InlineKeyboardMarkup:
    """The second step: topics to tick."""
    names = {topic: topic_label(topic, view.translator) for topic in offered[:60]}
    boxes = [button(ticked(name, topic in chosen), SetupTopic(topic)) for topic, name in names.items()]
    return keyboard(view, [*grid(boxes, 2), _ways(view, "language", "time", skip=not chosen)])


def times(chosen: Collection[time], view: View, *, whole: bool) -> InlineKeyboardMarkup:
    """The third step: the hour of the digest, some or (`whole`) all of them."""
    hours = {time(hour) for hour in (range(24) if whole else FIRST_HOURS)} | set(chosen)
    buttons = [button(ticked(view.formats.time(at), at in chosen), SetupTime(f"{at:%H%M}")) for at in sorted(hours)]
    other = [] if whole else [button(view.gettext("Another time"), Setup("times"))]
    return keyboard(view, [*grid(buttons, 4 if whole else 3), other, _ways(view, "topics", "zone")])


def zones(guess: str, view: View) -> InlineKeyboardMarkup:
    """The last step: whether the zone is right that we take theirs to be, and others."""
    right = [button(view.gettext("✅ Yes, that is my time"), SetupZone(guess))]
    others = [zone for zone in neighbours(view) if zone != guess]
    buttons = [button(zone_label(ZoneChoice(zone), view), SetupZone(zone)) for zone in others[:8]]
    city = [] if view.live_times else [button(view.gettext("🔎 Another city, or my location"), AskZone())]
    return keyboard(view, [right, *grid(buttons, 2), city, _ways(view, "time", "done")])


def neighbours(view: View) -> tuple[str, ...]:
    """The zones that a reader may be in, by the language."""
    return NEIGHBOURS.get(view.translator.language, NEIGHBOURS["en"])


def done(view: View) -> InlineKeyboardMarkup:
    """What may come after setting up."""
    return keyboard(
        view,
        [[button(view.gettext("🗞 Digest now"), DigestNow()), button(view.gettext("⚙️ Settings"), OpenSettings("new"))]],
    )


def put_off(view: View) -> InlineKeyboardMarkup:
    """Setting up, later; and for who comes back."""
    rows = [
        [button(view.gettext("✨ Set up in four taps"), Setup("language"))],
        [button(view.gettext("⚙️ Settings"), OpenSettings("new"))],
    ]
    return keyboard(view, rows)


def _ways(view: View, before: str, after: str, *, skip: bool = True) -> Row:
    """The way back, and on: without a choice where nothing was chosen."""
    on = view.gettext("Skip ›") if skip else view.gettext("Next ›")
    return [button(view.gettext("‹ Back"), Setup(before)), button(on, Setup(after))]


def _later(view: View) -> InlineKeyboardButton:
    return button(view.gettext("Not now"), Setup("later"))


def location(view: View) -> ReplyKeyboardMarkup:
    """In place of the keyboard: a button that sends where the reader is, and one to leave it be."""
    return ReplyKeyboardMarkup(
        [[KeyboardButton(view.gettext("📍 Send my location"), request_location=True)], [leave(view)]],
        resize_keyboard=True,
        one_time_keyboard=True,
        input_field_placeholder=view.gettext("Or type your city…"),
    )


def leave(view: View) -> str:
    """What the button says, and so what is sent, that takes a question back."""
    return view.gettext("✖️ Leave it")
