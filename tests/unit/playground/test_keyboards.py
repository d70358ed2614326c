"""Keyboards: what Telegram refuses beyond wrong types."""

from typing import Any

import pytest

from bot.playground.api.errors import ApiError
from bot.playground.api.keyboards import check_markup, data_of

BUTTON = {"text": "More", "callback_data": "m"}


def inline(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def refusal(markup: dict[str, Any]) -> str:
    with pytest.raises(ApiError) as caught:
        check_markup(markup)
    return caught.value.description


def test_a_keyboard_at_its_limits_is_taken() -> None:
    rows = [[BUTTON] * 8] * 12 + [[BUTTON] * 4]
    assert check_markup({"inline_keyboard": rows}) == {"inline_keyboard": rows}
    assert "too long" in refusal({"inline_keyboard": [*rows, [BUTTON]]})
    assert "too long" in refusal(inline(*[BUTTON] * 9))


def test_callback_data_is_counted_in_bytes() -> None:
    assert check_markup(inline({"text": "x", "callback_data": "ص" * 32}))
    assert refusal(inline({"text": "x", "callback_data": "ص" * 32 + "x"})).endswith("BUTTON_DATA_INVALID")
    assert refusal(inline({"text": "x", "callback_data": ""})).endswith("BUTTON_DATA_INVALID")


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "x"}, "Text buttons are unallowed"),
        ({"text": " ", "callback_data": "x"}, "must be non-empty"),
        ({"text": "x", "callback_data": "x", "url": "https://x.org"}, "2 actions, url and callback_data"),
        ({"text": "x", "url": "javascript:alert(1)"}, "Wrong HTTP URL"),
        ({"text": "x", "url": "https://localhost/x"}, "Wrong HTTP URL"),
        ({"text": "x", "url": ""}, "Wrong HTTP URL"),
        ({"text": "x", "web_app": {"url": "http://x.org"}}, "only HTTPS links"),
        ({"text": "x", "callback_data": "x", "style": "purple"}, "invalid button style"),
    ],
)
def test_buttons_that_are_refused(button: dict[str, Any], description: str) -> None:
    assert description in refusal(inline(button))


@pytest.mark.parametrize(
    "action",
    [
        {"url": "https://example.org/a?b"},
        {"url": "tg://resolve?domain=x"},
        {"url": "http://127.0.0.1:8765/story/1"},
        {"switch_inline_query": ""},
        {"switch_inline_query_current_chat": "climate"},
        {"copy_text": {"text": "x"}},
        {"web_app": {"url": "https://x.org"}},
    ],
)
def test_every_action_makes_a_button(action: dict[str, Any]) -> None:
    assert check_markup(inline({"text": "x", **action}))


def test_empty_rows_vanish_and_so_does_an_empty_keyboard() -> None:
    assert check_markup({"inline_keyboard": [[], [BUTTON], []]}) == inline(BUTTON)
    assert check_markup({"inline_keyboard": [[]]}) is None
    assert data_of(inline(BUTTON, {"text": "x", "url": "x.org"})) == ["m"]
    assert data_of(None) == []


def test_keyboards_under_the_input_field() -> None:
    keyboard = {"keyboard": [[{"text": "Here", "request_location": True}]], "resize_keyboard": True}
    assert check_markup(keyboard) == keyboard
    assert check_markup({"remove_keyboard": True}) == {"remove_keyboard": True}
    assert check_markup({"force_reply": True}) == {"force_reply": True}
    assert "keyboard button" in refusal({"keyboard": [[{"text": ""}]]})
