"""Ranking: publishers weighed and counted once, ageing alike; and which article stands for a story."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests import ranking
from tests.fakes.clock import MORNING
from tests.fakes.news import article, quote, story


def importance(*articles: object, weight: dict[str, float] | None = None) -> float:
    told = story(1)
    scored = replace(told, articles=articles, score=ranking.score(articles, weight or {}))
    return ranking.importance(scored, MORNING)


def test_importance_is_the_sum_over_publishers_of_weight_boost_and_age() -> None:
    weight = {"A": 0.5, "B": 0.2}
    found = importance(article(1, "A", hours=12), article(2, "B", hours=6, place=0), weight=weight)
    assert found == pytest.approx(0.5 * math.exp(-1) + 0.2 * 1.3 * math.exp(-0.5))


def test_a_publisher_counts_once_with_its_best_article() -> None:
    weight = {"A": 0.5}
    once = importance(article(1, "A", hours=2), weight=weight)
    assert importance(article(1, "A", hours=2), article(2, "A", hours=9), weight=weight) == pytest.approx(once)


def test_a_source_that_nobody_knows_has_a_small_weight() -> None:
    assert importance(article(1, "New", hours=0)) == pytest.approx(ranking.UNKNOWN_WEIGHT)


def test_the_more_a_source_publishes_the_less_each_article_weighs() -> None:
    assert ranking.weights({"weekly": 0.14, "daily": 25.0, "agency": 400.0}) == {
        "weekly": 1.0, "daily": pytest.approx(0.2), "agency": pytest.approx(0.05)
    }  # fmt: skip


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 500))
def test_all_stories_age_alike(first: float, second: float, later: float) -> None:
    stories = [
        replace(story(n), score=ranking.score([article(n, hours=hours)], {})) for n, hours in ((1, first), (2, second))
    ]
    moment = MORNING + timedelta(hours=later)
    now, then = ([ranking.importance(one, at) for one in stories] for at in (MORNING, moment))
    assert then[0] * now[1] == pytest.approx(then[1] * now[0])
    assert then[0] <= now[0]


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("https://www.gazette.example/1", "gazette"),
        ("https://news.gazette.co.uk/1", "gazette"),
        ("https://gazette.com.au/1", "gazette"),
        ("https://pen.substack.com/p/1", "pen"),
        ("http://127.0.0.1:8000/1", "The Source"),
        ("http://localhost/1", "The Source"),
        ("not an address", "The Source"),
        ("", "The Source"),
    ],
)
def test_an_address_tells_who_is_behind_it(url: str, owner: str) -> None:
    assert ranking.owner(replace(article(1, "The Source"), url=url)) == owner


def test_one_publisher_with_many_feeds_counts_once() -> None:
    feeds = [replace(article(n, f"Gazette {n}"), url=f"https://s{n}.gazette.example/{n}") for n in range(3)]
    assert ranking.independent(replace(story(1), articles=tuple(feeds))) == 1


def test_one_feed_that_links_to_many_sites_counts_once() -> None:
    links = [replace(article(n, "Aggregator"), url=f"https://site{n}.example/{n}") for n in range(3)]
    assert ranking.independent(replace(story(1), articles=tuple(links))) == 1


def test_several_publishers_count_each() -> None:
    assert ranking.independent(story(1, "A", "B", "C")) == 3


def test_the_lead_has_quotes_a_clear_title_and_came_early() -> None:
    clear, vague = "Parliament passes the budget after two days of debate", "What now?"
    bare = article(1, title=clear, quotes=())
    teaser = article(2, title=vague)
    good, late = article(3, title=clear), article(4, title=clear)
    rich = article(5, title=clear, quotes=(quote("One."), quote("Two."), quote("Three.")))
    assert ranking.lead([bare, teaser, good, late]) == 2
    assert ranking.lead([bare, teaser, good, late, rich]) == 4
    assert ranking.lead([bare]) == 0


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Parliament passes the budget after debate", "PARLIAMENT PASSES THE BUDGET AFTER DEBATE"),
        ("Parliament passes the budget after debate", "Will parliament pass the budget this week?"),
        ("Parliament passes the budget after debate", "Parliament passes the budget, and then…"),
        ("Parliament passes the budget after debate", "Budget passed"),
        ("Parliament passes the budget after debate", "Parliament " * 20),
        ("Parliament passes the budget after debate", "2026 – 11 – 24"),
        ("مجلس بودجه را پس از دو روز بحث تصویب کرد", "آیا مجلس بودجه را پس از دو روز تصویب می‌کند؟"),
    ],
)
def test_a_clear_title_tells_what_happened(better: str, worse: str) -> None:
    assert 0 < ranking.clarity(worse) < ranking.clarity(better) <= 1


def test_only_who_surely_reports_counts_and_leads() -> None:
    sure, unsure = article(1, "Wire"), replace(article(2, "Post"), sure=False)
    told = replace(story(1), articles=(unsure, sure))
    assert ranking.independent(told) == 1
    assert ranking.lead(told.articles) == 1
    assert ranking.score(told.articles, {}) == ranking.score((sure,), {})


def test_the_parts_of_an_importance_make_it_up() -> None:
    articles = (
        article(1, "Gazette", place=0, hours=2),
        article(2, "Herald", hours=6),
        article(3, "Herald", hours=1, title="Your horoscope for today"),
    )
    weights = {"Gazette": 0.5, "Herald": 0.5}
    told = replace(story(1), articles=articles, score=ranking.score(articles, weights))
    found = dict(ranking.parts(told, MORNING))
    assert list(found) == ["publishers", "weight", "freshness", "place", "newsworthiness"]
    assert math.prod(found.values()) == pytest.approx(importance(*articles, weight=weights))
    assert found["publishers"] == 2
    assert found["weight"] == pytest.approx(0.5)
    assert 1 < found["place"] < 1.3
    assert math.prod(value for _, value in ranking.parts(told, MORNING + timedelta(days=900))) == pytest.approx(0)
