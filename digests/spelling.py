"""Did you mean …: the word of our own news that a mistyped one is closest to.

Words are compared in the letters that searching compares (`digests.text.terms.normalize`), by the edits that typing
makes: a letter more, less, other, or two that changed places (Damerau and Levenshtein, optimal string alignment). What
differs in more letters than that is sorted out beforehand by a set of bits, so that forty thousand words take some
milliseconds and need no index.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from digests.text.terms import normalize

LEAST_LETTERS = 4
"""Shorter words are not guessed at: too many are one letter away."""
TWO_EDITS = 7
"""Letters from which a word may have two mistakes."""
LEAST_COUNT = 2
"""Texts that a word must stand in to be offered: once may be a misprint itself."""
MOST_WORDS = 60_000

OPERATORS = frozenset({"OR", "یا"})
_FILTER = re.compile(r"""(\w+:(?:"[^"]*"|«[^»]*»|“[^”"]*[”"]|\S+))""")
_WORD = re.compile(r"[^\W\d_]+(?:[\u200c'’][^\W\d_]+)*")


class Vocabulary:
    """The words of some texts, with how often they occur and how they are usually written."""

    def __init__(self, texts: Iterable[str]) -> None:
        written: Counter[str] = Counter()
        for text in texts:
            written.update(set(_WORD.findall(text)))
        self._counts: Counter[str] = Counter()
        self._spelt: dict[str, str] = {}
        for word, count in written.most_common():
            folded = _key(word)
            self._counts[folded] += count
            self._spelt.setdefault(folded, word)
        kept = [word for word, count in self._counts.most_common(MOST_WORDS) if count >= LEAST_COUNT]
        self._known = [(word, _letters(word)) for word in kept if len(word) >= LEAST_LETTERS - 1]

    def __len__(self) -> int:
        return len(self._known)

    def count(self, word: str) -> int:
        """In how many of the texts a word stands, as it is written here."""
        return self._counts[_key(word)]

    def closest(self, word: str) -> str | None:
        """The word that somebody who typed this may have meant; None for a word that stands here, or is like none."""
        typed = _key(word)
        if len(typed) < LEAST_LETTERS or self._counts[typed] >= LEAST_COUNT or not _WORD.fullmatch(word):
            return None
        most = 2 if len(typed) >= TWO_EDITS else 1
        letters, length = _letters(typed), len(typed)
        best: tuple[int, bool, int, str] | None = None
        for known, bits in self._known:
            if abs(len(known) - length) > most or (bits ^ letters).bit_count() > 2 * most:
                continue
            edits = distance(typed, known, most)
            if edits <= most:
                # Fewest mistakes first; the first letter is seldom wrong; then what is commonest.
                found = (edits, known[0] != typed[0], -self._counts[known], known)
                best = found if best is None else min(best, found)
        return self._spelt[best[3]] if best else None


def respelt(text: str, vocabularies: Sequence[Vocabulary]) -> str:
    """A search with its mistyped words put right: those that no vocabulary knows, and one has something like.

    Operators, filters and what is in their values stay.
    """

    def right(match: re.Match[str]) -> str:
        word = match[0]
        if word in OPERATORS or any(words.count(word) >= LEAST_COUNT for words in vocabularies):
            return word
        return next((found for words in vocabularies if (found := words.closest(word))), word)

    pieces = _FILTER.split(text)
    return "".join(piece if place % 2 else _WORD.sub(right, piece) for place, piece in enumerate(pieces))


def distance(one: str, other: str, most: int) -> int:
    """The edits between two words; `most` + 1 where there are more than `most`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        earlier, before, row = before, row, [place]
        for at, theirs in enumerate(other, 1):
            edits = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (letter != theirs))
            if place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == theirs:
                edits = min(edits, earlier[at - 2] + 1)
            row.append(edits)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _key(word: str) -> str:
    return normalize(word).replace(" ", "")


def _letters(word: str) -> int:
    """Which letters a word has, as bits; letters of one script share few."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 61)
    return bits
