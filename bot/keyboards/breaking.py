"""The buttons of breaking news, and of how much of it comes."""

from telegram import InlineKeyboardMarkup

from bot.callbacks import OpenSettings, OpenStory, SetBreaking, SetBreakingMost, SetBreakingSources
from bot.keyboards.parts import back_to_settings, button, grid, keyboard, open_link, ticked
from bot.view import View
from digests.model import Subscriber

SOURCES = (0, 3, 4, 5, 6, 8)
"""0 is as many as is usual in the story's language."""
A_DAY = (1, 2, 3, 5)


def breaking(view: View, *, story: int, url: str, request: int, link: str | None) -> InlineKeyboardMarkup:
    """Under breaking news; in groups and channels links only, as under a digest."""
    original = open_link(view.gettext("📄 Open original"), url)
    if link is not None:
        return keyboard(view, [[*original, *open_link(view.gettext("🗞 More"), f"{link}story_{story}")]])
    rows = [
        [*original, button(view.gettext("🗞 More"), OpenStory(story, request))],
        [button(view.gettext("⚙️ Fewer of these"), OpenSettings("fewer"))],
    ]
    return keyboard(view, rows)


def breaking_settings(subscriber: Subscriber, view: View) -> InlineKeyboardMarkup:
    """Whether it comes and about what; from how many sources on, and how often a day."""
    mode = subscriber.breaking
    modes = [
        button(ticked(view.gettext("Off"), mode == "off"), SetBreaking("off")),
        button(ticked(view.gettext("What I follow"), mode == "topics"), SetBreaking("topics")),
        button(ticked(view.gettext("Everything"), mode == "all"), SetBreaking("all")),
    ]
    if mode == "off":
        return keyboard(view, [*grid(modes, 1), back_to_settings(view)])
    sources = [
        button(ticked(_sources(count, view), count == subscriber.breaking_sources), SetBreakingSources(count))
        for count in SOURCES
    ]
    most = [
        button(ticked(_a_day(count, view), count == subscriber.breaking_most), SetBreakingMost(count))
        for count in A_DAY
    ]
    return keyboard(view, [*grid(modes, 1), sources, most, back_to_settings(view)])


def _sources(count: int, view: View) -> str:
    # i18n: on a small button: from so many sources on.
    return f"{view.formats.number(count)}+" if count else view.gettext("usual")


def _a_day(count: int, view: View) -> str:
    # i18n: on a small button: so many a day.
    return view.ngettext("{count} a day", "{count} a day", count)
