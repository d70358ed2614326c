"""The order of what a search found: title, text, story and age, and nothing that two databases could differ in."""

from datetime import timedelta

from digests.model import Found, SearchQuery
from digests.relevance import first_order, second_order, units
from tests.fakes.clock import MORNING


def found(number: int, title: str, *, hours: float = 5, story: int | None = None) -> Found:
    published = MORNING - timedelta(hours=hours)
    return Found(id=number, title=title, language="en", published=published, story_id=story)


QUERY = SearchQuery(terms=("climat",), phrases=(("peac", "talk"),))


def order(*articles: Found, query: SearchQuery = QUERY) -> list[int]:
    return [one.id for one in first_order(articles, query, MORNING)]


def test_units() -> None:
    query = SearchQuery(terms=("a",), phrases=(("b", "c"),), any_of=(("d", "e f"),))
    assert units(query) == [(("a",),), (("b", "c"),), (("d",), ("e", "f"))]


def test_titles_that_have_more_of_the_query_come_first_and_phrases_are_phrases() -> None:
    ordered = order(
        found(4, "Talks about peace"),
        found(3, "Climate and peace talks"),
        found(2, "Climates change"),
        found(1, "Else"),
    )
    assert ordered == [3, 2, 4, 1]


def test_what_many_tell_of_comes_before_what_one_does() -> None:
    told = [found(number, "Climate", story=7) for number in (1, 2, 3)]
    assert order(*told, found(9, "Climate", story=8))[-1] == 9
    assert order(found(1, "Climate", story=None), found(2, "Climate", story=None)) == [2, 1]


def test_age_counts_for_less_than_the_title() -> None:
    assert order(found(1, "Climate", hours=100), found(2, "Climate", hours=1)) == [2, 1]
    assert order(found(1, "Climate and peace talks", hours=700), found(2, "Else", hours=0)) == [1, 2]
    assert order(found(1, "Climate", hours=1), found(2, "Climate", hours=-5)) == [2, 1]


def test_texts_decide_between_equal_titles() -> None:
    articles = [found(2, "News"), found(1, "News")]
    texts = {1: "climat climat climat peac talk word", 2: "climat " + "word " * 300 + "peac talk"}
    ordered = second_order(articles, texts, QUERY, MORNING, told=articles)
    assert [one.id for one in ordered] == [1, 2]
    assert [one.id for one in second_order(articles, {}, SearchQuery(), MORNING, told=articles)] == [2, 1]
