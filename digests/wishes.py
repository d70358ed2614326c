"""Whether a story answers a wish, and whether it is muted: pure tests over stories, each wish read once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from digests.compose import Matches
from digests.errors import QueryError
from digests.model import Following, Story, Wish
from digests.search import parse_following
from digests.text.terms import normalize, terms
from digests.topic_query import Counts, Match, TopicQuery, count, frequencies_of
from digests.topics import resolve

LEAST_WEIGHT = 0.15
"""Weight from which a story belongs to a topic."""
EVERYTHING = Match(1.0, 1.0, 1.0)
"""How a story answers where no words say what it should be about."""


def matches(wish: Wish, stories: Iterable[Story]) -> Matches:
    """How well a story answers the wish, 0 to 1.

    `stories` are those it will be asked about: words weigh by their rarity there.
    """
    return Reader(stories).matches(wish)


def words_of(story: Story) -> Counts:
    """The counted terms of a story, those of its title several times."""
    return count(story.leader.title, text_of(story), story.language)


class Reader:
    """Reads stories once, when the first words are asked for, and answers any number of wishes about them.

    `words` may remember the terms of stories that several readers read.
    """

    def __init__(self, stories: Iterable[Story], words: Callable[[Story], Counts] = words_of) -> None:
        self._stories = tuple(stories)
        self._words = words
        self._shelves: list[Shelf] | None = None
        self._topics: dict[str, dict[int, float]] | None = None

    def matches(self, wish: Wish) -> Matches:
        """How well each of the stories answers the wish, 0 to 1."""
        if wish.kind == "topic":
            return lambda story: topic_match(story, wish.value)
        answers = self.about(wish.value)
        return lambda story: answers.get(story.id, 0.0)

    def answers(self, wish: Wish) -> Mapping[int, float]:
        """The stories that answer a wish at all, by id, with how well."""
        return self._filed(wish.value) if wish.kind == "topic" else self.about(wish.value)

    def _filed(self, topic: str) -> Mapping[int, float]:
        if self._topics is None:
            self._topics = defaultdict(dict)
            for story in self._stories:
                for name, _ in story.topics:
                    if match := topic_match(story, name):
                        self._topics[name][story.id] = match
        return self._topics.get(topic, {})

    def about(self, words: str) -> dict[int, float]:
        """The stories that answer what is followed, with the share of the words' weight that each covers.

        Nothing where the words can't be read (they were stored by another version).
        """
        try:
            following = parse_following(words)
        except QueryError:
            return {}
        return {story_id: covered for shelf in self.read() for story_id, covered in shelf.answers(following)}

    def read(self) -> "Sequence[Shelf]":
        """Read the stories, where that was not done yet: it takes a while."""
        if self._shelves is None:
            by_language: dict[str, list[Story]] = defaultdict(list)
            for story in self._stories:
                by_language[story.language].append(story)
            self._shelves = [Shelf(language, stories, self._words) for language, stories in by_language.items()]
        return self._shelves


class Shelf:
    """The stories of one language with their terms counted, and for each term those that have it."""

    def __init__(self, language: str, stories: Sequence[Story], words: Callable[[Story], Counts]) -> None:
        self._language = language
        self._stories = stories
        self._counts = [words(story) for story in stories]
        self._frequencies = frequencies_of(self._counts)
        self._with: dict[str, list[int]] = defaultdict(list)
        for place, counts in enumerate(self._counts):
            for term in counts:
                self._with[term].append(place)

    def answers(self, following: Following) -> Iterator[tuple[int, float]]:
        """The stories that answer, with the share of the words' weight that each covers; 1 without such words."""
        if following.language not in (None, self._language):
            return
        query = TopicQuery(following.words, self._language, self._frequencies) if following.words else None
        conditions = Conditions(following, self._language)
        for place in self._candidates(query, conditions):
            story, counts = self._stories[place], self._counts[place]
            match = query.of(counts) if query is not None else EVERYTHING
            if match.relevant and conditions.met(story, counts):
                yield story.id, match.covered

    def _candidates(self, query: TopicQuery | None, conditions: "Conditions") -> Sequence[int]:
        """Where stories stand that may answer: with enough of the words, or with the rarest of what must be there."""
        if query is not None:
            weights: dict[int, float] = defaultdict(float)
            for term, weight in query.weights.items():
                for place in self._with.get(term, ()):
                    weights[place] += weight
            return sorted(place for place, weight in weights.items() if weight >= query.least)
        ways: list[set[int]] = [
            {place for phrase in group for place in self._with.get(phrase[0], ())} for group in conditions.must
        ]
        fewest = min(ways, key=len, default=None)
        return range(len(self._stories)) if fewest is None else sorted(fewest)


class Conditions:
    """What a story must have and must not have, besides being about the words; in the terms of one language."""

    def __init__(self, following: Following, language: str) -> None:
        self._following = following
        self._language = language
        self.must = [[phrase for text in group if (phrase := terms(text, language))] for group in following.must]
        self._without = [phrase for text in following.without if (phrase := terms(text, language))]
        self._source = _folded(following.source) if following.source else ""

    def met(self, story: Story, counts: Counts) -> bool:
        """Whether a story passes; `counts` are its terms."""
        topic = self._following.topic
        if topic and not topic_match(story, resolve(topic) or topic):
            return False
        if self._source and not any(self._source in _folded(source) for source in story.sources):
            return False
        said = _Said(story, counts, self._language)
        return all(any(map(said.has, group)) for group in self.must) and not any(map(said.has, self._without))


class _Said:
    """A story's terms, and whether a phrase stands among them; the text is read again only for those."""

    def __init__(self, story: Story, counts: Counts, language: str) -> None:
        self._story, self._counts, self._language = story, counts, language
        self._line = ""

    def has(self, phrase: Sequence[str]) -> bool:
        if any(term not in self._counts for term in phrase):
            return False
        if len(phrase) == 1:
            return True
        if not self._line:
            self._line = f" {' '.join(terms(text_of(self._story), self._language))} "
        return f" {' '.join(phrase)} " in self._line


def _folded(name: str) -> str:
    return normalize(name).replace(" ", "")


def topic_match(story: Story, topic: str) -> float:
    """A story's weight in a topic, from 0.5 where it just belongs to 1 where it is all about it; 0 where it isn't."""
    weight = dict(story.topics).get(topic, 0.0)
    return 0.5 + min(weight, 1.0) / 2 if weight >= LEAST_WEIGHT else 0.0


def text_of(story: Story) -> str:
    """The words by which a story is known: titles and quoted sentences of its articles."""
    return "\n".join(
        line for article in story.articles for line in (article.title, *(quote.text for quote in article.quotes))
    )


Said = Callable[[Story], frozenset[str]]
"""The terms of a story."""


def said_in(story: Story) -> frozenset[str]:
    """All terms of a story's titles and quotes."""
    return frozenset(terms(text_of(story), story.language))


class Muted:
    """Whether a story holds muted words: all terms of one mute, in any order, in titles or quotes.

    `said` may remember the terms of stories that many readers are asked about.
    """

    def __init__(self, mutes: Iterable[str], said: Said = said_in) -> None:
        self._mutes = tuple(mutes)
        self._said = said
        self._terms: dict[str, list[frozenset[str]]] = {}

    def __call__(self, story: Story) -> bool:
        """Whether the story is muted."""
        wanted = self._of(story.language)
        if not wanted:
            return False
        said = self._said(story)
        return any(mute <= said for mute in wanted)

    def _of(self, language: str) -> list[frozenset[str]]:
        if language not in self._terms:
            found = (frozenset(terms(mute, language)) for mute in self._mutes)
            self._terms[language] = [mute for mute in found if mute]
        return self._terms[language]
