"""prepare: from a feed's entry to an article ready to be stored."""

import pickle
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.duplicates import bands
from digests.model import Entry
from digests.prepare import MOST_QUOTES, Origin, prepare, prepare_one
from digests.text.terms import terms
from tests.fakes.clock import MORNING

TEXT = (
    "The council voted on Tuesday to rebuild the old harbour bridge. The work will begin in spring and last two "
    "years. Ferries will run every ten minutes while the bridge is closed. Shop owners near the harbour fear for "
    "their trade. The mayor promised them help with rents. The bridge was built in 1931 and carries a tram line. "
    "Engineers found cracks in its northern pier last winter."
)
ENTRY = Entry(
    title="Council votes to rebuild the harbour bridge",
    url="HTTPS://News.example/bridge?utm_source=rss",
    guid="bridge-1",
    published=MORNING - timedelta(hours=2),
    text=TEXT,
    image="https://news.example/bridge.png",
)
ORIGIN = Origin(feed_id=3, language="en", topics=("local",), fetched_at=MORNING)


def test_an_article_takes_its_facts_from_the_entry_and_its_feed() -> None:
    one = prepare_one(ENTRY, 4, ORIGIN)
    assert one.url == "https://news.example/bridge"
    assert one.link == ENTRY.url
    assert (one.guid, one.title, one.text, one.image) == (ENTRY.guid, ENTRY.title, ENTRY.text, ENTRY.image)
    assert (one.feed_id, one.place, one.language) == (3, 4, "en")
    assert (one.published, one.fetched_at) == (MORNING - timedelta(hours=2), MORNING)


def test_a_date_in_the_future_or_none_is_when_it_was_fetched() -> None:
    for published in (None, MORNING + timedelta(days=400)):
        entry = Entry(title="t", url="https://a.example/", published=published)
        assert prepare_one(entry, 0, ORIGIN).published == MORNING


def test_terms_and_bands_are_those_of_title_and_text() -> None:
    one = prepare_one(ENTRY, 0, ORIGIN)
    expected = terms(f"{ENTRY.title}\n{TEXT}", "en")
    assert one.terms.split() == list(expected)
    assert one.bands == bands(expected)


def test_quotes_stand_in_the_text_where_they_say() -> None:
    one = prepare_one(ENTRY, 0, ORIGIN)
    assert 0 < len(one.quotes) <= MOST_QUOTES
    assert all(TEXT[quote.start : quote.end] == quote.text for quote in one.quotes)


def test_the_category_of_the_feed_is_a_topic() -> None:
    assert "local" in dict(prepare_one(ENTRY, 0, ORIGIN).topics)


def test_the_language_is_that_of_the_words_whatever_the_feed_says() -> None:
    persian = Entry(
        title="شورای شهر به بازسازی پل بندر رأی داد",
        url="https://a.example/2",
        text="شورای شهر روز سه‌شنبه به بازسازی پل قدیمی بندر رأی داد. کار از بهار آغاز می‌شود و دو سال طول می‌کشد.",
    )
    assert prepare_one(persian, 0, ORIGIN).language == "fa"


def test_entries_keep_their_order_and_travel_between_processes() -> None:
    entries = [(place, Entry(title=f"t{place}", url=f"https://a.example/{place}")) for place in (5, 2, 9)]
    found = pickle.loads(pickle.dumps(prepare(entries, ORIGIN)))
    assert [one.place for one in found] == [5, 2, 9]
    assert prepare([], ORIGIN) == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=800), st.sampled_from(["", "en", "fa", "zh", "xx"]))
def test_no_text_is_too_odd(title: str, text: str, language: str) -> None:
    entry = Entry(title=title or "t", url="https://a.example/odd", text=text)
    one = prepare_one(entry, 0, Origin(feed_id=1, language=language, topics=(), fetched_at=MORNING))
    assert all(text[quote.start : quote.end] == quote.text for quote in one.quotes)
    assert len(one.bands) in {0, 21}


@pytest.mark.parametrize(
    "text", ["\ud800 \udfff", "\x00\x01", "a" * 100_000, ". " * 5000, "\u202e\u2066 سلام", "🗞" * 500]
)
def test_hostile_text_is_prepared_too(text: str) -> None:
    assert prepare_one(Entry(title=text[:300], url="https://a.example/", text=text), 0, ORIGIN).text == text
