"""HTTP for feeds and pages: polite, and no way into the operator's network.

One session with connections kept alive. Every request has one deadline, a limit on the decompressed bytes, an honest
User-Agent, no cookies, no Referer and no proxy from the environment. Redirects are followed here, hop by hop, and the
address of every socket is checked before it is connected (digests.feeds.address).
"""

import asyncio
import errno
import socket
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from digests.clock import Clock, utc_now
from digests.errors import FetchError, ForbiddenAddressError
from digests.feeds.address import AddressRules
from digests.feeds.headers import expires, link, max_age, retry_after
from digests.feeds.resolver import DaemonResolver
from digests.feeds.urls import is_web_url, join_url

ACCEPT_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5"
)
ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
MAX_BYTES = 15_000_000
"""After decompression."""
TIMEOUT = 20.0
"""Seconds for one fetch with all its redirects, without the time spent waiting for a turn at the host."""
MAX_HOPS = 5
PER_HOST = 2
CONNECTIONS = 64
_CHUNK = 65_536
_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAME_METHOD = frozenset({307, 308})
"""Redirects that take a form along."""
_NO_HEAD = frozenset({400, 403, 405, 501})
"""What servers answer that know no HEAD."""

_trusted_host: ContextVar[bool] = ContextVar("trusted_host", default=False)
"""Whether the operator named the host that is being dialled. Set for each hop; aiohttp dials in the same context."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer: 200 with its body, or 304 without.

    `url` is where it came from after redirects; `permanent_url` is where the asked address has moved for good, else
    None. `etag` and `last_modified` are byte for byte the server's. `max_age` is in seconds. `hub` and `self_url` are
    what its Link headers name.
    """

    status: int
    url: str
    permanent_url: str | None = None
    body: bytes = b""
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    max_age: float | None = None
    expires: datetime | None = None
    retry_after: float | None = None
    hub: str | None = None
    self_url: str | None = None

    @property
    def not_modified(self) -> bool:
        """Whether the server says that what we have is what there is."""
        return self.status == HTTPStatus.NOT_MODIFIED


@dataclass(frozen=True, slots=True)
class Head:
    """What a server says of something without sending it; `length` in bytes, None where it does not say."""

    content_type: str
    length: int | None


@dataclass(frozen=True, slots=True)
class _Ask:
    """A request: for the body, for the headers alone, or to bring a form somewhere."""

    headers: Mapping[str, str]
    limit: int = 0
    form: Mapping[str, str] | None = None
    only_headers: bool = False
    method: str = "GET"

    def takes(self, status: int) -> bool:
        """Whether this is a status that was asked for."""
        if self.form is not None:
            return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
        if self.only_headers:
            return status in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}
        conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        return status == HTTPStatus.OK or (status == HTTPStatus.NOT_MODIFIED and conditional)


class ForbiddenSocketError(PermissionError):
    """The connector asked for a socket to an address that must not be dialled."""


class Fetcher:
    """An asynchronous context manager that owns the session. `contact` goes into the User-Agent.

    `allow_hosts` are names, addresses or networks that may be reached although they are private. `resolver` replaces
    the system's name resolution (tests). Safe for any number of tasks at a time.
    """

    def __init__(
        self,
        *,
        contact: str = "",
        allow_hosts: Sequence[str] = (),
        clock: Clock = utc_now,
        timeout: float = TIMEOUT,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.user_agent = user_agent(contact)
        self._rules = AddressRules(allow_hosts)
        self._clock = clock
        self._timeout = timeout
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None
        self._turns: dict[str, asyncio.Semaphore] = {}
        self._waiting: Counter[str] = Counter()

    def is_operators(self, address: str) -> bool:
        """Whether the operator allowed the host of this address by name, or by its address."""
        return self._rules.names(URL(address).host or "")

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            socket_factory=self._checked_socket,
            resolver=self._resolver or DaemonResolver(),
            limit=CONNECTIONS,
            limit_per_host=PER_HOST,
            keepalive_timeout=10.0,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self.user_agent, "Accept-Encoding": "gzip, br, zstd"},
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10.0),
            raise_for_status=False,
            max_line_size=16_384,
            max_field_size=16_384,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the session; safe to call twice."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = ACCEPT_FEED,
        limit: int = MAX_BYTES,
    ) -> Fetched:
        """Get a URL; with validators, conditionally. Any status but 200 (and 304, if asked for) is a FetchError.

        Raises FetchError with the status and what Retry-After asks for, or ForbiddenAddressError.
        """
        headers = {"Accept": accept}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        answer = await self._follow(url, _Ask(headers, limit))
        if isinstance(answer, Head):
            raise TypeError("A body was asked for.")
        return answer

    async def head(self, url: str, *, accept: str) -> Head:
        """What a server says of something, without its body. Raises as `fetch` does."""
        ask = _Ask({"Accept": accept, "Accept-Encoding": "identity"}, only_headers=True, method="HEAD")
        try:
            answer = await self._follow(url, ask)
        except FetchError as error:
            if error.status not in _NO_HEAD:
                raise
            answer = await self._follow(url, replace(ask, method="GET", headers={**ask.headers, "Range": "bytes=0-0"}))
        if isinstance(answer, Fetched):
            raise TypeError("Headers were asked for.")
        return answer

    async def post(self, url: str, form: Mapping[str, str]) -> None:
        """Bring a form somewhere; any success will do. Raises as `fetch` does."""
        await self._follow(url, _Ask({"Accept": "*/*"}, form=form, method="POST"))

    async def _follow(self, url: str, ask: _Ask) -> "Fetched | Head":
        """The answer at the end of the redirects."""
        budget = self._timeout
        permanent, moved = True, None
        for _ in range(MAX_HOPS + 1):
            answer, budget = await self._hop(url, ask, budget)
            if isinstance(answer, Fetched):
                return replace(answer, permanent_url=moved)
            if isinstance(answer, Head):
                return answer
            permanent = permanent and answer.permanent
            url = answer.target
            moved = url if permanent else moved
        raise FetchError(f"{_host(url)} redirects more than {MAX_HOPS} times.")

    async def _hop(self, url: str, ask: _Ask, budget: float) -> tuple["Fetched | Head | _Redirect", float]:
        """One request within `budget` seconds, when the host has a turn for us; and what is left of the budget."""
        if not is_web_url(url):
            raise ForbiddenAddressError("Only http and https addresses can be fetched.")
        host = _host(url)
        loop = asyncio.get_running_loop()
        async with self._turn(host):
            started = loop.time()
            trusted = _trusted_host.set(self._rules.trusts(host))
            try:
                async with asyncio.timeout(budget):
                    answer = await self._request(url, ask)
            except TimeoutError:
                raise FetchError(f"{host} took longer than {self._timeout:g} seconds.") from None
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise _translated(error, host) from error
            finally:
                _trusted_host.reset(trusted)
            return answer, budget - (loop.time() - started)

    async def _request(self, url: str, ask: _Ask) -> "Fetched | Head | _Redirect":
        if self._session is None:
            raise RuntimeError("A Fetcher is used as `async with Fetcher(…) as fetcher`.")
        sent = self._session.request(ask.method, URL(url), headers=ask.headers, data=ask.form, allow_redirects=False)
        async with sent as response:
            if response.status in (_REDIRECTS if ask.form is None else _SAME_METHOD):
                return _Redirect.of(response, url)
            if not ask.takes(response.status):
                raise self._refusal(response, _host(url))
            if ask.only_headers:
                return Head(response.headers.get("Content-Type", ""), _length(response))
            links = response.headers.getall("Link", [])
            body = b"" if ask.form is not None else await _read(response, ask.limit)
            return Fetched(
                status=response.status,
                url=url,
                body=body,
                content_type=response.headers.get("Content-Type"),
                etag=response.headers.get("ETag"),
                last_modified=response.headers.get("Last-Modified"),
                max_age=max_age(response.headers),
                expires=expires(response.headers),
                retry_after=self._retry_after(response),
                hub=_link(url, links, "hub"),
                self_url=_link(url, links, "self"),
            )

    def _retry_after(self, response: aiohttp.ClientResponse) -> float | None:
        return retry_after(response.headers.get("Retry-After"), now=self._clock())

    def _refusal(self, response: aiohttp.ClientResponse, host: str) -> FetchError:
        """A status that is no success, as an error."""
        status = response.status
        phrase = next((f" {known.phrase}" for known in HTTPStatus if known == status), "")
        return FetchError(f"{host} answers {status}{phrase}.", status=status, retry_after=self._retry_after(response))

    def _checked_socket(self, info: Any) -> socket.socket:
        """The socket that aiohttp is about to connect; `info` is a getaddrinfo row. Raises ForbiddenSocketError."""
        family, kind, protocol, _, target = info
        if not (_trusted_host.get() or self._rules.permits(str(target[0]))):
            raise ForbiddenSocketError(errno.EACCES, "address not allowed")
        return socket.socket(family=family, type=kind, proto=protocol)

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[None]:
        """At most PER_HOST at a time to one host; waiting does not count against the deadline."""
        turns = self._turns.setdefault(host, asyncio.Semaphore(PER_HOST))
        self._waiting[host] += 1
        try:
            async with turns:
                yield
        finally:
            self._waiting[host] -= 1
            if not self._waiting[host]:
                del self._waiting[host], self._turns[host]


@dataclass(frozen=True, slots=True)
class _Redirect:
    """Where a 3xx answer leads."""

    target: str
    permanent: bool

    @classmethod
    def of(cls, response: aiohttp.ClientResponse, url: str) -> "_Redirect":
        location = response.headers.get("Location", "")
        if not location:
            raise FetchError(f"{_host(url)} redirects to nowhere.", status=response.status)
        target = join_url(url, location)
        if not target:
            raise ForbiddenAddressError(f"{_host(url)} redirects to an address that is not http or https.")
        return cls(target, response.status in _PERMANENT)


def user_agent(contact: str = "") -> str:
    """`Baztab/VERSION (+CONTACT)`."""
    try:
        release = version("baztab")
    except PackageNotFoundError:
        release = "0"
    contact = "".join(character for character in contact if character.isascii() and character.isprintable()).strip()
    about = f"+{contact}" if contact else "self-hosted news digests"
    return f"Baztab/{release} ({about})"


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The decompressed body; aiohttp decompresses in steps, so a bomb is cut when it passes the limit."""
    if (response.content_length or 0) > limit:
        raise _too_large(response, limit)
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > limit:
            raise _too_large(response, limit)
    return bytes(body)


def _length(response: aiohttp.ClientResponse) -> int | None:
    """How long the whole body is, of which perhaps a byte was asked for."""
    if response.status != HTTPStatus.PARTIAL_CONTENT:
        return response.content_length
    total = response.headers.get("Content-Range", "").rpartition("/")[2].strip()
    return int(total) if total.isascii() and total.isdigit() and len(total) < 16 else None


def _link(url: str, headers: Sequence[str], rel: str) -> str | None:
    target = link(headers, rel)
    return (join_url(url, target) or None) if target else None


def _too_large(response: aiohttp.ClientResponse, limit: int) -> FetchError:
    return FetchError(f"{response.url.host} sends more than {limit / 1_000_000:g} MB.", status=response.status)


def _host(url: str) -> str:
    """For messages and turns: the host alone, never a user's name, password or query."""
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def _translated(error: Exception, host: str) -> FetchError:
    """One line for what aiohttp raises."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchError(f"There is no host {host}.")
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, ForbiddenSocketError):
        return ForbiddenAddressError(f"{host} leads to a private address, which is not fetched unless it is allowed.")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return FetchError(f"The certificate of {host} is not valid.")
    if isinstance(error, aiohttp.ClientSSLError):
        return FetchError(f"No secure connection to {host}.")
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchError(f"No connection to {host}: {error.os_error.strerror or 'refused'}.")
    if isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientPayloadError | ConnectionError):
        return FetchError(f"{host} broke the connection off.")
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return FetchError(f"{host} is no address that can be fetched.")
    return FetchError(f"{host} gives an answer that is no proper HTTP ({type(error).__name__}).")
