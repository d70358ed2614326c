"""The parser of parse_mode=HTML, by the rules of TDLib: what it refuses, what it lets through, and the entities.

`parse_html` gives the text without tags and the entities in TDLib's order; offsets and lengths are in UTF-16 code
units. It raises HtmlError with TDLib's text; the server puts "can't parse entities: " in front of it.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bot.playground.api.entities import Entity, count_in_utf16, sort_entities
from bot.playground.api.links import checked_link, mentioned_user

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS = frozenset(SIMPLE) | {"a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
SPACE = " \t\r\n\0\v"
PIECE = re.compile(r"[^<&]+")
START_TAG = re.compile(r"""<([a-z-]+)(?:[ ]href=(?:"([^"&]*)"|'([^'&]*)')|[ ](expandable))?>""")
END_TAG = re.compile(r"</([a-z-]*)>")
TAG_NAME = re.compile(rf"[^{SPACE}>]*")
ATTRIBUTE_NAME = re.compile(rf"[^{SPACE}=>]*")
NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
SPACES = re.compile(rf"[{SPACE}]*")
REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9A-Fa-f]*)|#(?P<decimal>[0-9]*)|(?P<name>[A-Za-z]*));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
TIME_FORMAT = re.compile(r"r|[tTdDwW]*")


class HtmlError(ValueError):
    """Markup that Telegram refuses; the text is TDLib's."""


@dataclass(slots=True)
class OpenTag:
    """A start tag whose end has not come yet, and where its body starts, in characters of the output."""

    name: str
    attributes: dict[str, str]
    start: int = 0


@dataclass(slots=True)
class Output:
    """The text so far and its length in characters."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, piece: str) -> None:
        """Append text."""
        self.pieces.append(piece)
        self.length += len(piece)


def is_unicode(text: str) -> bool:
    """Whether a text has no lone surrogates in it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The text and its entities. Raises HtmlError."""
    if "<" not in source and "&" not in source:
        return source, []
    output, entities, open_tags = Output(), list[Entity](), list[OpenTag]()
    place = 0
    length = len(source)
    while place < length:
        first = source[place]
        if first == "&":
            character, place = decode_reference(source, place)
            output.add(character)
        elif first != "<":
            piece = PIECE.match(source, place)
            output.add(piece[0] if piece else first)
            place += len(piece[0]) if piece else 1
        elif source.startswith("/", place + 1):
            place = close_tag(source, place, open_tags, output, entities)
        else:
            tag, place = read_start_tag(source, place)
            tag.start = output.length
            open_tags.append(tag)
    if open_tags:
        raise HtmlError(f'Can\'t find end tag corresponding to start tag "{open_tags[-1].name}"')
    text = "".join(output.pieces)
    if not is_unicode(text):
        raise HtmlError(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    count_in_utf16(text, entities)
    return text, sort_entities([without_leftover(entity) for entity in entities])


def decode_reference(source: str, place: int) -> tuple[str, int]:
    """The character that a reference stands for and where it ends; the ampersand itself where it stands for none."""
    match = REFERENCE.match(source, place)
    if match is None:
        return "&", place + 1
    if (name := match["name"]) is not None:
        return (NAMED[name], match.end()) if name in NAMED else ("&", place + 1)
    digits = match["hex"] if match["hex"] is not None else match["decimal"]
    length = len(match[0].rstrip(";"))
    code = int(digits, 16 if match["hex"] is not None else 10) if digits else 0
    if code == 0 or code >= 0x10FFFF or length >= 10:
        return "&", place + 1
    return chr(code), match.end()


def byte_offset(source: str, place: int) -> int:
    """Where a character stands, counted in bytes of UTF-8."""
    return len(source[:place].encode())


def read_start_tag(source: str, begin: int) -> tuple[OpenTag, int]:
    """A start tag and where it ends. Raises HtmlError."""
    plain = START_TAG.match(source, begin)
    if plain is not None and plain[1] in TAGS and plain[1] != "span":
        name, double, single, expandable = plain.groups()
        address = double or single
        attributes = {"href": address} if address else {"expandable": ""} if expandable else {}
        return OpenTag(name, attributes), plain.end()
    return read_unusual_tag(source, begin)


def read_unusual_tag(source: str, begin: int) -> tuple[OpenTag, int]:
    """A start tag of any form. Raises HtmlError."""
    place = match_end(TAG_NAME, source, begin + 1)
    if place >= len(source):
        raise HtmlError(f"Unclosed start tag at byte offset {byte_offset(source, begin)}")
    name = source[begin + 1 : place].lower()
    if name not in TAGS:
        raise HtmlError(f'Unsupported start tag "{name}" at byte offset {byte_offset(source, begin)}')
    attributes: dict[str, str] = {}
    while True:
        place = match_end(SPACES, source, place)
        if source.startswith(">", place):
            break
        attribute, value, place = read_attribute(source, place, name, begin)
        attributes[attribute] = value
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise HtmlError(f'Tag "span" must have class "tg-spoiler" at byte offset {byte_offset(source, begin)}')
    return OpenTag(name, attributes), place + 1


def read_attribute(source: str, place: int, tag: str, begin: int) -> tuple[str, str, int]:
    """One attribute's name and value, and where it ends; the value is "" where it has none. Raises HtmlError."""
    end = match_end(ATTRIBUTE_NAME, source, place)
    name = source[place:end]
    unclosed = f'Unclosed start tag "{tag}" at byte offset {byte_offset(source, begin)}'
    if end >= len(source):
        raise HtmlError(unclosed)
    if not name:
        raise HtmlError(f'Empty attribute name in the tag "{tag}" at byte offset {byte_offset(source, begin)}')
    place = match_end(SPACES, source, end)
    if place >= len(source):
        raise HtmlError(unclosed)
    if source[place] != "=":
        return name, "", place
    place = match_end(SPACES, source, place + 1)
    if place >= len(source):
        raise HtmlError(unclosed)
    if source[place] in "'\"":
        value, place = read_quoted(source, place)
    else:
        end = match_end(NAME_TOKEN, source, place)
        if end < len(source) and source[end] not in SPACE + ">":
            raise HtmlError(f"Unexpected end of name token at byte offset {byte_offset(source, place)}")
        value, place = source[place:end].lower(), end
    if place >= len(source):
        raise HtmlError(f"Unclosed start tag at byte offset {byte_offset(source, begin)}")
    return name, value, place


def read_quoted(source: str, place: int) -> tuple[str, int]:
    """A quoted value and where it ends; at the end of the source where the quote is not closed."""
    quote = source[place]
    end = source.find(quote, place + 1)
    if end < 0:
        return "", len(source)
    raw = source[place + 1 : end]
    if "&" not in raw:
        return raw, end + 1
    pieces, at = [], 0
    while at < len(raw):
        if raw[at] == "&":
            piece, at = decode_reference(raw, at)
        else:
            stop = raw.find("&", at)
            stop = len(raw) if stop < 0 else stop
            piece, at = raw[at:stop], stop
        pieces.append(piece)
    return "".join(pieces), end + 1


def close_tag(source: str, begin: int, open_tags: list[OpenTag], output: Output, entities: list[Entity]) -> int:
    """Take in an end tag, and the entity it completes; returns where it ends. Raises HtmlError."""
    if not open_tags:
        raise HtmlError(f"Unexpected end tag at byte offset {byte_offset(source, begin)}")
    if (plain := END_TAG.match(source, begin)) is not None:
        name, place = plain[1], plain.end() - 1
    else:
        end = match_end(TAG_NAME, source, begin + 2)
        name, place = source[begin + 2 : end].lower(), match_end(SPACES, source, end)
        if not source.startswith(">", place):
            raise HtmlError(f"Unclosed end tag at byte offset {byte_offset(source, begin)}")
    tag = open_tags.pop()
    if name and name != tag.name:
        offset = byte_offset(source, begin)
        raise HtmlError(f'Unmatched end tag at byte offset {offset}, expected "</{tag.name}>", found "</{name}>"')
    if output.length > tag.start:
        add_entity(tag, output, entities)
    return place + 1


def add_entity(tag: OpenTag, output: Output, entities: list[Entity]) -> None:
    """Append the entity of a tag that has just been closed, where it makes one."""
    entity: Entity = {"type": SIMPLE.get(tag.name, tag.name), "offset": tag.start, "length": output.length - tag.start}
    if tag.name == "a":
        inner = "".join(output.pieces)[tag.start :] if not tag.attributes.get("href") else ""
        if (link := link_entity(tag.attributes.get("href") or inner)) is None:
            return
        entity |= link
    elif tag.name in {"pre", "code"} and merge_code(tag, entity, entities):
        return
    elif tag.name == "blockquote" and "expandable" in tag.attributes:
        entity["type"] = "expandable_blockquote"
    elif tag.name == "tg-emoji":
        entity |= emoji_entity(tag.attributes)
    elif tag.name == "tg-time":
        entity |= time_entity(tag.attributes)
    entities.append(entity)


@lru_cache(maxsize=4096)
def link_entity(address: str) -> Entity | None:
    """What an address makes of an entity: a mention of a user (by id), a link, or None where it is neither."""
    if (user := mentioned_user(address)) is not None:
        return {"type": "text_mention", "user": user}
    link = checked_link(address)
    return None if link is None else {"type": "text_link", "url": link}


def merge_code(tag: OpenTag, entity: Entity, entities: list[Entity]) -> bool:
    """Whether a `pre` around the same text as a `code` with a language, or the other way, became one with it."""
    language = tag.attributes.get("class", "") if tag.name == "code" else ""
    language = language.removeprefix("language-") if language.startswith("language-") else ""
    last: dict[str, Any] = entities[-1] if entities else {}
    same = last.get("offset") == entity["offset"] and last.get("length") == entity["length"]
    if same and tag.name == "pre" and last["type"] == "code" and last.get("language"):
        last["type"] = "pre"
        return True
    if same and tag.name == "code" and last["type"] == "pre" and language and "language" not in last:
        last["language"] = language
        return True
    if language:
        entity["language"] = language
    return False


def without_leftover(entity: Entity) -> Entity:
    """The entity without the language of a `code` that stands alone."""
    if entity["type"] == "code":
        entity.pop("language", None)
    return entity


def emoji_entity(attributes: dict[str, str]) -> Entity:
    """A custom emoji by its identifier. Raises HtmlError."""
    identifier = attributes.get("emoji-id", "")
    if not identifier.isascii() or not identifier.isdigit() or int(identifier) == 0:
        raise HtmlError("Invalid custom emoji identifier specified")
    return {"type": "custom_emoji", "custom_emoji_id": identifier}


def time_entity(attributes: dict[str, str]) -> Entity:
    """A moment that every reader sees in their own zone. Raises HtmlError."""
    unix, form = attributes.get("unix", ""), attributes.get("format", "")
    if not re.fullmatch(r"-?\d{1,12}", unix):
        raise HtmlError("Invalid date specified")
    if not TIME_FORMAT.fullmatch(form):
        raise HtmlError("Invalid date format used")
    entity: Entity = {"type": "date_time", "unix_time": int(unix)}
    return entity | {"date_time_format": form} if form else entity


def match_end(pattern: re.Pattern[str], source: str, place: int) -> int:
    """Where a pattern that also matches nothing stops."""
    match = pattern.match(source, place)
    return match.end() if match else place
