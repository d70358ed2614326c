import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.text.language import SUPPORTED
from digests.text.sentences import LONGEST, spans, split


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            ["Dr. Ada Holt of St. Mary's met the U.S. envoy at 5 p.m. on Monday.", "They spoke for 3.5 hours.", "Why?"],
        ),
        ("en", ["They must take the step, Ms. Holt told Gov. Reyes.", "He said no."]),
        ("en", ['"We are staying!" she said.', "J. K. Moore agreed."]),
        ("de", ["Am 3. Oktober kam Dr. Weber z. B. nach Kiel.", "Der 1. FC Nord verlor.", "20 Menschen sahen zu."]),
        ("fr", ["M. Petit a parlé de « la crise ».", "Qu'en dit Mme Roux ?", "Rien."]),
        ("es", ["¿Quién lo sabe?", "¡Nadie!", "El Sr. Vega llegó tarde."]),
        ("tr", ["Meteoroloji 12. Bölge Müdürlüğü uyardı.", "Yağış D.Ç. ile sürecek."]),
        (
            "ru",
            ["А. С. Петров родился в 1980 г. в Твери.", "Он живёт на ул. Мира у театра им. Иванова по ст. 6.3 закона."],
        ),
        ("id", ["Kantor di Jl. Merdeka No. 5 ditutup.", "Denda Rp. 5 juta."]),
        ("it", ["Lo dice l'art. 5 della legge.", "Il sig. Rossi tace."]),
        ("fa", ["آیا پل باز است؟", "بله!", "او گفت: «می‌مانیم.»", "سپس رفت."]),
        ("ar", ["هل الجسر مفتوح؟", "قال الوزير إنه مفتوح.", "ثم غادر."]),
        ("ur", ["پل کھلا ہے۔", "کیا یہ سچ ہے؟", "ہاں۔"]),
        ("hi", ["पुल खुला है।", "क्या यह सच है?", "हाँ।"]),
        ("ps", ["پل خلاص دی.", "ولې؟"]),
    ],
)
def test_sentences_of_a_paragraph(language, sentences):
    assert split(" ".join(sentences), language) == sentences


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("zh", ["市长说：“桥会开放。”", "他走了。", "真的吗？", "好！"]),
        ("ja", ["市長は「橋は開く。」と述べた。", "本当か？", "はい。"]),
    ],
)
def test_sentences_of_scripts_without_spaces(language, sentences):
    assert split("".join(sentences), language) == sentences


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n  \n", "\u2028", "\x85"])
def test_a_line_break_ends_a_sentence(newline):
    assert split(f"A heading without a stop{newline}The text begins here.", "en") == [
        "A heading without a stop",
        "The text begins here.",
    ]


def test_a_quotation_stays_with_its_sentence():
    text = 'The mayor said: "We looked at it twice. It is safe." Work starts in May.'
    assert split(text, "en") == ['The mayor said: "We looked at it twice. It is safe."', "Work starts in May."]


def test_a_quotation_too_long_to_read_is_split_inside():
    inside = " ".join(
        f"Pier {place} of the bridge was inspected by two engineers in the spring." for place in "ABCDEFG"
    )
    found = split(f'The mayor said: "{inside}" Work starts in May.', "en")
    assert len(found) == 8
    assert all(len(sentence) < LONGEST for sentence in found)


def test_an_opened_quotation_that_is_never_closed_does_not_swallow_the_text():
    rest = " ".join(f"Sentence number {place} tells of the bridge and the river under it." for place in range(12))
    assert len(split(f'He called it "a shame. {rest}', "en")) > 10


def test_quotation_marks_go_to_their_own_side():
    assert split("'It was fine.' 'It was not.'", "en") == ["'It was fine.'", "'It was not.'"]


def test_a_missing_space_after_a_stop_is_no_joint():
    assert split("پل بسته شد.کارگران رفتند.", "fa") == ["پل بسته شد.", "کارگران رفتند."]


def test_addresses_and_numbers_are_not_split():
    assert split("Prices rose 2.5 percent, example.org reported.", "en") == [
        "Prices rose 2.5 percent, example.org reported."
    ]


def test_a_name_may_begin_with_a_stop():
    assert split("The town pays for the .NET course. It starts in May.", "en") == [
        "The town pays for the .NET course.",
        "It starts in May.",
    ]
    assert split("پل بسته شد .کارگران رفتند.", "fa") == ["پل بسته شد .", "کارگران رفتند."]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0\n"])
def test_a_text_without_words_has_no_sentences(text):
    assert spans(text, "en") == []


def test_an_unknown_language_is_split_all_the_same():
    assert split("Een zin. Nog een zin.", "und") == ["Een zin.", "Nog een zin."]


_PIECES = st.sampled_from(
    [
        '"',
        "'",
        "“",
        "”",
        "«",
        "»",
        "(",
        ")",
        ". ",
        ".",
        "! ",
        "؟ ",
        "。",
        "। ",
        "\n",
        " ",
        "1. ",
        "Dr. ",
        "A",
        "و",
        "他",
        "é",
        "\u200c",
        "🙂",
    ]
)


@given(st.lists(_PIECES | st.text(max_size=8), max_size=40).map("".join), st.sampled_from([*SUPPORTED, "und", ""]))
def test_spans_are_stripped_in_order_and_lose_nothing(text, language):
    found = spans(text, language)
    ends = [0, *(place for span in found for place in span), len(text)]
    assert ends == sorted(ends)
    for start, end in found:
        assert text[start:end] == text[start:end].strip() != ""
    between = [text[ends[i] : ends[i + 1]] for i in range(0, len(ends), 2)]
    assert not "".join(between).strip()
    assert [text[start:end] for start, end in found] == split(text, language)


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("The council met on Tuesday.The next session is in May.", "en", 2),
        ("Мост закрыли во вторник.Его откроют в мае.", "ru", 2),
        ("The page is on example.com and costs nothing.", "en", 1),
        ("Then-Sen. Reyes opened the bridge.", "en", 1),
        ("It is told in The River Vol. 3, p. 12.", "en", 1),
        ("Secondo l'art. Reyes il ponte è chiuso.", "it", 1),
    ],
)
def test_stops_without_a_space_and_abbreviations_behind_a_hyphen(text, language, count):
    assert len(split(text, language)) == count


@pytest.mark.parametrize("line", ["One stop at its end.", '"A quotation as a line."', "(In brackets.) "])
def test_a_line_with_its_only_stop_at_the_end_is_one_sentence(line):
    assert split(line, "en") == [line.strip()]
