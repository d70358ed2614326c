"""What readers look up between digests: the latest, a search, a story's card. Only reads."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from digests import related, relevance, trends
from digests.clock import Clock
from digests.compose import candidates, rank, story_item, to_item
from digests.errors import QueryError
from digests.model import Article, Item, SearchQuery, Wish
from digests.ports import Storage
from digests.search import parse_query
from digests.spelling import Vocabulary, respelt
from digests.topics import resolve
from digests.trends import Trends
from digests.wishes import Muted, matches

PAGE = 7
"""Stories on one page of a list."""

MOST_PAGES = 20
MORE = 3
"""Articles under "More from SOURCE" and stories under "Latest news"."""

BATCH = 2000
"""Stories counted between two moments in which the bot may answer."""

ABOUT = 1000
"""Articles about words that are counted, newest first."""

FOUND = 120
"""Articles among which related stories are looked for."""

TOP_WINDOW = timedelta(hours=24)
TOP_KEPT = timedelta(minutes=1)
MOST_TOP, MOST_TOPS = 200, 64
"""Stories of one set of languages, and sets of languages."""

READ_AHEAD = 4
"""Articles read for each story shown: several may belong to one. Where that is too few, so many times as many."""
FURTHEST = 5000
"""Articles read for one page at most."""

MOST_RANKED = 2000
"""Articles, the newest ones, among which a search in order of relevance chooses."""
SAMPLE = 200
"""Latest stories on which a wish or a mute is tried out."""
VOCABULARY_ARTICLES = 4000
VOCABULARY_LASTS = timedelta(hours=1)
"""Out of how many articles, and how often, the words are learned that a mistyped one may have meant."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of stories, each by its newest article that fits. `number` counts from 0; `more`: another page follows."""

    articles: tuple[Article, ...]
    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """Of the latest stories (`of` so many), those that something fits, latest first."""

    items: tuple[Item, ...]
    of: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return len(self.items) / self.of if self.of else 0.0


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
        self._vocabularies: dict[str, tuple[datetime, Vocabulary]] = {}
        self._tops: dict[tuple[str, ...], tuple[datetime, Sequence[Item]]] = {}

    async def latest(
        self,
        wish: Wish | None,
        *,
        languages: Sequence[str],
        source: str | None = None,
        feeds: Sequence[int] = (),
        page: int = 0,
    ) -> Page:
        """The newest stories, of a topic, about words, or of a source where one is given.

        Those of the personal `feeds` are among them.
        """
        if wish is not None and wish.kind == "words":
            language = languages[0] if languages else "en"
            return await self.search(wish.value, language=language, languages=languages, feeds=feeds, page=page)
        topic = wish.value if wish is not None else None

        async def newest(limit: int) -> list[Article]:
            return await self._storage.articles.newest(
                languages=languages, topic=topic, source=source, feeds=feeds, limit=limit
            )

        return await _page(newest, page)

    async def top(self, *, languages: Sequence[str]) -> Sequence[Item]:
        """The stories of the last day that matter most, best first; worked out once a minute."""
        key, now = tuple(sorted(languages)), self._clock()
        made, items = self._tops.pop(key, (now - TOP_KEPT, ()))
        if now - made >= TOP_KEPT:
            stories = await self._storage.stories.recent(now - TOP_WINDOW, languages=key, limit=MOST_TOP)
            made, items = now, tuple(to_item(one) for one in rank(candidates(stories, now=now)))
        self._tops[key] = (made, items)
        while len(self._tops) > MOST_TOPS:
            del self._tops[next(iter(self._tops))]
        return items

    async def search(
        self,
        text: str,
        *,
        language: str,
        languages: Sequence[str] = (),
        feeds: Sequence[int] = (),
        page: int = 0,
        size: int = PAGE,
        ranked: bool = False,
    ) -> Page:
        """Stories with an article that matches, `size` on a page: newest first, or the best of the newest.

        `feeds` as in latest.

        Raises QueryError.
        """
        query = self.query(text, language=language, languages=languages)
        if query.language:
            languages = ()
        if ranked:
            return await self._ranked(query, languages, feeds, page, size)

        async def found(limit: int) -> list[Article]:
            return await self._storage.articles.search(query, languages=languages, feeds=feeds, limit=limit)

        return await _page(found, page, size)

    async def _ranked(
        self, query: SearchQuery, languages: Sequence[str], feeds: Sequence[int], page: int, size: int
    ) -> Page:
        """A page in order of relevance, of the newest articles that match: see digests.relevance."""
        page, now = min(page, MOST_PAGES - 1), self._clock()
        told = await self._storage.articles.matches(query, languages=languages, feeds=feeds, limit=MOST_RANKED)
        best = await asyncio.to_thread(relevance.first_order, told, query, now)
        read = best[: relevance.READ]
        texts = await self._storage.articles.indexed([one.id for one in read])
        read = await asyncio.to_thread(partial(relevance.second_order, read, texts, query, now, told=told))
        stories: dict[int, int] = {}
        for one in (*read, *best[relevance.READ :]):
            stories.setdefault(one.story_id or one.id, one.id)
        wanted = (page + 1) * size
        chosen = await self._storage.articles.by_ids(list(stories.values())[page * size : wanted])
        return Page(tuple(chosen), page, len(stories) > wanted and page + 1 < MOST_PAGES)

    def query(self, text: str, *, language: str, languages: Sequence[str] = ()) -> SearchQuery:
        """What a person typed into a search, understood; topics by their names in any language. Raises QueryError."""
        query = parse_query(text, language=language, languages=languages, now=self._clock())
        if query.topic is None:
            return query
        topic = resolve(query.topic)
        if topic is None:
            raise QueryError(f"There is no topic {query.topic}.", problem="topic", name=query.topic)
        return replace(query, topic=topic)

    async def did_you_mean(self, text: str, *, language: str, languages: Sequence[str] = ()) -> str | None:
        """The search with the words put right that our own news does not have; None where that finds nothing either."""
        spoken = list(dict.fromkeys([*languages, language]))
        vocabularies = [await self._vocabulary(each) for each in spoken]
        corrected = await asyncio.to_thread(respelt, text, vocabularies)
        if corrected == text:
            return None
        found = await self.search(corrected, language=language, languages=languages)
        return corrected if found.articles else None

    async def _vocabulary(self, language: str) -> Vocabulary:
        """The words of the newest articles in a language, read again every hour."""
        made = self._vocabularies.get(language)
        if made is None or self._clock() - made[0] > VOCABULARY_LASTS:
            texts = await self._storage.articles.wording(language, limit=VOCABULARY_ARTICLES)
            made = (self._clock(), await asyncio.to_thread(Vocabulary, texts))
            self._vocabularies[language] = made
        return made[1]

    async def card(self, story_id: int, *, languages: Sequence[str], feeds: Sequence[int] = ()) -> Card | None:
        """A story's card; None where the story is gone, or of a personal feed that is not one of `feeds`."""
        story = await self._storage.stories.get(story_id)
        if story is None or not story.articles or story.scope not in {0, *feeds}:
            return None
        item = story_item(story, self._clock())
        more = await self._storage.articles.newest(
            source=item.source, exclude=item.article_id, feeds=feeds, limit=MORE * READ_AHEAD
        )
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

    async def story(self, story_id: int, *, feeds: Sequence[int] = ()) -> Item | None:
        """A story as it stands now; None where it is gone, or of a personal feed that is not one of `feeds`."""
        return (await self.stories([story_id], feeds=feeds)).get(story_id)

    async def stories(self, story_ids: Sequence[int], *, feeds: Sequence[int] = ()) -> dict[int, Item]:
        """The same for several, by their ids."""
        now = self._clock()
        loaded = await self._storage.stories.load(dict.fromkeys(story_ids))
        return {one.id: story_item(one, now) for one in loaded if one.articles and one.scope in {0, *feeds}}

    async def readable_article(self, article_id: int, *, feeds: Sequence[int] = ()) -> Article | None:
        """An article; None where it is gone, or of a personal feed that is not one of `feeds`."""
        found = await self._storage.articles.get(article_id)
        return found if found is not None and found.scope in {0, *feeds} else None

    async def trends(self, languages: Sequence[str], words: Sequence[str], zone: ZoneInfo) -> Trends:
        """What was in the news this week, by topic and by `words`, in the days of a zone."""
        now = self._clock()
        begin = trends.since(now, zone)
        stories: list[tuple[datetime, Sequence[tuple[str, float]]]] = []
        last = 0
        while batch := await self._storage.stories.told(begin, languages=languages, after=last, limit=BATCH):
            stories += [(moment, topics) for _, moment, topics in batch]
            last = batch[-1][0]
        counted = await asyncio.to_thread(trends.of_topics, stories, now=now, zone=zone)
        found = {one: await self._told_about(one, languages, begin) for one in words}
        return replace(counted, words=trends.of_words(found, now=now, zone=zone))

    async def _told_about(self, words: str, languages: Sequence[str], begin: datetime) -> list[datetime]:
        """When stories about words were told: the newest ABOUT articles, each story once."""
        try:
            asked = replace(self.query(words, language=languages[0], languages=languages), since=begin)
        except QueryError:  # words without a term that could be looked for
            return []
        found = await self._storage.articles.search(asked, languages=languages, limit=ABOUT)
        oldest = {article.story_id or article.id: article.published for article in found}  # of each story: it is last
        return list(oldest.values())

    async def would_match(self, wish: Wish, *, languages: Sequence[str]) -> Sample:
        """Which of the latest stories a wish would have brought."""
        stories = await self._storage.stories.newest(languages=languages, limit=SAMPLE)
        test = await asyncio.to_thread(matches, wish, stories)
        return Sample(tuple(story_item(story, self._clock()) for story in stories if test(story) > 0), len(stories))

    async def hidden(self, words: Sequence[str], sources: Sequence[str], *, languages: Sequence[str]) -> dict[str, int]:
        """How many of the latest stories each mute hides, by "w" or "s" and its words or source."""
        stories = await self._storage.stories.newest(languages=languages, limit=SAMPLE)

        def count() -> dict[str, int]:
            by_words = {f"w{each}": sum(map(Muted([each]), stories)) for each in words}
            return by_words | {f"s{each}": sum(set(story.sources) == {each} for story in stories) for each in sources}

        return await asyncio.to_thread(count)

    async def would_hide(self, words: str, *, source: bool, languages: Sequence[str]) -> Sample:
        """Which of the latest stories a mute would have hidden: of a source those that nobody else tells."""
        stories = await self._storage.stories.newest(languages=languages, limit=SAMPLE)
        if source:
            hidden = [story for story in stories if set(story.sources) == {words}]
        else:
            hidden = await asyncio.to_thread(lambda: list(filter(Muted([words]), stories)))
        return Sample(tuple(story_item(story, self._clock()) for story in hidden), len(stories))


async def _page(look_up: Callable[[int], Awaitable[Sequence[Article]]], number: int, size: int = PAGE) -> Page:
    """One page of the articles that `look_up` finds, one for each story; an unfiled one stands for itself."""
    number = min(number, MOST_PAGES - 1)
    wanted = (number + 1) * size
    limit = wanted * READ_AHEAD + 1
    while True:
        articles = await look_up(limit)
        stories: dict[int, Article] = {}
        for article in articles:
            stories.setdefault(article.story_id or article.id, article)
        if len(stories) > wanted or len(articles) < limit or limit >= FURTHEST:
            break
        limit *= READ_AHEAD
    chosen = tuple(stories.values())[number * size : wanted]
    return Page(chosen, number, len(stories) > wanted and number + 1 < MOST_PAGES)
