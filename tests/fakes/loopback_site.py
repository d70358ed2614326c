"""A web site on loopback with scripted answers, which remembers what it was asked."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Self

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LoopbackSite:
    """An asynchronous context manager. `requests` are those received; `most_at_once` the highest number in work."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.most_at_once = 0
        self._now = 0
        self._came = asyncio.Condition()
        self._handlers: dict[str, Handler] = {}

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self._application(), shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port: int = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def serve(
        self, path: str, body: bytes = b"", *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer this path with these bytes, as they are."""

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(body=body, status=status, headers=headers)

        self._handlers[path] = answer

    def redirect(self, path: str, target: str, status: int = 302) -> None:
        self.serve(path, status=status, headers={"Location": target})

    def hold(self, path: str) -> asyncio.Event:
        """Answer this path only when the event is set."""
        event = asyncio.Event()

        async def answer(_: web.Request) -> web.StreamResponse:
            await event.wait()
            return web.Response(body=b"late")

        self._handlers[path] = answer
        return event

    def handle(self, path: str, handler: Handler) -> None:
        self._handlers[path] = handler

    async def until(self, count: int) -> None:
        """Wait until so many requests have come."""
        async with self._came:
            await self._came.wait_for(lambda: len(self.requests) >= count)

    def asked(self, path: str) -> list[web.Request]:
        return [request for request in self.requests if request.path == path]

    def _application(self) -> web.Application:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        return application

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        async with self._came:
            self.requests.append(request)
            self._came.notify_all()
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            handler = self._handlers.get(request.path)
            return await handler(request) if handler else web.Response(status=404)
        finally:
            self._now -= 1
