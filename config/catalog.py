"""Reads the feeds file into typed specs. An OPML file is handed on as it is: reading that is the news side's business.

Every mistake in the file is one line: the file, where in it, what is wrong and what belongs there.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from config.errors import SettingsError

SHIPPED = Path(__file__).with_name("feeds.toml")
LARGEST_FILE = 8_000_000
"""Bytes; a catalogue of 10,000 feeds has two million."""
LONGEST_TEXT = 2000
LONGEST_INTERVAL = 7 * 24 * 60
"""Minutes: a week."""

_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
_TOPIC = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ENTRY = re.compile(r"^[ \t]*\[\[[ \t]*feed[ \t]*\]\]", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogFeed:
    """A feed as the file names it. `interval` is in minutes, None where the feed decides."""

    url: str
    source: str
    language: str = ""
    topics: tuple[str, ...] = ()
    title: str = ""
    interval: int | None = None


@dataclass(frozen=True, slots=True)
class OpmlFile:
    """A feeds file in OPML, not yet read."""

    path: Path
    body: bytes


def read_catalog(path: Path | None = None) -> list[CatalogFeed] | OpmlFile:
    """The feeds of a TOML file (default: the shipped one), in its order; an OPML file as its bytes.

    Raises SettingsError.
    """
    path = path or SHIPPED
    body = _read(path)
    if path.suffix.lower() in {".opml", ".xml"} or body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return OpmlFile(path, body)
    text, document = _parse(path, body)
    starts = [text.count("\n", 0, match.start()) + 1 for match in _ENTRY.finditer(text)]
    return _distinct(
        path, [_feed(item, _place(path, starts, index)) for index, item in enumerate(_items(path, document))]
    )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror}; set BAZTAB_FEEDS to a file of feeds") from None
    if len(body) > LARGEST_FILE:
        raise SettingsError(f"{path} is larger than {LARGEST_FILE:,} bytes: set BAZTAB_FEEDS to a file of feeds")
    return body


def _parse(path: Path, body: bytes) -> tuple[str, Mapping[str, object]]:
    try:
        text = body.decode("utf-8-sig").replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path}, line {line}: the file is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is no valid TOML: {error}") from None
    except RecursionError:
        raise SettingsError(f"{path} is nested too deeply to be a file of feeds") from None


def _items(path: Path, document: Mapping[str, object]) -> list[object]:
    items = document.get("feed")
    if not isinstance(items, list) or not items:
        raise SettingsError(f"{path} names no feed: each starts with [[feed]] and has a url and a source")
    if others := sorted(document.keys() - {"feed"}):
        raise SettingsError(f"{path}: {others[0]!r} is nothing that a feeds file has; it holds [[feed]] entries only")
    return items


def _place(path: Path, starts: list[int], index: int) -> str:
    """Where the entry stands; its line is known where every entry starts with [[feed]]."""
    line = f", line {starts[index]}" if index < len(starts) else ""
    return f"{path}{line}, feed {index + 1}"


def _feed(item: object, place: str) -> CatalogFeed:
    """One entry, checked field by field."""
    if not isinstance(item, dict):
        raise SettingsError(f"{place}: an entry is a table with a url and a source")
    known = [field.name for field in fields(CatalogFeed)]
    if unknown := sorted(item.keys() - set(known)):
        raise SettingsError(f"{place}: {unknown[0]!r} is no field of a feed; there are {', '.join(known)}")
    return CatalogFeed(
        url=_url(item, place),
        source=_text(item, "source", place, required=True),
        language=_language(item, place),
        topics=_topics(item, place),
        title=_text(item, "title", place),
        interval=_interval(item, place),
    )


def _text(item: Mapping[str, object], name: str, place: str, *, required: bool = False) -> str:
    text = item.get(name, "")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT or _CONTROLS.search(text):
        raise SettingsError(f"{place}: {name} must be one line of text")
    if required and not text.strip():
        raise SettingsError(f"{place}: {name} is missing")
    return text.strip()


def _url(item: Mapping[str, object], place: str) -> str:
    url = _text(item, "url", place, required=True)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or " " in url:
        raise SettingsError(f"{place}: url must be an address that starts with https:// or http://")
    return url


def _language(item: Mapping[str, object], place: str) -> str:
    language = _text(item, "language", place)
    if language and not _LANGUAGE.fullmatch(language):
        raise SettingsError(f"{place}: language must be a code of two or three letters, like en or fa")
    return language


def _topics(item: Mapping[str, object], place: str) -> tuple[str, ...]:
    topics = item.get("topics", [])
    if not isinstance(topics, list) or not all(isinstance(topic, str) and _TOPIC.fullmatch(topic) for topic in topics):
        raise SettingsError(f'{place}: topics must be a list of topics\' keys, like ["world", "science"]')
    return tuple(dict.fromkeys(topics))


def _interval(item: Mapping[str, object], place: str) -> int | None:
    interval = item.get("interval")
    if interval is None:
        return None
    if not isinstance(interval, int) or isinstance(interval, bool) or not 1 <= interval <= LONGEST_INTERVAL:
        raise SettingsError(f"{place}: interval must be whole minutes, from 1 to {LONGEST_INTERVAL} (a week)")
    return interval


def _distinct(path: Path, feeds: list[CatalogFeed]) -> list[CatalogFeed]:
    """The same feeds; SettingsError where two have one address."""
    seen: set[str] = set()
    for feed in feeds:
        if feed.url in seen:
            raise SettingsError(f"{path} names {feed.url} twice: keep one of the two")
        seen.add(feed.url)
    return feeds
