"""PushStore: which feeds want a subscription at their hub, and what is known of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from digests.model import Poll, Push

HOUR = timedelta(hours=1)
HUB, TOPIC = "https://hub.example/", "https://a.example/feed"


async def polled(shelf, storage, name="a", *, hub=HUB, topic=TOPIC):
    number = await shelf.feed(name)
    poll = Poll(at=shelf.now, next_fetch_at=shelf.now + HOUR, parsed=True, body_hash=name, hub=hub, topic=topic)
    await storage.feeds.record(number, poll)
    return number


@pytest.fixture
def push(shelf):
    return Push(feed_id=0, hub=HUB, topic=TOPIC, token="t1", secret="s1", renew_at=shelf.now + HOUR)


async def wanted(shelf, storage, **later):
    return await storage.pushes.wanted(shelf.now + timedelta(**later), limit=9)


async def test_feeds_that_name_a_hub_are_wanted_until_they_are_asked_for(shelf, storage, push):
    number = await polled(shelf, storage)
    await polled(shelf, storage, "b", hub=None, topic=None)
    ((feed, held),) = await wanted(shelf, storage)
    assert (feed.id, feed.hub, feed.topic, held) == (number, HUB, TOPIC, None)
    mine = replace(push, feed_id=number)
    await storage.pushes.save(mine)
    assert await wanted(shelf, storage) == []
    ((_, held),) = await wanted(shelf, storage, hours=1)
    assert held == mine


async def test_a_subscription_is_found_by_its_token_and_replaced(shelf, storage, push):
    number = await polled(shelf, storage)
    mine = replace(push, feed_id=number)
    await storage.pushes.save(mine)
    renewed = replace(mine, token="t2", attempts=3, lease_until=shelf.now + 9 * HOUR)
    await storage.pushes.save(renewed)
    found = await storage.pushes.by_token("t2")
    assert found is not None
    assert (found[0].id, found[1]) == (number, renewed)
    assert await storage.pushes.by_token("t1") is None


async def test_another_hub_or_address_is_wanted_at_once_and_a_removed_feed_never(shelf, storage, push):
    number = await polled(shelf, storage)
    await storage.pushes.save(replace(push, feed_id=number))
    await polled(shelf, storage, topic="https://a.example/other")
    assert len(await wanted(shelf, storage)) == 1
    await storage.feeds.remove(shelf.spec().url)
    assert await wanted(shelf, storage, days=9) == []


async def test_a_push_is_remembered_with_the_feed_and_puts_the_next_poll_off(shelf, storage, push):
    number = await polled(shelf, storage)
    await storage.pushes.save(replace(push, feed_id=number))
    await storage.pushes.pushed(number, at=shelf.now, next_fetch_at=shelf.now + 6 * HOUR)
    (feed,) = await storage.feeds.all()
    assert (feed.pushed_at, feed.next_fetch_at) == (shelf.now, shelf.now + 6 * HOUR)


async def test_what_a_feed_says_of_its_hub_stays_after_a_304(shelf, storage):
    number = await polled(shelf, storage)
    await storage.feeds.record(number, Poll(at=shelf.now, next_fetch_at=shelf.now + HOUR))
    assert (await storage.feeds.all())[0].hub == HUB


async def test_undated_entries_are_remembered_while_they_are_carried(shelf, storage):
    number, other = await shelf.feed("a"), await shelf.feed("b")
    await storage.articles.remember(number, {"u1", "u2"}, now=shelf.now)
    await storage.articles.remember(number, {"u2", "u3"}, now=shelf.now)
    await storage.articles.remember(other, {"u1"}, now=shelf.now)
    assert await storage.articles.remembered(number, {"u1", "u2", "u3", "u4"}) == {"u2", "u3"}
    await storage.articles.remember(number, set(), now=shelf.now)
    assert await storage.articles.remembered(number, {"u2"}) == set()
