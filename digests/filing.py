"""Filing: every new article joins a story or opens one, and the story's lead, topics and score are worked out anew.

The grouper's state is in memory and rebuilt from the database at start; what a crash leaves unfiled is filed next time.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from digests import ranking, topics
from digests.clock import Clock
from digests.duplicates import bands, is_copy
from digests.model import Story, Unfiled
from digests.ports import Storage
from digests.stories import SURE, StoryGrouper
from digests.story_space import LIVE_HOURS
from digests.text.terms import terms

log = structlog.get_logger(__name__)

BATCH = 200
LIVE = timedelta(hours=LIVE_HOURS)
REBUILT = timedelta(hours=24)
"""How long the grouper's state is kept: rebuilt, it holds the live articles only."""

COMPARED = 4000
"""Characters of an article that tell whether it is a copy."""


class Filing:
    """Files the articles that have no story yet. One at a time: a second call waits for the first."""

    def __init__(self, storage: Storage, *, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._grouper: StoryGrouper | None = None
        self._output = Output()
        self._rebuild_at: datetime | None = None
        self._lock = asyncio.Lock()

    async def run(self) -> int:
        """File everything that is unfiled; returns how many stories changed."""
        async with self._lock:
            changed = await self._restore() if self._grouper is None or self._is_stale() else 0
            grouper = self._grouper
            while grouper is not None and (unfiled := await self._storage.stories.unfiled(limit=BATCH)):
                self._grouper = None  # until all is stored: what fails in between is worked out anew
                changed += await self._file(grouper, unfiled)
                self._grouper = grouper
            if changed and grouper is not None:
                await self._storage.stories.save_frequencies(grouper.frequencies)
            return changed

    def forget(self) -> None:
        """Rebuild what grouping remembers before the next run: another process may have filed meanwhile."""
        self._grouper = None

    async def _file(self, grouper: StoryGrouper, unfiled: Sequence[Unfiled]) -> int:
        stories: dict[int, int] = {}
        unsure: set[int] = set()
        alike = await self._alike([article for article in unfiled if not article.scope])
        for article in unfiled:
            if article.scope:
                stories[article.id] = article.id  # what is in somebody's own feed is told for itself
                continue
            shared = alike.get(article.id)
            original = await self._story_of_original(article, shared, stories) if shared else None
            if original is None:
                stories[article.id] = grouper.add(article)
                strength = grouper.strength(article.id)
                if strength is not None and strength < SURE:
                    unsure.add(article.id)
            else:
                stories[article.id] = original
                grouper.restore([replace(article, story_id=original)])
            self._output.add(article)
            await asyncio.sleep(0)  # readers are answered between two articles
        await self._storage.stories.file(stories, unsure=unsure)
        return await self._refresh(set(stories.values()))

    async def _alike(self, unfiled: Sequence[Unfiled]) -> dict[int, Sequence[int]]:
        """The MinHash bands of those articles that share one with another: few do, and one query tells which."""
        own: dict[int, Sequence[int]] = {}
        for article in unfiled:
            own[article.id] = bands(terms(_compared(article), article.language))
            await asyncio.sleep(0)
        since = min((article.published for article in unfiled), default=self._clock()) - LIVE
        every = dict.fromkeys(band for held in own.values() for band in held)
        holders = await self._storage.articles.band_holders(every, since=since) if every else {}
        return {
            number: held
            for number, held in own.items()
            if any(holders.get(band, (number, number)) != (number, number) for band in held)
        }

    async def _story_of_original(self, article: Unfiled, shared: Sequence[int], filed: Mapping[int, int]) -> int | None:
        """The story of an article of which this one is a copy: the same wire text is the same event."""
        text = _compared(article)
        for other in await self._storage.articles.band_matches(shared, since=article.published - LIVE):
            story = filed.get(other.id, other.story_id)
            if story is None or other.id == article.id or other.language != article.language:
                continue
            if is_copy(text, _compared(other), article.language):
                return story
        return None

    def _is_stale(self) -> bool:
        return self._rebuild_at is not None and self._clock() >= self._rebuild_at

    async def _restore(self) -> int:
        """Rebuild the grouper's state; returns how many stories a crash had left without lead and score."""
        grouper, output, now = StoryGrouper(await self._storage.stories.frequencies() or None), Output(), self._clock()
        window = await self._storage.stories.window(now - LIVE)
        await asyncio.to_thread(grouper.restore, window)
        for article in window:
            output.add(article)
        self._output = output
        mended = await self._refresh(set(await self._storage.stories.unsaved(limit=BATCH)))
        log.info("filing.restored", articles=len(window), mended=mended)
        self._grouper, self._rebuild_at = grouper, now + REBUILT
        return mended

    async def _refresh(self, story_ids: set[int]) -> int:
        if not story_ids:
            return 0
        stories = await self._storage.stories.load(story_ids)
        weights = ranking.weights(self._output.a_day(self._clock()))
        await self._storage.stories.save([refreshed(story, weights) for story in stories])
        return len(stories)


def _compared(article: Unfiled) -> str:
    """What tells whether an article is a copy of another."""
    return f"{article.title}\n{article.text[:COMPARED]}"


class Output:
    """How much each source publishes, counted over the live articles."""

    def __init__(self) -> None:
        self._published: dict[str, list[datetime]] = {}

    def add(self, article: Unfiled) -> None:
        """Count an article."""
        self._published.setdefault(article.source, []).append(article.published)

    def a_day(self, now: datetime) -> dict[str, float]:
        """Articles a day of each source, over the days (one to five) for which it is known."""
        found = {}
        for source, dates in self._published.items():
            dates[:] = [date for date in dates if date > now - LIVE]
            days = (now - min(dates, default=now)) / timedelta(days=1)
            found[source] = len(dates) / max(1.0, days)
        return found


def refreshed(story: Story, weights: Mapping[str, float]) -> Story:
    """The story with what its articles say of it now."""
    articles = story.articles
    return replace(
        story,
        first_seen=min(article.published for article in articles),
        last_seen=max(article.published for article in articles),
        lead=ranking.lead(articles),
        topics=topics.vote([article.topics for article in articles]),
        score=ranking.score(articles, weights),
    )
