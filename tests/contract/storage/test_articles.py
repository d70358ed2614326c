"""ArticleStore: identity, order, filters, near-duplicates and pruning."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digests.errors import StorageError
from digests.model import Quote, SearchQuery
from digests.storage import lookup
from digests.text.terms import terms

HOUR = timedelta(hours=1)


async def test_an_article_comes_back_as_it_was_stored(shelf, storage):
    feed = await shelf.feed(source="Gazette")
    new = shelf.article(
        feed,
        "Peace talks",
        hours=2,
        topics=(("world", 0.75), ("politics", 0.5)),
        place=3,
        image="https://news.example/i.jpg",
        quotes=(Quote("Peace talks.", 0, 12, 1), Quote("More.", 13, 18, 2)),
    )
    (number,) = await shelf.add(new)
    stored = await storage.articles.get(number)
    assert stored is not None
    for name in ("url", "title", "language", "published", "feed_id", "topics", "place", "image", "quotes"):
        assert getattr(stored, name) == getattr(new, name), name
    assert (stored.source, stored.story_id) == ("Gazette", None)
    assert await storage.articles.text(number) == new.text


async def test_what_is_not_there(storage):
    assert await storage.articles.get(1) is None
    assert await storage.articles.text(1) == ""
    assert await storage.articles.add([]) == []
    assert await storage.articles.count() == 0


async def test_a_url_is_stored_once(shelf, storage):
    feed = await shelf.feed()
    first, second = shelf.article(feed), shelf.article(feed)
    again = shelf.article(feed, url=first.url)
    twin = shelf.article(feed, url=second.url)
    ids = await storage.articles.add([first])
    assert ids[0] is not None
    ids = await storage.articles.add([again, second, twin])
    assert [number is None for number in ids] == [True, False, True]
    assert await storage.articles.count() == 2


async def test_known_tells_urls_of_all_feeds_and_guids_of_one(shelf, storage):
    one, two = await shelf.feed("one"), await shelf.feed("two")
    article = shelf.article(one)
    await shelf.add(article)
    urls, guids = [article.url, "https://news.example/new"], [article.guid, "new"]
    assert await storage.articles.known(one, urls, guids) == ({article.url}, {article.guid})
    assert await storage.articles.known(two, iter(urls), iter(guids)) == ({article.url}, set())
    assert await storage.articles.known(one, [], []) == (set(), set())


async def test_addresses_longer_than_an_index_holds(shelf, storage):
    feed = await shelf.feed()
    long = "https://news.example/" + "é" * 8000
    one, two = shelf.article(feed, url=long + "1", guid=long), shelf.article(feed, url=long + "2", guid=long + "2")
    await shelf.add(one, two)
    assert await storage.articles.known(feed, [long, long + "1"], [long]) == ({long + "1"}, {long})


async def test_articles_need_their_feed(shelf, storage):
    with pytest.raises(StorageError, match="no feed 404"):
        await storage.articles.add([shelf.article(404)])


async def test_ids_follow_publication_whatever_the_order_of_arrival(shelf, storage):
    feed = await shelf.feed()
    new, old, middle = await shelf.add(*(shelf.article(feed, hours=hours) for hours in (0, 9, 5)))
    assert old < middle < new
    (older,) = await shelf.add(shelf.article(feed, hours=7))
    assert [article.id for article in await storage.articles.newest()] == [new, middle, older, old]


async def test_of_one_moment_the_higher_place_in_the_feed_comes_first(shelf, storage):
    feed = await shelf.feed()
    top, below, bottom = await shelf.add(*(shelf.article(feed, place=place) for place in range(3)))
    assert [article.id for article in await storage.articles.newest()] == [top, below, bottom]


async def test_many_articles_of_one_moment(shelf, storage):
    feed = await shelf.feed()
    await shelf.add(*(shelf.article(feed, hours=1) for _ in range(100)))
    await shelf.add(*(shelf.article(feed, hours=1) for _ in range(100)))
    assert await storage.articles.count() == 200


@pytest.mark.parametrize("year", [1, 1969, 9999])
async def test_absurd_dates_are_kept_and_ordered(shelf, storage, year):
    feed = await shelf.feed()
    published = datetime(year, 1, 1, tzinfo=UTC)
    odd, normal = await shelf.add(shelf.article(feed, published=published), shelf.article(feed))
    stored = await storage.articles.get(odd)
    assert stored is not None
    assert stored.published == published
    assert (odd < normal) is (year < 2026)


async def test_newest_pages_and_leaves_one_out(shelf, storage):
    feed = await shelf.feed()
    ids = await shelf.add(*(shelf.article(feed, hours=hours) for hours in range(5)))
    newest = storage.articles.newest
    assert [article.id for article in await newest(limit=2)] == ids[:2]
    assert [article.id for article in await newest(limit=2, offset=2)] == ids[2:4]
    assert [article.id for article in await newest(exclude=ids[0], limit=2)] == ids[1:3]
    assert [article.id for article in await newest(source="Gazette", exclude=ids[1], limit=2)] == [ids[0], ids[2]]


async def test_newest_by_language_topic_and_source(shelf, storage):
    gazette, post = await shelf.feed("a", source="Gazette"), await shelf.feed("b", source="The Post")
    await shelf.add(
        shelf.article(gazette, "en-world", topics=(("world", 1.0), ("sports", 0.0))),
        shelf.article(gazette, "fa-world", hours=1, language="fa", topics=(("science", 0.2), ("world", 0.1))),
        shelf.article(post, "de-science", hours=2, language="de", topics=(("science", 1.0),)),
    )

    async def titles(**filters):
        return [article.title for article in await storage.articles.newest(**filters)]

    assert await titles(languages=["fa"]) == ["fa-world"]
    assert await titles(languages=["de", "en"]) == ["en-world", "de-science"]
    assert await titles(topic="world") == ["en-world", "fa-world"]
    assert await titles(topic="science", languages=["fa", "en"]) == ["fa-world"]
    assert await titles(topic="sports") == []  # of no weight
    assert await titles(source="The Post") == ["de-science"]
    assert await titles(source="the post") == ["de-science"]
    assert await titles(source="Post") == []
    assert await titles(source="Gazette", topic="science") == ["fa-world"]


async def test_band_matches_are_recent_and_newest_first(shelf, storage):
    feed = await shelf.feed()
    big = 2**63 - 1
    old, new, other = await shelf.add(
        shelf.article(feed, hours=3, bands=(1, -5)),
        shelf.article(feed, hours=1, bands=(1, big, big)),
        shelf.article(feed, bands=(2,)),
    )
    matches = storage.articles.band_matches
    found = await matches([1, big, 77], since=shelf.now - 9 * HOUR)
    assert [one.id for one in found] == [new, old]
    assert (found[0].source, found[0].story_id) == ("Gazette", None)
    assert [one.id for one in await matches([-5, 2], since=shelf.now - HOUR)] == [other]
    assert await matches([], since=shelf.now - HOUR) == []


async def test_at_most_twenty_band_matches(shelf, storage):
    feed = await shelf.feed()
    await shelf.add(*(shelf.article(feed, bands=(1,)) for _ in range(25)))
    assert len(await storage.articles.band_matches([1], since=shelf.now - HOUR)) == 20


async def test_prune_takes_old_articles_with_their_stories(shelf, storage):
    feed = await shelf.feed()
    old, kept, single = await shelf.add(
        shelf.article(feed, "Old words", hours=50, bands=(7,)),
        shelf.article(feed, hours=1),
        shelf.article(feed, hours=49),
    )
    await storage.stories.file({old: old, kept: old, single: single})
    assert await storage.articles.prune(shelf.now - 48 * HOUR) == 2
    assert await storage.articles.get(old) is None
    assert await storage.articles.text(old) == ""
    assert await storage.articles.band_matches([7], since=shelf.now - 99 * HOUR) == []
    left = await storage.stories.load([old, single])
    assert [[article.id for article in story.articles] for story in left] == [[kept]]
    assert await storage.articles.newest(languages=["en"]) == [await storage.articles.get(kept)]


async def test_prune_of_more_than_one_batch(shelf, storage):
    feed = await shelf.feed()
    await shelf.add(*(shelf.article(feed, hours=50 + number / 100) for number in range(1001)))
    assert await storage.articles.prune(shelf.now - 48 * HOUR) == 1001
    assert await storage.articles.count() == 0


async def test_hostile_text_is_stored_with_positions_kept(shelf, storage):
    feed = await shelf.feed()
    (number,) = await shelf.add(
        shelf.article(feed, "NUL\x00 and lone \ud800", text="a\x00b", terms="nul\x00 lone\ud800 'x' a:b")
    )
    stored = await storage.articles.get(number)
    assert stored is not None
    assert stored.title == "NUL\ufffd and lone \ufffd"
    assert await storage.articles.text(number) == "a\ufffdb"


# ── edits ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def searched(storage, *words):
    return [one.id for one in await storage.articles.search(SearchQuery(terms=tuple(terms(" ".join(words), "en"))))]


async def test_an_edit_changes_what_is_read_and_found_and_nothing_else(shelf, storage):
    feed = await shelf.feed()
    number, other = await shelf.add(
        shelf.article(feed, "Harbour opens", hours=3, place=2, fingerprint=b"1", text="Ships come and go."),
        shelf.article(feed, "Harbour closes", hours=2),
    )
    await storage.stories.file({number: number})
    before = await storage.articles.get(number)
    edited = shelf.article(
        feed,
        "Bridge opens",
        text="Trams come and go.",
        topics=(("science", 0.5),),
        quotes=(Quote("Trams come and go.", 0, 18, 1),),
        image="https://news.example/new.jpg",
        fingerprint=b"2",
        place=9,
    )
    assert await storage.articles.update(number, edited) is True
    after = await storage.articles.get(number)
    changed = {"title": "Bridge opens", "topics": edited.topics, "quotes": edited.quotes, "image": edited.image}
    assert after == replace(before, **changed)
    assert after.story_id == number
    assert await storage.articles.text(number) == "Trams come and go."
    assert await searched(storage, "bridge") == await searched(storage, "trams") == [number]
    assert await searched(storage, "harbour") == [other]
    assert await searched(storage, "ships") == []
    assert [one.id for one in await storage.articles.newest(topic="science")] == [number]
    assert [one.id for one in await storage.articles.newest(source="Gazette", languages=["en"])] == [other, number]
    (held,) = await storage.articles.carried(feed, [before.url], [])
    assert (held.id, held.fingerprint) == (number, b"2")


async def test_an_edited_article_is_found_by_its_new_bands(shelf, storage):
    feed = await shelf.feed()
    (number,) = await shelf.add(shelf.article(feed, bands=(1, 2)))
    assert await storage.articles.update(number, shelf.article(feed, bands=(2, 3, 3)))
    assert [one.id for one in await storage.articles.band_matches([3], since=shelf.now - HOUR)] == [number]


async def test_an_article_that_is_gone_is_not_edited(shelf, storage):
    assert await storage.articles.update(7, shelf.article(await shelf.feed())) is False
    assert await storage.articles.count() == 0


async def test_what_a_feed_carries_is_its_own(shelf, storage):
    one, two = await shelf.feed("one"), await shelf.feed("two")
    first, second, third = shelf.article(one, fingerprint=b"f"), shelf.article(one), shelf.article(two)
    await shelf.add(first, second, third)
    carried = await storage.articles.carried(one, iter([first.url, third.url]), iter([second.guid, third.guid, "new"]))
    found = {held.url: (held.guid, held.fingerprint) for held in carried}
    assert found == {first.url: (first.guid, b"f"), second.url: (second.guid, b"")}
    assert await storage.articles.carried(one, [], []) == []


async def test_what_the_best_are_chosen_among(shelf, storage, monkeypatch):
    feed = await shelf.feed()
    numbers = await shelf.add(*(shelf.article(feed, hours=hours, terms="rain storm") for hours in range(1, 9)))
    query = SearchQuery(terms=("rain",))
    found = await storage.articles.matches(query, languages=["en"], limit=5)
    assert [one.id for one in found] == numbers[:5]
    assert (found[0].language, found[0].story_id) == ("en", None)
    monkeypatch.setattr(lookup, "NEAR", 3)
    monkeypatch.setattr(lookup, "ENOUGH", 2)
    assert [one.id for one in await storage.articles.matches(query, limit=5)] == numbers[:3]
    monkeypatch.setattr(lookup, "ENOUGH", 4)
    assert [one.id for one in await storage.articles.matches(query, limit=5)] == numbers[:5]


async def test_articles_in_the_order_asked_for_and_what_is_indexed_of_them(shelf, storage):
    feed = await shelf.feed()
    one, two = await shelf.add(shelf.article(feed, terms="rain"), shelf.article(feed, hours=2, terms="snow"))
    assert [found.id for found in await storage.articles.by_ids([two, 404, one])] == [two, one]
    indexed = await storage.articles.indexed([one, two])
    assert {number: text.split()[-1] for number, text in indexed.items()} == {one: "rain", two: "snow"}


async def test_the_wording_of_a_language(shelf, storage):
    feed = await shelf.feed()
    await shelf.add(shelf.article(feed, title="Rain in May"), shelf.article(feed, title="باران", language="fa"))
    assert "Rain in May" in await storage.articles.wording("en", limit=10)
    assert "Rain in May" not in await storage.articles.wording("fa", limit=10)


@pytest.mark.parametrize("common", [1, 8])
async def test_common_and_rare_words_page_alike(shelf, storage, monkeypatch, common):
    monkeypatch.setattr(lookup, "RECENT", 4)
    monkeypatch.setattr(lookup, "COMMON", common)
    feed = await shelf.feed()
    numbers = await shelf.add(
        *(shelf.article(feed, hours=hours, terms="rain" if hours % 3 else "snow") for hours in range(1, 30))
    )
    rain = [number for hours, number in enumerate(numbers, 1) if hours % 3 and hours <= 25]
    query = SearchQuery(terms=("rain",), before=shelf.now, since=shelf.now - timedelta(hours=25))
    pages = [await storage.articles.search(query, languages=["en"], limit=4, offset=offset) for offset in (0, 4, 8)]
    assert [one.id for page in pages for one in page] == rain[:12]


async def test_who_holds_a_band_is_told_by_the_first_and_the_last(shelf, storage):
    feed = await shelf.feed()
    old, young, other = await shelf.add(
        shelf.article(feed, hours=2, bands=(1, 2)),
        shelf.article(feed, bands=(1,)),
        shelf.article(feed, hours=1, bands=(3,)),
    )
    holders = storage.articles.band_holders
    everybody = await holders(range(3000), since=shelf.now - 3 * HOUR)
    assert everybody == {1: (old, young), 2: (old, old), 3: (other, other)}
    assert await holders([1, 2], since=shelf.now - HOUR) == {1: (young, young)}
    assert await holders([], since=shelf.now - HOUR) == {}
