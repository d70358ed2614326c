"""Whether a story answers a wish, and whether it is muted: pure tests over stories, made once per wish."""

from collections import defaultdict
from collections.abc import Iterable

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
    if wish.kind == "topic":
        return lambda story: topic_match(story, wish.value)
    answers = words_match(wish.value, stories)
    return lambda story: answers.get(story.id, 0.0)


def words_match(words: str, stories: Iterable[Story]) -> dict[int, float]:
    """The stories that words are about, with the share of the words' weight that each covers."""
    by_language: dict[str, list[Story]] = defaultdict(list)
    for story in stories:
        by_language[story.language].append(story)
    found: dict[int, float] = {}
    for language, of_language in by_language.items():
        counts = [counted(story.leader.title, text_of(story), language) for story in of_language]
        query = TopicQuery(words, language, frequencies_of(counts))
        for story, of_story in zip(of_language, counts, strict=True):
            match = query.of(of_story)
            if match.relevant:
                found[story.id] = match.covered
    return found


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
