import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.text.echoes import Headline

TITLE = "Harbour bridge to close in May"


@pytest.mark.parametrize(
    "sentence",
    [
        TITLE,
        "HARBOUR BRIDGE TO CLOSE IN MAY!",
        "Harbour bridge to close in May - River Post",
        "“Harbour bridge to close”",
        "to close in May",
    ],
)
def test_what_says_the_headline_again_is_known(sentence):
    assert Headline(TITLE).says(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["The harbour bridge will close in May.", f"{TITLE}, the council decided on Monday.", "It will be missed."],
)
def test_what_says_more_or_says_it_otherwise_is_kept(sentence):
    assert not Headline(TITLE).says(sentence)


def test_letters_that_look_alike_are_the_same():
    assert Headline("پل قدیمی بندر بسته می‌شود").says("پل قديمي بندر بسته مي‌شود.")


def test_a_headline_that_was_cut_is_said_to_its_end_by_its_sentence():
    cut = Headline("The harbour bridge will close for two…")
    assert not cut.says("The harbour bridge will close for two years.")
    assert not cut.glued("The harbour bridge will close for two Years of work follow.")
    assert cut.says("The harbour bridge will close")


@pytest.mark.parametrize(
    ("glue", "news"),
    [
        (" ", "The council decided so on Monday."),
        ("", "The council decided so on Monday."),
        (" – ", "The council decided so on Monday."),
        (" | ", "Engineers found cracks."),
        (" ", '"We looked twice", the mayor said.'),
    ],
)
def test_a_headline_in_front_of_the_text_is_cut_off(glue, news):
    sentence = TITLE + glue + news
    assert sentence[Headline(TITLE).glued(sentence) :] == news


def test_a_headline_in_quotation_marks_is_cut_off_without_them():
    title = "«Мы всё ещё ждём паром»"
    sentence = f"{title}Как маленький город живёт без моста."
    assert sentence[Headline(title).glued(sentence) :] == "Как маленький город живёт без моста."


@pytest.mark.parametrize(
    "sentence",
    [
        f"{TITLE} for two years.",
        f"{TITLE}, Kisumu decided.",
        f"{TITLE} (MAY) for good.",
        "Harbour bridge to close",
        TITLE,
        "The council decided so on Monday.",
        "",
    ],
)
def test_a_sentence_that_goes_on_is_left_whole(sentence):
    assert Headline(TITLE).glued(sentence) == 0


@pytest.mark.parametrize("title", ["", "Tom Reyes", "…"])
def test_too_short_a_headline_is_never_cut_off(title):
    assert Headline(title).glued(f"{title} The council decided.") == 0
    assert not Headline(title).says("The council decided so on Monday.")


@given(st.text(max_size=40), st.text(max_size=60))
def test_whatever_comes_what_is_cut_off_is_in_the_sentence(title, sentence):
    headline = Headline(title)
    assert 0 <= headline.glued(title + sentence) <= len(title + sentence)
    assert isinstance(headline.says(sentence), bool)
