"""Where the news begins and ends in a sentence: behind a dateline or a number, before "continue reading".

"KABUL (Reuters) - The talks …" begins with "The talks"; "… in May. Continue reading →" ends with "in May.".
"""

import re

NAME = r"[^\W\d_a-zа-яğüşıöç][\w.'’-]*"
"""A word with a capital, or of a script without them: a part of a name."""

_AGENCIES = (
    "Reuters|REUTERS|AP|AFP|dpa|DPA|EFE|ANSA|AA|TASS|ТАСС|Xinhua|Kyodo|PTI|ANI|UPI|CNN|IANS|ANTARA|Lusa|Belga|ATS|APA|"
    "Interfax|Интерфакс|РИА Новости|Укрінформ|sid|SID|epd|KNA|ots|رويترز|أ ف ب|د ب أ"
)
_CAPITALS = "A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐĞÜŞİÖÇ"
_DATELINE = re.compile(
    # By Ada HoltKISUMU
    rf"(?:By {NAME}(?:[ ][A-Z][\w'’-]*?){{1,3}} ?(?=[A-Z]{{4,}}\b))?"
    r"(?:"
    # Place (agency) -
    rf"[{_CAPITALS}][\w .,'’/-]{{1,50}}?\((?:{_AGENCIES})[^)]{{0,30}}\)\s*[-–—:,.]*"
    # (agency) - or AGENCY -
    rf"|[(/](?:{_AGENCIES}|[{_CAPITALS}]{{2,6}} News)[)/][\s.:–—-]*|(?:{_AGENCIES})\s*[–—-]\s"
    # PLACE, PLACE -
    rf"|(?:[{_CAPITALS}][{_CAPITALS}.'’-]{{2,}}[ ,/]{{0,2}}){{1,4}}(?:[A-Z][a-z]+\.? \d{{1,2}}[ ,]{{0,2}})?"
    r"(?:\([^)]{2,30}\))?\s*(?:--|[–—-])\s"
    # PLACE, Country -
    rf"|(?:[{_CAPITALS}][{_CAPITALS}.'’-]{{2,}}[ ]?){{1,3}}, (?:[A-Z][a-z.]+[ ]?){{1,3}}"
    r"(?:\([^)]{2,30}\))?\s*(?:--|[–—-])\s"
    # A SERIES IN CAPITALS -
    rf"|[{_CAPITALS}]{{2,}}(?=[^ ]* )[{_CAPITALS} '’-]{{4,50}}[{_CAPITALS}] (?:--|[–—-])\s"
    # Place, 3 May (agency) - or PLACE, 3 May. /AGENCY/.
    rf"|[{_CAPITALS}][\w. ]{{1,30}}, \d{{1,2}}\.? \w{{3,12}}\.?(?: \d{{4}})?\.?\s?(?:\([^)]{{2,30}}\)|[A-Z]{{2,8}})?\s*"
    rf"(?:[–—-]\s+(?:(?:{_AGENCIES})[.,]?(?:\s|$))?|[/(](?:{_AGENCIES})[)/][.,]?)"
    # Place - before a capital, as German papers have it
    rf"|(?!(?:D(?:er|ie|as|en)|Eine?|The|An?|L[aeo]s?|El|Il|Une?|Una) )"
    rf"[{_CAPITALS}]\w+(?:[ /-][{_CAPITALS}]\w+){{0,2}}(?:, [{_CAPITALS}][\w.]+| \([\w/ .]{{2,20}}\))? (?:--|[–—-]) "
    rf"(?=[{_CAPITALS}\"„“«»])(?![^–—]* [–—-] )"
    r"|[\w .]{2,20}[-–—/\s]{1,3}(?:رويترز|أ ف ب|د ب أ|الأناضول|سانا|وكالات|العربية)\s*[-–—:/]"
    r"|به\s+گزارش\s[^،:.؛]{2,70}?(?:،|:)\s*(?:و\s)?"
    r"|【[^】]{1,20}】|（[^）]{1,20}(?:電|电|讯|訊|報導|报道|日)）"
    r"|[^，。\s]{1,12}(?:社|网|網)[^，。\s]{1,14}\d{1,2}日(?:电|電|讯|訊)(?:（[^）]{1,20}）)?"
    r")[\s\u200b-\u200f]*"
)
_BRACKETS = re.compile(rf"\[[A-Z][\w .,'’&-]{{2,30}}\]\s*(?=[{_CAPITALS}\"“])")
"""The outlet in front of its text: [Daily Post]."""

_JOINT = re.compile(r"[\[(–—/:،【（社网網]| --? ")
_OPENING = 90
"""Characters in which a dateline ends, by one of the joints."""

_LEAST = 20
"""Characters that must be left of a sentence for something to be cut off it."""

_NUMBER = re.compile(
    r"(?:[•▪■►▶·]\s*|[*]\s+|[(]?[0-9۰-۹٠-٩]{1,2}[)]\s*|[0-9۰-۹٠-٩]{1,2}[-–]\s+)(?=[^\W\d_\u0660-\u0669]|[«“\"„])"
)
_NUMBER_STOP = re.compile(r"[0-9۰-۹٠-٩]{1,2}[.]\s+(?=[^\W\d_]|[«“\"„])")
_ORDINALS = frozenset({"de", "tr", "da", "no", "fi", "sv", "cs", "pl", "hu", "sk", "sl", "hr"})
"""Languages in which "1. Liga" opens a sentence."""

_TAIL = 140
"""Characters at the end of a sentence in which a byline or "continue reading" may hang on it."""

_MORE = (
    r"continue reading|continued? (?:on|at)|read more|read the (?:rest|full|whole)",
    r"weiterlesen|mehr lesen|lire la suite|en savoir plus|leer más|seguir leyendo|sigue leyendo",
    r"leia mais|continue lendo|continua a leggere|leggi (?:tutto|di più)|devamını oku|devamı için",
    r"читать (?:далее|дальше|полностью)|подробнее|читати (?:далі|більше)|(?:baca )?selengkapnya",
    r"ادامه (?:مطلب|خبر|متن)|اقرأ المزيد|مزید پڑھیں|आगे पढ़ें|और पढ़ें",
    r"阅读全文|查看全文|阅读更多|閱讀全文|続きを読む",
    r"the post .{1,90} (?:appeared first|first appeared) on",
)
_HANGING = re.compile(
    r"(?<=[.!?…\]\"”»’')>。！？۔؟।])\s*[\[(«]?\s*(?:"
    rf"(?:{'|'.join(_MORE)})(?!\w).{{0,110}}"
    rf"|(?-i:By|Von|Par|Por|Oleh|Автор:|Text:|Texte:)\s+(?-i:{NAME}(?:[ ]{NAME}){{1,3}})"
    r")\W*$",
    re.IGNORECASE,
)
_PLACE = re.compile(
    rf"[{_CAPITALS}]{{3,}}(?:[{_CAPITALS}]|(?:[ -][{_CAPITALS}]{{3,}}){{1,2}})(?:\s?\([^)]{{2,20}}\))?:\s+(?=\S)"
)

_PLACES = (
    "New Delhi|Delhi|Mumbai|Kolkata|Chennai|Bengaluru|Bangalore|Hyderabad|Ahmedabad|Lucknow|Patna|Jaipur|Bhopal|"
    "Pune|Chandigarh|Srinagar|Jammu|Guwahati|Ranchi|Raipur|Kochi|Thiruvananthapuram|Islamabad|Karachi|Lahore|"
    "Rawalpindi|Peshawar|Quetta|Multan|Faisalabad|Muzaffarabad|Gilgit|Dhaka|Chattogram|Kathmandu|Colombo|Kabul|"
    "Kandahar|Herat|Tehran|Baghdad|Erbil|Damascus|Beirut|Amman|Cairo|Riyadh|Jeddah|Dubai|Abu Dhabi|Doha|"
    "Kuwait City|Muscat|Manama|Ankara|Istanbul|Jerusalem|Gaza City|Ramallah|Kuala Lumpur|Jakarta|Manila|"
    "Singapore|Bangkok|Hanoi|Yangon|Beijing|Hong Kong|Taipei|Tokyo|Seoul|Sydney|Canberra|Nairobi|Kampala|Lagos|"
    "Abuja|Accra|Harare|Lusaka|Johannesburg|Pretoria|Cape Town|Addis Ababa|Mogadishu|Khartoum|London|Paris|"
    "Berlin|Brussels|Geneva|Vienna|Rome|Madrid|Moscow|Kyiv|Kiev|Washington|New York|United Nations|Ottawa"
)
_COLON_PLACE = re.compile(rf"(?:{_PLACES})(?:, [A-Z][a-z]+\.? \d{{1,2}})?(?:\s?\([^)]{{2,20}}\))?:\s+(?=[A-Z0-9\"“‘'])")
"""A place that is not in capitals, with a colon, as papers of South Asia have it. Any other word may be a speaker."""

_ARABIC_WORD = r"[\u0621-\u063a\u0641-\u064a\u066e-\u06d3\u200c]{3,16}"
_DASHED_PLACE = re.compile(
    rf"(?:خبرگزاری )?{_ARABIC_WORD}\s?[–—]\s(?:(?:ایرنا|ایسنا|ایلنا|فارس|تسنیم|مهر|رویترز)\s?[–—-]\s)?"
    r"(?![^–—]{0,90}\s[–—])"
)
"""«تهران – …»: a word with a dash that no second one closes."""


def lead_in(sentence: str) -> int:
    """How many characters of dateline or agency stand before the news: 18 in "KABUL (Reuters) - The talks …"."""
    if not _JOINT.search(sentence, 0, _OPENING):
        return 0
    source = _BRACKETS.match(sentence) if sentence.startswith("[") else None
    end = source.end() if source else 0
    dateline = _DATELINE.match(sentence, end)
    if dateline and len(sentence) - dateline.end() > _LEAST:
        return dateline.end()
    return end


def place_in(sentence: str) -> int:
    """How many characters of a place open the first lines of an article: 9 in "KARACHI: The talks …"."""
    found = _PLACE.match(sentence) or _COLON_PLACE.match(sentence) or _DASHED_PLACE.match(sentence)
    return found.end() if found and len(sentence) - found.end() > _LEAST else 0


def numbering(sentence: str, language: str) -> int:
    """How many characters of "1. ", "(2) " or "• " stand before a sentence; "1. Liga" is none in German."""
    if sentence[0].isalpha():
        return 0
    found = _NUMBER.match(sentence)
    if not found and language not in _ORDINALS and sentence[:1].isdigit():
        found = _NUMBER_STOP.match(sentence)
    return found.end() if found and len(sentence) - found.end() > _LEAST else 0


def news_end(sentence: str) -> int:
    """Where the news ends in a sentence: before "Continue reading …" or "Von Ada Holt" that hang on it."""
    if sentence.endswith(".") and not sentence.endswith(".."):
        return len(sentence)
    found = _HANGING.search(sentence, max(0, len(sentence) - _TAIL))
    return found.start() if found and found.start() > _LEAST else len(sentence)


def is_cut_off(sentence: str) -> bool:
    """Whether it ends as teasers do that were cut to a length: "…", "...", "[…]"."""
    return sentence.rstrip("])>").endswith(("…", "..."))


def is_dateline(sentence: str) -> bool:
    """Whether it is a dateline and nothing else."""
    if len(sentence) >= _OPENING or not _JOINT.search(sentence):
        return False
    found = _DATELINE.match(sentence)
    return found is not None and found.end() == len(sentence)
