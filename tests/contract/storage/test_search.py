"""Search: what matches, in which order, the same on both engines, whatever is typed or indexed."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.errors import QueryError
from digests.model import SearchQuery
from digests.search import parse_query
from digests.storage import match
from digests.text.terms import terms

TEXTS = {
    "talks": ("en", "Peace talks open in Geneva as delegates arrive"),
    "storm": ("en", "A storm talks to nobody; peace was not mentioned"),
    "election": ("en", "Elections: the countries' ministers don't agree on COVID-19"),
    "wahl": ("de", "Die Wahlen in den Ländern wurden verschoben"),
    "entekhabat": ("fa", "انتخابات ریاست‌جمهوری در کشورهای همسایه برگزار می‌شود"),
    "arabic": ("ar", "الانتخاباتُ في البلدان المجاورة"),
    "vybory": ("ru", "Выборы прошли в соседних странах"),
    "beijing": ("zh", "北京大学的学生访问东京"),
    "tokyo": ("ja", "東京で会議が開かれた"),
    "hindi": ("hi", "हिन्दी में चुनाव की ख़बर"),
    "thai": ("th", "ประเทศไทยจัดการเลือกตั้ง"),
    "turkish": ("tr", "Seçimler İstanbul'da yapıldı"),
}


@pytest.fixture
async def library(shelf):
    """The texts above, the first one the newest."""
    gazette, times = await shelf.feed("a", source="Gazette"), await shelf.feed("b", source="Japan Times")
    await shelf.add(
        *(
            shelf.article(
                times if language in ("zh", "ja") else gazette,
                title,
                hours=hours,
                language=language,
                text=text,
                topics=(("world", 1.0),) if hours % 2 else (),
            )
            for hours, (title, (language, text)) in enumerate(TEXTS.items())
        )
    )
    return shelf


@pytest.fixture
def found(library, storage):
    async def search(text, *, language="en", languages=(), **paging):
        query = parse_query(text, language=language, now=library.now)
        return [article.title for article in await storage.articles.search(query, languages=languages, **paging)]

    return search


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("peace", "en", ["talks", "storm"]),
        ("peace talk", "en", ["talks", "storm"]),
        ('"peace talks"', "en", ["talks"]),
        ("«peace talks»", "en", ["talks"]),
        ("peace -storm", "en", ["talks"]),
        ("peace -geneva", "en", ["storm"]),
        ('-"peace talks" peace', "en", ["storm"]),
        ("geneva OR storm", "en", ["talks", "storm"]),
        ('"peace talks" OR covid-19', "en", ["talks", "election"]),
        ("elections", "en", ["election"]),
        ("country", "en", ["election"]),
        ("dont", "en", ["election"]),
        ("don’t covid", "en", ["election"]),
        ("Länder", "de", ["wahl"]),
        ("land", "de", ["wahl"]),
        ("انتخابات", "fa", ["entekhabat"]),
        ("كشور", "fa", ["entekhabat"]),
        ("الانتخابات", "ar", ["arabic"]),
        ("выборы", "ru", ["vybory"]),
        ("北京大学", "zh", ["beijing"]),
        ("東京", "ja", ["tokyo"]),
        ("京大", "zh", ["beijing"]),
        ("चुनाव", "hi", ["hindi"]),
        ("เลือกตั้ง", "th", ["thai"]),
        ("seçim", "tr", ["turkish"]),
        ("ISTANBUL", "en", ["turkish"]),
        ("lang:ru", "en", ["vybory"]),
        ('source:"japan times"', "en", ["beijing", "tokyo"]),
        ("source:times", "en", ["beijing", "tokyo"]),
        ("source:nobody peace", "en", []),
        ("source:gazette peace -storm", "en", ["talks"]),
        ("topic:world peace", "en", ["storm"]),
        ("unknownword", "en", []),
        ("unknownword OR geneva", "en", ["talks"]),
    ],
)
async def test_queries(found, text, language, expected):
    assert await found(text, language=language) == expected


async def test_dates_bound_a_search(found):
    assert await found("since:2h lang:en") == ["talks", "storm", "election"]
    assert await found("since:2h before:1h") == ["election"]
    assert await found("before:2026-11-24 peace") == []


async def test_languages_narrow_unless_the_query_names_one(found):
    assert await found("since:1d", languages=["de", "ru"]) == ["wahl", "vybory"]
    assert await found("since:1d lang:fa", languages=["de", "ru"]) == ["entekhabat"]


async def test_paging(found):
    assert await found("since:1d", limit=3) == list(TEXTS)[:3]
    assert await found("since:1d", limit=3, offset=3) == list(TEXTS)[3:6]


async def test_what_is_pruned_is_not_found(found, library, storage):
    await storage.articles.prune(library.now - timedelta(minutes=30))
    assert await found("peace") == ["talks"]


HOSTILE = [
    '" OR 1=1 --',
    "'; DROP TABLE article; --",
    'NEAR("a" "b", 5)',
    "peace AND NOT",
    "* ^peace {x} : -",
    "terms:peace",
    "peace <-> talks & !x | y:*",
    "\\ ' \\' '' \"\" %s ? :name $1",
    "a\x00b \ud800",
    "()((",
    "@ @en #world ~1",
    "١٢٣ ۱۲۳ ¼ ﷺ",
    "-" * 50,
    "peace\n\ttalks\u2028x",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_searches_find_something_or_nothing_but_raise_nothing_else(found, text):
    with suppress(QueryError):
        assert set(await found(text)) <= set(TEXTS)


async def test_injection_in_stored_terms_and_raw_queries(shelf, storage):
    """Terms that did not come through `terms` are still only looked up, never read as syntax."""
    feed = await shelf.feed()
    odd = ['"', "'", "\\", "a'b\"c\\d", "AND", "OR", "NOT", "NEAR", "*", ":", "<->", "&", "|", "!", "(", "%", "^", "-"]
    (number,) = await shelf.add(shelf.article(feed, terms=" ".join(odd)))
    for term in odd:
        (article,) = await storage.articles.search(SearchQuery(terms=(term,)))
        assert article.id == number
        assert await storage.articles.search(SearchQuery(without=(term,))) == []
    assert len(await storage.articles.search(SearchQuery(phrases=(("<->", "&", "|"),)))) == 1
    assert await storage.articles.search(SearchQuery(phrases=(("&", "<->"),))) == []


async def test_tags_are_no_words(shelf, storage):
    feed = await shelf.feed()
    await shelf.add(shelf.article(feed, topics=(("world", 1.0),), terms="storm"))
    for text in ("@en", "#world", "en", "world"):
        query = parse_query(text, language="en", now=shelf.now)
        assert await storage.articles.search(query) == []


async def test_an_endless_article_is_indexed_up_to_a_bound(shelf, storage):
    feed = await shelf.feed()
    words = " ".join(f"{number:x}{'語' * 70}" for number in range(20_000))
    await shelf.add(shelf.article(feed, terms=words))
    first = f"0{'語' * 70}"
    assert len(await storage.articles.search(SearchQuery(terms=(first,)))) == 1


WORDS = st.sampled_from(["rain", "storm", "peace", "talks", "vote", "city"])
SENTENCES = st.lists(WORDS, min_size=1, max_size=6).map(tuple)
FORMS = st.lists(WORDS, min_size=1, max_size=2).map(" ".join)


def _matches(query: SearchQuery, text: tuple[str, ...]) -> bool:
    """What a search means, said in Python."""

    def occurs(phrase: tuple[str, ...]) -> bool:
        return any(text[start : start + len(phrase)] == phrase for start in range(len(text)))

    return (
        all(occurs((term,)) for term in query.terms)
        and all(map(occurs, query.phrases))
        and not any(occurs(tuple(term.split(" "))) for term in query.without)
        and all(any(occurs(tuple(term.split(" "))) for term in group) for group in query.any_of)
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(SENTENCES, min_size=1, max_size=6),
    query=st.builds(
        SearchQuery,
        terms=st.lists(WORDS, max_size=2).map(tuple),
        phrases=st.lists(st.lists(WORDS, min_size=2, max_size=3).map(tuple), max_size=1).map(tuple),
        without=st.lists(FORMS, max_size=1).map(tuple),
        any_of=st.lists(st.lists(FORMS, min_size=1, max_size=3).map(tuple), max_size=1).map(tuple),
    ),
)
async def test_search_finds_just_what_the_query_says(shelf, storage, texts, query):
    feed = await shelf.feed()
    await storage.articles.prune(shelf.now + timedelta(days=1))
    ids = await shelf.add(*(shelf.article(feed, hours=n, terms=" ".join(text)) for n, text in enumerate(texts)))
    expected = [number for number, text in zip(ids, texts, strict=True) if _matches(query, text)]
    assert [article.id for article in await storage.articles.search(query, limit=100)] == expected


@given(st.lists(st.text(max_size=20), max_size=30))
def test_index_and_query_cut_terms_alike(texts):
    stream = " ".join(texts)
    tagged = match.indexed(stream, language="en", topics=["world"], source_id=1).split(" ")
    assert tagged[:4] == ["@", "@en", "~1", "#world"]
    for term in terms(stream, "en"):
        assert match.matching(SearchQuery(terms=(term,))).every[1:] in ((), ((term,),))
