"""Composing on both engines: everyone who is due gets one digest of what is new to them, and work is shared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from digests import embeddings, ranking
from digests import pipeline as module
from digests.errors import StorageError
from digests.model import (
    Delivery,
    DeliveryState,
    Digest,
    FeedSpec,
    NewArticle,
    Quote,
    Slot,
    Story,
    Subscriber,
    Wish,
)
from digests.pipeline import LONGEST_WINDOW, WINDOW, Pipeline, Window, in_turn, window
from digests.schedule import next_run
from digests.storage import SqlStorage
from digests.storage import enqueue as enqueueing
from digests.storage.codec import encode_digest
from tests.fakes.clock import MORNING, SetClock

EIGHT = Slot(time(8))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class House:
    """A newspaper with a clock: publish, subscribe, tick, deliver."""

    def __init__(self, storage: SqlStorage) -> None:
        self.storage, self.clock = storage, SetClock(MORNING - HOUR)
        self.pipeline = Pipeline(storage, clock=self.clock)
        self._feeds: dict[str, int] = {}
        self._count = 0

    async def publish(
        self,
        *titles: str,
        hours: float = 1.0,
        fetched: datetime | None = None,
        topic: str = "science",
        language: str = "en",
        source: str = "Gazette",
    ) -> list[int]:
        """Articles, each a story of its own, published so many hours ago; returns the stories' ids."""
        if source not in self._feeds:
            spec = FeedSpec(url=f"https://{len(self._feeds)}.example/feed", source=source, language="en")
            self._feeds[source] = (await self.storage.feeds.add(spec, now=self.clock())).id
        new = []
        for title in titles:
            self._count += 1
            url = f"https://s{self._count}.example/{self._count}"
            new.append(
                NewArticle(
                    url=url, link=url, guid=url, feed_id=self._feeds[source], title=title, text=title,
                    language=language,
                    published=self.clock() - timedelta(hours=hours), fetched_at=fetched or self.clock(),
                    topics=((topic, 1.0),),
                )
            )  # fmt: skip
        ids = [number for number in await self.storage.articles.add(new) if number is not None]
        await self.storage.stories.file({number: number for number in ids})
        await self.storage.stories.save([_scored(story, topic) for story in await self.storage.stories.load(ids)])
        return ids

    async def grow(self, story_id: int, title: str, sentence: str) -> None:
        """An article of another publisher about a story that is there."""
        (number,) = await self.publish(title, source=title)
        text = f"{title}. {sentence}"
        quotes = (Quote(sentence, len(title) + 2, len(text), 1),)
        article = await self.storage.articles.get(number)
        assert article is not None
        await self.storage.articles.update(
            number,
            NewArticle(
                url=article.url, link=article.url, guid=article.url, feed_id=article.feed_id, title=title, text=text,
                language="en", published=article.published, fetched_at=self.clock(), quotes=quotes,
            ),
        )  # fmt: skip
        await self.storage.stories.file({number: story_id})
        (story,) = await self.storage.stories.load([story_id])
        await self.storage.stories.save([_scored(story, "science")])

    async def subscribe(self, chat_id: int = 1, *slots: Slot, zone: str = "UTC", **fields: object) -> Subscriber:
        slots = slots or (EIGHT,)
        run = next_run(slots, ZoneInfo(zone), self.clock())
        values = {"id": 0, "chat_id": chat_id, "timezone": zone, "slots": slots, "created_at": self.clock()}
        due = None if run is None else run.at
        return await self.storage.subscribers.create(Subscriber(**{**values, "next_due_at": due, **fields}))

    async def tick(self) -> tuple[int, int]:
        tick = await self.pipeline.compose_due()
        return tick.due, tick.written

    async def deliver(self, state: DeliveryState = DeliveryState.SENT) -> list[tuple[Delivery, Digest]]:
        """Send everything that waits; what was sent."""
        sent = []
        for delivery in await self.storage.ledger.claim("test", now=self.clock(), limit=1000):
            digest = await self.storage.ledger.digest(delivery.digest_id)
            assert digest is not None
            assert await self.storage.ledger.sending(delivery, now=self.clock())
            await self.storage.ledger.finish(delivery, state, now=self.clock(), message_id=1)
            sent.append((delivery, digest))
        return sent

    async def morning(self) -> list[str]:
        """Tick now, deliver, and give the headlines."""
        await self.tick()
        return [item.headline for _, digest in await self.deliver() for item in digest.items]


def _scored(story: Story, topic: str) -> Story:
    return replace(story, topics=((topic, 1.0),), score=ranking.score(story.articles, {}))


@pytest.fixture
def house(storage: SqlStorage) -> House:
    return House(storage)


# ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_who_is_due_gets_one_digest_and_is_due_again_tomorrow(house: House) -> None:
    sara = await house.subscribe()
    await house.publish("News")
    assert await house.tick() == (0, 0)
    house.clock.at(MORNING)
    assert await house.tick() == (1, 1)
    assert await house.tick() == (0, 0)
    found = await house.storage.subscribers.by_id(sara.id)
    assert found is not None
    assert found.next_due_at == MORNING + DAY
    ((delivery, digest),) = await house.deliver()
    assert (delivery.subscriber_id, delivery.due_at) == (sara.id, MORNING)
    assert [item.headline for item in digest.items] == ["News"]


async def test_a_tick_that_comes_late_does_what_it_missed(house: House) -> None:
    await house.subscribe()
    house.clock.at(MORNING + timedelta(minutes=47))
    assert await house.tick() == (1, 1)


async def test_after_days_of_downtime_there_is_one_digest(house: House) -> None:
    sara = await house.subscribe(1, EIGHT, Slot(time(18)))
    house.clock.at(MORNING + 3 * DAY + HOUR)
    assert await house.tick() == (1, 1)
    assert await house.tick() == (0, 0)
    found = await house.storage.subscribers.by_id(sara.id)
    assert found is not None
    assert found.next_due_at == datetime(2026, 11, 27, 18, tzinfo=UTC)
    request = await house.storage.ledger.request((await house.deliver())[0][0].request_id)
    assert request is not None


async def test_each_slot_comes_once_a_local_date(house: House) -> None:
    await house.subscribe(1, EIGHT, Slot(time(18)), zone="Asia/Tehran")
    written = 0
    for _ in range(4 * 48):
        house.clock.move(minutes=15)
        written += (await house.tick())[1]
    assert written == 4


async def test_a_run_that_was_written_is_not_written_again(house: House) -> None:
    sara = await house.subscribe()
    house.clock.at(MORNING)
    assert await house.tick() == (1, 1)
    await house.storage.subscribers.set_slots(sara.id, [EIGHT], MORNING)
    assert await house.tick() == (1, 0)


@pytest.mark.parametrize("state", ["paused", "gone"])
async def test_who_is_paused_or_gone_gets_none(house: House, state: str) -> None:
    sara = await house.subscribe()
    await house.storage.subscribers.update(sara.id, **{state: True})
    house.clock.at(MORNING)
    assert await house.tick() == (0, 0)


@pytest.mark.parametrize("slots", [(), (Slot(time(8), frozenset()),)])
async def test_who_has_no_time_left_is_taken_off_the_list(house: House, slots: Sequence[Slot]) -> None:
    sara = await house.subscribe()
    await house.storage.subscribers.set_slots(sara.id, slots, MORNING)
    house.clock.at(MORNING)
    assert await house.tick() == (1, 0)
    assert await house.tick() == (0, 0)
    assert await house.deliver() == []


async def test_who_was_put_on_the_list_too_early_gets_none_yet(house: House) -> None:
    monday = Slot(time(8), frozenset({0}))
    sara = await house.subscribe(1, monday, next_due_at=MORNING)
    house.clock.at(MORNING)
    await house.tick()
    found = await house.storage.subscribers.by_id(sara.id)
    assert found is not None
    assert found.next_due_at == datetime(2026, 11, 30, 8, tzinfo=UTC)


async def test_schedules_that_differ_in_weekdays_only_are_told_apart(house: House) -> None:
    daily = await house.subscribe(1, EIGHT)
    weekly = await house.subscribe(2, Slot(time(8), frozenset({1})))
    house.clock.at(MORNING)
    assert await house.tick() == (2, 2)
    due = [(await house.storage.subscribers.by_id(one.id)) for one in (daily, weekly)]
    assert [one.next_due_at for one in due if one] == [MORNING + DAY, MORNING + 7 * DAY]


async def test_everyone_who_is_due_gets_theirs_in_batches(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    for chat in range(1, 9):
        await house.subscribe(chat)
    house.clock.at(MORNING)
    assert await house.tick() == (8, 8)


# ── what ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_story_comes_once(house: House) -> None:
    await house.subscribe()
    await house.publish("Old")
    house.clock.at(MORNING)
    assert await house.morning() == ["Old"]
    house.clock.move(hours=23)
    await house.publish("New")
    house.clock.at(MORNING + DAY)
    assert await house.morning() == ["New"]


async def test_what_was_asked_for_with_a_command_counts_as_seen(house: House) -> None:
    sara = await house.subscribe()
    await house.publish("News")
    digest = await house.pipeline.send_now(sara, "digest")
    assert [item.headline for item in digest.items] == ["News"]
    await house.deliver()
    assert (await house.pipeline.preview(sara)).items == ()
    assert len((await house.pipeline.preview(sara, fresh=False)).items) == 1


async def test_what_did_not_arrive_is_in_the_next_digest(house: House) -> None:
    sara = await house.subscribe()
    await house.publish("News")
    house.clock.at(MORNING)
    await house.tick()
    await house.deliver(DeliveryState.FAILED)
    assert [item.headline for item in (await house.pipeline.preview(sara)).items] == ["News"]


async def test_nothing_falls_between_two_digests(house: House) -> None:
    """Published before the first digest and come in after it: an hour-long gap of every feed that is asked hourly."""
    await house.subscribe()
    house.clock.at(MORNING + timedelta(minutes=1))
    assert await house.morning() == []
    house.clock.move(minutes=50)
    await house.publish("Late", hours=3)
    await house.publish("Very late", hours=20)
    await house.publish("Between", hours=0.7)
    house.clock.at(MORNING + DAY)
    assert sorted(await house.morning()) == ["Between", "Late", "Very late"]


async def test_what_was_there_at_the_last_digest_is_no_news_at_the_next(house: House) -> None:
    await house.subscribe(stories=1)
    await house.publish("First", hours=1)
    await house.publish("Left over", hours=5)
    house.clock.at(MORNING)
    assert await house.morning() == ["First"]
    house.clock.at(MORNING + DAY)
    assert await house.morning() == []


async def test_a_newcomer_gets_the_last_day_whenever_it_came_in(house: House) -> None:
    await house.publish("Today", hours=5)
    await house.publish("Two days ago", hours=40)
    sara = await house.subscribe()
    assert [item.headline for item in (await house.pipeline.preview(sara)).items] == ["Today"]


async def test_after_a_pause_the_digest_reaches_back_to_the_last_one(house: House) -> None:
    sara = await house.subscribe()
    house.clock.at(MORNING)
    await house.morning()
    house.clock.at(MORNING + 5 * DAY)
    await house.publish("Three days ago", hours=72)
    assert [item.headline for item in (await house.pipeline.preview(sara)).items] == ["Three days ago"]


async def test_a_story_that_was_had_does_not_come_back_under_another_topic(house: House) -> None:
    sara = await house.subscribe(wishes=(Wish("topic", "science"),))
    ids = await house.publish("Telescope sees galaxies")
    house.clock.at(MORNING)
    assert await house.morning() == ["Telescope sees galaxies"]
    filed = [_scored(story, "business") for story in await house.storage.stories.load(ids)]
    await house.storage.stories.save(filed)
    for topic in ("business", "world"):
        await house.storage.subscribers.follow(sara.id, Wish("topic", topic))
    for _ in range(6):
        house.clock.move(days=1)
        await house.grow(ids[0], "Another paper", "It is a telescope, and it sees galaxies.")
        assert await house.morning() == []


async def test_a_digest_without_stories_is_not_sent_to_who_wants_none(house: House) -> None:
    wanted, unwanted = await house.subscribe(1), await house.subscribe(2, empty=False)
    house.clock.at(MORNING)
    assert await house.tick() == (2, 1)
    assert [delivery.subscriber_id for delivery, _ in await house.deliver()] == [wanted.id]
    assert await house.tick() == (0, 0)
    house.clock.at(MORNING + DAY)
    await house.publish("News")
    await house.tick()
    assert {delivery.subscriber_id for delivery, _ in await house.deliver()} == {wanted.id, unwanted.id}


async def test_what_there_was_no_room_for_comes_when_asked_for_once(house: House) -> None:
    sara = await house.subscribe(stories=2)
    await house.publish("One", "Two", "Three", "Four", "Five")
    house.clock.at(MORNING)
    await house.tick()
    ((first, digest),) = await house.deliver()
    assert digest.more
    had = [item.story_id for item in digest.items]
    for left in (True, False):
        request = await house.storage.ledger.request(first.request_id)
        assert request is not None
        assert await house.pipeline.send_more(sara, request)
        assert await house.pipeline.send_more(sara, request)
        ((first, digest),) = await house.deliver()
        assert digest.continued
        assert digest.more is left
        had += [item.story_id for item in digest.items]
    request = await house.storage.ledger.request(first.request_id)
    assert request is not None
    assert not await house.pipeline.send_more(sara, request)
    assert len(had) == len(set(had)) == 5


async def test_more_that_could_not_be_written_can_be_asked_for_again(house: House) -> None:
    sara = await house.subscribe(stories=2)
    await house.publish("One", "Two", "Three")
    house.clock.at(MORNING)
    await house.tick()
    ((first, _),) = await house.deliver()
    request = await house.storage.ledger.request(first.request_id)
    assert request is not None
    enqueue = house.storage.ledger.enqueue
    house.storage.ledger.enqueue = killed  # type: ignore[method-assign]  # the process ends here
    with pytest.raises(StorageError):
        await house.pipeline.send_more(sara, request)
    house.storage.ledger.enqueue = enqueue  # type: ignore[method-assign]
    assert await house.pipeline.send_more(sara, request)
    assert len(await house.deliver()) == 1


async def killed(*_: object, **__: object) -> int:
    raise StorageError("killed")


async def test_a_story_that_grows_comes_again_as_a_reply_and_only_once(house: House) -> None:
    new = "Astronomers have counted nine hundred galaxies in a corner of the sky."
    sara = await house.subscribe()
    without = await house.subscribe(2, updates=False)
    (story,) = await house.publish("Telescope sees galaxies", hours=1)
    house.clock.at(MORNING)
    await house.tick()
    before = {delivery.subscriber_id: delivery for delivery, _ in await house.deliver()}
    house.clock.at(MORNING + DAY - HOUR)
    for paper in range(4):
        await house.grow(story, f"Paper {paper} counts galaxies", new)
    house.clock.at(MORNING + DAY)
    await house.tick()
    found = {delivery.subscriber_id: (delivery, digest) for delivery, digest in await house.deliver()}
    assert found[without.id][1].items == ()
    delivery, digest = found[sara.id]
    (item,) = digest.items
    assert item.update
    assert [quote.text for quote in item.quotes] == [new]
    ledger = house.storage.ledger
    now, then = (sara.id, story, delivery.request_id), (sara.id, story, before[sara.id].request_id)
    assert await ledger.messages_of([now, then]) == {now: 1}
    house.clock.move(days=1)
    assert await house.morning() == []


async def test_an_anonymous_reader_has_seen_nothing(house: House) -> None:
    await house.publish("News")
    nobody = Subscriber(id=0, chat_id=0, created_at=MORNING)
    assert len((await house.pipeline.preview(nobody)).items) == 1


async def test_wishes_mutes_and_languages_count(house: House) -> None:
    await house.publish("Telescope sees galaxies", topic="science")
    await house.publish("Cup final won on penalties", "Cup final lost in the rain", topic="sports")
    sara = await house.subscribe(wishes=(Wish("topic", "sports"),), mutes=("rain",))
    assert [item.headline for item in (await house.pipeline.preview(sara)).items] == ["Cup final won on penalties"]
    german = await house.subscribe(2, languages=("de",))
    assert (await house.pipeline.preview(german)).considered == 0
    silent = await house.subscribe(3, muted_sources=("Gazette",))
    assert (await house.pipeline.preview(silent)).items == ()


# ── sharing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_five_hundred_with_the_same_wishes_are_composed_for_once(
    sqlite_storage: SqlStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(sqlite_storage)
    calls = {"compose": 0, "rank": 0, "recent": 0, "latest_run": 0}

    def counting(name: str, function):
        def called(*args: object, **options: object):
            calls[name] += 1
            return function(*args, **options)

        return called

    for name in ("compose", "rank", "latest_run"):
        monkeypatch.setattr(module, name, counting(name, getattr(module, name)))
    monkeypatch.setattr(house.storage.stories, "recent", counting("recent", house.storage.stories.recent))
    wishes = (Wish("topic", "science"), Wish("words", "telescope"))
    await house.publish("Telescope sees galaxies")
    for chat in range(1, 501):
        await house.subscribe(chat, wishes=wishes if chat % 2 else wishes[::-1])
    house.clock.at(MORNING)
    assert await house.tick() == (500, 500)
    assert calls == {"compose": 1, "rank": 2, "recent": 1, "latest_run": 1}
    assert len({delivery.digest_id for delivery, _ in await house.deliver()}) == 1


async def test_mutes_that_touch_nothing_of_a_digest_do_not_make_another(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    composed: list[frozenset[str]] = []

    def counting(*args: object, **options: object) -> Digest:
        composed.append(options["muted_sources"])
        return compose(*args, **options)

    compose = module.compose
    monkeypatch.setattr(module, "compose", counting)
    first, second, *_ = await house.publish("First", "Second", "Third")
    await house.subscribe(1)
    for chat, fields in enumerate(
        ({"mutes": ("volcano",)}, {"muted_sources": ("Nobody",)}, {"mutes": ("first",)}, {"mutes": ("first", "x")}), 2
    ):
        await house.subscribe(chat, **fields)
    house.clock.at(MORNING)
    await house.tick()
    found = {
        delivery.subscriber_id: {item.story_id for item in digest.items} for delivery, digest in await house.deliver()
    }
    assert [first in found[chat] for chat in sorted(found)] == [True, True, True, False, False]
    assert all(second in stories for stories in found.values())
    assert len(composed) == 3


async def test_a_digest_is_encoded_once_a_tick(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[Digest] = []

    def encode(digest: Digest) -> str:
        encoded.append(digest)
        return encode_digest(digest)

    monkeypatch.setattr(enqueueing, "encode_digest", encode)
    monkeypatch.setattr(module, "BATCH", 2)
    await house.publish("First")
    for chat in range(1, 8):
        await house.subscribe(chat, wishes=(Wish("topic", "science"),) if chat == 7 else ())
    house.clock.at(MORNING)
    assert await house.tick() == (7, 7)
    assert len(encoded) == 2
    assert len({delivery.digest_id for delivery, _ in await house.deliver()}) == 2


async def test_who_has_seen_or_muted_something_gets_a_digest_of_their_own(house: House) -> None:
    first, second = await house.publish("First", "Second")
    await house.subscribe(1)
    await house.subscribe(2, mutes=("first",))
    third = await house.subscribe(3, stories=1)
    await house.pipeline.send_now(third, "digest")
    ((_, asked),) = await house.deliver()
    house.clock.at(MORNING)
    await house.tick()
    found = {
        delivery.subscriber_id: {item.story_id for item in digest.items} for delivery, digest in await house.deliver()
    }
    assert sorted(map(sorted, found.values())) == sorted(
        map(sorted, [{first, second}, {second}, {first, second} - {asked.items[0].story_id}])
    )


# ── windows and turns ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_window_reaches_back_to_the_last_digest_between_a_day_and_a_week() -> None:
    now = MORNING + timedelta(minutes=31)
    for last, since in (
        (None, now - WINDOW), (now - HOUR, now - WINDOW),
        (now - 3 * DAY, now - 3 * DAY), (now - 30 * DAY, now - LONGEST_WINDOW),
    ):  # fmt: skip
        assert window(last, now).since == since.replace(minute=0)


def test_windows_of_the_same_hour_are_the_same() -> None:
    now = MORNING + timedelta(minutes=59)
    assert window(MORNING - DAY, now) == window(MORNING - DAY + timedelta(minutes=59), now)
    assert window(MORNING, now) == Window(MORNING - DAY, MORNING)


def test_where_there_is_no_room_for_all_wishes_another_is_first_each_day() -> None:
    wishes = [Wish("topic", name) for name in "abc"]
    days = [MORNING + day * DAY for day in range(3)]
    assert {in_turn(wishes, 2, day)[0].value for day in days} == {"a", "b", "c"}
    assert all(sorted(in_turn(wishes, 2, day)) == wishes for day in days)
    assert all(in_turn(wishes, 3, day) == wishes for day in days)


# ── changing the schedule ────────────────────────────────────────────────────────────────────────────────────────────


async def due_at(house: House) -> datetime | None:
    return (await read(house)).next_due_at


async def read(house: House) -> Subscriber:
    subscriber = await house.storage.subscribers.get(1)
    assert subscriber is not None
    return subscriber


async def test_new_times_set_between_the_due_moment_and_the_tick_do_not_drop_what_was_due(house: House) -> None:
    await house.publish("One")
    await house.subscribe()
    house.clock.at(MORNING + timedelta(seconds=20))
    assert await house.pipeline.reschedule(await read(house), slots=[Slot(time(18))])
    assert await house.tick() == (0, 0)
    ((delivery, _),) = await house.deliver()
    assert delivery.due_at == MORNING
    assert await due_at(house) == MORNING + 10 * HOUR


async def test_a_move_past_a_slot_brings_its_digest_at_once_and_a_move_back_none_twice(house: House) -> None:
    await house.publish("One")
    await house.subscribe()
    assert await house.pipeline.reschedule(await read(house), timezone="Europe/Berlin")
    assert len(await house.deliver()) == 1
    assert await due_at(house) == MORNING + 23 * HOUR
    assert not await house.pipeline.reschedule(await read(house), timezone="America/New_York")
    assert await due_at(house) == MORNING + 29 * HOUR
    assert not await house.pipeline.reschedule(await read(house), timezone="Europe/Berlin")
    assert await due_at(house) == MORNING + 23 * HOUR


async def test_the_digest_of_start_stands_for_a_slot_that_the_first_zone_jumps_over(house: House) -> None:
    await house.publish("One")
    await house.subscribe()
    await house.pipeline.send_now(await read(house), "start")
    await house.deliver()
    assert not await house.pipeline.reschedule(await read(house), timezone="Asia/Tokyo")


@pytest.mark.parametrize("state", ["paused", "gone"])
async def test_who_is_away_is_owed_nothing_by_a_move(house: House, state: str) -> None:
    await house.subscribe(**{state: True})
    house.clock.at(MORNING + timedelta(seconds=20))
    assert not await house.pipeline.reschedule(await read(house), timezone="Europe/Berlin", slots=[EIGHT])


async def test_what_a_downtime_missed_is_told_from_what_came_before_a_move(house: House) -> None:
    """Half past eight came in the old zone; eight is new, and was missed while the program was down."""
    await house.publish("One")
    half = Slot(time(8, 30))
    await house.subscribe(1, half)
    house.clock.at(MORNING + HOUR / 2)
    assert await house.tick() == (1, 1)
    await house.pipeline.reschedule(await read(house), timezone="America/New_York", slots=[EIGHT, half])
    house.clock.at(MORNING + 6 * HOUR)
    assert await house.tick() == (1, 1)
    runs = await house.storage.ledger.runs([(await read(house)).id], since=MORNING.date())
    assert runs == {(await read(house)).id: {(MORNING.date(), time(8, 30)), (MORNING.date(), time(8))}}


async def test_a_pause_ends_by_itself_with_the_next_slot_after_it(house: House) -> None:
    one = await house.subscribe()
    house.clock.at(MORNING - HOUR / 2)
    await house.storage.subscribers.update(one.id, paused=True, resume_at=MORNING + HOUR)
    await house.pipeline.reschedule(await read(house))
    assert await due_at(house) == MORNING + DAY
    house.clock.at(MORNING)
    assert await house.tick() == (0, 0)
    assert (await read(house)).paused
    house.clock.at(MORNING + HOUR)
    assert await house.tick() == (0, 0)
    assert not (await read(house)).paused
    house.clock.at(MORNING + DAY)
    assert await house.tick() == (1, 1)


async def test_a_late_digest_waits_for_the_end_of_the_quiet_hours_and_one_at_its_time_does_not(house: House) -> None:
    await house.subscribe(quiet=(time(7), time(10)))
    house.clock.at(MORNING)
    await house.tick()
    assert len(await house.deliver()) == 1
    house.clock.at(MORNING + DAY + HOUR)
    await house.tick()
    assert await house.deliver() == []
    house.clock.at(MORNING + DAY + 2 * HOUR)
    assert len(await house.deliver()) == 1


async def test_a_slot_with_wishes_of_its_own_is_about_these_only(house: House) -> None:
    await house.publish("One", topic="science")
    await house.publish("Two", topic="business")
    business = Wish("topic", "business")
    await house.subscribe(1, Slot(time(8), wishes=(business,)), wishes=(Wish("topic", "science"),))
    house.clock.at(MORNING)
    await house.tick()
    ((_, digest),) = await house.deliver()
    assert [section.wish for section in digest.sections] == [business]


# ── one event in several languages ───────────────────────────────────────────────────────────────────────────────────


class Meanings:
    """A language model that knows what a few words mean: each meaning is an axis."""

    words: Mapping[str, int] = MappingProxyType({"flood": 0, "سیل": 0, "chess": 1, "شطرنج": 2})

    def query(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.eye(embeddings.SIZE, dtype=np.float32)[[self.words[text.split()[0].strip(".")] for text in texts]]
        return rows + embeddings.shipped().mean


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    embeddings._vector.cache_clear()
    monkeypatch.setattr(embeddings, "available", lambda: True)
    monkeypatch.setattr(embeddings, "_model", Meanings)
    yield
    embeddings._vector.cache_clear()


@pytest.mark.usefixtures("model")
async def test_readers_of_two_languages_get_an_event_once(house: House) -> None:
    await house.subscribe(1, languages=("en", "fa"))
    await house.subscribe(2, languages=("fa",))
    (flood,) = await house.publish("flood in the valley", hours=0.5)
    await house.publish("chess final", hours=2)
    (same,) = await house.publish("سیل در دره", language="fa")
    await house.publish("شطرنج جهانی", hours=3, language="fa")
    house.clock.at(MORNING)
    await house.tick()
    found = {delivery.subscriber_id: digest for delivery, digest in await house.deliver()}
    both, one = (found[number].items for number in sorted(found))
    assert [item.headline for item in both] == ["flood in the valley", "chess final", "شطرنج جهانی"]
    assert [(told.story_id, told.language) for told in both[0].retold] == [(same, "fa")]
    assert [item.headline for item in one] == ["سیل در دره", "شطرنج جهانی"]
    had = await house.storage.ledger.history(list(found), since=MORNING - DAY)
    assert {flood, same} <= had[min(found)].stories


async def test_without_the_extra_both_come(house: House) -> None:
    await house.subscribe(1, languages=("en", "fa"))
    await house.publish("flood in the valley", hours=0.5)
    await house.publish("سیل در دره", language="fa")
    house.clock.at(MORNING)
    assert await house.morning() == ["flood in the valley", "سیل در دره"]


async def test_a_weekly_digest_of_a_topic_reaches_back_to_the_last_one_of_it(house: House) -> None:
    """Culture on Saturdays, all else every day: the week's culture is in it, but what came already."""
    culture = Wish("topic", "culture")
    saturday = Slot(time(9), frozenset({5}), (culture,))
    await house.subscribe(1, EIGHT, saturday, wishes=(Wish("topic", "science"),))
    headlines: dict[datetime, list[str]] = {}
    for day in range(12):
        house.clock.at(MORNING + day * DAY)
        await house.publish(f"Culture {day}", topic="culture", hours=1)
        await house.publish(f"Science {day}", hours=1)
        for at in (MORNING + day * DAY, MORNING + day * DAY + HOUR):
            house.clock.at(at)
            headlines[at] = await house.morning()
    assert headlines[MORNING + 3 * DAY] == ["Science 3"]
    first, second = (headlines[MORNING + day * DAY + HOUR] for day in (4, 11))
    assert "Culture 4" in first
    assert set(second) == {f"Culture {day}" for day in range(5, 12)}
    assert headlines[MORNING + 5 * DAY] == ["Science 5"]
