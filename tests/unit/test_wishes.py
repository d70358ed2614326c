"""Wishes: which stories answer a topic or a reader's own words, and which are muted."""

from collections.abc import Mapping

import pytest

from digests.model import Story, Wish
from digests.wishes import Muted, Reader, matches, topic_match, words_of
from tests.fakes.news import story

TITLES = [
    "Peace talks open in Geneva as ceasefire holds",
    "Ceasefire talks resume after a night of shelling",
    "Central bank raises interest rates again",
    "City wins the cup final on penalties",
    "New telescope sees the first galaxies",
    "Storm closes schools along the coast",
]
STORIES = [story(number, title=title) for number, title in enumerate(TITLES, 1)]


def test_a_topic_is_answered_by_its_weight_in_the_story() -> None:
    one = story(1, topics=(("sports", 1.0), ("world", 0.3), ("media", 0.1)))
    found = [topic_match(one, topic) for topic in ("sports", "world", "media", "science")]
    assert found == [1.0, pytest.approx(0.65), 0.0, 0.0]
    assert matches(Wish("topic", "world"), [])(one) == pytest.approx(0.65)


def test_words_are_answered_by_the_stories_that_cover_most_of_them() -> None:
    about = Reader(STORIES).about("peace talks")
    assert about[1] == pytest.approx(1.0)
    assert set(about) == {1}
    assert set(Reader(STORIES).about("ceasefire talks")) == {1, 2}
    assert Reader(STORIES).about("volcano") == {}
    assert Reader([]).about("volcano") == {}


def test_words_match_in_any_form() -> None:
    assert set(Reader(STORIES).about("raising interest rate")) == {3}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("talks", {1, 2}),
        ("talks -shelling", {1}),
        ("talks +Geneva", {1}),
        ('"ceasefire talks"', {2}),
        ('"talks ceasefire"', set()),
        ("+ceasefire", {1, 2}),
        ("bank OR telescope", {3, 5}),
        ("bank OR telescope -galaxies", {3}),
        ("source:daily +final", {4}),
        ("source:weekly +final", set()),
        ("topic:sports", {4}),
        ("topic:sport -cup", set()),
        ("lang:en +storms", {6}),
        ("lang:fa +storms", set()),
        ("-storm", set()),
    ],
)
def test_conditions(text: str, found: set[int]) -> None:
    stories = [
        story(number, "The Daily", title=title, topics=((("sports", 1.0),) if number == 4 else ()))
        for number, title in enumerate(TITLES, 1)
    ]
    assert set(Reader(stories).about(text)) == found


def test_each_language_is_asked_by_itself() -> None:
    persian = story(9, title="مذاکرات صلح در ژنو آغاز شد", language="fa")
    about = Reader([*STORIES, persian]).about("مذاکرات صلح")
    assert set(about) == {9}


def test_a_wish_for_words_is_a_number_from_nought_to_one() -> None:
    test = matches(Wish("words", "peace talks"), STORIES)
    assert [test(one) for one in STORIES] == [pytest.approx(1.0), 0, 0, 0, 0, 0]


def test_stories_are_read_once_for_any_number_of_wishes() -> None:
    read: list[str] = []

    def words(story: Story) -> Mapping[str, int]:
        read.append(story.leader.title)
        return words_of(story)

    reader = Reader(STORIES, words)
    reader.matches(Wish("topic", "sports"))
    assert read == []
    for wish in ("peace", "cup final", "storm", "galaxies"):
        reader.matches(Wish("words", wish))
    assert read == TITLES


@pytest.mark.parametrize(
    "wish", [Wish("topic", "sports"), Wish("topic", "world"), Wish("topic", "none"), Wish("words", "ceasefire talks")]
)
def test_the_answers_to_a_wish_are_the_stories_that_match_it(wish: Wish) -> None:
    stories = [*STORIES, story(7, topics=(("sports", 1.0), ("world", 0.1))), story(8, topics=(("world", 0.3),))]
    test = matches(wish, stories)
    assert Reader(stories).answers(wish) == {one.id: test(one) for one in stories if test(one)}


def test_muted_words_must_all_occur_in_any_order_and_form() -> None:
    muted = Muted(["talks peace", "penalty"])
    assert [one.id for one in STORIES if muted(one)] == [1, 4]


def test_muted_words_are_found_in_quotes_and_every_article() -> None:
    two = story(1, "A", "B")
    assert Muted(["number 11"])(two)
    assert Muted(["says 10"])(two)


def test_nothing_is_muted_by_no_words() -> None:
    assert not Muted([])(STORIES[0])
    assert not Muted(["", "…", "!!"])(STORIES[0])
