"""What is indexed of an article and how a search is put to FTS5 and to PostgreSQL, so that both answer alike.

Neither engine's own analysis is used: the terms are ours, FTS5's tokenizer splits them at spaces only, and PostgreSQL
gets the finished vector. Tags stand before the terms: "@en" its language, "#world" a topic, "~7" its source, "%7" the
personal feed it is from, and "@" itself, which every article has. Terms hold letters and digits only, so no word that
is searched for is a tag.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from digests.model import SearchQuery
from digests.storage.columns import clean

EVERY = "@"
NO_SOURCE = 0
"""The id of no source, which no article has."""
MOST_TERMS, MOST_BYTES = 8_000, 400_000
"""What is indexed of one article. PostgreSQL keeps positions up to 16,383, and vectors of at most a megabyte."""
LONGEST_TERM = 64
TERM_SIGNS = """!"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"""
"""All ASCII signs: FTS5 is told to take them as letters, so that only spaces part terms."""

PERSONAL = "%own"
"""The tag of articles that are not for everybody; "%7" are those of the personal feed 7."""

TAG_SIGNS = "@#~%"
_RARE_TAGS = "~%"

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A search as the index sees it: each phrase must occur, of each group one phrase must, no `none` may."""

    every: tuple[Phrase, ...]
    groups: tuple[tuple[Phrase, ...], ...] = ()
    none: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Tags:
    """Tags that an article must have: all of `every`, one of each group; `shared`: it is from no personal feed."""

    every: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    shared: bool = False


def language_tag(language: str) -> str:
    """The tag of an article's language."""
    return "@" + _tag(language)


def topic_tag(topic: str) -> str:
    """The tag of an article's topic."""
    return "#" + _tag(topic)


def source_tag(source_id: int) -> str:
    """The tag of an article's source."""
    return f"~{source_id}"


def personal_tag(feed_id: int) -> str:
    """The tag of the articles of a personal feed."""
    return f"%{feed_id}"


def indexed(terms: str, *, language: str, topics: Iterable[str], source_id: int, scope: int = 0) -> str:
    """What is indexed of an article: tags, then its terms."""
    tags = [EVERY, language_tag(language), source_tag(source_id), *(topic_tag(topic) for topic in topics)]
    tags += [PERSONAL, personal_tag(scope)] if scope else []
    text = " ".join([*tags, *_terms(terms)])
    cut = text.encode()[:MOST_BYTES].decode(errors="ignore")
    return text if cut == text else cut.rpartition(" ")[0]


def vector(text: str) -> str:
    """PostgreSQL's tsvector of an indexed text, as its input syntax."""
    places: dict[str, list[str]] = {}
    for place, term in enumerate(text.split(" "), 1):
        places.setdefault(term, []).append(str(place))
    return " ".join(f"{_lexeme(term)}:{','.join(at[:255])}" for term, at in places.items())


def matching(
    query: SearchQuery, *, languages: Sequence[str] = (), topic: str | None = None, sources: Sequence[int] | None = None
) -> Match:
    """A query with the filters around it. `sources` are ids, one of which must be the article's."""
    every = [*(_phrase(term) for term in query.terms), *(_phrase(*phrase) for phrase in query.phrases)]
    if topic:
        every.append((topic_tag(topic),))
    groups = [tuple(_phrase(term) for term in group) for group in query.any_of]
    if languages:
        groups.append(tuple((language_tag(language),) for language in languages))
    if sources is not None:
        groups.append(tuple((source_tag(number),) for number in sources or [NO_SOURCE]))
    wanted = _filled(every)
    choices = tuple(group for group in map(_filled, groups) if group)
    without = _filled(_phrase(term) for term in query.without)
    return Match(wanted if wanted or choices else ((EVERY,),), choices, without)


def for_everybody(match: Match) -> Match:
    """The match without what is in somebody's personal feeds."""
    return replace(match, none=(*match.none, (PERSONAL,)))


def for_followers(match: Match, feeds: Sequence[int]) -> Match:
    """The match within these personal feeds."""
    return replace(match, groups=(*match.groups, tuple((personal_tag(number),) for number in feeds)))


def rare(match: Match) -> tuple[Match, Tags]:
    """The part of a match by which few articles are found, and the tags that these must have besides.

    Words are rarer than what is tagged, a source or personal feed than a topic, and that than a language.
    """
    for signs in ("", _RARE_TAGS, _RARE_TAGS + "#"):
        every = tuple(phrase for phrase in match.every if _is_one_of(phrase, signs))
        groups = tuple(group for group in match.groups if all(_is_one_of(phrase, signs) for phrase in group))
        if every or groups:
            # A source or feed beside words narrows at no cost.
            groups += tuple(group for group in match.groups if not signs and _is_one_of(group[0], _RARE_TAGS))
            left = [phrase[0] for phrase in match.every if phrase not in every]
            choices = [[phrase[0] for phrase in group] for group in match.groups if group not in groups]
            none = tuple(phrase for phrase in match.none if phrase != (PERSONAL,))
            return Match(every, groups, none), Tags(tuple(left), tuple(map(tuple, choices)), none != match.none)
    return match, Tags()


def _is_one_of(phrase: Phrase, signs: str) -> bool:
    """Whether a phrase is a tag with one of these signs; without signs, whether it is words."""
    return phrase[0][0] in signs if signs else phrase[0][0] not in TAG_SIGNS


def fts5(match: Match) -> str:
    """A match in FTS5's query syntax; every term is quoted."""
    parts = [_string(phrase) for phrase in match.every]
    parts += [f"({' OR '.join(map(_string, group))})" for group in match.groups]
    text = " AND ".join(parts)
    if match.none:
        text = f"({text}) NOT ({' OR '.join(map(_string, match.none))})"
    return text


def tsquery(match: Match) -> str:
    """A match in the syntax of PostgreSQL's tsquery; every term is quoted."""
    parts = [_followed(phrase) for phrase in match.every]
    parts += [f"({' | '.join(map(_followed, group))})" for group in match.groups]
    parts += [f"!{_followed(phrase)}" for phrase in match.none]
    return " & ".join(parts)


def _terms(text: str) -> list[str]:
    return [term[:LONGEST_TERM] for term in clean(text).lower().split()[:MOST_TERMS] if term.isprintable()]


def _phrase(*terms: str) -> Phrase:
    return tuple(_terms(" ".join(terms)))


def _filled(phrases: Iterable[Phrase]) -> tuple[Phrase, ...]:
    return tuple(phrase for phrase in phrases if phrase)


def _tag(name: str) -> str:
    return "_".join(clean(name).lower().split())[:LONGEST_TERM]


def _string(phrase: Phrase) -> str:
    return '"' + " ".join(phrase).replace('"', '""') + '"'


def _lexeme(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _followed(phrase: Phrase) -> str:
    return f"({' <-> '.join(map(_lexeme, phrase))})"
