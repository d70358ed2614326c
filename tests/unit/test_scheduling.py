"""Ticks: how the scheduler is told to run them, and that one failing tick ends nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta

import pytest
from apscheduler.job import Job

from bot.scheduling import Ticks
from tests.fakes.clock import MORNING, SetClock


async def nothing() -> None:
    pass


def job_of(ticks: Ticks, name: str) -> Job:
    (job,) = [job for job in ticks._scheduler.get_jobs() if job.id == name]
    return job


def tick(ticks: Ticks, name: str) -> Awaitable[None]:
    function: Callable[[], Awaitable[None]] = job_of(ticks, name).func
    return function()


async def test_ticks_are_coalesced_one_at_a_time_and_never_too_late() -> None:
    ticks = Ticks()
    ticks.every(60, "compose", nothing)
    ticks.start()
    job = job_of(ticks, "compose")
    assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
    assert job.trigger.interval == timedelta(seconds=60)
    assert job.trigger.timezone == UTC
    ticks.stop()


async def test_a_tick_that_ends_well_is_noted_with_its_time() -> None:
    clock = SetClock()
    ticks = Ticks(clock=clock)
    ticks.every(60, "compose", nothing)
    assert ticks.last == {}
    clock.move(minutes=1)
    await tick(ticks, "compose")
    assert ticks.last == {"compose": MORNING + timedelta(minutes=1)}


async def test_starting_counts_as_the_first_sign_of_life() -> None:
    ticks = Ticks(clock=SetClock())
    ticks.every(3600, "compose", nothing)
    ticks.start()
    assert ticks.last == {"compose": MORNING}
    ticks.stop()


async def test_a_tick_that_fails_is_logged_and_not_noted(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise OSError("disk full")

    ticks = Ticks()
    ticks.every(60, "compose", fail)
    await tick(ticks, "compose")
    assert ticks.last == {}


async def test_a_tick_may_run_at_once() -> None:
    ran = asyncio.Event()

    async def run() -> None:
        ran.set()

    ticks = Ticks()
    ticks.every(3600, "ingest", run, at_once=True)
    ticks.every(3600, "prune", nothing)
    ticks.start()
    await asyncio.wait_for(ran.wait(), 20)
    ticks.stop()


async def test_stopping_breaks_off_what_runs_and_may_be_done_twice() -> None:
    begun, broken_off = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            broken_off.set()

    ticks = Ticks()
    ticks.every(3600, "ingest", run, at_once=True)
    ticks.start()
    await asyncio.wait_for(begun.wait(), 20)
    ticks.stop()
    await asyncio.wait_for(broken_off.wait(), 20)
    ticks.stop()
