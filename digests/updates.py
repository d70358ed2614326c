"""Stories that were sent and have grown: whether they may come again, and with what that is new.

Pure, and asked once for each story and each earlier digest that had it, whoever reads it.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from digests import ranking
from digests.model import Article, Had, Quote, Story
from digests.text.terms import terms

LEAST_GROWTH = 3
"""Publishers that must have joined, at least; and half as many as there were."""

PAUSE = timedelta(hours=20)
"""How long a story that came as an update does not come again: once a day, whatever the hour."""

TOLD = 0.6
"""The share of a sentence's terms that, standing in one sentence from before, makes it no news."""

SHORTEST = 4
"""Terms of a sentence that can be judged."""


def needed(publishers: int) -> int:
    """How many publishers must tell a story that was sent when so many did."""
    return publishers + max(LEAST_GROWTH, math.ceil(publishers / 2))


def update(story: Story, had: Had, publishers: int, now: datetime) -> Story | None:
    """The story as an update for those who had it so: led by an article that came since, with its new sentences alone.

    `publishers` is how many tell it now. None where it has not grown enough, or nothing in it is new.
    """
    if not had.publishers or publishers < needed(had.publishers):
        return None
    if had.updated_at is not None and now - had.updated_at < PAUSE:
        return None
    fresh = [article for article in story.articles if _came(article) > had.at]
    known = [_words(quote, story.language) for article in story.articles if _came(article) <= had.at
             for quote in article.quotes]  # fmt: skip
    telling = [
        replace(article, quotes=new)
        for article in fresh
        if article.sure and (new := _unknown(article.quotes, known, story.language))
    ]
    if not telling:
        return None
    leader = telling[ranking.lead(telling)]
    articles = tuple(leader if article.id == leader.id else article for article in story.articles)
    return replace(story, articles=articles, lead=articles.index(leader))


def _came(article: Article) -> datetime:
    return article.fetched_at or article.published


def _unknown(quotes: Sequence[Quote], known: Sequence[frozenset[str]], language: str) -> tuple[Quote, ...]:
    """The sentences that no earlier one says already."""
    new = []
    for quote in quotes:
        words = _words(quote, language)
        if len(words) >= SHORTEST and all(len(words & said) < TOLD * len(words) for said in known):
            new.append(quote)
    return tuple(new)


def _words(quote: Quote, language: str) -> frozenset[str]:
    return frozenset(terms(quote.text, language))
