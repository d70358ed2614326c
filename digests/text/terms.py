"""Terms: the one analysis of words that search, stories, topics and near-duplicates share.

A text becomes normalised words (`words`), these become stems (`terms`). Letters that readers take for the same meet:
capitals, accents, Arabic and Persian forms of a letter, digits of any script, invisible joiners. Runs of Chinese,
Japanese, Korean and Thai, which have no spaces to split at, become pairs of neighbouring characters.

Stemming comes before the folding of accents, since most of Snowball's rules (snowballstem.org) read accents.
"""

import re
import threading
import unicodedata
from functools import cache, lru_cache

import Stemmer

from digests.text import endings

LONGEST = 64
"""Characters of a term that are kept."""

_SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("يىےېۍ", "ی"),
        **dict.fromkeys("كڪ", "ک"),
        **dict.fromkeys("ةہھەۃ", "ه"),
        **dict.fromkeys("ٱ", "ا"),
        "ګ": "گ",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "\u0640": None,
    }
)
_ARABIC_LETTERS = str.maketrans({"ی": "ي", "ک": "ك", "\u0640": None})
"""What the Arabic stemmer expects, where a text was typed on a Persian keyboard."""

_JOINERS = "\u200b\u200d\u200e\u200f\u2060\ufeff\u00ad\u061c\u202a-\u202e\u2066-\u2069"
_INVISIBLE = re.compile(f"[{_JOINERS}]")
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]"
)
_KEPT_SHORT_I = str.maketrans({"й": "\ue000", "ї": "\ue001"})
_SHORT_I = str.maketrans({"\ue000": "й", "\ue001": "ї"})
_APOSTROPHES = re.compile("[\u2019\u02bc\u2018\u201b\uff07`´]")
_GROUPED = re.compile(r"(?<=\d)[,٬'\u00a0\u202f](?=\d{3}(?!\d))")
_NOT_ASCII_DIGIT = re.compile(r"[^\D0-9]")

_INDIC = "\u0900-\u0963\u0966-\u0dff"
_UNSPACED = (
    "\u0e00-\u0e3e\u0e40-\u0e4e\u0e80-\u0ecd\u1000-\u1049\u1780-\u17d3"
    "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
)
_SPACED = f"{_INDIC}\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
_WORD = re.compile(rf"[{_UNSPACED}]+|(?:(?![_{_UNSPACED}])[\w{_SPACED}])+")
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_ASCII_WORD = re.compile(r"[a-z0-9]+")


def normalize(text: str) -> str:
    """Fold a text to the letters that searching compares: idempotent, without marks, capitals or letter variants."""
    if text.isascii():
        return text.lower()
    for _ in range(4):
        folded = _fold(text)
        if folded == text:
            break
        text = folded
    return text


def words(text: str, language: str) -> list[str]:
    """The normalised words of a text in their order; pairs of characters for scripts without spaces."""
    return [folded for token in _tokens(text, language) if (folded := _folded(token))]


def terms(text: str, language: str) -> list[str]:
    """The normalised stems of a text in their order: what is indexed, searched, counted and compared."""
    return [stemmed for token in _tokens(text, language) if (stemmed := stem(token, language))]


@lru_cache(maxsize=1 << 16)
def stem(word: str, language: str) -> str:
    """The normalised stem of one word; the normalised word itself where the language has no stemmer."""
    if language == "ar":
        word = endings.without_arabic_prefix(word.translate(_ARABIC_LETTERS))
    if word.isdigit():
        stemmed = word
    elif language in endings.LANGUAGES:
        stemmed = endings.strip(_folded(word), language)
    elif language in _SNOWBALL:
        stemmer, lock = _stemmer(language)
        with lock:
            stemmed = stemmer.stemWord(word)
            if language == "tr":  # one pass takes one layer of suffixes: seçimler → seçim → seç
                stemmed = stemmer.stemWord(stemmed)
    else:
        stemmed = word
    return stemmed[:LONGEST] if stemmed.isascii() and stemmed.isalnum() and stemmed.islower() else _folded(stemmed)


@cache
def _stemmer(language: str) -> tuple[Stemmer.Stemmer, threading.Lock]:
    """A Snowball stemmer with the lock that it needs: its objects are not safe to share between threads."""
    return Stemmer.Stemmer(_SNOWBALL[language], 0), threading.Lock()


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    return normalize(word).replace(" ", "")[:LONGEST]


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text).casefold()).translate(_KEPT_SHORT_I)
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    text = unicodedata.normalize("NFKC", text).translate(_SHORT_I).casefold().translate(_LETTERS)
    return _digits(text.replace("\u200c", " "))


def _digits(text: str) -> str:
    return _NOT_ASCII_DIGIT.sub(lambda match: str(unicodedata.decimal(match[0])), text)


def _tokens(text: str, language: str) -> list[str]:
    """Split a text into words that still have their accents, and unspaced runs into pairs of characters."""
    if text.isascii():
        text = text.lower()
        if "'" in text:
            text = endings.without_apostrophes(text, language)
        return _ASCII_WORD.findall(_GROUPED.sub("", text) if "," in text else text)
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    text = endings.without_apostrophes(_APOSTROPHES.sub("'", text), language)
    text = _GROUPED.sub("", _digits(text))
    text = endings.joined(text, language).replace("\u200c", " ")
    tokens = _WORD.findall(text)
    return _with_pairs(tokens) if _HAS_UNSPACED.search(text) else tokens


def _with_pairs(tokens: list[str]) -> list[str]:
    out: list[str] = []
    for token in tokens:
        if len(token) > 2 and _HAS_UNSPACED.match(token):
            out.extend(token[place : place + 2] for place in range(len(token) - 1))
        else:
            out.append(token)
    return out
