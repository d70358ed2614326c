"""The query language of /search: words, "phrases", -without, OR, source: topic: lang: since: before:.

    climate "peace talks" -football protest OR strike source:"Japan Times" since:7d

Every word and phrase must occur, of those that OR joins one; what has a minus must not. Words meet an article's in the
form of `digests.text.terms`, in each of the languages that the reader reads. Whatever else is typed (quotes without
an end, operators without words, signs) is passed over: a search fails only where nothing is left to look for, or where
a filter has a value that can't be read.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from digests.errors import QueryError
from digests.model import SearchQuery
from digests.text.terms import terms, words

LONGEST = 500
"""Characters of a search."""
MOST_PARTS = 32
"""Words and phrases of a search that count."""

_QUOTED = r'"([^"]*)"|«([^»]*)»|“([^”"]*)[”"]|„([^“”"]*)[“”"]'
_PART = re.compile(rf"([-−–]?)(?:(\w+):)?(?:{_QUOTED}|([^\s\"«»“”„]+))")
_FILTERS = {"source": "source", "topic": "topic", "lang": "language", "language": "language"}
_DATES = ("since", "before")
_AGE = re.compile(r"(\d{1,5})([hdwmy])")
_AGES = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)} | {
    "m": timedelta(days=30),
    "y": timedelta(days=365),
}
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_IN_WORDS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff'’\u200c\u200d"
"""Marks, vowel signs, apostrophes and joiners: no letters, but part of words."""
_WORD = re.compile(rf"(?:[^\W_]|[{_IN_WORDS}]|(?<=\d)[,٬](?=\d))+")

Forms = tuple[str, ...]
"""What one word or phrase is in the index: its terms with spaces between, once for each way to read it."""


@dataclass(slots=True)
class _Parts:
    """What has been read of a search so far; `groups` holds the alternatives of each word or phrase."""

    groups: list[Forms] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    filters: dict[str, str] = field(default_factory=dict)
    dates: dict[str, datetime] = field(default_factory=dict)
    joining: bool = False

    def add(self, forms: Forms, *, minus: bool) -> None:
        """Take in a word or phrase; after an OR it joins the one before."""
        if minus:
            self.without.extend(forms)
        elif self.joining and self.groups:
            self.groups[-1] = tuple(dict.fromkeys(self.groups[-1] + forms))
        else:
            self.groups.append(forms)
        self.joining = False


def parse_query(text: str, *, language: str, now: datetime, languages: Sequence[str] = ()) -> SearchQuery:
    """Read a search. `language` is the reader's, `languages` those of their news; `lang:` stands above both.

    QueryError, in one line for the reader, where there is nothing to look for or a filter's value makes no sense.
    """
    if len(text) > LONGEST:
        raise QueryError(f"A search holds at most {LONGEST} characters.")
    found = list(_PART.finditer(text))
    parts = _Parts()
    for match in found:
        _read_filter(parts, match, now)
    read_as = (
        [parts.filters["language"]] if "language" in parts.filters else list(dict.fromkeys([language, *languages]))
    )
    for match in found:
        _read_words(parts, match, read_as)
    if not (parts.groups or parts.filters or parts.dates):
        left_out = " besides what to leave out" if parts.without else ""
        raise QueryError(f"Say a word to look for{left_out}.")
    return _query(parts)


def highlight(text: str, query: SearchQuery, language: str) -> list[tuple[int, int]]:
    """Where a text in this language has what the query looks for: (start, end) in order, none overlapping."""
    wanted = {tuple(alternative.split(" ")) for group in query.any_of for alternative in group}
    wanted |= set(query.phrases) | {(term,) for term in query.terms}
    found = _placed(text, language)
    spans: list[tuple[int, int]] = []
    for place, (start, _, _) in enumerate(found):
        for phrase in wanted:
            run = found[place : place + len(phrase)]
            if tuple(term for _, _, term in run) == phrase:
                spans.append((start, run[-1][1]))
    return _merged(spans)


def _read_filter(parts: _Parts, match: re.Match[str], now: datetime) -> None:
    minus, name, value = match[1], (match[2] or "").lower(), _value(match)
    if not name and value.endswith(":"):  # nothing came after the colon
        name, value = value[:-1].lower(), ""
    if name not in (*_FILTERS, *_DATES):
        return
    if minus:
        raise QueryError(f"{name}: can't be left out with a minus.")
    if name in _DATES:
        parts.dates[name] = _date(name, value, now)
    else:
        if not value:
            raise QueryError(f"{name}: needs a value, for example {name}:{_example(name)}")
        parts.filters[_FILTERS[name]] = _language(value) if _FILTERS[name] == "language" else value


def _read_words(parts: _Parts, match: re.Match[str], languages: Sequence[str]) -> None:
    name, value = match[2], _value(match)
    if name and name.lower() in (*_FILTERS, *_DATES):
        return
    if value in ("OR", "|") and not name and match[7]:
        parts.joining = True
        return
    forms = _forms(f"{name} {value}" if name else value, languages)
    if forms and len(parts.groups) + len(parts.without) < MOST_PARTS:
        parts.add(forms, minus=bool(match[1]))


def _value(match: re.Match[str]) -> str:
    return next((group for group in match.groups()[2:] if group), "").strip()


def _forms(text: str, languages: Iterable[str]) -> Forms:
    """The terms of a word or phrase, joined; several where the languages differ."""
    return tuple(dict.fromkeys(joined for language in languages if (joined := " ".join(terms(text, language)))))


def _query(parts: _Parts) -> SearchQuery:
    single = [group[0] for group in parts.groups if len(group) == 1]
    return SearchQuery(
        terms=tuple(dict.fromkeys(form for form in single if " " not in form)),
        phrases=tuple(dict.fromkeys(tuple(form.split(" ")) for form in single if " " in form)),
        any_of=tuple(dict.fromkeys(group for group in parts.groups if len(group) > 1)),
        without=tuple(dict.fromkeys(parts.without)),
        source=parts.filters.get("source"),
        topic=parts.filters.get("topic", "").lower() or None,
        language=parts.filters.get("language"),
        **_between(parts.dates),
    )


def _between(dates: dict[str, datetime]) -> dict[str, datetime]:
    if len(dates) == len(_DATES) and dates["since"] >= dates["before"]:
        raise QueryError("since: must be earlier than before:")
    return dates


def _language(value: str) -> str:
    code = value.lower()
    if not _LANGUAGE.fullmatch(code):
        raise QueryError("lang: takes a language's code, for example lang:fa")
    return code


def _date(name: str, value: str, now: datetime) -> datetime:
    """`7d` ago (h, d, w, m, y), or the start of a day in UTC."""
    try:
        if age := _AGE.fullmatch(value.lower()):
            return now - int(age[1]) * _AGES[age[2]]
        return datetime(*_day(value), tzinfo=UTC)
    except (ValueError, OverflowError):
        raise QueryError(f"{name}: takes an age or a date, for example {name}:7d or {name}:2026-11-01") from None


def _day(value: str) -> tuple[int, int, int]:
    year, month, day = re.split("[-/.]", value)
    return int(year), int(month), int(day)


def _example(name: str) -> str:
    return {"source": '"Japan Times"', "topic": "science"}.get(name, "fa")


def _placed(text: str, language: str) -> list[tuple[int, int, str]]:
    """The terms of a text with where they stand."""
    out: list[tuple[int, int, str]] = []
    for match in _WORD.finditer(text):
        for start, end in _pieces(text, match.start(), match.end()):
            out.extend((*span, term) for span, term in _terms_at(text, start, end, language))
    return out


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A run of letters, cut where scripts with and without spaces meet."""
    cuts = [place for place in range(start + 1, end) if _unspaced(text[place]) != _unspaced(text[place - 1])]
    return list(zip([start, *cuts], [*cuts, end], strict=True))


def _terms_at(text: str, start: int, end: int, language: str) -> list[tuple[tuple[int, int], str]]:
    found = terms(text[start:end], language)
    if len(found) > 1 and len(found) == end - start - 1:  # pairs of neighbours, see digests.text.terms
        return [((start + place, start + place + 2), term) for place, term in enumerate(found)]
    return [((start, end), term) for term in found]


@lru_cache(maxsize=1 << 12)
def _unspaced(char: str) -> bool:
    """Whether a character belongs to a script whose runs the terms read in pairs."""
    return len(words(char * 3, "")) > 1


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out
