"""Ingest: what is old when it comes in, or was carried before, is no news."""

from datetime import time, timedelta

from digests.errors import WorkerError
from digests.filing import Filing
from digests.model import DeliveryState, Entry, Slot, Subscriber
from digests.pipeline import Pipeline
from digests.workers import InlineWorkers
from tests.fakes.clock import MORNING
from tests.fakes.feeds import entry
from tests.fixtures_ingest import Desk, FailingWorkers


async def test_old_entries_of_a_new_feed_are_stored_and_are_no_news(desk: Desk) -> None:
    """Somebody who had a digest three days ago gets what was published since, and nothing from before it."""
    storage, clock = desk.storage, desk.clock
    eight = Slot(time(8))
    reader = await storage.subscribers.create(
        Subscriber(id=0, chat_id=1, slots=(eight,), next_due_at=MORNING, created_at=MORNING)
    )
    filing, pipeline = Filing(storage, clock=clock), Pipeline(storage, clock=clock)

    async def digest() -> list[str]:
        await desk.run()
        await filing.run()
        await pipeline.compose_due()
        headlines = []
        for delivery in await storage.ledger.claim("test", now=clock(), limit=9):
            found = await storage.ledger.digest(delivery.digest_id)
            headlines += [item.headline for item in found.items] if found else []
            await storage.ledger.sending(delivery, now=clock())
            await storage.ledger.finish(delivery, DeliveryState.SENT, now=clock(), message_id=1)
        return sorted(headlines)

    def aged(hours: float, title: str, words: str) -> Entry:
        return entry(len(title), clock() - timedelta(hours=hours), title=title, text=f"{title}: {words}. " * 12)

    await desk.feed("/a", aged(1, "Sugar beet rots", "farmers blame wet autumn fields"))
    assert await digest() == ["Sugar beet rots"]
    await storage.subscribers.update(reader.id, next_due_at=MORNING + timedelta(days=3))
    clock.move(days=3)
    await desk.feed(
        "/b",
        aged(2, "Tram drivers strike", "commuters walked across town before dawn"),
        aged(60, "Owls counted in abbey", "ornithologists climbed a bell tower with torches"),
        aged(84, "Bridge toll is doubled", "lorries queue at barriers near customs"),
        aged(300, "Museum sells its Vermeer", "curators resigned over the auction"),
    )
    assert await digest() == ["Owls counted in abbey", "Tram drivers strike"]
    assert await storage.articles.count() == 5
    old = next(one for one in await storage.articles.newest(limit=9) if one.title.startswith("Bridge"))
    assert old.fetched_at == old.published


async def test_an_entry_without_a_date_is_no_news_again_after_its_article_was_pruned(desk: Desk) -> None:
    await desk.feed("/a", entry(1, None), entry(2, None))
    await desk.run()
    desk.clock.move(days=40)
    assert await desk.storage.articles.prune(desk.clock() - timedelta(days=30)) == 2
    await desk.feed("/a", entry(1, None), entry(2, None), entry(3, None))
    assert (await desk.run()).articles == 1
    assert await desk.titles() == ["The council votes on item 3"]


async def test_an_entry_without_a_date_that_could_not_be_stored_is_stored_next_time(desk: Desk) -> None:
    await desk.feed("/a", entry(1, None))
    desk.workers = FailingWorkers(WorkerError("The worker died."), lambda *_: True)
    assert (await desk.run()).articles == 0
    desk.workers = InlineWorkers()
    assert (await desk.again()).articles == 1


async def test_what_a_feed_drops_is_forgotten(desk: Desk) -> None:
    feed = await desk.feed("/a", entry(1, None), entry(2, None))
    await desk.run()
    await desk.feed("/a", entry(2, None))
    await desk.again()
    urls = {f"https://gazette.example/{number}" for number in (1, 2)}
    assert await desk.storage.articles.remembered(feed.id, urls) == {"https://gazette.example/2"}
