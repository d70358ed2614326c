"""The benchmark of delivery, small: that what it measures is right, not how fast it is."""

import pytest

from benchmarks.delivery import PARTS, QUICK, run
from benchmarks.sink import most_within, percentile
from tests.fixtures_storage import POSTGRES


@pytest.mark.postgres
@pytest.mark.usefixtures("postgres_url")
async def test_everything_that_is_due_is_written_and_sent_once_and_within_the_rate() -> None:
    found = await run(set(PARTS), QUICK, POSTGRES)
    for engine in ("SQLite", "PostgreSQL"):
        composed = found[f"compose, {engine}"]
        assert composed["due"] == composed["written"] == QUICK.subscribers
    for part in ("smooth, SQLite", "fast, PostgreSQL"):
        sent = found[part]
        assert sent["digests"] == sent["chats"] > 0
        assert sent["most_in_a_second"] <= sent["calls"]
        assert sent["complaint"] is None


def test_the_most_in_a_second_is_counted_over_any_second() -> None:
    assert most_within([0.0, 0.5, 0.9, 1.0, 1.4, 3.0], 1.0) == 4
    assert most_within([], 1.0) == 0


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 3.0
    assert percentile([1.0], 0.95) == 1.0
    assert percentile([], 0.95) is None
