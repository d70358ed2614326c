"""What votes teach: bounded, fading, in few steps; and what was chosen stands above it."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from digests.leanings import (
    FIRST,
    HALF,
    HALF_LIFE,
    MOST_LEANINGS,
    SECOND,
    STRONGEST,
    WHOLE,
    learned,
    learned_level,
    level,
    levels,
)
from digests.model import Leaning, Subscriber, Vote
from tests.fakes.clock import MORNING

SPORTS, DAILY = ("topic", "sports"), ("source", "Daily")


def vote(value: int = 1, *, days: float = 0, **fields: object) -> Vote:
    return Vote(value=value, at=MORNING - timedelta(days=days), **{"topic": "sports", "source": "Daily", **fields})


def reader(*leanings: Leaning, learning: bool = True) -> Subscriber:
    return Subscriber(id=1, chat_id=1, created_at=MORNING, leanings=leanings, learning=learning)


def test_a_vote_is_half_a_step_for_topic_and_source_and_a_whole_one_where_it_says_which() -> None:
    assert learned([vote()], MORNING) == {SPORTS: HALF, DAILY: HALF}
    assert learned([vote(-1, about="topic")], MORNING) == {SPORTS: -WHOLE}
    assert learned([vote(-1, about="source")], MORNING) == {DAILY: -WHOLE}
    assert learned([vote(-1, about="story")], MORNING) == {}
    assert learned([vote(topic="", source="")], MORNING) == {}


def test_votes_fade_and_outweigh_each_other() -> None:
    assert learned([vote(days=HALF_LIFE.days)], MORNING)[SPORTS] == HALF / 2
    assert learned([vote(), vote(-1)], MORNING) == {}
    assert learned([vote(), vote(-1), vote(-1, about="topic")], MORNING) == {SPORTS: -WHOLE}


@given(
    votes=st.lists(
        st.builds(
            vote,
            st.sampled_from([-1, 1]),
            days=st.floats(0, 400),
            topic=st.sampled_from(["", "world", "sports"]),
            source=st.integers(0, 200).map(str),
            about=st.sampled_from(["", "topic", "source", "story"]),
        )
    )
)
def test_what_is_learned_is_bounded(votes: list[Vote]) -> None:
    scores = learned(votes, MORNING)
    assert len(scores) <= MOST_LEANINGS
    assert all(-STRONGEST <= score <= STRONGEST for score in scores.values())
    found = [learned_level(Leaning(*subject, 0, score, MORNING), MORNING) for subject, score in scores.items()]
    assert all(-2 <= one <= 2 for one in found)


def test_levels_need_more_than_one_vote_and_are_lost_with_time() -> None:
    def at(score: float, days: float = 0) -> int:
        return learned_level(Leaning(*SPORTS, 0, score, MORNING - timedelta(days=days)), MORNING)

    assert [at(score) for score in (HALF, FIRST, SECOND, STRONGEST, -FIRST, -SECOND)] == [0, 1, 2, 2, -1, -2]
    assert [at(SECOND, days) for days in (0, 10, 30, 60)] == [2, 1, 1, 0]


def test_what_was_chosen_stands_above_what_was_learned() -> None:
    both = Leaning(*DAILY, -1, STRONGEST, MORNING)
    assert (level(both, MORNING), learned_level(both, MORNING)) == (-2, 2)
    assert level(replace(both, chosen=0), MORNING) == 2


def test_switched_off_only_what_was_chosen_counts() -> None:
    found = (Leaning(*SPORTS, 0, STRONGEST, MORNING), Leaning(*DAILY, 1, -STRONGEST, MORNING))
    assert levels(reader(*found), MORNING) == {SPORTS: 2, DAILY: 2}
    assert levels(reader(*found, learning=False), MORNING) == {DAILY: 2}
