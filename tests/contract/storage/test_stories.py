"""StoryStore: filing articles, what is worked out about stories, and the window that grouping reads."""

from dataclasses import replace
from datetime import timedelta

HOUR = timedelta(hours=1)


async def test_unfiled_comes_in_the_order_of_publication(shelf, storage):
    feed = await shelf.feed()
    new, old = await shelf.add(shelf.article(feed, hours=1, text="x" * 900), shelf.article(feed, hours=2))
    first, second = await storage.stories.unfiled(limit=5)
    assert (first.id, second.id, second.source, second.story_id) == (old, new, "Gazette", None)
    assert len(second.text) == 900
    assert len(await storage.stories.unfiled(limit=1)) == 1


async def test_filing_opens_stories_and_dates_them(shelf, storage):
    feed = await shelf.feed()
    opener, second, alone = await shelf.add(
        shelf.article(feed, hours=5, language="fa"), shelf.article(feed, hours=1), shelf.article(feed, hours=3)
    )
    await storage.stories.file({opener: opener, second: opener, alone: alone})
    story = await storage.stories.get(opener)
    assert story is not None
    assert (story.language, story.first_seen, story.last_seen) == ("fa", shelf.now - 5 * HOUR, shelf.now - HOUR)
    assert [article.id for article in story.articles] == [opener, second]
    assert (story.topics, story.score, story.lead) == ((), 0.0, 0)
    assert await storage.stories.unfiled(limit=5) == []
    found = await storage.articles.get(second)
    assert found is not None
    assert found.story_id == opener


async def test_filing_again_moves_articles_and_drops_what_is_empty(shelf, storage):
    feed = await shelf.feed()
    one, two, three = await shelf.add(*(shelf.article(feed, hours=hours) for hours in (3, 2, 1)))
    await storage.stories.file({one: one, two: two, three: two})
    await storage.stories.file({two: one})
    story = await storage.stories.get(two)
    assert story is not None
    assert ([article.id for article in story.articles], story.first_seen) == ([three], shelf.now - HOUR)
    await storage.stories.file({three: one})
    assert await storage.stories.get(two) is None
    merged = await storage.stories.get(one)
    assert merged is not None
    assert [article.id for article in merged.articles] == [one, two, three]


async def test_filing_what_is_gone_changes_nothing(shelf, storage):
    await storage.stories.file({})
    await storage.stories.file({404: 404})
    assert await storage.stories.get(404) is None


async def test_saving_what_was_worked_out(shelf, storage):
    feed = await shelf.feed()
    one, two = await shelf.add(shelf.article(feed, hours=2), shelf.article(feed, hours=1))
    await storage.stories.file({one: one, two: one})
    (story,) = await storage.stories.load([one])
    changed = replace(story, lead=1, topics=(("world", 0.5),), score=3.25, language="de", last_seen=shelf.now)
    await storage.stories.save([changed])
    assert await storage.stories.get(one) == changed
    await storage.stories.save([])


async def test_the_lead_stays_the_same_article(shelf, storage):
    feed = await shelf.feed()
    (second,) = await shelf.add(shelf.article(feed, hours=1))
    await storage.stories.file({second: second})
    (story,) = await storage.stories.load([second])
    await storage.stories.save([story])
    (earlier,) = await shelf.add(shelf.article(feed, hours=2))
    await storage.stories.file({earlier: second})
    (story,) = await storage.stories.load([second])
    assert (story.lead, story.leader.id) == (1, second)


async def test_load_keeps_the_order_asked_for(shelf, storage):
    feed = await shelf.feed()
    ids = await shelf.add(*(shelf.article(feed, hours=hours) for hours in range(3)))
    await storage.stories.file({number: number for number in ids})
    asked = [ids[1], 404, ids[0], ids[2]]
    assert [story.id for story in await storage.stories.load(iter(asked))] == [ids[1], ids[0], ids[2]]


async def test_recent_by_score_language_and_limit(shelf, storage):
    feed = await shelf.feed()
    low, high, old = await shelf.add(
        shelf.article(feed, hours=1), shelf.article(feed, hours=2, language="fa"), shelf.article(feed, hours=30)
    )
    await storage.stories.file({number: number for number in (low, high, old)})
    stories = await storage.stories.load([low, high, old])
    await storage.stories.save([replace(story, score=story.id == high) for story in stories])
    since = shelf.now - 24 * HOUR
    recent = storage.stories.recent
    assert [story.id for story in await recent(since)] == [high, low]
    assert [story.id for story in await recent(since, limit=1)] == [high]
    assert [story.id for story in await recent(since, languages=["en", "de"])] == [low]
    assert all(story.articles for story in await recent(since))


async def test_window_holds_filed_articles_cut_short(shelf, storage):
    feed = await shelf.feed()
    filed, older, unfiled = await shelf.add(
        shelf.article(feed, hours=2, text="é" * 900), shelf.article(feed, hours=9), shelf.article(feed)
    )
    await storage.stories.file({filed: filed, older: filed})
    (one,) = await storage.stories.window(shelf.now - 3 * HOUR)
    assert (one.id, one.text, one.story_id) == (filed, "é" * 600, filed)
    assert [one.id for one in await storage.stories.window(shelf.now - 9 * HOUR)] == [older, filed]
    assert unfiled not in (one.id for one in await storage.stories.window(shelf.now - 99 * HOUR))


async def test_frequencies_are_replaced_as_a_whole(storage):
    assert await storage.stories.frequencies() == {}
    await storage.stories.save_frequencies({"en": {"storm": 3, "صلح": 1}, "fa": {}})
    assert await storage.stories.frequencies() == {"en": {"storm": 3, "صلح": 1}, "fa": {}}
    await storage.stories.save_frequencies({"de": {"wahl": 2}})
    assert await storage.stories.frequencies() == {"de": {"wahl": 2}}
    await storage.stories.save_frequencies({})
    assert await storage.stories.frequencies() == {}
