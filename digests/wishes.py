"""Whether a story answers a wish, and whether it is muted: pure tests over stories, each wish read once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from digests.compose import Matches
from digests.model import Story, Wish
from digests.text.terms import terms
from digests.topic_query import TopicQuery, counted, frequencies_of

LEAST_WEIGHT = 0.15
"""Weight from which a story belongs to a topic."""


def matches(wish: Wish, stories: Iterable[Story]) -> Matches:
    """How well a story answers the wish, 0 to 1.

    `stories` are those it will be asked about: words weigh by their rarity there.
    """
    return Reader(stories).matches(wish)


class Reader:
    """Reads stories once, when the first words are asked for, and answers any number of wishes about them."""

    def __init__(self, stories: Iterable[Story]) -> None:
        self._stories = tuple(stories)
        self._shelves: list[Shelf] | None = None

    def matches(self, wish: Wish) -> Matches:
        """How well each of the stories answers the wish, 0 to 1."""
        if wish.kind == "topic":
            return lambda story: topic_match(story, wish.value)
        answers = self.about(wish.value)
        return lambda story: answers.get(story.id, 0.0)

    def about(self, words: str) -> dict[int, float]:
        """The stories that words are about, with the share of the words' weight that each covers."""
        if self._shelves is None:
            by_language: dict[str, list[Story]] = defaultdict(list)
            for story in self._stories:
                by_language[story.language].append(story)
            self._shelves = [Shelf(language, stories) for language, stories in by_language.items()]
        return {story_id: covered for shelf in self._shelves for story_id, covered in shelf.about(words)}


class Shelf:
    """The stories of one language with their terms counted, and for each term those that have it."""

    def __init__(self, language: str, stories: Sequence[Story]) -> None:
        self._language = language
        self._counts = [(story.id, counted(story.leader.title, text_of(story), language)) for story in stories]
        self._frequencies = frequencies_of([counts for _, counts in self._counts])
        self._with: dict[str, list[int]] = defaultdict(list)
        for place, (_, counts) in enumerate(self._counts):
            for term in counts:
                self._with[term].append(place)

    def about(self, words: str) -> Iterator[tuple[int, float]]:
        """The stories that words are about, with the share of the words' weight that each covers."""
        query = TopicQuery(words, self._language, self._frequencies)
        for place in sorted({place for term in query.weights for place in self._with.get(term, ())}):
            story_id, counts = self._counts[place]
            match = query.of(counts)
            if match.relevant:
                yield story_id, match.covered


def topic_match(story: Story, topic: str) -> float:
    """A story's weight in a topic, from 0.5 where it just belongs to 1 where it is all about it; 0 where it isn't."""
    weight = dict(story.topics).get(topic, 0.0)
    return 0.5 + min(weight, 1.0) / 2 if weight >= LEAST_WEIGHT else 0.0


def text_of(story: Story) -> str:
    """The words by which a story is known: titles and quoted sentences of its articles."""
    return "\n".join(
        line for article in story.articles for line in (article.title, *(quote.text for quote in article.quotes))
    )


class Muted:
    """Whether a story holds muted words: all terms of one mute, in any order, in titles or quotes."""

    def __init__(self, mutes: Iterable[str]) -> None:
        self._mutes = tuple(mutes)
        self._terms: dict[str, list[frozenset[str]]] = {}

    def __call__(self, story: Story) -> bool:
        """Whether the story is muted."""
        wanted = self._of(story.language)
        if not wanted:
            return False
        said = frozenset(terms(text_of(story), story.language))
        return any(mute <= said for mute in wanted)

    def _of(self, language: str) -> list[frozenset[str]]:
        if language not in self._terms:
            found = (frozenset(terms(mute, language)) for mute in self._mutes)
            self._terms[language] = [mute for mute in found if mute]
        return self._terms[language]
