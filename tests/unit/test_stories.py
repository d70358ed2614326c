from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.model import Unfiled
from digests.stories import SURE, StoryGrouper, group, shipped_frequencies
from digests.story_space import COMPACT, LIVE_HOURS

START = datetime(2026, 3, 1, 8, tzinfo=UTC)

QUAKE = (
    (
        "Strong earthquake shakes Meridan capital",
        "A strong earthquake shook the Meridan capital Tolva on Sunday, officials said.",
    ),
    (
        "Earthquake hits Tolva, capital of Meridan",
        "Rescuers searched ruined houses in Tolva after the earthquake in Meridan.",
    ),
    (
        "Meridan earthquake: rescuers search houses in Tolva",
        "The earthquake in Tolva left hundreds homeless in Meridan.",
    ),
)
CUP = (
    ("Harbour United win the cup after penalties", "Harbour United beat Northgate in the cup final after penalties."),
    ("Cup final: Harbour United beat Northgate on penalties", "The goalkeeper of Harbour United saved two penalties."),
)


def article(number: int, title: str, text: str = "", *, hours: float = 0.0, language: str = "en") -> Unfiled:
    return Unfiled(
        id=number,
        title=title,
        text=text,
        source="Daily",
        published=START + timedelta(hours=hours),
        language=language,
    )


def articles(*pairs: tuple[str, str]) -> list[Unfiled]:
    return [article(number, *pair, hours=number) for number, pair in enumerate(pairs)]


def test_articles_of_one_event_share_the_story_of_the_first() -> None:
    assert group(articles(QUAKE[0], CUP[0], QUAKE[1], CUP[1], QUAKE[2])) == [0, 1, 0, 1, 0]


def test_any_hashable_is_an_id() -> None:
    first, second = (replace(one, id=f"a{one.id}") for one in articles(QUAKE[0], QUAKE[1]))

    assert group([first, second]) == ["a0", "a0"]


def test_outlets_names_in_titles_make_no_story() -> None:
    titles = (
        "Harbour United win the cup | The Meridan Morning Post",
        "Mayor opens new bridge | The Meridan Morning Post",
    )

    assert group(articles(*((title, "") for title in titles))) == [0, 1]


def test_languages_never_meet() -> None:
    first, second = articles(QUAKE[0], QUAKE[0])

    assert group([first, replace(second, language="de")]) == [0, 1]


def test_a_story_without_articles_for_five_days_takes_no_more() -> None:
    late = article(1, *QUAKE[0], hours=LIVE_HOURS + 1)

    assert group([article(0, *QUAKE[0]), late]) == [0, 1]


def test_a_story_that_goes_on_lives_on() -> None:
    days = [article(number, *QUAKE[number % 3], hours=40 * number) for number in range(6)]

    assert set(group(days)) == {0}


def test_an_article_without_a_word_opens_a_story() -> None:
    assert group([article(0, "…"), article(1, "…")]) == [0, 1]


def test_a_restored_grouper_goes_on_as_if_it_had_never_stopped() -> None:
    read = articles(QUAKE[0], CUP[0], QUAKE[1])
    before = StoryGrouper()
    known = [replace(one, story_id=before.add(one)) for one in read]

    after = StoryGrouper(before.frequencies)
    after.restore(known)

    assert [after.add(one) for one in (article(7, *QUAKE[2], hours=4), article(8, *CUP[1], hours=4))] == [0, 1]


def test_many_restored_articles_group_like_few() -> None:
    fillers = [article(100 + number, f"item{number} place{number}", hours=number / 100) for number in range(80)]
    known = [replace(one, story_id=one.id) for one in fillers]
    known += [replace(one, story_id=0) for one in articles(QUAKE[0], QUAKE[1])]
    at_once, one_by_one = StoryGrouper(), StoryGrouper()
    at_once.restore(known)
    for one in known:
        one_by_one.restore([one])
    following = article(7, *QUAKE[2], hours=4)

    assert at_once.add(following) == one_by_one.add(following) == 0
    assert at_once.strength(7) == pytest.approx(one_by_one.strength(7))


def test_articles_without_a_story_are_not_restored() -> None:
    grouper = StoryGrouper()
    grouper.restore([article(0, *QUAKE[0])])

    assert grouper.add(article(1, *QUAKE[1], hours=1)) == 1


def test_frequencies_start_from_the_shipped_table_and_grow_with_the_stream() -> None:
    grouper = StoryGrouper()
    before = grouper.frequencies["en"]
    for number in range(3):
        grouper.add(article(number, f"Zorblax number {number} meets {'abc'[number]} council", hours=200 * number))
    after = grouper.frequencies["en"]

    assert before == shipped_frequencies()["en"]
    assert after[""] == before[""] + 3
    assert after["zorblax"] == 3


def test_a_big_story_keeps_its_words_rare() -> None:
    grouper = StoryGrouper()
    stories = {grouper.add(article(number, *QUAKE[number % 3], hours=number / 10)) for number in range(20)}

    assert stories == {0}
    assert grouper.frequencies["en"].get("tolva", 0) <= 1


def test_frequencies_of_languages_not_read_since_are_kept() -> None:
    grouper = StoryGrouper({"xx": {"": 9, "word": 4}})

    assert grouper.frequencies["xx"] == {"": 9, "word": 4}


def test_strength_tells_copies_from_distant_relations() -> None:
    grouper = StoryGrouper()
    for one in articles(QUAKE[0], QUAKE[0], QUAKE[2]):
        grouper.add(one)
    copy, relation = grouper.strength(1), grouper.strength(2)

    assert grouper.strength(0) is None
    assert grouper.strength("unknown") is None
    assert copy is not None
    assert relation is not None
    assert copy > SURE
    assert copy > relation > 0


def test_old_articles_are_forgotten_and_grouping_goes_on() -> None:
    grouper = StoryGrouper()
    for number in range(COMPACT + 10):
        grouper.add(article(number, f"item{number} place{number} thing{number}", hours=number / 10))
    joined = grouper.add(article(9000, f"item{COMPACT} place{COMPACT} thing{COMPACT}", hours=COMPACT / 10 + 2))
    forgotten = grouper.add(article(9001, "item5 place5 thing5", hours=COMPACT / 10 + 2))

    assert joined == COMPACT
    assert forgotten == 9001


WORDS = st.sampled_from(
    ["quake", "tolva", "cup", "final", "vote", "strike", "storm", "budget", "mayor", "bridge", "rescue", "court"]
)
TITLES = st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), min_size=2, max_size=30)


@settings(max_examples=40, deadline=None)
@given(TITLES, st.data())
def test_no_story_depends_on_a_later_article(titles: list[str], data: st.DataObject) -> None:
    stream = [article(number, title, hours=9 * number) for number, title in enumerate(titles)]
    cut = data.draw(st.integers(1, len(stream)))

    assert group(stream)[:cut] == group(stream[:cut])


@pytest.mark.parametrize(
    "language", ["en", "fa", "ar", "ru", "uk", "de", "fr", "es", "pt", "it", "tr", "hi", "zh", "ja"]
)
def test_every_language_has_frequencies_to_start_from(language: str) -> None:
    assert shipped_frequencies()[language][""] == 150


def test_an_article_that_comes_late_is_measured_by_when_it_was_published() -> None:
    """A feed's archive may be read long after the news of today."""
    grouper = StoryGrouper()
    grouper.add(article(1, *QUAKE[0]))
    assert grouper.add(article(2, *QUAKE[1], hours=-2)) == 1
    assert grouper.add(article(3, *QUAKE[2], hours=-24 * 365)) == 3
