"""FeedStore: the feeds file, feeds added by hand, and what polling leaves behind."""

from datetime import timedelta

import pytest

from digests.errors import StorageError
from digests.model import FeedChanges, Poll

HOUR = timedelta(hours=1)


def poll(shelf, **fields):
    return Poll(**{"at": shelf.now, "next_fetch_at": shelf.now + HOUR, **fields})


async def test_the_file_adds_updates_and_switches_off(shelf, storage):
    one, two = shelf.spec("one", topics=("world",)), shelf.spec("two", source="Post", interval=5)
    assert await storage.feeds.sync([one, two], now=shelf.now) == FeedChanges(added=2)
    assert await storage.feeds.sync([one, two], now=shelf.now) == FeedChanges()

    changed = shelf.spec("one", topics=("science",), title="One")
    assert await storage.feeds.sync([changed], now=shelf.now) == FeedChanges(updated=1, switched_off=1)

    first, second = await storage.feeds.all()
    assert (first.source, first.topics, first.title, first.active, first.manual) == (
        "Gazette",
        ("science",),
        "One",
        True,
        False,
    )
    assert (second.source, second.interval, second.active) == ("Post", 5, False)


async def test_a_feed_that_returns_to_the_file_is_polled_again(shelf, storage):
    await storage.feeds.sync([shelf.spec()], now=shelf.now)
    await storage.feeds.sync([], now=shelf.now)
    assert await storage.feeds.sync([shelf.spec()], now=shelf.now) == FeedChanges(updated=1)
    assert len(await storage.feeds.due(shelf.now, limit=10)) == 1


async def test_a_url_listed_twice_is_one_feed(shelf, storage):
    assert await storage.feeds.sync([shelf.spec(), shelf.spec(title="again")], now=shelf.now) == FeedChanges(added=1)


async def test_a_feed_added_by_hand_outlives_the_file(shelf, storage):
    added = await storage.feeds.add(shelf.spec("mine"), now=shelf.now)
    assert added.manual
    assert added.next_fetch_at == shelf.now
    assert await storage.feeds.sync([], now=shelf.now) == FeedChanges()
    assert [feed.active for feed in await storage.feeds.all()] == [True]


async def test_removed_is_for_good_until_added_again(shelf, storage):
    await storage.feeds.sync([shelf.spec()], now=shelf.now)
    assert await storage.feeds.remove(shelf.spec().url) is True
    assert await storage.feeds.remove(shelf.spec().url) is False
    assert await storage.feeds.remove("https://never.example/") is False
    await storage.feeds.sync([shelf.spec()], now=shelf.now)
    assert await storage.feeds.due(shelf.now, limit=10) == []

    again = await storage.feeds.add(shelf.spec(source="Renamed"), now=shelf.now + HOUR)
    assert (again.active, again.manual, again.source, again.next_fetch_at) == (True, True, "Renamed", shelf.now + HOUR)
    assert len(await storage.feeds.all()) == 1


async def test_a_feed_keeps_its_articles_when_it_comes_back(shelf, storage):
    await shelf.add(shelf.article(await shelf.feed()))
    await storage.feeds.remove(shelf.spec().url)
    await shelf.feed()
    assert await storage.articles.count() == 1


async def test_due_feeds_come_longest_overdue_first(shelf, storage):
    await storage.feeds.add(shelf.spec("late"), now=shelf.now)
    await storage.feeds.add(shelf.spec("later"), now=shelf.now - HOUR)
    await storage.feeds.add(shelf.spec("not-yet"), now=shelf.now + HOUR)
    assert [feed.url for feed in await storage.feeds.due(shelf.now, limit=10)] == [
        shelf.spec("later").url,
        shelf.spec("late").url,
    ]
    assert len(await storage.feeds.due(shelf.now, limit=1)) == 1


async def test_errors_count_until_a_success(shelf, storage):
    feed_id = await shelf.feed()
    await storage.feeds.record(feed_id, poll(shelf, etag='"1"', last_modified="Mon", body_hash="b1"))
    for _ in range(2):
        await storage.feeds.record(feed_id, poll(shelf, error="no answer"))
    (failing,) = await storage.feeds.all()
    assert (failing.errors, failing.last_error, failing.etag, failing.body_hash) == (2, "no answer", '"1"', "b1")
    assert failing.last_success_at == shelf.now

    await storage.feeds.record(feed_id, poll(shelf, at=shelf.now + HOUR))
    (well,) = await storage.feeds.all()
    assert (well.errors, well.last_error, well.last_success_at) == (0, None, shelf.now + HOUR)


async def test_not_modified_keeps_validators_and_a_new_body_replaces_them(shelf, storage):
    feed_id = await shelf.feed()
    await storage.feeds.record(feed_id, poll(shelf, etag='"1"', last_modified="Mon", body_hash="b1"))
    await storage.feeds.record(feed_id, poll(shelf, etag='"2"'))
    (feed,) = await storage.feeds.all()
    assert (feed.etag, feed.last_modified, feed.body_hash) == ('"2"', "Mon", "b1")
    await storage.feeds.record(feed_id, poll(shelf, body_hash="b2"))
    (feed,) = await storage.feeds.all()
    assert (feed.etag, feed.last_modified, feed.body_hash) == (None, None, "b2")


async def test_a_feed_that_is_gone_is_not_polled_again_even_if_listed(shelf, storage):
    feed_id = await shelf.feed()
    await storage.feeds.record(feed_id, poll(shelf, error="410 Gone", active=False))
    await storage.feeds.sync([shelf.spec()], now=shelf.now)
    assert [feed.active for feed in await storage.feeds.all()] == [False]


async def test_a_moved_feed_is_still_the_one_in_the_file(shelf, storage):
    await storage.feeds.sync([shelf.spec()], now=shelf.now)
    (feed,) = await storage.feeds.all()
    await storage.feeds.record(feed.id, poll(shelf, url="https://moved.example/feed"))
    assert await storage.feeds.sync([shelf.spec()], now=shelf.now) == FeedChanges()
    (moved,) = await storage.feeds.all()
    assert (moved.id, moved.url, moved.active) == (feed.id, "https://moved.example/feed", True)


async def test_a_feed_that_moves_to_another_ones_address_stops(shelf, storage):
    one, two = await shelf.feed("one"), await shelf.feed("two")
    await storage.feeds.record(one, poll(shelf, url=shelf.spec("two").url))
    active = {feed.id: feed.active for feed in await storage.feeds.all()}
    assert active == {one: False, two: True}


async def test_sources_are_counted_over_active_feeds(shelf, storage):
    german = await storage.feeds.add(shelf.spec("de", source="Zeitung", language="de"), now=shelf.now)
    english = await storage.feeds.add(shelf.spec("en", source="Zeitung", language="en"), now=shelf.now)
    await shelf.feed("b", source="bulletin")
    await shelf.feed("off", source="Off")
    await storage.feeds.remove(shelf.spec("off").url)
    await shelf.add(shelf.article(german.id, hours=5), shelf.article(english.id, hours=2))

    bulletin, zeitung = await storage.feeds.sources(counted=True)
    assert (bulletin.name, bulletin.feeds, bulletin.articles, bulletin.last_article_at) == ("bulletin", 1, 0, None)
    assert (zeitung.languages, zeitung.feeds, zeitung.articles) == (("de", "en"), 2, 2)
    assert zeitung.last_article_at == shelf.now - 2 * HOUR
    assert [source.articles for source in await storage.feeds.sources()] == [0, 0]


@pytest.mark.parametrize("url", ["", "https://long.example/" + "x" * 2000])
async def test_an_address_that_no_index_holds_is_refused(shelf, storage, url):
    spec = shelf.spec()
    with pytest.raises(StorageError, match="between 1 and 2000"):
        await storage.feeds.add(type(spec)(url=url, source="A"), now=shelf.now)


async def test_names_with_unstorable_characters_do_not_change_on_every_sync(shelf, storage):
    spec = shelf.spec(source="Bad\x00\ud800 " + "n" * 500, title="\x00")
    await storage.feeds.sync([spec], now=shelf.now)
    assert await storage.feeds.sync([spec], now=shelf.now) == FeedChanges()
    (feed,) = await storage.feeds.all()
    assert feed.source.startswith("Bad\ufffd\ufffd nnn")


async def test_what_a_feed_asks_for_is_kept_until_it_is_parsed_again(shelf, storage):
    feed_id = await shelf.feed()
    asked = {"ttl": 90, "skip_hours": frozenset({0, 5, 23}), "skip_days": frozenset({0, 6})}
    await storage.feeds.record(feed_id, poll(shelf, parsed=True, body_hash="b", **asked))
    for later in (poll(shelf), poll(shelf, error="no answer")):
        await storage.feeds.record(feed_id, later)
        (feed,) = await storage.feeds.all()
        assert {name: getattr(feed, name) for name in asked} == asked
    await storage.feeds.record(feed_id, poll(shelf, parsed=True, body_hash="c"))
    (feed,) = await storage.feeds.all()
    assert (feed.ttl, feed.skip_hours, feed.skip_days) == (None, frozenset(), frozenset())


async def test_how_long_a_feed_has_failed_and_whether_that_was_reported(shelf, storage):
    feed_id = await shelf.feed()
    await storage.feeds.record(feed_id, poll(shelf, error="no answer"))
    await storage.feeds.record(feed_id, poll(shelf, at=shelf.now + HOUR, error="no answer", reported=True))
    await storage.feeds.record(feed_id, poll(shelf, at=shelf.now + 2 * HOUR, error="no answer"))
    (failing,) = await storage.feeds.all()
    assert (failing.errors, failing.failing_since, failing.reported) == (3, shelf.now, True)
    await storage.feeds.record(feed_id, poll(shelf))
    (well,) = await storage.feeds.all()
    assert (well.errors, well.failing_since, well.reported) == (0, None, False)


async def test_a_dead_feed_that_is_added_again_is_well_and_due(shelf, storage):
    feed_id = await shelf.feed()
    await storage.feeds.record(feed_id, poll(shelf, error="410 Gone", active=False, reported=True))
    again = await storage.feeds.add(shelf.spec(), now=shelf.now)
    assert (again.id, again.active, again.errors, again.last_error) == (feed_id, True, 0, None)
    assert (again.failing_since, again.reported, again.next_fetch_at) == (None, False, shelf.now)
