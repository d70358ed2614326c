"""A message's text as a tree that Telegram cannot refuse.

Nodes are written, measured and shortened as values; HTML is only ever written from a whole tree, never cut. The rules
are those of Telegram's own parser: only & < > and " are escaped, code holds no other entity, quotes and links do not
nest, an entity with an empty body vanishes, and a link that is no http, https or tg address turns into its text.
A `str` stands for a Text node and a tuple for a sequence wherever a node is wanted.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import accumulate, takewhile
from string import Formatter
from typing import ClassVar, TypeAlias
from urllib.parse import quote, urlsplit

# ── nodes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Span:
    """A node around a body. `alone` ones hold nothing but text; none holds another of its kind."""

    body: "Node"

    tag: ClassVar[str] = ""
    alone: ClassVar[bool] = False

    def opening(self) -> str | None:
        """The start tag, or None where the node is nothing but its body."""
        return f"<{self.tag}>"


class Bold(Span):
    """Bold text."""

    __slots__ = ()
    tag = "b"


class Italic(Span):
    """Italic text."""

    __slots__ = ()
    tag = "i"


class Underline(Span):
    """Underlined text."""

    __slots__ = ()
    tag = "u"


class Strike(Span):
    """Text that is struck through."""

    __slots__ = ()
    tag = "s"


class Spoiler(Span):
    """Text that a tap uncovers."""

    __slots__ = ()
    tag = "tg-spoiler"


class Code(Span):
    """Monospaced text that a tap copies."""

    __slots__ = ()
    tag = "code"
    alone = True


class Pre(Span):
    """A block of monospaced text."""

    __slots__ = ()
    tag = "pre"
    alone = True


@dataclass(frozen=True, slots=True)
class Link(Span):
    """Text that opens an address; only its text where the address is none that may be linked."""

    url: str = ""

    tag: ClassVar[str] = "a"

    def opening(self) -> str | None:
        """The start tag with the checked address."""
        url = safe_url(self.url)
        return f'<a href="{_escape(url)}">' if url else None


@dataclass(frozen=True, slots=True)
class Quote(Span):
    """A block quotation; an expandable one shows three lines until it is tapped."""

    expandable: bool = False

    tag: ClassVar[str] = "blockquote"

    def opening(self) -> str | None:
        """The start tag."""
        return "<blockquote expandable>" if self.expandable else "<blockquote>"


@dataclass(frozen=True, slots=True)
class Time(Span):
    """A moment that each reader's app writes in its own zone; `style` as in the Bot API: "t" time, "d" date, "w"
    weekday before these, "r"."""

    at: datetime
    style: str = "t"

    tag: ClassVar[str] = "tg-time"

    def opening(self) -> str | None:
        """The start tag with the Unix time."""
        return f'<tg-time unix="{int(self.at.timestamp())}" format="{self.style}">'


Node: TypeAlias = "str | Span | tuple[Node, ...]"


def lines(*nodes: Node) -> Node:
    """Nodes under each other; empty ones are left out."""
    return join("\n", nodes)


def join(separator: Node, nodes: Iterable[Node]) -> Node:
    """Nodes with a separator between them; empty ones are left out."""
    parts: list[Node] = []
    for node in nodes:
        if not is_empty(node):
            parts += (separator, node) if parts else (node,)
    return tuple(parts)


def fill(template: str, values: Mapping[str, Node] | None = None, /, **more: Node) -> Node:
    """A translated text with nodes in the places of its `{name}`s."""
    named = {**(values or {}), **more}
    pieces = Formatter().parse(template)
    return tuple(part for text, name, _, _ in pieces for part in (text, named[name] if name else ""))


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may hold: UTF-16 units of parsed text, entities, bytes of HTML.

    Telegram takes 4096, 100 (and drops the rest in silence) and 32,768.
    """

    units: int = 4096
    entities: int = 90
    size: int = 30_000

    def less(self, other: "Rendered") -> "Limits":
        """What is left beside something else."""
        return Limits(self.units - other.units, self.entities - other.entities, self.size - other.size)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A tree written out.

    `entities` counts the links that Telegram will find in plain text too; `units` is the length as Telegram counts it
    at its strictest, UTF-16 units after parsing; `size` is the bytes of the HTML.
    """

    html: str = ""
    plain: str = ""
    entities: int = 0
    units: int = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", units(self.plain))
        object.__setattr__(self, "size", len(self.html) if self.html.isascii() else len(self.html.encode()))

    def fits(self, limits: Limits) -> bool:
        """Whether it may be sent as one message."""
        return self.units <= limits.units and self.entities <= limits.entities and self.size <= limits.size

    def __add__(self, other: "Rendered") -> "Rendered":
        return Rendered(self.html + other.html, self.plain + other.plain, self.entities + other.entities)


def render(node: Node) -> Rendered:
    """Write a tree as HTML for Telegram, with its plain text and its measures."""
    return Rendered(*_write(node, ()))


def html(node: Node) -> str:
    """A tree as HTML for Telegram."""
    return _write(node, ())[0]


def plain(node: Node) -> str:
    """The text of a tree."""
    if isinstance(node, str):
        return clean(node)
    return "".join(plain(part) for part in node) if isinstance(node, tuple) else plain(node.body)


def is_empty(node: Node) -> bool:
    """Whether a tree has no text at all."""
    if isinstance(node, str):
        return not node or not clean(node)
    return all(map(is_empty, node)) if isinstance(node, tuple) else is_empty(node.body)


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_blank(text: str) -> bool:
    """Whether Telegram would call the text empty: nothing in it leaves a mark."""
    return not any(unicodedata.category(char)[0] not in "ZC" and char not in _INVISIBLE for char in text)


def clean(text: str) -> str:
    """The text without what Telegram refuses or drops: control characters, lone surrogates, noncharacters."""
    if "\u030a" in text:  # the ring of a decomposed å, which Telegram drops
        text = unicodedata.normalize("NFC", text)
    if text.isprintable():
        return text
    return _DROPPED.sub("", _BREAKS.sub("\n", text).replace("\t", " "))


@lru_cache(maxsize=4096)
def safe_url(url: str) -> str | None:
    """The address as it may stand in a link, with odd characters escaped; None for anything but http, https and tg."""
    if not url or _DROPPED.search(url) or len(url) > 2048:
        return None
    try:
        parts = urlsplit(url.strip())
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return None
    if parts.scheme not in {"http", "https", "tg"} or not parts.hostname or not port_is_fine:
        return None
    return _ODD.sub(lambda match: quote(match[0]), url.strip())


_INVISIBLE = frozenset("\u2800\u3164\u115f\u1160\uffa0\u034f\u0333\u033f\u030a\u180b\u180c\u180d\ufe0e\ufe0f")
_BREAKS = re.compile("\r\n?|[\u2028\u2029\u0085\u000b\u000c]")
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U0001fffe\U0001ffff]",
)
_ODD = re.compile(r"[\s\"<>\\^`{|}]")
_FOUND = re.compile(r"[@#$/][^\W_]|\w[.][^\W\d_]{2}|://|\d{4}[ \d-]{9,}")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_ESCAPED = re.compile('[&<>"]')


def _escape(text: str) -> str:
    return _ESCAPED.sub(lambda match: _ESCAPES[match[0]], text)


def _write(node: Node, around: tuple[Span, ...]) -> tuple[str, str, int]:
    """A tree as HTML and as plain text, and how many entities it has, inside of other nodes."""
    if isinstance(node, str):
        text = clean(node)
        return _escape(text), text, len(_FOUND.findall(text))
    if isinstance(node, tuple):
        parts = [_write(part, around) for part in node]
        return "".join(part[0] for part in parts), "".join(part[1] for part in parts), sum(part[2] for part in parts)
    return _write_span(node, around)


def _write_span(node: Span, around: tuple[Span, ...]) -> tuple[str, str, int]:
    useless = any(outer.alone or outer.tag == node.tag for outer in around)
    opening = None if useless else node.opening()
    if opening is None:
        return _write(node.body, around)
    written, text, entities = _write(node.body, (*around, node))
    if not text.strip():
        return text, text, 0
    return f"{opening}{written}</{node.tag}>", text, entities + 1


# ── shortening ───────────────────────────────────────────────────────────────────────────────────────────────────────

_ELLIPSIS = "…"
_SENTENCE_END = re.compile(r"[.!?؟…。！？।](?=\s)|[\n。！？]")


def cut(text: str, limit: int) -> str:
    """The text in at most `limit` UTF-16 units: whole, or up to the end of a sentence or word, and "…"."""
    if units(text) <= limit:
        return text
    if limit < 1:
        return ""
    kept = _first_units(text, limit - 1)
    ends = [match.end() for match in _SENTENCE_END.finditer(text[: len(kept) + 1]) if match.end() < len(kept)]
    if ends and ends[-1] >= len(kept) * 0.6:
        return kept[: ends[-1]].rstrip() + " " + _ELLIPSIS
    if not text[len(kept)].isspace():
        space = max(kept.rfind(" "), kept.rfind("\n"))
        kept = kept[:space] if space >= len(kept) * 0.6 else kept
    return kept.rstrip(" \n,;:،؛-–—") + _ELLIPSIS


def _first_units(text: str, limit: int) -> str:
    """The longest start of the text within `limit` units that does not part a letter from its marks."""
    sizes = accumulate(2 if char > "\uffff" else 1 for char in text)
    end = sum(1 for _ in takewhile(limit.__ge__, sizes))
    while 0 < end < len(text) and (unicodedata.category(text[end])[0] == "M" or "\u200d" in text[end - 1 : end + 1]):
        end -= 1
    return text[:end]


def shorten(node: Node, limit: int) -> Node:
    """The tree with its text in at most `limit` UTF-16 units, cut where sentences or words end."""
    return node if units(plain(node)) <= limit else _shorten(node, limit)[0]


def _shorten(node: Node, room: int) -> tuple[Node, int]:
    """The node cut to the room, and the room left; -1 once something was cut off."""
    if isinstance(node, str):
        text = clean(node)
        left = room - units(text)
        return (text, left) if left >= 0 else (cut(text, room), -1)
    if isinstance(node, tuple):
        return _shorten_all(node, room)
    body, left = _shorten(node.body, room)
    return replace(node, body=body), left


def _shorten_all(nodes: tuple[Node, ...], room: int) -> tuple[Node, int]:
    kept: list[Node] = []
    for index, node in enumerate(nodes):
        rest = not all(map(is_empty, nodes[index + 1 :]))
        short, left = _shorten(node, room - 1 if rest else room)
        kept.append(short)
        if left < 0:
            return tuple(kept), -1
        room = left + 1 if rest else left
    return tuple(kept), room


# ── splitting ────────────────────────────────────────────────────────────────────────────────────────────────────────


def split(
    blocks: Iterable[Node], *, limits: Limits | None = None, most: int = 3, separator: str = "\n\n"
) -> list[Rendered]:
    """Pack blocks into at most `most` messages, each within the limits, parting only between blocks.

    A block that is too long on its own is shortened. Where all of them take more messages than there may be, the
    longest are shortened, and if that does not do, what is left at the end is dropped. No message is blank.
    """
    limits = limits or Limits()
    whole = [block for block in blocks if not is_blank(plain(block))]
    messages: list[Rendered] = []
    for room in _rooms(limits.units):
        messages = _pack([_within(block, room, limits) for block in whole], limits, separator)
        if len(messages) <= most:
            break
    return messages[:most]


def _rooms(largest: int) -> list[int]:
    """How long a block may be, try after try."""
    return [max(1, int(largest * share)) for share in (1, 0.5, 0.3, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03)]


def _within(block: Node, room: int, limits: Limits) -> Rendered:
    """The block within a number of units and the other limits: entities go first, then text."""
    written = render(shorten(block, room))
    if written.fits(limits):
        return written
    text = plain(block)
    while room > 1 and not (written := render(cut(text, room))).fits(limits):
        room //= 2
    return written


def _pack(blocks: Iterable[Rendered], limits: Limits, separator: str) -> list[Rendered]:
    between = render(separator)
    messages: list[Rendered] = []
    for block in blocks:
        if messages and (together := messages[-1] + between + block).fits(limits):
            messages[-1] = together
        elif not is_blank(block.plain):
            messages.append(block)
    return messages
