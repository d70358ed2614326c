"""From the text of a call to what is stored: markup parsed, cleaned, trimmed, measured, entities found."""

import re
from typing import Any

from bot.playground.api.entities import Entity, end_of, find_entities, settle, utf16_length
from bot.playground.api.errors import bad_request
from bot.playground.api.html import HtmlError, parse_html

MOST_TEXT = 4096
MOST_CAPTION = 1024
MOST_RAW_BYTES = 32_768
UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e\u0333\u033f\u030a]")
DROPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
BLANKS = " \n\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\u2800"


def format_text(source: str, parse_mode: str = "", given: list[Entity] | None = None) -> tuple[str, list[Entity]]:
    """The text and entities that Telegram would store; "" where nothing is left. Raises ApiError (400)."""
    if len(source) * 4 > MOST_RAW_BYTES and len(source.encode()) > MOST_RAW_BYTES:
        raise bad_request("text is too long")
    text, entities = marked_up(source, parse_mode, given)
    if UNWANTED.search(text):
        text, entities = cleaned(text, entities)
    text, entities = trimmed(text, entities)
    return text, settle(entities, find_entities(text)) if text else []


def marked_up(source: str, parse_mode: str, given: list[Entity] | None) -> tuple[str, list[Entity]]:
    """The text and entities by the markup, or as they were given."""
    mode = parse_mode.lower()
    if mode == "html":
        try:
            return parse_html(source)
        except HtmlError as error:
            raise bad_request(f"can't parse entities: {error}") from None
    if mode in {"markdown", "markdownv2"}:
        raise bad_request(f"can't parse entities: {parse_mode} is not supported by this server, use HTML")
    if mode:
        raise bad_request("unsupported parse_mode")
    length = utf16_length(source)
    return source, [clipped(entity, length) for entity in given or () if 0 <= entity["offset"] < length]


def clipped(entity: Entity, length: int) -> Entity:
    """A given entity cut to the text. Raises ApiError for one that has no length."""
    if entity["length"] <= 0:
        raise bad_request("can't parse entities: an entity must have a positive length")
    return entity | {"length": min(entity["length"], length - entity["offset"])}


def cleaned(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without carriage returns and direction overrides, with spaces for other control characters."""
    dropped = [utf16_length(text[: match.start()]) for match in DROPPED.finditer(text)]
    text = CONTROL.sub(" ", DROPPED.sub("", text))
    if not dropped:
        return text, entities

    def moved(offset: int) -> int:
        return offset - sum(1 for place in dropped if place < offset)

    return text, resized((entity, moved(entity["offset"]), moved(end_of(entity))) for entity in entities)


def resized(changes: Any) -> list[Entity]:
    """Entities at new places, from (entity, start, end); those without a body are gone."""
    return [entity | {"offset": start, "length": end - start} for entity, start, end in changes if end > start]


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without blanks at both ends, in and out of entities."""
    right = text.rstrip(BLANKS)
    body = right.lstrip(BLANKS)
    if len(body) == len(text) or not entities:
        return body, entities if body else []
    skipped = utf16_length(right) - utf16_length(body)
    length = utf16_length(body)
    moved = ((entity, max(entity["offset"] - skipped, 0), min(end_of(entity) - skipped, length)) for entity in entities)
    return body, resized(moved)


def message_text(params: dict[str, Any]) -> dict[str, Any]:
    """`text` and `entities` of a message from a call's parameters. Raises ApiError (400)."""
    text, entities = format_text(params["text"], params.get("parse_mode", ""), params.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if len(text) * 2 > MOST_TEXT and utf16_length(text) > MOST_TEXT:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def message_caption(params: dict[str, Any]) -> dict[str, Any]:
    """`caption` and `caption_entities` of a message, {} where there is none. Raises ApiError (400)."""
    source = params.get("caption", "")
    if not source:
        return {}
    text, entities = format_text(source, params.get("parse_mode", ""), params.get("caption_entities"))
    if utf16_length(text) > MOST_CAPTION:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}
