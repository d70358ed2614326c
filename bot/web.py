"""BAZTAB_WEB: health, readiness, metrics, Telegram's webhook and where hubs push, on one small HTTP server."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot import websub
from digests.clock import Clock
from digests.errors import StorageError
from digests.ports import Storage
from digests.pushes import Pushes

log = structlog.get_logger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
STALE = timedelta(minutes=3)
LARGEST_UPDATE = 1_000_000

TakeUpdate = Callable[[Mapping[str, object]], Awaitable[None]]


def build_web(
    storage: Storage,
    *,
    clock: Clock,
    last_tick: Callable[[], datetime | None],
    take_update: TakeUpdate | None = None,
    secret: str = "",
    pushes: Pushes | None = None,
) -> web.Application:
    """The application. `last_tick` is when the compose tick last ended well; None where this process has none.

    Hubs reach `pushes` where they are given.
    """

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        if not await storage.ready():
            raise web.HTTPServiceUnavailable(text="the database does not answer or needs baztab migrate\n")
        last = last_tick()
        if last is not None and clock() - last > STALE:
            raise web.HTTPServiceUnavailable(text=f"the last tick was at {last:%H:%M:%S} UTC\n")
        return web.Response(text="ready\n")

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=await measure(storage), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application(client_max_size=LARGEST_UPDATE)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    if take_update is not None:
        app.router.add_post("/telegram", _webhook(take_update, secret))
    if pushes is not None:
        websub.add_routes(app, pushes)
    return app


def _webhook(take_update: TakeUpdate, secret: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of updates that Telegram sends: those without the secret are refused, in constant time."""

    async def webhook(request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "")
        if not secret or not hmac.compare_digest(given.encode(errors="replace"), secret.encode()):
            raise web.HTTPForbidden(text="no\n")
        update = await _update(request)
        try:
            await take_update(update)
        except StorageError as error:
            # Telegram sends it again: it has not been told that the update came.
            log.warning("webhook.not_stored", reason=str(error))
            raise web.HTTPServiceUnavailable(text="not stored\n") from None
        return web.Response()

    return webhook


async def _update(request: web.Request) -> Mapping[str, object]:
    """The update that a request carries. Raises HTTPBadRequest for anything else."""
    try:
        update = await request.json()
    except ValueError:
        raise web.HTTPBadRequest(text="not JSON\n") from None
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise web.HTTPBadRequest(text="no update\n")
    return update


async def measure(storage: Storage) -> bytes:
    """The metrics in Prometheus' text format, read from the database: the same whichever process is asked."""
    registry = CollectorRegistry()
    subscribers = Gauge("baztab_subscribers", "Chats by state", ["state"], registry=registry)
    deliveries = Gauge("baztab_deliveries", "Deliveries kept, by state", ["state"], registry=registry)
    feeds = Gauge("baztab_feeds", "Feeds by state", ["state"], registry=registry)
    articles = Gauge("baztab_articles", "Articles stored", registry=registry)
    for state, count in (await storage.subscribers.counts()).items():
        subscribers.labels(state).set(count)
    for state, count in (await storage.ledger.counts()).items():
        deliveries.labels(state).set(count)
    for state, count in (await storage.feeds.counts()).items():
        feeds.labels(state).set(count)
    articles.set(await storage.articles.count())
    return await asyncio.to_thread(generate_latest, registry)


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve the application; gives the port (the system's choice for 0)."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
