"""What rendering takes and gives: a reader's View, and the Message that comes out."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.formats import LRM, RLM, Formats, has_rtl, isolate, unmark
from bot.i18n import Translator, translator
from bot.markup import Code, Node, Time, clean, cut, plain, split
from digests.model import ChatKind, Subscriber

_COMMAND = re.compile(r"(?<![^\s(«:])/(?=[a-z{])")
_LRI, _PDI = "\u2066", "\u2069"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send, or, where `photo` is set, a picture."""

    name: str
    body: bytes
    photo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that is ready to be sent.

    `plain` is what to send should Telegram refuse `html`. `preview` is the address to preview, None for no preview;
    it stands `preview_above` the text or below it, large or small. `panel` are buttons in place of the reader's
    keyboard, which a later message may `put_away`; a message with a `keyboard` of its own has neither. `reply_to` is an
    earlier message of the chat, where that is still there. `rich` is the same as a rich message, for servers that take
    them; it reads from right to left where `rtl`. With an `attachment` the text is its caption.
    """

    html: str
    plain: str
    keyboard: InlineKeyboardMarkup | None = None
    panel: ReplyKeyboardMarkup | None = None
    put_away: bool = False
    preview: str | None = None
    preview_large: bool = False
    preview_above: bool = False
    silent: bool = False
    reply_to: int | None = None
    rich: str = ""
    rtl: bool = False
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class View:
    """How one reader sees things. `live_times` lets each reader's app write times in its own zone: for groups."""

    translator: Translator
    formats: Formats
    now: datetime
    live_times: bool = False

    @property
    def rtl(self) -> bool:
        """Whether the interface is written from right to left."""
        return self.translator.rtl

    @property
    def dot(self) -> str:
        """What stands between facts on a line: " · ", or " | " where a dot would look like the digit zero."""
        return " | " if self.formats.digits("0") in "۰٠" else " · "

    def gettext(self, message: str, /) -> str:
        """A text of the interface. Its /commands keep their slash in front where all else runs from right to left."""
        text = self.translator.gettext(message)
        return _COMMAND.sub(rf"{LRM}\g<0>", text) if self.rtl else text

    def ngettext(self, one: str, many: str, n: int, /) -> str:
        """A text of the interface for `n` of something; {count} is filled in with the reader's digits."""
        text = self.translator.ngettext(one, many, n)
        return text.replace("{count}", self.formats.number(n))

    def foreign(self, text: str, *, limit: int = 0) -> str:
        """A text that is not the interface's (a headline, a name), on one line, kept from turning what is around it.

        Isolated unless everything is written from left to right anyway; cut to `limit` UTF-16 units where one is given.
        """
        line = self.own_line(text, limit=limit or len(text) * 2)
        return isolate(line) if self.rtl or has_rtl(line) else line

    def own_line(self, text: str, *, limit: int) -> str:
        """A foreign text that stands on a line of its own, whose direction is that of its words."""
        return _one_line(text[: 4 * limit], limit)

    def line(self, *nodes: Node) -> Node:
        """A line of its own that reads in the interface's direction, whatever stands in it."""
        if self.rtl:
            return (RLM, *nodes)
        return (LRM, *nodes) if has_rtl(plain(nodes)) else nodes

    def command(self, text: str) -> Node:
        """A command to copy, inside a text: the marks that keep it in order stay outside of what is copied."""
        return (_LRI, Code(text), _PDI) if self.rtl else Code(text)

    def time(self, moment: datetime) -> Node:
        """When something was reported, as `Formats.when` writes it."""
        written = self.formats.when(moment, self.now)
        if not self.live_times:
            return written
        days = (self.formats.local(self.now).date() - self.formats.local(moment).date()).days
        return Time(written, moment, "t" if days == 0 else "wt" if 0 < days < 7 else "dt")


@lru_cache(maxsize=2048)
def _one_line(text: str, limit: int) -> str:
    return cut(" ".join(unmark(clean(text)).split()), limit)


def view_of(subscriber: Subscriber, now: datetime) -> View:
    """The view of a subscriber. In groups and channels times are live, since their readers live in several zones."""
    speaking = translator(subscriber.language)
    formats = Formats(speaking.language, ZoneInfo(subscriber.timezone), subscriber.calendar)
    return View(speaking, formats, now, live_times=subscriber.kind is not ChatKind.PRIVATE)


def message(
    *blocks: Node,
    keyboard: InlineKeyboardMarkup | None = None,
    panel: ReplyKeyboardMarkup | None = None,
    put_away: bool = False,
    preview: str | None = None,
    silent: bool = False,
) -> Message:
    """One message of blocks with blank lines between them; where it would be too long, the longest are shortened.

    A keyboard without buttons is left out: Telegram refuses one.
    """
    keyboard = keyboard if keyboard is not None and keyboard.inline_keyboard else None
    written = split(blocks, most=1)[0]
    return Message(
        html=written.html,
        plain=written.plain,
        keyboard=keyboard,
        panel=panel,
        put_away=put_away,
        preview=preview,
        silent=silent,
    )
