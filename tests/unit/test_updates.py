"""When a story that was sent comes again: it has grown, and says something new."""

from datetime import timedelta

import pytest

from digests.model import Article, Had, Story
from digests.ranking import independent
from digests.updates import PAUSE, needed, update
from tests.fakes.clock import MORNING
from tests.fakes.news import article, quote, story

HAD = Had(2, MORNING - timedelta(hours=24))
KNOWN = "A strong earthquake shook the capital of Meridan on Sunday evening."
NEW = "Rescuers pulled forty people out of a collapsed school near the harbour."


def told(number: int, source: str, *sentences: str, hours: float) -> Article:
    return article(number, source, hours=hours, quotes=tuple(quote(text, rank) for rank, text in enumerate(sentences)))


def grown(*later: Article) -> Story:
    first = (told(1, "Gazette", KNOWN, hours=30), told(2, "Lantern", KNOWN, hours=29))
    return story(1, articles=(*first, *later))


def told_again(one: Story, had: Had = HAD) -> Story | None:
    return update(one, had, independent(one), MORNING)


LATER = tuple(told(number, f"Paper {number}", NEW, hours=2) for number in range(3, 6))


def test_growth_is_three_publishers_or_half_as_many_again() -> None:
    assert [needed(count) for count in (1, 2, 6, 10, 41)] == [4, 5, 9, 15, 62]


def test_a_story_that_grew_is_led_by_what_came_since_with_its_new_sentences_only() -> None:
    later = (told(3, "Paper 3", KNOWN, NEW, hours=2), *LATER[1:])
    found = told_again(grown(*later))
    assert found is not None
    assert found.leader.published > HAD.at
    assert [one.text for one in found.leader.quotes] == [NEW]
    assert len(found.articles) == 5


def test_too_few_have_joined() -> None:
    assert told_again(grown(*LATER[:2])) is None


def test_many_say_what_was_said_before() -> None:
    again = "On Sunday evening a strong earthquake shook Meridan, in its capital."
    assert told_again(grown(*(told(n, f"Paper {n}", again, hours=2) for n in range(3, 6)))) is None


def test_what_came_before_the_digest_is_not_new() -> None:
    assert told_again(grown(*(told(n, f"Paper {n}", NEW, hours=25) for n in range(3, 6)))) is None


def test_of_what_was_sent_by_an_older_version_nothing_is_known() -> None:
    assert told_again(grown(*LATER), Had(0, HAD.at)) is None


@pytest.mark.parametrize(("ago", "comes"), [(PAUSE - timedelta(minutes=1), False), (PAUSE, True)])
def test_an_update_comes_once_a_day(ago: timedelta, comes: bool) -> None:
    had = Had(2, MORNING - ago, MORNING - ago)
    assert (told_again(grown(*LATER), had) is not None) is comes


def test_an_article_that_may_belong_elsewhere_brings_no_news() -> None:
    one = grown(*LATER)
    unsure = Story(**{name: getattr(one, name) for name in ("id", "language", "first_seen", "last_seen")},
                   articles=(*one.articles[:2], *(article(n, f"P{n}", hours=2, sure=False, quotes=(quote(NEW),))
                                                  for n in range(3, 6))))  # fmt: skip
    assert update(unsure, HAD, 5, MORNING) is None
