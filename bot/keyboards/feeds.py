"""The buttons under feeds: to follow one that was found, to drop one, to bring one back."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import Close, DropFeed, ExportFeeds, FollowFeed, ImportFeeds, LookAtFeed, OwnFeeds, ReviveFeed
from bot.keyboards.parts import button, grid, keyboard
from bot.view import View
from digests.feeds.discover import Candidate
from digests.model import Feed

MOST = 20
"""Feeds with a button of their own under one message."""


def candidates(found: Sequence[Candidate], view: View, *, request: int) -> InlineKeyboardMarkup:
    """Feeds of one site, to choose from by number."""
    numbers = [button(view.formats.number(place + 1), LookAtFeed(request, place)) for place in range(len(found))]
    return keyboard(view, [*grid(numbers, 5), [button(view.gettext("✖️ None of them"), Close())]])


def offer(view: View, *, request: int, place: int, several: bool, admin: bool) -> InlineKeyboardMarkup:
    """Follow a feed, or don't; an administrator may add it for everybody."""
    mine = view.gettext("➕ Follow") if not admin else view.gettext("➕ Only for me")
    shared = [button(view.gettext("🌐 For everybody"), FollowFeed(request, place, 1))] if admin else []
    away = _others(view, request, place) if several else button(view.gettext("✖️ No"), Close())
    return keyboard(view, [[button(mine, FollowFeed(request, place, 0)), *shared], [away]])


def others(view: View, *, request: int, place: int) -> InlineKeyboardMarkup:
    """From one of several feeds back to all of them."""
    return keyboard(view, [[_others(view, request, place)]])


def _others(view: View, request: int, place: int) -> InlineKeyboardButton:
    return button(view.gettext("‹ The others"), LookAtFeed(request, place, 1))


def own(feeds: Sequence[Feed], view: View) -> InlineKeyboardMarkup:
    """The feeds of one's own: each to be dropped, one that is dead to be tried again, all as a file."""
    rows = []
    for place, feed in enumerate(feeds[:MOST], 1):
        label = f"{view.formats.number(place)}. {view.foreign(feed.source, limit=30)}"
        again = [] if feed.active else [button("🔄", ReviveFeed(feed.id, 1))]
        rows.append([button(f"✖️ {label}", DropFeed(feed.id)), *again])
    return keyboard(view, [*rows, [button(view.gettext("💾 As a file (OPML)"), ExportFeeds())] if feeds else []])


def to_own(view: View) -> InlineKeyboardMarkup:
    """The way to the feeds of one's own."""
    return keyboard(view, [[button(view.gettext("📥 My feeds"), OwnFeeds())]])


def of_file(view: View, *, request: int, admin: bool) -> InlineKeyboardMarkup:
    """Import a file, or don't."""
    mine = view.gettext("➕ Follow them") if not admin else view.gettext("➕ Only for me")
    shared = [button(view.gettext("🌐 For everybody"), ImportFeeds(request, 1))] if admin else []
    return keyboard(view, [[button(mine, ImportFeeds(request, 0)), *shared], [button(view.gettext("✖️ No"), Close())]])


def dead(feed: Feed, view: View) -> InlineKeyboardMarkup:
    """Try a feed again; drop it, where it is one of one's own."""
    drop = [button(view.gettext("✖️ Drop it"), DropFeed(feed.id))] if feed.personal else []
    return keyboard(view, [[button(view.gettext("🔄 Try it again"), ReviveFeed(feed.id)), *drop]])


def in_trouble(feeds: Sequence[Feed], view: View) -> InlineKeyboardMarkup | None:
    """Feeds in trouble, each to be tried again."""
    rows = [[button(f"🔄 {view.foreign(feed.source, limit=40)}", ReviveFeed(feed.id))] for feed in feeds[:MOST]]
    return keyboard(view, rows) if rows else None
