"""Methods that answer: pressed buttons and inline queries; and the sign that the bot is busy."""

import re
from collections.abc import Callable
from typing import Any

from bot.playground.api.chats import Json
from bot.playground.api.errors import bad_request
from bot.playground.api.links import checked_link
from bot.playground.api.methods.sending import inline_content
from bot.playground.api.world import World

ACTIONS = frozenset(
    (
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"),
        *("choose_sticker", "find_location", "record_video_note", "upload_video_note"),
    )
)
MOST_RESULTS = 50
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def answer_callback(world: World, params: Json) -> bool:
    """What the person sees after pressing a button."""
    query = world.find_query(params["callback_query_id"])
    if query.message_id is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if params.get("url") and not checked_link(params["url"]):
        raise bad_request("URL_INVALID")
    answer = {
        "text": params.get("text", ""),
        "show_alert": params.get("show_alert", False),
        "url": params.get("url", ""),
    }
    query.answer = answer
    world.events.append("callback_answer", callback_query_id=query.id, **answer)
    return True


def answer_inline(world: World, params: Json) -> bool:
    """The results of an inline query."""
    query = world.find_query(params["inline_query_id"])
    if query.message_id is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    results = params["results"]
    if len(results) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    if len({result["id"] for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    button = params.get("button")
    if button and ("web_app" in button) == ("start_parameter" in button):
        raise bad_request("exactly one of web_app and start_parameter must be given in the button")
    if button and not START_PARAMETER.fullmatch(button.get("start_parameter", "x")):
        raise bad_request("START_PARAM_INVALID")
    query.results |= {result["id"]: inline_content(result) for result in results}
    query.answer = {"results": results, "next_offset": params.get("next_offset", ""), "button": button}
    world.events.append("inline", inline_query_id=query.id, **query.answer)
    return True


def chat_action(world: World, params: Json) -> bool:
    """ "typing …" and its like."""
    chat = world.writable(params["chat_id"])
    if params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    if params.get("message_thread_id") and params["message_thread_id"] not in chat.topics:
        raise bad_request("message thread not found")
    world.events.append("action", chat_id=chat.id, action=params["action"])
    return True


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "answerCallbackQuery": answer_callback,
    "answerInlineQuery": answer_inline,
    "sendChatAction": chat_action,
}
