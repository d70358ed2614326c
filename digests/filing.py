"""Filing: every new article joins a story or opens one, and the story's lead, topics and score are worked out anew.

The grouper's state is in memory and rebuilt from the database at start; what a crash leaves unfiled is filed next time.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from digests import ranking, topics
from digests.clock import Clock
from digests.model import Story
from digests.ports import Storage
from digests.stories import StoryGrouper
from digests.story_space import LIVE_HOURS

log = structlog.get_logger(__name__)

BATCH = 200


class Filing:
    """Files the articles that have no story yet. One at a time: a second call waits for the first."""

    def __init__(self, storage: Storage, *, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._grouper: StoryGrouper | None = None
        self._lock = asyncio.Lock()

    async def run(self) -> int:
        """File everything that is unfiled; returns how many stories changed."""
        async with self._lock:
            grouper = self._grouper or await self._restore()
            changed = 0
            while unfiled := await self._storage.stories.unfiled(limit=BATCH):
                stories = {}
                for article in unfiled:
                    stories[article.id] = grouper.add(article)
                    await asyncio.sleep(0)  # readers are answered between two articles
                await self._storage.stories.file(stories)
                changed += await self._refresh(set(stories.values()))
            if changed:
                await self._storage.stories.save_frequencies(grouper.frequencies)
            return changed

    async def _restore(self) -> StoryGrouper:
        grouper = StoryGrouper(await self._storage.stories.frequencies() or None)
        window = await self._storage.stories.window(self._clock() - timedelta(hours=LIVE_HOURS))
        await asyncio.to_thread(grouper.restore, window)
        log.info("filing.restored", articles=len(window))
        self._grouper = grouper
        return grouper

    async def _refresh(self, story_ids: set[int]) -> int:
        stories = await self._storage.stories.load(story_ids)
        weights = await self._weights()
        await self._storage.stories.save([refreshed(story, weights) for story in stories])
        return len(stories)

    async def _weights(self) -> dict[str, float]:
        return ranking.weights({source.name: float(source.articles) for source in await self._storage.feeds.sources()})


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
