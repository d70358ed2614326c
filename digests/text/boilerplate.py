"""Lines that stand in an article and are not of it: bylines, captions, "read more", subscriptions, headings.

The idioms are in boilerplate.txt; what has a shape rather than words is here. What hangs on a sentence that is wanted,
a dateline or "continue reading", is cut off by margins.py.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from digests.text.margins import NAME, is_dateline

LONGEST = 45
"""Words beyond which a sentence is taken to be told, whatever idiom is in it."""

_HEADING = 10
"""Words that a line may have to be taken for a heading where nothing ends it."""

_END = re.compile("[.!?…。！？｡؟۔।॥:;][\"'“”„«»’)」』\\]]*$")
_TOLD = re.compile(r"[^\W\d_]{2,}\s[^\W\d_]{2,}\s[^\W\d_]{2}")
"""Three words in a row: not a table of figures, nor hashtags."""

_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_MARKS = "\"'“”„«»‘’*•·▪■►▶→>-–—|#[(【 \t\u00a0\u200b\u200c\u200e\u200f\ufeff"

_JOINING = r"(?:and|und|et|y|e|и|ve|dan|و|en|in|и)"
_BYLINE = re.compile(
    r"(?:[Bb]y|BY|Von|VON|Par|Por|POR|Oleh|Penulis|Автор|Текст|Yazan|گزارش از|نویسنده|بقلم|كتب|تحریر|लेखक)"
    rf"\s*[:：]?\s+"
    rf"{NAME}(?:,?\s+(?:{_JOINING}\s+)?{NAME}){{0,8}}\W*$"
    rf"|{NAME}(?:\s{NAME}){{1,3}},? (?:is|was) (?:an?|the) .{{0,60}}"
    r"(?:correspondent|reporter|columnist|editor|journalist|fellow|professor|writer)\b.{0,40}$"
    r"|[（(]?(?:文|记者|記者|编辑|編輯|撰文)[:：]?\s*[\u4e00-\u9fff]{2,4}[）)]?\s*$"
)

_CREDIT = 60
"""Characters of the longest credit that is looked for behind a caption."""

_SOURCE = re.compile(
    r"[-–—(\[]\s?(?:file|photo|archive?|courtesy|screengrab|handout|twitter|facebook|instagram|youtube"
    r"|reuters|afp|ap|epa|dpa|app|pti|ani|xinhua|getty images|white star|online|dawn|www)\b.{0,40}",
    re.IGNORECASE,
)
_CLOSING_MARKS = " .)]|\"'”»"


_SMALL = re.compile("[a-zà-öø-ÿа-яёіїєґ]{4}")


_CAPTION = 220
"""Characters of the longest caption that is told by its verb."""

_POSE = re.compile(
    r"\b(?:shakes? hands|poses?|waves?|looks? on|gestures?|smiles?|hugs?|embraces?|greets?|reacts?|celebrates?"
    r"|applauds?|addresses|speaks?|arrives?|walks?|stands?|sits?|inspects?|holds? (?:up|a|an|his|her|their)"
    r"|lays? a wreath|takes? part|(?:is|are) (?:seen|pictured))\b"
    r".{0,80}\b(?:during|before|after|at|outside|inside|ahead of|next to|alongside|in front of|in this)\b"
)
_IN_THE_PICTURE = re.compile(
    r"[(（](?:(?:far |second |third )?(?:left|right)|centre|center|pictured|above|below|inset|top|bottom|back|front"
    r"|links|rechts|im bild|l\.|r\.|à gauche|à droite|au centre|a la izquierda|a la derecha|izquierda|derecha"
    r"|a sinistra|a destra|à esquerda|à direita|слева|справа|на фото|ліворуч|праворуч|solda|sağda|kiri|kanan"
    r"|(?:سمت )?(?:چپ|راست))(?!\w)"
)


class Idioms(NamedTuple):
    """The idioms of boilerplate.txt: how a sentence opens or ends, a credit opens, and what it holds with a word.

    `points` are those of captions that may tell something too.
    """

    opens: re.Pattern[str]
    credits: re.Pattern[str]
    holds: list[tuple[str, re.Pattern[str]]]
    ends: tuple[str, ...]
    points: list[tuple[str, re.Pattern[str]]]


def is_boilerplate(sentence: str, *, alone: bool = False) -> bool:
    """Whether a sentence is not part of what is told. `alone` says that it has a line of its own."""
    return is_heading(sentence, alone=alone) or is_foreign(sentence)


def idioms_in(text: str) -> Idioms:
    """The idioms whose words stand anywhere in a text: all that is_foreign has to look for in its sentences."""
    known, text = _idioms(), text.lower()
    here = [[(word, pattern) for word, pattern in part if word in text] for part in (known.holds, known.points)]
    return known._replace(holds=here[0], points=here[1])


def is_foreign(sentence: str, idioms: Idioms | None = None) -> bool:
    """Whether it is of the page, by its idiom (of `idioms` or of all), or has figures and marks for letters."""
    if not _TOLD.search(sentence) and (_is_figures(sentence) or _is_tags(sentence.split())):
        return True
    return _words(sentence) <= LONGEST and _is_idiom(sentence, idioms or _idioms())


def is_heading(sentence: str, *, alone: bool = False) -> bool:
    """Whether it has the shape of a heading: short, on its own and without an end, or in capitals."""
    return (alone and not _END.search(sentence) and _words(sentence) <= _HEADING) or _shouts(sentence)


def is_credit(sentence: str) -> bool:
    """Whether it names the source of a picture, as what stands behind a caption does: "Photo: …", "—AFP/File"."""
    bare = sentence.lstrip(_MARKS).lower()
    if len(bare) > _CREDIT or not bare:
        return False
    return bool(_SOURCE.fullmatch(sentence.strip()) or _idioms().credits.match(bare))


def strikes_pose(sentence: str) -> bool:
    """Whether it tells what a picture shows, in the present tense of English captions: "shakes hands with …"."""
    return len(sentence) < _CAPTION and bool(_POSE.search(sentence))


def points_at_picture(sentence: str, idioms: Idioms | None = None) -> bool:
    """Whether it points at a picture, "(left)" or "seen here", as captions do that stand between the paragraphs."""
    points = (idioms or _idioms()).points
    if not points and "(" not in sentence and "（" not in sentence:
        return False
    bare = sentence.lower()
    return bool(_IN_THE_PICTURE.search(bare)) or any(word in bare and pattern.search(bare) for word, pattern in points)


def _words(sentence: str) -> int:
    """The words of a sentence; two characters of Chinese or Japanese make one."""
    spaces = sentence.count(" ") + 1
    return spaces if sentence.isascii() else spaces + len(_UNSPACED.findall(sentence)) // 2


def _is_idiom(sentence: str, idioms: Idioms) -> bool:
    bare = sentence.lstrip(_MARKS)
    if _BYLINE.match(bare) or is_dateline(sentence):
        return True
    bare = bare.lower()
    if idioms.opens.match(bare) or bare.rstrip(_CLOSING_MARKS).endswith(idioms.ends):
        return True
    for word, pattern in idioms.holds:  # noqa: SIM110 – any() costs three times as much here
        if word in bare and pattern.search(bare):
            return True
    return False


def _is_tags(tokens: Sequence[str]) -> bool:
    """Whether it is hashtags more than anything else."""
    return sum(token.startswith("#") for token in tokens) * 2 > len(tokens)


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


@cache
def _idioms() -> Idioms:
    """The idioms of boilerplate.txt, compiled when the first sentence needs them."""
    found: dict[str, list[str]] = {}
    section: list[str] = []
    for line in resources.files(__package__).joinpath("boilerplate.txt").read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            section = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            section.append(line)
    return Idioms(
        opens=re.compile("|".join(found["opens"] + found["credits"])),
        credits=re.compile("|".join(found["credits"])),
        holds=_by_word(found["holds"]),
        ends=tuple(found["ends"]),
        points=_by_word(found["points"]),
    )


def _by_word(lines: Sequence[str]) -> list[tuple[str, re.Pattern[str]]]:
    """Lines of a word, a tab and an expression, those of one word in one."""
    words: dict[str, list[str]] = {}
    for line in lines:
        word, _, pattern = line.partition("\t")
        words.setdefault(word, []).append(pattern)
    return [(word, re.compile("|".join(patterns))) for word, patterns in words.items()]
