"""Word endings of languages without a good Snowball stemmer, and what joins to words: apostrophes, Persian affixes.

These are light stemmers: they take the commonest inflections off and leave at least three letters. Each reads words
that `digests.text.terms.normalize` has folded.
"""

import re

_SUFFIXES = {
    "fa": "هایشان هایمان هایی هایم هایت هایش ترین های شان ها تر ان ی",
    "uk": """ування ювання ськими ською ського ському ських ський ська ське ські ості істю ість ними ення ання ями ами
        ому ого ими ові еві єві єю ою ею ий ій их ах ях ам ям ом ем єм ів їв ої ти ть ла ло ли ує ся
        а я о е є и і ї у ю ь й""",
    "ur": "یوں یاں وں یں ات",
    "ps": "ونو انو ونه انی ان",
}
_LONGEST_FIRST = {language: sorted(suffixes.split(), key=len, reverse=True) for language, suffixes in _SUFFIXES.items()}
LANGUAGES = frozenset(_SUFFIXES)
_SHORTEST = 3
_SHORTEST_BEFORE = {"ان": 4}
"""Letters that must stay: four before ان, which ends as many names (ایران, تهران) as plurals."""

_ELIDING = frozenset({"fr", "it", "ca"})
_INSIDE_WORDS = frozenset({"uk", "be", "uz"})
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|un|all|dell|nell|sull|dall|quest|jusqu|lorsqu|puisqu)'(?=\w)")
_POSSESSIVE = re.compile(r"(?<=\w)'(?:s\b)?")
_TURKISH_CASE = re.compile(r"(?<=\w)'\w*")
_PERSIAN_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک"})
_PERSIAN_PREFIX = re.compile("(?<!\\w)(ن?می)[\u200c ](?=\\w)")
_PERSIAN_SUFFIX = re.compile(
    "(?:[\u200c ](?:ها|های|هایی|هایش|هایشان|هایم|هایت|هایمان|ترین|تر)"
    "|\u200c(?:ی|ای|ام|ات|اش|اند|ایم|مان|تان|شان))(?!\\w)"
)
_ARABIC_PREFIX = re.compile("^(?:وال|بال|كال|فال|ولل|لل)(?=\\w{3})")


def strip(word: str, language: str) -> str:
    """A normalised word without its known endings, two at most (ایرانی‌ها), as long as three letters stay."""
    for _ in range(2):
        shorter = _without_ending(word, language)
        if shorter == word:
            break
        word = shorter
    return word


def without_arabic_prefix(word: str) -> str:
    """An Arabic word without article and preposition that are written together (والحكومة → حكومة)."""
    return _ARABIC_PREFIX.sub("", word)


def _without_ending(word: str, language: str) -> str:
    for suffix in _LONGEST_FIRST[language]:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_BEFORE.get(suffix, _SHORTEST):
            return word[: -len(suffix)]
    return word


def without_apostrophes(text: str, language: str) -> str:
    """A lower-case text without elided articles (l'État), possessives (Iran's, Ankara'da) or other apostrophes."""
    if "'" not in text:
        return text
    if language in _INSIDE_WORDS:
        return text.replace("'", "")
    if language in _ELIDING:
        return _ELISION.sub("", text)
    return (_TURKISH_CASE if language == "tr" else _POSSESSIVE).sub("", text)


def joined(text: str, language: str) -> str:
    """A Persian text in which written-apart plural and comparative endings are gone and verbs have their prefix."""
    if language != "fa":
        return text
    return _PERSIAN_PREFIX.sub(r"\1", _PERSIAN_SUFFIX.sub("", text.translate(_PERSIAN_LETTERS)))
