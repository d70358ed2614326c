"""Headlines without what their publishers hang on them: " | The Daily Post", " - World News"."""

import re

_BAR = re.compile(r"\s+[|｜¦•]\s+|\s+::?\s+|\s+[-–—―]\s+")
_TAIL = 5
"""Words of a part that is still taken for a name of a publisher or a column, not for a half of the headline."""
_HEADLINE = 4
"""Words of the longest part, below which a headline stays as it is."""


def without_outlet(title: str) -> str:
    """The headline without short parts that bars or dashes set off; unchanged where little would stay."""
    parts = _BAR.split(title)
    longest = max(parts, key=len)
    if len(parts) == 1 or len(longest.split()) < _HEADLINE:
        return title
    return " – ".join(part for part in parts if part is longest or len(part.split()) > _TAIL)
