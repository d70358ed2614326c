"""Headlines without what their publishers hang on them: " | The Daily Post", " - World News"."""

import re

_BAR = re.compile(r"\s+[|｜¦•]\s+|\s+::?\s+|\s+[-–—―]\s+")
_TAIL = 5
"""Words of a part that is still taken for a name of a publisher or a column, not for a half of the headline."""
_HEADLINE = 4
"""Words of the longest part, below which a headline stays as it is."""

_CREDIT = re.compile(r"\s*[(\[](?:Reuters|AP|AFP|UPI|dpa|EFE|ANSA|Xinhua|TASS|ТАСС|Bloomberg|CNN)[)\]]\s*$")


def without_credit(title: str, source: str) -> str:
    """The headline without the name of its own publisher, or of an agency, at its end: " - The Daily Post", " (AP)"."""
    title = _CREDIT.sub("", title)
    *rest, last = _BAR.split(title)
    own, said = _letters(source), _letters(last)
    if rest and own and said and (said in own or own in said) and len(last.split()) <= _TAIL:
        return title[: title.rindex(last)].rstrip(" |｜¦•:-–—―")
    return title


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def without_outlet(title: str) -> str:
    """The headline without short parts that bars or dashes set off; unchanged where little would stay."""
    parts = _BAR.split(title)
    longest = max(parts, key=len)
    if len(parts) == 1 or len(longest.split()) < _HEADLINE:
        return title
    return " – ".join(part for part in parts if part is longest or len(part.split()) > _TAIL)
