"""Name resolution that nobody has to wait for: each look-up is in a thread of its own, which the program may leave.

The threads of asyncio's own executor are joined when a program ends, and a look-up may take half a minute where no name
server answers.
"""

import asyncio
import contextlib
import socket
import threading
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


class DaemonResolver(AbstractResolver):
    """The system's name resolution, for aiohttp's connectors."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name. Raises OSError (socket.gaierror) where there are none."""
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[Any]] = loop.create_future()

        def tell(outcome: list[Any] | Exception) -> None:
            if found.done():
                return
            if isinstance(outcome, Exception):
                found.set_exception(outcome)
            else:
                found.set_result(outcome)

        def look_up() -> None:
            outcome: list[Any] | Exception
            try:
                outcome = socket.getaddrinfo(
                    host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG
                )
            except Exception as error:  # noqa: BLE001  # raised where it was asked for
                outcome = error
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(tell, outcome)

        threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
        return [_result(host, info) for info in await found]

    async def close(self) -> None:
        """Nothing to close."""


def _result(host: str, info: Any) -> ResolveResult:
    """One row of getaddrinfo; a link-local address keeps its scope."""
    family, _, proto, _, address = info
    scope = f"%{address[3]}" if family == socket.AF_INET6 and address[3] else ""
    return ResolveResult(
        hostname=host, host=f"{address[0]}{scope}", port=address[1], family=family, proto=proto, flags=NUMERIC
    )
