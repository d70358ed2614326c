"""Methods about the bot itself: who it is, its name and descriptions, its menus."""

import re
from collections.abc import Callable
from typing import Any

from bot.playground.api.chats import Json
from bot.playground.api.errors import bad_request
from bot.playground.api.profile import check_language, scope_key
from bot.playground.api.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MOST_COMMANDS = 100


def get_me(world: World, _params: Json) -> Json:
    """The bot."""
    return world.bot


def leave_server(_world: World, _params: Json) -> bool:
    """logOut and close: nothing to do here."""
    return True


def commands_key(world: World, params: Json) -> tuple[tuple[str, int | None, int | None], str]:
    """Scope and language of a menu. Raises ApiError (400) for a chat that is not there."""
    kind, chat_id, user_id = scope_key(params.get("scope"))
    if chat_id is not None:
        chat_id = world.find_chat(chat_id).id
    return (kind, chat_id, user_id), check_language(params.get("language_code", ""))


def set_commands(world: World, params: Json) -> bool:
    """Replace a menu of commands."""
    commands = params["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not command["description"].strip():
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile.commands[commands_key(world, params)] = commands
    world.events.append("commands")
    return True


def get_commands(world: World, params: Json) -> list[Json]:
    """A menu of commands, as it was set."""
    return world.profile.commands.get(commands_key(world, params), [])


def delete_commands(world: World, params: Json) -> bool:
    """Take a menu away."""
    world.profile.commands.pop(commands_key(world, params), None)
    world.events.append("commands")
    return True


def text_setter(parameter: str, texts: str) -> Callable[[World, Json], bool]:
    """The method that sets the name or a description in a language."""

    def set_text(world: World, params: Json) -> bool:
        language = check_language(params.get("language_code", ""))
        getattr(world.profile, texts)[language] = params.get(parameter, "")
        if parameter == "name" and not language:
            world.me = world.me | {"first_name": params.get("name") or "Baztab"}
        world.events.append("about")
        return True

    return set_text


def text_getter(parameter: str, texts: str) -> Callable[[World, Json], Json]:
    """The method that reads the name or a description in a language."""

    def get_text(world: World, params: Json) -> Json:
        language = check_language(params.get("language_code", ""))
        return {parameter: world.profile.localized(getattr(world.profile, texts), language)}

    return get_text


def set_menu_button(world: World, params: Json) -> bool:
    """What the button beside the input field does, for one person or all."""
    button = params.get("menu_button", {"type": "default"})
    if "chat_id" in params:
        world.find_chat(params["chat_id"]).menu_button = None if button["type"] == "default" else button
    else:
        world.profile.menu_button = {"type": "commands"} if button["type"] == "default" else button
    return True


def get_menu_button(world: World, params: Json) -> Json:
    """What the button does."""
    own = world.find_chat(params["chat_id"]).menu_button if "chat_id" in params else None
    return own or world.profile.menu_button


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "getMe": get_me,
    "logOut": leave_server,
    "close": leave_server,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyName": text_setter("name", "names"),
    "getMyName": text_getter("name", "names"),
    "setMyDescription": text_setter("description", "descriptions"),
    "getMyDescription": text_getter("description", "descriptions"),
    "setMyShortDescription": text_setter("short_description", "short_descriptions"),
    "getMyShortDescription": text_getter("short_description", "short_descriptions"),
    "setChatMenuButton": set_menu_button,
    "getChatMenuButton": get_menu_button,
}
