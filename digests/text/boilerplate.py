"""Lines that stand in an article and are not of it: bylines, captions, "read more", subscriptions, headings.

The idioms are in boilerplate.txt; what has a shape rather than words is here. A dateline ("KABUL (Reuters) - …") is
part of a sentence that is wanted, so `lead_in` tells where the news begins.
"""

import re
from functools import cache
from importlib import resources
from typing import NamedTuple

LONGEST = 45
"""Words beyond which a sentence is taken to be told, whatever idiom is in it."""

_HEADING = 10
"""Words that a line may have to be taken for a heading where nothing ends it."""

_END = re.compile("[.!?…。！？｡؟۔।॥:;][\"'“”„«»’)」』\\]]*$")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_MARKS = "\"'“”„«»‘’*•·▪■►▶→>-–—|#[(【 \t\u00a0\u200b\u200c\u200e\u200f\ufeff"

_NAME = r"[^\W\d_a-zа-яğüşıöç][\w.'’-]*"
_JOINING = r"(?:and|und|et|y|e|и|ve|dan|و|en|in|и)"
_BYLINE = re.compile(
    r"(?:[Bb]y|BY|Von|VON|Par|Por|POR|Oleh|Penulis|Автор|Текст|Yazan|گزارش از|نویسنده|بقلم|كتب|تحریر|लेखक)"
    rf"\s*[:：]?\s+"
    rf"{_NAME}(?:,?\s+(?:{_JOINING}\s+)?{_NAME}){{0,8}}\W*$"
    rf"|{_NAME}(?:\s{_NAME}){{1,3}},? (?:is|was) (?:an?|the) .{{0,60}}"
    r"(?:correspondent|reporter|columnist|editor|journalist|fellow|professor|writer)\b.{0,40}$"
    r"|[（(]?(?:文|记者|記者|编辑|編輯|撰文)[:：]?\s*[\u4e00-\u9fff]{2,4}[）)]?\s*$"
)

_AGENCIES = (
    "Reuters|REUTERS|AP|AFP|dpa|DPA|EFE|ANSA|AA|TASS|ТАСС|Xinhua|Kyodo|PTI|ANI|UPI|CNN|IANS|ANTARA|Lusa|Belga|ATS|APA|"
    "Interfax|Интерфакс|РИА Новости|Укрінформ|sid|SID|epd|KNA|ots|رويترز|أ ف ب|د ب أ"
)
_CAPITALS = "A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐĞÜŞİÖÇ"
_DATELINE = re.compile(
    r"(?:"
    # Place (agency) -
    rf"[{_CAPITALS}][\w .,'’/-]{{1,50}}?\((?:{_AGENCIES})[^)]{{0,30}}\)\s*[-–—:,.]*"
    # (agency) - or AGENCY -
    rf"|[(/](?:{_AGENCIES}|[{_CAPITALS}]{{2,6}} News)[)/][\s.:–—-]*|(?:{_AGENCIES})\s*[–—-]\s"
    # PLACE, PLACE -
    rf"|(?:[{_CAPITALS}][{_CAPITALS}.'’-]{{2,}}[ ,/]{{0,2}}){{1,4}}(?:[A-Z][a-z]+\.? \d{{1,2}}[ ,]{{0,2}})?"
    r"(?:\([^)]{2,30}\))?\s*(?:--|[–—-])\s"
    # Place, 3 May (agency) - or PLACE, 3 May. /AGENCY/.
    rf"|[{_CAPITALS}][\w. ]{{1,30}}, \d{{1,2}}\.? \w{{3,12}}\.?(?: \d{{4}})?\.?\s?(?:\([^)]{{2,30}}\)|[A-Z]{{2,8}})?\s*"
    rf"(?:[–—-]\s+(?:(?:{_AGENCIES})[.,]?(?:\s|$))?|[/(](?:{_AGENCIES})[)/][.,]?)"
    # Place - before a capital, as German papers have it
    rf"|(?!(?:D(?:er|ie|as|en)|Eine?|The|An?|L[aeo]s?|El|Il|Une?|Una) )"
    rf"[{_CAPITALS}]\w+(?:[ /-][{_CAPITALS}]\w+){{0,2}}(?:, [{_CAPITALS}][\w.]+| \([\w/ .]{{2,20}}\))? [–—-] "
    rf"(?=[{_CAPITALS}\"„“«»])(?![^–—]* [–—-] )"
    r"|[\w .]{2,20}[-–—/\s]{1,3}(?:رويترز|أ ف ب|د ب أ|الأناضول|سانا|وكالات|العربية)\s*[-–—:/]"
    r"|به\s+گزارش\s[^،:.؛]{2,70}?(?:،|:)\s*(?:و\s)?"
    r"|【[^】]{1,20}】|（[^）]{1,20}(?:電|电|讯|訊|報導|报道|日)）"
    r"|[^，。\s]{1,12}(?:社|网|網)[^，。\s]{1,14}\d{1,2}日(?:电|電|讯|訊)(?:（[^）]{1,20}）)?"
    r")[\s\u200b-\u200f]*"
)
_JOINT = re.compile("[(–—/:،【（社网網]| --? ")
_OPENING = 90
"""Characters in which a dateline ends, by one of the joints."""

_LEAST = 20
_CLOSING_MARKS = " .)]|\"'”»"


_SMALL = re.compile("[a-zà-öø-ÿа-яёіїєґ]{4}")


_IN_THE_PICTURE = re.compile(
    r"[(（](?:(?:far |second |third )?(?:left|right)|centre|center|pictured|above|below|inset|top|bottom|back|front"
    r"|links|rechts|im bild|l\.|r\.|à gauche|à droite|au centre|a la izquierda|a la derecha|izquierda|derecha"
    r"|a sinistra|a destra|à esquerda|à direita|слева|справа|на фото|ліворуч|праворуч|solda|sağda|kiri|kanan"
    r"|(?:سمت )?(?:چپ|راست))(?!\w)"
)


def is_boilerplate(sentence: str, *, alone: bool = False) -> bool:
    """Whether a sentence is not part of what is told. `alone` says that it has a line of its own."""
    tokens = sentence.split()
    if sum(map(str.isalpha, tokens)) * 2 < len(tokens) and _is_figures(sentence):
        return True
    if _shouts(sentence):
        return True
    words = len(tokens) if sentence.isascii() else len(tokens) + len(_UNSPACED.findall(sentence)) // 2
    if alone and words <= _HEADING and not _END.search(sentence):
        return True
    return words <= LONGEST and _is_idiom(sentence)


def lead_in(sentence: str) -> int:
    """How many characters of dateline or agency stand before the news: 18 in "KABUL (Reuters) - The talks …"."""
    if not _JOINT.search(sentence, 0, _OPENING):
        return 0
    found = _DATELINE.match(sentence)
    return found.end() if found and len(sentence) - found.end() > _LEAST else 0


def points_at_picture(sentence: str) -> bool:
    """Whether it points at a picture, "(left)" or "(pictured)", as captions do that stand between the paragraphs."""
    return ("(" in sentence or "（" in sentence) and bool(_IN_THE_PICTURE.search(sentence.lower()))


def _is_idiom(sentence: str) -> bool:
    bare = sentence.lstrip(_MARKS)
    if _BYLINE.match(bare):
        return True
    if len(sentence) < _OPENING and _JOINT.search(sentence):
        dateline = _DATELINE.match(sentence)
        if dateline and dateline.end() == len(sentence):
            return True
    bare = bare.lower()
    idioms = _idioms()
    if idioms.opens.match(bare) or bare.rstrip(_CLOSING_MARKS).endswith(idioms.ends):
        return True
    for word, pattern in idioms.holds:  # noqa: SIM110 – any() costs three times as much here
        if word in bare and pattern.search(bare):
            return True
    return False


def _is_figures(sentence: str) -> bool:
    """Whether it has next to no letters, or fewer of them than of figures and marks."""
    letters = sum(map(str.isalpha, sentence))
    return letters < 3 or letters * 2 < len(sentence) - sentence.count(" ")


def _shouts(sentence: str) -> bool:
    """Whether it is in capitals, as headings and warnings are."""
    if _SMALL.search(sentence):
        return False
    capitals = sum(map(str.isupper, sentence))
    return capitals > 5 and capitals > 4 * sum(map(str.islower, sentence))


class _Idioms(NamedTuple):
    opens: re.Pattern[str]
    holds: list[tuple[str, re.Pattern[str]]]
    ends: tuple[str, ...]


@cache
def _idioms() -> _Idioms:
    """The idioms of boilerplate.txt, compiled when the first sentence needs them."""
    found: dict[str, list[str]] = {}
    section: list[str] = []
    for line in resources.files(__package__).joinpath("boilerplate.txt").read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            section = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            section.append(line)
    words = [line.partition("\t") for line in found["holds"]]
    return _Idioms(
        opens=re.compile("|".join(found["opens"])),
        holds=[(word, re.compile(pattern)) for word, _, pattern in words],
        ends=tuple(found["ends"]),
    )
