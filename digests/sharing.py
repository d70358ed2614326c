"""What lets readers share a tick's work: stories that are read once, and mutes that turn out to touch nothing."""

import gc
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from digests.model import Story
from digests.topic_query import Counts
from digests.wishes import Muted, said_in, words_of


@contextmanager
def unswept() -> Iterator[None]:
    """Without Python's search for garbage in cycles: a tick makes millions of objects and no cycles to speak of, and a
    search through them would hold up answers for a second each time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Mutes:
    """What a reader mutes."""

    words: Muted | None
    sources: frozenset[str]

    def touch(self, story: Story) -> bool:
        """Whether the story would not stay as it is."""
        return not self.sources.isdisjoint(story.sources) or (self.words is not None and self.words(story))


NO_MUTES = Mutes(None, frozenset())


class Asked(Container[int]):
    """Ids that note in `asked` which ones were asked for, whether they are among them or not."""

    def __init__(self, ids: frozenset[int], asked: set[int]) -> None:
        self._ids = ids
        self._asked = asked

    def __contains__(self, number: object) -> bool:
        assert isinstance(number, int)  # noqa: S101  # ids are
        self._asked.add(number)
        return number in self._ids


class Read:
    """The terms of stories that were read: most of them stand on several shelves, and are asked about many mutes."""

    def __init__(self) -> None:
        self._words: dict[tuple[int, ...], Counts] = {}
        self._said: dict[tuple[int, ...], frozenset[str]] = {}

    def words(self, story: Story) -> Counts:
        """See `wishes.words_of`."""
        if (key := _version(story)) not in self._words:
            self._words[key] = words_of(story)
        return self._words[key]

    def said(self, story: Story) -> frozenset[str]:
        """See `wishes.said_in`."""
        if (key := _version(story)) not in self._said:
            self._said[key] = said_in(story)
        return self._said[key]


def _version(story: Story) -> tuple[int, ...]:
    """What a story's text depends on: who leads, its articles, and which of their quotes stand in it, by rank."""
    quotes = (sum(1 << quote.rank for quote in article.quotes) for article in story.articles)
    return (story.lead, *(article.id for article in story.articles), *quotes)
