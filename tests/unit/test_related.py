"""Other stories that a headline leads to, and the words that say what it is about."""

from digests.model import Article
from digests.related import nearest, query, salient
from tests.fakes.clock import MORNING
from tests.fakes.news import article, quote

HEADLINE = "Strong earthquake shakes the capital of Meridan, and rescuers search ruined houses"


def other(number: int, title: str, sentence: str = "It is so.", story: int | None = None) -> Article:
    return article(number, title=title, quotes=(quote(sentence),), story_id=story or number)


def test_salient_words_stand_as_in_the_headline_and_say_something() -> None:
    words = salient(HEADLINE, "en")
    assert {"earthquake", "Meridan"} <= set(words)
    assert not {"the", "of", "and"} & set(words)
    assert len(salient(HEADLINE, "en", most=2)) == 2
    assert salient("", "en") == salient("12 + 3", "en") == []


def test_salient_words_of_a_persian_headline() -> None:
    words = salient("زمین‌لرزهٔ شدید پایتخت مریدان را لرزاند و از آن گزارش شد", "fa")
    assert "مریدان" in words
    assert not {"را", "و", "از", "آن"} & set(words)


def test_a_search_for_what_is_related_takes_any_of_the_words() -> None:
    asked = query(HEADLINE, "en", MORNING)
    assert asked is not None
    assert len(asked.any_of) == 1
    assert "meridan" in asked.any_of[0]
    assert (asked.language, asked.since) == ("en", MORNING.replace(day=17))
    assert query("?", "en", MORNING) is None


def test_the_nearest_come_first_each_story_once_and_strangers_not_at_all() -> None:
    found = [
        other(1, "Cup final lost in the capital"),
        other(2, "Earthquake in Meridan: rescuers leave", "They searched ruined houses for a week."),
        other(3, "Meridan asks for help after the earthquake"),
        other(4, "Meridan earthquake: help comes", story=3),
        other(5, HEADLINE),
        article(6, title=HEADLINE),
    ]
    assert [one.story_id for one in nearest(HEADLINE, "en", found, without=frozenset({5}), most=3)] == [2, 3]
    assert nearest(HEADLINE, "en", found, without=frozenset({5}), most=1)[0].id == 2
