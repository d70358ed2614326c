import asyncio
import functools
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digests.errors import FetchError, ParseError, WorkerError
from digests.feeds.parse import parse_feed
from digests.workers import InlineWorkers, WorkerPool
from tests.fakes import worker_jobs


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(workers=2)
    yield pool
    await pool.close()


async def test_results_come_back_from_another_process(pool: WorkerPool) -> None:
    assert await pool.run(worker_jobs.double, 21) == 42
    assert await pool.run(worker_jobs.process_id) != os.getpid()


async def test_many_jobs_at_a_time(pool: WorkerPool) -> None:
    results = await asyncio.gather(*(pool.run(worker_jobs.double, number) for number in range(50)))
    assert results == [2 * number for number in range(50)]


async def test_errors_of_the_function_pass_through_whole(pool: WorkerPool) -> None:
    with pytest.raises(FetchError, match="No answer") as caught:
        await pool.run(worker_jobs.refuse)
    assert (caught.value.status, caught.value.retry_after) == (503, 7.0)
    with pytest.raises(ParseError):
        await pool.run(functools.partial(parse_feed, b"no feed", url="https://s.example/"))


async def test_a_job_that_takes_too_long_is_killed_alone(pool: WorkerPool) -> None:
    slow, *others = await asyncio.gather(
        pool.run(worker_jobs.spin, timeout=0.5),
        *(pool.run(worker_jobs.double, number) for number in range(10)),
        return_exceptions=True,
    )
    assert isinstance(slow, WorkerError)
    assert str(slow) == "spin took longer than 0.5 seconds."
    assert others == [2 * number for number in range(10)]
    assert await pool.run(worker_jobs.double, 1) == 2


async def test_a_crash_is_one_jobs_failure(pool: WorkerPool) -> None:
    with pytest.raises(WorkerError, match=r"died in die \(exit status 3\)"):
        await pool.run(worker_jobs.die, 3)
    assert await pool.run(worker_jobs.double, 1) == 2


async def test_an_idle_worker_killed_from_outside_is_replaced(pool: WorkerPool) -> None:
    for _ in range(3):
        os.kill(await pool.run(worker_jobs.process_id), signal.SIGKILL)
        assert await pool.run(worker_jobs.double, 21) == 42


async def test_memory_has_a_limit() -> None:
    pool = WorkerPool(workers=1, memory=200_000_000)
    try:
        assert await pool.run(worker_jobs.fill_memory, 50_000_000) == 50_000_000
        with pytest.raises(WorkerError, match="more memory"):
            await pool.run(worker_jobs.fill_memory, 1_000_000_000)
        assert await pool.run(worker_jobs.double, 1) == 2
    finally:
        await pool.close()


async def test_a_result_that_can_not_travel_is_an_error_of_the_job(pool: WorkerPool) -> None:
    with pytest.raises((TypeError, AttributeError, WorkerError)):
        await pool.run(worker_jobs.unpicklable)
    assert await pool.run(worker_jobs.double, 1) == 2


async def test_cancelling_the_wait_kills_the_job(pool: WorkerPool) -> None:
    await pool.run(worker_jobs.double, 1)
    job = asyncio.create_task(pool.run(worker_jobs.spin, timeout=60))
    await asyncio.sleep(0)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert await asyncio.gather(*(pool.run(worker_jobs.double, number) for number in (1, 2))) == [2, 4]


async def test_workers_have_the_heavy_libraries_at_hand(pool: WorkerPool) -> None:
    assert await pool.run(worker_jobs.loaded, "trafilatura")
    assert await pool.run(worker_jobs.loaded, "feedparser")


async def test_a_closed_pool_starts_again_when_it_is_needed(pool: WorkerPool) -> None:
    first = await pool.run(worker_jobs.process_id)
    await pool.close()
    await pool.close()
    assert await pool.run(worker_jobs.process_id) != first


def test_making_a_pool_starts_nothing_and_loads_nothing_heavy() -> None:
    program = (
        "import sys, multiprocessing; from digests.workers import WorkerPool; WorkerPool();"
        "assert not multiprocessing.active_children();"
        "print([name for name in ('trafilatura', 'sumy', 'feedparser', 'numpy', 'lxml') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_workers_do_not_import_the_program_that_uses_them(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import asyncio, mailbox, sys\n"
        "from digests.workers import WorkerPool\n"
        "from tests.fakes import worker_jobs\n"
        "async def main():\n"
        "    pool = WorkerPool(workers=1, warm=())\n"
        "    print(await pool.run(worker_jobs.loaded, 'mailbox'), 'mailbox' in sys.modules)\n"
        "    await pool.close()\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    root = Path(__file__).parents[2]
    result = subprocess.run(
        [sys.executable, program],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert result.stdout.split() == ["False", "True"]


async def test_inline_workers_run_at_once() -> None:
    workers = InlineWorkers()
    assert await workers.run(worker_jobs.double, 4, timeout=1) == 8
    assert await workers.run(worker_jobs.process_id) == os.getpid()
    with pytest.raises(FetchError):
        await workers.run(worker_jobs.refuse)
    await workers.close()
