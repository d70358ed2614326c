"""The query language of /search, and the marking of what was found."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import QueryError
from digests.model import Following, SearchQuery
from digests.search import LONGEST, highlight, parse_following, parse_query
from digests.text.terms import terms

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def parse(text, *, language="en", languages=()):
    return parse_query(text, language=language, now=NOW, languages=languages)


def form(text, language="en"):
    return " ".join(terms(text, language))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("climate", SearchQuery(terms=(form("climate"),))),
        ("Climate  climate CLIMATE", SearchQuery(terms=(form("climate"),))),
        ('"peace talks"', SearchQuery(phrases=(("peac", "talk"),))),
        ("«peace talks» “peace talks” „peace talks“", SearchQuery(phrases=(("peac", "talk"),))),
        ('"peace"', SearchQuery(terms=("peac",))),
        ("covid-19", SearchQuery(phrases=(("covid", "19"),))),
        ("talks -storm", SearchQuery(terms=("talk",), without=("storm",))),
        ("talks −storm –rain", SearchQuery(terms=("talk",), without=("storm", "rain"))),
        ('talks -"peace talks"', SearchQuery(terms=("talk",), without=("peac talk",))),
        ("rain OR storm", SearchQuery(any_of=(("rain", "storm"),))),
        ("rain | storm", SearchQuery(any_of=(("rain", "storm"),))),
        ("rain OR storm OR wind sun", SearchQuery(terms=("sun",), any_of=(("rain", "storm", "wind"),))),
        ('rain OR "peace talks"', SearchQuery(any_of=(("rain", "peac talk"),))),
        ("rain OR rain", SearchQuery(terms=("rain",))),
        ("rain or storm", SearchQuery(terms=("rain", "or", "storm"))),
        ('"OR"', SearchQuery(terms=("or",))),
        ("source:BBC topic:World lang:FA", SearchQuery(source="BBC", topic="world", language="fa")),
        ('source:"Japan Times" rain', SearchQuery(terms=("rain",), source="Japan Times")),
        ("language:de", SearchQuery(language="de")),
        ("other:thing", SearchQuery(phrases=(("other", "thing"),))),
        ("since:7d", SearchQuery(since=NOW - timedelta(days=7))),
        ("since:36h before:2w", None),
        ("since:2W before:1d", SearchQuery(since=NOW - timedelta(weeks=2), before=NOW - timedelta(days=1))),
        ("since:۷d", SearchQuery(since=NOW - timedelta(days=7))),
        ("before:2026-11-01", SearchQuery(before=datetime(2026, 11, 1, tzinfo=UTC))),
        ("since:2026/1/2", SearchQuery(since=datetime(2026, 1, 2, tzinfo=UTC))),
        ("since:1m", SearchQuery(since=NOW - timedelta(days=30))),
        ("since:1y", SearchQuery(since=NOW - timedelta(days=365))),
        ("+rain +“peace talks”", SearchQuery(terms=("rain",), phrases=(("peac", "talk"),))),
        ("rain یا storm", SearchQuery(any_of=(("rain", "storm"),))),
        ("منبع:BBC موضوع:science زبان:fa", SearchQuery(source="BBC", topic="science", language="fa")),
        ("از:۷روز تا:۱d", SearchQuery(since=NOW - timedelta(days=7), before=NOW - timedelta(days=1))),
        ("از:۱۴۰۵/۰۸/۱۰", SearchQuery(since=datetime(2026, 11, 1, tzinfo=UTC))),
        (
            "since:2w تا:2026-11-23",
            SearchQuery(since=NOW - timedelta(weeks=2), before=datetime(2026, 11, 23, tzinfo=UTC)),
        ),
    ],
)
def test_what_a_search_says(text, expected):
    if expected is None:
        with pytest.raises(QueryError, match="earlier"):
            parse(text)
    else:
        assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('" OR 1=1 --', SearchQuery(phrases=(("1", "1"),))),
        ('"peace talks', SearchQuery(terms=("peac", "talk"))),
        ("OR rain OR", SearchQuery(terms=("rain",))),
        ("rain OR OR storm", SearchQuery(any_of=(("rain", "storm"),))),
        ("rain - storm", SearchQuery(terms=("rain", "storm"))),
        ("rain OR -storm", SearchQuery(terms=("rain",), without=("storm",))),
        ("rain* ^(storm) {x}", SearchQuery(terms=("rain", "storm", "x"))),
        ("'; DROP TABLE article; --", SearchQuery(terms=("drop", "tabl", "articl"))),
        ("rain 🌧 \x00 \ud800", SearchQuery(terms=("rain",))),
    ],
)
def test_odd_input_makes_sense(text, expected):
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Say a word"),
        ('"', "Say a word"),
        ('"" «»', "Say a word"),
        ("OR", "Say a word"),
        ("-- - ::", "Say a word"),
        ("🌧", "Say a word"),
        ("-storm", "besides what to leave out"),
        ("source:", 'source:"Japan Times"'),
        ("lang:Persian", "lang:fa"),
        ("rain -rain", "asked for and left out"),
        ("storms sun -storm", "asked for and left out"),
        ("rain OR storm -rain -storm", "asked for and left out"),
        ("از:1405/13/01", "از:7d"),
        ("since:yesterday", "since:7d"),
        ("since:2026-13-01", "since:7d"),
        ("since:99999y", "since:7d"),
        ("before:", "before:7d"),
        ("since:2026-11-02 before:2026-11-01", "earlier"),
        ("-source:BBC rain", "source: can't be left out"),
        ("x" * (LONGEST + 1), "at most 500"),
    ],
)
def test_what_can_not_be_understood_is_told_in_one_line(text, words):
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_words_meet_the_languages_that_the_reader_reads():
    assert parse("elections", language="fa", languages=["fa", "en"]).any_of == (("elections", form("elections")),)
    assert parse("elections", language="fa", languages=["en"]) != parse("elections", language="fa")
    assert parse("Wahlen -Städte lang:de", languages=["en", "de"]) == SearchQuery(
        terms=(form("Wahlen", "de"),), without=(form("Städte", "de"),), language="de"
    )


def test_scripts_without_spaces_are_phrases_of_pairs():
    assert parse("北京大学", language="zh").phrases == (("北京", "京大", "大学"),)
    assert parse("東京", language="ja").terms == ("東京",)


def test_an_endless_list_of_words_is_cut():
    query = parse(" ".join(f"w{number}" for number in range(90)))
    assert len(query.terms) == 32


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Afghanistan peace talks", Following(words="Afghanistan peace talks")),
        ("climate +Berlin -football", Following(words="climate", must=(("Berlin",),), without=("football",))),
        ('"peace talks" Doha', Following(words="Doha", must=(("peace talks",),))),
        ("strike OR protest rail", Following(words="rail", must=(("strike", "protest"),))),
        ('source:"Japan Times" lang:en topic:Science', Following(source="Japan Times", language="en", topic="science")),
        ("rain since:7d", Following(words="rain")),
        ("COVID-19 C++", Following(words="COVID-19 C++")),
        ("آب -فوتبال", Following(words="آب", without=("فوتبال",))),
    ],
)
def test_what_somebody_follows(text, expected):
    assert parse_following(text) == expected


@pytest.mark.parametrize("text", ["-rain", "", "+", "rain -rain", '"rain" -"rain"', "x" * (LONGEST + 1)])
def test_what_can_not_be_followed(text):
    with pytest.raises(QueryError):
        parse_following(text)


@pytest.mark.parametrize(
    ("text", "problem", "name"),
    [
        ("", "empty", ""), ("-rain", "minus", ""), ("rain -rain", "contradiction", "rain"),
        ("x" * 501, "long", "500"), ("source:", "value", 'source:"Japan Times"'),
        ("-topic:a b", "minus-filter", "topic"), ("زبان:فارسی", "language", "زبان:fa"),
        ("since:x", "date", "since"), ("since:1d before:2d", "order", ""),
    ],
)  # fmt: skip
def test_problems_have_names(text, problem, name):
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.problem, caught.value.name) == (problem, name)


@given(st.text(max_size=LONGEST), st.sampled_from(["en", "fa", "zh", "tr"]))
def test_any_text_is_a_query_or_one_clear_line(text, language):
    try:
        query = parse(text, language=language)
    except QueryError as error:
        line = str(error)
        assert line.endswith((".", "fa", 'Times"', "science", "01", "minus.", ":"))
        return
    for phrase in query.phrases:
        assert len(phrase) > 1
    assert all(" " not in term for term in query.terms)
    assert query != SearchQuery(without=query.without)


@pytest.mark.parametrize(
    ("text", "query", "language", "marked"),
    [
        ("Peace talks, and talks about ELECTIONS", "election talk", "en", ["talks", "talks", "ELECTIONS"]),
        ("Peace talks, and talks about peace", '"peace talks"', "en", ["Peace talks"]),
        ("Rain and storms", "rain OR storm", "en", ["Rain", "storms"]),
        ("Rain and storms", "rain -storm", "en", ["Rain"]),
        ("The ministers’ 1,000 days", "minister 1000", "en", ["ministers’", "1,000"]),
        ("Die Länder wählen", "Land", "de", ["Länder"]),
        ("这是北京大学的", "北京大学", "zh", ["北京大学"]),
        ("東京2020と京都", "東京", "ja", ["東京"]),
        ("در كشورهای دیگر", "کشور", "fa", ["كشورهای"]),
        ("🌧 naïve café 🌧", "cafe", "en", ["café"]),
        ("nothing here", "rain", "en", []),
        ("", "rain", "en", []),
    ],
)
def test_highlight(text, query, language, marked):
    spans = highlight(text, parse(query, language=language), language)
    assert [text[start:end] for start, end in spans] == marked


@given(st.text(max_size=80), st.text(max_size=20))
def test_marks_are_in_order_and_inside_the_text(text, word):
    query = SearchQuery(terms=tuple(terms(word, "en")))
    places = [place for span in highlight(text, query, "en") for place in span]
    assert places == sorted(set(places))
    assert all(0 <= place <= len(text) for place in places)
