import pytest

from digests.text.boilerplate import is_boilerplate
from digests.text.margins import lead_in

NOT_NEWS = [
    "Read more: The bridge and the river",
    "Also read: Why the bridge was closed",
    "Sign up for our morning newsletter to get the news first.",
    "Follow us on Telegram.",
    "We use cookies to improve your experience on this website.",
    "All rights reserved.",
    "Photo: Ada Holt/Northern Press",
    "The bridge on Monday. Mia Frost/Getty Images",
    "A view of the river (file photo)",
    "By Ada Holt",
    "By Ada Holt and Tom Reyes in Kisumu",
    "Ada Holt is a correspondent in Kisumu.",
    "Reporting by Ada Holt; editing by Tom Reyes",
    "Updated 3 May 2024 at 12:40",
    "This story was corrected on Tuesday.",
    "BRIDGE STAYS CLOSED UNTIL MAY",
    "ПОСЛЕДНИЕ НОВОСТИ ЧАСА",
    "* * *",
    "МОСКВА, 3 мая — РИА Новости.",
    "1-0 2-1 3:3 4-4 (12.5%) 88",
    "Lesen Sie auch: Warum die Brücke gesperrt ist",
    "Foto: Nordbild/Ada Holt",
    "Jetzt den Newsletter abonnieren",
    "Lire aussi : Le pont reste fermé",
    "Abonnez-vous pour lire la suite.",
    "Lea también: El puente sigue cerrado",
    "Leia também: Ponte continua fechada",
    "Leggi anche: Il ponte resta chiuso",
    "Читайте также: Мост закрыт до мая",
    "Подписывайтесь на наш канал.",
    "Читайте також: Міст закрито до травня",
    "İlginizi çekebilir: Köprü kapalı",
    "Baca juga: Jembatan ditutup sampai Mei",
    "بیشتر بخوانید: پل تا اردیبهشت بسته است",
    "انتهای پیام/ ۱۲۳",
    "اقرأ أيضا: الجسر مغلق حتى مايو",
    "یہ بھی پڑھیں: پل مئی تک بند رہے گا",
    "यह भी पढ़ें: पुल मई तक बंद रहेगा",
    "دا هم ولولئ: پل تړلی دی",
    "延伸阅读：大桥关闭至五月",
    "関連記事：橋は５月まで閉鎖",
]

NEWS = [
    "The bridge over the river stays closed until May.",
    "Cookies and other baked goods became dearer for the third month in a row.",
    "Subscribers of the newspaper paid twice as much as the year before.",
    "Photographs of the bridge were taken from the air on Monday.",
    "By Friday the water had risen by two metres.",
    "By Friday the water had risen.",
    "Copyright law was the first point on the agenda of the talks.",
    "Loading docks along the river were flooded.",
    "NASA and ESA said the probe had reached its orbit.",
    "Reading the report took the committee three days.",
    "Von Freitag an gilt auf der Brücke ein Tempolimit.",
    "Das Foto zeigt nach Angaben der Polizei den Unfallort.",
    "اشترك اللاعب في المباراة رغم إصابته في الأسبوع الماضي.",
    "ما را از این وضع خسته کرده‌اند، کارگران گفتند.",
    "记者从交通局获悉，大桥将于五月重新开放。",
    "Gabungan pengusaha menolak kenaikan tarif listrik.",
    "Подписание договора отложили на неделю.",
]


@pytest.mark.parametrize("line", NOT_NEWS)
def test_what_is_not_of_the_article_is_known(line):
    assert is_boilerplate(line, alone=True)


@pytest.mark.parametrize("sentence", NEWS)
def test_what_is_told_is_kept_even_where_it_is_about_such_things(sentence):
    assert not is_boilerplate(sentence, alone=True)


def test_a_short_line_without_an_end_is_a_heading_only_on_its_own():
    assert is_boilerplate("What happens next", alone=True)
    assert not is_boilerplate("What happens next")


def test_a_long_sentence_is_told_whatever_idiom_is_in_it():
    sentence = (
        "Follow us, the guide told the forty visitors, " + "and they went on through the long hall " * 6 + "until noon."
    )
    assert not is_boilerplate(sentence)


@pytest.mark.parametrize(
    ("dateline", "news"),
    [
        ("KISUMU (Reuters) - ", "The bridge over the river will open in May."),
        ("Kisumu, May 3 (AP) -- ", "The bridge over the river will open in May."),
        ("KISUMU — ", "The bridge over the river will open in May."),
        ("Kiel (dpa) - ", "Die Brücke über den Fluss wird im Mai geöffnet."),
        ("Wien – ", "Die Brücke über den Fluss wird im Mai geöffnet."),
        ("(CBS News) ", "The bridge over the river will open in May."),
        ("МОСКВА, 3 мая. /ТАСС/. ", "Мост через реку откроют в мае."),
        ("КИЕВ, 3 мая — РИА Новости, ", "Мост через реку откроют в мае."),
        ("به گزارش خبرنگار ما از رشت، ", "پل قدیمی شهر اردیبهشت باز می‌شود."),
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
    ],
)
def test_a_sentence_without_a_dateline_is_left_whole(sentence):
    assert lead_in(sentence) == 0
