"""The form in which names of places are compared: without capitals, accents, letter variants and punctuation."""

import re

from digests.text.terms import normalize

_BETWEEN = re.compile(r"[\W_]+")


def fold(name: str) -> str:
    """A name as it is looked up: "São Paulo" and "sao-paulo" are the same."""
    return _BETWEEN.sub(" ", normalize(name)).strip()
