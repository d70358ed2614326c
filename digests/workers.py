"""Where CPU-heavy work runs: a pool of processes that can be killed one by one.

A thread is not enough: it can't be stopped, and hostile input keeps a parser busy for minutes. pebble's pool survives
the death of a worker, where killing one of concurrent.futures breaks every pending job. Workers fork from a server
process that has the heavy libraries imported: a killed one is replaced in milliseconds, the main process stays light.
"""

import asyncio
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import forkserver, popen_forkserver, resource_tracker
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Protocol, TypeVar, cast

import structlog
from pebble import CONSTS, ProcessExpired, ProcessPool

from digests.errors import WorkerError

Result = TypeVar("Result")

TIMEOUT = 10.0
"""Seconds one job may take, once a worker has begun it."""
MEMORY = 1024 * 1024 * 1024
"""Bytes that a worker may add to what it has when it starts."""
TERMINATE = 0.2
"""Seconds between SIGTERM and SIGKILL: a worker has nothing to tidy up, and deep in C it hears no SIGTERM."""
WARM = ("digests.warm",)
"""Imported once, in the process from which the workers fork."""

_log = structlog.get_logger(__name__)


class Workers(Protocol):
    """What runs CPU-heavy functions. Functions and arguments must be picklable: module-level ones, and partials."""

    async def run(
        self,
        function: Callable[..., Result],
        *args: object,
        timeout: float = TIMEOUT,  # noqa: ASYNC109  # the worker is killed, not the wait cancelled
    ) -> Result:
        """What `function(*args)` returns or raises; WorkerError where it dies or takes longer than `timeout` s."""
        ...

    async def close(self) -> None:
        """Stop; running jobs are lost."""
        ...


class InlineWorkers:
    """Workers without processes, for tests and short commands: the function runs at once, and can't be stopped."""

    async def run(
        self,
        function: Callable[..., Result],
        *args: object,
        timeout: float = TIMEOUT,  # noqa: ASYNC109  # the worker is killed, not the wait cancelled
    ) -> Result:
        """As Workers.run, without the timeout."""
        del timeout
        return function(*args)

    async def close(self) -> None:
        """Nothing to stop."""


class WorkerPool:
    """Workers in processes. The pool starts with the first job, so a command that needs none pays nothing.

    `workers` is how many (default: one per core, at most 4); `memory` is what each may add to its start, in bytes;
    `warm` are modules to import beforehand.
    """

    def __init__(self, *, workers: int | None = None, memory: int = MEMORY, warm: Sequence[str] = WARM) -> None:
        self._workers = workers or max(1, min(4, os.cpu_count() or 1))
        self._memory = memory
        self._warm = tuple(warm)
        self._pool: ProcessPool | None = None
        self._starting = asyncio.Lock()

    async def run(
        self,
        function: Callable[..., Result],
        *args: object,
        timeout: float = TIMEOUT,  # noqa: ASYNC109  # the worker is killed, not the wait cancelled
    ) -> Result:
        """As Workers.run; the worker that takes too long is killed, the others go on."""
        for attempt in range(2):
            pool = await self._running()
            try:
                future = pool.schedule(function, args=args, timeout=timeout)
                return cast("Result", await asyncio.wrap_future(future))
            except TimeoutError:
                raise WorkerError(f"{_name(function)} took longer than {timeout:g} seconds.") from None
            except MemoryError:
                raise WorkerError(f"{_name(function)} needed more memory than a worker may have.") from None
            except ProcessExpired as error:
                raise WorkerError(f"The worker died in {_name(function)} (exit status {error.exitcode}).") from None
            except BrokenProcessPool as error:
                await self._discard(pool)
                _log.warning("workers.broken", attempt=attempt, reason=str(error))
        raise WorkerError("The worker processes can't be started.")

    async def close(self) -> None:
        """Kill the workers; safe to call twice."""
        if self._pool is not None:
            await self._discard(self._pool)

    async def _running(self) -> ProcessPool:
        """The pool, started. Starting waits for the fork server's imports, so a thread does it."""
        async with self._starting:
            if self._pool is not None and not self._pool.active:
                _log.warning("workers.restarted")  # an idle worker was killed from outside, and took pebble's pool down
                await self._discard(self._pool)
            if self._pool is None:
                self._pool = await asyncio.to_thread(self._start)
            return self._pool

    def _start(self) -> ProcessPool:
        context = _Context()
        start_fork_server(self._warm)
        CONSTS.term_timeout = TERMINATE
        pool = ProcessPool(
            max_workers=self._workers, initializer=_limit_memory, initargs=(self._memory,), context=context
        )
        if not pool.active:
            raise WorkerError("The worker processes can't be started.")
        return pool

    async def _discard(self, pool: ProcessPool) -> None:
        if self._pool is pool:
            self._pool = None
        pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without annotations
        await asyncio.to_thread(pool.join)


def start_fork_server(warm: Sequence[str] = WARM) -> None:
    """Start the process from which workers fork, unless it runs; it imports these modules. Takes a moment.

    Ctrl-C reaches every process of a terminal; that one and its workers leave it to this one to end them.
    """
    forkserver.set_forkserver_preload(list(warm))
    resource_tracker.ensure_running()  # here, because it lets Ctrl-C in again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Popen(popen_forkserver.Popen):
    """Starts a process without the program's main module, which multiprocessing would import anew in each worker.

    That is the whole bot when it was started as `baztab`: seconds for each worker that takes a dead one's place.
    """

    _swapping = threading.Lock()

    def _launch(self, process_obj: BaseProcess) -> None:
        with self._swapping:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                super()._launch(process_obj)  # type: ignore[misc]  # typeshed leaves it out
            finally:
                sys.modules["__main__"] = main


class _Process(ForkServerProcess):
    """A process of our context; multiprocessing.context shows how these three belong together."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> _Popen:  # noqa: N802  # the name that multiprocessing calls
        return _Popen(process_obj)


class _Context(ForkServerContext):
    """The fork server with our processes."""

    Process = _Process


def _limit_memory(allowance: int) -> None:
    """In a worker: refuse memory beyond what it starts with and `allowance` bytes more."""
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    limit = pages * resource.getpagesize() + allowance
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _name(function: Callable[..., object]) -> str:
    inner = function.func if isinstance(function, partial) else function
    return getattr(inner, "__name__", type(inner).__name__)
