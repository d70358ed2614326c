"""Topics: filing articles and stories under the shipped ones, and matching the words that subscribers follow.

`classify` reads one article by the vocabulary of its language; `vote` adds up the articles of a story, the feeds' own
categories first; `match` and `rank` answer a subscriber's own words.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from digests import embeddings
from digests.readable import Readable
from digests.text.terms import terms
from digests.topic_query import Match, TopicQuery, counted, frequencies_of
from digests.topic_vocabulary import Entry, described, entries, folded_name, names, regions, shares

TOPICS: tuple[str, ...] = tuple(described())
"""The keys of the shipped topics."""

LEAD = 2000
"""Characters of the text that are read beside the title."""
IN_TITLE = 3.0
"""A word of the title counts like so many of the text."""
REGION = 0.5
"""A region stands behind a subject of the same score."""
CATEGORY = 1.0
"""Votes of the category that a feed gives its articles; a classification has one vote in all."""
GENERAL = frozenset({"world"})
"""Categories of feeds that carry everything: they have half a vote."""
LEAST = 0.1
"""The least share of the votes that files a story under a topic."""
MOST = 4
"""Topics of one story at most."""

MARKS = ".,:;!?…\"'“”„«»‘’()[]{}،؛؟。、！？「」『』-–—*"

Ranked = Sequence[tuple[str, float]]
Scores = defaultdict[str, float]
Counts = defaultdict[tuple[str, Entry], float]


def classify(title: str, text: str, *, language: str) -> list[tuple[str, float]]:
    """The topics that an article's words tell, best first, with their shares of the score, which add up to 1.

    Where the extra `embeddings` is installed, what the title and lead resemble has its say.
    """
    counts: Counts = defaultdict(float)
    _count(counts, title, language, IN_TITLE)
    _count(counts, text[:LEAD], language, 1.0)
    own: Scores = defaultdict(float)
    for (_, entry), count in counts.items():
        for topic, weight in entry.weights:
            own[topic] += weight * math.log1p(count) / math.sqrt(len(entry.weights))
    by_words = _shares_of(_passed_on(own))
    return embeddings.blended(by_words, title, text) if embeddings.available() else by_words


def words_of(title: str, text: str, *, language: str) -> dict[str, list[str]]:
    """The words of an article that tell its topics, topic → words in the order of the text.

    They stand as it has them, or as their terms where it has no spaces.
    """
    vocabulary = entries(language)
    said: list[tuple[str, str]] = []
    for word in f"{title} {text[:LEAD]}".split():
        of_word = terms(word, language)
        said += [(term, word if len(of_word) == 1 else term) for term in of_word]
    found: dict[str, dict[str, None]] = {}
    for place, (term, _) in enumerate(said):
        for entry in vocabulary.get(term, ()):
            end = place + 1 + len(entry.rest)
            if tuple(other for other, _ in said[place + 1 : end]) == entry.rest:
                words = " ".join(dict.fromkeys(word.strip(MARKS) for _, word in said[place:end]))
                for topic, _ in entry.weights:
                    found.setdefault(topic, {})[words] = None
                break
    return {topic: list(words) for topic, words in found.items()}


def vote(classified: Iterable[Ranked], *, categories: Iterable[Sequence[str]] = ()) -> tuple[tuple[str, float], ...]:
    """The topics of a story, best first, from those of its articles; `categories` are the feeds' own, feed by feed.

    The feeds' categories come first: they know what the words do not say. Shares add up to at most 1.
    """
    votes: Scores = defaultdict(float)
    for ranked in classified:
        for topic, share in ranked:
            votes[topic] += share
    for topics in categories:
        for topic in topics:
            votes[topic] += CATEGORY * (0.5 if topic in GENERAL else 1.0) / len(topics)
    kept = [(topic, share) for topic, share in _shares_of(votes) if share >= LEAST]
    return tuple((topic, round(share, 4)) for topic, share in kept[:MOST])


def resolve(name: str, language: str = "") -> str | None:
    """The key of the topic that a reader means by a name in any language; None where there is none."""
    return names().get(folded_name(name))


def title_of(topic: str, language: str) -> str:
    """What a topic is called in a language; its English name where it has none there."""
    of_topic = described()[topic]["names"]
    return str(of_topic.get(language, of_topic["en"])[0])


def _count(counts: Counts, text: str, language: str, weight: float) -> None:
    """Add the words of the vocabulary that occur in a text."""
    vocabulary = entries(language)
    found = terms(text, language)
    for place, term in enumerate(found):
        for entry in vocabulary.get(term, ()):
            end = place + 1 + len(entry.rest)
            if not entry.rest or tuple(found[place + 1 : end]) == entry.rest:
                counts[term, entry] += weight
                break


def _passed_on(own: Scores) -> Scores:
    """Scores with what topics pass on to others (war is also world news), and regions behind subjects."""
    scores = defaultdict(float, own)
    for topic, score in own.items():
        for other, share in shares()[topic].items():
            scores[other] += score * share
    for region in regions() & scores.keys():
        scores[region] *= REGION
    return scores


def _shares_of(scores: Scores) -> list[tuple[str, float]]:
    total = sum(scores.values())
    return [(topic, score / total) for topic, score in sorted(scores.items(), key=lambda item: -item[1]) if score > 0]


def rank(query: str, articles: Sequence[Readable]) -> list[Any]:
    """The ids of the articles that have any of a query's words, best first."""
    return [article_id for article_id, _ in _matches(query, articles)]


def match(query: str, articles: Sequence[Readable]) -> list[Any]:
    """The ids of the articles to send to a subscriber who follows these words, best first."""
    return [article_id for article_id, found in _matches(query, articles) if found.relevant]


def _matches(query: str, articles: Sequence[Readable]) -> list[tuple[Any, Match]]:
    by_language: dict[str, list[Readable]] = {}
    for article in articles:
        by_language.setdefault(article.language, []).append(article)
    found: list[tuple[Any, Match]] = []
    for language, of_language in by_language.items():
        counts = [counted(article.title, article.text, language) for article in of_language]
        asked = TopicQuery(query, language, frequencies_of(counts))
        answers = ((article.id, asked.of(of_article)) for article, of_article in zip(of_language, counts, strict=True))
        found.extend(answer for answer in answers if answer[1].score > 0)
    return sorted(found, key=lambda answer: -answer[1].score)
