"""The buttons under messages.

Telegram lays rows out from left to right for everyone, so readers of languages that run the other way get their rows
turned around; ‹ and › turn by themselves in such texts. At most 8 buttons stand in a row, and 100 under a message.
"""

from bot.keyboards.breaking import breaking, breaking_settings
from bot.keyboards.chats import SIGNS, chats, managing, open_chat, set_up, to_chats
from bot.keyboards.chats import begin as begin_chat
from bot.keyboards.learning import followed, following, lean_here, learned, less_of, source, sources, want_topic
from bot.keyboards.parts import button, grid, keyboard, open_link, ticked
from bot.keyboards.searching import choices, narrowing, search_tools, suggestion
from bot.keyboards.settings import (
    BUDGETS,
    HOURS,
    ZONES,
    budgets,
    calendars,
    interface_language,
    mutes,
    news_languages,
    options,
    settings,
    stop,
    times,
    topics,
    welcome,
    zones,
)
from bot.keyboards.stories import articles, back_to_story, card, digest, empty_digest, mute_choices, saved, shared

__all__ = [
    "BUDGETS",
    "HOURS",
    "SIGNS",
    "ZONES",
    "articles",
    "back_to_story",
    "begin_chat",
    "breaking",
    "breaking_settings",
    "budgets",
    "button",
    "calendars",
    "card",
    "chats",
    "choices",
    "digest",
    "empty_digest",
    "followed",
    "following",
    "grid",
    "interface_language",
    "keyboard",
    "lean_here",
    "learned",
    "less_of",
    "managing",
    "mute_choices",
    "mutes",
    "narrowing",
    "news_languages",
    "open_chat",
    "open_link",
    "options",
    "saved",
    "search_tools",
    "set_up",
    "settings",
    "shared",
    "source",
    "sources",
    "stop",
    "suggestion",
    "ticked",
    "times",
    "to_chats",
    "topics",
    "want_topic",
    "welcome",
    "zones",
]
