"""What keyboards are built from: buttons, rows, grids and the ways back."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import Callback, OpenSettings, ShowList, encode
from bot.markup import safe_url
from bot.view import View

Row = list[InlineKeyboardButton]

_FIELDS = ("text", *sorted({*InlineKeyboardButton.__slots__} - {"text"}))

PER_ROW = 8
"""Buttons in a row, at most: more than that Telegram does not take."""


class Keyboard(InlineKeyboardMarkup):
    """A keyboard that is written for Telegram at a sixth of the stock cost: each digest has one of its own."""

    __slots__ = ()

    def to_dict(self, recursive: bool = True) -> dict[str, Any]:
        """What goes to Telegram; `recursive` as PTB has it."""
        if not recursive or self.api_kwargs:
            return super().to_dict(recursive)
        return {"inline_keyboard": [[_written(one) for one in row] for row in self.inline_keyboard]}


def _written(one: InlineKeyboardButton) -> dict[str, Any]:
    found = {name: value for name in _FIELDS if (value := getattr(one, name)) is not None}
    plain = not one.api_kwargs and all(isinstance(value, str) for value in found.values())
    return found if plain else one.to_dict()


def button(text: str, callback: Callback) -> InlineKeyboardButton:
    """A button that asks the bot for something."""
    return InlineKeyboardButton(text, callback_data=encode(callback))


def open_link(text: str, url: str) -> Row:
    """A row with a button that opens an address; empty where the address is none that may be linked."""
    address = safe_url(url)
    return [InlineKeyboardButton(text, url=address)] if address else []


def keyboard(view: View, rows: Sequence[Row]) -> InlineKeyboardMarkup:
    """Rows as a keyboard, in the reading direction of the interface, without empty ones."""
    return Keyboard([row[::-1] if view.rtl else row for row in rows if row])


def grid(buttons: Sequence[InlineKeyboardButton], across: int) -> list[Row]:
    """Buttons in as few rows of at most `across` as hold them, the rows evenly long."""
    if not buttons:
        return []
    length = ceil(len(buttons) / ceil(len(buttons) / across))
    return [list(buttons[start : start + length]) for start in range(0, len(buttons), length)]


def ticked(text: str, chosen: bool) -> str:
    """A label with a tick where it is chosen."""
    return f"✅ {text}" if chosen else text


def back_to_settings(view: View) -> Row:
    """The way back to the first page of the settings."""
    return [button(view.gettext("‹ Settings"), OpenSettings())]


def back(view: View, request: int, page: int = 0) -> Row:
    """The way back to a request's digest or list; empty where there is none."""
    return [button(view.gettext("‹ Back"), ShowList(request, page))] if request else []


def pager(view: View, request: int, page: int, *, more: bool) -> Row:
    """The pages before and after this one."""
    newer = [button(view.gettext("‹ Newer"), ShowList(request, page - 1))] if page else []
    older = [button(view.gettext("Older ›"), ShowList(request, page + 1))] if more else []
    return newer + older
