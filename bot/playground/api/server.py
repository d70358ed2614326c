"""The web server: the Bot API under /bot<token>/<method>, its files, and the chat page's own endpoints."""

import asyncio
import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from aiohttp import web

from bot.playground.api.calls import read_call
from bot.playground.api.errors import ApiError, bad_request
from bot.playground.api.faults import Fault
from bot.playground.api.files import MOST_BYTES
from bot.playground.api.methods import METHODS
from bot.playground.api.page_api import Fetch, PageApi, Preview
from bot.playground.api.schema import SUPPORTED
from bot.playground.api.upload import Upload
from bot.playground.api.webhook import deliver
from bot.playground.api.world import World

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
ALBUM = frozenset({"sendmediagroup", "editmessagemedia"})
WITH_FILE = {"sendphoto": "photo", "senddocument": "document"}
ELSEWHERE = frozenset({"business_connection_id", "direct_messages_topic_id", "suggested_post_parameters"})


class BotApi:
    """Takes calls in, checks them, runs them on the world and answers."""

    def __init__(self, world: World, *, fetch: Fetch | None = None) -> None:
        self.world = world
        self._fetch = fetch
        self._known_tokens: set[str] = set()
        self._closing = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call of a method."""
        token, method = request.match_info["token"], request.match_info["method"]
        params: dict[str, Any] = {}
        try:
            self._admit(token)
            params = await read_call(request)
            self.world.calls[method] += 1
            fault = self.world.faults.take(method, params) if self.world.faults.pending else None
            if fault is not None:
                return await self._fail(request, fault, method, params)
            result = await self.run(method, params)
        except ApiError as error:
            self.world.refuse(method, params, error)
            return answer(error.answer(), error.code)
        return answer({"ok": True, "result": result})

    def _admit(self, token: str) -> None:
        if token not in self._known_tokens:
            self.world.adopt(token)
            self._known_tokens.add(token)

    async def run(self, method: str, raw: dict[str, Any]) -> Any:
        """Check a call's parameters and do what it asks. Raises ApiError."""
        name = method.lower()
        parameters, function = SUPPORTED.get(name), METHODS.get(name)
        if parameters is None or function is None:
            raise ApiError(404, "Not Found: method not found")
        uploads: dict[str, Any] = {}
        if name in ALBUM:
            uploads = {key: value for key, value in raw.items() if isinstance(value, Upload)}
            raw = {key: value for key, value in raw.items() if key not in uploads}
        params = parameters.read(raw)
        for name in ELSEWHERE.intersection(params):
            raise bad_request(f"{name} is for chats that this server has none of")
        if kind := WITH_FILE.get(method.lower()):
            params[kind] = await self._fetched(params[kind])
        if uploads:
            params["uploads"] = uploads
        result = function(self.world, params)
        return await result if inspect.isawaitable(result) else result

    async def _fetched(self, value: Any) -> Any:
        """A file parameter with what stands at its address, where it is one. Raises ApiError (400)."""
        if not isinstance(value, str) or not value.startswith(("http://", "https://")):
            return value
        found = await self._fetch(value) if self._fetch is not None else None
        if found is None:
            raise bad_request("failed to get HTTP URL content")
        return Upload(urlsplit(value).path.rpartition("/")[2] or "file", found[1])

    async def _fail(
        self, request: web.Request, fault: Fault, method: str, params: dict[str, Any]
    ) -> web.StreamResponse:
        """Do to a call what a Fault says."""
        error = fault.error()
        if error is not None:
            self.world.refuse(method, params, error, scripted=True)
            return answer(error.answer(), error.code)
        if fault.body is not None:
            return web.Response(text=fault.body, status=fault.status, content_type="application/json")
        if fault.cut != "before":
            await self.run(method, params)
        if fault.cut == "never-answer":
            await self._closing.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def file(self, request: web.Request) -> web.Response:
        """A file by its path, as getFile gave it."""
        try:
            self._admit(request.match_info["token"])
        except ApiError as error:
            return answer(error.answer(), error.code)
        stored = self.world.files.at(request.match_info["path"])
        if stored is None:
            return answer(ApiError(404, "Not Found").answer(), 404)
        return web.Response(body=stored.body, content_type="application/octet-stream")

    async def open(self, _app: web.Application) -> None:
        """Take calls, also after the world was served before."""
        self.world.updates.open(is_open=True)

    async def shut(self, _app: web.Application) -> None:
        """Let everyone go who waits for something."""
        self._closing.set()
        self.world.updates.open(is_open=False)


def answer(body: dict[str, Any], status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.Response(body=encode(body).encode(), status=status, content_type="application/json")


async def no_method(_request: web.Request) -> web.Response:
    """What Telegram says to any other path."""
    return answer(ApiError(404, "Not Found").answer(), 404)


def create_app(
    world: World, *, preview: Preview | None = None, fetch: Fetch | None = None, page: Path | None = None
) -> web.Application:
    """The whole server as an application. `preview` and `fetch` are as in PageApi; `page` is the page's folder."""
    app = web.Application(client_max_size=MOST_BYTES + 1_000_000)
    api, pages = BotApi(world, fetch=fetch), PageApi(world, preview=preview, fetch=fetch, folder=page)
    app.router.add_route("*", "/bot{token:[^/]+}/{method:[A-Za-z]+}", api.handle)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", api.file)
    pages.add_routes(app)
    app.router.add_route("*", "/{path:.*}", no_method)
    app.on_startup.append(api.open)
    app.on_shutdown.append(api.shut)
    app.on_shutdown.append(pages.shut)
    app.cleanup_ctx.append(webhook_delivery(world))
    return app


def webhook_delivery(world: World) -> Callable[[web.Application], Any]:
    """The task that delivers updates to a webhook while the application runs."""

    async def context(_app: web.Application) -> Any:
        task = asyncio.create_task(deliver(world.webhook, world.updates, world.now))
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    return context


class BotApiServer:
    """The server on a loopback port, as an async context manager; port 0 lets the system choose.

    `base_url` and `base_file_url` are what python-telegram-bot's builder takes.
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        preview: Preview | None = None,
        fetch: Fetch | None = None,
        page: Path | None = None,
    ) -> None:
        self.world = world or World()
        self.host, self.port = host, port
        self._app = create_app(self.world, preview=preview, fetch=fetch, page=page)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://{self.host}:{self.port}"

    @property
    def base_url(self) -> str:
        """The address of the Bot API, without the token."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """The address of files, without the token."""
        return f"{self.url}/file/bot"

    async def start(self) -> None:
        """Listen. Raises OSError where the port is taken."""
        runner = web.AppRunner(self._app, access_log=None, handler_cancellation=True, shutdown_timeout=2.0)
        await runner.setup()
        site = web.TCPSite(runner, self.host, self.port)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.port = int(runner.addresses[0][1])

    async def stop(self) -> None:
        """Close everything."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
