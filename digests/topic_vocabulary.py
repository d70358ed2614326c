"""The shipped topics as topics.toml describes them, made ready for looking words up."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale, UnknownLocaleError

from digests.text.terms import normalize, terms

STRONG = 2.5
"""Weight of a word that tells its topic alone; others weigh 1."""
TERRITORY = 1.5
"""Weight of a country's name for its region."""
FALLBACK = "en"
"""The vocabulary that reads a language without one of its own."""

Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A word of the vocabulary: the terms that follow its first one, and what it weighs for which topics."""

    rest: tuple[str, ...]
    weights: Weights


@cache
def described() -> Mapping[str, Any]:
    """topics.toml as it is written, topic by topic."""
    return tomllib.loads(files("digests").joinpath("topics.toml").read_text(encoding="utf-8"))


@cache
def shares() -> Mapping[str, Mapping[str, float]]:
    """For each topic the part of its score that counts for other topics too."""
    return {topic: about.get("share", {}) for topic, about in described().items()}


@cache
def regions() -> frozenset[str]:
    """The topics that are parts of the world."""
    return frozenset(topic for topic, about in described().items() if "territories" in about)


@cache
def languages() -> frozenset[str]:
    """The languages that have a vocabulary."""
    return frozenset(language for about in described().values() for language in about["words"])


@cache
def entries(language: str) -> Mapping[str, tuple[Entry, ...]]:
    """The vocabulary of a language by the first term of each entry, longest entries first."""
    language = language if language in languages() else FALLBACK
    found: dict[tuple[str, ...], dict[str, float]] = {}
    for topic, about in described().items():
        for word in about["words"].get(language, "").replace("\n", " ").split(","):
            _take(found, word.strip(" *"), topic, STRONG if word.rstrip().endswith("*") else 1.0, language)
        for name in _territories(about.get("territories", ""), language):
            _take(found, name, topic, TERRITORY, language)
    by_first: dict[str, list[Entry]] = {}
    for key, weights in sorted(found.items(), key=lambda item: -len(item[0])):
        by_first.setdefault(key[0], []).append(Entry(key[1:], tuple(weights.items())))
    return {first: tuple(of_first) for first, of_first in by_first.items()}


@cache
def names() -> Mapping[str, str]:
    """Every name of a topic in any language, and its key, normalised → key."""
    found: dict[str, str] = {}
    for topic, about in described().items():
        for name in (topic, *(name for of_language in about["names"].values() for name in of_language)):
            found.setdefault(folded_name(name), topic)
    return found


def folded_name(name: str) -> str:
    """A name as names are compared: normalised, with single spaces for everything between words."""
    return " ".join("".join(c if c.isalnum() or not c.isascii() else " " for c in normalize(name)).split())


def _take(found: dict[tuple[str, ...], dict[str, float]], word: str, topic: str, weight: float, language: str) -> None:
    key = tuple(terms(word, language))
    if key:
        weights = found.setdefault(key, {})
        weights[topic] = max(weights.get(topic, 0.0), weight)


def _territories(codes: str, language: str) -> list[str]:
    try:
        territories = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return []
    return [territories[code] for code in codes.split() if code in territories]
