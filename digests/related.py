"""Which other stories a headline leads to, and which of its words say what it is about. Pure."""

import math
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from digests.model import Article, SearchQuery
from digests.stories import shipped_frequencies
from digests.story_space import TOTAL
from digests.text.terms import terms

REACH = timedelta(days=7)
"""How far back related stories are looked for."""

COMMON = 0.02
"""Words in a larger share of articles say nothing of an event."""

WORDS = 8
"""Words of a headline by which related stories are looked for."""

SHARED = 2
COVERED = 0.25
"""So many of these words, with such a share of their weight, must stand in a related article, one in its title."""

SHORTEST = 3
"""Letters of a word that says something by itself."""

_WORD = re.compile(r"[^\W\d_]+(?:[\u200c'’-][^\W\d_]+)*")


def salient(headline: str, language: str, *, most: int = WORDS) -> list[str]:
    """The words of a headline that say what it is about, as they stand there, rarest first."""
    return [word for word, _, _ in _weighed(headline, language)][:most]


def _weighed(headline: str, language: str) -> list[tuple[str, str, float]]:
    """The words that say something, each with its term and its rarity, rarest first."""
    counts = shipped_frequencies().get(language, {})
    total = max(1, counts.get(TOTAL, 1))
    found: dict[str, tuple[float, int, str]] = {}
    for place, word in enumerate(_WORD.findall(headline)):
        term = " ".join(terms(word, language))
        if term and (len(word) >= SHORTEST or not word.isascii()) and counts.get(term, 0) <= COMMON * total:
            found.setdefault(term, (-math.log(1 + total / (counts.get(term, 0) + 0.5)), place, word))
    ordered = sorted((rarity, place, word, term) for term, (rarity, place, word) in found.items())
    return [(word, term, -rarity) for rarity, _, word, term in ordered]


def query(headline: str, language: str, now: datetime) -> SearchQuery | None:
    """A search for articles of the last days that share a word with a headline; None where it says nothing."""
    words = tuple(term for _, term, _ in _weighed(headline, language)[:WORDS])
    return SearchQuery(any_of=(words,), language=language, since=now - REACH) if words else None


def nearest(
    headline: str, language: str, found: Iterable[Article], *, without: frozenset[int], most: int
) -> tuple[Article, ...]:
    """Of the articles found, those that share most with a headline: one for each story, of no story `without`."""
    weights = {term: rarity for _, term, rarity in _weighed(headline, language)[:WORDS]}
    best: dict[int, tuple[float, Article]] = {}
    for article in found:
        if article.story_id is None or article.story_id in without:
            continue
        title = weights.keys() & set(terms(article.title, language))
        shared = title | weights.keys() & set(terms("\n".join(quote.text for quote in article.quotes), language))
        covered = sum(weights[term] for term in shared) / sum(weights.values())
        if not title or len(shared) < SHARED or covered < COVERED:
            continue
        if article.story_id not in best or covered > best[article.story_id][0]:
            best[article.story_id] = (covered, article)
    ordered = sorted(best.values(), key=lambda pair: (pair[0], pair[1].published), reverse=True)
    return tuple(article for _, article in ordered[:most])
