"""Functions for worker processes: well-behaved ones and others."""

import os
import sys

from digests.errors import FetchError


def double(number: int) -> int:
    return 2 * number


def process_id() -> int:
    return os.getpid()


def loaded(module: str) -> bool:
    return module in sys.modules


def spin() -> None:
    while True:
        pass


def die(status: int) -> None:
    os._exit(status)


def fill_memory(size: int) -> int:
    return len(bytearray(size))


def refuse() -> None:
    raise FetchError("No answer.", status=503, retry_after=7.0)


def unpicklable() -> object:
    return lambda: None
