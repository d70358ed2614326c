"""Times of digests: every local date has each slot once, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.errors import ScheduleError
from digests.model import Slot, Subscriber
from digests.schedule import (
    instant,
    is_quiet,
    jumped,
    latest_run,
    next_run,
    parse_time,
    parse_zone,
    quiet_until,
    upcoming,
)

ZONES = [
    "Europe/Berlin",
    "Asia/Tehran",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
]
BERLIN = ZoneInfo("Europe/Berlin")


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    at=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    start=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)
def test_a_slot_comes_once_on_every_local_date(zone: ZoneInfo, at: time, start: datetime) -> None:
    moment, dates = start, []
    for _ in range(40):
        run = next_run([Slot(at)], zone, moment)
        assert run is not None
        assert run.at > moment
        dates.append(run.local_date)
        moment = run.at
    assert dates == [dates[0] + timedelta(days=n) for n in range(40)]


def test_a_time_that_the_clocks_jump_over_comes_that_much_later() -> None:
    gap = instant(date(2026, 3, 29), time(2, 30), BERLIN)
    assert gap.astimezone(BERLIN).time() == time(3, 30)


def test_a_time_that_comes_twice_counts_the_first_time() -> None:
    assert instant(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_several_slots_come_in_order_and_keep_their_weekdays() -> None:
    slots = [Slot(time(18), frozenset({0})), Slot(time(7))]
    sunday_noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    found = [(run.local_date.weekday(), run.slot) for run in upcoming(slots, ZoneInfo("UTC"), sunday_noon, 3)]
    assert found == [(0, time(7)), (0, time(18)), (1, time(7))]


def test_after_a_downtime_only_the_latest_run_stands() -> None:
    run = latest_run([Slot(time(8))], BERLIN, datetime(2026, 11, 24, 6, 59, tzinfo=UTC))
    assert run is not None
    assert run.local_date == date(2026, 11, 23)


def test_without_slots_or_weekdays_nothing_is_due() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    assert next_run([], BERLIN, now) is None
    assert latest_run([Slot(time(8), frozenset())], BERLIN, now) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7", time(7)),
        ("07:30", time(7, 30)),
        ("7.30", time(7, 30)),
        ("19h15", time(19, 15)),
        ("7pm", time(19)),
        ("12 am", time(0)),
        ("12:05 p.m.", time(12, 5)),
        ("۷:۳۰", time(7, 30)),
        ("٠٨:٠٠", time(8)),
        ("0:00", time(0)),
    ],
)
def test_times_are_read_as_people_type_them(typed: str, meant: time) -> None:
    assert parse_time(typed) == meant


@pytest.mark.parametrize("typed", ["25:99", "24:00", "7:60", "noonish", "", "-3", "7:5", "13:00:00"])
def test_no_time_is_refused_with_what_to_write(typed: str) -> None:
    with pytest.raises(ScheduleError):
        parse_time(typed)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Asia/Tehran", "Asia/Tehran"),
        ("tehran", "Asia/Tehran"),
        ("new york", "America/New_York"),
        ("europe/BERLIN", "Europe/Berlin"),
        ("utc", "UTC"),
        ("UTC+3:30", "Asia/Tehran"),
        ("utc +۰۳:۳۰", "Asia/Tehran"),
        ("gmt-5", "Etc/GMT+5"),
        ("+5:45", "Asia/Kathmandu"),
        ("UTC−0930", "Pacific/Marquesas"),
        ("UTC+0", "UTC"),
    ],
)
def test_zones_are_found_by_name_or_city(typed: str, zone: str) -> None:
    assert parse_zone(typed).key == zone


@pytest.mark.parametrize("typed", ["Atlantis", "", "../etc/passwd", "Asia/", "UTC+15", "UTC+3:25", "UTC+", "+99:99"])
def test_an_unknown_zone_is_refused(typed: str) -> None:
    with pytest.raises(ScheduleError):
        parse_zone(typed)


def reader(quiet: tuple[time, time] | None, zone: str = "Europe/Berlin") -> Subscriber:
    created = datetime(2026, 11, 1, tzinfo=UTC)
    return Subscriber(id=1, chat_id=1, timezone=zone, quiet=quiet, created_at=created)


@pytest.mark.parametrize(
    ("quiet", "clock", "end"),
    [
        ((time(22), time(7)), "23:30", "07:00"),
        ((time(22), time(7)), "06:59", "07:00"),
        ((time(22), time(7)), "07:00", None),
        ((time(22), time(7)), "21:59", None),
        ((time(13), time(15)), "14:00", "15:00"),
        ((time(13), time(15)), "15:00", None),
        ((time(8), time(8)), "08:00", None),
        (None, "03:00", None),
    ],
)
def test_quiet_hours_run_from_to_in_local_time(quiet: tuple[time, time] | None, clock: str, end: str | None) -> None:
    now = datetime.combine(date(2026, 11, 24), time.fromisoformat(clock), BERLIN)
    until = quiet_until(reader(quiet), now.astimezone(UTC))
    assert (until and until.astimezone(BERLIN).strftime("%H:%M")) == end
    assert is_quiet(reader(quiet), now.astimezone(UTC)) is (end is not None)


def test_quiet_hours_that_the_clocks_jump_over_are_none() -> None:
    during = datetime(2026, 3, 29, 1, 10, tzinfo=UTC)
    assert not is_quiet(reader((time(2), time(3))), during)


def test_a_move_past_a_slot_owes_the_last_one_jumped_over() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    morning = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    slots = [Slot(time(8)), Slot(time(12)), Slot(time(20))]
    run = jumped(slots, BERLIN, tokyo, morning)
    assert run is not None
    assert (run.local_date, run.slot) == (date(2026, 11, 24), time(12))
    assert jumped(slots, tokyo, BERLIN, morning) is None
    assert jumped([Slot(time(12), frozenset({5}))], BERLIN, tokyo, morning) is None
