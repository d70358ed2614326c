import pytest

from digests.text.coherence import is_headless, is_torn, leans
from digests.text.language import SUPPORTED

LEANING = {
    "en": [
        "But the bridge stayed closed.",
        "He said so on Monday.",
        "“They will stay,” it said.",
        "However, rain fell.",
        "The pair met twice.",
    ],
    "fa": ["وی افزود: پل بسته است.", "وي افزود: پل بسته است.", "این شرکت پل را ساخت.", "اما باران بارید."],
    "ar": ["وقال الوزير إن الجسر مغلق.", "لكن الجسر بقي مغلقا.", "هذا القرار صدر أمس."],
    "ru": ["Он сказал об этом в понедельник.", "Однако мост закрыт.", "По его словам, мост закрыт."],
    "uk": ["Він сказав про це в понеділок.", "Проте міст закрито."],
    "de": ["Er sagte das am Montag.", "Doch die Brücke bleibt zu.", "Das teilte die Stadt mit."],
    "fr": ["Il l'a dit lundi.", "Mais le pont reste fermé.", "C'est ce qu'a dit le maire."],
    "es": ["Pero el puente sigue cerrado.", "Sin embargo, llovió."],
    "pt": ["Mas a ponte continua fechada.", "Ele falou na segunda-feira."],
    "it": ["Ma il ponte resta chiuso.", "Secondo lui il ponte è sicuro."],
    "tr": ["Ancak köprü kapalı kaldı.", "Bu karar pazartesi alındı."],
    "hi": ["लेकिन पुल बंद रहा।", "उन्होंने सोमवार को यह कहा।"],
    "zh": ["但大桥仍然关闭。", "他说大桥安全。"],
    "ja": ["しかし橋は閉鎖されたままだ。", "この橋は古い。"],
    "id": ["Namun jembatan tetap ditutup.", "Dia mengatakan itu pada Senin."],
    "ur": ["لیکن پل بند رہا۔", "انہوں نے پیر کو کہا۔"],
    "ps": ["خو پل تړلی پاتې شو.", "هغه دا خبره وکړه."],
}
STANDING = {
    "en": ["Heavy rain closed the bridge.", "Butter became dearer.", "Thesis work is due.", "Andorra voted."],
    "fa": ["باران شدید پل را بست.", "اینترنت قطع شد."],
    "ar": ["وزير النقل افتتح الجسر.", "ولي العهد زار المدينة."],
    "ru": ["Авария закрыла мост.", "Онлайн-продажи выросли."],
    "uk": ["Аварія закрила міст."],
    "de": ["Das Bundesgericht entschied am Montag.", "Erdbeeren sind teurer."],
    "fr": ["Le maire a fermé le pont.", "Illkirch a voté."],
    "es": ["Susana Vega llegó tarde."],
    "pt": ["A câmara fechou a ponte."],
    "it": ["Il sindaco ha chiuso il ponte."],
    "tr": ["Bursa'da köprü kapandı."],
    "hi": ["पुल बंद रहा।"],
    "zh": ["大桥关闭。", "那不勒斯举行选举。"],
    "ja": ["橋が閉鎖された。"],
    "id": ["Jembatan ditutup."],
    "ur": ["پل بند رہا۔"],
    "ps": ["پل تړلی پاتې شو."],
}


@pytest.mark.parametrize(("language", "sentence"), [(key, text) for key, texts in LEANING.items() for text in texts])
def test_a_connective_or_a_pronoun_leans_on_what_was_said(language, sentence):
    assert leans(sentence, language)


@pytest.mark.parametrize(("language", "sentence"), [(key, text) for key, texts in STANDING.items() for text in texts])
def test_a_sentence_that_names_what_it_is_about_stands_alone(language, sentence):
    assert not leans(sentence, language)


def test_every_supported_language_has_its_words():
    assert set(SUPPORTED) == set(LEANING) == set(STANDING)
    assert not leans("Maar de brug bleef dicht.", "nl")


@pytest.mark.parametrize(
    "sentence",
    [
        'He said "no.',
        "“We stay.",
        "safe,” she said.",
        "«پل باز است",
        "The mayor (Labour said no.",
        "1) the bridge",
        "What she said:",
        "'We are staying.",
        "‘We are staying.",
        "他说：",
    ],
)
def test_half_a_quotation_is_torn(sentence):
    assert is_torn(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        'He said "no".',
        "“We stay,” she said.",
        "„Wir bleiben“, sagte sie.",
        "»Wir bleiben«, sagte sie.",
        "« Non », dit-il.",
        "「行く」と述べた。",
        "'We are staying,' she said.",
        "The players' union didn't agree.",
        "Songs of the '90s are back.",
        "The mayor (Labour) said: “No (not now).”",
    ],
)
def test_whole_quotations_are_not(sentence):
    assert not is_torn(sentence)


@pytest.mark.parametrize(
    ("sentence", "headless"),
    [
        ("part of the bridge may open, but not for lorries.", True),
        ("и мост закрыли на ремонт.", True),
        ("The bridge may open.", False),
        ("iPhone owners met on the bridge.", False),
        ("al-Kisumi fighters left the town.", False),
        ("پل باز شد.", False),
        ("2,000 people crossed the bridge.", False),
    ],
)
def test_a_sentence_in_small_letters_has_lost_its_beginning(sentence, headless):
    assert is_headless(sentence) is headless
