"""How a digest reads: layout, detail, messages, the empty one."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.callbacks import MoreStories, OpenStory, RateStory, SaveStory, decode
from bot.render import Frame, Message, View, body_key, digest, digest_body
from bot.render.digest import BODY, title
from bot.view import view_of
from digests.model import Digest, Item, Outlet, Quote, Retelling, Section, Subscriber, Wish

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
FRAME = Frame(request=7, next_at=NOW + timedelta(days=1, hours=2))
INVISIBLE = dict.fromkeys(map(ord, "\u2068\u2069\u200e\u200f"))


def of(*sections: tuple[Wish | None, Sequence[Item]], considered: int = 63) -> Digest:
    found = tuple(Section(wish, tuple(items)) for wish, items in sections)
    return Digest(since=NOW - timedelta(days=1), until=NOW, sections=found, considered=considered)


def shown(messages: Sequence[Message]) -> list[str]:
    return [message.plain.translate(INVISIBLE) for message in messages]


def test_a_digest_in_english(newsroom, english, accepted) -> None:
    top = newsroom.item(1, others=["The Lantern", "Ledger"])
    persian = newsroom.item(2, "موزه باز شد", source="بامداد", language="fa", sentences=["موزه سه‌شنبه باز شد."])
    (message,) = digest(of((None, [top]), (Wish("topic", "business"), [persian])), english, frame=FRAME)
    accepted(message)
    assert shown([message])[0] == (
        "🗞 Morning digest · Tue 24 Nov · 2 stories · 1 min\n\n"
        "🔥 Top\n"
        "1. Harbour city closes its flood gates — Coast Daily +2 · 04:00\n"
        "“The gates closed on Monday.”\n"
        "The tide was high. Nobody was hurt.\n"
        "Sources: Coast Daily · The Lantern · Ledger\n\n"
        "💼 Business\n"
        "2. موزه باز شد — بامداد · 04:00\n"
        "«موزه سه‌شنبه باز شد.»\n\n"
        "✅ You're caught up. Next: tomorrow 08:00"
    )
    assert '<b><a href="https://coast.example/gates">Harbour city closes its flood gates</a></b>' in message.html
    assert "<blockquote expandable>The tide was high. Nobody was hurt.\n" in message.html
    assert '<a href="https://1.example/">The Lantern</a>' in message.html
    assert message.preview is None


def test_an_event_in_two_languages_stands_once_with_a_link_to_the_other(newsroom, english, persian, accepted) -> None:
    told = Retelling(
        story_id=9, language="fa", headline="سد باز شد", outlet=Outlet("بامداد", "https://b.example/9", NOW)
    )
    item = replace(newsroom.item(1), retold=(told,))
    for view, line in ((english, "Also in Persian: بامداد"), (persian, "همین خبر به فارسی: بامداد")):
        (message,) = digest(of((Wish("topic", "world"), [item])), view, frame=FRAME)
        accepted(message)
        assert f"\n{line}\n" in shown([message])[0]
        assert 'href="https://b.example/9"' in message.html


def test_a_digest_in_persian(newsroom, persian, accepted) -> None:
    top = newsroom.item(1, others=["خبرخانه"])
    (message,) = digest(of((Wish("words", "flood"), [top])), persian, frame=FRAME)
    accepted(message)
    assert shown([message])[0] == (
        "🗞 چکیدهٔ صبح | سه‌شنبه ۳ آذر | ۱ خبر | ۱ دقیقه\n\n"
        "🔎 flood\n"
        "۱. Harbour city closes its flood gates — Coast Daily +۱ | ۰۶:۳۰\n"
        "“The gates closed on Monday.”\n"
        "The tide was high. Nobody was hurt.\n"
        "منبع‌ها: Coast Daily | خبرخانه\n\n"
        "✅ از همه‌چیز باخبرید. بعدی: فردا ۱۰:۳۰"
    )
    lines = [line for line in message.plain.split("\n") if line]
    assert [line[0] == "\u200f" for line in lines] == [True, True, True, False, False, True, True]
    assert "\u2068Coast Daily\u2069" in message.plain


def test_number_buttons_open_cards_and_stand_in_reading_order(newsroom, english, persian) -> None:
    found = of((None, [newsroom.item(number) for number in range(1, 13)]))
    for view, expected in ((english, ["1", "2", "3", "4", "5", "6"]), (persian, ["۶", "۵", "۴", "۳", "۲", "۱"])):
        keyboard = digest(found, view, frame=FRAME)[-1].keyboard.inline_keyboard
        assert [button.text for button in keyboard[0]] == expected
        assert len(keyboard) == 3
    first = digest(found, english, frame=FRAME)[-1].keyboard.inline_keyboard[0][0]
    assert decode(first.callback_data) == OpenStory(1, 7, 0)


def test_number_buttons_can_save_and_rate(newsroom, english) -> None:
    found = of((None, [newsroom.item(1), newsroom.item(2)]))

    def row(mode: str) -> list[tuple[str, object]]:
        frame = replace(FRAME, mode=mode, marked=frozenset({2}))
        buttons = digest(found, english, frame=frame)[-1].keyboard.inline_keyboard[0]
        return [(button.text, decode(button.callback_data)) for button in buttons]

    assert row("save") == [("🔖 1", SaveStory(1, 1, 7, card=0)), ("✅ 2", SaveStory(2, 0, 7, card=0))]
    assert row("like") == [("👍 1", RateStory(1, 1, 7, card=0)), ("✅ 2", RateStory(2, 0, 7, card=0))]
    assert row("dislike") == [("👎 1", RateStory(1, -1, 7, card=0)), ("✅ 2", RateStory(2, 0, 7, card=0))]


@pytest.mark.parametrize(
    ("hour", "name"),
    [(3, "Night"), (4, "Morning"), (9, "Morning"), (10, "Midday"), (14, "Midday"), (15, "Evening"), (21, "Night")],
)
def test_a_digest_is_named_by_the_readers_hour(english: View, hour: int, name: str) -> None:
    found = replace(of(), until=NOW.replace(hour=hour))
    assert title(found, english) == f"{name} digest"


def test_without_a_next_digest_none_is_promised(newsroom, english) -> None:
    found = of((None, [newsroom.item()]))
    assert shown(digest(found, english, frame=Frame(request=7)))[0].endswith("✅ You're caught up.")
    paused = shown(digest(found, english, frame=replace(FRAME, paused=True)))[0]
    assert paused.endswith("Digests are paused: /resume")


def test_sentences_with_their_own_quotation_marks_get_no_others(newsroom, english) -> None:
    found = of((None, [newsroom.item(sentences=["“We slept well,” said a baker."])]))
    assert "\n“We slept well,” said a baker.\n" in shown(digest(found, english, frame=FRAME))[0]


def test_a_story_without_sentences_is_a_headline(newsroom, english, accepted) -> None:
    (message,) = digest(of((None, [newsroom.item(sentences=[])])), english, frame=FRAME)
    assert "04:00\n\n✅" in accepted(message)


def test_times_are_live_where_readers_live_in_several_zones(newsroom, english) -> None:
    (message,) = digest(of((None, [newsroom.item()])), replace(english, live_times=True), frame=FRAME)
    assert '<tg-time unix="1795489200" format="t">04:00</tg-time>' in message.html


# ── the empty digest ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_empty_digest_explains_itself(english: View, accepted: Callable[[Message], str]) -> None:
    wishes = (Wish("topic", "business"), Wish("words", "peace talks"))
    frame = replace(FRAME, wishes=wishes)
    (message,) = digest(of(), english, frame=frame)
    assert "63 stories have come in since yesterday 06:00, none of them about Business or peace talks." in accepted(
        message
    )
    assert [[button.text for button in row] for row in message.keyboard.inline_keyboard] == [
        ["🗞 Latest news", "🏷 Topics"],
        ["🔕 Don't send empty digests"],
        ["⚙️ Settings"],
    ]
    had = digest(replace(of(), matched=1), english, frame=replace(frame, empty=False))
    assert "1 story since yesterday 06:00 is about Business or peace talks, and you have had" in shown(had)[0]
    assert had[0].keyboard.inline_keyboard[1][0].text == "🔔 Send empty digests again"


def test_an_empty_digest_of_everything(english: View) -> None:
    assert (
        "63 stories have come in since yesterday 06:00, and you have had"
        in shown(digest(of(), english, frame=FRAME))[0]
    )
    assert "No news has come in since yesterday 06:00." in shown(digest(of(considered=0), english, frame=FRAME))[0]


# ── what is more ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_update_says_so(newsroom, english, persian, accepted) -> None:
    found = of((None, [replace(newsroom.item(), update=True)]))
    assert "1. 🔁 Update: Harbour city closes its flood gates" in shown(digest(found, english, frame=FRAME))[0]
    assert "۱. 🔁 پیگیری: Harbour" in shown(digest(found, persian, frame=FRAME))[0]
    accepted(digest(found, persian, frame=FRAME)[0])


def test_what_is_left_over_has_a_button_and_its_digest_a_name(newsroom, english) -> None:
    found = replace(of((None, [newsroom.item()])), more=True, continued=True)
    (message,) = digest(found, english, frame=FRAME)
    assert decode(message.keyboard.inline_keyboard[1][0].callback_data) == MoreStories(7)
    assert shown([message])[0].startswith("🗞 More stories · Tue 24 Nov · 1 story")
    (saving,) = digest(found, english, frame=replace(FRAME, mode="save"))
    assert len(saving.keyboard.inline_keyboard) == 2


@pytest.mark.parametrize(
    ("image", "shown_above"), [("https://i.example/1.jpg", True), (None, False), ("ftp://i", False)]
)
def test_the_top_storys_picture_stands_above_where_it_is_wanted(newsroom, english, image, shown_above) -> None:
    found = of((None, [replace(newsroom.item(1), image=image), replace(newsroom.item(2), image="https://x.example/2")]))
    (message,) = digest(found, english, frame=replace(FRAME, pictures=True))
    assert message.preview == (image if shown_above else None)
    assert message.preview_large
    assert message.preview_above
    (without,) = digest(found, english, frame=FRAME)
    assert without.preview is None


def test_a_digest_as_a_rich_message(newsroom, english, persian) -> None:
    top = newsroom.item(1, "Gates <close> & open", others=["The Lantern"])
    found = of((None, [top]), (Wish("topic", "business"), [replace(newsroom.item(2), update=True)]))
    (message,) = digest(found, english, frame=replace(FRAME, rich=True))
    link = '<a href="https://coast.example/gates">'
    assert message.rich == (
        "<h3>🗞 <b>Morning digest</b> · Tue 24 Nov · 2 stories · 1 min</h3>"
        "<h4>🔥 <b>Top</b></h4>"
        f"<p>1. <b>{link}Gates &lt;close&gt; &amp; open</a></b> — Coast Daily +1 · 04:00</p>"
        "<blockquote>“The gates closed on Monday.”</blockquote>"
        "<details><summary>More</summary><p>The tide was high. Nobody was hurt.</p>"
        f'<p>Sources: {link}Coast Daily</a> · <a href="https://1.example/">The Lantern</a></p>'
        "</details>"
        "<h4><b>💼 Business</b></h4>"
        f"<p>2. 🔁 <b>{link}Harbour city closes its flood gates</a></b> — Coast Daily · 04:00</p>"
        "<blockquote>“The gates closed on Monday.”</blockquote>"
        "<details><summary>More</summary><p>The tide was high. Nobody was hurt.</p></details>"
        "<hr/><footer>✅ You're caught up. Next: tomorrow 08:00</footer>"
    )
    assert not message.rtl
    assert digest(found, persian, frame=replace(FRAME, rich=True))[0].rtl
    assert digest(found, english, frame=FRAME)[0].rich == ""
    long = long_digest(newsroom, 25)
    assert not any(message.rich for message in digest(long, english, frame=replace(FRAME, rich=True)))


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────

SENTENCE = "The ministers of five island states signed a plan for cables that will be laid across the straits by 2031."


def long_digest(newsroom, count: int) -> Digest:
    others = ["The Lantern", "Ledger", "Weltblick", "Bamdad", "Kurier"]
    items = [
        newsroom.item(n, f"Headline number {n} of a long day", others=others, sentences=[SENTENCE] * 5)
        for n in range(1, count + 1)
    ]
    return of((None, items[:3]), (Wish("topic", "world"), items[3:]))


@pytest.mark.parametrize("count", [1, 7, 12])
def test_a_digest_of_the_usual_size_is_one_message(newsroom, view, accepted, count: int) -> None:
    messages = digest(long_digest(newsroom, count), view, frame=FRAME)
    assert len(messages) == 1
    accepted(messages[0])


def test_the_first_stories_get_the_most_detail(newsroom, english) -> None:
    (part,) = digest_body(long_digest(newsroom, 7), english).parts
    stories = part.plain.split("\n\n")
    sentences = [story.count("The ministers") for story in stories]
    assert sentences == sorted(sentences, reverse=True)
    assert sentences[0] > sentences[-1] >= 1


def test_what_does_not_fit_one_message_goes_into_silent_ones_with_the_buttons_on_the_last(
    newsroom, view, accepted
) -> None:
    messages = digest(long_digest(newsroom, 25), view, frame=FRAME)
    assert len(messages) in {2, 3}
    assert [message.silent for message in messages] == [False] + [True] * (len(messages) - 1)
    assert [message.keyboard is None for message in messages] == [True] * (len(messages) - 1) + [False]
    for message in messages:
        accepted(message)
    whole = "\n\n".join(shown(messages))
    assert all(f"Headline number {number} of" in whole for number in range(1, 26))


def test_a_body_is_shared_by_readers_with_the_same_key(newsroom, english, persian) -> None:
    found = long_digest(newsroom, 5)
    body = digest_body(found, english)
    assert digest(found, english, frame=FRAME, body=body) == digest(found, english, frame=FRAME)
    later = replace(english, now=NOW + timedelta(hours=1))
    tomorrow = replace(english, now=NOW + timedelta(days=1))
    assert body_key(3, english) == body_key(3, later)
    assert len({body_key(3, english), body_key(4, english), body_key(3, persian), body_key(3, tomorrow)}) == 4
    assert body_key(3, replace(english, live_times=True)) != body_key(3, english)


def test_a_body_is_shared_over_zones_whose_clocks_stood_alike() -> None:
    def key(zone: str, *moment: int, language: str = "en") -> Hashable:
        reader = Subscriber(id=1, chat_id=1, timezone=zone, language=language, created_at=NOW)
        return body_key(3, view_of(reader, datetime(*moment, 8, tzinfo=UTC)))

    assert key("Europe/Paris", 2026, 11, 24) == key("Europe/Berlin", 2026, 11, 24) == key("Africa/Tunis", 2026, 11, 24)
    assert key("Europe/Paris", 2026, 11, 24) != key("Europe/London", 2026, 11, 24)
    assert key("Europe/Paris", 2026, 10, 26) == key("Europe/Berlin", 2026, 10, 26) != key("Africa/Tunis", 2026, 10, 26)
    assert key("Asia/Kabul", 2026, 11, 24, language="fa") != key("Asia/Tehran", 2026, 11, 24, language="fa")


texts = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.sampled_from(
        ["<3 & <b>", "\ud83d", "\u202e\u2066", "x " * 2500, "#a @b " * 40, "http://a.example " * 20, "\n\n"]
    ),
)
items = st.builds(
    Item,
    story_id=st.integers(0, 2**63 - 1),
    article_id=st.integers(0, 2**63 - 1),
    headline=texts,
    url=st.one_of(texts, st.just("https://news.example/?a=1&b=2")),
    source=texts,
    published=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    language=st.sampled_from(["en", "fa", "de", "xx", ""]),
    quotes=st.lists(
        st.builds(Quote, texts, st.integers(0, 900), st.integers(0, 999), st.integers(1, 9)), max_size=6
    ).map(tuple),
    outlets=st.lists(st.builds(Outlet, texts, texts, st.just(NOW)), max_size=8).map(tuple),
)
wishes = st.one_of(st.none(), st.builds(Wish, st.sampled_from(["topic", "words"]), texts))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(wishes, st.lists(items, min_size=1, max_size=8)), max_size=4), st.booleans())
def test_no_digest_of_hostile_stories_is_refused(english, persian, accepted, sections, rtl: bool) -> None:
    found = of(*sections)
    messages = digest(found, persian if rtl else english, frame=FRAME)
    assert 1 <= len(messages) <= 3
    for message in messages:
        accepted(message)
    assert all(part.fits(BODY) for part in digest_body(found, english).parts)
