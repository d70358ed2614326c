import pytest

from digests.text.boilerplate import (
    idioms_in,
    is_boilerplate,
    is_credit,
    is_foreign,
    is_heading,
    points_at_picture,
    strikes_pose,
)

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
    "Continue reading the main story",
    "The Ferry newsletter will keep you updated on the latest from the harbour and the river.",
    "Get the best of our reporting in your inbox every morning.",
    "Join forty thousand readers of our free weekly newsletter.",
    "Please verify that you are not a robot by ticking the box.",
    "To hear this series without breaks, sign up for Harbour Plus.",
    "The post Bridge closes in May appeared first on The River Post.",
    "This article was originally published in March.",
    "We may earn a small commission when you buy through our links.",
    "This 3 May photo shows the bridge from the northern bank.",
    "Tom Reyes, mayor of Kisumu, is seen in this undated photo.",
    "The river glitters in this photo taken by the crew of the ferry.",
    "Sign Up You agree to receive occasional updates and special offers of the harbour.",
    "If you haven’t read the first part, start there.",
    "Enlarge / The bridge, as it was before the flood.",
    "Weitere Informationen zur Sperrung finden Sie auf unserer Website.",
    "Unser Newsletter hält Sie über den Hafen auf dem Laufenden.",
    "Mit dem Newsletter erhalten Sie jeden Morgen Nachrichten vom Fluss in Ihr Postfach.",
    "Recevez chaque matin notre newsletter gratuite.",
    "Recibe nuestro boletín cada mañana en tu correo.",
    "La nostra newsletter arriva ogni mattina: iscriviti subito.",
    "Receba a nossa newsletter todas as manhãs.",
    "Наша рассылка каждое утро приходит вам на почту.",
    "Підпишіться на нашу розсилку про річку.",
    "Nehir bültenimize abone olun, haberleri kaçırmayın.",
    "برای دریافت خبرهای رودخانه در خبرنامه ما عضو شوید.",
    "النشرة البريدية تصل كل صباح إلى بريدك.",
    "点击这里订阅我们的电子报，每天了解河上新闻。",
    "河のニュースレターに登録すると毎朝お届けします。",
    "記事の詳細については、リンク先をご確認ください。",
    "#bridge #river #kisumu",
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
    "The newsletter of the fishermen's union was banned for a year.",
    "Reading the newsletter cost the clerk his job.",
    "The commission earned praise for its report on the bridge.",
    "For years, people could cross the river for nothing.",
    "Der Newsletter der Partei führte zum Streit im Vorstand.",
    "Рассылка повесток началась в понедельник.",
    "The river is hard to see in this photograph, the court held.",
    "The first photographs of the planet appeared in March.",
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


def test_idioms_are_looked_for_where_their_words_stand():
    text = "The bridge closes in May. Our newsletter will bring you more. All rights reserved."
    idioms = idioms_in(text)
    assert {word for word, _ in idioms.holds} == {"newsletter", "all rights reserved"}
    assert is_foreign("Our newsletter will bring you more.", idioms)
    assert not is_foreign("The bridge closes in May.", idioms)


@pytest.mark.parametrize("sentence", ["What happens next", "BRIDGE STAYS CLOSED UNTIL MAY"])
def test_a_heading_is_known_by_its_shape_and_is_not_foreign(sentence):
    assert is_heading(sentence, alone=True)
    assert not is_foreign(sentence)


@pytest.mark.parametrize("credit", ["—File", "— AFP/File", "Photo: Ada Holt", "(Reuters)", "عکس: مهر"])
def test_a_credit_names_the_source_of_a_picture(credit):
    assert is_credit(credit)


@pytest.mark.parametrize("sentence", ["", "He was 71.", "— a surprise to all.", "File a claim by Monday."])
def test_what_follows_a_sentence_is_seldom_a_credit(sentence):
    assert not is_credit(sentence)


@pytest.mark.parametrize(
    ("sentence", "pointing"),
    [
        ("He's seen here leaving the court with his brother.", True),
        ("Ada Holt (left) and Tom Reyes on the new bridge.", True),
        ("Rechts im Bild: die neue Brücke.", True),
        ("Ada Holt, hier bei einem Besuch der Baustelle.", True),
        ("Ada Holt, ici lors d'une visite du chantier.", True),
        ("Foto de archivo del puente viejo.", True),
        ("Анна Левина, на фото с братом.", True),
        ("نمایی از پل تازه در روز بازگشایی.", True),
        ("صورة أرشيفية للجسر القديم.", True),
        ("Smoke was seen from the bridge, the police said.", False),
        ("Wir sind hier mit einer neuen Lage konfrontiert.", False),
        ("Un homme est mort ici à Kisumu.", False),
        ("O suspeito aparece na foto com o irmão.", False),
    ],
)
def test_captions_point_at_the_picture(sentence, pointing):
    assert points_at_picture(sentence) is pointing
    assert points_at_picture(sentence, idioms_in(sentence)) is pointing


@pytest.mark.parametrize(
    ("sentence", "posed"),
    [
        ("Tom Reyes, the mayor, shakes hands with the ferrymen before the race.", True),
        ("The crew waves to the crowd during the parade in Kisumu.", True),
        ("The mayor shook hands with the ferrymen before the race.", False),
        ("The council decided on Monday to close the bridge.", False),
    ],
)
def test_captions_tell_in_the_present_tense_what_is_to_be_seen(sentence, posed):
    assert strikes_pose(sentence) is posed
