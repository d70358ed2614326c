"""Reading: the latest, searches and cards over the sample newsroom's stories, and stories of very many articles."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest
import pytest_asyncio

from config.catalog import CatalogFeed
from digests import reading as module
from digests.clock import utc_now
from digests.errors import QueryError
from digests.model import FeedSpec, NewArticle, Wish
from digests.reading import MORE, MOST_PAGES, PAGE, Reading
from digests.storage import SqlStorage, open_storage
from digests.text.terms import terms
from tests.fakes.clock import MORNING, SetClock


@pytest_asyncio.fixture
async def stored(sample_news: tuple[Path, list[CatalogFeed]], tmp_path: Path) -> AsyncIterator[SqlStorage]:
    copy(sample_news[0], tmp_path / "news.sqlite3")
    storage = await open_storage(f"sqlite:///{tmp_path / 'news.sqlite3'}")
    yield storage
    await storage.close()


@pytest.fixture
def reading(stored: SqlStorage) -> Reading:
    return Reading(stored, clock=utc_now)


async def test_the_latest_are_stories_newest_first_each_once(reading: Reading) -> None:
    page = await reading.latest(None, languages=("en",))
    dates = [article.published for article in page.articles]
    assert len(page.articles) == PAGE
    assert dates == sorted(dates, reverse=True)
    assert len({article.story_id for article in page.articles}) == PAGE
    assert {article.language for article in page.articles} == {"en"}


async def test_pages_follow_each_other_without_gap_or_repetition(reading: Reading) -> None:
    stories: list[int | None] = []
    for number in range(MOST_PAGES):
        page = await reading.latest(None, languages=("en",), page=number)
        stories += [article.story_id for article in page.articles]
        if not page.more:
            break
    assert len(stories) == len(set(stories)) > 2 * PAGE


async def test_a_topic_a_source_or_words_narrow_the_latest(reading: Reading) -> None:
    sports = await reading.latest(Wish("topic", "sports"), languages=("en",))
    assert sports.articles
    assert all("sports" in dict(article.topics) for article in sports.articles)
    name = sports.articles[0].source
    of_source = await reading.latest(None, languages=("en",), source=name)
    assert {article.source for article in of_source.articles} == {name}
    about = await reading.latest(Wish("words", "earthquake"), languages=("en",))
    assert about.articles == (await reading.search("earthquake", language="en", languages=("en",))).articles
    assert about.articles


async def test_a_language_in_the_search_stands_above_the_readers_own(reading: Reading) -> None:
    (persian, *_) = (await reading.latest(None, languages=("fa",))).articles
    words = " ".join(persian.title.split()[:2])
    page = await reading.search(f"lang:fa {words}", language="en", languages=("en",))
    assert persian.story_id in {article.story_id for article in page.articles}
    assert (await reading.search(words, language="en", languages=("en",))).articles == ()


async def test_a_search_that_can_not_be_understood_says_so(reading: Reading) -> None:
    with pytest.raises(QueryError):
        await reading.search("-", language="en")
    assert reading.query("bridge -tram", language="en").without == ("tram",)


async def test_a_card_has_the_story_more_of_its_source_and_the_latest_of_others(reading: Reading) -> None:
    (article, *_) = (await reading.latest(None, languages=("en",))).articles
    assert article.story_id is not None
    card = await reading.card(article.story_id, languages=("en",))
    assert card is not None
    assert card.item.story_id == article.story_id
    assert {one.source for one in card.more} <= {card.item.source}
    assert len(card.more) <= MORE
    assert len(card.latest) == MORE
    assert article.story_id not in {one.story_id for one in (*card.more, *card.latest)}
    assert await reading.story(article.story_id) is not None
    found, text = await reading.article(card.item)
    assert found is not None
    assert found.id == card.item.article_id
    assert card.item.quotes[0].text in text


async def test_a_story_that_is_gone_has_no_card(reading: Reading) -> None:
    assert await reading.card(404, languages=()) is None
    assert await reading.story(404) is None


async def test_would_match_counts_what_a_wish_would_have_brought(reading: Reading) -> None:
    found = await reading.would_match(Wish("words", "earthquake"), languages=("en",))
    assert 0 < len(found.items) < found.of
    assert 0 < found.share < 1
    nothing = await reading.would_match(Wish("words", "qqqq"), languages=("en",))
    assert (nothing.items, nothing.of, nothing.share) == ((), found.of, 0.0)


async def test_would_hide_counts_what_a_mute_would_have_taken(reading: Reading, stored: SqlStorage) -> None:
    words = await reading.would_hide("earthquakes", source=False, languages=("en",))
    assert 0 < len(words.items) < words.of
    name = (await stored.feeds.sources())[0].name
    source = await reading.would_hide(name, source=True, languages=("en",))
    assert {outlet.source for item in source.items for outlet in item.outlets} <= {name}
    hidden = await reading.hidden(["earthquakes"], [name], languages=("en",))
    assert hidden == {"wearthquakes": len(words.items), f"s{name}": len(source.items)}


async def test_best_first_has_the_same_stories_and_pages(reading: Reading) -> None:
    def asked(**options: object):
        return reading.search("people", language="en", languages=("en",), **options)

    newest, best = [], []
    for number in range(MOST_PAGES):
        newest += [one.story_id for one in (await asked(page=number)).articles]
        page = await asked(page=number, ranked=True)
        best += [one.story_id for one in page.articles]
        if not page.more:
            break
    assert sorted(newest) == sorted(best)
    assert len(set(best)) == len(best) > PAGE
    assert newest != best


async def test_topics_are_named_in_any_language(reading: Reading) -> None:
    assert reading.query("topic:ورزش", language="fa").topic == "sports"
    assert reading.query("topic:Sport x", language="en").topic == "sports"
    with pytest.raises(QueryError) as caught:
        reading.query("topic:nosuch", language="en")
    assert (caught.value.problem, caught.value.name) == ("topic", "nosuch")


async def test_did_you_mean(reading: Reading) -> None:
    assert await reading.did_you_mean("erthquake -tram", language="en") == "earthquake -tram"
    assert await reading.did_you_mean("earthquake", language="en") is None
    assert await reading.did_you_mean("xyzzyqwert", language="en") is None
    assert await reading.did_you_mean("erthquake source:nosuch", language="en") is None


# ── long stories ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def long_stories(storage: SqlStorage, *sizes: int) -> None:
    """Stories of so many articles, one after the other."""
    feed = await storage.feeds.add(FeedSpec(url="https://a.example/", source="A", language="en"), now=MORNING)
    place = 0
    for size in sizes:
        new = []
        for _ in range(size):
            place += 1
            url = f"https://a.example/{place}"
            new.append(
                NewArticle(
                    url=url, link=url, guid=url, feed_id=feed.id, title=f"Bridge news {place}", text="", language="en",
                    published=MORNING - timedelta(minutes=place), fetched_at=MORNING,
                    terms=" ".join(terms("bridge", "en")),
                )
            )  # fmt: skip
        ids = [number for number in await storage.articles.add(new) if number is not None]
        await storage.stories.file(dict.fromkeys(ids, min(ids)))


async def test_a_page_is_full_though_one_story_has_very_many_articles(storage: SqlStorage) -> None:
    await long_stories(storage, 120, *[1] * 12)
    reading = Reading(storage, clock=SetClock())
    first = await reading.latest(None, languages=("en",))
    second = await reading.search("bridge", language="en", page=1)
    assert (len(first.articles), first.more) == (PAGE, True)
    assert (len(second.articles), second.more) == (13 - PAGE, False)


async def test_looking_for_more_stories_ends_somewhere(storage: SqlStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FURTHEST", 100)
    await long_stories(storage, 300, 1)
    page = await Reading(storage, clock=SetClock()).latest(None, languages=("en",))
    assert (len(page.articles), page.more) == (1, False)


async def test_the_last_page_has_no_next_and_stands_for_those_behind_it(
    storage: SqlStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PAGES", 2)
    await long_stories(storage, *[1] * 30)
    reading = Reading(storage, clock=SetClock())
    last = await reading.latest(None, languages=("en",), page=1)
    assert last.more is False
    assert await reading.latest(None, languages=("en",), page=50) == last
