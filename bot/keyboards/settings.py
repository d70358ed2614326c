"""The buttons of the settings, of the welcome and of leaving."""

from collections.abc import Collection, Sequence
from datetime import time

from telegram import InlineKeyboardMarkup

from bot.callbacks import (
    Close,
    DigestNow,
    DropWords,
    OpenSettings,
    Pause,
    SetBudget,
    SetCalendar,
    SetDays,
    SetLanguage,
    SetOption,
    SetZone,
    Stop,
    ToggleNews,
    ToggleTime,
    ToggleTopic,
    Unmute,
    key,
)
from bot.formats import endonym
from bot.i18n import INTERFACE_LANGUAGES
from bot.keyboards.parts import PER_ROW, back_to_settings, button, grid, keyboard, ticked
from bot.topic_names import topic_label
from bot.view import View
from digests.model import Subscriber

BUDGETS = (3, 5, 7, 10, 12)
HOURS = (6, 7, 8, 9, 12, 13, 17, 18, 19, 20, 21, 22)
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


def settings(subscriber: Subscriber, view: View) -> InlineKeyboardMarkup:
    """The first page of the settings."""
    pause = (
        button(view.gettext("▶️ Resume"), Pause(0)) if subscriber.paused else button(view.gettext("⏸ Pause"), Pause(1))
    )
    entries = [
        button(view.gettext("🏷 Topics"), OpenSettings("topics")),
        button(view.gettext("⏰ Times"), OpenSettings("times")),
        button(view.gettext("🌍 Time zone"), OpenSettings("zone")),
        button(view.gettext("📏 Length"), OpenSettings("budget")),
        button(view.gettext("📰 News languages"), OpenSettings("news")),
        button(view.gettext("💬 Language"), OpenSettings("language")),
        button(view.gettext("🔇 Muted"), OpenSettings("mutes")),
        button(view.gettext("🗓 Calendar"), OpenSettings("calendar")),
        button(view.gettext("⚡ Breaking news"), OpenSettings("breaking")),
        button(view.gettext("🗞 Digests"), OpenSettings("digests")),
        button(view.gettext("🎓 Learned"), OpenSettings("learned")),
        pause,
        button(view.gettext("🗑 Stop"), OpenSettings("delete")),
    ]
    return keyboard(view, [*grid(entries, 2), [button(view.gettext("‹ Close"), Close())]])


def interface_language(view: View) -> InlineKeyboardMarkup:
    """The languages of the interface, each by its own name."""
    current = view.translator.language
    buttons = [button(ticked(endonym(code), code == current), SetLanguage(code)) for code in INTERFACE_LANGUAGES]
    return keyboard(view, [*grid(buttons, 2), back_to_settings(view)])


def news_languages(offered: Sequence[str], chosen: Collection[str], view: View) -> InlineKeyboardMarkup:
    """The languages that there is news in, with a tick at the reader's."""
    buttons = [button(ticked(view.formats.language_name(code), code in chosen), ToggleNews(code)) for code in offered]
    return keyboard(view, [*grid(buttons[:90], 2), back_to_settings(view)])


def topics(offered: Sequence[str], chosen: Collection[str], words: Sequence[str], view: View) -> InlineKeyboardMarkup:
    """The grid of shipped topics, and the reader's own words to be dropped."""
    names = {topic: topic_label(topic, view.translator) for topic in offered[:60]}
    boxes = [button(ticked(name, topic in chosen), ToggleTopic(topic)) for topic, name in names.items()]
    own = [button(f"✖️ {view.foreign(text, limit=40)}", DropWords(key(text))) for text in words[:30]]
    done = [button(view.gettext("🗞 Digest now"), DigestNow()), *back_to_settings(view)]
    return keyboard(view, [*grid(boxes, 2), *grid(own, 1), done])


def times(chosen: Collection[time], view: View) -> InlineKeyboardMarkup:
    """Times of day to tick, the reader's own odd ones among them."""
    offered = sorted({time(hour) for hour in HOURS} | set(chosen))
    buttons = [button(ticked(view.formats.time(at), at in chosen), ToggleTime(f"{at:%H%M}")) for at in offered[:60]]
    days = [
        button(view.gettext("Every day"), SetDays("every")),
        button(view.gettext("Working days"), SetDays("work")),
        button(view.gettext("Weekend"), SetDays("weekend")),
    ]
    return keyboard(view, [*grid(buttons, 4), days, back_to_settings(view)])


def zones(view: View, offered: Sequence[str] = ZONES) -> InlineKeyboardMarkup:
    """Time zones by their cities."""
    current = view.formats.timezone.key
    buttons = [button(ticked(view.formats.place(zone), zone == current), SetZone(zone)) for zone in offered[:60]]
    return keyboard(view, [*grid(buttons, 2), back_to_settings(view)])


def budgets(current: int, view: View) -> InlineKeyboardMarkup:
    """How many stories a digest may hold."""
    offered = sorted({*BUDGETS, current})
    buttons = [button(ticked(view.formats.number(count), count == current), SetBudget(count)) for count in offered]
    return keyboard(view, [*grid(buttons, PER_ROW), back_to_settings(view)])


def options(subscriber: Subscriber, view: View) -> InlineKeyboardMarkup:
    """What can be switched on and off about digests."""
    names = {
        "pictures": (view.gettext("Picture"), subscriber.pictures),
        "updates": (view.gettext("Updates"), subscriber.updates),
        "empty": (view.gettext("Empty digests"), subscriber.empty),
        "rich": (view.gettext("Rich layout"), subscriber.rich),
    }
    buttons = [button(ticked(name, on), SetOption(option, int(not on))) for option, (name, on) in names.items()]
    return keyboard(view, [*grid(buttons, 2), back_to_settings(view)])


def calendars(current: str, view: View) -> InlineKeyboardMarkup:
    """The calendars of dates."""
    jalali = current == "jalali" or (not current and view.formats.jalali)
    buttons = [
        button(ticked(view.gettext("Gregorian"), not jalali), SetCalendar("gregorian")),
        button(ticked(view.gettext("Persian"), jalali), SetCalendar("jalali")),
    ]
    return keyboard(view, [buttons, back_to_settings(view)])


def mutes(words: Sequence[str], sources: Sequence[str], view: View) -> InlineKeyboardMarkup:
    """What is muted, each to be heard again."""
    buttons = [button(f"🔈 {view.foreign(text, limit=40)}", Unmute(key(f"w{text}"))) for text in words[:40]]
    buttons += [button(f"🔈 {view.foreign(name, limit=40)}", Unmute(key(f"s{name}"))) for name in sources[:40]]
    return keyboard(view, [*grid(buttons, 1), back_to_settings(view)])


def stop(view: View) -> InlineKeyboardMarkup:
    """The question before unsubscribing."""
    rows = [
        [button(view.gettext("⏸ Just pause"), Pause(1))],
        [button(view.gettext("🔕 Stop, keep my settings"), Stop(0))],
        [button(view.gettext("🗑 Stop and delete everything"), Stop(1))],
        [button(view.gettext("‹ No, go back"), OpenSettings())],
    ]
    return keyboard(view, rows)


def welcome(view: View) -> InlineKeyboardMarkup:
    """Under the welcome: what to set first."""
    entries = [
        button(view.gettext("🏷 Topics"), OpenSettings("topics")),
        button(view.gettext("⏰ Times"), OpenSettings("times")),
        button(view.gettext("🌍 Time zone"), OpenSettings("zone")),
        button(view.gettext("💬 Language"), OpenSettings("language")),
    ]
    return keyboard(view, grid(entries, 2))
