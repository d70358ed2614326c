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

from digests.model import Quote
from digests.text import salience
from digests.text.boilerplate import is_boilerplate, lead_in, points_at_picture
from digests.text.coherence import is_torn, leans
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
_QUESTION = re.compile("[?？؟][\"'“”»«’」』)]*$")
_FIGURE = re.compile(r"\d")


class PlacedSentence(Sentence):  # type: ignore[misc]  # sumy has no type hints
    """A sentence of sumy's model that knows its place, `text[start:end]`, and its length in words."""

    __slots__ = ("end", "length", "start")

    def __init__(self, text: str, start: int, end: int, tokenizer: "NewsTokenizer", *, alone: bool) -> None:
        sentence = text[start:end]
        self.start, self.end = start, end
        self.length = len(sentence) // 2 if tokenizer.language in _UNSPACED else len(sentence.split())
        super().__init__(sentence, tokenizer, is_heading=is_boilerplate(sentence, alone=alone))


class NewsTokenizer:
    """What sumy's model asks for, by the project's own sentences and terms: no data to download, all languages."""

    def __init__(self, language: str) -> None:
        self.language = language

    def to_sentences(self, paragraph: str) -> tuple[str, ...]:
        """The sentences of a paragraph."""
        return tuple(paragraph[start:end] for start, end in spans(paragraph, self.language))

    def to_words(self, sentence: str) -> tuple[str, ...]:
        """The stems of a sentence that mean something, in their order."""
        ignored = _stop_terms(self.language)
        return tuple([term for term in terms(sentence, self.language) if term not in ignored])

    def to_document(self, text: str) -> ObjectDocumentModel:
        """A text as sumy's model: a paragraph for each line, with what is not of the article as its headings."""
        places = spans(text[:READ], self.language)
        breaks = [0, *(1 + i for i, ((_, end), (start, _)) in enumerate(pairwise(places)) if "\n" in text[end:start])]
        lines = [places[first:last] for first, last in pairwise([*breaks, len(places)])]
        return ObjectDocumentModel([Paragraph(self._line(text, line)) for line in lines])

    def _line(self, text: str, line: Sequence[tuple[int, int]]) -> list[PlacedSentence]:
        alone = len(line) == 1
        return [PlacedSentence(text, start + lead_in(text[start:end]), end, self, alone=alone) for start, end in line]


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
        sentences: tuple[PlacedSentence, ...] = document.sentences or document.headings
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
        scores = weights.position * np.exp(-np.arange(len(sentences)) / weights.decay)
        scores += weights.centrality * salience.lexrank(space.similarity)
        scores += weights.forward * salience.forward(space.similarity)
        if self._title:
            cosine, share = space.to(self._title)
            scores += weights.title * cosine + weights.title_share * share
        else:
            scores[1:] += weights.lead * space.similarity[0, 1:]
        scores += np.array([self._manner(str(sentence)) for sentence in sentences])
        scores -= weights.length * np.maximum(1 - words / weights.short, 0)
        scores -= weights.length * np.minimum(np.maximum(words / weights.long - 1, 0), 1)
        return scores.astype(np.float32)

    def _manner(self, sentence: str) -> float:
        """What a sentence gains by figures and loses as a question, a bare quotation or a caption."""
        weights = self.weights
        return (
            weights.figures * bool(_FIGURE.search(sentence))
            - weights.quoted * sentence.startswith(_QUOTATION_MARKS)
            - weights.question * bool(_QUESTION.search(sentence, max(0, len(sentence) - 5)))
            - weights.pictured * points_at_picture(sentence)
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


def summarize(text: str, *, title: str = "", language: str = "en", sentences: int = 3) -> list[str]:
    """At most so many sentences of a text, verbatim, in the order of the text."""
    return [quote.text for quote in quotes(text, title=title, language=language, sentences=sentences)]


def quotes(text: str, *, title: str = "", language: str = "en", sentences: int = 5) -> tuple[Quote, ...]:
    """The best sentences of a text with their places, in the order of the text; rank 1 is the best."""
    document = NewsTokenizer(language).to_document(text)
    ranked = NewsSummarizer(language, title=title).ranked(document, sentences)
    found = [Quote(text[s.start : s.end], s.start, s.end, rank) for rank, s in enumerate(ranked, 1)]
    return tuple(sorted(found, key=lambda quote: quote.start))


def _groups(sentences: Sequence[PlacedSentence], language: str) -> npt.NDArray[np.intp]:
    """What may be taken together: (i, i) for a sentence that stands alone, (i - 1, i) for one that leans on i - 1."""
    found: list[tuple[int, int]] = []
    leaning = True
    for i, sentence in enumerate(sentences):
        before, leaning = leaning, i > 0 and leans(str(sentence), language)
        if sentence.length > LONGEST or is_torn(str(sentence)) or (leaning and before):
            continue
        found.append((i - 1 if leaning else i, i))
    return np.array(found or [(i, i) for i in range(len(sentences))], dtype=np.intp)


@lru_cache(maxsize=32)
def _stop_terms(language: str) -> frozenset[str]:
    """The stop words of a language as terms; none where stopwordsiso has none."""
    words = stopwordsiso.stopwords(language) if stopwordsiso.has_lang(language) else ()
    return frozenset(term for word in words for term in terms(word, language))
