import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sumy.models.dom import ObjectDocumentModel, Sentence
from sumy.summarizers._summarizer import AbstractSummarizer

from digests.summarize import quotes, summarize
from digests.text.language import SUPPORTED
from digests.text.summarizer import READ, WORDS, NewsSummarizer, NewsTokenizer

TITLE = "Harbour bridge to close for two years"
ARTICLE = """By Ada Holt

KISUMU (Reuters) - The harbour bridge will close for two years from May, the city council decided on Monday.

Sign up for our morning newsletter to get the news first.

WHAT HAPPENS NOW

Engineers found cracks in three of the bridge's eleven piers during an inspection in March.
But they called the cracks small. The mayor, Tom Reyes, had promised to keep the bridge open during the repairs.
He now wants a ferry to carry buses across the harbour.

Photo: Mia Frost/Getty Images

The repairs will cost 48 million shillings, a third more than was planned a year ago.
The harbour bridge will close for two years from May, the council decided in its session on Monday.
"We looked at it twice, and then we looked at it again", Reyes said. What will the ferry cost?
Shop owners near the harbour expect to lose half of their customers.
"It is a disaster for us.

Read more: The bridge and the river
"""

PERSIAN = """به گزارش خبرنگار ما از رشت، پل قدیمی بندر از اردیبهشت برای دو سال بسته می‌شود.
مهندسان در بازرسی اسفند ماه در سه پایه از یازده پایه پل ترک دیده‌اند.
وی افزود: این ترک‌ها کوچک است.
هزینه تعمیر پل ۴۸ میلیارد تومان برآورد شده که یک سوم بیشتر از برآورد سال گذشته است.
بیشتر بخوانید: پل و رودخانه
انتهای پیام/"""


def test_sentences_are_verbatim_in_order_and_ranked():
    found = quotes(ARTICLE, title=TITLE, sentences=5)
    assert [quote.text for quote in found] == [ARTICLE[quote.start : quote.end] for quote in found]
    assert [quote.start for quote in found] == sorted(quote.start for quote in found)
    assert sorted(quote.rank for quote in found) == list(range(1, len(found) + 1))
    assert summarize(ARTICLE, title=TITLE, sentences=5) == [quote.text for quote in found]


def test_the_news_comes_first_without_its_dateline():
    best = min(quotes(ARTICLE, title=TITLE), key=lambda quote: quote.rank)
    assert best.text == "The harbour bridge will close for two years from May, the city council decided on Monday."


@pytest.mark.parametrize("sentences", [1, 2, 3, 5, 20])
def test_what_is_not_of_the_article_never_enters(sentences):
    text = " ".join(summarize(ARTICLE, title=TITLE, sentences=sentences))
    for part in ("Ada Holt", "Reuters", "newsletter", "WHAT HAPPENS", "Mia Frost", "Read more", "disaster"):
        assert part not in text


@pytest.mark.parametrize("sentences", range(1, 10))
def test_a_sentence_that_leans_comes_with_what_it_leans_on_or_not_at_all(sentences):
    found = summarize(ARTICLE, title="Mayor wants a ferry to carry buses", sentences=sentences)
    ferry = "He now wants a ferry to carry buses across the harbour."
    if ferry in found:
        assert found[found.index(ferry) - 1].startswith("The mayor, Tom Reyes")
    if sentences == 1:
        assert ferry not in found


def test_a_leaning_sentence_may_come_with_its_neighbour():
    text = "Tom Reyes resigned as mayor of Kisumu. He will run the Kisumu ferry."
    assert summarize(text, title="Reyes to run ferry", sentences=2) == [
        "Tom Reyes resigned as mayor of Kisumu.",
        "He will run the Kisumu ferry.",
    ]


def test_ranks_keep_leaning_sentences_behind_what_they_lean_on():
    found = {quote.text[:9]: quote.rank for quote in quotes(ARTICLE, title="Mayor Reyes wants a ferry for buses")}
    if "He now wa" in found:
        assert found["The mayor"] < found["He now wa"]


def test_nothing_is_said_twice():
    found = summarize(ARTICLE, title=TITLE, sentences=5)
    assert sum("for two years from May" in sentence for sentence in found) == 1


def test_the_title_decides_what_matters():
    about_cost = summarize(ARTICLE, title="Repairs to cost 48 million shillings", sentences=1)
    assert about_cost == ["The repairs will cost 48 million shillings, a third more than was planned a year ago."]


def test_questions_do_not_answer():
    assert not any(sentence.endswith("?") for sentence in summarize(ARTICLE, title=TITLE, sentences=3))


def test_a_sentence_that_adds_little_is_left_out():
    same = "The bridge over the harbour closes in May."
    assert len(summarize(f"{same} {same} {same}", title="Bridge closes", sentences=3)) == 1


def test_words_are_capped_as_well_as_sentences():
    long = [
        " ".join(f"{word}{place}" for place in range(50)).capitalize() + "."
        for word in ("mast", "pier", "rope", "sail")
    ]
    found = summarize(" ".join(long), sentences=3)
    assert 1 <= len(found) < 3
    assert sum(len(sentence.split()) for sentence in found) <= 3 * WORDS + 50


def test_persian_is_condensed_without_the_agency_and_the_pronoun():
    found = summarize(PERSIAN, title="پل بندر دو سال بسته می‌شود", language="fa", sentences=3)
    assert found[0] == "پل قدیمی بندر از اردیبهشت برای دو سال بسته می‌شود."
    assert not any(part in " ".join(found) for part in ("خبرنگار", "وی افزود", "بخوانید", "انتهای"))


@pytest.mark.parametrize(
    ("language", "text", "best"),
    [
        (
            "ja",
            "港の橋が５月から２年間閉鎖される。市は費用を４８億円と見積もる。住民は反対している。",
            "港の橋が５月から２年間閉鎖される。",
        ),
        ("zh", "港口大桥将从五月起关闭两年。维修费用为四千八百万元。商户表示担心。", "港口大桥将从五月起关闭两年。"),
        (
            "hi",
            "बंदरगाह का पुल मई से दो साल बंद रहेगा। मरम्मत पर ४८ करोड़ खर्च होंगे। दुकानदार चिंतित हैं।",
            "बंदरगाह का पुल मई से दो साल बंद रहेगा।",
        ),
        (
            "ps",
            "د بندر پل به له مې څخه دوه کاله تړلی وي. جوړول به یې ډېر لګښت ولري. دوکانداران اندېښمن دي.",
            "د بندر پل به له مې څخه دوه کاله تړلی وي.",
        ),
        (
            "nl",
            "De havenbrug gaat in mei voor twee jaar dicht. De reparatie kost 48 miljoen. Winkeliers vrezen schade.",
            "De havenbrug gaat in mei voor twee jaar dicht.",
        ),
    ],
)
def test_it_works_in_every_script_and_without_a_stemmer(language, text, best):
    assert best in summarize(text, language=language, sentences=2)


@pytest.mark.parametrize(
    "text", ["Photo: Ada Holt", "...", "Continue reading...", "Introduction", "[…]", "#boat #river"]
)
def test_a_text_of_nothing_but_captions_and_marks_has_no_quote(text):
    assert quotes(text, title=TITLE) == ()


@pytest.mark.parametrize("text", [TITLE, f"{TITLE} - River Post", f"{TITLE}. {TITLE}!"])
def test_a_text_that_is_its_own_headline_has_no_quote(text):
    assert quotes(text, title=TITLE) == ()


def test_a_quote_begins_behind_the_headline_that_is_glued_to_it():
    assert summarize(f"{TITLE}The council decided so on Monday.", title=TITLE) == ["The council decided so on Monday."]


def test_the_headline_is_not_quoted_where_the_text_says_more():
    found = summarize(f"{TITLE}. The council decided so on Monday after a long debate.", title=TITLE)
    assert found == ["The council decided so on Monday after a long debate."]


CAPTION = "Tom Reyes, the mayor of the town, shakes hands with the crew of the ferry before its first trip."
DATED = "KISUMU: Tom Reyes, the mayor of the town, put the ferry over the river into service on Monday."


def test_a_caption_with_its_credit_is_never_quoted():
    found = summarize(
        f"{CAPTION} —File\n{DATED}\nIt carries twelve buses at once.", title="Tom Reyes and the ferry crew"
    )
    assert found[0] == DATED.removeprefix("KISUMU: ")
    assert CAPTION not in found


def test_what_stands_before_the_dateline_is_not_the_lead():
    found = quotes(
        f"{CAPTION}\n{DATED}\nThe ferry carries twelve buses at once.", title="Mayor puts ferry into service"
    )
    assert min(found, key=lambda quote: quote.rank).text == DATED.removeprefix("KISUMU: ")


def test_a_sentence_that_the_feed_cut_off_gives_way_to_a_whole_one():
    whole, cut = "The harbour bridge will close for two years.", "Engineers found cracks in three of the bridge's…"
    assert summarize(f"{whole} {cut}", title="Cracks in the harbour bridge") == [whole]
    assert summarize(cut, title="Bridge in trouble") == [cut]


def test_the_byline_and_the_link_at_the_end_of_a_teaser_are_cut_off():
    teaser = "The harbour bridge will close for two years…"
    assert summarize(f"{teaser} By Ada Holt") == [teaser]
    assert summarize(f"{teaser} Continue reading →") == [teaser]


def test_a_word_or_two_are_no_quote():
    assert summarize("Free. The ferry carries twelve buses at once.", title="Ferry") == [
        "The ferry carries twelve buses at once."
    ]


def test_the_summarizer_is_loaded_by_the_first_summary_only():
    program = (
        "import sys, digests.summarize as s; assert 'sumy' not in sys.modules; print(s.summarize('A ferry sank.'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['A ferry sank.']"


def test_a_teaser_without_an_end_is_quoted_where_there_is_nothing_else():
    assert summarize("How the ferry saved a town", title=TITLE) == ["How the ferry saved a town"]


def test_a_sentence_without_its_beginning_is_not_quoted():
    broken = "part may still be true, but the bridge will be closed to lorries until the end of May."
    assert broken not in summarize(f"{broken}\n{ARTICLE}", title=TITLE, sentences=5)


@pytest.mark.parametrize("text", ["", "   \n\t"])
def test_an_empty_text_has_no_sentences(text):
    assert quotes(text, title=TITLE) == ()


def test_no_sentence_is_asked_for_and_none_is_given():
    assert quotes(ARTICLE, sentences=0) == ()


def test_a_very_long_text_is_cut():
    found = quotes("The council met on a day in May to talk about the bridge once more. " * 20_000, sentences=3)
    assert found
    assert max(quote.end for quote in found) <= READ


def test_it_is_a_summarizer_on_the_document_model_of_sumy():
    document = NewsTokenizer("en").to_document(ARTICLE)
    summarizer = NewsSummarizer("en", title=TITLE)
    assert isinstance(summarizer, AbstractSummarizer)
    assert isinstance(document, ObjectDocumentModel)
    found = summarizer(document, 3)
    assert isinstance(found, tuple)
    assert all(isinstance(sentence, Sentence) and sentence in document.sentences for sentence in found)
    assert [str(sentence) for sentence in found] == summarize(ARTICLE, title=TITLE, sentences=3)
    assert "WHAT HAPPENS NOW" in [str(heading) for heading in document.headings]


def test_the_tokenizer_gives_sumy_sentences_and_stems():
    tokenizer = NewsTokenizer("en")
    assert tokenizer.to_sentences("Bridges close. Ferries run.") == ("Bridges close.", "Ferries run.")
    assert tokenizer.to_words("The bridges were closed") == tokenizer.to_words("A bridge is closing")


_PIECES = st.sampled_from(
    [*ARTICLE.splitlines(), *PERSIAN.splitlines(), "\n", " ", '"', "«", "“", "他说：", "But", "..."]
)


@given(
    st.lists(_PIECES | st.text(max_size=12), max_size=25).map(" ".join),
    st.text(max_size=20),
    st.sampled_from([*SUPPORTED, "und"]),
    st.integers(0, 6),
)
def test_whatever_comes_the_quotes_are_in_the_text(text, title, language, count):
    found = quotes(text, title=title, language=language, sentences=count)
    assert len(found) <= count
    assert [text[quote.start : quote.end] for quote in found] == [quote.text for quote in found]
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert sorted(quote.rank for quote in found) == list(range(1, len(found) + 1))
    assert all(quote.text == quote.text.strip() != "" for quote in found)


def test_a_sentence_too_long_to_quote_gives_way():
    endless = "The council talked about " + "the bridge and the ferry and the harbour and " * 12 + "the town."
    short = "The harbour bridge closes in May."
    assert summarize(f"{endless} {short}", title="Council talks about the bridge and the ferry", sentences=1) == [short]
    assert summarize(endless, sentences=1) == [endless]
