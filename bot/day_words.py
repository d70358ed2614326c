"""What readers may call weekdays when they type them, in their own language and in English."""

from functools import cache
from typing import Literal

from babel import Locale
from babel.dates import get_day_names

from bot.formats import Formats
from bot.i18n import translator
from digests.model import EVERY_DAY
from digests.timetable import Days, fold_word

_WIDTHS: tuple[Literal["wide", "abbreviated", "short"], ...] = ("wide", "abbreviated", "short")
_SHORT = {"tues": 1, "wednes": 2, "thur": 3, "thurs": 3}


def day_words(formats: Formats) -> Days:
    """Single days by their names, long and short, and words for several by the weeks of the reader's country."""
    weekend = formats.weekend()
    several = {"every": EVERY_DAY, "work": EVERY_DAY - weekend, "rest": weekend}
    words: dict[str, frozenset[int]] = {name: frozenset({day}) for name, day in _SHORT.items()}
    for language in dict.fromkeys(("en", formats.language)):
        words |= {name: frozenset({day}) for name, day in _names(language).items()}
        words |= {word: several[kind] for word, kind in _several(language).items()}
    return words


@cache
def _names(language: str) -> dict[str, int]:
    locale = Locale.parse(language)
    names: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for width in _WIDTHS:
            for day, name in get_day_names(width, context, locale).items():
                names.setdefault(fold_word(str(name)).strip("."), day)
    if language == "en":
        names |= {f"{name}s": day for name, day in names.items()}
    return names


@cache
def _several(language: str) -> dict[str, str]:
    texts = translator(language)
    # i18n: words that readers may type for this, parted by commas; as many as come to mind
    every = texts.gettext("every day, everyday, daily, all days")
    # i18n: words that readers may type for this, parted by commas; as many as come to mind
    work = texts.gettext("weekdays, weekday, working days, workdays, work days")
    # i18n: words that readers may type for this, parted by commas; as many as come to mind
    rest = texts.gettext("weekend, weekends, at the weekend")
    listed = {"every": every, "work": work, "rest": rest}
    return {fold_word(word): kind for kind, words in listed.items() for word in words.replace("،", ",").split(",")}
