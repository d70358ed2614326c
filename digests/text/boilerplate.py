"""Lines that stand in an article and are not of it: bylines, captions, "read more", subscriptions, headings.

The patterns of all languages are tried on every sentence: pages mix them ("Photo: Reuters" under a Turkish text).
They match whole idioms, since a story may well be *about* cookies or newsletters.
"""

import re

_SHORTEST = 3
_HEADING_WORDS = 10
_END = re.compile("[.!?…。！？｡؟۔।॥:;][\"'“”„«»’)」』\\]]*$")
_LETTERS = re.compile(r"[^\W\d_]")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_READ_MORE = _any(
    r"^\W*(?:read|see|watch|listen|hear)\s+(?:more|also|next|here|all|our|the full|full)\b",
    r"^\W*(?:read|more|related|watch|see|video|explainer|in pictures|analysis|opinion)\s*(?:on this|stories|story|articles?|coverage|reading)?\s*[:|›»]",
    r"^\W*(?:click|tap) (?:here|to|on)\b",
    r"^\W*(?:also|further|related) read(?:ing)?\b",
    r"^\W*(?:lesen sie|lies|mehr zum thema|weiterlesen|siehe auch|zum thema|hier (?:geht's|geht es) |das könnte sie)",
    r"^\W*(?:lire|à lire|a lire|voir|à voir|lisez|retrouvez) (?:aussi|également|la suite|plus|ici|tous?|notre|nos)\b",
    r"^\W*(?:leer|lee|lea|vea|ver|mira) (?:más|también|además|aquí)\b|^\W*te puede interesar|^\W*noticias? relacionadas?",
    r"^\W*(?:leia|saiba|veja|confira|leia|assista) (?:mais|também|ainda|aqui|a seguir)\b",
    r"^\W*(?:leggi|guarda|scopri|continua a leggere|per approfondire)\s*(?:anche|qui|tutto|di più)?\s*(?:[:>»]|$|anche\b|di più\b)",
    r"^\W*(?:читайте|смотрите|слушайте)\s+(?:также|ещё|еще|далее|подробнее|нас)|^\W*(?:подробнее|по теме|материалы по теме)\b",
    r"^\W*(?:читайте|дивіться|слухайте)\s+(?:також|ще|далі|більше|детальніше|нас)|^\W*(?:детальніше|до теми|за темою)\b",
    r"^\W*(?:devamını|haberin devamı|ilginizi çekebilir|ayrıca (?:bkz|oku)|bunlar(?:a)? da|ilgili haber)",
    r"^\W*(?:baca|simak|lihat|tonton|saksikan)(?:lah)?\s+(?:juga|selengkapnya|video|artikel|berita|pula|di sini)",
    r"^\W*(?:بیشتر بخوانید|ادامه مطلب|همچنین بخوانید|بیشتر بدانید|در همین زمینه|مطالب مرتبط|خبرهای مرتبط|اینجا بخوانید)",
    r"^\W*(?:اقرأ|إقرأ|اقرا|شاهد|طالع|للمزيد|لقراءة المزيد|المزيد من|مواضيع ذات صلة|اضغط هنا)\s*(?:أيضا|ايضا|أيضًا|المزيد|هنا|:|$)?",
    r"^\W*(?:یہ بھی (?:پڑھیں|پڑھیے|دیکھیں)|مزید (?:پڑھیں|پڑھیے|خبریں))",
    r"^\W*(?:(?:यह|ये) भी (?:पढ़ें|पढ़ें|पढ़े|देखें)|और (?:पढ़ें|पढ़ें)|इसे भी पढ़ें)",
    r"^\W*(?:دا هم (?:ولولئ|وګورئ)|نور (?:ولولئ|معلومات))",
    r"^\W*(?:相关阅读|延伸阅读|相關閱讀|延伸閱讀|点击|點擊|查看更多|更多新闻|阅读原文|推荐阅读)",
    r"^\W*(?:関連(?:記事|リンク|ニュース)|続き(?:を読む|は)|あわせて読みたい|【関連|もっと見る)",
)
_CAPTION = _any(
    r"^\W*(?:(?:file|stock|handout|courtesy) )?(?:photos?|photographs?|images?|pictures?|illustration|graphic|credit|caption|videos?)\s*(?:by|credit|courtesy|caption|via)?\s*[:©/|]",
    r"^\W*(?:photo|image|photograph|picture) (?:by|credit|courtesy|caption)\b",
    r"^\W*(?:foto|fotos|bild|bilder|archivbild|symbolbild|grafik|fotoğraf|görsel|gambar|crédits?|photo d'illustration|imagen|imagem|immagine)\s*[:©/|(]",
    r"^\W*(?:фото|иллюстрация|изображение|ілюстрація|світлина|видео|відео)\s*[:©/|]",
    r"^\W*(?:عکس|تصویر|صورة|الصورة|فوٹو|तस्वीर|फोटो|图片来源|圖片來源|图源|写真|画像)\s*[:：©/|]",
    r"(?:getty images|shutterstock|istockphoto|alamy|picture[ -]alliance|/\s?(?:afp|reuters|ap|epa|dpa|anadolu)\b)\W*(?:images)?\W*$",
    r"\((?:ap )?(?:photo|file|image|foto|picture|bild)s?\b[^)]*\)\W*$|\bfile (?:photo|picture)\b",
)
_PLEA = _any(
    r"^\W*(?:please )?(?:sign up|subscribe|register|log ?in|sign in|join)\b.{0,80}(?:newsletter|account|free|today|now|here|to (?:our|the|read|continue)|channel|alerts?)",
    r"^\W*(?:follow|like|find|join|contact|email|tweet) (?:us|him|her|me|the author|@\w+)\b.{0,60}(?:twitter|facebook|instagram|telegram|whatsapp|x\b|@|on )",
    r"^\W*(?:get|receive) .{0,60}(?:in your inbox|delivered|newsletter|alerts)",
    r"\b(?:we|this (?:site|website)|our (?:site|website)|by continuing)\b.{0,40}\bcookies\b|\baccept (?:all )?cookies\b|cookie (?:policy|settings|preferences)",
    r"\ball rights reserved\b|^\W*(?:©|copyright\b)|\bterms of (?:use|service)\b.{0,40}\bprivacy\b|may not be (?:published|reproduced|redistributed)",
    r"^\W*(?:advertisement|sponsored|share this|print this|article continues|story continues|this (?:story|article) (?:was|has been) (?:originally|updated|corrected|translated)|have something to say)",
    r"^\W*(?:(?:first )?published|updated|last (?:updated|modified)|posted|created)\b\W*(?:on|at|:)?\W*.{0,40}\d",
    r"\b\d+ (?:min(?:ute)?s? read|comments?|shares?)\W*$",
    r"\b(?:newsletter|push-?nachrichten)\b.{0,40}\b(?:abonnieren|anmelden|bestellen)\b|^\W*(?:jetzt )?(?:abonnieren|anmelden)\b|^\W*anzeige\W*$|stimmen sie .{0,40}cookies",
    r"^\W*(?:abonnez-vous|s'abonner|inscrivez-vous|suivez-nous|connectez-vous|publicité\W*$|article réservé)",
    r"^\W*(?:suscríbe(?:te|ase)|suscríbase|síguenos|regístrate|publicidad\W*$|inicia sesión)",
    r"^\W*(?:assine|inscreva-se|siga-nos|siga o|cadastre-se|publicidade\W*$|clique aqui)",
    r"^\W*(?:iscriviti|abbonati|seguici|registrati|pubblicità\W*$|riproduzione riservata)|riproduzione riservata",
    r"^\W*(?:подпи(?:шитесь|сывайтесь|саться)|следите за|присоединяйтесь|реклама\W*$|все права защищены)",
    r"^\W*(?:підпи(?:шіться|суйтесь|суйтеся|сатися)|стежте за|приєднуйтесь|реклама\W*$|усі права захищено)",
    r"^\W*(?:abone ol|bizi takip|takip edin|kaydol|reklam\W*$|tüm hakları saklıdır)|(?:google news|telegram|whatsapp).{0,30}(?:takip ed|abone)",
    r"^\W*(?:ikuti (?:kami|berita|terus)|berlangganan|daftar (?:sekarang|di sini)|gabung|dapatkan (?:berita|update)|iklan\W*$|\[gambas)",
    r"^\W*(?:ما را (?:در|دنبال)|به کانال|عضو (?:کانال|خبرنامه)|مشترک (?:شوید|خبرنامه)|انتهای پیام|پایان پیام|کد خبر|آگهی\W*$|تبلیغات\W*$)",
    r"^\W*(?:اشترك|اشتركوا|تابعنا|تابعونا|تابعوا|انضم|سجل|إعلان\W*$|جميع الحقوق محفوظة)",
    r"^\W*(?:ہمیں فالو|سبسکرائب|ہمارا (?:چینل|واٹس))|^\W*(?:सब्सक्राइब|फॉलो करें|हमें फॉलो|हमारे (?:व्हाट्सएप|चैनल))",
    r"^\W*(?:订阅|訂閱|关注我们|扫码|版权所有|版權所有|责任编辑|責任編輯|编辑[:：]|記者[:：]|来源[:：])|^\W*(?:無断転載|会員登録|フォロー|ログイン|広告\W*$)",
)
_BYLINE = _any(
    r"^(?:by|from|von|par|por|di|oleh|penulis|автор|текст|yazan|haber|گزارش از|نویسنده|بقلم|كتب|تحریر|लेखक|文|记者|記者)\s*[:：]?\s+(?-i:[^\W\d_a-zа-яğüşıöç][\w.'’-]*)(?:[\s,]+(?:and|und|et|y|e|и|ve|dan|و|en|in|,)?\s*(?-i:[^\W\d_a-zа-яğüşıöç][\w.'’-]*)){0,8}\W*$",
    r"^(?:reporting|writing|editing|additional reporting|edited|compiled|translated|with (?:files|reporting)) (?:by|from)\b|\(?\breporting by\b.{0,80}\bediting by\b",
    r"^(?-i:[A-Z][\w'’-]+(?: [A-Z][\w.'’-]+){1,3}),? (?:is|was) (?:an?|the) .{0,60}(?:correspondent|reporter|columnist|editor|journalist|fellow|professor|writer)\b.{0,40}$",
    r"^\(?(?:reuters|afp|ap|dpa|efe|ansa|aa|tass|xinhua|kyodo|pti|ani|ots|tagesschau|irna|isna)\)?\W*$",
)
_LEAD_IN = re.compile(
    r"""\A(?:
        [^\W\d_a-z][\w .,'’/-]{1,50}?\((?:Reuters|AP|AFP|dpa|DPA|EFE|ANSA|AA|TASS|ТАСС|Xinhua|Kyodo|PTI|ANI|UPI|CNN|IANS|ANTARA|Lusa|Belga|ATS|APA|Interfax|Интерфакс|РИА[ ]Новости|AFP/[A-Z]+|sid|SID|epd|KNA|ots)[^)]{0,30}\)\s*[-–—:,.]*\s*
      | (?:[A-ZÀ-ÖØ-ÞА-ЯІЇЄĞÜŞİÖÇ][A-ZÀ-ÖØ-ÞА-ЯІЇЄĞÜŞİÖÇ.'’-]{2,}[ ,/]{0,2}){1,4}(?:[A-Z][a-z]+\.?[ ]\d{1,2}[ ,]{0,2})?(?:\([^)]{2,30}\))?\s*(?:--|[–—-])\s+
      | [^\W\d_a-z][\w .]{1,30},\s\d{1,2}\s\w{3,12}(?:\s\d{4})?\s(?:\([^)]{2,30}\)|[A-Z]{2,8})?\s*[–—-]\s+
      | به\s+گزارش\s[^،:.؛]{2,70}?(?:،|:)\s*(?:و\s)?
      | (?:【[^】]{1,20}】|（[^）]{1,20}(?:電|讯|訊|報導|报道|日)）|[^，。\s]{1,12}(?:社|网|網)[^，。\s]{1,14}\d{1,2}日(?:电|電|讯|訊)(?:（[^）]{1,20}）)?)\s*
    )""",
    re.VERBOSE,
)


def is_boilerplate(sentence: str, *, alone: bool = False) -> bool:
    """Whether a sentence is not part of what is told. `alone` says that it has a line of its own."""
    letters = len(_LETTERS.findall(sentence))
    if letters < _SHORTEST or letters * 2 < len(sentence.replace(" ", "")):
        return True
    if _shouts(sentence):
        return True
    if alone and not _END.search(sentence) and _words(sentence) <= _HEADING_WORDS:
        return True
    return any(pattern.search(sentence) for pattern in (_READ_MORE, _CAPTION, _PLEA, _BYLINE))


def lead_in(sentence: str) -> int:
    """How many characters of dateline or agency stand before the news: 18 in "KABUL (Reuters) - The talks …"."""
    found = _LEAD_IN.match(sentence)
    return found.end() if found and len(sentence) - found.end() > 20 else 0


def _shouts(sentence: str) -> bool:
    cased = [letter for letter in sentence if letter.isupper() or letter.islower()]
    return len(cased) > 5 and sum(map(str.isupper, cased)) > 0.8 * len(cased)


def _words(sentence: str) -> int:
    return len(sentence.split()) + len(_UNSPACED.findall(sentence)) // 2
