import pytest

from digests.text.margins import is_cut_off, is_dateline, lead_in, news_end, numbering, place_in

NEWS = "The bridge over the river will open in May."


@pytest.mark.parametrize(
    ("dateline", "news"),
    [
        ("KISUMU (Reuters) - ", "The bridge over the river will open in May."),
        ("Kisumu, May 3 (AP) -- ", "The bridge over the river will open in May."),
        ("KISUMU, Kenya - ", "The bridge over the river will open in May."),
        ("KISUMU, Kenya (AP) - ", "The bridge over the river will open in May."),
        ("KISUMU — ", "The bridge over the river will open in May."),
        ("Kiel (dpa) - ", "Die Brücke über den Fluss wird im Mai geöffnet."),
        ("Wien – ", "Die Brücke über den Fluss wird im Mai geöffnet."),
        ("(CBS News) ", "The bridge over the river will open in May."),
        ("МОСКВА, 3 мая. /ТАСС/. ", "Мост через реку откроют в мае."),
        ("КИЕВ, 3 мая — РИА Новости, ", "Мост через реку откроют в мае."),
        ("به گزارش خبرنگار ما از رشت، ", "پل قدیمی شهر اردیبهشت باز می‌شود."),
        ("By Ada HoltKISUMU, May 3 (Northern) -- ", "The bridge over the river will open in May."),
        ("[River Post] ", "The bridge over the river will open in May."),
        ("[River Post] Kisumu -- ", "The bridge over the river will open in May."),
        ("LE LIVRE DE LA SEMAINE - ", "Le pont sur le fleuve est rouvert en mai."),
        ("【本报讯】", "大桥将于五月重新开放，市民可以步行通过，车辆须等到六月。"),
    ],
)
def test_a_dateline_is_no_part_of_the_news(dateline, news):
    assert lead_in(dateline + news) == len(dateline)


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge over the river - closed since March - will open in May.",
        "NATO ministers (all but one) agreed on the text on Monday.",
        "Ada Holt (Labour) said that the bridge would open in May.",
        "KISUMU (Reuters) - Soon.",
        "Kisumu – the largest town on the lake – has a new bridge.",
        "Die Brücke – Baujahr 1931 – wird im Mai geöffnet.",
        "[He] promised that the bridge over the river would open.",
    ],
)
def test_a_sentence_without_a_dateline_is_left_whole(sentence):
    assert lead_in(sentence) == 0


def test_a_place_with_a_colon_is_cut_off():
    assert place_in(f"KISUMU: {NEWS}") == 8
    assert place_in(f"NEW KISUMU (Kenya): {NEWS}") == 20
    assert place_in(NEWS) == place_in("KISUMU: Soon.") == 0


@pytest.mark.parametrize(
    ("place", "news"),
    [
        ("Islamabad: ", NEWS),
        ("New Delhi, May 3 (PTI): ", NEWS),
        ("رشت – ", "پل قدیمی شهر اردیبهشت باز می‌شود."),
        ("تهران – ایرنا – ", "پل قدیمی شهر اردیبهشت باز می‌شود."),
        ("القاهرة – ", "يفتح الجسر القديم أمام السيارات في مايو."),
    ],
)
def test_a_place_that_is_not_in_capitals_is_cut_off(place, news):
    assert place_in(place + news) == len(place)


@pytest.mark.parametrize(
    "sentence",
    [
        f"Warning: {NEWS}",
        f"Ada Holt: {NEWS}",
        "پل — که از اسفند بسته است — اردیبهشت باز می‌شود.",
        "وزیر راه – پل قدیمی شهر اردیبهشت باز می‌شود.",
    ],
)
def test_what_stands_before_a_colon_or_a_dash_may_be_told(sentence):
    assert place_in(sentence) == 0


@pytest.mark.parametrize(
    ("sentence", "language", "cut"),
    [
        (f"1. {NEWS}", "en", 3),
        (f"2) {NEWS}", "en", 3),
        (f"• {NEWS}", "en", 2),
        (f"* {NEWS}", "en", 2),
        ("۱- پل قدیمی بندر اردیبهشت باز می‌شود.", "fa", 3),
        ("1. Liga: Der Verein vom Fluss bleibt oben.", "de", 0),
        ("2-1 was the score when the bridge was closed.", "en", 0),
        ("3 ferries replace the bridge over the river.", "en", 0),
        ("2.5 million people cross the river every year.", "en", 0),
        ("*Update*: The bridge over the river is closed.", "en", 0),
        ("1. Soon.", "en", 0),
    ],
)
def test_numbers_of_a_list_are_cut_off(sentence, language, cut):
    assert numbering(sentence, language) == cut


@pytest.mark.parametrize(
    "hanging",
    [
        " Continue reading →",
        " Continue reading The bridge and the river »",
        " […] Read more",
        " Weiterlesen …",
        " Lire la suite",
        " Читать далее",
        " ادامه مطلب",
        " Von Ada Holt",
        " By Ada Mia Holt",
        " The post Bridge closes appeared first on River Post",
    ],
)
def test_what_hangs_on_a_sentence_is_cut_off(hanging):
    kept = NEWS + " […]" * ("[…]" in hanging)
    assert (NEWS + hanging)[: news_end(NEWS + hanging)] == kept


@pytest.mark.parametrize(
    "sentence",
    [
        NEWS,
        "The bridge closes, and the mayor must read more",
        "He voted for the bridge. Von der Leyen",
        "Continue reading",
    ],
)
def test_nothing_is_cut_off_where_nothing_hangs(sentence):
    assert news_end(sentence) == len(sentence)


def test_a_teaser_that_was_cut_is_known():
    assert all(map(is_cut_off, ("The bridge …", "The bridge...", "The bridge [...]", "The bridge […]")))
    assert not is_cut_off(NEWS)


def test_a_dateline_may_be_all_there_is():
    assert is_dateline("МОСКВА, 3 мая — РИА Новости.")
    assert not is_dateline(f"KISUMU (Reuters) - {NEWS}")
