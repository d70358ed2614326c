"""What the storage suite stores: small articles, digests and subscribers with a fixed present."""

from datetime import UTC, datetime, time, timedelta

import pytest
import pytest_asyncio

from digests.model import (
    Digest,
    FeedSpec,
    Item,
    NewArticle,
    NewDelivery,
    Outlet,
    Quote,
    Section,
    Slot,
    Subscriber,
    Wish,
)
from digests.ports import Storage
from digests.text.terms import terms

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Shelf:
    """Makes and stores things with as little said as possible."""

    now = NOW

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self._made = 0

    @staticmethod
    def spec(name: str = "a", *, source: str = "Gazette", **fields: object) -> FeedSpec:
        return FeedSpec(url=f"https://{name}.example/feed", source=source, **{"language": "en", **fields})

    async def feed(self, name: str = "a", *, source: str = "Gazette") -> int:
        return (await self.storage.feeds.add(self.spec(name, source=source), now=self.now)).id

    def article(self, feed_id: int, title: str = "", *, hours: float = 0.0, **fields: object) -> NewArticle:
        self._made += 1
        title = title or f"Article {self._made}"
        language = str(fields.get("language", "en"))
        text = str(fields.get("text", f"{title}. The text says more about it."))
        values: dict[str, object] = {
            "url": f"https://news.example/{self._made}",
            "link": f"https://news.example/{self._made}?from=feed",
            "guid": f"guid-{self._made}",
            "feed_id": feed_id,
            "title": title,
            "text": text,
            "language": language,
            "published": self.now - timedelta(hours=hours),
            "fetched_at": self.now,
            "terms": " ".join(terms(f"{title} {text}", language)),
        }
        return NewArticle(**{**values, **fields})

    async def add(self, *articles: NewArticle) -> list[int]:
        """Store articles that are new, and give their ids."""
        ids = await self.storage.articles.add(articles)
        assert None not in ids
        return [number for number in ids if number is not None]

    async def subscriber(self, chat_id: int = 100, **fields: object) -> Subscriber:
        return await self.storage.subscribers.create(
            Subscriber(**{"id": 0, "chat_id": chat_id, "created_at": self.now} | fields)
        )

    @staticmethod
    def item(story_id: int = 1, **fields: object) -> Item:
        values: dict[str, object] = {
            "story_id": story_id,
            "article_id": story_id * 10,
            "headline": f"Story {story_id}",
            "url": f"https://news.example/s{story_id}",
            "source": "Gazette",
            "published": NOW - timedelta(hours=1),
            "language": "en",
            "quotes": (Quote("It rained.", 0, 10, 1),),
            "outlets": (Outlet("Gazette", f"https://news.example/s{story_id}", NOW - timedelta(hours=1)),),
        }
        return Item(**{**values, **fields})

    def digest(self, *story_ids: int, until: datetime = NOW, wish: Wish | None = None) -> Digest:
        items = tuple(self.item(number) for number in story_ids)
        return Digest(since=until - timedelta(days=1), until=until, sections=(Section(wish, items),), considered=9)

    def run(self, subscriber_id: int, digest: Digest | None, *, at: time = time(8), days: int = 0) -> NewDelivery:
        """A delivery of the schedule: of today, or of so many days later."""
        due = self.now + timedelta(days=days)
        return NewDelivery(
            subscriber_id=subscriber_id,
            digest=digest,
            due_at=due,
            run=(due.date(), at),
            next_due_at=due + timedelta(days=1),
        )

    async def delivered(self, subscriber_id: int, *story_ids: int, days: int = 0) -> None:
        """Enqueue a digest with these stories for one subscriber."""
        digest = self.digest(*story_ids, until=self.now + timedelta(days=days))
        await self.storage.ledger.enqueue([self.run(subscriber_id, digest, days=days)], now=digest.until)


@pytest.fixture
def morning() -> Slot:
    return Slot(time(8))


@pytest_asyncio.fixture
async def shelf(storage: Storage) -> Shelf:
    return Shelf(storage)
