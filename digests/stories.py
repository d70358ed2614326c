"""Stories: which articles tell of one event.

Articles come in the order of their publication. Each joins the story it resembles most, or opens one: a single pass
over TF-IDF vectors of `digests.text.terms`, so that no article's story depends on a later one. Articles of different
languages never meet. A story's id is the id of the article that opened it.
"""

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from digests.model import Unfiled
from digests.readable import Readable
from digests.story_space import Space

SURE = 1.0
"""The strength from which on at least 95% of the articles were in their right story, on dense development sets."""


class Dated(Readable, Protocol):
    """What grouping reads of an article: `digests.model.Unfiled` has it."""

    @property
    def source(self) -> str:
        """The name of its publisher."""
        ...

    @property
    def published(self) -> datetime:
        """Aware."""
        ...


class StoryGrouper:
    """The live stories of all languages; feed it every article once, in the order of publication.

    `frequencies` are document frequencies by language as the property gave them before; a language that is not among
    them starts from the shipped table.
    """

    def __init__(self, frequencies: Mapping[str, Mapping[str, int]] | None = None) -> None:
        self._spaces: dict[str, Space] = {}
        self._frequencies = {**shipped_frequencies(), **(frequencies or {})}

    def add(self, article: Dated) -> Any:
        """The id of the story of an article: its own where it opens one."""
        return self._space(article.language).add(article)

    def restore(self, articles: Iterable[Unfiled]) -> None:
        """Take in articles whose `story_id` is known, in the order of publication, without counting them again."""
        by_language: dict[str, list[Unfiled]] = {}
        for article in articles:
            if article.story_id is not None:
                by_language.setdefault(article.language, []).append(article)
        for language, of_language in by_language.items():
            self._space(language).restore(of_language)

    def strength(self, article_id: Hashable) -> float | None:
        """How surely a live article belongs to its story: from SURE on "N sources" may be said of it.

        None for an article that opened its story, was restored or is not live.
        """
        for space in self._spaces.values():
            if (found := space.strength(article_id)) is not None:
                return found
        return None

    @property
    def frequencies(self) -> dict[str, dict[str, int]]:
        """In how many articles each term occurred, by language; the term "" stands for their number."""
        unread = {language: dict(counts) for language, counts in self._frequencies.items()}
        return unread | {language: space.frequencies for language, space in self._spaces.items()}

    def _space(self, language: str) -> Space:
        space = self._spaces.get(language)
        if space is None:
            space = self._spaces[language] = Space(language, self._frequencies.get(language, {}))
        return space


@cache
def shipped_frequencies() -> Mapping[str, Mapping[str, int]]:
    """The document frequencies that a new installation starts from, counted by benchmarks/frequencies.py."""
    table: dict[str, dict[str, int]] = json.loads(files("digests").joinpath("frequencies.json").read_bytes())
    return table


def group(articles: Sequence[Dated]) -> list[Any]:
    """The story of each article, for articles in the order of publication; no story depends on a later article."""
    grouper = StoryGrouper()
    return [grouper.add(article) for article in articles]
