"""The buttons of the settings, of the welcome and of leaving."""

from collections.abc import Collection, Sequence

from telegram import InlineKeyboardMarkup

from bot.callbacks import (
    Close,
    DigestNow,
    DropWords,
    OpenSettings,
    Pause,
    SetBudget,
    SetCalendar,
    SetLanguage,
    SetMinutes,
    SetOption,
    Stop,
    ToggleNews,
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
MINUTES = (1, 2, 3, 5)


def settings(subscriber: Subscriber, view: View) -> InlineKeyboardMarkup:
    """The first page of the settings."""
    pause = (
        button(view.gettext("▶️ Resume"), Pause(0))
        if subscriber.paused
        else button(view.gettext("⏸ Pause"), OpenSettings("pause"))
    )
    entries = [
        button(view.gettext("🏷 Topics"), OpenSettings("topics")),
        button(view.gettext("⏰ Times"), OpenSettings("times")),
        button(view.gettext("🌍 Time zone"), OpenSettings("zone")),
        button(view.gettext("📏 Length"), OpenSettings("budget")),
        button(view.gettext("🌙 Quiet hours"), OpenSettings("quiet")),
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


def budgets(stories: int, minutes: int, view: View) -> InlineKeyboardMarkup:
    """How many stories a digest may hold, and how long reading it may take."""
    offered = sorted({*BUDGETS, stories})
    counts = [button(ticked(view.formats.number(count), count == stories), SetBudget(count)) for count in offered]
    limits = sorted({*MINUTES, minutes} - {0})
    times = [button(ticked(view.formats.minutes(count), count == minutes), SetMinutes(count)) for count in limits]
    any_time = button(ticked(view.gettext("However long it takes"), not minutes), SetMinutes(0))
    return keyboard(view, [*grid(counts, PER_ROW), *grid(times, PER_ROW), [any_time], back_to_settings(view)])


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
