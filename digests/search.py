"""The query language of /search, /follow and /latest: words, "phrases", +must, -without, OR, and filters.

    climate "peace talks" -football protest OR strike source:"Japan Times" topic:science lang:en since:7d before:1d

In a search every word and phrase must occur, of those that OR joins one; what has a minus must not. In what is
followed, plain words say what a story is to be about, and all else is a condition. Words meet an article's in the
form of `digests.text.terms`, in each of the languages that the reader reads. Filters may be named in Persian too.
Whatever else is typed (quotes without an end, operators without words, signs) is passed over: a search fails only
where nothing is left to look for, where it contradicts itself, or where a filter has a value that can't be read.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import jdatetime

from digests.errors import QueryError
from digests.model import Following, SearchQuery
from digests.text.terms import terms, words

LONGEST = 500
"""Characters of a search."""
MOST_PARTS = 32
"""Words and phrases of a search that count."""

_QUOTED = r'"([^"]*)"|«([^»]*)»|“([^”"]*)[”"]|„([^“”"]*)[“”"]'
_PART = re.compile(rf"([-−–+]?)(?:(\w+):)?(?:{_QUOTED}|([^\s\"«»“”„]+))")
_FILTERS = {"source": "source", "topic": "topic", "lang": "language", "language": "language"} | {
    "منبع": "source",
    "موضوع": "topic",
    "زبان": "language",
}
_DATES = {"since": "since", "before": "before", "از": "since", "تا": "before"}
_OR = frozenset({"OR", "|", "یا"})
_MINUS = frozenset("-−–")
_AGE = re.compile(r"(\d{1,5}) ?(\w{1,5})")
_AGES = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)} | {
    "m": timedelta(days=30),
    "y": timedelta(days=365),
}
_AGES |= {"ساعت": _AGES["h"], "روز": _AGES["d"], "هفته": _AGES["w"], "ماه": _AGES["m"], "سال": _AGES["y"]}
_JALALI = range(1300, 1500)
"""Years that are meant in the Persian calendar."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_IN_WORDS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff'’\u200c\u200d"
"""Marks, vowel signs, apostrophes and joiners: no letters, but part of words."""
_WORD = re.compile(rf"(?:[^\W_]|[{_IN_WORDS}]|(?<=\d)[,٬](?=\d))+")

Forms = tuple[str, ...]
"""What one word or phrase is in the index: its terms with spaces between, once for each way to read it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A word or phrase as it was typed, with its sign ("", "+" or "-"); `joined` by OR to the one before."""

    text: str
    sign: str = ""
    quoted: bool = False
    joined: bool = False


@dataclass(slots=True)
class _Typed:
    """What was typed, taken apart."""

    parts: list[_Part] = field(default_factory=list)
    filters: dict[str, str] = field(default_factory=dict)
    dates: dict[str, datetime] = field(default_factory=dict)

    def groups(self) -> list[list[_Part]]:
        """What must occur: each group a word or phrase with those that OR joins to it."""
        out: list[list[_Part]] = []
        for part in self.parts:
            if part.sign == "-":
                continue
            if part.joined and out:
                out[-1].append(part)
            else:
                out.append([part])
        return out

    def without(self) -> list[_Part]:
        """What must not occur."""
        return [part for part in self.parts if part.sign == "-"]


def parse_query(text: str, *, language: str, now: datetime, languages: Sequence[str] = ()) -> SearchQuery:
    """Read a search. `language` is the reader's, `languages` those of their news; `lang:` stands above both.

    QueryError, in one line for the reader, where there is nothing to look for or a filter's value makes no sense.
    """
    typed = _take_apart(text, now)
    read_as = (
        [typed.filters["language"]] if "language" in typed.filters else list(dict.fromkeys([language, *languages]))
    )
    groups, without = _read(typed, read_as)
    single = [group[0] for group in groups if len(group) == 1]
    return SearchQuery(
        terms=tuple(dict.fromkeys(form for form in single if " " not in form)),
        phrases=tuple(dict.fromkeys(tuple(form.split(" ")) for form in single if " " in form)),
        any_of=tuple(dict.fromkeys(group for group in groups if len(group) > 1)),
        without=tuple(dict.fromkeys(without)),
        source=typed.filters.get("source"),
        topic=typed.filters.get("topic", "").lower() or None,
        language=typed.filters.get("language"),
        **_between(typed.dates),
    )


@lru_cache(maxsize=8192)
def parse_following(text: str) -> Following:
    """Read what somebody follows; dates are passed over. QueryError as for a search."""
    typed = _take_apart(text, datetime(2000, 1, 1, tzinfo=UTC))
    plain: list[str] = []
    must: list[tuple[str, ...]] = []
    for group in typed.groups():
        (first, *others) = group
        if others or first.sign or first.quoted:
            must.append(tuple(part.text for part in group))
        else:
            plain.append(first.text)
    _read(typed, ("",))
    return Following(
        words=" ".join(plain),
        must=tuple(must),
        without=tuple(part.text for part in typed.without()),
        source=typed.filters.get("source"),
        topic=typed.filters.get("topic", "").lower() or None,
        language=typed.filters.get("language"),
    )


def write_following(following: Following) -> str:
    """What somebody would type to follow this: `parse_following` reads it back."""
    groups = [" OR ".join(_typed_text(text) for text in group) for group in following.must]
    must = [group if " OR " in group or group.startswith('"') else f"+{group}" for group in groups]
    without = [f"-{_typed_text(text)}" for text in following.without]
    filters = {"topic": following.topic, "source": following.source, "lang": following.language}
    named = [f"{name}:{_typed_text(value)}" for name, value in filters.items() if value]
    return " ".join(part for part in (following.words, *must, *without, *named) if part)


def _typed_text(text: str) -> str:
    return f'"{text}"' if re.search(r"[\s:]", text) else text


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


def _take_apart(text: str, now: datetime) -> _Typed:
    if len(text) > LONGEST:
        raise QueryError(f"A search holds at most {LONGEST} characters.", problem="long", name=str(LONGEST))
    typed = _Typed()
    joining = False
    for match in _PART.finditer(text):
        if _read_filter(typed, match, now):
            continue
        name, value = match[2], _value(match)
        if value in _OR and not name and match[7]:
            joining = bool(typed.parts)
            continue
        said = f"{name} {value}" if name else value
        if len(typed.parts) < MOST_PARTS and _forms(said, ("",)):
            sign = "-" if match[1] in _MINUS else match[1]
            typed.parts.append(_Part(said, sign, not match[7], joining and sign != "-"))
            joining = False
    return typed


def _read_filter(typed: _Typed, match: re.Match[str], now: datetime) -> bool:
    """Take in a filter; False where it is none."""
    minus, name, value = match[1], (match[2] or "").lower(), _value(match)
    if not name and value.endswith(":"):  # nothing came after the colon
        name, value = value[:-1].lower(), ""
    if name not in _FILTERS and name not in _DATES:
        return False
    if minus in _MINUS:
        raise QueryError(f"{name}: can't be left out with a minus.", problem="minus-filter", name=name)
    if name in _DATES:
        typed.dates[_DATES[name]] = _date(name, value, now)
    else:
        if not value:
            example = _example(_FILTERS[name])
            raise QueryError(
                f"{name}: needs a value, for example {name}:{example}", problem="value", name=f"{name}:{example}"
            )
        typed.filters[_FILTERS[name]] = _language(name, value) if _FILTERS[name] == "language" else value
    return True


def _value(match: re.Match[str]) -> str:
    return next((group for group in match.groups()[2:] if group), "").strip()


def _read(typed: _Typed, languages: Sequence[str]) -> tuple[list[Forms], list[str]]:
    """What must occur and what must not, as it is in the index.

    QueryError where nothing is left to look for, or where what is asked for is left out as well.
    """
    groups = [
        tuple(dict.fromkeys(form for part in group for form in _forms(part.text, languages)))
        for group in typed.groups()
    ]
    without = [form for part in typed.without() for form in _forms(part.text, languages)]
    if not (groups or typed.filters or typed.dates):
        if typed.without():
            raise QueryError("Say a word to look for besides what to leave out.", problem="minus")
        raise QueryError("Say a word to look for.")
    left_out = set(without)
    for group, forms in zip(typed.groups(), groups, strict=True):
        if left_out.issuperset(forms):
            word = group[0].text
            raise QueryError(f"{word} is asked for and left out.", problem="contradiction", name=word)
    return groups, without


def _forms(text: str, languages: Iterable[str]) -> Forms:
    """The terms of a word or phrase, joined; several where the languages differ."""
    return tuple(dict.fromkeys(joined for language in languages if (joined := " ".join(terms(text, language)))))


def _between(dates: dict[str, datetime]) -> dict[str, datetime]:
    if len(dates) == 2 and dates["since"] >= dates["before"]:
        raise QueryError("since: must be earlier than before:", problem="order")
    return dates


def _language(name: str, value: str) -> str:
    code = value.lower()
    if not _LANGUAGE.fullmatch(code):
        raise QueryError(
            f"{name}: takes a language's code, for example {name}:fa", problem="language", name=f"{name}:fa"
        )
    return code


def _date(name: str, value: str, now: datetime) -> datetime:
    """`7d` ago (h, d, w, m, y, or in Persian words), or the start of a day in UTC, in either calendar."""
    try:
        if (age := _AGE.fullmatch(value.lower())) and age[2] in _AGES:
            return now - int(age[1]) * _AGES[age[2]]
        day = _day(value)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    except (ValueError, OverflowError):
        raise QueryError(
            f"{name}: takes an age or a date, for example {name}:7d or {name}:2026-11-01", problem="date", name=name
        ) from None


def _day(value: str) -> date:
    year, month, day = (int(part) for part in re.split("[-/.]", value))
    if year in _JALALI:
        meant: date = jdatetime.date(year, month, day).togregorian()
        return meant
    return date(year, month, day)


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
