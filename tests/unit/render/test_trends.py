"""The week's news: the picture's texts, the picture itself, and what its caption says."""

from dataclasses import replace
from datetime import date, timedelta

from bot.playground.api.files import image_size
from bot.render import chart, trends
from digests.trends import Trend, Trends

DAYS = tuple(date(2026, 11, 24) - timedelta(days=back) for back in reversed(range(7)))
INVISIBLE = dict.fromkeys(map(ord, "\u2068\u2069\u200e\u200f"))
FOUND = Trends(
    DAYS,
    Trend("", (20, 20, 20, 20, 20, 20, 20), 100),
    (
        Trend("politics", (9, 9, 9, 9, 9, 9, 9), 70),
        Trend("science", (5, 5, 5, 5, 5, 5, 5), 20),
        Trend("sports", (1, 1, 1, 1, 1, 1, 1), 30),
        *(Trend(name, (1, 0, 0, 0, 0, 0, 0), 0) for name in ("world", "food", "travel", "space", "cars", "games")),
    ),
    (Trend("peace talks", (0, 3, 0, 0, 0, 9, 0), 0),),
)


def test_the_caption_says_the_main_facts(english, accepted) -> None:
    message = trends.trends(FOUND, english, followed=(), picture=b"png")
    assert accepted(message).translate(INVISIBLE) == (
        "📈 In the news this week · 18 Nov – 24 Nov 2026\n\n"
        "140 stories, 40% more than the week before.\n"
        "Most told: 🏛 Politics 63 · 🔬 Science 35 · ⚽ Sports 7\n"
        "Rose most: 🔬 Science, by 75%\n"
        "Fell most: ⚽ Sports, by 77%\n\n"
        "🔎 peace talks: 12 stories"
    )
    assert message.attachment is not None
    assert message.attachment.photo
    assert len(message.plain) < 1024


def test_the_caption_of_a_quiet_week(english, persian, accepted) -> None:
    quiet = Trends(DAYS, Trend("", (0,) * 7, 9), ())
    assert "No story has come in this week." in accepted(trends.trends(quiet, english, followed=(), picture=None))
    new = Trends(DAYS, Trend("", (1,) * 7, 0), ())
    assert "7 stories in all." in accepted(trends.trends(new, english, followed=(), picture=None))
    fewer = replace(FOUND, all=Trend("", (1,) * 7, 70))
    assert "۷ خبر، ۹۰٪ کمتر از هفتهٔ پیش." in accepted(trends.trends(fewer, persian, followed=(), picture=None))


def test_topics_that_are_followed_are_always_shown() -> None:
    assert [trend.name for trend in trends.chosen(FOUND, ())][-1] == "space"
    shown = [trend.name for trend in trends.chosen(FOUND, ("games",))]
    assert shown[-1] == "games"
    assert len(shown) == trends.MOST_TOPICS


def test_the_picture_is_in_the_readers_language_with_english_behind_it(english, persian) -> None:
    own, fallback = trends.charts(FOUND, persian, followed=())
    assert own.title == "این هفته در خبرها"
    assert own.rtl
    assert own.bars[0].name == "سیاست"
    assert own.bars[0].figure == "۶۳"
    assert own.words[0].figure == "۱۲ خبر"
    assert max(map(len, own.days)) == 1
    assert fallback.title == "In the news this week"
    assert fallback.days == ("Wed", "Thu", "Fri", "Sat", "Sun", "Mon", "Tue")
    assert not trends.charts(FOUND, english, followed=())[0].rtl


def test_the_picture_is_one_that_telegram_takes(persian) -> None:
    charts = trends.charts(FOUND, persian, followed=())
    picture = chart.draw(charts)
    assert image_size(picture) == (1140, chart.height_of(charts[0]) * 3 // 2)
    assert len(picture) < 300_000
    assert image_size(chart.draw([replace(charts[0], words=(), bars=charts[0].bars[:1], legend="")])) is not None


def test_where_a_letter_is_in_no_font_the_picture_is_in_english(english) -> None:
    assert chart.can_write("سیاست، Politik, Политика")
    assert not chart.can_write("\U00013000")
    own, fallback = trends.charts(FOUND, english, followed=())
    odd = replace(own, title="\U00013000", words=())
    assert chart.draw([odd, fallback]) == chart.draw([fallback])
