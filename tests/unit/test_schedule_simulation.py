"""A short version of benchmarks/schedule.py: months of subscribers in all zones, with restarts and changed settings."""

from benchmarks.schedule import measure


def test_no_digest_is_missing_and_none_is_sent_that_nobody_owed() -> None:
    found = measure(subscribers=25, days=60, seed=3)
    assert found["sent"] > 1000
    assert found["restarts"] > 0
    assert (found["missing"], found["not owed"]) == (0, 0)
