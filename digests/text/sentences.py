"""Sentences, with their places in the text: sentencex finds the boundaries, the rules here mend what news shows up.

A line break always ends a sentence. A quotation stays with its sentence as long as that stays readable; a longer one
is split inside. The joins that sentencex does not know (ordinals, initials, "「…」と言った") are made afterwards.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

LONGEST = 320
"""Characters that a sentence with a quotation may have before it is split inside the quotation: some fifty words."""

_TAIL = 20
"""Characters before a cut that tell whether an abbreviation ends there."""

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_END = re.compile("[.!?…。！？｡؟۔।॥]")
_AT_END = " \t\u00a0\"'“”»«’)」』]"
"""What may stand behind the only stop of a line."""

_INNER_APOSTROPHE = re.compile("(?<=\\w)['’](?=\\w)")
_QUOTES = re.compile("[\"'“”„‟«»‹›‘’‚「」『』〝〟]")
_NEUTRAL = "\u02bc"
"""A modifier letter apostrophe: as long as what it stands for, and no quotation mark to sentencex."""

_CLOSING = re.compile("[\"'”»’›“)\\]]+(?:\\s+|$)")
_OPENING = re.compile("\\s([\"'“„«‘‚‹(]\\s?)$")
_OPENING_MARKS = frozenset("\"'“„«‘‚‹(")
_BEFORE_NUMBER = re.compile(r"[.!?](?<=[^\W\d_A-Z]{4}[.!?])[\"”“»]?\s+(?=\d+[^\d.])")
"""sentencex takes a full stop before a number for that of an abbreviation; those have three letters or fewer."""

_GLUED = re.compile(r"[.!?](?<=[^\W\d_A-ZÀ-ÞА-Я]{4}[.!?])(?=[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐ][a-zß-öø-ÿа-яёіїєґ]+\s[a-zß-öø-ÿа-яё])")
"""A stop without the space behind it, as pages lose it: "on Tuesday.The council …"."""

_ORDINAL_LANGUAGES = frozenset({"de", "tr", "da", "no", "fi", "cs", "pl", "hu", "sk", "sl", "hr"})
_BEFORE_WORD = "([{\"'“”„«»‘’"
_LAST_PART = re.compile(r".*[^\w.]")
"""What comes before the last part of a word: "then-" in "then-Sen", "dell'" in "dell'art"."""

_INITIALS = re.compile(r"(?:[^\W\d_]\.){1,3}")
_CAPITALS = frozenset({"en", "ru", "uk", "de", "fr", "es", "pt", "it", "tr", "id"})
_DOTTED = re.compile(r"[A-Z]{2}|[0-9]")
"""What goes on behind a stop that has a space before it and none behind it: ".NET", a ".30 calibre" bullet."""

_FEW_INITIALS_END = re.compile(r"(?:\b[ap]\.m|[A-Z]\.[A-Z](?:\.[A-Z])?)\.$")
_ABBREVIATIONS = {
    "ru": "ст|п|пп|ч|им|пос|дер|рис|табл|стр|см|ул|наб|пер|пр|просп|пл|проф|акад|св",
    "uk": "ст|п|пп|ч|ім|с|смт|рис|див|вул|просп|пл|проф|акад|св",
    "en": "vol|mr|mrs|ms|messrs|dr|prof|sen|rep|gov|gen|col|lt|sgt|capt|maj|cmdr|adm|rev|hon|supt|insp|st|vs",
    "de": "abs|art|nr|az|bd|kap|ziff",
    "fr": "art|n|mme|mlle|mm|dr|pr|st|ste|av",
    "es": "art|núm|n|aprox|sr|sra|dr|dra|av|gral",
    "pt": "art|n|núm|sr|sra|dr|dra|av|prof|profa",
    "it": "art|n|sig|dott|avv|ing|prof|on|mons",
    "tr": "md|no|sok|cad|mah|dr|prof|doç|av|alb|gen",
    "id": "jl|rp|kec|kab|kel|no|dr|prof|drs|ir|pt|cv|h|hj",
}
"""What sentencex takes for an end of these languages, and never is one: titles and what has a number or name behind."""

_ABBREVIATED = {language: frozenset(words.split("|")) for language, words in _ABBREVIATIONS.items()}
_GOES_ON = {
    "ja": re.compile("[とをがはのもにで、，]|って"),
    "zh": re.compile("[，、；]"),
}
_CLOSED = re.compile("[」』”’）)]\\s*$")


def split(text: str, language: str) -> list[str]:
    """The sentences of a text in their order, verbatim and without the space around them."""
    return [text[start:end] for start, end in spans(text, language)]


def spans(text: str, language: str) -> list[tuple[int, int]]:
    """The (start, end) of each sentence: `text[start:end]` is it, neither empty nor with space around it."""
    found = []
    for line in _LINE.finditer(text):
        for start, end in _of_line(line[0], language):
            sentence = line[0][start:end]
            kept = sentence.strip()
            if kept:
                begin = line.start() + start + len(sentence) - len(sentence.lstrip())
                found.append((begin, begin + len(kept)))
    return found


def _of_line(line: str, language: str) -> Iterator[tuple[int, int]]:
    stop = _END.search(line)
    if not stop or stop.end() >= len(line.rstrip(_AT_END)):
        yield 0, len(line)
        return
    masked = _INNER_APOSTROPHE.sub(_NEUTRAL, line) if "'" in line or "’" in line else line
    for start, end in _bounded(masked, line, language):
        if end - start > LONGEST and _QUOTES.search(line, start, end):
            piece = line[start:end]
            inner = _bounded(_QUOTES.sub(_NEUTRAL, piece), piece, language)
            yield from ((start + first, start + last) for first, last in inner)
        else:
            yield start, end


def _bounded(masked: str, line: str, language: str) -> list[tuple[int, int]]:
    """Where the sentences of `masked` start and end, after the joins. `line` is what it was masked from."""
    cuts, place = [0], 0
    for piece in sentencex.segment(language, masked)[:-1]:
        place += len(piece)
        cut = _settled(line, place)
        if cut < len(line) and not _joins(line, cuts[-1], cut, language):
            cuts.append(cut)
    if language in _CAPITALS:
        missed = [match.end() for pattern in (_BEFORE_NUMBER, _GLUED) for match in pattern.finditer(line)]
        cuts = sorted({*cuts, *missed}) if missed else cuts
    return list(pairwise([*cuts, len(line)]))


def _settled(line: str, cut: int) -> int:
    """A cut with the quotation marks on their own side: closing ones before it, opening ones behind."""
    closing = _CLOSING.match(line, cut)
    if closing:
        return closing.end()
    if line[cut - 1] not in _OPENING_MARKS and line[cut - 2 : cut - 1] not in _OPENING_MARKS:
        return cut
    opening = _OPENING.search(line, max(0, cut - 3), cut)
    return opening.start(1) if opening and not line[cut : cut + 1].isspace() else cut


def _joins(line: str, before: int, cut: int, language: str) -> bool:
    """Whether the sentence goes on after a cut: a small letter follows, or what stands before it is no end."""
    following = line[cut : cut + 1]
    if following.islower():
        return True
    head = line[max(before, cut - _TAIL) : cut]
    if head.endswith(" .") and _DOTTED.match(line, cut):
        return True
    if language in _GOES_ON:
        return bool(_CLOSED.search(head) and _GOES_ON[language].match(line, cut))
    word = head.split()[-1].lstrip(_BEFORE_WORD) if head.strip() else ""
    return word.endswith(".") and _goes_on_after(word, language)


def _goes_on_after(word: str, language: str) -> bool:
    """Whether a word with a stop is no end of a sentence: an ordinal, a title or another abbreviation, initials."""
    bare = word[:-1]
    if language in _ORDINAL_LANGUAGES and len(bare) < 3 and bare.isdigit():
        return True
    if _LAST_PART.sub("", bare).lower() in _ABBREVIATED.get(language, ()):
        return True
    if language not in _CAPITALS or len(bare) > 5 or not _INITIALS.fullmatch(word):
        return False
    return language != "en" or not _FEW_INITIALS_END.search(word)
