"""Extractive summaries: the sentences of an article that tell most of it, verbatim and in their order.

A sentence scores by where it stands, how central it is (LexRank: Erkan and Radev, JAIR 2004), how much of what
follows comes back to it (PacSum: Zheng and Lapata, ACL 2019), how near it is to the title and how long it is. The best
are taken one by one, each less what it repeats (MMR: Carbonell and Goldstein, SIGIR 1998). Lines that are not of the
article never enter; a sentence that leans on the one before it comes with it or not at all.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby, pairwise

import numpy as np
import stopwordsiso
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.summarizers._summarizer import AbstractSummarizer

from digests.model import Quote
from digests.text import salience
from digests.text.boilerplate import is_boilerplate, lead_in
from digests.text.coherence import is_torn, leans
from digests.text.sentences import spans
from digests.text.terms import terms

READ = 24_000
"""Characters of a text that are read: some 4,000 words. What comes later is not the news."""

WORDS = 40
"""Words that a summary may have for each of its sentences."""

_POSITION, _DECAY = 1.0, 4.0
_CENTRALITY = 0.5
_FORWARD = 0.5
_TITLE = 0.5
_SHORT, _LONG, _LENGTH = 8, 40, 0.3
_REPETITION = 0.6


class PlacedSentence(Sentence):  # type: ignore[misc]  # sumy has no type hints
    """A sentence of sumy's model that knows its place: `text[start:end]`."""

    __slots__ = ("end", "start", "unspaced")

    def __init__(self, text: str, start: int, end: int, tokenizer: "NewsTokenizer", *, alone: bool) -> None:
        self.start, self.end, self.unspaced = start, end, tokenizer.language in ("zh", "ja")
        super().__init__(text[start:end], tokenizer, is_heading=is_boilerplate(text[start:end], alone=alone))


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
        return tuple(term for term in terms(sentence, self.language) if term not in ignored)

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

    def __init__(self, language: str, *, title: str = "") -> None:
        super().__init__()
        self.language = language
        self._title = NewsTokenizer(language).to_words(title)

    def __call__(self, document: ObjectDocumentModel, sentences_count: int) -> tuple[PlacedSentence, ...]:
        """The best sentences in the order of the document."""
        return tuple(sorted(self.ranked(document, sentences_count), key=lambda sentence: sentence.start))

    def ranked(self, document: ObjectDocumentModel, count: int) -> list[PlacedSentence]:
        """The best sentences, best first; one that leans on another comes after it."""
        sentences: tuple[PlacedSentence, ...] = document.sentences or document.headings
        if not sentences:
            return []
        vectors, title = salience.vectors([sentence.words for sentence in sentences], extra=self._title)
        similarity = vectors @ vectors.T
        scores = self._scores(sentences, similarity, vectors @ title)
        return [sentences[i] for i in self._picked(sentences, scores, similarity, count)]

    def _scores(
        self, sentences: Sequence[PlacedSentence], similarity: salience.Array, to_title: salience.Array
    ) -> salience.Array:
        words = np.array([_word_count(sentence) for sentence in sentences], dtype=np.float32)
        short = np.clip(1 - words / _SHORT, 0, 1)
        long = np.clip(words / _LONG - 1, 0, 1)
        total: salience.Array = (
            _POSITION * np.exp(-np.arange(len(sentences)) / _DECAY)
            + _CENTRALITY * salience.lexrank(similarity) / 2
            + _FORWARD * salience.forward(similarity)
            + _TITLE * to_title
            - _LENGTH * (short + long)
        ).astype(np.float32)
        return total

    def _picked(
        self, sentences: Sequence[PlacedSentence], scores: salience.Array, similarity: salience.Array, count: int
    ) -> list[int]:
        """Indices, best first: greedy by score less repetition, in groups of a sentence and what it leans on."""
        groups = _groups(sentences, self.language)
        picked: list[int] = []
        room = WORDS * count
        while groups and len(picked) < count:

            def gain(group: tuple[int, ...]) -> float:
                worth = float(np.mean(scores[list(group)]))
                return worth - (_REPETITION * float(similarity[np.ix_(group, picked)].max()) if picked else 0.0)

            best = max(groups, key=gain)
            groups.remove(best)
            added = [i for i in best if i not in picked]
            words = sum(_word_count(sentences[i]) for i in added)
            if len(picked) + len(added) <= count and (words <= room or not picked):
                picked.extend(added)
                room -= words
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


def _groups(sentences: Sequence[PlacedSentence], language: str) -> list[tuple[int, ...]]:
    """Each sentence that may stand in a summary with what must come with it, the sentence before it."""
    groups: list[tuple[int, ...]] = []
    for i, sentence in enumerate(sentences):
        text = str(sentence)
        if is_torn(text):
            continue
        if not leans(text, language) or i == 0:
            groups.append((i,))
        elif not leans(str(sentences[i - 1]), language):
            groups.append((i - 1, i))
    return groups or [(i,) for i in range(len(sentences))]


def _word_count(sentence: PlacedSentence) -> int:
    text = str(sentence)
    return len(text) // 2 if sentence.unspaced else len(text.split())


@lru_cache(maxsize=32)
def _stop_terms(language: str) -> frozenset[str]:
    """The stop words of a language as terms; none where stopwordsiso has none."""
    words = stopwordsiso.stopwords(language) if stopwordsiso.has_lang(language) else ()
    return frozenset(term for word in words for term in terms(word, language))
