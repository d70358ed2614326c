"""Extractive summaries: the sentences of an article that tell most of it, verbatim and in their order.

A sentence scores by where it stands, how central it is (LexRank: Erkan and Radev, JAIR 2004), how much of what
follows comes back to it (PacSum: Zheng and Lapata, ACL 2019), how near it is to the title and how long it is. The best
are taken one by one, each less what it repeats (MMR: Carbonell and Goldstein, SIGIR 1998). Lines that are not of the
article never enter; a sentence that leans on the one before it comes with it or not at all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import stopwordsiso
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.summarizers._summarizer import AbstractSummarizer

from digests.text import salience
from digests.text.boilerplate import (
    Idioms,
    idioms_in,
    is_credit,
    is_foreign,
    is_heading,
    points_at_picture,
    strikes_pose,
)
from digests.text.coherence import is_headless, is_torn, leans
from digests.text.echoes import Headline
from digests.text.margins import is_cut_off, lead_in, news_end, numbering, place_in
from digests.text.sentences import spans
from digests.text.terms import terms

Array = salience.Array

READ = 16_000
"""Characters of a text that are read: some 2,600 words. What comes later is not the news."""

WORDS = 30
"""Words that a summary may have for each of its sentences."""

LONGEST = 80
"""Words of a sentence that nobody would quote, unless there is no other."""

ENOUGH = 0.34
"""The share of the first sentence's worth that a further one must have to be taken at all."""

SAME = 0.7
"""The cosine of two sentences beyond which the second says nothing new."""

SHORTEST = 3
"""Words of a sentence below which it says nothing alone."""

OPENING = 8
"""Sentences among which an article begins: a dateline in one of them says that those before it are captions."""

CREDITED = 3
"""Sentences that a caption may have before the credit on its line."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much in a sentence's score; the same for all languages (how chosen: docs/decisions/summaries.md).

    `decay` is in sentences, `short` and `long` in words: below and above them a sentence loses by `length`, in
    proportion. `lead`, the likeness to the first sentence, stands in for the title where there is none.
    """

    position: float = 0.75
    decay: float = 4.75
    centrality: float = 0.125
    forward: float = 0.4
    title: float = 1.05
    title_share: float = 0.75
    lead: float = 0.6
    figures: float = 0.07
    question: float = 0.7
    quoted: float = 0.4
    pictured: float = 0.3
    length: float = 0.33
    short: int = 13
    long: int = 27
    repetition: float = 1.2


WEIGHTS = Weights()

_UNSPACED = frozenset({"zh", "ja"})
_QUOTATION_MARKS = ('"', "“", "„", "«", "»", "‘", "'", "「", "『", "‹", "–", "—")
_QUESTION_MARKS = ("?", "？", "؟")
_CLOSING_MARKS = "\"'“”»«’」』)"
_HEAD = 800
"""Characters in which an article begins: captions and places with a colon are looked for there only."""

_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Page:
    """A text that is read: with its headline, and with the idioms that stand in it."""

    text: str
    language: str
    headline: Headline
    idioms: Idioms


class PlacedSentence(Sentence):  # type: ignore[misc]  # sumy has no type hints
    """A sentence of sumy's model that knows its place, `text[start:end]`, and its length in words.

    `foreign` says that it is never quoted: of the page, or the headline again. `dated` says that a dateline stood
    before it, where an agency's article begins; `posed` that it has the place and the words of a caption; `headless`
    that its beginning is not in the text.
    """

    __slots__ = ("dated", "end", "foreign", "headless", "length", "posed", "start")

    def __init__(
        self,
        page: Page,
        place: tuple[int, int],
        tokenizer: "NewsTokenizer",
        *,
        first: bool = True,
        alone: bool = True,
        credited: bool = False,
    ) -> None:
        """A sentence at a place of a page: the first of its line, alone there, with a credit behind it."""
        self.start, self.end, self.dated = _trimmed(page, *place, first=first)
        sentence = page.text[self.start : self.end]
        self.headless = self.start == place[0] and is_headless(sentence)
        self.length = len(sentence) // 2 if page.language in _UNSPACED else len(sentence.split())
        self.foreign = credited or page.headline.says(sentence) or is_foreign(sentence, page.idioms)
        self.posed = points_at_picture(sentence, page.idioms) or (alone and place[0] < _HEAD and strikes_pose(sentence))
        super().__init__(sentence, tokenizer, is_heading=self.foreign or is_heading(sentence, alone=alone))


class NewsTokenizer:
    """What sumy's model asks for, by the project's own sentences and terms: no data to download, all languages."""

    def __init__(self, language: str, *, title: str = "") -> None:
        self.language = language
        self.title = title

    def to_sentences(self, paragraph: str) -> tuple[str, ...]:
        """The sentences of a paragraph."""
        return tuple(paragraph[start:end] for start, end in spans(paragraph, self.language))

    def to_words(self, sentence: str) -> tuple[str, ...]:
        """The stems of a sentence that mean something, in their order."""
        ignored = _stop_terms(self.language)
        return tuple([term for term in terms(sentence, self.language) if term not in ignored])

    def to_document(self, text: str) -> ObjectDocumentModel:
        """A text as sumy's model: a paragraph for each line, with what is not of the article as its headings."""
        page = Page(text, self.language, Headline(self.title), idioms_in(text[:READ]))
        places = spans(text[:READ], self.language)
        breaks = [0, *(1 + i for i, ((_, end), (start, _)) in enumerate(pairwise(places)) if "\n" in text[end:start])]
        lines = [places[first:last] for first, last in pairwise([*breaks, len(places)])]
        return ObjectDocumentModel([Paragraph(self._line(page, line)) for line in lines if line])

    def _line(self, page: Page, line: Sequence[tuple[int, int]]) -> list[PlacedSentence]:
        start, end = line[-1]
        credited = 1 < len(line) <= CREDITED + 1 and is_credit(page.text[start:end])
        alone = len(line) - credited == 1
        return [
            PlacedSentence(page, place, self, first=i == 0, alone=alone, credited=credited)
            for i, place in enumerate(line)
        ]


class NewsSummarizer(AbstractSummarizer):  # type: ignore[misc]  # sumy has no type hints
    """Scores and picks the sentences of a document that NewsTokenizer made; `title` is that of the article."""

    def __init__(self, language: str, *, title: str = "", weights: Weights = WEIGHTS) -> None:
        super().__init__()
        self.language = language
        self.weights = weights
        self._title = NewsTokenizer(language).to_words(title)

    def __call__(self, document: ObjectDocumentModel, sentences_count: int) -> tuple[PlacedSentence, ...]:
        """The best sentences in the order of the document."""
        return tuple(sorted(self.ranked(document, sentences_count), key=lambda sentence: sentence.start))

    def ranked(self, document: ObjectDocumentModel, count: int) -> list[PlacedSentence]:
        """The best sentences, best first; one that leans on another comes after it."""
        sentences: tuple[PlacedSentence, ...] = document.sentences or _headings(document)
        if not sentences or count < 1:
            return []
        space = salience.space([sentence.words for sentence in sentences])
        words = np.array([sentence.length for sentence in sentences], dtype=np.float32)
        scores = self._scores(sentences, space, words)
        groups = _groups(sentences, self.language)
        return [sentences[i] for i in self._picked(groups, scores, words, space.similarity, count)]

    def _scores(self, sentences: Sequence[PlacedSentence], space: salience.Space, words: Array) -> Array:
        """How much each sentence is worth, before any is taken. Shape (n,)."""
        weights = self.weights
        lead = next((i for i, sentence in enumerate(sentences[:OPENING]) if sentence.dated), 0)
        scores = np.zeros(len(sentences))
        scores[lead:] = weights.position * np.exp(-np.arange(len(sentences) - lead) / weights.decay)
        scores += weights.centrality * salience.lexrank(space.similarity)
        scores += weights.forward * salience.forward(space.similarity)
        if self._title:
            cosine, share = space.to(self._title)
            scores += weights.title * cosine + weights.title_share * share
        else:
            scores[lead + 1 :] += weights.lead * space.similarity[lead, lead + 1 :]
        scores += np.array([self._manner(sentence) for sentence in sentences])
        scores -= weights.length * np.maximum(1 - words / weights.short, 0)
        scores -= weights.length * np.minimum(np.maximum(words / weights.long - 1, 0), 1)
        return scores.astype(np.float32)

    def _manner(self, placed: PlacedSentence) -> float:
        """What a sentence gains by figures and loses as a question, a bare quotation or a caption."""
        weights, sentence = self.weights, str(placed)
        return (
            weights.figures * bool(_FIGURE.search(sentence))
            - weights.quoted * sentence.startswith(_QUOTATION_MARKS)
            - weights.question * sentence.rstrip(_CLOSING_MARKS).endswith(_QUESTION_MARKS)
            - weights.pictured * placed.posed
        )

    def _picked(
        self, groups: npt.NDArray[np.intp], scores: Array, words: Array, similarity: Array, count: int
    ) -> list[int]:
        """Indices, best first: greedy by score less repetition, in groups of a sentence and what it leans on.

        `groups` has a row (first, last) for each that may be taken, where first is last or the sentence before it.
        """
        picked: list[int] = []
        repeated = np.zeros_like(scores)
        room, least = WORDS * count, -np.inf
        first, last = groups.T.copy()
        shut = np.zeros(len(groups), dtype=np.float32)
        while len(picked) < count:
            worth = np.where(repeated > SAME, -np.inf, scores - self.weights.repetition * repeated)
            gains = (worth[first] + worth[last]) / 2 + shut
            best = int(gains.argmax())
            if not gains[best] > least:
                break
            shut[best] = -np.inf
            added = [i for i in dict.fromkeys((int(first[best]), int(last[best]))) if i not in picked]
            length = int(words[added].sum())
            if added and len(picked) + len(added) <= count and (length <= room or not picked):
                least = max(least, ENOUGH * float(gains[best]))
                picked += added
                room -= length
                for i in added:
                    np.maximum(repeated, similarity[i], out=repeated)
                    first[first == i] = last[first == i]
        return picked


def _trimmed(page: Page, start: int, end: int, *, first: bool) -> tuple[int, int, bool]:
    """A sentence without headline, number, dateline and "continue reading"; and whether it had a dateline."""
    opening = start < _HEAD
    if opening:
        start += page.headline.glued(page.text[start:end])
    start += numbering(page.text[start:end], page.language)
    sentence = page.text[start:end]
    cut = lead_in(sentence) or (place_in(sentence) if first and opening else 0)
    return start + cut, start + news_end(sentence), bool(cut) and first and sentence[0].isupper()


def _headings(document: ObjectDocumentModel) -> tuple[PlacedSentence, ...]:
    """What a text without sentences has to say: headings that are more than a word, a teaser without a full stop."""
    return tuple(one for one in document.headings if not one.foreign and one.length >= SHORTEST)


def _groups(sentences: Sequence[PlacedSentence], language: str) -> npt.NDArray[np.intp]:
    """What may be taken together: (i, i) for a sentence that stands alone, (i - 1, i) for one that leans on i - 1."""
    found: list[tuple[int, int]] = []
    leaning = True
    for i, sentence in enumerate(sentences):
        before, leaning = leaning, i > 0 and leans(str(sentence), language)
        if not SHORTEST <= sentence.length <= LONGEST or (leaning and before):
            continue
        if sentence.headless or is_torn(str(sentence)):
            continue
        if i == len(sentences) - 1 and is_cut_off(str(sentence)):
            continue
        found.append((i - 1 if leaning else i, i))
    return np.array(found or [(i, i) for i in range(len(sentences))], dtype=np.intp)


@lru_cache(maxsize=32)
def _stop_terms(language: str) -> frozenset[str]:
    """The stop words of a language as terms; none where stopwordsiso has none."""
    words = stopwordsiso.stopwords(language) if stopwordsiso.has_lang(language) else ()
    return frozenset(term for word in words for term in terms(word, language))
