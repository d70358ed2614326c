"""How everything reads in Telegram: pure functions of values and a View, each giving the Message to send.

digest: digests (body and frame); card: a story's card; explain: how and why; lists: /latest, /search, /saved;
settings: the pages of the settings; texts: welcome, help, sources, privacy, figures; replies: short answers.
"""

from bot.render.card import CardState, Origin, article_item, card
from bot.render.digest import Body, Frame, body_key, digest, digest_body
from bot.view import Message, View, message, view_of

__all__ = [
    "Body",
    "CardState",
    "Frame",
    "Message",
    "Origin",
    "View",
    "article_item",
    "body_key",
    "card",
    "digest",
    "digest_body",
    "message",
    "view_of",
]
