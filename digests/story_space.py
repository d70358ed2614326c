"""The live articles of one language and the single pass that puts a new one among them."""

import math
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from digests.postings import Floats, Postings
from digests.text.terms import terms

LIVE_HOURS = 120.0
"""A story that got no article for so long takes no more."""
LEAD = 600
"""Characters of the text that are read beside the title."""
TOTAL = ""
"""The entry of a frequency table that holds the number of articles counted."""


@dataclass(slots=True)
class _Row:
    article: Hashable
    story: int
    similarity: float | None


@dataclass(slots=True)
class _Live:
    """A live story: its id for the outside, how many articles it has, when the last one came, |centroid|²."""

    id: Any
    size: int
    last: float
    norm: float


class Space:
    """The live stories of one language."""

    def __init__(self, language: str, frequencies: Mapping[str, int]) -> None:
        self._language = language
        self._df: Counter[str] = Counter(frequencies)
        self._postings = Postings()
        self._rows: list[_Row] = []
        self._story_of_row = np.zeros(1024, dtype=np.intp)
        self._time = np.zeros(1024)
        self._stories: list[_Live] = []
        self._number: dict[Hashable, int] = {}

    @property
    def frequencies(self) -> dict[str, int]:
        """In how many articles each term occurred."""
        return dict(self._df)

    def add(self, article: Any) -> Any:
        """Put an article into the story it resembles most, or open one; returns the story's id."""
        counts = self._counts(article)
        self._df.update(counts.keys())
        self._df[TOTAL] += 1
        vector = self._vector(counts)
        now = article.published.timestamp() / 3600
        best, score, dot = self._best(self._postings.similarities(vector, len(self._rows)), now)
        similarity = None if best is None else score
        story = self._open(article.id, now) if best is None else best
        self._store(article.id, story, vector, now, dot, similarity)
        return self._stories[story].id

    def restore(self, article: Any, story_id: Hashable) -> None:
        """Take in an article whose story is known."""
        vector = self._vector(self._counts(article))
        now = article.published.timestamp() / 3600
        story = self._number.get(story_id)
        if story is None:
            story = self._open(story_id, now)
        count = len(self._rows)
        dot = float(self._postings.similarities(vector, count)[self._story_of_row[:count] == story].sum())
        self._store(article.id, story, vector, now, dot, None)

    def similarity(self, article_id: Hashable) -> float | None:
        """How alike a live article was to the story it joined."""
        return next((row.similarity for row in self._rows if row.article == article_id), None)

    def _counts(self, article: Any) -> Counter[str]:
        return Counter(terms(f"{article.title}\n{article.title}\n{article.text[:LEAD]}", self._language))

    def _vector(self, counts: Counter[str]) -> dict[str, float]:
        total = self._df[TOTAL]
        vector = {
            term: (1 + math.log(tf)) * math.log((total + 1) / (self._df[term] or 1)) for term, tf in counts.items()
        }
        norm = math.sqrt(sum(w * w for w in vector.values())) or 1.0
        return {term: w / norm for term, w in vector.items() if w > 0}

    def _best(self, sims: Floats, now: float) -> tuple[int | None, float, float]:
        count = len(self._rows)
        if not count:
            return None, 0.0, 0.0
        sums = np.bincount(self._story_of_row[:count], sims, minlength=len(self._stories))
        norm = np.array([s.norm for s in self._stories])
        last = np.array([s.last for s in self._stories])
        size = np.array([s.size for s in self._stories])
        gap = np.maximum(0.0, now - last)
        score = sums / np.sqrt(norm) * np.exp(-gap / 96.0) - 0.02 * np.log(size)
        score[gap > LIVE_HOURS] = -1
        best = int(np.argmax(score))
        if score[best] < 0.20:
            return None, 0.0, 0.0
        return best, float(score[best]), float(sums[best])

    def _open(self, story_id: Any, now: float) -> int:
        self._number[story_id] = len(self._stories)
        self._stories.append(_Live(story_id, 0, now, 0.0))
        return len(self._stories) - 1

    def _store(
        self, article_id: Hashable, story: int, vector: dict[str, float], now: float, dot: float, sim: float | None
    ) -> None:
        row = len(self._rows)
        if row == len(self._story_of_row):
            self._story_of_row = np.concatenate([self._story_of_row, np.zeros(row, dtype=np.intp)])
        self._postings.add(row, vector)
        self._rows.append(_Row(article_id, story, sim))
        self._story_of_row[row] = story
        live = self._stories[story]
        live.size += 1
        live.last = max(live.last, now)
        live.norm += 2 * dot + 1
