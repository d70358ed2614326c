"""Did you mean: what is typed wrongly finds what is meant, and what is right is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.spelling import Vocabulary, distance, respelt

TEXTS = [
    *["The government of Afghanistan talks about climate and the election"] * 5,
    *["Earthquake shakes Japan; Tokyo's mayor speaks, governments meet"] * 3,
    *["زلزله در افغانستان و مذاکرات صلح؛ می‌گویند دولت ایران"] * 4,
    "A singleton misprnt",
]
WORDS = Vocabulary(TEXTS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("goverment", "government"),
        ("Afganistan", "Afghanistan"),
        ("afghansitan", "Afghanistan"),
        ("electoin", "election"),
        ("erthquake", "Earthquake"),
        ("climte", "climate"),
        ("زلزلح", "زلزله"),
        ("افغانسان", "افغانستان"),
        ("مذکرات", "مذاکرات"),
        ("دولط", "دولت"),
    ],
)
def test_what_was_meant(typed: str, meant: str) -> None:
    assert WORDS.closest(typed) == meant


@pytest.mark.parametrize(
    "typed", ["government", "CLIMATE", "زلزله", "volcano", "japn x", "tlk", "misprnt2", "", "۱۲۳۴"]
)
def test_what_is_right_or_like_nothing_stays(typed: str) -> None:
    assert WORDS.closest(typed) is None


def test_a_word_that_stands_once_is_not_offered() -> None:
    assert WORDS.closest("misprnts") is None
    assert (WORDS.count("misprnt"), WORDS.count("Government"), WORDS.count("ايران")) == (1, 5, 4)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("climte -goverment lang:en", "climate -government lang:en"),
        ('"clmate electoin" OR erthquake', '"climate election" OR Earthquake'),
        ('source:"Afganistan Goverment" climate', 'source:"Afganistan Goverment" climate'),
        ("topic:climte since:7d", "topic:climte since:7d"),
        ("مذکرات یا زلزلح", "مذاکرات یا زلزله"),
        ("volcano", "volcano"),
    ],
)
def test_searches_are_put_right(text: str, meant: str) -> None:
    assert respelt(text, [WORDS]) == meant


def plain(one: str, other: str) -> int:
    """Optimal string alignment, as textbooks have it."""
    rows = [[max(i, j) if not (i and j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = one[i - 1] == other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 3))
def test_distances(one: str, other: str, most: int) -> None:
    assert distance(one, other, most) == min(plain(one, other), most + 1)
