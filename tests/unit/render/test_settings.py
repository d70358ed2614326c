"""The pages of the settings, and the short answers: right in both languages, and all of them accepted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from inspect import getmembers, isfunction, signature

import pytest

from bot import keyboards
from bot.callbacks import (
    DropWords,
    OpenSettings,
    Pause,
    SetBudget,
    SetCalendar,
    ToggleNews,
    ToggleTopic,
    Unmute,
    decode,
    key,
)
from bot.i18n import translator
from bot.render import Message, View, message, replies, schedule, settings, texts, view_of
from bot.topic_names import topic_label, topic_name
from digests.model import ChatKind, Slot, Wish
from digests.reading import Sample

INVISIBLE = dict.fromkeys(map(ord, "\u2066\u2068\u2069\u200e\u200f"))
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
HOSTILE = "<3 & <b>\u202e\ud83d " * 30
OFFERED = ["world", "politics", "science", "middle-east", "own-topic"]


def labels(shown: Message) -> dict[str, object]:
    rows = shown.keyboard.inline_keyboard
    return {button.text.translate(INVISIBLE): decode(button.callback_data) for row in rows for button in row}


# ── the pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_page_shows_everything_at_a_glance(newsroom, english, accepted) -> None:
    slots = (Slot(time(18)), Slot(time(8)), Slot(time(10), frozenset({5, 6})))
    text = accepted(settings.settings(newsroom.subscriber(slots=slots), english))
    assert text == (
        "⚙️ Settings\n\n"
        "Topics: 🔬 Science · 🔎 peace talks\n"
        "Times: 08:00 and 18:00, every day; 10:00, at the weekend\n"
        "Time zone: Berlin (06:00 now)\n"
        "Length: up to 7 stories\n"
        "News in: English\n"
        "Muted: horoscope · Ledger\n"
        "Breaking news: off\n\n"
        "Next: today 08:00 · today 18:00 · tomorrow 08:00"
    )


def test_the_first_page_of_somebody_who_set_nothing(newsroom, english) -> None:
    bare = newsroom.subscriber(wishes=(), mutes=(), muted_sources=(), slots=(), paused=True)
    shown = settings.settings(bare, english)
    assert "Topics: everything important" in shown.plain
    assert "Times: none, only when you ask (/digest)" in shown.plain
    assert "Muted: nothing" in shown.plain
    assert shown.plain.endswith("⏸ Paused: nothing is sent until /resume.")
    assert labels(shown)["▶️ Resume"] == Pause(0)
    assert labels(settings.settings(newsroom.subscriber(), english))["⏸ Pause"] == OpenSettings("pause")


def test_the_first_page_in_persian(newsroom, persian, accepted) -> None:
    shown = settings.settings(newsroom.subscriber(timezone="Asia/Tehran"), persian)
    text = accepted(shown).translate(INVISIBLE)
    assert "زمان‌ها: ۰۸:۰۰ و ۱۸:۰۰، هر روز\n" in text
    assert "منطقهٔ زمانی: تهران (اکنون ساعت ۰۸:۳۰)\n" in text
    assert "بعدی: امروز ۱۸:۰۰ | فردا ۰۸:۰۰ | فردا ۱۸:۰۰" in text


def test_topics_and_words_can_be_dropped(newsroom, english) -> None:
    shown = labels(settings.topics(OFFERED, newsroom.subscriber(), english))
    assert shown["✅ 🔬 Science"] == ToggleTopic("science")
    assert shown["🕌 Middle East"] == ToggleTopic("middle-east")
    assert shown["📌 Own topic"] == ToggleTopic("own-topic")
    assert shown["✖️ peace talks"] == DropWords(key("peace talks"))


def test_what_is_muted_can_be_heard_again(newsroom, english) -> None:
    shown = labels(settings.mutes(newsroom.subscriber(), english))
    assert shown["🔈 horoscope"] == Unmute(key("whoroscope"))
    assert shown["🔈 Ledger"] == Unmute(key("sLedger"))
    assert "Nothing is muted." in settings.mutes(newsroom.subscriber(mutes=(), muted_sources=()), english).plain


def test_choices_are_ticked(newsroom, english, persian) -> None:
    reader = newsroom.subscriber(stories=4, languages=("en", "fa"))
    assert labels(settings.length(reader, english))["✅ 4"] == SetBudget(4)
    assert labels(settings.news_languages(["en", "de"], reader, english)) == {
        "✅ English": ToggleNews("en"),
        "German": ToggleNews("de"),
        "‹ Settings": decode("1o:main"),
    }
    assert "✅ Gregorian" in labels(settings.calendar(reader, english))
    assert labels(settings.calendar(reader, persian))["✅ هجری خورشیدی"] == SetCalendar("jalali")
    assert "✅ فارسی" in labels(settings.language(persian))
    assert "✅ Berlin · 06:00" in labels(schedule.time_zone(english))
    assert len(labels(settings.stop(english))) == 4


def test_commands_to_copy_carry_no_marks_of_direction(newsroom, persian) -> None:
    page = schedule.times(newsroom.subscriber(), persian)
    assert "\u2066<code>/time 07:30 18:00</code>\u2069" in page.html
    assert "<code>/follow مذاکرات صلح</code>" in replies.following(newsroom.subscriber(wishes=()), persian).html
    assert "\u200e/stop" in texts.privacy(persian).plain
    assert "\u200e" not in texts.privacy(view_of(newsroom.subscriber(), NOW)).plain


def test_keyboards_hold_whatever_there_is(newsroom, view, accepted) -> None:
    many = [f"{HOSTILE}{number}" for number in range(200)]
    accepted(settings.mutes(newsroom.subscriber(mutes=tuple(many), muted_sources=tuple(many)), view))
    wishes = tuple(Wish("words", words) for words in many)
    accepted(settings.topics([f"topic-{n}" for n in range(300)], newsroom.subscriber(wishes=wishes), view))
    slots = tuple(Slot(time(n // 60, n % 60)) for n in range(0, 1440, 7))
    accepted(schedule.times(newsroom.subscriber(slots=slots), view))
    accepted(
        settings.news_languages([a + b for a in "abcdefghijkl" for b in "abcdefghijkl"], newsroom.subscriber(), view)
    )
    accepted(message("x", keyboard=keyboards.digest(range(1, 60), view, request=1)))


@pytest.mark.parametrize(
    ("count", "across", "lengths"),
    [(0, 8, []), (7, 8, [7]), (8, 8, [8]), (9, 8, [5, 4]), (12, 8, [6, 6]), (20, 8, [7, 7, 6])],
)
def test_rows_are_evenly_long(count: int, across: int, lengths: list[int]) -> None:
    buttons = [keyboards.button(str(number), Pause(1)) for number in range(count)]
    assert [len(row) for row in keyboards.grid(buttons, across)] == lengths


# ── views and topics ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_view_of_a_subscriber(newsroom) -> None:
    own = view_of(newsroom.subscriber(language="fa", timezone="Asia/Kabul", calendar="gregorian"), NOW)
    assert (own.rtl, own.formats.timezone.key, own.formats.calendar, own.live_times) == (
        True,
        "Asia/Kabul",
        "gregorian",
        False,
    )
    assert view_of(newsroom.subscriber(kind=ChatKind.GROUP), NOW).live_times


def test_topics_have_names_in_every_language() -> None:
    assert topic_label("middle-east", translator("en")) == "🕌 Middle East"
    assert topic_label("science", translator("fa")) == "🔬 علم"
    assert topic_name("local-news", translator("fa")) == "Local news"


def test_every_shipped_topic_has_a_name_and_a_sign_of_its_own() -> None:
    from digests.topics import TOPICS

    assert all(topic_name(topic, translator("fa")) != topic.capitalize() for topic in TOPICS)
    shown = [topic_label(topic, translator("en")) for topic in TOPICS]
    assert not [label for label in shown if label.startswith("📌")]


# ── all of them ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_help_lists_the_commands(view, accepted) -> None:
    text = accepted(texts.help_text([("latest", "what is new", ""), ("search", "look & find", "/search x")], view))
    assert "/latest – what is new\n" in text.translate(INVISIBLE)
    assert "/search – look & find: /search x" in text.translate(INVISIBLE)


def test_privacy_names_whom_to_ask(english, accepted) -> None:
    assert "Questions" not in accepted(texts.privacy(english))
    assert '<a href="https://a.example">' in texts.privacy(english, contact="https://a.example").html
    assert "Questions: desk at a.example" in accepted(texts.privacy(english, contact="desk at a.example"))


def test_what_administrators_see(english, accepted) -> None:
    assert "Articles: 12,345" in accepted(texts.stats({"Articles": 12345}, english))
    assert "Nothing is wrong." in accepted(texts.failures([], [], english))
    text = accepted(texts.failures(["chat 5: blocked"], ["a.example: 404"], english))
    assert "Deliveries that failed\n• chat 5: blocked\n\n⚠️ Feeds in trouble\n• a.example: 404" in text


@pytest.mark.parametrize(
    ("problem", "name", "told"),
    [
        ("empty", "", "Give me at least one word"),
        ("minus", "", "A minus leaves words out"),
        ("contradiction", "rain", "rain is asked for and left out"),
        ("long", "500", "500 characters"),
        ("value", 'source:"Japan Times"', 'source:"Japan Times"'),
        ("minus-filter", "topic", "topic: can't be left out"),
        ("language", "lang:fa", "as in lang:fa"),
        ("date", "since", "since:7d"),
        ("order", "", "the first must be the earlier"),
        ("topic", "dragons", "no topic dragons"),
    ],
)
def test_what_is_wrong_with_a_search_is_told(english, persian, accepted, problem: str, name: str, told: str) -> None:
    assert told in accepted(replies.bad_query("-x", english, problem=problem, name=name))
    assert accepted(replies.bad_query("-x", persian, problem=problem, name=name)) != told


def test_words_that_fit_much_or_nothing_come_with_a_hint(newsroom, english, accepted) -> None:
    words = Wish("words", "x")

    def told(found: int, of: int = 200, wish: Wish = words) -> str:
        return accepted(replies.followed(wish, english, new=True, sample=Sample((newsroom.item(4),) * found, of)))

    assert "14 of the latest 200 stories fit:" in told(14)
    assert told(14).count("• ") == 3
    assert "💡" not in told(14)
    assert "That is a lot" in told(51)
    assert "0 of the latest 200 stories fit." in told(0)
    assert "It may be rare" in told(0)
    assert "💡" not in told(0, of=5)
    assert "💡" not in told(180, wish=Wish("topic", "sports"))


def arguments(function: Callable[..., object], newsroom, view: View) -> dict[str, object]:
    """Something for every parameter of a reply, hostile where it is a text."""
    known: dict[str, object] = {
        "view": view,
        "subscriber": newsroom.subscriber(timezone=view.formats.timezone.key),
        "wish": Wish("words", HOSTILE),
        "wishes": [Wish("words", HOSTILE), Wish("topic", "science")],
        "known": OFFERED,
        "until": NOW,
        "close": "search",
        "link": "https://t.example/x?start=y",
        "mode": "save",
        "example": "/x",
        "sample": Sample((newsroom.item(4), newsroom.item(5)), 200),
    }
    numbers = dict.fromkeys(("count", "number", "of", "most", "vote", "sent", "gone", "failed", "uncertain"), 3)
    flags = dict.fromkeys(("new", "there", "deleted", "on"), True)
    values = {**known, **numbers, **flags}
    return {name: values.get(name, HOSTILE) for name in signature(function).parameters}


REPLIES = {
    name: function
    for name, function in getmembers(replies, isfunction)
    if function.__module__ == replies.__name__ and not name.startswith("_")
}


@pytest.mark.parametrize("name", REPLIES)
@pytest.mark.parametrize("flag", [True, False])
def test_every_reply_is_accepted_and_filled_in(newsroom, view, accepted, name: str, flag: bool) -> None:
    given = arguments(REPLIES[name], newsroom, view)
    given |= {key: flag for key in ("new", "there", "deleted", "on") if key in given}
    if not flag:
        given |= {
            key: value
            for key, value in {
                "close": None,
                "wishes": [],
                "vote": 0,
                "mode": "like",
                "sample": Sample((), 200),
            }.items()
            if key in given
        }
    shown = REPLIES[name](**given)
    text = accepted(shown) if isinstance(shown, Message) else shown
    assert text.strip()
    assert "{" not in text
    if isinstance(shown, str):
        assert len(shown) <= 200


PAGES = {
    name: function
    for name, function in getmembers(settings, isfunction)
    if function.__module__ == settings.__name__
    and signature(function).return_annotation in {Message, "Message"}
    and name[0] != "_"
}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accepted_and_leads_back(newsroom, view, accepted, name: str) -> None:
    given = {
        "subscriber": newsroom.subscriber(mutes=(HOSTILE,), wishes=(Wish("words", HOSTILE),)),
        "view": view,
        "offered": OFFERED if name == "topics" else ["en", "fa"],
        "hidden": {f"w{HOSTILE}": 12},
    }
    shown = PAGES[name](**{each: given[each] for each in signature(PAGES[name]).parameters})
    assert "{" not in accepted(shown)
    assert name == "settings" or decode("1o:main") in labels(shown).values()


def test_times_without_slots_and_live_times_are_worded(newsroom, english) -> None:
    none = newsroom.subscriber(slots=())
    assert "No more digests on schedule" in schedule.times_set(none, english).plain
    assert settings.next_runs(none, english) == ""
    assert "today" in str(settings.next_runs(newsroom.subscriber(), replace(english, live_times=True)))
