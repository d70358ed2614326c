"""The buttons under messages.

Telegram lays rows out from left to right for everyone, so readers of languages that run the other way get their rows
turned around; ‹ and › turn by themselves in such texts. At most 8 buttons stand in a row, and 100 under a message.
"""

from bot.keyboards.breaking import breaking, breaking_settings
from bot.keyboards.chats import SIGNS, chats, managing, open_chat, set_up, to_chats
from bot.keyboards.chats import begin as begin_chat
from bot.keyboards.learning import followed, following, lean_here, learned, less_of, source, sources, want_topic
from bot.keyboards.onboarding import leave, location, neighbours
from bot.keyboards.parts import button, grid, keyboard, open_link, ticked
from bot.keyboards.schedule import (
    HOURS,
    ZONES,
    ZoneChoice,
    paused,
    quiet,
    resume,
    slot,
    span,
    times,
    wish_key,
    zone_choices,
    zones,
)
from bot.keyboards.searching import choices, narrowing, search_tools, suggestion, why_not
from bot.keyboards.settings import (
    BUDGETS,
    budgets,
    calendars,
    interface_language,
    mutes,
    news_languages,
    options,
    settings,
    stop,
    topics,
)
from bot.keyboards.stories import articles, back_to_story, card, digest, empty_digest, mute_choices, saved, shared

__all__ = [
    "BUDGETS",
    "HOURS",
    "SIGNS",
    "ZONES",
    "ZoneChoice",
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
    "leave",
    "less_of",
    "location",
    "managing",
    "mute_choices",
    "mutes",
    "narrowing",
    "neighbours",
    "news_languages",
    "open_chat",
    "open_link",
    "options",
    "paused",
    "quiet",
    "resume",
    "saved",
    "search_tools",
    "set_up",
    "settings",
    "shared",
    "slot",
    "source",
    "sources",
    "span",
    "stop",
    "suggestion",
    "ticked",
    "times",
    "to_chats",
    "topics",
    "want_topic",
    "why_not",
    "wish_key",
    "zone_choices",
    "zones",
]
