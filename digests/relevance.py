"""The order of what a search found where it is not newest first: done here, so that every database orders alike.

First all that was found is put in order by what is cheap to know: how much of the query the title has, how many
found articles tell of the same story, and age. Then the best of these are read: how often their text has the words,
after BM25 (Robertson and Zaragoza, 2009). Scores are rounded, and equals stand newest first.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from digests.model import Found, SearchQuery
from digests.text.terms import terms

READ = 100
"""Articles whose text is read: more pages of a search than anybody turns."""
IN_TITLE, IN_TEXT, OF_STORY, OF_AGE = 1.5, 1.0, 0.5, 0.8
"""What each sign is worth at most."""
FADE_HOURS = 72.0
"""Age after which an article has lost about two thirds of what freshness is worth."""
SATURATION, USUAL_LENGTH = 1.2, 250.0

Units = Sequence[Sequence[tuple[str, ...]]]
"""What a query asks for, one entry each: the phrases (runs of terms) any of which will do."""


def units(query: SearchQuery) -> Units:
    """The words, phrases and groups of a query."""
    single = [(term,) for term in query.terms]
    groups = [tuple(tuple(form.split(" ")) for form in group) for group in query.any_of]
    return [*((phrase,) for phrase in (*single, *query.phrases)), *groups]


def first_order(found: Sequence[Found], query: SearchQuery, now: datetime) -> list[Found]:
    """What was found, best first by title, story and age."""
    asked = units(query)
    of_story = Counter(one.story_id for one in found)
    scores = {one.id: _outside(one, asked, of_story, now) for one in found}
    return sorted(found, key=lambda one: (-scores[one.id], -one.id))


def second_order(
    found: Sequence[Found], texts: Mapping[int, str], query: SearchQuery, now: datetime, *, told: Sequence[Found]
) -> list[Found]:
    """The best of these put in order by their texts' terms too. `told` are all that were found."""
    asked = units(query)
    of_story = Counter(one.story_id for one in told)
    scores = {
        one.id: round(_outside(one, asked, of_story, now) + IN_TEXT * _inside(texts.get(one.id, ""), asked), 6)
        for one in found
    }
    return sorted(found, key=lambda one: (-scores[one.id], -one.id))


def _outside(one: Found, asked: Units, of_story: Counter[int | None], now: datetime) -> float:
    title = f" {' '.join(terms(one.title, one.language))} " if asked else ""
    there = sum(any(f" {' '.join(phrase)} " in title for phrase in unit) for unit in asked)
    told = math.log1p(of_story[one.story_id]) / math.log1p(20) if one.story_id is not None else 0.0
    age = max(0.0, (now - one.published).total_seconds() / 3600)
    return round(
        IN_TITLE * there / max(1, len(asked)) + OF_STORY * min(1.0, told) + OF_AGE * math.exp(-age / FADE_HOURS), 6
    )


def _inside(text: str, asked: Units) -> float:
    """How much a text is about the query, 0 to 1. `text` is its terms with spaces between."""
    if not (text and asked):
        return 0.0
    line = f" {text} "
    length = 0.5 + 0.5 * text.count(" ") / USUAL_LENGTH
    worth = 0.0
    for unit in asked:
        count = sum(line.count(f" {' '.join(phrase)} ") for phrase in unit)
        worth += count / (count + SATURATION * length)
    return worth / len(asked)
