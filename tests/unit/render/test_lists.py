"""/latest, /search, more from a source and /saved: entries, marks, pages."""

from bot.callbacks import (
    EditSaved,
    ExportSaved,
    FilterLatest,
    FollowSearch,
    OpenArticle,
    OpenStory,
    OrderSearch,
    ShowList,
    decode,
)
from bot.markup import html
from bot.render import lists
from bot.view import View
from digests.model import Article, Following, SearchQuery
from digests.search import parse_query
from tests.fakes.clock import MORNING

INVISIBLE = dict.fromkeys(map(ord, "\u2068\u2069\u200e\u200f"))


def targets(message) -> list[object]:
    return [decode(button.callback_data) for row in message.keyboard.inline_keyboard for button in row]


def parsed(text: str, language: str = "en") -> SearchQuery:
    return parse_query(text, language=language, now=MORNING)


def found(articles: list[Article], view: View, text: str, **options: object):
    return lists.search_results(articles, view, text=text, query=parsed(text), request=3, **options)


def test_a_search_can_be_ordered_otherwise_and_followed(newsroom, english, accepted) -> None:
    newest = found([newsroom.article()], english, "grid", more=True)
    assert accepted(newest).startswith("🔎 grid · newest first")
    assert targets(newest)[1:] == [ShowList(3, 1), OrderSearch(3, 1), FollowSearch(3)]
    best = found([newsroom.article()], english, "grid", ranked=True)
    assert accepted(best).startswith("🔎 grid · best first")
    assert targets(best)[1:] == [OrderSearch(3, 0), FollowSearch(3)]
    assert targets(found([newsroom.article()], english, "grid", page=1))[1:] == [ShowList(3, 0)]


def test_what_was_perhaps_meant_is_a_tap_away(english, accepted) -> None:
    message = found([], english, "erthquake", meant=("earthquake", 8))
    assert "Did you mean" in accepted(message)
    assert message.keyboard.inline_keyboard[0][0].text == "🔎 earthquake"
    assert targets(message) == [ShowList(8), FollowSearch(3)]


def test_the_latest_news(newsroom, english, accepted) -> None:
    articles = [
        newsroom.article(1, "First <news>"),
        newsroom.article(2, "خبر دوم", source="بامداد", language="fa", story_id=None),
    ]
    message = lists.latest(articles, english, request=3, more=True)
    assert accepted(message).translate(INVISIBLE) == (
        "🗞 Latest news\n\n1. First <news> — The Lantern · 05:00\n\n2. خبر دوم — بامداد · 04:00"
    )
    narrow = [FilterLatest(3, "topic"), FilterLatest(3, "source"), FilterLatest(3, "lang")]
    assert targets(message) == [OpenStory(1, 3), OpenArticle(102, 3), ShowList(3, 1), *narrow]


def test_pages_go_on_counting(newsroom, persian, accepted) -> None:
    articles = [newsroom.article(n) for n in range(1, 8)]
    message = lists.latest(articles, persian, request=3, page=1, following=Following(topic="science"))
    assert "تازه‌ترین خبرها | 🔬 علم" in accepted(message)
    assert "\u200f۸. " in message.plain
    assert [button.text for button in message.keyboard.inline_keyboard[0]][-1] == "۸"
    assert targets(message)[7] == ShowList(3, 0)
    assert any(button.text.startswith("✅") for button in message.keyboard.inline_keyboard[-1])


def test_newer_and_older_stand_where_the_reader_expects_them(newsroom, english, persian) -> None:
    def pager(view) -> list[str]:
        message = lists.latest([newsroom.article()], view, request=3, page=2, more=True)
        return [button.text for button in message.keyboard.inline_keyboard[-2]]

    assert pager(english) == ["‹ Newer", "Older ›"]
    assert pager(persian) == ["قدیمی‌ترها ›", "‹ تازه‌ترها"]


def test_what_there_is_when_there_is_nothing(english, accepted) -> None:
    assert "No news has come in yet" in accepted(lists.latest([], english, request=3))
    topic = Following(topic="climate")
    assert "Nothing about 🌱 Climate yet" in accepted(lists.latest([], english, request=3, following=topic))
    words = Following(words="peace <3", source="Ledger")
    assert "Nothing about Ledger · peace <3 yet" in accepted(lists.latest([], english, request=3, following=words))
    assert "That was all." in accepted(lists.latest([], english, request=3, page=4))
    assert "Nothing found. Try" in accepted(found([], english, '" OR 1=1 --'))
    assert "That was all." in accepted(found([], english, "x", page=1))
    assert "That was all." in accepted(lists.more_from([], english, source="Ledger", request=3))
    assert "Nothing saved yet" in accepted(lists.saved([], english, request=3))
    assert "That was all." in accepted(lists.saved([], english, request=3, page=1))


def test_found_words_are_underlined_in_any_form(newsroom, english, accepted) -> None:
    message = found([newsroom.article()], english, "cable minister")
    accepted(message)
    assert "\n<u>Ministers</u> signed the plan early on Tuesday." in message.html


def test_the_sentence_that_was_found_is_shown(newsroom, english) -> None:
    message = found([newsroom.article()], english, "2031")
    assert "Cables will be laid by <u>2031</u>." in message.html
    missed = found([newsroom.article()], english, "x")
    assert "Ministers signed the plan early on Tuesday." in missed.plain


def test_marks_in_a_headline_stay_inside_its_link(newsroom, english) -> None:
    message = found([newsroom.article()], english, "grid")
    assert '<b><a href="https://lantern.example/1"><u>Grid</u> for five islands agreed</a></b>' in message.html


def test_phrases_are_underlined_as_a_whole(newsroom, english) -> None:
    message = found([newsroom.article()], english, '"signed the plan"')
    assert "Ministers <u>signed the plan</u> early" in message.html
    apart = found([newsroom.article()], english, '"plan signed"')
    assert "<u>" not in apart.html


def test_persian_words_are_marked_with_their_joiners() -> None:
    marked = lists.marker(parsed("کتاب", "fa"))("این کتاب‌ها تازه‌اند", "fa")
    assert html(marked) == "این <u>کتاب‌ها</u> تازه‌اند"


def test_more_from_a_source(newsroom, english, accepted) -> None:
    message = lists.more_from([newsroom.article()], english, source="The Lantern", request=3)
    assert accepted(message).startswith(
        "🗂 More from The Lantern\n\n1. Grid for five islands agreed — The Lantern · 05:00"
    )


def test_saved_stories(newsroom, english, accepted) -> None:
    message = lists.saved([newsroom.item(4, others=["Ledger"])], english, request=3, total=9, more=True)
    assert accepted(message) == "🔖 Saved · 9\n\n1. Harbour city closes its flood gates — Coast Daily +1 · 04:00"
    assert targets(message) == [
        OpenStory(4, 3),
        ShowList(3, 1),
        EditSaved(3, 0, 1),
        ExportSaved("html"),
        ExportSaved("json"),
    ]


def test_no_more_entries_than_a_page_holds(newsroom, view, accepted) -> None:
    articles = [newsroom.article(n, "word " * 200) for n in range(1, 30)]
    message = lists.latest(articles, view, request=3)
    accepted(message)
    assert len(targets(message)) == lists.PAGE + 3
