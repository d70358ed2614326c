"""Writing what must not be forgotten, though the database refuse for a while."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from itertools import chain, repeat
from typing import TypeVar

import structlog

from digests.errors import StorageError

log = structlog.get_logger(__name__)

FIRST, MOST = (0.1, 1.0), 5.0
MINUTES = (*FIRST, *120 * (MOST,))
"""Pauses in seconds: ten minutes of tries."""

Written = TypeVar("Written")


def for_ever() -> Iterable[float]:
    """Pauses without an end, for what ends when its task is cancelled."""
    return chain(FIRST, repeat(MOST))


async def stubbornly(
    write: Callable[[], Awaitable[Written]],
    *,
    pauses: Iterable[float] = MINUTES,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    **about: object,
) -> Written:
    """What `write` returns, when it does; what it raises when the pauses are used up. `about` goes into the log."""
    for pause in pauses:
        try:
            return await write()
        except StorageError as error:
            log.warning("database.refused", reason=str(error), again_in=pause, **about)
            await sleep(pause)
    return await write()
