"""What Telegram checks in a keyboard beyond the types of its fields."""

from typing import Any

from bot.playground.api.errors import bad_request
from bot.playground.api.links import checked_link

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
MOST_DATA_BYTES = 64
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
STYLES = {"danger", "success", "primary"}


def is_inline(markup: dict[str, Any]) -> bool:
    """Whether a checked reply_markup is an inline keyboard."""
    return "inline_keyboard" in markup


def check_markup(markup: dict[str, Any]) -> dict[str, Any] | None:
    """The keyboard as it is stored, None for one without buttons. Raises ApiError (400)."""
    if is_inline(markup):
        return check_inline(markup["inline_keyboard"])
    for row in markup.get("keyboard", ()):
        for button in row:
            check_style(button)
            if not button["text"].strip():
                raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
    return markup


def check_inline(rows: list[list[dict[str, Any]]]) -> dict[str, Any] | None:
    """An inline keyboard with its empty rows left out. Raises ApiError (400)."""
    rows = [row for row in rows if row]
    if any(len(row) > MOST_IN_A_ROW for row in rows) or sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            check_button(button)
    return {"inline_keyboard": rows} if rows else None


def check_button(button: dict[str, Any]) -> None:
    """Raise ApiError (400) unless a button has a label and exactly one action that Telegram accepts."""
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: button text must be non-empty")
    actions = [name for name in ACTIONS if name in button]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"can't parse inline keyboard button: it has {len(actions)} actions, {' and '.join(actions)}")
    check_style(button)
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= MOST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and checked_link(button["url"]) is None:
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    for kind in ("web_app", "login_url"):
        if kind in button and not (checked_link(button[kind]["url"]) or "").startswith("https://"):
            raise bad_request(
                f"inline keyboard button URL '{button[kind]['url']}' is invalid: only HTTPS links are allowed"
            )


def check_style(button: dict[str, Any]) -> None:
    """Raise ApiError (400) for a colour that there is not."""
    if button.get("style", "danger") not in STYLES:
        raise bad_request("can't parse keyboard button: invalid button style specified")


def data_of(markup: dict[str, Any] | None) -> list[str]:
    """The callback data of all buttons of an inline keyboard."""
    rows = (markup or {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]
