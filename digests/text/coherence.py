"""What a sentence needs beside it to make sense: the one before it, the rest of a quotation, what a colon announces.

The words that a sentence opens with when it leans on another are in openers.txt, by language.
"""

import re
from functools import cache
from importlib import resources

_OPENING_MARKS = "\"'“”„«»‘’‚‹›(「『–—-•* "
_UNSPACED = frozenset({"zh", "ja"})
_PERSIAN_LETTERS = str.maketrans("يىك", "ییک")
_PERSIAN = frozenset({"fa", "ur", "ps"})
_PAIRS = {
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
    "(": ")",
    "（": "）",
    "[": "]",
}
"""What closes what is open; German prints «…» as »…«."""
_MARKS = re.compile("[“”„«»‹›「」『』（）()[\\]]")
_OPENING_APOSTROPHE = re.compile(r"(?<!\w)['‘](?=[^\W\d])")
_CLOSING_APOSTROPHE = re.compile(r"(?<=[\w.,!?…])['’](?!\w)")
_SMALL_WORD = re.compile(r"[a-zß-öø-ÿа-яёіїєґ][a-zß-öø-ÿа-яёіїєґ’'-]*\s")
_OPENING = 60
"""Characters in which an opener stands."""


def leans(sentence: str, language: str) -> bool:
    """Whether a sentence makes no sense without the one before it: it opens with "But" or "He said"."""
    pattern = _openers().get(language)
    if pattern is None:
        return False
    opening = sentence[:_OPENING].lstrip(_OPENING_MARKS).lower()
    return bool(pattern.match(opening.translate(_PERSIAN_LETTERS) if language in _PERSIAN else opening))


def is_headless(sentence: str) -> bool:
    """Whether its beginning is lost: it opens with a word in small letters without a capital inside, as in iPhone."""
    return bool(_SMALL_WORD.match(sentence))


def is_torn(sentence: str) -> bool:
    """Whether a part is missing: a quotation or bracket without its other end, or what a colon announces."""
    if sentence.count('"') % 2 or sentence.endswith((":", "：")):
        return True
    if "'" in sentence or "‘" in sentence:
        opened, closed = _OPENING_APOSTROPHE.findall(sentence), _CLOSING_APOSTROPHE.findall(sentence)
        if len(opened) > len(closed):
            return True
    if sentence.isascii() and not any(mark in sentence for mark in "()[]"):
        return False
    expected: list[str] = []
    for character in _MARKS.findall(sentence):
        if expected and character in expected[-1]:
            expected.pop()
        elif character in _PAIRS:
            expected.append(_PAIRS[character])
        else:
            return True
    return bool(expected)


@cache
def _openers() -> dict[str, re.Pattern[str]]:
    words: dict[str, list[str]] = {}
    for line in resources.files(__package__).joinpath("openers.txt").read_text("utf-8").splitlines():
        language, _, found = line.partition(": ")
        if found and not line.startswith("#"):
            words.setdefault(language, []).append(found)
    return {language: _pattern("|".join(lines), language) for language, lines in words.items()}


def _pattern(words: str, language: str) -> re.Pattern[str]:
    end = "" if language in _UNSPACED else r"(?:(?<=\s)|(?![\w\u0900-\u0963\u200c]))"
    return re.compile(f"(?:{words}){end}")
