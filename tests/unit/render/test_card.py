"""A story's card, and the answers behind its buttons."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.callbacks import (
    How,
    Latest,
    LeanHere,
    MoreFrom,
    MuteChoices,
    MuteSource,
    MuteWords,
    OpenArticle,
    OpenStory,
    RateStory,
    SaveStory,
    ShowList,
    Why,
    decode,
    key,
)
from bot.render import CardState, Origin, article_item, card, explain
from digests.model import Article, Leaning, Quote, Wish

INVISIBLE = dict.fromkeys(map(ord, "\u2068\u2069\u200e\u200f"))

TEXT = (
    "KABUL – Envoys sat down on Saturday for a seventh round of talks that both sides call decisive. "
    "They want to agree on a date by which foreign troops leave. "
    "“We expect a result,” one of the envoys said. "
    "Elections are due in autumn."
)


def talks() -> Article:
    """What an article page of the site that this project started from shows, as an article."""
    chosen = [
        "They want to agree on a date by which foreign troops leave.",
        "“We expect a result,” one of the envoys said.",
    ]
    quotes = [Quote(text, TEXT.index(text), TEXT.index(text) + len(text), rank) for rank, text in enumerate(chosen, 1)]
    return Article(
        id=900,
        url="https://japantimes.example/talks",
        source="Japan Times",
        title="Talks to end the Afghan war reach their decisive moment",
        language="en",
        published=datetime(2019, 6, 29, 9, 30, tzinfo=UTC),
        story_id=77,
        topics=(("conflict", 0.9),),
        quotes=tuple(quotes),
    )


def buttons(message) -> dict[str, object]:
    rows = message.keyboard.inline_keyboard
    return {
        button.text.translate(INVISIBLE): button.url or decode(button.callback_data) for row in rows for button in row
    }


def test_a_card_has_all_parts_of_an_article_page(newsroom, english, accepted) -> None:
    message = card(
        article_item(talks()),
        english,
        more_from_source=[newsroom.article(1, "Bullet trains to run on time again", source="Japan Times")],
        latest=[newsroom.article(2, "Grid for five islands agreed")],
        origin=Origin(request=7, page=2),
    )
    assert accepted(message).translate(INVISIBLE) == (
        "Talks to end the Afghan war reach their decisive moment\n"
        "29 Jun 2019, 11:30 · Japan Times\n\n"
        "They want to agree on a date by which foreign troops leave. “We expect a result,” one of the envoys said.\n\n"
        "More from Japan Times\n"
        "• Bullet trains to run on time again — 05:00\n\n"
        "Latest news\n"
        "• Grid for five islands agreed — The Lantern · 04:00"
    )
    assert message.html.startswith('<b><a href="https://japantimes.example/talks">Talks')
    assert "<blockquote>They want" in message.html
    assert message.preview == "https://japantimes.example/talks"
    assert buttons(message) == {
        "📄 Open original": "https://japantimes.example/talks",
        "🗂 More from Japan Times": MoreFrom(900),
        "🗞 Latest news": Latest(),
        "🔖 Save": SaveStory(77, 1, 7, 2),
        "👍": RateStory(77, 1, 7, 2),
        "👎": RateStory(77, -1, 7, 2),
        "↗️ Share": "https://t.me/share/url?url=https%3A%2F%2Fjapantimes.example%2Ftalks",
        "🎚 More, less, mute…": MuteChoices(900, 7, 2),
        "🔍 How summarised": How(900, 7, 2),
        "💡 Why this?": Why(77, 7, 2),
        "‹ Back": ShowList(7, 2),
    }


def test_a_card_in_persian_keeps_names_in_their_place(newsroom, persian, accepted) -> None:
    message = card(article_item(talks()), persian, latest=[newsroom.article(2)])
    text = accepted(message)
    assert text.startswith(
        "Talks to end the Afghan war reach their decisive moment\n\u200f۸ تیر ۱۳۹۸، ۱۴:۰۰ | \u2068Japan Times\u2069\n"
    )
    assert "تازه‌ترین خبرها" in text
    assert "🗂 بیشتر از Japan Times" in buttons(message)
    assert message.keyboard.inline_keyboard[1][-1].text.startswith("🗂")


def test_a_card_shows_what_the_reader_did_and_lets_it_be_undone(newsroom, english) -> None:
    state = CardState(saved=True, vote=1)
    shown = buttons(card(newsroom.item(5), english, state=state))
    assert shown["✅ Saved"] == SaveStory(5, 0)
    assert shown["✅ 👍"] == RateStory(5, 0)
    assert shown["👎"] == RateStory(5, -1)
    assert "‹ Back" not in shown


def test_all_who_reported_stand_on_the_card_with_their_times(newsroom, english, accepted) -> None:
    text = accepted(card(newsroom.item(others=[f"Outlet {number}" for number in range(1, 11)]), english))
    assert "Reported by 11 sources:\nCoast Daily 04:00 (first)\nOutlet 1 04:01\n" in text
    assert "\nOutlet 10 04:10" in text
    few = accepted(card(newsroom.item(others=["The Lantern"]), english))
    assert "Reported by 2 sources: Coast Daily 04:00 (first) · The Lantern 04:01" in few
    many = accepted(card(newsroom.item(others=[f"Outlet {number}" for number in range(1, 60)]), english))
    assert many.count("Outlet") == 23
    assert "\n+36" in many


def test_related_stories_are_numbered_and_open_their_cards(newsroom, english, persian, accepted) -> None:
    message = card(
        newsroom.item(), english, related=[newsroom.article(3, "Storm ahead")], origin=Origin(request=7, page=2)
    )
    assert "Related\n🧵 1. Storm ahead — The Lantern · 03:00" in accepted(message)
    assert buttons(message)["🧵 1"] == OpenStory(3, 7, 2)
    accepted(card(newsroom.item(), persian, related=[newsroom.article(3, "Storm ahead")]))


def test_the_source_and_words_of_a_headline_can_be_muted(newsroom, view, accepted) -> None:
    reader = newsroom.subscriber(mutes=("storm",), muted_sources=("Coast Daily",))
    message = explain.mutes(newsroom.item(5), ["Storm", "gates"], reader, view, origin=Origin(request=7, page=1))
    accepted(message)
    assert set(buttons(message).values()) == {
        LeanHere(105, 1, 7, 1),
        LeanHere(105, -1, 7, 1),
        MuteSource(105, 0, 7, 1),
        MuteWords(105, key("Storm"), 0, 7, 1),
        MuteWords(105, key("gates"), 1, 7, 1),
        OpenStory(5, 7, 1),
    }


def test_the_latest_news_leave_the_story_itself_out(newsroom, english) -> None:
    message = card(newsroom.item(1), english, latest=[newsroom.article(1, "This very story")])
    assert "This very story" not in message.plain


def test_an_article_without_a_story_can_be_neither_saved_nor_rated(english) -> None:
    shown = buttons(card(article_item(replace(talks(), story_id=None)), english))
    assert not {"🔖 Save", "👍", "👎", "💡 Why this?"} & set(shown)
    assert "🔍 How summarised" in shown


def test_an_article_without_sentences_says_so(newsroom, english, accepted) -> None:
    assert "has no text in its feed" in accepted(card(newsroom.item(sentences=[]), english))


def test_an_address_that_may_not_be_linked_gets_no_button(newsroom, english, accepted) -> None:
    message = card(newsroom.item(url="javascript:alert(1)"), english)
    accepted(message)
    assert "📄 Open original" not in buttons(message)
    assert "javascript" not in message.html


# ── how and why ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_how_an_article_was_summarised(english, accepted) -> None:
    message = explain.how_summarised(article_item(talks()), TEXT, english, origin=Origin(request=7))
    text = accepted(message)
    assert "□■■□\n■ quoted · □ left out" in text
    assert "★ Sentence 2 of 4\nThey want to agree on a date" in text
    assert "\nSentence 3 of 4\n“We expect a result,”" in text
    assert buttons(message) == {"‹ Back to the story": OpenStory(77, 7)}


def test_how_without_the_text_still_shows_the_sentences(english, accepted) -> None:
    message = explain.how_summarised(article_item(replace(talks(), story_id=None)), "", english)
    assert "Sentence" not in accepted(message)
    assert "“We expect a result,” one of the envoys said." in message.plain
    assert buttons(message) == {"‹ Back to the story": OpenArticle(900)}


def test_why_names_what_moved_it(newsroom, english, accepted) -> None:
    item = replace(newsroom.item(others=["Ledger"]), topics=("science",))
    reader = newsroom.subscriber(
        wishes=(),
        leanings=(
            Leaning("source", "Coast Daily", 1), Leaning("topic", "science", 0, -3.0, english.now),
            Leaning("source", "Ledger", 0, 1.5, english.now), Leaning("source", "Elsewhere", -1),
        ),
    )  # fmt: skip
    text = accepted(explain.why(item, reader, english))
    assert "• You disliked stories of 🔬 Science, so they count for less.\n" in text
    assert "• You asked for more of 📰 Coast Daily.\n" in text
    assert "• You liked stories of 📰 Ledger, so they count for more.\n" in text
    assert "Elsewhere" not in text
    assert "You liked" not in accepted(explain.why(item, replace(reader, learning=False), english))


def test_why_names_the_wishes_and_the_sources(newsroom, english, accepted) -> None:
    nobody = newsroom.subscriber(wishes=())
    reasons = (("importance", 2.0), ("topic:science", 0.8), ("words:peace talks", 0.61))
    text = accepted(explain.why(newsroom.item(others=["Ledger"], reasons=reasons), nobody, english))
    assert "• You follow 🔬 Science, and it belongs there.\n" in text
    assert "• You follow peace talks; the match is 61%.\n" in text
    assert "• 2 sources report it: Coast Daily · Ledger\n" in text
    assert "• First: Coast Daily, 04:00" in text


def test_why_without_a_reason_on_record(newsroom, english, persian, accepted) -> None:
    nobody = newsroom.subscriber(wishes=())
    assert "You follow 🌍 World" in accepted(
        explain.why(newsroom.item(), newsroom.subscriber(wishes=(Wish("topic", "world"),)), english)
    )
    assert "most important stories in your languages" in accepted(explain.why(newsroom.item(), nobody, english))
    assert "You had this story" in accepted(explain.why(replace(newsroom.item(), update=True), nobody, english))
    assert "Published: 04:00" in accepted(explain.why(newsroom.item(), nobody, english))
    alone = newsroom.item(reasons=(("importance", 0.3), ("publishers", 1.0)))
    assert "Only one source has it so far" in accepted(explain.why(alone, nobody, english))
    assert "فقط یک منبع" in accepted(explain.why(alone, nobody, persian))
    assert "به زبان‌های شماست" in accepted(explain.why(newsroom.item(), nobody, persian))


def test_a_card_is_shared_through_inline_mode_where_there_is_one(english, newsroom, accepted):
    def button(**state):
        shown = card(newsroom.item(7), english, state=CardState(**state))
        accepted(shown)
        return next(one for row in shown.keyboard.inline_keyboard for one in row if "Share" in one.text)

    assert button(inline=True).switch_inline_query == "story:7"
    assert button().url == "https://t.me/share/url?url=https%3A%2F%2Fcoast.example%2Fgates"
