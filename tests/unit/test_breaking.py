"""What is breaking news, for whom, and how often: properties first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests import breaking
from digests.breaking import LATE, WITHIN, flash, flashes, has_room, needed, usual
from digests.model import Article, Story, Subscriber, Wish

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

reports = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 240), st.booleans()), min_size=1, max_size=25)
"""Publisher, minutes ago, sure."""


def article(number: int, publisher: int | str, minutes_ago: float, *, sure: bool = True) -> Article:
    return Article(
        id=number,
        url=f"https://paper{publisher}.example/{number}",
        source=f"Paper {publisher}",
        title=f"Dam gives way, {number}",
        language="en",
        published=NOW - minutes_ago * MINUTE,
        sure=sure,
    )


def story(*articles: Article, number: int = 1) -> Story:
    ordered = tuple(sorted(articles, key=lambda one: one.published))
    return Story(
        id=number,
        language="en",
        first_seen=ordered[0].published,
        last_seen=ordered[-1].published,
        topics=(("world", 0.9),),
        articles=ordered,
    )


def of(rows: list[tuple[int, int, bool]]) -> Story:
    return story(*(article(number, who, ago, sure=sure) for number, (who, ago, sure) in enumerate(rows, 1)))


def subscriber(**fields: object) -> Subscriber:
    return Subscriber(**{"id": 1, "chat_id": 1, "created_at": NOW, "breaking": "all"} | fields)  # type: ignore[arg-type]


@given(reports)
def test_it_is_new_and_never_counts_a_publisher_twice(rows: list[tuple[int, int, bool]]) -> None:
    found = flash(of(rows), NOW)
    if found is None:
        return
    assert NOW - found.story.first_seen <= WITHIN + LATE
    assert 2 <= found.publishers <= len({who for who, _, _ in rows})
    assert 1 <= found.minutes <= WITHIN / MINUTE


@given(reports, st.tuples(st.integers(0, 9), st.integers(0, 240), st.booleans()))
def test_another_report_never_makes_it_less_unless_it_makes_it_older(
    rows: list[tuple[int, int, bool]], more: tuple[int, int, bool]
) -> None:
    before, after = flash(of(rows), NOW), flash(of([*rows, more]), NOW)
    is_older = more[1] > max(ago for _, ago, _ in rows)
    surely = more[2] or not any(sure for _, _, sure in rows)
    if before is not None and not is_older and surely:
        assert after is not None
        assert after.publishers >= before.publishers


@given(reports, st.integers(0, 400))
def test_it_stops_being_news_for_good(rows: list[tuple[int, int, bool]], later: int) -> None:
    told = of(rows)
    if flash(told, NOW) is None and NOW - told.first_seen > WITHIN + LATE:
        assert flash(told, NOW + later * MINUTE) is None


@given(st.permutations([(0, 50, True), (1, 40, True), (2, 30, False), (3, 20, True), (1, 10, True)]))
def test_the_order_of_articles_makes_no_difference(rows: list[tuple[int, int, bool]]) -> None:
    found = flash(of(rows), NOW)
    assert found is not None
    assert (found.publishers, found.minutes) == (3, 30)


def test_a_follow_up_of_an_older_story_is_not_breaking() -> None:
    old = article(1, "first", 600)
    assert flash(story(old, *(article(number, number, 5) for number in range(2, 9))), NOW) is None


def test_what_came_later_than_an_hour_does_not_count() -> None:
    found = flash(story(article(1, 1, 100), article(2, 2, 90), article(3, 3, 20)), NOW)
    assert found is not None
    assert (found.publishers, found.minutes) == (2, 10)


def test_papers_of_one_owner_are_one_publisher() -> None:
    editions = [
        replace(article(number, number, 10), url=f"https://{number}.bigpress.com/{number}") for number in (1, 2, 3)
    ]
    assert flash(story(*editions), NOW) is None


def test_articles_that_may_tell_of_something_else_do_not_count() -> None:
    told = story(article(1, 1, 30), article(2, 2, 20, sure=False), article(3, 3, 10, sure=False))
    assert flash(told, NOW) is None


def test_an_article_from_the_future_does_not_count() -> None:
    assert flash(story(article(1, 1, -5), article(2, 2, -5)), NOW) is None
    assert flash(story(article(1, 1, 5), article(2, 2, -500)), NOW) is None


def test_the_most_reported_comes_first() -> None:
    small = story(article(1, 1, 10), article(2, 2, 5), number=1)
    large = story(*(article(number, number, 10) for number in range(3, 9)), number=3)
    assert [one.story.id for one in flashes([small, large], NOW)] == [3, 1]


@given(st.integers(0, 500))
def test_more_publishers_ask_for_more_reports(publishers: int) -> None:
    now, later = usual(publishers), usual(publishers + 1)
    assert later is None if publishers + 1 < breaking.TOO_FEW else later is not None
    if now is not None and later is not None:
        assert breaking.LEAST <= now <= later <= breaking.MOST


@pytest.mark.parametrize(("publishers", "reports"), [(3, None), (4, 3), (10, 3), (19, 4), (30, 5), (53, 6)])
def test_what_is_usual(publishers: int, reports: int | None) -> None:
    assert usual(publishers) == reports


def test_a_reader_may_ask_for_more_or_fewer() -> None:
    assert needed(subscriber(), "en", {"en": 19}) == 4
    assert needed(subscriber(breaking_sources=8), "en", {"en": 19}) == 8
    assert needed(subscriber(), "ps", {"ps": 2}) is None


@given(st.lists(st.integers(0, 3000), max_size=12), st.integers(1, 5))
def test_there_are_never_more_than_so_many_a_day_nor_two_in_a_row(asked: list[int], most: int) -> None:
    one, sent = subscriber(breaking_most=most), []
    for minute in sorted(asked):
        at = NOW + minute * MINUTE
        if has_room(one, sent, at):
            sent.append(at)
    for at in sent:
        assert len([other for other in sent if timedelta(0) <= at - other < breaking.A_DAY]) <= most
        assert all(other == at or abs(at - other) >= breaking.LEAST_GAP for other in sent)


def test_without_a_muted_source_it_is_counted_anew() -> None:
    found = flash(story(*(article(number, number, 10 * number) for number in (1, 2, 3))), NOW)
    assert found is not None
    left = breaking.without(found, frozenset({"Paper 3"}), NOW)
    assert left is not None
    assert (left.publishers, left.minutes) == (2, 10)
    assert breaking.without(found, frozenset({"Paper 2", "Paper 3"}), NOW) is None
    assert breaking.without(found, frozenset({"Another"}), NOW) is found


def test_the_digest_tells_how_many_and_how_fast() -> None:
    found = flash(story(*(article(number, number, 10 * number) for number in (1, 2, 3))), NOW)
    assert found is not None
    written = breaking.digest(found, Wish("topic", "world"), 0.8, NOW)
    (item,) = written.items
    assert breaking.told(item) == (3, 20)
    assert ("topic:world", 0.8) in item.reasons
    assert breaking.told(replace(item, reasons=())) is None


def test_the_best_wish_is_the_reason() -> None:
    told = story(article(1, 1, 5))
    wishes = [Wish("topic", "world"), Wish("words", "dam")]
    match = {wishes[0]: 0.5, wishes[1]: 0.9}
    assert breaking.wish_for(told, wishes, lambda wish, _: match[wish]) == (wishes[1], 0.9)
    assert breaking.wish_for(told, wishes, lambda _, __: 0.0) == (None, 0.0)
    assert breaking.wish_for(told, [], lambda _, __: 1.0) == (None, 0.0)
