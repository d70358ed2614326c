"""Stories: which articles tell of one event.

Articles come in the order of their publication. Each joins the story it resembles most, or opens one: a single pass
over TF-IDF vectors of `digests.text.terms`, so that no article's story depends on a later one. Articles of different
languages never meet. A story's id is the id of the article that opened it.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from digests.story_space import Space


class Readable(Protocol):
    """What grouping reads of an article: `digests.model.Unfiled` has it."""

    @property
    def id(self) -> Any:
        """See `digests.model.Unfiled`."""
        ...

    @property
    def title(self) -> str:
        """See `digests.model.Unfiled`."""
        ...

    @property
    def text(self) -> str:
        """See `digests.model.Unfiled`."""
        ...

    @property
    def source(self) -> str:
        """See `digests.model.Unfiled`."""
        ...

    @property
    def published(self) -> datetime:
        """See `digests.model.Unfiled`."""
        ...

    @property
    def language(self) -> str:
        """See `digests.model.Unfiled`."""
        ...


class StoryGrouper:
    """The live stories of all languages; feed it every article once, in the order of publication.

    `frequencies` are document frequencies by language as `frequencies` gave them before; without them the shipped
    table starts.
    """

    def __init__(self, frequencies: Mapping[str, Mapping[str, int]] | None = None) -> None:
        self._spaces: dict[str, Space] = {}
        self._frequencies = {language: dict(counts) for language, counts in (frequencies or {}).items()}

    def add(self, article: Readable) -> Any:
        """The id of the story of an article: its own where it opens one."""
        return self._space(article.language).add(article)

    def restore(self, articles: Iterable[Any]) -> None:
        """Take in articles whose `story_id` is known, in the order of publication, without counting them again."""
        for article in articles:
            if article.story_id is not None:
                self._space(article.language).restore(article, article.story_id)

    def similarity(self, article_id: Hashable) -> float | None:
        """How alike an article was to the story it joined, 0–1; None for one that opened its story or is not live."""
        for space in self._spaces.values():
            if (found := space.similarity(article_id)) is not None:
                return found
        return None

    @property
    def frequencies(self) -> dict[str, dict[str, int]]:
        """In how many articles each term occurred, by language; the term "" stands for their number."""
        return self._frequencies | {language: space.frequencies for language, space in self._spaces.items()}

    def _space(self, language: str) -> Space:
        space = self._spaces.get(language)
        if space is None:
            space = self._spaces[language] = Space(language, self._frequencies.get(language, {}))
        return space


def group(articles: Sequence[Readable]) -> list[Any]:
    """The story of each article, for articles in the order of publication; no story depends on a later article."""
    grouper = StoryGrouper()
    return [grouper.add(article) for article in articles]
