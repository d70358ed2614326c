"""A subscriber's own words as a query: which articles are about them, and how much.

BM25 (Robertson and Zaragoza, 2009) over title and text, the title counting several times, and a gate: an article is
about the words only where it covers most of what makes them rare.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from digests.text.terms import terms

COVERED = 0.6
"""The least share of the query's IDF that an article which matches covers."""
FOCUS = 0.4
"""The least share of the score that an article full of the query's words would get: what only mentions them is out."""
IN_TITLE = 3
"""A term of the title counts like so many of the text."""
SATURATION = 1.2
LENGTH = 0.5
"""BM25's k1 and b."""
USUAL_LENGTH = 350.0
"""Terms of an average article."""
READ = 6000
"""Characters of a text that are read."""
TOTAL = ""
"""The entry of document frequencies that holds the number of articles counted."""

Counts = Mapping[str, int]


def count(title: str, text: str, language: str) -> Counts:
    """The terms of an article, those of the title several times."""
    counts = Counter(terms(text[:READ], language))
    for term in terms(title, language):
        counts[term] += IN_TITLE
    return counts


counted = lru_cache(maxsize=4096)(count)
"""The same, remembered."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well an article answers a query.

    `score` is BM25's, `covered` the share of the query's IDF that the article has, `focus` the score as a share of the
    highest that any article could get.
    """

    score: float
    covered: float
    focus: float

    @property
    def relevant(self) -> bool:
        """Whether the article is to be sent."""
        return self.covered >= COVERED and self.focus >= FOCUS


NONE = Match(0.0, 0.0, 0.0)


class TopicQuery:
    """A query in one language, weighed by document frequencies (term → articles; "" → all articles)."""

    def __init__(self, query: str, language: str, frequencies: Counts) -> None:
        total = max(1, frequencies.get(TOTAL, 0))
        self.language = language
        self.weights = {
            term: math.log(1 + (total + 0.5) / (frequencies.get(term, 0) + 0.5)) for term in terms(query, language)
        }
        self._all = sum(self.weights.values())
        self.least = COVERED * self._all - 1e-9
        """What the weights of an article's terms must come to, or it is not relevant."""

    def match(self, title: str, text: str) -> Match:
        """How well an article answers, from its own words."""
        return self.of(counted(title, text, self.language))

    def score(self, title: str, text: str) -> float:
        """The BM25 score of an article that is to be sent, else 0."""
        found = self.match(title, text)
        return found.score if found.relevant else 0.0

    def of(self, counts: Counts) -> Match:
        """How well an article answers, from its counted terms."""
        present = [(counts[term], weight) for term, weight in self.weights.items() if term in counts]
        if not present:
            return NONE
        length = 1 - LENGTH + LENGTH * sum(counts.values()) / USUAL_LENGTH
        score = sum(weight * tf * (SATURATION + 1) / (tf + SATURATION * length) for tf, weight in present)
        covered = sum(weight for _, weight in present) / self._all
        return Match(score, covered, score / (self._all * (SATURATION + 1)))


def frequencies_of(counts: Sequence[Counts]) -> Counts:
    """Document frequencies over these articles."""
    found: Counter[str] = Counter()
    for of_article in counts:
        found.update(of_article.keys())
    found[TOTAL] = len(counts)
    return found
