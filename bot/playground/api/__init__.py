"""A Bot API server on loopback: one bot, a small world of people and chats, and the checks that Telegram makes."""

from bot.playground.api.faults import Fault
from bot.playground.api.limits import NO_LIMITS, Limits
from bot.playground.api.server import BotApiServer, create_app
from bot.playground.api.world import World

__all__ = ["NO_LIMITS", "BotApiServer", "Fault", "Limits", "World", "create_app"]
