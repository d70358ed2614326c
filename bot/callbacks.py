"""What a button carries: typed, versioned and checked, in at most 64 bytes.

On the wire a button is "1" (the version), the action's code and its arguments, parted by colons: "1c:512:77:0". What
comes back from a chat is never trusted: `decode` gives None for anything that `encode` could not have written, and
handlers check that what the ids name belongs to the chat. Ids and keys only, never texts: those stand in the database.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Annotated, Any, ClassVar, TypeAlias, get_args, get_type_hints

VERSION = "1"
LONGEST = 64
"""Bytes that Telegram lets a button carry."""
CHAT = "@"
"""Stands before the subscriber that a button means, where that is not the chat in which it stands."""


_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,18})")


def _number(least: int, most: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        if not _INTEGER.fullmatch(text) or text == "-0":
            return None
        return int(text) if least <= int(text) <= most else None

    return read


def _word(pattern: str) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        return text if re.fullmatch(pattern, text) else None

    return read


Id: TypeAlias = Annotated[int, _number(0, 2**63 - 1)]
Page: TypeAlias = Annotated[int, _number(0, 9999)]
Vote: TypeAlias = Annotated[int, _number(-1, 1)]
Flag: TypeAlias = Annotated[int, _number(0, 1)]
Wanted: TypeAlias = Annotated[int, _number(-2, 1)]
"""How much of something: more (1), as it is (0), less (-1), never (-2)."""
Count: TypeAlias = Annotated[int, _number(1, 50)]
Name: TypeAlias = Annotated[str, _word(r"[a-z][a-z0-9-]{0,31}")]
Language: TypeAlias = Annotated[str, _word(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")]
Days: TypeAlias = Annotated[int, _number(1, 127)]
Minutes: TypeAlias = Annotated[int, _number(0, 30)]
Clock: TypeAlias = Annotated[str, _word(r"([01][0-9]|2[0-3])[0-5][0-9]")]
Zone: TypeAlias = Annotated[str, _word(r"[A-Za-z][A-Za-z0-9_+/-]{1,39}")]
Key: TypeAlias = Annotated[str, _word(r"[0-9a-f]{10}")]


@dataclass(frozen=True, slots=True)
class Callback:
    """What a button asks for. `request` names the digest or list that it belongs to, 0 for none."""

    code: ClassVar[str] = ""


# ── stories ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class OpenStory(Callback):
    """Show a story's card in place; `page` is that of the list to go back to."""

    story: Id
    request: Id = 0
    page: Page = 0

    code: ClassVar[str] = "c"


@dataclass(frozen=True, slots=True)
class OpenArticle(Callback):
    """Show the card of an article, as /latest and /search list them."""

    article: Id
    request: Id = 0
    page: Page = 0

    code: ClassVar[str] = "a"


@dataclass(frozen=True, slots=True)
class ShowList(Callback):
    """Show a page of a request's digest or list in place: paging and going back."""

    request: Id
    page: Page = 0

    code: ClassVar[str] = "l"


@dataclass(frozen=True, slots=True)
class Pick(Callback):
    """Let a digest's number buttons save ("save"), rate ("like", "dislike") or open ("open") its stories."""

    request: Id
    mode: Annotated[str, _word("open|save|like|dislike")]

    code: ClassVar[str] = "p"


@dataclass(frozen=True, slots=True)
class SaveStory(Callback):
    """Keep a story (`on` 1) or let go of it; `card` 1 where the button stands on its card, else in its digest."""

    story: Id
    on: Flag
    request: Id = 0
    page: Page = 0
    card: Flag = 1

    code: ClassVar[str] = "s"


@dataclass(frozen=True, slots=True)
class RateStory(Callback):
    """Like (1) or dislike (-1) a story, 0 takes it back; `card` as in SaveStory."""

    story: Id
    vote: Vote
    request: Id = 0
    page: Page = 0
    card: Flag = 1

    code: ClassVar[str] = "v"


@dataclass(frozen=True, slots=True)
class EditSaved(Callback):
    """Let the numbers under a page of saved stories take stories out (`on` 1), or open them again."""

    request: Id
    page: Page
    on: Flag

    code: ClassVar[str] = "le"


@dataclass(frozen=True, slots=True)
class DropSaved(Callback):
    """Take a story out of the saved ones, from their list."""

    story: Id
    request: Id
    page: Page

    code: ClassVar[str] = "ld"


@dataclass(frozen=True, slots=True)
class ExportSaved(Callback):
    """Send what is saved as a file."""

    form: Annotated[str, _word("html|json")]

    code: ClassVar[str] = "lx"


@dataclass(frozen=True, slots=True)
class MuteSource(Callback):
    """Mute the source of an article, or (`on` 0) hear it again."""

    article: Id
    on: Flag
    request: Id = 0
    page: Page = 0

    code: ClassVar[str] = "m"


@dataclass(frozen=True, slots=True)
class MuteChoices(Callback):
    """Show what of an article can be muted: its source and words of its headline."""

    article: Id
    request: Id = 0
    page: Page = 0

    code: ClassVar[str] = "mc"


@dataclass(frozen=True, slots=True)
class MuteWords(Callback):
    """Mute a word of an article's headline, by its `key`, or (`on` 0) hear of it again."""

    article: Id
    words: Key
    on: Flag
    request: Id = 0
    page: Page = 0

    code: ClassVar[str] = "mw"


@dataclass(frozen=True, slots=True)
class MoreFrom(Callback):
    """List what else an article's source has."""

    article: Id
    page: Page = 0

    code: ClassVar[str] = "f"


@dataclass(frozen=True, slots=True)
class How(Callback):
    """Show how an article was summarised."""

    article: Id
    request: Id = 0
    page: Page = 0

    code: ClassVar[str] = "h"


@dataclass(frozen=True, slots=True)
class Why(Callback):
    """Show why a story is in a digest."""

    story: Id
    request: Id = 0
    page: Page = 0

    code: ClassVar[str] = "w"


@dataclass(frozen=True, slots=True)
class Latest(Callback):
    """List the latest news."""

    code: ClassVar[str] = "n"


@dataclass(frozen=True, slots=True)
class MoreStories(Callback):
    """Send what a request's digest had no room for."""

    request: Id

    code: ClassVar[str] = "dm"


@dataclass(frozen=True, slots=True)
class DigestNow(Callback):
    """Send a digest now."""

    code: ClassVar[str] = "dn"


@dataclass(frozen=True, slots=True)
class OrderSearch(Callback):
    """Put what a search found in order of relevance (1) or newest first (0)."""

    request: Id
    ranked: Flag

    code: ClassVar[str] = "so"


@dataclass(frozen=True, slots=True)
class FollowSearch(Callback):
    """Follow what a search looked for."""

    request: Id

    code: ClassVar[str] = "sf"


@dataclass(frozen=True, slots=True)
class FilterLatest(Callback):
    """Show the topics, sources or languages by which /latest can be narrowed; `page` is that of the choices."""

    request: Id
    by: Annotated[str, _word("topic|source|lang")]
    page: Page = 0

    code: ClassVar[str] = "lf"


@dataclass(frozen=True, slots=True)
class NarrowLatest(Callback):
    """Narrow /latest to a topic, a source (by its number) or a language; "all" widens it again."""

    request: Id
    by: Annotated[str, _word("topic|source|lang")]
    value: Annotated[str, _word(r"[a-z0-9][a-z0-9-]{0,31}")]

    code: ClassVar[str] = "ln"


@dataclass(frozen=True, slots=True)
class LessOf(Callback):
    """Say what a 👎 meant: the story's topic, its source, or that story alone."""

    story: Id
    about: Annotated[str, _word("topic|source|story")]
    request: Id = 0
    page: Page = 0

    code: ClassVar[str] = "va"


@dataclass(frozen=True, slots=True)
class LeanHere(Callback):
    """Want more (1) or less (-1) of the source of an article, from its card, or (0) as much as it is worth."""

    article: Id
    wanted: Vote
    request: Id = 0
    page: Page = 0

    code: ClassVar[str] = "ml"


@dataclass(frozen=True, slots=True)
class OpenSource(Callback):
    """Show how much of a source is wanted; `request` and `page` are those of the list it stands in."""

    source: Id
    request: Id = 0
    page: Page = 0

    code: ClassVar[str] = "os"


@dataclass(frozen=True, slots=True)
class WantSource(Callback):
    """Want more of a source, less, nothing (-2), or as much as it is worth."""

    source: Id
    wanted: Wanted
    request: Id = 0
    page: Page = 0

    code: ClassVar[str] = "sw"


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class OpenSettings(Callback):
    """Show a page of the settings in place; "main" is the first. "new" sends that one as a message of its own, and
    "fewer" that of breaking news.
    """

    page: Annotated[
        str,
        _word(
            "main|new|language|news|times|days|zone|budget|quiet|calendar|topics|words|sources|mutes|pause|delete|digests"
            "|following|breaking|fewer|learned"
        ),
    ] = "main"

    code: ClassVar[str] = "o"


@dataclass(frozen=True, slots=True)
class SetLanguage(Callback):
    """Choose the interface's language."""

    language: Language

    code: ClassVar[str] = "ol"


@dataclass(frozen=True, slots=True)
class ToggleNews(Callback):
    """Add or drop a language of the news."""

    language: Language

    code: ClassVar[str] = "on"


@dataclass(frozen=True, slots=True)
class ToggleTopic(Callback):
    """Follow or unfollow a shipped topic."""

    topic: Name

    code: ClassVar[str] = "ot"


@dataclass(frozen=True, slots=True)
class DropWords(Callback):
    """Unfollow words of one's own, by their `key`."""

    words: Key

    code: ClassVar[str] = "ow"


@dataclass(frozen=True, slots=True)
class Unfollow(Callback):
    """Follow something no longer, by the `key` of "t" or "w" and the topic or words."""

    wish: Key

    code: ClassVar[str] = "ou"


@dataclass(frozen=True, slots=True)
class WantTopic(Callback):
    """Want more (1) or less (-1) of a topic, or (0) as much as it is worth."""

    topic: Name
    wanted: Vote

    code: ClassVar[str] = "wt"


@dataclass(frozen=True, slots=True)
class Unlearn(Callback):
    """Forget what was learned about a topic or source, by the `key` of "t" or "s" and its name; "all" forgets all."""

    subject: Annotated[str, _word("all|[0-9a-f]{10}")]

    code: ClassVar[str] = "ul"


@dataclass(frozen=True, slots=True)
class SwitchLearning(Callback):
    """Learn from votes, or (`on` 0) don't."""

    on: Flag

    code: ClassVar[str] = "sl"


@dataclass(frozen=True, slots=True)
class Unmute(Callback):
    """Unmute words or a source, by the `key` of "w" or "s" and the words."""

    words: Key

    code: ClassVar[str] = "om"


@dataclass(frozen=True, slots=True)
class ToggleTime(Callback):
    """Add or drop a time of day, HHMM."""

    at: Clock

    code: ClassVar[str] = "oh"


@dataclass(frozen=True, slots=True)
class SetDays(Callback):
    """Choose the weekdays of all times: "every", "work" (the country's working days) or "weekend"."""

    days: Annotated[str, _word("every|work|weekend")]

    code: ClassVar[str] = "od"


@dataclass(frozen=True, slots=True)
class OpenSlot(Callback):
    """Show the days and topics of a time of day, HHMM."""

    at: Clock

    code: ClassVar[str] = "ts"


@dataclass(frozen=True, slots=True)
class SetSlotDays(Callback):
    """Choose the weekdays of one time, as bits: 1 is Monday."""

    at: Clock
    days: Days

    code: ClassVar[str] = "td"


@dataclass(frozen=True, slots=True)
class ToggleSlotWish(Callback):
    """Give one time a topic or words of its own, or take it back, by the `key` of "t" or "w" and the value; the key
    of "" takes all back.
    """

    at: Clock
    wish: Key

    code: ClassVar[str] = "tw"


@dataclass(frozen=True, slots=True)
class SetQuiet(Callback):
    """Choose the quiet hours; begin = end means none."""

    begin: Clock
    end: Clock

    code: ClassVar[str] = "tq"


@dataclass(frozen=True, slots=True)
class AskZone(Callback):
    """Ask for a city or a location."""

    code: ClassVar[str] = "ta"


@dataclass(frozen=True, slots=True)
class SetZone(Callback):
    """Choose the time zone by its name in the tz database."""

    zone: Zone

    code: ClassVar[str] = "oz"


@dataclass(frozen=True, slots=True)
class SetBudget(Callback):
    """Choose how many stories a digest holds at most."""

    stories: Count

    code: ClassVar[str] = "ob"


@dataclass(frozen=True, slots=True)
class SetOption(Callback):
    """Switch something about digests on or off; `request` is that of the empty digest it stands under, else 0."""

    option: Annotated[str, _word("empty|updates|pictures|rich")]
    on: Flag
    request: Id = 0

    code: ClassVar[str] = "oe"


@dataclass(frozen=True, slots=True)
class SetMinutes(Callback):
    """Choose how many minutes reading a digest may take; 0 for any."""

    minutes: Minutes

    code: ClassVar[str] = "tm"


@dataclass(frozen=True, slots=True)
class SetCalendar(Callback):
    """Choose the calendar of dates; "own" is the language's."""

    calendar: Annotated[str, _word("own|gregorian|jalali")]

    code: ClassVar[str] = "oc"


@dataclass(frozen=True, slots=True)
class Pause(Callback):
    """Stop sending digests, or (`on` 0) send them again."""

    on: Flag

    code: ClassVar[str] = "op"


@dataclass(frozen=True, slots=True)
class PauseFor(Callback):
    """Stop sending digests for so many days."""

    days: Count

    code: ClassVar[str] = "tf"


@dataclass(frozen=True, slots=True)
class Stop(Callback):
    """Unsubscribe; `delete` 1 deletes everything that is stored about the chat too."""

    delete: Flag

    code: ClassVar[str] = "ox"


@dataclass(frozen=True, slots=True)
class Close(Callback):
    """Take the message's buttons away."""

    code: ClassVar[str] = "x"


# ── breaking news ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SetBreaking(Callback):
    """Choose about what breaking news comes, if at all."""

    mode: Annotated[str, _word("off|topics|all")]

    code: ClassVar[str] = "bm"


@dataclass(frozen=True, slots=True)
class SetBreakingSources(Callback):
    """Choose from how many sources on it comes; 0 is as many as is usual."""

    count: Annotated[int, _number(0, 20)]

    code: ClassVar[str] = "bs"


@dataclass(frozen=True, slots=True)
class SetBreakingMost(Callback):
    """Choose how often a day it comes at most."""

    count: Annotated[int, _number(1, 10)]

    code: ClassVar[str] = "bd"


# ── feeds of one's own ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class LookAtFeed(Callback):
    """Show what is in one of the feeds that a request found, by its place, or (`back` 1) all of them."""

    request: Id
    place: Page
    back: Flag = 0

    code: ClassVar[str] = "fl"


@dataclass(frozen=True, slots=True)
class FollowFeed(Callback):
    """Follow one of the feeds that a request found; `shared` 1 adds it for everybody."""

    request: Id
    place: Page
    shared: Flag

    code: ClassVar[str] = "ff"


@dataclass(frozen=True, slots=True)
class OwnFeeds(Callback):
    """Show the feeds that are followed, below."""

    code: ClassVar[str] = "fo"


@dataclass(frozen=True, slots=True)
class DropFeed(Callback):
    """Follow a feed no longer."""

    feed: Id

    code: ClassVar[str] = "fx"


@dataclass(frozen=True, slots=True)
class ReviveFeed(Callback):
    """Ask a feed again that failed; `listed` 1 where the button stands in the list of one's own."""

    feed: Id
    listed: Flag = 0

    code: ClassVar[str] = "fr"


@dataclass(frozen=True, slots=True)
class ImportFeeds(Callback):
    """Follow the feeds of a file that was sent; `shared` 1 adds them for everybody."""

    request: Id
    shared: Flag

    code: ClassVar[str] = "fi"


@dataclass(frozen=True, slots=True)
class ExportFeeds(Callback):
    """Send the feeds that are followed as a file."""

    code: ClassVar[str] = "fe"


# ── groups and channels ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ListChats(Callback):
    """Show the chats that whoever taps sets up."""

    code: ClassVar[str] = "gl"


@dataclass(frozen=True, slots=True)
class OpenChat(Callback):
    """Open the settings of another chat in the private one."""

    subscriber: Id

    code: ClassVar[str] = "go"


@dataclass(frozen=True, slots=True)
class BeginChat(Callback):
    """Let digests come to the chat that is set up."""

    code: ClassVar[str] = "gb"


@dataclass(frozen=True, slots=True)
class CloseChat(Callback):
    """Stop setting up another chat."""

    code: ClassVar[str] = "gx"


# ── setting up ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Setup(Callback):
    """Show a step of setting up in place; "later" puts it away."""

    step: Annotated[str, _word("language|languages|topics|time|times|zone|done|later")]

    code: ClassVar[str] = "z"


@dataclass(frozen=True, slots=True)
class SetupLanguage(Callback):
    """Choose the language, and go on to the topics."""

    language: Language

    code: ClassVar[str] = "zl"


@dataclass(frozen=True, slots=True)
class SetupTopic(Callback):
    """Tick or untick a topic while setting up."""

    topic: Name

    code: ClassVar[str] = "zt"


@dataclass(frozen=True, slots=True)
class SetupTime(Callback):
    """Choose the time of the daily digest, and go on to the zone."""

    at: Clock

    code: ClassVar[str] = "zh"


@dataclass(frozen=True, slots=True)
class SetupZone(Callback):
    """Choose the zone, and be done."""

    zone: Zone

    code: ClassVar[str] = "zz"


# ── on the wire ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _actions(values: Iterable[object]) -> dict[str, type[Callback]]:
    found = [value for value in values if isinstance(value, type) and issubclass(value, Callback) and value.code]
    return {action.code: action for action in found}


def _readers(action: type[Callback]) -> tuple[Callable[[str], Any], ...]:
    hints = get_type_hints(action, include_extras=True)
    return tuple(get_args(hints[field.name])[1] for field in fields(action))


ACTIONS = _actions(tuple(globals().values()))
"""Every action by its code. Codes are never reused for something else within a version."""

_READERS = {code: _readers(action) for code, action in ACTIONS.items()}
_NAMES = {code: tuple(field.name for field in fields(action)) for code, action in ACTIONS.items()}


def encode(callback: Callback) -> str:
    """The data of a button. ValueError where an argument is out of bounds: a fault of ours, not of a chat."""
    values = [getattr(callback, name) for name in _NAMES[callback.code]]
    texts = [str(value) for value in values]
    data = ":".join((VERSION + callback.code, *texts))
    read = [read(text) for read, text in zip(_READERS[callback.code], texts, strict=True)]
    if read != values or len(data.encode()) > LONGEST:
        raise ValueError(f"a button can't carry {callback!r}")
    return data


def decode(data: object) -> Callback | None:
    """What a button asked for; None where the data is no text that `encode` writes."""
    if not isinstance(data, str) or not data.startswith(VERSION):
        return None
    code, *arguments = data.removeprefix(VERSION).split(":")
    readers = _READERS.get(code)
    if readers is None or len(arguments) != len(readers):
        return None
    values = [read(text) for read, text in zip(readers, arguments, strict=True)]
    return None if any(value is None for value in values) else ACTIONS[code](*values)


def bind(data: str, subscriber_id: int) -> str:
    """The data of a button that, in a private chat, means another chat: "1ot:climate@42"."""
    bound = f"{data.partition(CHAT)[0]}{CHAT}{subscriber_id}"
    if len(bound.encode()) > LONGEST:
        raise ValueError(f"a button can't carry {bound!r}")
    return bound


def unbind(data: object) -> tuple[object, int | None]:
    """The data without the chat that it means, and that chat's subscriber; None for the chat that it came from."""
    if not isinstance(data, str) or CHAT not in data:
        return data, None
    own, _, chat = data.partition(CHAT)
    subscriber_id = _number(1, 2**63 - 1)(chat)
    return (own, subscriber_id) if subscriber_id is not None else ("", None)


def pattern(*actions: type[Callback]) -> str:
    """A regular expression for the data of these actions, to route updates by."""
    return f"^{VERSION}(?:{'|'.join(action.code for action in actions)})(?::|$)"


def key(text: str) -> str:
    """A short name for a subscriber's own words, which are too long for a button."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=5).hexdigest()
