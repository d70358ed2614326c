"""Headlines that no editor prints weigh little; news keeps its weight."""

import pytest

from digests.newsworthy import newsworthiness


@pytest.mark.parametrize(
    "title",
    [
        "Horoscope for Tuesday: what the stars have in store",
        "فال روز سه‌شنبه ۳ آذر ۱۴۰۵",
        "Гороскоп на 24 ноября для всех знаков",
        "Powerball winning numbers for Monday",
        "Best Black Friday deals on headphones",
        "Rovers v Blues: betting odds and predictions",
        "In pictures: the flood in Rudafarin",
        "گزارش تصویری | برف در پرنیان‌شهر",
        "Watch: penguins march through the harbour",
        "Ferry rescued off Wexmouth – video",
        "Видео: паром спасли у берега",
        "Wordle hints and answer for today",
        "IMG_0665.JPG",
        "Exclusive",
        "What to watch on TV tonight",
    ],
)
def test_what_is_no_news_weighs_little(title: str) -> None:
    assert newsworthiness(title, 3) <= 0.4


@pytest.mark.parametrize(
    "title",
    [
        "Seventh round of peace talks begins in Lindavar",
        "Video of the flood leads to the arrest of three officials",
        "Police watch harbour after third theft of the week",
        "Online deal saves 4,000 jobs at shipyard",
        "Court allows live facial recognition in stations",
        "مذاکرات صلح ایسا: نام ۳۸۲ زندانی در دو فهرست یکی شد",
        "Фильм о наводнении получил главный приз фестиваля",
        "Regierung will Werbung für Glücksspiel verbieten",
        "日本銀行が利上げを決定",
        "Photographs from 1911 found in attic of town hall",
    ],
)
def test_news_keeps_its_weight(title: str) -> None:
    assert newsworthiness(title, 3) == 1.0


def test_opinion_and_live_pages_weigh_less_than_reports() -> None:
    assert newsworthiness("Opinion: the rate cut comes too late", 3) == 0.5
    assert newsworthiness("Storm live updates: ferries stopped, schools closed", 3) < 1.0


def test_an_article_without_a_sentence_to_quote_weighs_less() -> None:
    assert newsworthiness("Seventh round of peace talks begins in Lindavar", 0) == 0.3
