"""Breaking news on both engines: who gets it, once, not at night, not too often, and what the next digest does."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from types import SimpleNamespace

import pytest

from bot.playground.api.state import Sent
from digests import breaking
from digests.alerts import Alerts
from digests.duplicates import bands
from digests.model import DeliveryState, FeedSpec, NewArticle, Quote, Subscriber, Wish
from digests.pipeline import Pipeline
from digests.ports import Storage
from digests.ranking import score
from tests.fakes.clock import MORNING, SetClock
from tests.fakes.reader import Reader

MINUTE = timedelta(minutes=1)
TITLE = "Dam above Wexmouth gives way, thousands flee"


class House:
    """A town with newspapers, a clock, and readers who want to know at once."""

    def __init__(self, storage: Storage, clock: SetClock | None = None, papers: int = 12) -> None:
        self.storage, self.clock = storage, clock or SetClock(MORNING)
        self.alerts = Alerts(storage, clock=self.clock)
        self.papers = papers
        self.feeds: list[int] = []
        self.count = 0

    async def open(self) -> "House":
        """Found the newspapers."""
        for number in range(self.papers):
            spec = FeedSpec(url=f"https://p{number}.example/feed", source=f"Paper {number}", language="en")
            self.feeds.append((await self.storage.feeds.add(spec, now=self.clock())).id)
        return self

    async def report(
        self,
        *papers: int,
        story: int | None = None,
        ago: float = 5,
        title: str = TITLE,
        topic: str = "world",
        sentence: str = "It happened, says paper {paper}.",
    ) -> int:
        """Articles of these papers about one event, published so many minutes ago; returns the story."""
        new = []
        for paper in papers:
            self.count += 1
            url = f"https://www.p{paper}.example/{self.count}"
            said = sentence.format(paper=paper)
            text = f"{title}. {said}"
            new.append(
                NewArticle(
                    url=url, link=url, guid=url, feed_id=self.feeds[paper], title=title, text=text, language="en",
                    published=self.clock() - ago * MINUTE, fetched_at=self.clock(), topics=((topic, 1.0),),
                    quotes=(Quote(said, len(title) + 2, len(text), 1),),
                    terms=text.casefold(), bands=bands([text, str(paper)]),
                )
            )  # fmt: skip
        ids = [number for number in await self.storage.articles.add(new) if number is not None]
        story = story or ids[0]
        await self.storage.stories.file(dict.fromkeys(ids, story))
        (told,) = await self.storage.stories.load([story])
        firsts = [article.published for article in told.articles]
        values = {"first_seen": min(firsts), "last_seen": max(firsts), "topics": ((topic, 1.0),)}
        await self.storage.stories.save([replace(told, score=score(told.articles, {}), **values)])
        return story

    async def reader(self, chat_id: int = 1, **fields: object) -> Subscriber:
        values = {"id": 0, "chat_id": chat_id, "breaking": "all", "created_at": self.clock()}
        return await self.storage.subscribers.create(Subscriber(**{**values, **fields}))  # type: ignore[arg-type]

    async def told(self) -> list[tuple[int, tuple[int, ...]]]:
        """Who was written to in this tick, with the stories; all of it arrives."""
        await self.alerts.run()
        sent = []
        ledger = self.storage.ledger
        for delivery in await ledger.claim("test", now=self.clock(), limit=1000):
            digest = await ledger.digest(delivery.digest_id)
            assert digest is not None
            sent.append((delivery.subscriber_id, tuple(item.story_id for item in digest.items)))
            assert await ledger.sending(delivery, now=self.clock())
            await ledger.finish(delivery, DeliveryState.SENT, now=self.clock(), message_id=1)
        return sent


@pytest.fixture
async def house(storage: Storage) -> House:
    return await House(storage).open()


async def test_what_enough_papers_report_comes_once(house: House) -> None:
    one = await house.reader()
    story = await house.report(0, 1, ago=30)
    assert await house.told() == []
    await house.report(2, 3, story=story, ago=5)
    assert await house.told() == [(one.id, (story,))]
    house.clock.move(minutes=5)
    await house.report(4, 5, story=story, ago=1)
    assert await house.told() == []
    another = await House(house.storage, house.clock, papers=0).open()
    assert await another.told() == []


async def test_those_who_did_not_ask_get_nothing(house: House) -> None:
    await house.reader(1, breaking="off")
    await house.reader(2, paused=True)
    await house.reader(3, gone=True)
    await house.reader(4, languages=("fa",))
    await house.report(0, 1, 2, 3)
    assert await house.told() == []


async def test_it_keeps_to_what_is_followed_where_that_is_asked(house: House) -> None:
    everything = await house.reader(1, breaking="all", wishes=(Wish("topic", "science"),))
    topic = await house.reader(2, breaking="topics", wishes=(Wish("topic", "world"),))
    words = await house.reader(3, breaking="topics", wishes=(Wish("words", "Wexmouth dam"),))
    unnamed = await house.reader(4, breaking="topics")
    await house.reader(5, breaking="topics", wishes=(Wish("topic", "science"), Wish("words", "chess")))
    await house.report(0, 1, 2, 3)
    assert {who for who, _ in await house.told()} == {everything.id, topic.id, words.id, unnamed.id}


async def test_mutes_hold(house: House) -> None:
    await house.reader(1, mutes=("Wexmouth",))
    await house.reader(2, muted_sources=("Paper 0", "Paper 1"))
    three = await house.reader(3, muted_sources=("Paper 7",))
    await house.report(0, 1, 2, 3)
    assert [who for who, _ in await house.told()] == [three.id]


async def test_what_one_muted_is_left_out_of_nobody_elses_news(house: House) -> None:
    """Both are left with as many papers, and still get news of their own."""
    one, two = await house.reader(1, muted_sources=("Paper 0",)), await house.reader(2, muted_sources=("Paper 1",))
    await house.report(0, 1, 2, 3, 4)
    await house.alerts.run()
    heard = {}
    for delivery in await house.storage.ledger.claim("test", now=house.clock(), limit=9):
        digest = await house.storage.ledger.digest(delivery.digest_id)
        assert digest is not None
        heard[delivery.subscriber_id] = {outlet.source for item in digest.items for outlet in item.outlets}
    assert heard[one.id] == {"Paper 1", "Paper 2", "Paper 3", "Paper 4"}
    assert heard[two.id] == {"Paper 0", "Paper 2", "Paper 3", "Paper 4"}


async def test_each_may_ask_for_more_sources(house: House) -> None:
    few, many = await house.reader(1, breaking_sources=3), await house.reader(2, breaking_sources=5)
    story = await house.report(0, 1, 2)
    assert [who for who, _ in await house.told()] == [few.id]
    await house.report(3, 4, story=story)
    assert [who for who, _ in await house.told()] == [many.id]


async def test_quiet_hours_are_kept(house: House) -> None:
    await house.reader(1, quiet=(time(7), time(9)))
    two = await house.reader(2, quiet=(time(22), time(7)))
    await house.report(0, 1, 2, 3)
    assert [who for who, _ in await house.told()] == [two.id]


async def test_an_hour_lies_between_two_and_so_many_come_a_day(house: House) -> None:
    one = await house.reader(breaking_most=2)

    async def news(number: int) -> Sequence[tuple[int, tuple[int, ...]]]:
        await house.report(0, 1, 2, 3, title=f"Event number {number} shakes the region")
        return await house.told()

    assert len(await news(1)) == 1
    house.clock.move(minutes=30)
    assert await news(2) == []
    house.clock.move(minutes=40)
    assert len(await news(3)) == 1
    house.clock.move(hours=3)
    assert await news(4) == []
    house.clock.move(hours=22)
    assert [who for who, _ in await news(5)] == [one.id]


async def test_of_several_the_most_reported_comes(house: House) -> None:
    await house.reader()
    await house.report(0, 1, 2, 3, title="A small thing")
    large = await house.report(4, 5, 6, 7, 8, title="A large thing")
    assert [stories for _, stories in await house.told()] == [(large,)]


async def test_what_came_as_breaking_is_not_in_the_next_digest_and_moves_no_window(house: House) -> None:
    one = await house.reader()
    story = await house.report(0, 1, 2, 3)
    other = await house.report(0, ago=600, title="Museum of ships opens in the old dock")
    assert [stories for _, stories in await house.told()] == [(story,)]
    house.clock.move(hours=1)
    digest = await Pipeline(house.storage, clock=house.clock).preview(one)
    assert {item.story_id for item in digest.items} == {other}


async def test_what_grew_since_it_broke_comes_as_an_update(house: House) -> None:
    one = await house.reader()
    story = await house.report(0, 1, 2, 3)
    assert await house.told()
    house.clock.move(hours=6)
    await house.report(*range(4, 12), story=story, sentence="Engineers had warned of cracks in its wall for years.")
    digest = await Pipeline(house.storage, clock=house.clock).preview(one)
    assert [(item.story_id, item.update) for item in digest.items] == [(story, True)]


async def test_what_a_digest_had_does_not_break_afterwards(house: House) -> None:
    one = await house.reader()
    story = await house.report(0, 1)
    await Pipeline(house.storage, clock=house.clock).send_now(one, "digest")
    await house.report(2, 3, story=story)
    await house.alerts.run()
    kinds = [await house.storage.ledger.request(delivery.request_id) for delivery in
             await house.storage.ledger.claim("test", now=house.clock(), limit=10)]  # fmt: skip
    assert [request.kind for request in kinds if request is not None] == ["digest"]


async def test_a_language_with_few_papers_has_none_unless_somebody_asks(storage: Storage) -> None:
    house = await House(storage, papers=3).open()
    await house.reader(1)
    asked = await house.reader(2, breaking_sources=3)
    await house.report(0, 1, 2)
    assert [who for who, _ in await house.told()] == [asked.id]


async def test_two_processes_at_once_write_it_once(house: House) -> None:
    one = await house.reader()
    await house.report(0, 1, 2, 3)
    another = Alerts(house.storage, clock=house.clock)
    assert sum(await asyncio.gather(house.alerts.run(), another.run())) == 1
    assert len(await house.storage.ledger.alerts([one.id], since=house.clock() - breaking.A_DAY)) == 1


async def test_equal_readers_share_what_is_stored(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digests.alerts.BATCH", 7)
    for chat in range(20):
        await house.reader(chat + 1, breaking="topics", wishes=(Wish("topic", "world"),))
    await house.report(0, 1, 2, 3)
    assert await house.alerts.run() == 20
    claimed = await house.storage.ledger.claim("test", now=house.clock(), limit=100)
    assert len({delivery.digest_id for delivery in claimed}) == 1


# ── in the chat ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def flash(reader: Reader, title: str = TITLE) -> Sequence[Sent]:
    """An event that all papers of the town report, and what comes of it."""
    news = reader.running.news
    clock = SimpleNamespace(now=reader.now())
    house = await House(news.storage, lambda: clock.now).open()  # type: ignore[arg-type, return-value]
    await house.report(*range(12), title=title)
    before = len(reader.world.sent)
    assert await news.alerts.run()
    await reader.settle()
    return reader.world.sent[before:]


@pytest.mark.parametrize(("minutes", "quiet"), [(40, None), (1, (time(0), time(23, 59)))])
async def test_what_comes_too_late_is_left_to_the_next_digest(
    reader: Reader, minutes: int, quiet: tuple[time, time] | None
) -> None:
    await reader.say("/start")
    storage = reader.running.news.storage
    subscriber = await storage.subscribers.get(reader.chat_id)
    assert subscriber is not None
    await storage.subscribers.update(subscriber.id, breaking="all")
    clock = SimpleNamespace(now=reader.now() - minutes * MINUTE)
    house = await House(storage, lambda: clock.now).open()  # type: ignore[arg-type]
    story = await house.report(*range(12))
    assert await house.alerts.run() == 1
    await storage.subscribers.update(subscriber.id, quiet=quiet)
    before = len(reader.world.sent)
    await reader.settle()
    assert len(reader.world.sent) == before
    digest = await reader.running.services.pipeline.preview(subscriber)
    assert story in {item.story_id for item in digest.items}


async def test_it_is_switched_on_in_the_settings_and_comes_with_its_buttons(reader: Reader) -> None:
    await reader.say("/start")
    await reader.say("/settings")
    (page,) = await reader.press("⚡ Breaking news")
    assert "Off" in page.text
    await reader.press("Everything")
    await reader.press("6+")
    (page,) = await reader.press("2 a day")
    assert "From 6 sources on" in page.text
    (news,) = await flash(reader)
    assert news.text.startswith(f"⚡ {TITLE}")
    assert "12 sources in 1 minute" in news.text
    (card,) = await reader.press("🗞 More", message_id=news.message_id)
    assert "📄 Open original" in card.buttons
    (why,) = await reader.press("💡 Why this?")
    assert "12 sources" in why.text
    await reader.press("‹ Back to the story")
    (back,) = await reader.press("‹ Back")
    assert back.text == news.text
    (settings,) = await reader.press("⚙️ Fewer of these")
    assert settings.message_id != news.message_id
    (off,) = await reader.press("Off")
    assert "nothing comes between digests" in off.text
    subscriber = await reader.running.news.storage.subscribers.get(reader.chat_id)
    assert subscriber is not None
    assert (subscriber.breaking, subscriber.breaking_sources, subscriber.breaking_most) == ("off", 6, 2)


async def test_in_a_channel_it_has_links_only(reader: Reader) -> None:
    await reader.say("/help")
    channel = reader.world.add_group("Morning news", "channel")
    await reader.settle()
    await reader.press("⚙️ Set up Morning news")
    await reader.press("⚡ Breaking news")
    await reader.press("Everything")
    (news,) = await flash(reader)
    assert news.chat_id == channel.id
    assert all(link.startswith("http") for link in news.buttons.values())
