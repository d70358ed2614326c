"""The methods of the Bot API by their names in lower case, as Telegram reads them."""

from collections.abc import Callable
from typing import Any

from bot.playground.api.methods import about, chats, editing, queries, sending, updates
from bot.playground.api.world import World

Method = Callable[[World, dict[str, Any]], Any]
"""Takes the world and the checked parameters, gives the result (getUpdates: an awaitable of it); raises ApiError."""

METHODS: dict[str, Method] = {
    name.lower(): method
    for group in (about, chats, editing, queries, sending, updates)
    for name, method in group.METHODS.items()
}
