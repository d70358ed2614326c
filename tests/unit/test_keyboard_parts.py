"""The keyboard that is written for Telegram faster than PTB's own says the same."""

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, SwitchInlineQueryChosenChat, WebAppInfo

from bot.callbacks import OpenStory
from bot.keyboards.parts import Keyboard, button, open_link


@pytest.mark.parametrize(
    "row",
    [
        [button("1", OpenStory(1, 2)), button("2", OpenStory(2, 2))],
        open_link("Read", "https://news.example/a"),
        [InlineKeyboardButton("Share", switch_inline_query="")],
        [InlineKeyboardButton("Share", switch_inline_query_chosen_chat=SwitchInlineQueryChosenChat("a"))],
        [InlineKeyboardButton("App", web_app=WebAppInfo("https://news.example/app"))],
        [InlineKeyboardButton("Pay", pay=True)],
        [InlineKeyboardButton("New", callback_data="x", api_kwargs={"colour": "red"})],
        [],
    ],
)
def test_it_is_written_as_python_telegram_bot_writes_it(row: list[InlineKeyboardButton]) -> None:
    assert Keyboard([row]).to_dict() == InlineKeyboardMarkup([row]).to_dict()
    assert Keyboard([row]) == InlineKeyboardMarkup([row])
