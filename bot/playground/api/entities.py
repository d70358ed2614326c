"""Entities of a text: their order, what may stand in what, and those that Telegram finds by itself.

An entity is a dictionary as the Bot API gives it; offsets and lengths are in UTF-16 code units.
"""

import re
from bisect import bisect_left
from itertools import pairwise
from typing import Any

Entity = dict[str, Any]

SPLITTABLE = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
LOOSE = SPLITTABLE | QUOTES
VERBATIM = frozenset({"code", "pre"})
PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "date_time": 98,
    "custom_emoji": 99,
}
MOST_ENTITIES = 100

COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")
MENTION = re.compile(r"(?<![\w@])@[A-Za-z0-9_]{3,32}(?!\w)")
HASHTAG = re.compile(r"(?<![\w#])#(?=[\d_]*[^\W\d_])[\w\u200c]{1,256}(?![\w#])")
EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9._+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}(?![\w@])")
_TOP = (
    "com org net info edu gov mil int io app dev news blog online site xyz me tv co ai press media world today live "
    "ac ad ae af ag al am ar as at au az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci "
    "ck cl cm cn cr cu cv cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn "
    "gp gq gr gt gu gw gy hk hm hn hr ht hu id ie il im in iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la "
    "lb lc li lk lr ls lt lu lv ly ma mc md mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl "
    "no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn "
    "so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf "
    "ws ye yt za zm zw"
)
URL = re.compile(
    r"(?<![\w.@/-])"
    r"(?:(?:https?|tg)://[^\s<>\"«»‹›“”]{2,2048}"
    rf"|(?:[^\W_](?:[\w-]{{0,62}}[^\W_])?\.){{1,8}}(?:{'|'.join(_TOP.split())})(?![\w-])(?!\.[^\W_])(?::\d{{1,5}})?"
    r"(?:[/?#][^\s<>\"«»‹›“”]{0,2048})?)",
    re.IGNORECASE,
)
URL_TAIL = ".,:;!?'\"»”’…"
FINDERS: tuple[tuple[str, re.Pattern[str], str | re.Pattern[str]], ...] = (
    ("email", EMAIL, "@"),
    ("url", URL, re.compile(r"[^\W_]\.[^\W_]|://")),
    ("bot_command", COMMAND, "/"),
    ("mention", MENTION, "@"),
    ("hashtag", HASHTAG, "#"),
)
"""Type, pattern, and what a text must hold for it to be worth a look."""


def sort_entities(entities: list[Entity]) -> list[Entity]:
    """By offset, longer ones first, then by the priority of the type."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"], PRIORITY.get(entity["type"], 50)))


def end_of(entity: Entity) -> int:
    """The offset behind the entity."""
    return int(entity["offset"]) + int(entity["length"])


def find_entities(text: str) -> list[Entity]:
    """Commands, mentions, hashtags, addresses of pages and mail in a plain text, in their order; none overlap."""
    found = [
        (match.start(), url_end(match) if kind == "url" else match.end(), kind)
        for kind, pattern, hint in FINDERS
        if (hint in text if isinstance(hint, str) else hint.search(text))
        for match in pattern.finditer(text)
    ]
    if not found:
        return []
    found.sort(key=lambda item: (item[0], -item[1]))
    entities, last = list[Entity](), 0
    for start, end, kind in found:
        if start >= last:
            entities.append({"type": kind, "offset": start, "length": end - start})
            last = end
    return count_in_utf16(text, entities)


def url_end(match: re.Match[str]) -> int:
    """Where an address ends: without punctuation behind it, and without a bracket that it does not open."""
    address = match[0]
    while address:
        if address[-1] in URL_TAIL or (address[-1] in ")]}" and unbalanced(address)):
            address = address[:-1]
        else:
            break
    return match.start() + len(address)


def unbalanced(address: str) -> bool:
    """Whether the bracket at the end closes none of the address's own."""
    opening = {")": "(", "]": "[", "}": "{"}[address[-1]]
    return address.count(address[-1]) > address.count(opening)


def utf16_length(text: str) -> int:
    """The length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def count_in_utf16(text: str, entities: list[Entity]) -> list[Entity]:
    """Turn offsets and lengths in characters into such in UTF-16 units, in place."""
    if utf16_length(text) == len(text):
        return entities
    wide = [place for place, character in enumerate(text) if character > "\uffff"]
    for entity in entities:
        start, end = entity["offset"], end_of(entity)
        entity["offset"] = start + bisect_left(wide, start)
        entity["length"] = end + bisect_left(wide, end) - entity["offset"]
    return entities


def settle(entities: list[Entity], found: list[Entity]) -> list[Entity]:
    """The entities as Telegram keeps them, at most 100: the given ones and, where these leave room, those found.

    Links and the like never overlap, quotes never nest, code holds nothing else, and styles are cut where they cross
    the edge of another entity.
    """
    if not entities:
        return found[:MOST_ENTITIES]
    if found:
        entities = sort_entities(entities + apart(found, [one for one in entities if one["type"] not in LOOSE]))
    if not are_nested(entities):
        entities = untangled(entities)
    return entities[:MOST_ENTITIES]


def apart(found: list[Entity], taken: list[Entity]) -> list[Entity]:
    """Those found that share no place with the taken ones; both in their order."""
    free: list[Entity] = []
    index = 0
    for entity in found:
        while index < len(taken) and end_of(taken[index]) <= entity["offset"]:
            index += 1
        if index == len(taken) or taken[index]["offset"] >= end_of(entity):
            free.append(entity)
    return free


def are_nested(entities: list[Entity]) -> bool:
    """Whether sorted entities stand in each other as they may, so that nothing has to be cut."""
    around: list[tuple[int, str]] = []
    for entity in entities:
        start, end, kind = entity["offset"], end_of(entity), entity["type"]
        while around and around[-1][0] <= start:
            around.pop()
        if around and (end > around[-1][0] or not all(may_hold(outer, kind) for _, outer in around)):
            return False
        around.append((end, kind))
    return True


def may_hold(outer: str, inner: str) -> bool:
    """Whether an entity of one type may stand in another."""
    if outer in VERBATIM or outer == inner or (inner in VERBATIM and outer not in QUOTES):
        return False
    if outer in QUOTES:
        return inner not in QUOTES
    return outer in SPLITTABLE or inner in SPLITTABLE


def untangled(entities: list[Entity]) -> list[Entity]:
    """Entities that cross or may not hold each other, cut or left out until all is well."""
    kept = without_overlaps([entity for entity in entities if entity["type"] not in LOOSE])
    quotes = without_overlaps([entity for entity in entities if entity["type"] in QUOTES])
    if quotes:
        kept = [one for one in kept if not any(crosses(one, quote) for quote in quotes)]
    styles = [entity for entity in entities if entity["type"] in SPLITTABLE]
    return sort_entities(kept + quotes + (cut_styles(styles, kept + quotes) if styles else []))


def without_overlaps(entities: list[Entity]) -> list[Entity]:
    """The entities in their order without those that begin inside an earlier one."""
    kept: list[Entity] = []
    last = 0
    for entity in sort_entities(entities):
        if entity["offset"] >= last:
            kept.append(entity)
            last = end_of(entity)
    return kept


def touches(one: Entity, other: Entity) -> bool:
    """Whether two entities share a place."""
    return bool(one["offset"] < end_of(other) and other["offset"] < end_of(one))


def crosses(one: Entity, quote: Entity) -> bool:
    """Whether an entity sticks out of a quote at one side."""
    return touches(one, quote) and not (one["offset"] >= quote["offset"] and end_of(one) <= end_of(quote))


def cut_styles(styles: list[Entity], others: list[Entity]) -> list[Entity]:
    """Bold and the like, each kind joined where it overlaps itself, cut at the edges of others, gone inside code."""
    result: list[Entity] = []
    verbatim = [one for one in others if one["type"] in VERBATIM]
    for kind in dict.fromkeys(style["type"] for style in styles):
        ranges = joined([(one["offset"], end_of(one)) for one in styles if one["type"] == kind])
        for start, end in outside(verbatim, ranges):
            edges = {start, end}
            for other in others + result:
                inside = start <= other["offset"] and end_of(other) <= end
                if not (inside or covers(other, start, end)):
                    edges |= {edge for edge in (other["offset"], end_of(other)) if start < edge < end}
            result += [
                {"type": kind, "offset": left, "length": right - left} for left, right in pairwise(sorted(edges))
            ]
    return result


def outside(entities: list[Entity], ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of ranges where entities are cut out of them."""
    for entity in entities:
        before = [(start, min(end, entity["offset"])) for start, end in ranges]
        behind = [(max(start, end_of(entity)), end) for start, end in ranges]
        ranges = sorted({(start, end) for start, end in before + behind if start < end})
    return ranges


def covers(entity: Entity, start: int, end: int) -> bool:
    """Whether an entity reaches over [start, end)."""
    return bool(entity["offset"] <= start and end <= end_of(entity))


def joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges with those that overlap made one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result
