import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.duplicates import BANDS, bands, is_copy
from digests.text.terms import terms

WORDS = [
    f"{first}{last}"
    for first in ("bar", "kel", "mon", "tur", "sil", "nor", "ves")
    for last in ("ado", "ine", "oth", "uck")
]
CHANCE = random.Random(3)
WIRE = " ".join(CHANCE.choice(WORDS) + str(CHANCE.randrange(60)) for _ in range(160))
OTHER = " ".join(CHANCE.choice(WORDS) + str(CHANCE.randrange(60)) for _ in range(160))


def meet(one: str, other: str) -> bool:
    return not set(bands(terms(one, "en"))).isdisjoint(bands(terms(other, "en")))


def cut(text: str, share: float) -> str:
    return text[: int(len(text) * share)]


def reworded(text: str, every: int) -> str:
    return " ".join("changed" if place % every == 0 else word for place, word in enumerate(text.split(), 1))


@pytest.mark.parametrize(
    "copy",
    [
        WIRE,
        WIRE.upper(),
        f"Another headline for it\n{WIRE}",
        cut(WIRE, 0.7),
        reworded(WIRE, 12),
        " ".join([*(f"lead{n}" for n in range(12)), *WIRE.split()[12:]]),
    ],
)
def test_edited_and_cut_copies_meet_and_are_copies(copy: str) -> None:
    assert meet(WIRE, copy)
    assert is_copy(WIRE, copy, "en")
    assert is_copy(copy, WIRE, "en")


@pytest.mark.parametrize("other", [OTHER, reworded(WIRE, 2), "", "…"])
def test_other_articles_are_no_copies(other: str) -> None:
    assert not meet(WIRE, other)
    assert not is_copy(WIRE, other, "en")


def test_short_headlines_must_agree_almost_wholly() -> None:
    assert is_copy("Gold wins for swimmer Ana Lopes", "GOLD wins for swimmer Ana Lopes", "en")
    assert not is_copy("Gold wins for swimmer Ana Lopes", "Gold wins for swimmer Eva Berg", "en")


def test_bands_of_nothing_are_none() -> None:
    assert bands([]) == ()
    assert not is_copy("", "", "en")


def test_a_single_term_has_bands() -> None:
    assert len(bands(["one"])) == BANDS


def test_bands_are_the_same_in_every_process_and_version() -> None:
    assert bands(["peace", "talks", "resume"])[:2] == (3173483629050245375, -7160345375002807044)


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=40))
def test_bands_fit_a_signed_64_bit_column(found: list[str]) -> None:
    of_terms = bands(found)

    assert len(of_terms) == BANDS
    assert all(-(2**63) <= band < 2**63 for band in of_terms)
    assert of_terms == bands(iter(found))
