from dataclasses import dataclass

import pytest

from digests.topic_vocabulary import described, languages, regions
from digests.topics import LEAST, MOST, TOPICS, classify, match, rank, resolve, title_of, vote, words_of

LANGUAGES = ["en", "fa", "ar", "ru", "uk", "de", "fr", "es", "pt", "it", "tr", "hi", "zh", "ja", "id", "ur", "ps"]


@dataclass(frozen=True)
class Article:
    id: str
    title: str
    text: str = ""
    language: str = "en"


def best(title: str, text: str = "", *, language: str = "en") -> str | None:
    return next((topic for topic, _ in classify(title, text, language=language)), None)


@pytest.mark.parametrize(
    ("title", "language", "topic"),
    [
        ("Striker scores twice as champions win the cup final", "en", "sports"),
        ("Central bank raises interest rates to fight inflation", "en", "business"),
        ("Parliament votes on the new electoral law", "en", "politics"),
        ("New vaccine protects patients against malaria", "en", "health"),
        ("Astronomers find a planet around a distant star", "en", "science"),
        ("Smartphone maker shows its new processor", "en", "technology"),
        ("Carbon emissions must fall to slow global warming", "en", "climate"),
        ("Actress wins award at the film festival", "en", "entertainment"),
        ("Bundesliga: Stürmer trifft zum Sieg im Finale", "de", "sports"),
        ("La banque centrale relève ses taux face à l'inflation", "fr", "business"),
        ("Учёные нашли новую планету с помощью телескопа", "ru", "science"),
        ("Лікарі розповіли про нову вакцину для пацієнтів", "uk", "health"),
        ("تیم ملی فوتبال در فینال جام جهانی پیروز شد", "fa", "sports"),
        ("شهرآورد با هت‌تریک طارمی تمام شد", "fa", "sports"),
        ("البنك المركزي يرفع أسعار الفائدة بسبب التضخم", "ar", "business"),
        ("El equipo gana la final con dos goles del delantero", "es", "sports"),
        ("Banco central sobe os juros contra a inflação", "pt", "business"),
        ("Il portiere para il rigore e la squadra vince la partita", "it", "sports"),
        ("Merkez bankası faiz kararını açıkladı, enflasyon düştü", "tr", "business"),
        ("क्रिकेट टीम ने विश्व कप का मैच जीता", "hi", "sports"),
        ("央行加息 股市下跌", "zh", "business"),
        ("サッカー日本代表が決勝で勝利", "ja", "sports"),
        ("Timnas menang di final piala dunia sepak bola", "id", "sports"),
        ("کرکٹ ٹیم نے ورلڈ کپ کا میچ جیت لیا", "ur", "sports"),
        ("د کرېکټ ملي لوبډلې سیالي وګټله", "ps", "sports"),
    ],
)
def test_the_words_of_a_title_tell_its_topic(title: str, language: str, topic: str) -> None:
    assert best(title, language=language) == topic


def test_shares_are_ordered_and_add_up_to_one() -> None:
    found = classify("Doctors warn of a virus", "Hospitals treat patients while parliament debates.", language="en")
    shares = [share for _, share in found]

    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1.0)
    assert {topic for topic, _ in found} <= set(TOPICS)


def test_a_text_without_known_words_has_no_topic() -> None:
    assert classify("Xyzzy plugh", "", language="en") == []
    assert classify("", "", language="fa") == []


def test_the_title_counts_more_than_the_text() -> None:
    assert best("Football coach", "The hospital") == "sports"
    assert best("The hospital", "Football coach") == "health"


def test_several_words_must_stand_side_by_side() -> None:
    together = dict(classify("Sea level report", "", language="en"))
    apart = dict(classify("Level report by the sea", "", language="en"))

    assert "climate" in together
    assert "climate" not in apart


def test_war_is_also_news_of_the_world() -> None:
    assert "world" in dict(classify("Airstrikes and artillery", "", language="en"))


@pytest.mark.parametrize(
    ("title", "language", "region"),
    [
        ("Talks in Nairobi, Kenya", "en", "africa"),
        ("Gespräche in Teheran, Iran", "de", "middle-east"),
        ("Встреча в Бразилии", "ru", "americas"),
        ("印度尼西亚", "zh", "asia"),
        ("La Norvège et la Suède", "fr", "europe"),
    ],
)
def test_names_of_countries_tell_the_region(title: str, language: str, region: str) -> None:
    assert region in dict(classify(title, "", language=language))


def test_a_language_without_a_vocabulary_is_read_with_the_english_one() -> None:
    assert best("NATO, FIFA, NASA", language="nl") in TOPICS


# ── vote ──


def test_a_story_has_the_topics_of_most_of_its_articles() -> None:
    assert vote([[("sports", 1.0)], [("sports", 0.6), ("health", 0.4)], [("health", 1.0)]])[0][0] == "sports"


def test_the_feeds_category_comes_before_the_words() -> None:
    assert vote([[("sports", 0.9), ("business", 0.1)]], categories=[["business"]])[0][0] == "business"


def test_a_feed_that_carries_everything_does_not_outvote_the_words() -> None:
    assert vote([[("sports", 1.0)]], categories=[["world"]])[0][0] == "sports"


def test_a_feeds_categories_share_its_vote() -> None:
    topics = dict(vote([], categories=[["science", "technology"]]))

    assert topics == {"science": 0.5, "technology": 0.5}


def test_topics_with_few_votes_are_left_out() -> None:
    many = [(topic, 1 / len(TOPICS)) for topic in TOPICS]

    assert vote([[("sports", 1.0 - LEAST / 2), ("health", LEAST / 2)]]) == (("sports", pytest.approx(0.95)),)
    assert vote([many]) == ()
    assert len(vote([[(topic, 0.2) for topic in TOPICS[:5]]])) == MOST


def test_nothing_known_means_no_topic() -> None:
    assert vote([]) == ()
    assert vote([[]], categories=[]) == ()


# ── names ──


def test_there_are_the_topics_that_readers_expect() -> None:
    assert set(TOPICS) >= {
        "world", "politics", "business", "technology", "science", "health", "climate", "sports", "entertainment",
        "culture", "conflict", "education", "travel", "crime", "middle-east", "europe", "asia", "africa", "americas",
    }  # fmt: skip
    assert regions() == {"middle-east", "europe", "asia", "africa", "americas"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_name_and_words_in_every_language(topic: str, language: str) -> None:
    name = title_of(topic, language)

    assert resolve(name, language) == topic
    assert len(described()[topic]["words"][language].split(",")) >= 8


def test_languages_with_a_vocabulary() -> None:
    assert languages() == set(LANGUAGES)


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("sports", "sports"),
        ("SPORT", "sports"),
        ("middle east", "middle-east"),
        ("Middle-East", "middle-east"),
        ("Économie", "business"),
        ("economie", "business"),
        ("ورزشي", "sports"),
        ("  Климат ", "climate"),
        ("体育", "sports"),
        ("Afghanistan peace talks", None),
        ("", None),
    ],
)
def test_what_a_reader_types_for_a_topic(name: str, topic: str | None) -> None:
    assert resolve(name) == topic


def test_a_topic_has_its_english_title_where_a_language_has_none() -> None:
    assert title_of("sports", "nl") == title_of("sports", "en")


# ── free text ──

NEWS = [
    Article("talks", "Peace talks on Afghanistan resume in Doha", "Delegates met to talk about peace in Afghanistan."),
    Article("cricket", "Afghanistan win the cricket series", "Bowlers of Afghanistan took nine wickets."),
    Article("budget", "Parliament passes the budget", "Members voted after long talks."),
    Article("fa", "مذاکرات صلح افغانستان از سر گرفته شد", "نمایندگان درباره صلح گفتگو کردند.", "fa"),
]  # fmt: skip


def test_match_sends_what_covers_the_query_and_nothing_else() -> None:
    assert match("Afghanistan peace talks", NEWS) == ["talks"]


def test_rank_orders_all_that_share_a_word() -> None:
    assert rank("Afghanistan peace talks", NEWS) == ["talks", "cricket", "budget"]


def test_inflected_forms_match() -> None:
    assert match("afghanistan's peace talk", NEWS) == ["talks"]


def test_variants_of_letters_match() -> None:
    assert match("مذاكرات صلح افغانستان", NEWS) == ["fa"]


def test_an_article_that_only_mentions_a_word_is_not_about_it() -> None:
    passing = Article("passing", "A long walk through the city", "bridge " + " ".join(f"word{n}" for n in range(900)))
    about = Article("about", "The bridge", "The bridge opened; the bridge is long.")

    assert match("bridge", [passing, about, *NEWS]) == ["about"]


def test_a_query_without_words_matches_nothing() -> None:
    assert match("…", NEWS) == []
    assert rank("", NEWS) == []
    assert match("peace", []) == []


def test_the_words_that_tell_a_topic_are_named_as_the_article_has_them() -> None:
    found = words_of("Champions win the cup final", "“Goals” by the champions; global warming.", language="en")
    assert found["sports"][:2] == ["Champions", "win"]
    assert "Goals" in found["sports"]
    assert found["climate"][0] == "global warming"
    assert words_of("央行加息 股市下跌", "", language="zh")["business"]
    assert words_of("Xyzzy plugh", "", language="en") == {}
