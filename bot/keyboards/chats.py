"""The buttons of groups and channels, and of setting them up from the private chat."""

from collections.abc import Sequence
from datetime import time

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import BeginChat, CloseChat, ListChats, OpenChat
from bot.keyboards.parts import button, grid, keyboard, open_link
from bot.view import View
from digests.model import ChatKind, ManagedChat

MOST_CHATS = 60
SIGNS = {ChatKind.CHANNEL: "📣", ChatKind.GROUP: "👥", ChatKind.PRIVATE: "👤"}


def set_up(view: View, link: str) -> InlineKeyboardMarkup:
    """Under the greeting in a group: the way to its settings in private."""
    return keyboard(view, [open_link(view.gettext("⚙️ Set up"), link)])


def chats(listed: Sequence[ManagedChat], view: View, *, link: str) -> InlineKeyboardMarkup:
    """The chats that a person sets up, and the ways to more of them."""
    entries = [button(label(chat, view), OpenChat(chat.subscriber.id)) for chat in listed[:MOST_CHATS]]
    address = link.partition("?")[0]
    more = [
        *open_link(view.gettext("➕ To a group"), f"{address}?startgroup=true"),
        *open_link(view.gettext("➕ To a channel"), f"{address}?startchannel&admin=post_messages"),
    ]
    return keyboard(view, [*grid(entries, 1), more])


def label(chat: ManagedChat, view: View) -> str:
    """A chat's name with its sign."""
    return f"{SIGNS[chat.subscriber.kind]} {view.own_line(chat.title, limit=48)}"


def open_chat(view: View, text: str, subscriber_id: int) -> InlineKeyboardMarkup:
    """The way to a chat's settings."""
    return keyboard(view, [[button(text, OpenChat(subscriber_id))]])


def begin(view: View, at: time) -> list[list[InlineKeyboardButton]]:
    """Above the settings of a chat to which no digests come yet."""
    text = view.gettext("▶️ Begin: a digest a day at {time}").format(time=view.formats.time(at))
    return [[button(text, BeginChat())]]


def managing(view: View, subscriber_id: int | None = None) -> InlineKeyboardMarkup:
    """Under whatever is set up for another chat: its settings unless they are there, all chats, and the end."""
    back = [button(view.gettext("‹ Its settings"), OpenChat(subscriber_id))] if subscriber_id is not None else []
    return keyboard(
        view, [[*back, button(view.gettext("‹ My chats"), ListChats()), button(view.gettext("✔️ Done"), CloseChat())]]
    )


def to_chats(view: View, link: str) -> InlineKeyboardMarkup:
    """In a group: the way to the list in private."""
    return keyboard(view, [open_link(view.gettext("👥 My chats"), link)])
