import pytest

from digests.text.language import SUPPORTED, UNDETERMINED, detect, primary

SAMPLES = {
    "en": "The council will decide next week whether the old bridge stays open to lorries.",
    "fa": "شورای شهر هفته آینده درباره بازگشایی پل قدیمی تصمیم می‌گیرد و نتیجه را اعلام خواهد کرد.",
    "ar": "سيقرر المجلس البلدي الأسبوع المقبل ما إذا كان الجسر القديم سيبقى مفتوحا أمام الشاحنات.",
    "ru": "На следующей неделе городской совет решит, останется ли старый мост открытым для грузовиков.",
    "uk": "Наступного тижня міська рада вирішить, чи залишиться старий міст відкритим для вантажівок.",
    "de": "Der Stadtrat entscheidet nächste Woche, ob die alte Brücke für Lastwagen offen bleibt.",
    "fr": "Le conseil municipal décidera la semaine prochaine si le vieux pont reste ouvert aux camions.",
    "es": "El ayuntamiento decidirá la próxima semana si el viejo puente sigue abierto a los camiones.",
    "pt": "A câmara municipal decide na próxima semana se a ponte velha continua aberta aos caminhões.",
    "it": "Il consiglio comunale deciderà la prossima settimana se il vecchio ponte resterà aperto ai camion.",
    "tr": "Belediye meclisi gelecek hafta eski köprünün kamyonlara açık kalıp kalmayacağına karar verecek.",
    "hi": "नगर परिषद अगले सप्ताह तय करेगी कि पुराना पुल ट्रकों के लिए खुला रहेगा या नहीं।",
    "zh": "市议会下周将决定旧桥是否继续对卡车开放。",
    "ja": "市議会は来週、古い橋をトラックに開放し続けるかどうかを決める。",
    "id": "Dewan kota pekan depan akan memutuskan apakah jembatan lama tetap dibuka untuk truk.",
    "ur": "سٹی کونسل اگلے ہفتے فیصلہ کرے گی کہ پرانا پل ٹرکوں کے لیے کھلا رہے گا یا نہیں۔",
    "ps": "د ښار شورا به راتلونکې اونۍ پرېکړه وکړي چې زوړ پل به د لاریو پر مخ پرانیستی وي که نه.",
}


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_supported_language_is_told(language):
    assert detect(SAMPLES[language]) == language


@pytest.mark.parametrize("language", SUPPORTED)
def test_a_feed_declared_in_the_wrong_language_does_not_change_a_clear_text(language):
    assert detect(SAMPLES[language], hint="fr" if language == "en" else "en-US") == language


def test_the_hint_decides_where_the_text_leaves_a_doubt():
    assert detect("Roma 2, Napoli 1", hint="it") == "it"
    assert detect("Roma 2, Napoli 1", hint="es-MX") == "es"


def test_a_hint_outside_the_supported_languages_is_possible():
    text = "De gemeenteraad besluit volgende week of de oude brug open blijft voor vrachtwagens."
    assert detect(text, hint="nl") == "nl"
    assert detect(SAMPLES["en"], hint="nl") == "en"


@pytest.mark.parametrize("text", ["", "   ", "12:30 – 4:1", "😀😀", "https://example.org/a-b"])
def test_a_text_without_letters_is_undetermined(text):
    assert detect(text) == UNDETERMINED
    assert detect(text, hint="fa") == UNDETERMINED


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [
        ("Το δημοτικό συμβούλιο αποφασίζει την επόμενη εβδομάδα.", None, UNDETERMINED),
        ("Το δημοτικό συμβούλιο αποφασίζει την επόμενη εβδομάδα.", "en", UNDETERMINED),
        ("Το δημοτικό συμβούλιο αποφασίζει την επόμενη εβδομάδα.", "el", "el"),
        ("시의회는 다음 주에 결정한다.", None, UNDETERMINED),
    ],
)
def test_a_script_of_no_supported_language_is_never_guessed_at(text, hint, language):
    assert detect(text, hint=hint) == language


def test_latin_names_do_not_outweigh_the_script_of_the_text():
    assert detect("شرکت Northwind Traders محصول Contoso Cloud را معرفی کرد") == "fa"
    assert detect("北风公司 (Northwind) 周二发布新手机") == "zh"
    assert detect("NorthwindやContosoの新製品") == "ja"


def test_one_borrowed_name_does_not_change_the_language_of_a_long_text():
    persian = SAMPLES["fa"] * 3
    assert detect(persian + " ښاغلی") == "fa"


def test_japanese_without_kana_is_told_by_its_characters():
    assert detect("東京駅前広場、来春開業") == "ja"
    assert detect("东京车站前广场明年春天开业") == "zh"


def test_addresses_and_handles_are_not_read():
    assert detect("https://example.org/the-council-will-decide @city_news Der Stadtrat entscheidet heute") == "de"


@pytest.mark.parametrize(
    ("tag", "subtag"),
    [("pt-BR", "pt"), ("EN_us", "en"), (" fa ", "fa"), ("deu", "deu"), ("english", ""), ("", ""), (None, "")],
)
def test_the_primary_subtag_of_what_a_feed_declares(tag, subtag):
    assert primary(tag) == subtag
