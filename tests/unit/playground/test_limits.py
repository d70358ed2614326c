"""Flood control on a clock that the test sets."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.api.errors import ApiError
from bot.playground.api.limits import NO_LIMITS, FloodControl, Limits, too_many


def take(flood: FloodControl, chat_id: int, now: float, *, group: bool = False, paid: bool = False) -> int:
    """Send once; 0, or the seconds to wait."""
    try:
        flood.take(chat_id, group=group, paid=paid, now=now)
    except ApiError as error:
        return error.retry_after or 0
    return 0


def test_the_refusal_says_how_long_to_wait() -> None:
    assert too_many(2.1).answer() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }


def test_thirty_in_any_second_over_all() -> None:
    flood = FloodControl(Limits())
    assert [take(flood, chat, 100.0) for chat in range(30)] == [0] * 30
    assert take(flood, 31, 100.5) == 1
    assert take(flood, 31, 101.0) == 0


def test_paid_messages_have_their_own_limit() -> None:
    flood = FloodControl(Limits(overall=1, paid=2))
    assert [take(flood, 1, 5.0), take(flood, 2, 5.0)] == [0, 1]
    assert [take(flood, chat, 5.0, paid=True) for chat in range(3)] == [0, 0, 1]


def test_one_a_second_to_a_person_after_a_burst() -> None:
    flood = FloodControl(Limits(overall=None, chat_burst=3))
    assert [take(flood, 7, 50.0) for _ in range(4)] == [0, 0, 0, 1]
    assert take(flood, 8, 50.0) == 0
    assert [take(flood, 7, 51.0), take(flood, 7, 51.0)] == [0, 1]
    assert [take(flood, 7, 60.0) for _ in range(4)] == [0, 0, 0, 1]


def test_twenty_a_minute_to_a_group() -> None:
    flood = FloodControl(Limits(overall=None))
    assert [take(flood, -5, second, group=True) for second in range(20)] == [0] * 20
    assert take(flood, -5, 30.0, group=True) == 30
    assert take(flood, -6, 30.0, group=True) == 0
    assert take(flood, -5, 60.0, group=True) == 0


def test_what_is_refused_does_not_count() -> None:
    flood = FloodControl(Limits(overall=None, chat_burst=1))
    assert take(flood, 7, 0.0) == 0
    assert [take(flood, 7, 0.5) for _ in range(50)] == [1] * 50
    assert take(flood, 7, 1.0) == 0


def test_without_limits_everything_passes() -> None:
    flood = FloodControl(NO_LIMITS)
    assert sum(take(flood, 1, 0.0, group=number % 2 == 0) for number in range(500)) == 0


@settings(deadline=None)
@given(st.lists(st.floats(0, 0.3), max_size=200))
def test_no_second_ever_holds_more_than_the_limit(gaps: list[float]) -> None:
    flood, now, passed = FloodControl(Limits(overall=5, chat_rate=None)), 0.0, []
    for gap in gaps:
        now += gap
        if take(flood, 1, now) == 0:
            passed.append(now)
    assert all(later - earlier >= 1.0 - 1e-9 for earlier, later in zip(passed, passed[5:], strict=False))
