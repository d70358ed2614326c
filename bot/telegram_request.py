"""How python-telegram-bot reaches Telegram: through aiohttp, at a third of the stock cost.

A call that never left is safe to make again; one whose answer was lost may have been carried out. Both are PTB
NetworkErrors here, of two kinds, since only whoever sends can decide what to do about the second.
"""

import json
from types import TracebackType
from typing import Self

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from digests.feeds.resolver import DaemonResolver

KEEP_ALIVE = 12.0
"""Seconds an idle connection is kept: well below what servers allow, or the next request meets a closed one."""

WITH_LOOKUP = 2
"""How many times the time for a connection a free one may take, with the look-up of Telegram's name."""

JSON = {"Content-Type": "application/json"}

UNSENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
"""What aiohttp raises before a request leaves: no route, no connection in time, a proxy that says no."""


class NotSentError(NetworkError):
    """The request did not go out; making it again is safe."""


class UncertainError(TimedOut):
    """The request went out and no answer came: nobody knows whether it was carried out."""


def _seconds(value: ODVInput[float], default: float | None) -> float | None:
    return default if isinstance(value, DefaultValue) else value


class AiohttpRequest(BaseRequest):
    """PTB's request interface over one pooled aiohttp session. Timeouts in seconds.

    `trust_env` lets the operator's HTTPS_PROXY count: in some countries there is no other way to Telegram.
    """

    def __init__(
        self, *, connections: int = 64, connect: float = 5.0, read: float = 20.0, trust_env: bool = True
    ) -> None:
        self._connections = connections
        self._connect = connect
        self._read = read
        self._trust_env = trust_env
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer; getUpdates adds its own time to this."""
        return self._read

    async def initialize(self) -> None:
        """Open the session."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(
                limit=self._connections, keepalive_timeout=KEEP_ALIVE, resolver=DaemonResolver()
            )
            self._session = aiohttp.ClientSession(
                connector=connector, trust_env=self._trust_env, cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One HTTP request; (status, body).

        Raises NotSentError or UncertainError, whose texts are without the URL: it holds the token.
        """
        if self._session is None or self._session.closed:
            raise NotSentError("the connection to Telegram is closed")
        connect = _seconds(connect_timeout, self._connect)
        timeout = aiohttp.ClientTimeout(
            total=None,
            connect=None if connect is None else connect * WITH_LOOKUP,
            sock_connect=connect,
            sock_read=_seconds(read_timeout, self._read),
        )
        try:
            async with self._session.request(
                method, url, data=_body(request_data), headers=_headers(request_data), timeout=timeout
            ) as response:
                return response.status, await response.read()
        except UNSENT as error:
            raise NotSentError(f"no connection to Telegram ({type(error).__name__})") from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise UncertainError(f"no answer from Telegram ({type(error).__name__})") from None

    async def __aenter__(self) -> Self:
        await self.initialize()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        await self.shutdown()


def _body(data: RequestData | None) -> aiohttp.FormData | bytes | None:
    """JSON, which costs a quarter of a form: that would quote each letter of a text. Files need a form."""
    if data is None or not data.parameters:
        return None
    if not data.contains_files:
        return json.dumps(data.parameters, ensure_ascii=False).encode(errors="replace")
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _headers(data: RequestData | None) -> dict[str, str] | None:
    return None if data is None or data.contains_files else JSON
