"""What an editor would not print: horoscopes, advertising, galleries, items without a text, headlines that say nothing.

Only the headline and what was found to quote are looked at. Nothing is thrown away: such items weigh less, so that they
come when there is nothing else, or when many publishers have them.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from digests.text.terms import normalize

NOTHING_TO_QUOTE = 0.3
"""What an article without a quotable sentence keeps of its weight."""

FILE_NAME = re.compile(r"\.(?:jpe?g|png|gif|wmv|mp[34]|pdf|mov|avi)\b", re.IGNORECASE)
LABELLED = frozenset({"video", "pictures", "opinion", "audio", "live"})
"""Kinds whose words are a label only at an end of the headline or beside a colon, bar, dash or bracket: a story *about*
a video is news.
"""

LEAST_WORDS = 3
WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]")


def newsworthiness(title: str, quotes: int) -> float:
    """How much of its weight an article keeps, 0 to 1, by its headline and the number of its quotable sentences."""
    kept = 1.0 if quotes else NOTHING_TO_QUOTE
    return kept * min((keeps for keeps in (*_kinds(title), _shape(title))), default=1.0)


def _kinds(title: str) -> list[float]:
    whole = normalize(title)
    labels = " | ".join(_labels(whole))
    return [keeps for kind, keeps, pattern in _table() if pattern.search(labels if kind in LABELLED else whole)]


def _labels(title: str) -> Sequence[str]:
    """The short parts of a headline that stand before or after a colon, bar, dash, slash or in brackets."""
    parts = re.split(r"\s*[|:：()\[\]【】]\s*|\s+[-–—/]\s+|/|,(?=\S)", title)
    return [part.strip() for part in parts if len(parts) > 1 and len(part.split()) <= LEAST_WORDS]


def _shape(title: str) -> float:
    """A file's name or a word or two are no headline."""
    if FILE_NAME.search(title):
        return 0.1
    few = len(title.split()) < LEAST_WORDS and not WITHOUT_SPACES.search(title)
    return 0.4 if few else 1.0


@cache
def _table() -> tuple[tuple[str, float, re.Pattern[str]], ...]:
    """(kind, share kept, pattern) of every kind."""
    described = tomllib.loads(files("digests").joinpath("newsworthy.toml").read_text(encoding="utf-8"))
    return tuple((kind, float(about["keeps"]), _pattern(about["patterns"])) for kind, about in described.items())


def _pattern(lines: str) -> re.Pattern[str]:
    alternatives = [_folded(part.strip()) for part in lines.replace("\n", ",").split(",") if part.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)")


def _folded(pattern: str) -> str:
    """A pattern in the letters that normalised headlines are written in; its own signs stay."""
    parts = re.split(r"(\\w[*+]?|\(\?:|[()?|*+])", pattern)
    return "".join(part if place % 2 else normalize(part) for place, part in enumerate(parts))
