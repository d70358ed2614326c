"""Short versions of benchmarks/schedule.py: weeks of subscribers in all zones, with all that may come between."""

from pathlib import Path

from benchmarks.schedule import measure, measure_storage


def test_no_digest_is_missing_or_comes_twice() -> None:
    found = measure(subscribers=60, days=120, seed=3)
    assert found["sent"] > 5000
    assert min(found["downtimes"], found["wrong clocks"], found["zones changed"], found["times changed"]) > 0
    assert (found["twice"], found["missing"], found["not owed"]) == (0, 0, 0)


async def test_none_is_missing_or_comes_twice_in_the_real_ledger(tmp_path: Path) -> None:
    found = await measure_storage(tmp_path / "schedule.sqlite3", subscribers=6, days=20, seed=5)
    assert found["sent"] > 60
    assert found["zones changed"] > 0
    assert (found["twice"], found["missing"], found["not owed"]) == (0, 0, 0)
