"""Composing: what an editor would put on this reader's front page."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from digests.compose import (
    LARGEST_SHARE,
    OTHER,
    TOP_STORIES,
    Candidate,
    Ranking,
    arrange,
    candidates,
    compose,
    outlets,
    pick,
    rank,
    reading_time,
    story_item,
)
from digests.leanings import Subject
from digests.model import Digest, Quote, Story, Wish
from digests.ranking import EPOCH, HALF_DAY
from tests.fakes.clock import MORNING
from tests.fakes.news import article, hours_before, story

SPORTS, PEACE = Wish("topic", "sports"), Wish("words", "peace talks")


def candidate(number: int, *sources: str, importance: float = 1.0, **fields: object) -> Candidate:
    one = story(number, *sources, **fields)
    return Candidate(one, importance, len(set(sources)) or 1)


def scored(importance: float) -> float:
    """The score of a story of that importance in the morning."""
    return math.log(importance) + (MORNING - EPOCH).total_seconds() / HALF_DAY


def picked(ranked: Mapping[Wish | None, Sequence[Candidate]], budget: int, **options: object) -> list[int]:
    return [one.story.id for _, one in pick(ranked, budget=budget, **options)]


# ── rank ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_several_publishers_report_comes_first_then_importance_and_match() -> None:
    stories = [
        story(1, "A", score=scored(5)), story(2, "B", score=scored(9)),
        story(3, "A", "B", score=scored(1)), story(4, "C", score=scored(8)),
    ]  # fmt: skip
    found = candidates(stories, now=MORNING)
    assert [one.story.id for one in rank(found)] == [3, 2, 4, 1]
    halved = rank(found, lambda one: {2: 0.5, 1: 1.0, 3: 0.0}.get(one.id, 1.0))
    assert [one.story.id for one in halved] == [4, 1, 2]
    assert [one.match for one in halved] == [1.0, 1.0, 0.5]


# ── leanings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_reader_leans_to_moves_and_the_rest_stays() -> None:
    found = rank(
        [
            candidate(1, "A", "B", importance=5), candidate(2, "B", "C", importance=4),
            candidate(3, "C", importance=9), candidate(4, "D", importance=3),
        ]
    )  # fmt: skip
    ranking = Ranking(None, found)

    def order(**sources: int) -> list[int]:
        return [one.story.id for one in ranking.for_levels({("source", name): at for name, at in sources.items()})]

    assert order() == order(X=2) == [1, 2, 3, 4]
    assert order(A=-1) == [1, 2, 3, 4], "B, whom the reader does not mind, tells of it too"
    assert order(C=1) == [2, 1, 3, 4]
    assert order(D=2) == [4, 1, 2, 3]
    assert order(B=-2, C=-2) == [1, 4, 3, 2]
    assert order(C=-2)[-1] == 3


@given(
    levels=st.dictionaries(
        st.sampled_from([("source", name) for name in "ABC"] + [("topic", name) for name in ("sports", "world")]),
        st.integers(-2, 2),
    )
)
def test_leaning_loses_nobody_and_keeps_the_order_of_what_is_indifferent(levels: dict[Subject, int]) -> None:
    found = rank(
        candidate(number, *"ABC"[number % 3 : number % 3 + 2], importance=number * 7 % 31 + 1,
                  topics=((("sports", "world", "health")[number % 3], 1.0),))
        for number in range(1, 30)
    )  # fmt: skip
    ordered = list(Ranking(None, found).for_levels(levels))
    assert {one.story.id for one in ordered} == {one.story.id for one in found}
    assert [one.order for one in ordered] == sorted((one.order for one in ordered), reverse=True)
    still = {one.story.id for one in ordered if one.leaning == 0}
    assert [one.story.id for one in ordered if one.story.id in still] == [
        one.story.id for one in found if one.story.id in still
    ]


def test_a_topic_that_is_wanted_more_has_more_turns() -> None:
    world = Wish("topic", "world")
    ranked = {
        wish: [candidate(number, f"S{number}") for number in range(start, start + 9)]
        for wish, start in ((SPORTS, 10), (world, 20))
    }
    count = [
        Counter(wish for wish, _ in pick(ranked, budget=6, levels=levels))[SPORTS]
        for levels in ({}, {("topic", "sports"): 2}, {("topic", "sports"): -2}, {("topic", "health"): 2})
    ]
    assert count == [3, 4, 1, 3]


# ── pick ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_story_stands_twice_though_it_answers_two_wishes() -> None:
    both = candidate(1, "A")
    assert picked({SPORTS: [both], PEACE: [both, candidate(2, "B")]}, 7) == [1, 2]


def test_wishes_take_turns() -> None:
    ranked = {
        SPORTS: [candidate(number, f"S{number}") for number in range(1, 9)],
        PEACE: [candidate(number, f"P{number}") for number in range(11, 19)],
    }
    assert picked(ranked, 6) == [1, 11, 2, 12, 3, 13]


def test_a_wish_keeps_its_turn_though_its_best_stories_were_seen() -> None:
    ranked = {
        SPORTS: [candidate(number, f"S{number}") for number in range(1, 9)],
        PEACE: [candidate(number, f"P{number}") for number in range(11, 19)],
    }
    assert picked(ranked, 4, seen={1, 2, 3, 4}) == [5, 11, 6, 12]


def test_what_was_seen_does_not_come_again() -> None:
    assert picked({None: [candidate(1, "A"), candidate(2, "B")]}, 7, seen=frozenset({1})) == [2]


def test_muted_words_leave_a_story_out() -> None:
    ranked = {None: [candidate(1, "A", title="Cricket"), candidate(2, "B", title="Chess")]}
    assert picked(ranked, 7, muted=lambda one: "Cricket" in one.leader.title) == [2]


def test_a_muted_source_is_left_out_of_stories_that_others_tell_too() -> None:
    two = candidate(1, "A", "B")
    ((_, left),) = pick({None: [two, candidate(2, "A")]}, budget=7, muted_sources=frozenset({"A"}))
    assert left.story.id == 1
    assert left.story.sources == ("B",)
    assert left.story.leader.source == "B"
    assert left.owners == 1


def test_a_source_gets_two_fifths_at_most_while_others_have_news() -> None:
    flood = [candidate(number, "Flood", importance=9.0) for number in range(1, 20)]
    others = [candidate(number, f"S{number}") for number in range(20, 30)]
    chosen = picked({None: [*flood, *others]}, 10)
    assert chosen == [1, 2, 3, 4, 20, 21, 22, 23, 24, 25]


def test_where_others_have_no_news_a_source_fills_the_page() -> None:
    flood = [candidate(number, "Flood") for number in range(1, 20)]
    assert picked({None: [*flood, candidate(20, "Other")]}, 5) == [1, 2, 20, 3, 4]


def test_a_topic_gets_two_fifths_at_most_where_nothing_was_asked_for() -> None:
    same = [candidate(number, f"A{number}", topic="sports", importance=9.0) for number in range(1, 9)]
    rest = [candidate(number, f"B{number}", topic=f"t{number}") for number in range(10, 14)]
    assert picked({None: [*same, *rest]}, 5) == [1, 2, 10, 11, 12]
    assert picked({SPORTS: [*same, *rest]}, 5) == [1, 2, 3, 4, 5]


def test_a_topic_gives_way_before_a_source_does() -> None:
    flood = [candidate(number, "Flood", topic="world") for number in range(1, 9)]
    others = [candidate(number, f"S{number}", topic="world") for number in range(10, 14)]
    assert sorted(picked({None: [*flood, *others]}, 5)) == [1, 2, 10, 11, 12]


stories_of_few_sources = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from("ABCD"), st.sampled_from(["", "x", "y"])), max_size=40
)


@given(st.dictionaries(st.sampled_from([None, SPORTS, PEACE]), stories_of_few_sources), st.integers(1, 9))
def test_a_page_is_as_full_as_it_can_be_and_fair(
    drawn: dict[Wish | None, list[tuple[int, str, str]]], budget: int
) -> None:
    known: dict[int, Candidate] = {}
    for row in drawn.values():
        for number, source, topic in row:
            known.setdefault(number, candidate(number, source, topic=topic))
    ranked = {wish: [known[number] for number, _, _ in row] for wish, row in drawn.items()}
    chosen = pick(ranked, budget=budget)
    numbers = [one.story.id for _, one in chosen]
    assert len(numbers) == len(set(numbers)) == min(budget, len(known))
    per_source = Counter(one.story.leader.source for _, one in chosen)
    left_over = {one.story.leader.source for number, one in known.items() if number not in numbers}
    most = math.ceil(budget * LARGEST_SHARE)
    over = [source for source, count in per_source.items() if count > most]
    if over:
        assert not {source for source in left_over if per_source[source] < most}


# ── arrange ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_top_holds_up_to_three_stories_that_several_report() -> None:
    pairs = [(None, candidate(n, "A", "B", topic=f"t{n}", importance=n)) for n in range(1, 6)]
    pairs += [(None, candidate(9, "A", topic="t1", importance=99))]
    first, *rest = arrange(pairs)
    assert first.wish is None
    assert [item.story_id for item in first.items] == [5, 4, 3]
    assert len(first.items) == TOP_STORIES
    assert [section.wish for section in rest] == [Wish("topic", "t2"), Wish("topic", "t1")]
    assert [item.story_id for item in rest[1].items] == [1, 9]


def test_a_small_digest_has_no_top() -> None:
    sections = arrange([(SPORTS, candidate(1, "A", "B")), (PEACE, candidate(2, "A", "B"))])
    assert [section.wish for section in sections] == [SPORTS, PEACE]


def test_a_digest_about_one_thing_has_no_top() -> None:
    sections = arrange([(SPORTS, candidate(n, "A", "B")) for n in range(1, 8)])
    assert [section.wish for section in sections] == [SPORTS]


def test_stories_of_no_topic_have_a_heading_of_their_own() -> None:
    pairs = [(None, candidate(n, "A", "B", topic="t", importance=9)) for n in range(1, 5)]
    pairs += [(None, candidate(n, "A")) for n in range(5, 8)]
    assert [section.wish for section in arrange(pairs)] == [None, Wish("topic", "t"), Wish("topic", OTHER)]


def test_sections_stand_in_the_order_of_their_best_story() -> None:
    pairs = [
        (SPORTS, candidate(1, importance=1)),
        (PEACE, candidate(2, importance=5)),
        (SPORTS, candidate(3, importance=9)),
    ]
    sections = arrange(pairs)
    assert [(section.wish, [item.story_id for item in section.items]) for section in sections] == [
        (SPORTS, [3, 1]), (PEACE, [2])
    ]  # fmt: skip


# ── compose ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_digest_tells_its_window_and_how_many_stories_it_was_picked_from() -> None:
    ranked = {SPORTS: [candidate(1), candidate(2)], PEACE: [candidate(2), candidate(3)]}
    digest = compose(
        {wish: Ranking(wish, found) for wish, found in ranked.items()}, budget=2, since=hours_before(24), until=MORNING
    )
    assert (digest.since, digest.until, digest.considered) == (hours_before(24), MORNING, 3)
    assert len(digest.items) == 2


def test_a_digest_without_anything_new_is_empty() -> None:
    digest = compose({None: Ranking(None, [candidate(1)])}, budget=7, since=hours_before(24), until=MORNING, seen={1})
    assert (digest.sections, digest.considered) == ((), 1)


def test_an_item_is_a_snapshot_of_its_story_with_the_reasons() -> None:
    one = story(4, "A", "B", topic="sports", lead=1)
    ((section,),) = (arrange([(SPORTS, Candidate(one, 0.5, 2, 0.75))]),)
    (item,) = section.items
    assert (item.story_id, item.article_id, item.source, item.url) == (4, 41, "B", "https://www.b.example/41")
    assert item.headline == one.leader.title
    assert item.quotes == one.leader.quotes
    assert [outlet.source for outlet in item.outlets] == ["A", "B"]
    assert item.topics == ("sports",)
    assert item.reasons == (("importance", 0.5), ("publishers", 2.0), ("topic:sports", 0.75))


def test_a_story_by_itself_has_its_reasons_too() -> None:
    item = story_item(story(4, "A", "B"), MORNING)
    assert dict(item.reasons)["publishers"] == 2.0


def test_outlets_are_each_source_once_with_its_first_article() -> None:
    found = outlets([article(1, "A", hours=1), article(2, "B", hours=5), article(3, "A", hours=9)])
    assert [(one.source, one.published) for one in found] == [("A", hours_before(9)), ("B", hours_before(5))]


def test_a_story_type_is_left_as_it_was() -> None:
    one: Story = story(1, "A", "B")
    pick({None: [Candidate(one, 1.0, 2)]}, budget=1, muted_sources=frozenset({"A"}))
    assert one.sources == ("A", "B")


# ── minutes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def long_story(number: int, words: int) -> Candidate:
    """A story with a quote of so many words."""
    one = story(number, f"S{number}")
    quoted = replace(one.articles[0], quotes=(Quote("word " * words, 0, 5 * words, 1),))
    return Candidate(replace(one, articles=(quoted,)), 100.0 - number, 1)


def told(minutes: int, *candidates: Candidate) -> Digest:
    ranked: dict[Wish | None, Ranking] = {None: Ranking(None, candidates)}
    return compose(ranked, budget=7, since=MORNING, until=MORNING, minutes=minutes)


def test_a_digest_of_minutes_holds_what_can_be_read_in_them() -> None:
    stories = [long_story(number, words) for number, words in enumerate((150, 150, 300, 60, 150), 1)]
    assert [item.story_id for item in told(0, *stories).items] == [1, 2, 3, 4, 5]
    digest = told(2, *stories)
    assert {item.story_id for item in digest.items} == {1, 2, 4}
    assert digest.more
    assert sum(reading_time(one.story) for one in stories if one.story.id in {i.story_id for i in digest.items}) <= 2


def test_one_story_is_told_however_long_it_is() -> None:
    digest = told(1, long_story(1, 900), long_story(2, 900))
    assert [item.story_id for item in digest.items] == [1]
    assert digest.more
    assert not told(1, long_story(1, 900)).more
