"""What readers look up between digests: the latest, a search, a story's card. Only reads."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from digests import related
from digests.clock import Clock
from digests.compose import story_item
from digests.model import Article, Item, SearchQuery, Wish
from digests.ports import Storage
from digests.search import parse_query
from digests.wishes import matches

PAGE = 7
"""Stories on one page of a list."""

MOST_PAGES = 20
MORE = 3
"""Articles under "More from SOURCE" and stories under "Latest news"."""

FOUND = 120
"""Articles among which related stories are looked for."""

READ_AHEAD = 4
"""Articles read for each story shown: several may belong to one. Where that is too few, so many times as many."""
FURTHEST = 5000
"""Articles read for one page at most."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of stories, each by its newest article that fits. `number` counts from 0; `more`: another page follows."""

    articles: tuple[Article, ...]
    number: int
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A story by itself: `related` stories, nearest first; `more` from the same source and the `latest` of other
    stories, newest first."""

    item: Item
    more: tuple[Article, ...] = ()
    latest: tuple[Article, ...] = ()
    related: tuple[Article, ...] = ()


class Reading:
    """Looks things up for readers."""

    def __init__(self, storage: Storage, *, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def latest(
        self, wish: Wish | None, *, languages: Sequence[str], source: str | None = None, page: int = 0
    ) -> Page:
        """The newest stories, of a topic, about words, or of a source where one is given."""
        if wish is not None and wish.kind == "words":
            language = languages[0] if languages else "en"
            return await self.search(wish.value, language=language, languages=languages, page=page)
        topic = wish.value if wish is not None else None

        async def newest(limit: int) -> list[Article]:
            return await self._storage.articles.newest(languages=languages, topic=topic, source=source, limit=limit)

        return await _page(newest, page)

    async def search(self, text: str, *, language: str, languages: Sequence[str] = (), page: int = 0) -> Page:
        """Stories with an article that matches, newest first. Raises QueryError."""
        query = self.query(text, language=language, languages=languages)
        if query.language:
            languages = ()

        async def found(limit: int) -> list[Article]:
            return await self._storage.articles.search(query, languages=languages, limit=limit)

        return await _page(found, page)

    def query(self, text: str, *, language: str, languages: Sequence[str] = ()) -> SearchQuery:
        """What a person typed into a search, understood. Raises QueryError."""
        return parse_query(text, language=language, languages=languages, now=self._clock())

    async def card(self, story_id: int, *, languages: Sequence[str]) -> Card | None:
        """A story's card; None where the story is gone."""
        story = await self._storage.stories.get(story_id)
        if story is None or not story.articles:
            return None
        item = story_item(story, self._clock())
        more = await self._storage.articles.newest(source=item.source, exclude=item.article_id, limit=MORE * READ_AHEAD)
        others = [article for article in more if article.story_id != story_id]
        latest = await self.latest(None, languages=languages or (story.language,))
        near = await self.related(item)
        shown = {story_id, *(article.story_id for article in near)}
        return Card(
            item=item,
            more=tuple(others[:MORE]),
            latest=tuple(one for one in latest.articles if one.story_id not in shown)[:MORE],
            related=near,
        )

    async def related(self, item: Item) -> tuple[Article, ...]:
        """Other stories of the last days that share words with a story's headline, nearest first."""
        asked = related.query(item.headline, item.language, self._clock())
        if asked is None:
            return ()
        found = await self._storage.articles.search(asked, limit=FOUND)
        return related.nearest(item.headline, item.language, found, without=frozenset({item.story_id}), most=MORE)

    async def article(self, item: Item) -> tuple[Article | None, str]:
        """The article that stands for a story, with its full text."""
        return await self._storage.articles.get(item.article_id), await self._storage.articles.text(item.article_id)

    async def story(self, story_id: int) -> Item | None:
        """A story as it stands now."""
        story = await self._storage.stories.get(story_id)
        return story_item(story, self._clock()) if story is not None and story.articles else None

    async def would_match(self, wish: Wish, *, languages: Sequence[str], days: float = 1.0) -> tuple[int, int]:
        """How many of the stories of the last days answer a wish, and of how many."""
        stories = await self._storage.stories.recent(self._clock() - timedelta(days=days), languages=languages)
        test = await asyncio.to_thread(matches, wish, stories)
        return sum(test(story) > 0 for story in stories), len(stories)


async def _page(look_up: Callable[[int], Awaitable[Sequence[Article]]], number: int) -> Page:
    """One page of the articles that `look_up` finds, one for each story; an unfiled one stands for itself."""
    number = min(number, MOST_PAGES - 1)
    wanted = (number + 1) * PAGE
    limit = wanted * READ_AHEAD + 1
    while True:
        articles = await look_up(limit)
        stories: dict[int, Article] = {}
        for article in articles:
            stories.setdefault(article.story_id or article.id, article)
        if len(stories) > wanted or len(articles) < limit or limit >= FURTHEST:
            break
        limit *= READ_AHEAD
    chosen = tuple(stories.values())[number * PAGE : wanted]
    return Page(chosen, number, len(stories) > wanted and number + 1 < MOST_PAGES)
