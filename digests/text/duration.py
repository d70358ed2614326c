"""How long a text takes to read."""

import re

WORDS_PER_MINUTE = 200
"""How fast the news is read, in any language that parts its words."""

SIGNS_PER_MINUTE = 450
"""How fast Chinese and Japanese are read, which don't part theirs: Han characters and kana."""

_UNSPACED = re.compile("[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def minutes(text: str) -> float:
    """Minutes that a text takes to read."""
    if text.isascii():
        return len(text.split()) / WORDS_PER_MINUTE
    words, signs = len(_UNSPACED.sub(" ", text).split()), len(_UNSPACED.findall(text))
    return words / WORDS_PER_MINUTE + signs / SIGNS_PER_MINUTE
