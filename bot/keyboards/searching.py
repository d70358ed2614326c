"""The buttons of searches and of what narrows /latest."""

from collections.abc import Sequence

from telegram import InlineKeyboardMarkup

from bot.callbacks import FilterLatest, FollowSearch, NarrowLatest, OpenSettings, OrderSearch, ShowList, Why
from bot.keyboards.parts import Row, button, grid, keyboard, ticked
from bot.keyboards.stories import to_story
from bot.view import View


def search_tools(view: View, request: int, *, ranked: bool, found: bool, page: int = 0) -> list[Row]:
    """Under what a search found: the other order, and following it; under what found nothing, following it."""
    order = button(view.gettext("🕐 Newest first"), OrderSearch(request, 0))
    if not ranked:
        order = button(view.gettext("🎯 Best first"), OrderSearch(request, 1))
    follow = button(view.gettext("🔔 Follow this search"), FollowSearch(request))
    return [] if page else [[order], [follow]] if found else [[follow]]


def suggestion(view: View, text: str, request: int) -> Row:
    """The search that was perhaps meant."""
    return [button(f"🔎 {view.foreign(text, limit=60)}", ShowList(request))]


def why_not(
    view: View, *, story: int, article: int, request: int, page: int, others: Sequence[int] = ()
) -> InlineKeyboardMarkup:
    """Under why a story did not come: other stories that were perhaps meant, what may change it, and its card."""
    numbers = [button(view.formats.number(n), Why(other, request, page)) for n, other in enumerate(others, 1)]
    change = [
        button(view.gettext("🔔 All I follow"), OpenSettings("following")),
        button(view.gettext("🔇 Muted"), OpenSettings("mutes")),
    ]
    return keyboard(view, [numbers, change, [to_story(view, story, article, request, page)]])


def narrowing(view: View, request: int, chosen: Sequence[str]) -> Row:
    """Under /latest: by what it can be narrowed; `chosen` names those that it is narrowed by."""
    names = {"topic": view.gettext("🏷 Topic"), "source": view.gettext("📰 Source"), "lang": view.gettext("🌍 Language")}
    return [button(ticked(name, by in chosen), FilterLatest(request, by)) for by, name in names.items()]


def choices(
    offered: Sequence[tuple[str, str]],
    view: View,
    *,
    request: int,
    by: str,
    chosen: str = "",
    page: int = 0,
    more: bool = False,
    across: int = 2,
) -> InlineKeyboardMarkup:
    """What /latest can be narrowed to: (value, name) pairs, all of them or a page."""
    rows = grid(
        [button(ticked(name, value == chosen), NarrowLatest(request, by, value)) for value, name in offered], across
    )
    earlier = [button("‹", FilterLatest(request, by, page - 1))] if page else []
    later = [button("›", FilterLatest(request, by, page + 1))] if more else []
    everything = [button(ticked(view.gettext("All"), not chosen), NarrowLatest(request, by, "all"))]
    back = [button(view.gettext("‹ Back"), ShowList(request))]
    return keyboard(view, [*rows, earlier + later, everything, back])
