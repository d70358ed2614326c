"""SubscriberStore: settings, wishes, mutes, schedules, and leaving without a trace."""

import asyncio
from dataclasses import replace
from datetime import UTC, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from digests.errors import StorageError
from digests.model import Announcement, ChatKind, DeliveryState, Leaning, Slot, Subscriber, Vote, Wish
from digests.storage.engine import Repository, reading, writing
from digests.storage.schema import follower, metadata

HOUR = timedelta(hours=1)
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
IDS = st.integers(-(2**52), 2**52)
CLOCKS = st.times().map(lambda at: at.replace(microsecond=0))
WISHES = st.builds(Wish, st.sampled_from(["topic", "words"]), st.sampled_from("abcdef"))
SLOTS = st.lists(
    st.builds(Slot, CLOCKS, st.frozensets(st.integers(0, 6)), st.lists(WISHES, max_size=2, unique=True).map(tuple)),
    max_size=4,
    unique_by=lambda slot: slot.at,
).map(lambda slots: tuple(sorted(slots)))
MOMENTS = st.datetimes(timezones=st.just(UTC))
SUBSCRIBERS = st.builds(
    Subscriber,
    id=st.just(0),
    chat_id=IDS,
    thread_id=st.integers(0, 2**31),
    kind=st.sampled_from(ChatKind),
    language=PLAIN,
    languages=st.lists(PLAIN, max_size=3).map(tuple),
    timezone=PLAIN,
    calendar=st.sampled_from(["", "jalali", "gregorian"]),
    breaking=st.sampled_from(["off", "topics", "all"]),
    breaking_sources=st.integers(0, 20),
    breaking_most=st.integers(1, 10),
    stories=st.integers(1, 50),
    minutes=st.integers(0, 30),
    wishes=st.lists(WISHES, unique=True).map(tuple),
    mutes=st.lists(st.sampled_from("abcdef"), unique=True).map(tuple),
    muted_sources=st.lists(st.sampled_from("abcdef"), unique=True).map(tuple),
    leanings=st.lists(
        st.builds(Leaning, st.just("source"), st.sampled_from("abcdef"), st.integers(-1, 1), st.floats(-4, 4), MOMENTS),
        unique_by=lambda leaning: leaning.name,
    ).map(lambda found: tuple(sorted(found, key=lambda leaning: leaning.name))),
    learning=st.booleans(),
    slots=SLOTS,
    next_due_at=st.none() | MOMENTS,
    quiet=st.none() | st.tuples(CLOCKS, CLOCKS),
    paused=st.booleans(),
    resume_at=st.none() | MOMENTS,
    asking=st.sampled_from(["", "zone"]),
    gone=st.booleans(),
    created_at=MOMENTS,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(new=SUBSCRIBERS)
async def test_a_subscriber_comes_back_as_created(storage, new):
    created = await storage.subscribers.create(new)
    assert replace(created, id=0) == new
    assert [(slot.weekdays, slot.wishes) for slot in created.slots] == [(s.weekdays, s.wishes) for s in new.slots]
    assert await storage.subscribers.get(new.chat_id, new.thread_id) == created
    assert await storage.subscribers.by_id(created.id) == created
    await storage.subscribers.delete(created.id)
    assert await storage.subscribers.get(new.chat_id, new.thread_id) is None


async def test_leanings_are_chosen_and_taken_back(shelf, storage):
    one = await shelf.subscriber()
    await storage.subscribers.lean(one.id, "source", "Daily", 1)
    await storage.subscribers.lean(one.id, "topic", "sports", -1)
    await storage.subscribers.lean(one.id, "source", "Daily", -1)
    found = await storage.subscribers.by_id(one.id)
    assert found.leanings == (Leaning("source", "Daily", -1), Leaning("topic", "sports", -1))
    await storage.subscribers.lean(one.id, "source", "Daily", 0)
    await storage.subscribers.lean(one.id, "source", "Weekly", 0)
    assert (await storage.subscribers.by_id(one.id)).leanings == (Leaning("topic", "sports", -1),)


async def test_what_was_learned_is_forgotten_by_name_and_at_once(shelf, storage):
    one = await shelf.subscriber()
    votes = {
        number: Vote(value=-1, at=shelf.now, topic=topic, source="Daily")
        for number, topic in enumerate(("sports", "sports", "world"))
    }
    await storage.saved.vote(one.id, votes, now=shelf.now)
    await storage.subscribers.lean(one.id, "source", "Daily", 1)
    await storage.subscribers.unlearn(one.id, kind="topic", name="sports")
    found = await storage.subscribers.by_id(one.id)
    assert {(each.name, each.chosen, each.score) for each in found.leanings} == {("Daily", 1, -1.5), ("world", 0, -0.5)}
    await storage.saved.vote(one.id, {9: Vote(value=-1, at=shelf.now, topic="sports", source="")}, now=shelf.now)
    found = await storage.subscribers.by_id(one.id)
    assert {(each.name, each.score) for each in found.leanings} >= {("sports", -0.5)}
    await storage.subscribers.unlearn(one.id)
    found = await storage.subscribers.by_id(one.id)
    assert found.leanings == (Leaning("source", "Daily", 1),)
    assert await storage.saved.votes(one.id, votes) == {0: -1, 1: -1, 2: -1}


async def test_a_chat_has_one_subscriber_and_a_thread_its_own(shelf, storage):
    first = await shelf.subscriber(language="fa")
    assert await shelf.subscriber(language="en") == first
    thread = await shelf.subscriber(thread_id=7)
    assert thread.id != first.id
    assert await storage.subscribers.get(100, 7) == thread
    assert await storage.subscribers.get(101) is None
    assert await storage.subscribers.by_id(thread.id + 1) is None


async def test_two_starts_at_once_make_one_subscriber(shelf):
    one, two = await asyncio.gather(shelf.subscriber(), shelf.subscriber())
    assert one == two


async def test_plain_fields_change_by_name(shelf, storage):
    one = await shelf.subscriber()
    changed = await storage.subscribers.update(
        one.id,
        kind=ChatKind.GROUP,
        language="fa",
        languages=("fa", "en"),
        timezone="Asia/Tehran",
        calendar="gregorian",
        stories=3,
        paused=True,
        next_due_at=shelf.now,
    )
    assert changed == await storage.subscribers.by_id(one.id)
    assert (changed.kind, changed.languages, changed.stories) == (ChatKind.GROUP, ("fa", "en"), 3)
    assert (changed.paused, changed.next_due_at, changed.timezone) == (True, shelf.now, "Asia/Tehran")
    assert await storage.subscribers.update(one.id) == changed


@pytest.mark.parametrize("name", ["id", "chat_id", "wishes", "created_at", "nonsense; DROP TABLE"])
async def test_other_fields_do_not_change(shelf, storage, name):
    one = await shelf.subscriber()
    with pytest.raises(StorageError, match="no field"):
        await storage.subscribers.update(one.id, **{name: 1})


async def test_whoever_is_not_there_is_told_in_one_line(storage):
    with pytest.raises(StorageError, match="no such subscriber"):
        await storage.subscribers.update(404, language="fa")
    with pytest.raises(StorageError):
        await storage.subscribers.follow(404, Wish("words", "storm"))


async def test_wishes_keep_their_order_and_their_spelling(shelf, storage):
    one = await shelf.subscriber()
    follow, unfollow = storage.subscribers.follow, storage.subscribers.unfollow
    assert await follow(one.id, Wish("words", "Peace  Talks")) is True
    assert await follow(one.id, Wish("topic", "science")) is True
    assert await follow(one.id, Wish("words", "peace talks ")) is False
    assert await follow(one.id, Wish("words", "science")) is True
    found = await storage.subscribers.by_id(one.id)
    assert found is not None
    assert found.wishes == (Wish("words", "Peace  Talks"), Wish("topic", "science"), Wish("words", "science"))
    assert await unfollow(one.id, Wish("words", "PEACE TALKS")) is True
    assert await unfollow(one.id, Wish("words", "peace talks")) is False
    assert await unfollow(one.id, Wish("topic", "science")) is True


async def test_very_long_wishes(shelf, storage):
    one = await shelf.subscriber()
    long = "ü" * 4000
    assert await storage.subscribers.follow(one.id, Wish("words", long + "a")) is True
    assert await storage.subscribers.follow(one.id, Wish("words", long + "b")) is True
    assert await storage.subscribers.follow(one.id, Wish("words", long.upper() + "A")) is False


async def test_mutes_of_words_and_of_sources(shelf, storage):
    one = await shelf.subscriber()
    mute, unmute = storage.subscribers.mute, storage.subscribers.unmute
    assert await mute(one.id, "Football") is True
    assert await mute(one.id, "football") is False
    assert await mute(one.id, "football", source=True) is True
    found = await storage.subscribers.by_id(one.id)
    assert found is not None
    assert (found.mutes, found.muted_sources) == (("Football",), ("football",))
    assert await unmute(one.id, "FOOTBALL", source=True) is True
    assert await unmute(one.id, "football", source=True) is False
    assert await unmute(one.id, "football") is True


async def test_slots_are_replaced(shelf, storage):
    one = await shelf.subscriber(slots=(Slot(time(8)), Slot(time(20))))
    weekend = Slot(time(9, 30), frozenset({5, 6}))
    await storage.subscribers.set_slots(one.id, [weekend], shelf.now)
    found = await storage.subscribers.by_id(one.id)
    assert found is not None
    assert [(slot.at, slot.weekdays) for slot in found.slots] == [(weekend.at, weekend.weekdays)]
    assert found.next_due_at == shelf.now
    await storage.subscribers.set_slots(one.id, [], None)
    found = await storage.subscribers.by_id(one.id)
    assert found is not None
    assert (found.slots, found.next_due_at) == ((), None)


async def test_a_schedule_in_another_zone(shelf, storage):
    one = await shelf.subscriber()
    business = Slot(time(7), frozenset(range(5)), (Wish("topic", "business"),))
    await storage.subscribers.set_slots(one.id, [business], shelf.now, timezone="Asia/Tehran")
    found = await storage.subscribers.by_id(one.id)
    assert found is not None
    assert (found.timezone, found.slots, found.slots[0].wishes) == ("Asia/Tehran", (business,), business.wishes)


async def test_pauses_end_when_their_time_has_come(shelf, storage):
    until, later, open_end = [await shelf.subscriber(number, paused=True) for number in (1, 2, 3)]
    await storage.subscribers.update(until.id, resume_at=shelf.now)
    await storage.subscribers.update(later.id, resume_at=shelf.now + HOUR)
    assert await storage.subscribers.wake(shelf.now) == 1
    assert await storage.subscribers.wake(shelf.now) == 0
    states = await storage.subscribers.by_ids([until.id, later.id, open_end.id])
    assert [states[one.id].paused for one in (until, later, open_end)] == [False, True, True]
    assert states[until.id].resume_at is None


async def test_due_are_the_active_whose_time_has_come(shelf, storage):
    late = await shelf.subscriber(1, next_due_at=shelf.now - HOUR, wishes=(Wish("topic", "world"),))
    just = await shelf.subscriber(2, next_due_at=shelf.now)
    await shelf.subscriber(3, next_due_at=shelf.now + timedelta(microseconds=1))
    await shelf.subscriber(4, next_due_at=shelf.now, paused=True)
    await shelf.subscriber(5, next_due_at=shelf.now, gone=True)
    await shelf.subscriber(6)
    assert await storage.subscribers.due(shelf.now, limit=10) == [(late, shelf.now - HOUR), (just, shelf.now)]
    assert await storage.subscribers.due(shelf.now, limit=1) == [(late, shelf.now - HOUR)]


async def test_a_group_that_becomes_a_supergroup_keeps_its_subscribers(shelf, storage):
    main, thread = await shelf.subscriber(-5, language="fa"), await shelf.subscriber(-5, thread_id=3)
    early = await shelf.subscriber(-1005)
    await storage.subscribers.migrate(-5, -1005)
    moved = await storage.subscribers.get(-1005)
    assert moved == replace(main, chat_id=-1005)
    assert await storage.subscribers.get(-1005, 3) == replace(thread, chat_id=-1005)
    assert await storage.subscribers.by_id(early.id) is None
    await storage.subscribers.migrate(-5, -1005)
    assert await storage.subscribers.get(-1005) == moved


async def test_gone_calls_off_what_waits_and_back_is_active(shelf, storage):
    one, thread = await shelf.subscriber(), await shelf.subscriber(thread_id=2)
    other = await shelf.subscriber(200)
    for number in (one.id, thread.id, other.id):
        await shelf.delivered(number, 1)
    await storage.subscribers.set_gone(100, gone=True)
    assert await storage.subscribers.counts() == {"total": 3, "active": 1, "paused": 0, "gone": 2}
    claimed = await storage.ledger.claim("w", now=shelf.now, limit=9)
    assert [delivery.subscriber_id for delivery in claimed] == [other.id]
    await storage.subscribers.set_gone(100, gone=False)
    assert (await storage.subscribers.counts())["active"] == 3


async def test_counts_tell_each_subscriber_once(shelf, storage):
    assert await storage.subscribers.counts() == {"total": 0, "active": 0, "paused": 0, "gone": 0}
    for chat, fields in enumerate([{}, {"paused": True}, {"gone": True}, {"paused": True, "gone": True}]):
        await shelf.subscriber(chat, **fields)
    assert await storage.subscribers.counts() == {"total": 4, "active": 1, "paused": 1, "gone": 2}


async def test_chats_page_over_the_active(shelf, storage):
    ids = [(await shelf.subscriber(chat, paused=chat == 2)).id for chat in range(4)]
    chats = storage.subscribers.chats
    assert [one.id for one in await chats()] == [ids[0], ids[1], ids[3]]
    assert [one.id for one in await chats(limit=2)] == ids[:2]
    assert [one.id for one in await chats(after=ids[1])] == ids[3:]


async def test_a_chat_tells_its_threads(shelf, storage):
    threads = [(await shelf.subscriber(thread_id=thread)).id for thread in (7, 0, 3)]
    await shelf.subscriber(101)
    assert [one.id for one in await storage.subscribers.in_chat(100)] == [threads[1], threads[2], threads[0]]
    assert await storage.subscribers.in_chat(102) == []


async def test_those_who_want_breaking_news_page_by_id(shelf, storage):
    wanted = [
        (await shelf.subscriber(chat, breaking=breaking)).id
        for chat, breaking in enumerate(["all", "off", "topics", "all"])
        if breaking != "off"
    ]
    await shelf.subscriber(10, breaking="all", paused=True)
    await shelf.subscriber(11, breaking="all", gone=True)
    watching = storage.subscribers.watching
    assert [one.id for one in await watching()] == wanted
    assert [one.id for one in await watching(limit=1)] == wanted[:1]
    assert [one.id for one in await watching(after=wanted[0])] == wanted[1:]


class Everything(Repository):
    """Reads all tables, whatever is in them."""

    @writing
    async def put(self, connection, table, **values) -> None:
        await connection.execute(table.insert(), values)

    @reading
    async def rows(self, connection) -> dict[str, list[str]]:
        out = {}
        for table in metadata.sorted_tables:
            columns = [column for column in table.c if column.name != "vector"]
            out[table.name] = [repr(tuple(row)) for row in await connection.execute(select(*columns))]
        return out


async def test_delete_leaves_no_trace_in_any_table(shelf, storage):
    feed = await shelf.feed()
    await shelf.add(shelf.article(feed))
    other = await shelf.subscriber(200, wishes=(Wish("topic", "world"),))
    await shelf.delivered(other.id, 1, 2, days=5)
    everything = Everything(storage.subscribers.database)
    before = await everything.rows()

    secret, chat = "Wunderkammer", 987654321
    one = await shelf.subscriber(chat, wishes=(Wish("words", secret),), mutes=(secret,), slots=(Slot(time(8)),))
    await storage.subscribers.mute(one.id, secret, source=True)
    own = shelf.digest(5, wish=Wish("words", secret))
    later = shelf.now + timedelta(days=5)
    shared = shelf.digest(1, 2, until=later)
    await storage.ledger.enqueue([shelf.run(one.id, own), shelf.run(one.id, shared, days=1)], now=later)
    request = await storage.ledger.open_request(one.id, "search", secret, now=shelf.now)
    assert request.arguments == secret
    (claimed,) = await storage.ledger.claim(secret, now=shelf.now, limit=1)
    await storage.ledger.finish(claimed, DeliveryState.FAILED, now=shelf.now, error=secret)
    await storage.saved.add(one.id, shelf.item(headline=secret), now=shelf.now)
    await storage.saved.vote(one.id, {1: Vote(value=1, at=shelf.now, topic="world", source="Daily")}, now=shelf.now)
    await storage.saved.show(one.id, 9, 1, now=shelf.now)
    await storage.managers.add(chat, other.id, secret)
    await storage.managers.add(chat + 1, one.id, secret)
    await everything.put(follower, subscriber_id=one.id, feed_id=feed, followed_at=shelf.now)
    await storage.announcements.open(
        Announcement(id=0, chat_id=chat, message_id=7, body=secret, created_at=shelf.now), now=shelf.now
    )
    during = await everything.rows()
    about_somebody = {"subscriber_id", "chat_id", "user_id"}
    named = {table.name for table in metadata.sorted_tables if about_somebody & set(table.c.keys())}
    named.remove("incoming")  # what a chat writes, until it is answered
    assert named <= {name for name in during if during[name] != before[name]}
    assert {name for name in during if during[name] != before[name]} == {
        *("manager", "subscriber", "wish", "mute", "slot", "saved", "feedback", "leaning", "shown"),
        *("digest", "digest_story", "request", "delivery", "announcement", "announcement_chat", "follower"),
    }

    await storage.subscribers.delete(one.id)
    after = await everything.rows()
    assert after == before
    await storage.subscribers.delete(one.id)
