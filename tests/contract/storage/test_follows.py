"""FollowStore: personal feeds, who follows them, and that what they bring is nobody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from digests.model import FeedSpec, Poll, SearchQuery

HOUR = timedelta(hours=1)


@pytest.fixture
def own(shelf, storage):
    """Follow a feed."""

    async def follow(subscriber_id, name="mine", *, most=20, later=0):
        spec = FeedSpec(url=f"https://{name}.example/feed", source=name.title(), language="en")
        return await storage.follows.follow(subscriber_id, spec, now=shelf.now + later * HOUR, most=most)

    return follow


async def test_a_feed_is_read_once_however_many_follow_it(shelf, storage, own):
    one, two = await shelf.subscriber(1), await shelf.subscriber(2)
    first = await own(one.id)
    assert (first.outcome, first.feed.personal, first.feed.active) == ("new", True, True)
    second = await own(two.id)
    assert (second.outcome, second.feed.id) == ("new", first.feed.id)
    assert (await own(one.id)).outcome == "known"
    assert [feed.id for feed in await storage.feeds.due(shelf.now, limit=9)] == [first.feed.id]
    assert await storage.follows.followers(first.feed.id) == [one.id, two.id]
    assert (await storage.subscribers.by_id(one.id)).feeds == (first.feed.id,)


async def test_there_is_room_for_so_many(shelf, storage, own):
    one = await shelf.subscriber(1)
    assert [(await own(one.id, name, most=2)).outcome for name in ("a", "b", "c", "b")] == [
        "new",
        "new",
        "full",
        "known",
    ]
    assert [feed.source for feed in await storage.follows.feeds(one.id)] == ["A", "B"]


async def test_what_everybody_gets_need_not_be_followed(shelf, storage, own):
    one = await shelf.subscriber(1)
    await storage.feeds.add(shelf.spec("mine"), now=shelf.now)
    assert (await own(one.id)).outcome == "listed"
    assert (await storage.subscribers.by_id(one.id)).feeds == ()


async def test_a_feed_that_nobody_follows_is_read_no_more_and_forgotten(shelf, storage, own):
    one, two = await shelf.subscriber(1), await shelf.subscriber(2)
    feed = (await own(one.id)).feed
    await own(two.id)
    (number,) = await shelf.add(shelf.article(feed.id, scope=feed.id))
    await storage.stories.file({number: number})
    assert await storage.follows.unfollow(one.id, feed.id)
    assert not await storage.follows.unfollow(one.id, feed.id)
    assert (await storage.follows.tidy(), len(await storage.feeds.due(shelf.now, limit=9))) == (0, 1)
    await storage.subscribers.delete(two.id)
    assert await storage.feeds.due(shelf.now, limit=9) == []
    assert await storage.follows.tidy() == 1
    assert await storage.feeds.all() == []
    assert (await storage.articles.count(), await storage.stories.get(number)) == (0, None)


async def test_a_feed_of_the_catalogue_is_never_tidied_away(shelf, storage):
    await shelf.feed()
    assert await storage.follows.tidy() == 0
    assert len(await storage.feeds.all()) == 1


async def test_one_that_died_is_read_again_when_somebody_follows_it(shelf, storage, own):
    one, two = await shelf.subscriber(1), await shelf.subscriber(2)
    feed = (await own(one.id)).feed
    await storage.feeds.record(feed.id, Poll(at=shelf.now, next_fetch_at=shelf.now, error="gone", active=False))
    assert not (await storage.follows.feeds(one.id))[0].active
    again = await own(two.id, later=5)
    assert (again.feed.active, again.feed.errors, again.feed.next_fetch_at) == (True, 0, shelf.now + 5 * HOUR)


async def test_a_feed_is_brought_back_with_one_call(shelf, storage, own):
    one = await shelf.subscriber(1)
    feed = (await own(one.id)).feed
    await storage.feeds.record(feed.id, Poll(at=shelf.now, next_fetch_at=shelf.now, error="gone", active=False))
    revived = await storage.feeds.revive(feed.id, now=shelf.now + HOUR)
    assert (revived.active, revived.errors, revived.next_fetch_at) == (True, 0, shelf.now + HOUR)
    await storage.follows.unfollow(one.id, feed.id)
    assert await storage.feeds.revive(feed.id, now=shelf.now) is None
    assert await storage.feeds.revive(99, now=shelf.now) is None


async def test_its_articles_are_its_followers_alone(shelf, storage, own):
    one = await shelf.subscriber(1)
    feed = (await own(one.id)).feed
    public = await shelf.feed("public")
    (theirs,) = await shelf.add(
        shelf.article(feed.id, "Bridge of the village", scope=feed.id, language="fa", bands=(7,), terms="bridg villag")
    )
    (ours,) = await shelf.add(shelf.article(public, "Bridge of the town", hours=1, bands=(7,)))
    words = SearchQuery(terms=("bridg",))
    for options, found in (({}, [ours]), ({"feeds": (feed.id,)}, [theirs, ours])):
        for languages in ((), ("en",)):
            newest = await storage.articles.newest(languages=languages, **options)
            assert [article.id for article in newest] == found
        searched = await storage.articles.search(words, languages=("en",), **options)
        assert [article.id for article in searched] == found
        assert [article.id for article in await storage.articles.newest(source="Mine", **options)] == [
            number for number in found if number == theirs
        ]
        paged = [await storage.articles.search(words, limit=1, offset=place, **options) for place in range(3)]
        assert [article.id for page in paged for article in page] == found
    matches = await storage.articles.band_matches([7], since=shelf.now - 9 * HOUR)
    assert [article.id for article in matches] == [ours]
    assert [source.name for source in await storage.feeds.sources()] == ["Gazette"]


async def test_its_stories_are_its_own(shelf, storage, own):
    one = await shelf.subscriber(1)
    feed = (await own(one.id)).feed
    ids = await shelf.add(shelf.article(feed.id, scope=feed.id), shelf.article(await shelf.feed()))
    assert {article.scope for article in await storage.stories.unfiled(limit=9)} == {feed.id, 0}
    await storage.stories.file({number: number for number in ids})
    await storage.stories.save(await storage.stories.load(ids))
    day = shelf.now - 24 * HOUR
    assert [story.id for story in await storage.stories.recent(day)] == [ids[1]]
    assert [story.id for story in await storage.stories.recent(day, scope=feed.id)] == [ids[0]]
    assert [article.id for article in await storage.stories.window(day)] == [ids[1]]


async def test_an_article_is_one_for_everybody_and_one_in_each_personal_feed(shelf, storage, own):
    one = await shelf.subscriber(1)
    mine, other, public = (await own(one.id)).feed.id, (await own(one.id, "b")).feed.id, await shelf.feed()
    same = {"url": "https://news.example/x", "guid": "x"}
    await shelf.add(
        shelf.article(mine, scope=mine, **same),
        shelf.article(other, scope=other, **same),
        shelf.article(public, **same),
    )
    urls = {"https://news.example/x"}
    assert await storage.articles.known(mine, urls, {"x"}, scope=mine) == (urls, {"x"})
    assert await storage.articles.known(mine, urls, {"x"}) == (urls, set())
    assert len(await storage.articles.carried(mine, urls, {"x"}, scope=mine)) == 1
    assert await storage.articles.carried(mine, urls, {"x"}) == []
    assert len(await storage.articles.newest(feeds=(mine, other))) == 3


@pytest.mark.parametrize("by", ["hand", "file"])
async def test_a_personal_feed_that_comes_into_the_catalogue_is_read_anew(shelf, storage, own, by):
    one = await shelf.subscriber(1)
    feed = (await own(one.id)).feed
    await storage.feeds.record(feed.id, Poll(at=shelf.now, next_fetch_at=shelf.now + HOUR, body_hash="h", etag="e"))
    if by == "hand":
        await storage.feeds.add(shelf.spec("mine"), now=shelf.now)
    else:
        await storage.feeds.sync([shelf.spec("mine")], now=shelf.now)
    (stored,) = await storage.feeds.all()
    assert (stored.personal, stored.body_hash, stored.etag) == (False, None, None)
    assert (await storage.subscribers.by_id(one.id)).feeds == ()
    assert await storage.feeds.remove(stored.url)
    (stored,) = await storage.feeds.all()
    assert (stored.personal, stored.active) == (True, True)
    assert (await storage.subscribers.by_id(one.id)).feeds == (feed.id,)


async def test_a_feeds_file_that_does_not_name_it_leaves_it(shelf, storage, own):
    await own((await shelf.subscriber(1)).id)
    await storage.feeds.sync([], now=shelf.now)
    assert (await storage.feeds.all())[0].active


async def test_a_feed_that_moves_to_where_somebody_reads_for_themselves_stays(shelf, storage, own):
    """Else whoever follows the new address first would take a feed from everybody, and from each other."""
    one, two = await shelf.subscriber(1), await shelf.subscriber(2)
    new = (await own(one.id, "new")).feed
    shared = await storage.feeds.add(shelf.spec("old"), now=shelf.now)
    other = (await own(two.id, "other")).feed
    for feed in (shared, other):
        moved = Poll(at=shelf.now, next_fetch_at=shelf.now + HOUR, body_hash="h", url=new.url)
        await storage.feeds.record(feed.id, moved)
    stored = {feed.id: feed for feed in await storage.feeds.all()}
    assert [(stored[feed.id].active, stored[feed.id].url) for feed in (shared, other)] == [
        (True, shared.url), (True, other.url)
    ]  # fmt: skip


async def test_feeds_for_everybody_are_found_by_address_and_counted_beside_those_of_ones_own(shelf, storage, own):
    one = await shelf.subscriber(1)
    private = (await own(one.id)).feed
    await storage.feeds.add(shelf.spec("post", source="Post"), now=shelf.now)
    gazette, dead = await shelf.feed("gazette"), await shelf.feed("dead", source="Dead")
    await storage.feeds.add(shelf.spec("removed"), now=shelf.now)
    await storage.feeds.remove(shelf.spec("removed").url)
    failed = Poll(at=shelf.now, next_fetch_at=shelf.now, error="HTTP 500")
    for number in (gazette, private.id):
        await storage.feeds.record(number, failed)
    await storage.feeds.record(dead, replace(failed, active=False, error="HTTP 410", reported=True))

    assert [feed.source for feed in await storage.feeds.shared()] == ["Gazette", "Post"]
    assert [feed.source for feed in await storage.feeds.troubled()] == ["Dead", "Gazette"]
    assert await storage.feeds.counts() == {"active": 3, "failing": 2, "off": 2}
    many = (f"https://{number}.example/feed" for number in range(2000))
    asked = [*many, private.url, *(shelf.spec(name).url for name in ("post", "dead", "removed"))]
    assert [feed.source for feed in await storage.feeds.shared(asked)] == ["Post"]
    assert await storage.feeds.shared([]) == []
