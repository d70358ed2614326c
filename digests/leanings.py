"""What a subscriber would have more or less of: chosen by them, or learned from 👍 and 👎, on this machine only.

A vote of full weight moves its story's topic and source by half a step each, or the one that the reader named by a
whole step; a vote loses half its strength every 30 days. What that adds up to is cut down to few levels, -2 … +2, so
that readers who lean alike share their digests. What a reader has set stands above what was learned.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from digests.model import Leaning, Subscriber, Vote

HALF_LIFE = timedelta(days=30)
REMEMBERED = timedelta(days=180)
"""Votes older than this teach nothing; they would count for a sixty-fourth."""
MOST_VOTES = 1000
MOST_LEANINGS = 40
"""Topics and sources that are learned about at most: the strongest ones."""

HALF, WHOLE = 0.5, 1.0
STRONGEST = 4.0
"""The score that no number of votes exceeds, so that a change of mind takes weeks, not years."""
FIRST, SECOND = 1.0, 2.5
"""Scores from which a leaning counts as level 1 and 2."""
WHOLE_DIGEST = 0.25
"""The weight of a vote for each story of a digest that was rated as one."""

Subject = tuple[Literal["topic", "source"], str]
Levels = Mapping[Subject, int]
"""Topics and sources with their levels, -2 … +2 without 0."""


def learned(votes: Iterable[Vote], now: datetime) -> dict[Subject, float]:
    """What votes teach, as scores between -STRONGEST and STRONGEST; the strongest MOST_LEANINGS of them."""
    scores: defaultdict[Subject, float] = defaultdict(float)
    for vote in votes:
        strength = vote.value * vote.weight * _left(now - vote.at)
        if vote.topic and vote.about in ("", "topic"):
            scores["topic", vote.topic] += strength * (WHOLE if vote.about else HALF)
        if vote.source and vote.about in ("", "source"):
            scores["source", vote.source] += strength * (WHOLE if vote.about else HALF)
    strongest = sorted(scores.items(), key=lambda item: (-abs(item[1]), item[0]))[:MOST_LEANINGS]
    return {subject: max(-STRONGEST, min(STRONGEST, round(score, 4))) for subject, score in strongest if score}


def level(leaning: Leaning, now: datetime) -> int:
    """-2 … +2: what was chosen counts in full, else what is left of what was learned."""
    if leaning.chosen:
        return 2 * leaning.chosen
    return learned_level(leaning, now)


def learned_level(leaning: Leaning, now: datetime) -> int:
    """The same without what was chosen."""
    if leaning.at is None:
        return 0
    # By whole days, so that levels, and with them who shares a digest, change once a day at most. A little is given
    # for the time that passed between the votes themselves.
    score = leaning.score * _left(timedelta(days=(now - leaning.at).days)) * 1.05
    strength = 2 if abs(score) >= SECOND else 1 if abs(score) >= FIRST else 0
    return strength if score > 0 else -strength


def levels(subscriber: Subscriber, now: datetime) -> dict[Subject, int]:
    """How a subscriber leans now, without what they are indifferent to."""
    of = level if subscriber.learning else _chosen
    found = {(leaning.kind, leaning.name): of(leaning, now) for leaning in subscriber.leanings}
    return {subject: value for subject, value in found.items() if value}


def _chosen(leaning: Leaning, _: datetime) -> int:
    return 2 * leaning.chosen


def _left(age: timedelta) -> float:
    return float(0.5 ** (max(age, timedelta(0)) / HALF_LIFE))
