"""Feeds that people follow for themselves: read like others, told to their followers, and to nobody else."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from structlog.testing import capture_logs

from digests import pipeline as module
from digests.filing import Filing
from digests.ingest import MOST_PERSONAL
from digests.model import NOTHING_YET, OWN_FEEDS, FeedSpec, Subscriber, Wish
from digests.pipeline import Pipeline
from digests.reading import Reading
from tests.fakes.clock import MORNING
from tests.fakes.feeds import LONG, entry, rss
from tests.fixtures_ingest import Desk


async def person(desk: Desk, chat_id: int, **fields: object) -> Subscriber:
    return await desk.storage.subscribers.create(
        Subscriber(id=0, chat_id=chat_id, created_at=MORNING - timedelta(days=9), **fields)
    )


async def follow(desk: Desk, subscriber: Subscriber, path: str) -> Subscriber:
    spec = FeedSpec(url=desk.site.url(path), source="My blog", language="en")
    following = await desk.storage.follows.follow(subscriber.id, spec, now=desk.clock(), most=20)
    assert following.feed is not None
    found = await desk.storage.subscribers.by_id(subscriber.id)
    assert found is not None
    return found


async def read(desk: Desk) -> None:
    await desk.run()
    await Filing(desk.storage, clock=desk.clock).run()


async def headlines(desk: Desk, subscriber: Subscriber) -> dict[Wish | None, list[str]]:
    digest = await Pipeline(desk.storage, clock=desk.clock).preview(subscriber)
    return {section.wish: sorted(item.headline for item in section.items) for section in digest.sections}


async def test_what_it_brings_is_in_its_followers_digest_and_in_no_other(desk: Desk) -> None:
    sara, omid = await person(desk, 1), await person(desk, 2)
    await desk.feed("/public", entry(1, MORNING))
    desk.site.serve("/blog", rss([entry(2, MORNING, title="My garden in winter", text="Frost on the roses. " * 40)]))
    sara = await follow(desk, sara, "/blog")
    await read(desk)
    local = Wish("topic", "local")
    assert await headlines(desk, sara) == {
        local: ["The council votes on item 1"], OWN_FEEDS: ["My garden in winter"]
    }  # fmt: skip
    assert await headlines(desk, omid) == {local: ["The council votes on item 1"]}
    reading = Reading(desk.storage, clock=desk.clock)
    assert len((await reading.latest(None, languages=("en",), feeds=sara.feeds)).articles) == 2
    assert len((await reading.latest(None, languages=("en",))).articles) == 1
    assert len((await reading.search("roses", language="en", feeds=sara.feeds)).articles) == 1
    assert (await reading.search("roses", language="en")).articles == ()


async def test_one_that_has_nothing_new_parts_no_digest_from_others(desk: Desk) -> None:
    sara, omid = await person(desk, 1), await person(desk, 2)
    await desk.feed("/public", entry(1, MORNING))
    desk.site.serve("/blog", rss([entry(2, MORNING - timedelta(days=20))]))
    sara = await follow(desk, sara, "/blog")
    await read(desk)
    shared, new = module.Desk(desk.storage, desk.clock()), module.window(None, desk.clock())
    digest = await shared.digest(sara, new, NOTHING_YET)
    assert digest.items
    assert await shared.digest(omid, new, NOTHING_YET) is digest


async def test_it_makes_no_story_look_more_reported_than_it_is(desk: Desk) -> None:
    sara = await person(desk, 1)
    await desk.feed("/public", entry(1, MORNING))
    desk.site.serve("/blog", rss([entry(1, MORNING, url="https://copycat.example/1")]))
    await follow(desk, sara, "/blog")
    await read(desk)
    (story,) = await desk.storage.stories.recent(MORNING - timedelta(days=1))
    assert story.sources == ("Source /public",)


async def test_an_article_that_everybody_gets_stands_once(desk: Desk) -> None:
    sara = await person(desk, 1)
    await desk.feed("/public", entry(1, MORNING))
    desk.site.serve("/blog", rss([entry(1, MORNING), entry(2, MORNING)]))
    sara = await follow(desk, sara, "/blog")
    await read(desk)
    found = await headlines(desk, sara)
    assert sorted(title for titles in found.values() for title in titles) == [
        "The council votes on item 1", "The council votes on item 2"
    ]  # fmt: skip


async def test_a_story_of_anothers_feed_has_no_card(desk: Desk) -> None:
    sara = await person(desk, 1)
    desk.site.serve("/blog", rss([entry(1, MORNING)]))
    sara = await follow(desk, sara, "/blog")
    await read(desk)
    (article,) = await desk.storage.articles.newest(feeds=sara.feeds)
    reading = Reading(desk.storage, clock=desk.clock)
    assert await reading.card(article.id, languages=("en",)) is None
    assert await reading.card(article.id, languages=("en",), feeds=sara.feeds) is not None


async def test_the_week_in_the_news_counts_none_of_its_stories(desk: Desk) -> None:
    sara = await person(desk, 1)
    await desk.feed("/public", entry(1, MORNING))
    desk.site.serve("/blog", rss([entry(2, MORNING), entry(3, MORNING)]))
    await follow(desk, sara, "/blog")
    await read(desk)
    found = await Reading(desk.storage, clock=desk.clock).trends(("en",), (), ZoneInfo("UTC"))
    assert found.all.total == 1


async def test_no_log_has_its_address(desk: Desk) -> None:
    sara = await person(desk, 1)
    await follow(desk, sara, "/blog?key=secret")
    desk.site.serve("/blog", status=410)
    with capture_logs() as logs:
        assert len((await desk.run()).failed) == 1
    assert logs
    assert "secret" not in str(logs)


async def test_any_language_will_do_for_a_feed_that_was_asked_for(desk: Desk) -> None:
    sara = await person(desk, 1, wishes=(Wish("topic", "science"),))
    text = "باران دیشب خیابان‌های شهر را پر از آب کرد و مدرسه‌ها امروز بسته ماند. " * 12
    desk.site.serve("/blog", rss([entry(1, MORNING, title="باران شهر را گرفت", text=text)]))
    sara = await follow(desk, sara, "/blog")
    await read(desk)
    assert await headlines(desk, sara) == {OWN_FEEDS: ["باران شهر را گرفت"]}


async def test_a_flood_is_cut(desk: Desk) -> None:
    sara = await person(desk, 1)
    desk.site.serve("/blog", rss([entry(number, MORNING, text=LONG[:200]) for number in range(MOST_PERSONAL + 50)]))
    await follow(desk, sara, "/blog")
    assert (await desk.run()).articles == MOST_PERSONAL
