"""Sources with how much of each is wanted, what a 👎 meant, and what was learned."""

from datetime import timedelta

from bot.callbacks import (
    LessOf,
    OpenSource,
    OpenStory,
    OwnFeeds,
    ShowList,
    SwitchLearning,
    Unlearn,
    WantSource,
    decode,
    key,
)
from bot.render import Origin, learning
from digests.model import Leaning, Source

INVISIBLE = dict.fromkeys(map(ord, "\u2068\u2069\u200e\u200f"))


def targets(message) -> list[object]:
    return [decode(button.callback_data) for row in message.keyboard.inline_keyboard for button in row]


def labels(message) -> list[str]:
    return [button.text for row in message.keyboard.inline_keyboard for button in row]


def test_sources_say_how_much_of_them_is_wanted(newsroom, english, accepted) -> None:
    listed = [
        Source(id=1, name="Ledger <1>", languages=("en",)), Source(id=2, name="بامداد", languages=("fa",)),
        Source(id=3, name="Daily"), Source(id=4, name="Post"),
    ]  # fmt: skip
    leanings = (Leaning("source", "Daily", 1), Leaning("source", "Post", -1), Leaning("topic", "Ledger <1>", 1))
    reader = newsroom.subscriber(muted_sources=("Ledger <1>",), leanings=leanings)
    message = learning.sources(listed, reader, english, request=3, total=40, page=1, size=4)
    assert (
        accepted(message)
        .translate(INVISIBLE)
        .startswith(
            "📰 Sources · 40 sources\n\n5. 🔇 Ledger <1> · English\n6. بامداد · Persian\n7. ➕ Daily\n8. ➖ Post\n\n"
        )
    )
    numbers = [OpenSource(n, 3, 1) for n in (1, 2, 3, 4)]
    assert targets(message) == [*numbers, ShowList(3, 0), ShowList(3, 2), OwnFeeds()]


def test_no_sources(newsroom, english, accepted) -> None:
    def told(**options: object) -> str:
        return accepted(learning.sources([], newsroom.subscriber(), english, request=3, total=0, **options))

    assert "No sources yet" in told()
    assert "no source of that name" in told(typed="x")
    assert "That was all" in told(page=3)


def test_one_source(newsroom, english, accepted) -> None:
    one = Source(id=7, name="Daily", articles=12, last_article_at=english.now - timedelta(hours=1))
    message = learning.source(one, newsroom.subscriber(), english, request=3, page=1)
    assert accepted(message).startswith("📰 Daily\n12 articles stored · latest 05:00\n\nIts stories count")
    assert targets(message) == [WantSource(7, wanted, 3, 1) for wanted in (1, 0, -1, -2)] + [ShowList(3, 1)]
    assert labels(message)[1] == "✅ 🟰 As it is"
    muted = learning.source(one, newsroom.subscriber(muted_sources=("Daily",)), english, request=0, page=0)
    assert "✅ 🔇 Never" in labels(muted)
    assert "nothing of it" in accepted(muted)


def test_what_a_thumb_meant(newsroom, view, accepted) -> None:
    item = newsroom.item(5)
    message = learning.less_of(item, view, about="source", origin=Origin(request=7, page=1))
    accepted(message)
    about = ["topic"] if item.topics else []
    meant = [LessOf(5, each, 7, 1) for each in (*about, "source", "story")]
    assert targets(message) == [*meant, OpenStory(5, 7, 1)]
    assert labels(message)[len(about)].startswith("✅")


def test_what_was_learned_is_seen_and_forgotten(newsroom, english, accepted) -> None:
    leanings = (
        Leaning("topic", "sports", 0, -1.0, english.now),
        Leaning("source", "Daily", 1, 3.0, english.now),
        Leaning("source", "Post", 0, 0.5, english.now),
        Leaning("source", "Faint", 0, 0.5, english.now - timedelta(days=170)),
        Leaning("source", "Chosen", -1),
    )
    message = learning.learned(newsroom.subscriber(leanings=leanings), english)
    text = accepted(message)
    assert "• ⚽ Sports: −1\n• 📰 Daily: +2, but you set it yourself\n• 📰 Post: ±0" in text
    assert "Faint" not in text
    assert "Chosen" not in text
    assert targets(message)[:5] == [
        Unlearn(key("tsports")), Unlearn(key("sDaily")), Unlearn(key("sPost")), Unlearn("all"), SwitchLearning(0),
    ]  # fmt: skip


def test_nothing_learned_and_learning_switched_off(newsroom, english, accepted) -> None:
    assert "Nothing yet" in accepted(learning.learned(newsroom.subscriber(), english))
    off = learning.learned(newsroom.subscriber(learning=False), english)
    assert "Learning is off" in accepted(off)
    assert targets(off)[0] == SwitchLearning(1)
