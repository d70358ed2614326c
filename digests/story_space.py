"""The live articles of one language, and the single pass that finds a new one its story.

An article is a TF-IDF vector of its title, three times, and the start of its text. It resembles a story by its cosine
with the story's centroid and by that with the story's nearest article; a story loses some of it with time and size.
What an article's background takes off, its likeness to the stories that it does not belong to, is a normalisation known
from speaker verification and from CSLS (Conneau et al. 2018). docs/decisions/stories.md has the figures.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from digests.postings import Floats, Postings
from digests.text.headlines import without_outlet
from digests.text.terms import terms

LIVE_HOURS = 120.0
"""A story that got no article for so long takes no more."""
LEAD = 600
"""Characters of the text that are read beside the title."""
TITLES = 3
"""How often the title counts."""
NEAREST = 0.65
"""The weight of the nearest article beside the centroid's."""
FADING = 96.0
"""Hours after which a story has lost 1 - 1/e of its likeness."""
FRESH, FRESH_HOURS = 0.2, 4.0
"""What a story gains right after its last article, and in how many hours 1 - 1/e of it is gone."""
SIZE = 0.02
"""What a story loses for each natural logarithm of its size."""
BACKGROUND = 1.25
FOREMOST, HINDMOST = 5, 25
"""An article's background: its mean likeness to its stories of rank 6 to 25, times BACKGROUND."""
THRESHOLD_TITLE = 0.19
THRESHOLD_TEXT = 0.15
SURE_TITLE, SURE_TEXT = 0.40, 0.28
"""Scores from which on at least 95% of the articles were in their right story, on dense development sets."""
FULL_TEXT = 40
"""From so many terms of text on the figures for texts hold, with none those for titles, between them their mixture."""
COMMON = 0.15
"""Terms in a larger share of the articles say nothing of an event and are left out."""
FEW = 50
"""Articles below which no term counts as common; restoring fewer does not measure all stories anew."""
TOTAL = ""
"""The entry of a frequency table that holds the number of articles counted."""
AGED = 60_000
"""Articles after which all counts are halved, so that a language's frequencies follow what is read now."""
COMPACT = 2_000
"""Rows that are too old before they are dropped, all at once."""

Table = npt.NDArray[Any]


class Space:
    """The live stories of one language. `frequencies` are document frequencies to start from."""

    def __init__(self, language: str, frequencies: Mapping[str, int]) -> None:
        self._language = language
        self._counts: Counter[str] = Counter(frequencies)
        self._postings = Postings()
        self._rows = np.zeros(256, dtype=[("story", np.intp), ("hour", np.float64)])
        self._count = 0
        self._stories = np.zeros(256, dtype=[(name, np.float64) for name in ("size", "first", "last", "norm")])
        self._ids: list[Any] = []
        self._articles: list[Hashable] = []
        self._number: dict[Hashable, int] = {}
        self._strength: dict[Hashable, float] = {}

    @property
    def frequencies(self) -> dict[str, int]:
        """In how many articles each term occurred; those of a single one are left out."""
        return {term: count for term, count in self._counts.items() if count > 1}

    def add(self, article: Any) -> Any:
        """Put an article into the story that it resembles most, or open one; returns the story's id."""
        title, lead = self._read(article)
        vector = self._vector(title, lead)
        products = self._postings.products(vector, self._count)
        scores = self._scores(products, _hour(article))
        story = int(np.argmax(scores)) if len(scores) else -1
        if story < 0 or scores[story] < _mixed(THRESHOLD_TITLE, THRESHOLD_TEXT, lead):
            story = self._open(article.id)
        else:
            self._strength[article.id] = float(scores[story]) / _mixed(SURE_TITLE, SURE_TEXT, lead)
        self._count_in(vector, story)
        story_id = self._ids[story]
        self._store(article, story, vector, self._gain(story, vector, products))
        if self._count % COMPACT == 0:
            self._compact(_hour(article) - LIVE_HOURS)
        return story_id

    def restore(self, articles: Sequence[Any]) -> None:
        """Take in articles whose stories are known, oldest first, without counting their terms."""
        few = len(articles) < FEW
        for article in articles:
            story = self._number.get(article.story_id)
            if story is None:
                story = self._open(article.story_id)
            vector = self._vector(*self._read(article))
            self._store(article, story, vector, self._gain(story, vector) if few else 0.0)
        if not few:
            known = len(self._ids)
            self._stories["norm"][:known] = self._postings.norms(self._rows["story"][: self._count], known)

    def strength(self, article_id: Hashable) -> float | None:
        """How surely a live article belongs to its story; None for one that opened it or was restored."""
        return self._strength.get(article_id)

    def _read(self, article: Any) -> tuple[list[str], list[str]]:
        title = terms(without_outlet(article.title), self._language)
        return title, terms(article.text[:LEAD], self._language)

    def _count_in(self, vector: Iterable[str], story: int) -> None:
        """Count the terms of an article, but not those that its story had last: big stories keep their words rare."""
        of_row = self._rows["story"]
        for term in vector:
            last = self._postings.last(term)
            if last is None or of_row[last] != story:
                self._counts[term] += 1
        self._counts[TOTAL] += 1
        if self._counts[TOTAL] >= AGED:
            self._counts = Counter({term: count // 2 for term, count in self._counts.items() if count > 1})

    def _vector(self, title: list[str], lead: list[str]) -> dict[str, float]:
        total = self._counts[TOTAL] + 1
        often = Counter(lead)
        for term in title:
            often[term] += TITLES
        vector = {}
        for term, times in often.items():
            count = self._counts[term] + 1
            common = count >= COMMON * total and total >= FEW
            vector[term] = 0.0 if common else (1 + math.log(times)) * math.log((total + 1) / count)
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        return {term: weight / length for term, weight in vector.items()}

    def _scores(self, products: Floats, hour: float) -> Floats:
        """How much an article resembles each story, its background taken off, shape (stories,)."""
        known = len(self._ids)
        of_row = self._rows["story"][: self._count]
        stories = self._stories[:known]
        nearest = np.zeros(known)
        np.maximum.at(nearest, of_row, products)
        centroid = np.bincount(of_row, products, minlength=known) / np.sqrt(np.maximum(stories["norm"], 1e-9))
        # An article may come late, long after it was published: then it is the story's beginning that it must be near.
        gap = np.maximum(0.0, np.maximum(hour - stories["last"], stories["first"] - hour))
        ageing = np.exp(-gap / FADING) * (1 + FRESH * np.exp(-gap / FRESH_HOURS))
        scores = (NEAREST * nearest + (1 - NEAREST) * centroid) * ageing - SIZE * np.log(stories["size"])
        scores[gap > LIVE_HOURS] = 0.0
        return np.asarray(scores - BACKGROUND * _background(scores), dtype=np.float64)

    def _open(self, story_id: Any) -> int:
        story = len(self._ids)
        self._stories = _grown(self._stories, story)
        self._stories[story] = (0, math.inf, -math.inf, 0)
        self._ids.append(story_id)
        self._number[story_id] = story
        return story

    def _gain(self, story: int, vector: Mapping[str, float], products: Floats | None = None) -> float:
        """By how much a story's squared length grows with an article of this vector."""
        if products is None:
            products = self._postings.products(vector, self._count)
        return 2 * float(products[self._rows["story"][: self._count] == story].sum()) + 1

    def _store(self, article: Any, story: int, vector: Mapping[str, float], norm: float) -> None:
        """Put an article into a story, whose squared length grows by `norm`."""
        self._rows = _grown(self._rows, self._count)
        self._rows[self._count] = (story, _hour(article))
        self._articles.append(article.id)
        self._postings.add(self._count, vector)
        self._count += 1
        entry = self._stories[story]
        entry["size"] += 1
        entry["first"] = min(entry["first"], _hour(article))
        entry["last"] = max(entry["last"], _hour(article))
        entry["norm"] += norm

    def _compact(self, oldest: float) -> None:
        """Drop the articles that are older than an hour, and the stories that are left without one."""
        live = np.flatnonzero(self._rows["hour"][: self._count] >= oldest)
        first = int(live[0]) if len(live) else self._count
        if first < COMPACT // 2:
            return
        self._postings.drop(first)
        for article_id in self._articles[:first]:
            self._strength.pop(article_id, None)
        del self._articles[:first]
        self._count -= first
        self._rows = self._rows[first : first + self._count].copy()
        used, of_row = np.unique(self._rows["story"], return_inverse=True)
        self._rows["story"] = of_row
        self._stories = self._stories[used]
        self._stories["norm"] = self._postings.norms(of_row, len(used))
        self._ids = [self._ids[story] for story in used]
        self._number = {story_id: story for story, story_id in enumerate(self._ids)}


def _hour(article: Any) -> float:
    return float(article.published.timestamp() / 3600)


def _mixed(of_title: float, of_text: float, lead: Sequence[str]) -> float:
    """A figure between that of titles alone and that of texts, by the length of the text."""
    return of_title + min(1.0, len(lead) / FULL_TEXT) * (of_text - of_title)


def _background(score: Floats) -> float:
    """The mean of the scores of rank FOREMOST+1 to HINDMOST, where there are so many."""
    if len(score) <= HINDMOST:
        return 0.0
    foremost = np.sort(np.partition(score, -HINDMOST)[-HINDMOST:])
    return float(np.maximum(foremost[:-FOREMOST], 0.0).mean())


def _grown(table: Table, place: int) -> Table:
    """The table with room for a row at this place."""
    return table if place < len(table) else np.concatenate([table, np.zeros(max(256, len(table)), dtype=table.dtype)])
