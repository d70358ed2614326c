from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digests.text.terms import LONGEST, normalize, stem, terms, words


@given(st.text())
@example("İ")
@example("ﷺ")
@example("й̆")
def test_normalize_is_idempotent(text: str) -> None:
    once = normalize(text)

    assert normalize(once) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CAFÉ", "cafe"),
        ("Straße", "STRASSE"),
        ("ايران", "ایران"),
        ("كتاب", "کتاب"),
        ("مدرسة", "مدرسه"),
        ("مُحَمَّد", "محمد"),
        ("ســـلام", "سلام"),
        ("أحمد", "احمد"),
        ("۱۴۰۳", "1403"),
        ("٢٠٢٤", "2024"),
        ("ＡＢＣ", "abc"),
        ("Łódź", "lodz"),
        ("Ёлка", "елка"),
        ("ir\u200ban", "iran"),
    ],
)
def test_variants_of_a_letter_meet(one: str, other: str) -> None:
    assert normalize(one) == normalize(other)


def test_short_i_stays_a_letter_of_its_own() -> None:
    assert normalize("Йод їжа") == "йод їжа"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The U.N. said: 2,200 jobs!", "en", ["the", "u", "n", "said", "2200", "jobs"]),
        ("Iran’s leaders' vote", "en", ["iran", "leaders", "vote"]),
        ("L’économie d'aujourd'hui", "fr", ["economie", "aujourd", "hui"]),
        ("Ankara'da Erdoğan'ın", "tr", ["ankara", "erdogan"]),
        ("П’ять об'єктів", "uk", ["пять", "обєктів"]),
        ("हिन्दी समाचार।", "hi", ["हिन्दी", "समाचार"]),
        ("人工智能和iPhone发布", "zh", ["人工", "工智", "智能", "能和", "iphone", "发布"]),
        ("東京2020", "ja", ["東京", "2020"]),
        ("ไทย", "th", ["ไท", "ทย"]),
        ("snake_case", "en", ["snake", "case"]),
        ("... !!", "en", []),
    ],
)
def test_words(text: str, language: str, expected: list[str]) -> None:
    assert words(text, language) == expected


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("elections", "election", "en"),
        ("elecciones", "elección", "es"),
        ("élections", "élection", "fr"),
        ("Häuser", "Haus", "de"),
        ("выборы", "выборах", "ru"),
        ("виборами", "виборів", "uk"),
        ("новини", "новинами", "uk"),
        ("کتاب‌های", "كتابها", "fa"),
        ("کتاب ها", "کتاب", "fa"),
        ("می‌شود", "می شود", "fa"),
        ("ایرانی‌ها", "ایران", "fa"),
        ("والحكومة", "الحكومة", "ar"),
        ("seçimler", "seçim", "tr"),
        ("सरकारों", "सरकार", "hi"),
        ("خبروں", "خبر", "ur"),
    ],
)
def test_inflected_forms_meet(one: str, other: str, language: str) -> None:
    assert terms(one, language) == terms(other, language)


@pytest.mark.parametrize("name", ["ایران", "تهران", "لبنان"])
def test_names_that_end_like_plurals_stay_whole(name: str) -> None:
    assert stem(name, "fa") == name


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert terms("Haberler elections", "xx") == ["haberler", "elections"]


def test_a_term_has_a_longest_length() -> None:
    assert [len(term) for term in terms("é" * 500, "en")] == [LONGEST]


@given(st.text(max_size=60), st.sampled_from(["en", "fa", "ar", "ru", "uk", "zh", "hi", "th", "xx"]))
def test_terms_are_normalised_and_hold_no_space(text: str, language: str) -> None:
    for term in words(text, language) + terms(text, language):
        assert term == normalize(term)
        assert term
        assert " " not in term


def test_threads_share_the_stemmers() -> None:
    texts = [f"running runners ran {number} elections governments" for number in range(400)]
    alone = [terms(text, "en") for text in texts]
    stem.cache_clear()

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: terms(text, "en"), texts))

    assert together == alone
