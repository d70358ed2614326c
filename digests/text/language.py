"""Which language a text is in: letters that only one language uses, then py3langid among those of the same script.

py3langid is a naive Bayes classifier over byte n-grams (Lui and Baldwin, langid.py, ACL 2012); its model knows 140
languages. Restricting it to those the project supports takes most confusions away, and the script the rest.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

SUPPORTED = ("en", "fa", "ar", "ru", "uk", "de", "fr", "es", "pt", "it", "tr", "hi", "zh", "ja", "id", "ur", "ps")
"""The languages that are told apart, by their ISO 639-1 codes."""

UNDETERMINED = "und"
"""ISO 639-2's code for a text without letters, or in a script of none of the supported languages."""

_READ = 3000
"""Characters that are looked at: more does not change the answer."""

_HINT_ODDS = 4.0
"""How many times likelier than the feed's declared language another one must look. Feeds are often declared in a
language that a template came with, so this decides close cases only: short texts, names, scores."""

_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+")
_LATIN = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]")
_HAN = re.compile("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff]")
_DEVANAGARI = re.compile("[\u0900-\u0963\u0970-\u097f]")
_LETTER = re.compile(r"[^\W\d_]")

_ONLY_PASHTO = re.compile("[ټډړږښڅځڼېۍ]")
_ONLY_URDU = re.compile("[ٹڈڑںےۓھہۂۃ]")
_ONLY_RUSSIAN = re.compile("[ыэъёЫЭЪЁ]")
_ONLY_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_SHINJITAI = re.compile(
    "[々円戦読対発図売応鉄気駅広桜沢県関総権歳歩黒変検験済帰囲転軽"
    "労営単団拡効児従渋証焼縄剣覧働込辻畑払拠覚継経価両楽増悪圧]"
)
"""Characters that neither Simplified nor Traditional Chinese writes like this."""


class _Identifier(Protocol):
    def rank(self, text: str) -> list[tuple[str, float]]:
        """All languages with their probabilities, likeliest first."""
        ...


def detect(text: str, *, hint: str | None = None) -> str:
    """The ISO 639-1 code of a text's language: one of SUPPORTED, or the hint's own, or UNDETERMINED.

    `hint` is what the feed declares ("en", "pt-BR"). It decides where the text itself leaves a doubt, and makes a
    language outside SUPPORTED possible: without it a Dutch text would pass for German.
    """
    sample = _NOISE.sub(" ", text[:_READ])
    declared = primary(hint)
    candidates = _candidates(sample, declared)
    if len(candidates) <= 1:
        return next(iter(candidates), declared if declared not in SUPPORTED and declared else UNDETERMINED)
    return _likeliest(sample, candidates, declared)


def primary(tag: str | None) -> str:
    """The primary subtag of a BCP 47 language tag, in lower case: "pt" of "pt-BR"; "" of None or of no tag."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", tag or "")
    return found[1].lower() if found else ""


def _likeliest(sample: str, candidates: frozenset[str], declared: str) -> str:
    if sample.istitle() or sample.isupper():
        sample = sample.lower()
    ranked = [(language, chance) for language, chance in _identifier().rank(sample) if language in candidates]
    best, chance = ranked[0]
    if declared in candidates and chance < _HINT_ODDS * dict(ranked).get(declared, 0.0):
        return declared
    return best


def _candidates(sample: str, declared: str) -> frozenset[str]:
    """The languages that the letters of a text leave possible."""
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS.items()}
    script = max(counts, key=lambda name: counts[name] * _WEIGHTS[name])
    letters = len(_LETTER.findall(sample))
    if not counts[script] or sum(counts.values()) * 2 < letters:
        return frozenset()
    possible = _NARROWED[script](sample) if script in _NARROWED else _LANGUAGES[script]
    if declared and declared not in SUPPORTED and len(_LANGUAGES[script]) > 1:
        return frozenset({*possible, declared})
    return frozenset(possible)


def _of_arabic(sample: str) -> Iterable[str]:
    """Pashto and Urdu write one letter in fifteen as no other; a single one in a long text is a borrowed name."""
    pashto, urdu = len(_ONLY_PASHTO.findall(sample)), len(_ONLY_URDU.findall(sample))
    if max(pashto, urdu) * 100 < len(_ARABIC.findall(sample)):
        return ("fa", "ar", "ps")
    return ("ps",) if pashto > urdu else ("ur",) if urdu > pashto else ("ps", "ur")


def _of_cyrillic(sample: str) -> Iterable[str]:
    russian, ukrainian = len(_ONLY_RUSSIAN.findall(sample)), len(_ONLY_UKRAINIAN.findall(sample))
    if russian == ukrainian:
        return _LANGUAGES["cyrillic"]
    return ("ru",) if russian > ukrainian else ("uk",)


def _of_han(sample: str) -> Iterable[str]:
    """Japanese is a third kana; a Chinese text may name a Japanese work or person."""
    kana, shinjitai, han = (len(pattern.findall(sample)) for pattern in (_KANA, _SHINJITAI, _HAN))
    return ("ja",) if kana * 12 > han or shinjitai * 30 > han else ("zh",)


_SCRIPTS = {
    "latin": _LATIN,
    "arabic": _ARABIC,
    "cyrillic": _CYRILLIC,
    "han": re.compile(f"{_HAN.pattern}|{_KANA.pattern}"),
    "devanagari": _DEVANAGARI,
}
_WEIGHTS = {"latin": 1, "arabic": 3, "cyrillic": 3, "han": 6, "devanagari": 3}
"""Latin names stand in texts of all scripts, others hardly ever in Latin ones; a Chinese character is half a word."""

_LANGUAGES: dict[str, tuple[str, ...]] = {
    "latin": ("en", "de", "fr", "es", "pt", "it", "tr", "id"),
    "arabic": ("fa", "ar", "ur", "ps"),
    "cyrillic": ("ru", "uk"),
    "han": ("zh", "ja"),
    "devanagari": ("hi",),
}
_NARROWED = {"arabic": _of_arabic, "cyrillic": _of_cyrillic, "han": _of_han}


@lru_cache(maxsize=1)
def _identifier() -> _Identifier:
    """The classifier, loaded once (half a second, 40 MB) when the first text needs it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    loaded: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return loaded
