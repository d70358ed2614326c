"""What a text says twice because its feed put the headline in front of it, or in its place."""

import re
from itertools import islice

from digests.text.terms import normalize

_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[^\W_]")
_OPENING_MARK = re.compile("(?:(?<!\\S)[\"']|[“„«‹「『(])$")
_OUTLET = 16
"""Letters that a feed may add to the headline without saying more: the name of an outlet."""

_LEAST = 10
"""Letters of a headline below which it is taken for the first words of any sentence."""


class Headline:
    """The headline of an article, to be found again in its text whatever the marks, capitals and spaces."""

    def __init__(self, title: str) -> None:
        self._words = _WORD.findall(normalize(title))
        self._joined = "".join(self._words)
        self._room = len(title) + 2 * _OUTLET
        self._whole = not title.rstrip().endswith(("…", "..."))

    def says(self, sentence: str) -> bool:
        """Whether a sentence says nothing beyond the headline: a part of it, or all of it and an outlet's name.

        One that says to its end what a headline was cut in says more.
        """
        if not self._words or len(sentence) > self._room:
            return False
        said = "".join(_WORD.findall(normalize(sentence)))
        if said in self._joined:
            return True
        if not self._whole or len(self._joined) < _LEAST:
            return False
        return self._joined in said and len(said) - len(self._joined) <= _OUTLET

    def glued(self, sentence: str) -> int:
        """Characters of headline that a sentence opens with, the marks and spaces behind it included.

        "Bridge closes in May The council decided …" opens with one, "Bridge closes in May, the council decided" and
        "Bridge closes in May for good" do not.
        """
        end = self._end(sentence)
        following = _LETTER.search(sentence, end) if end else None
        if not following or following[0].islower():
            return 0
        gap = sentence[end : following.start()]
        if gap.lstrip().startswith((",", "(")) or (gap.isspace() and not following[0].isupper()):
            return 0
        return following.start() - bool(_OPENING_MARK.search(gap))

    def _end(self, sentence: str) -> int:
        """Where the headline ends in a sentence that opens with it; 0 elsewhere."""
        if not self._whole or len(self._joined) < _LEAST or len(self._words) < 3:
            return 0
        found = list(islice(_WORD.finditer(sentence), len(self._words)))
        if len(found) < len(self._words) or normalize(found[0][0]) != self._words[0]:
            return 0
        *before, last = found
        same = all(normalize(one[0]) == word for one, word in zip(before, self._words, strict=False))
        length = _shared(last[0], self._words[-1])
        return last.start() + length if same and length else 0


def _shared(token: str, word: str) -> int:
    """The characters of a token that are the word: all, or those before a capital that is glued to it ("MayThe")."""
    if normalize(token) == word:
        return len(token)
    length = len(word)
    return length if token[length : length + 1].isupper() and normalize(token[:length]) == word else 0
