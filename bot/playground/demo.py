"""`baztab demo`: the real bot, a Bot API server on loopback and a page to chat with it; no token, no network.

The news comes from the sample newsroom, served on loopback too, or from the shipped feeds. The page is there first:
the bot's libraries take seconds to load, in which one can look around and press Start. Little is imported up here.
"""

import asyncio
import errno
import importlib
import logging
import os
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bot import logs
from bot.playground.api.server import BotApiServer
from bot.playground.api.state import SARA
from bot.playground.previews import Previews
from bot.stopping import Stopping, stop_on_signals
from digests.clock import Clock, utc_now
from digests.errors import BaztabError

if TYPE_CHECKING:
    from bot.playground.api.world import World
    from bot.wiring import News
    from config.catalog import CatalogFeed
    from config.settings import Settings
    from digests.workers import Workers

TOKEN = "7000000001:playground-of-baztab-no-secret-at-all"  # noqa: S105  # the loopback server takes any
TYPING = 4.0
"""Seconds after which "typing" is shown again; it fades after five."""
LOOPBACK = "127.0.0.0/8"
LIBRARIES = ("bot.playground.newsroom", "sqlalchemy.ext.asyncio", "telegram.ext", "digests.prepare", "bot.wiring")
"""Loaded while the page is served already. Between two of them the demo can end, so the heavy ones stand alone."""


async def run_demo(*, port: int, live: bool, open_browser: bool) -> None:
    """Serve the playground until interrupted."""
    logs.set_up("text", level=logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # it takes a tick that Ctrl-C breaks off for an error
    stop = stop_on_signals()
    stop.started()  # `load` looks by itself
    async with AsyncExitStack() as stack:
        previews = Previews()
        server = await open_server(stack, previews, port=port)
        say(f"Baztab's playground: {server.url}\nStop it with Ctrl-C.")
        if live:
            say("The shipped feeds are being read; the first stories are there in a few seconds.")
        if open_browser and sys.stdout.isatty():
            threading.Thread(target=webbrowser.open, args=(server.url,), daemon=True).start()
        warm_up()
        stack.callback(asyncio.create_task(promise(server.world)).cancel)
        if await load(stop):
            await _serve(stack, server, previews, stop=stop, live=live)


async def _serve(
    stack: AsyncExitStack, server: BotApiServer, previews: Previews, *, stop: Stopping, live: bool
) -> None:
    from bot import wiring
    from bot.playground.newsroom import Newsroom

    catalog = None if live else (await stack.enter_async_context(Newsroom())).catalog()
    news = previews.news = await _open_news(stack, server.url, catalog=catalog)
    async with wiring.open_bot(news) as running:
        pace = wiring.Pace(filing=5.0) if live else wiring.Pace(feeds=10.0, filing=5.0, compose=10.0)
        await wiring.serve(running, stop=stop, pace=pace)


def say(text: str) -> None:
    """Tell whoever started the demo."""
    print(text, flush=True)  # noqa: T201


async def load(stop: asyncio.Event) -> bool:
    """Import LIBRARIES in a thread, in which the page is served; False where `stop` was set before all were there."""
    for name in LIBRARIES:
        if stop.is_set():
            return False
        await asyncio.to_thread(importlib.import_module, name)
    return not stop.is_set()


async def promise(world: "World") -> None:
    """Show that an answer is coming to who writes before the bot is there."""
    while not world.updates.polls:
        if world.updates.pending:
            world.events.append("action", chat_id=SARA, action="typing")
        await world.events.changed(TYPING)


def warm_up() -> None:
    """Start the process from which the workers fork, so that it loads parsers and models beside this one."""
    from digests.workers import start_fork_server

    start_fork_server()


async def open_server(stack: AsyncExitStack, previews: Previews, *, port: int = 0) -> BotApiServer:
    """The Bot API server with the page. Raises BaztabError where it can't listen on the port."""
    server = BotApiServer(port=port, preview=previews.page, fetch=previews.picture)
    try:
        return await stack.enter_async_context(server)
    except OSError as error:
        reason = "is taken" if error.errno == errno.EADDRINUSE else f"can't be used ({os.strerror(error.errno or 0)})"
        raise BaztabError(f"port {port} {reason}; choose another: baztab demo --port 0") from None


async def open_playground(
    stack: AsyncExitStack,
    *,
    catalog: "Sequence[CatalogFeed] | None" = (),
    database: Path | None = None,
    workers: "Workers | None" = None,
    clock: Clock = utc_now,
) -> tuple[BotApiServer, "News"]:
    """The Bot API server and the news side of a demo, as tests use them. `catalog` None means the shipped feeds; the
    database is a new one, which goes when the stack ends, unless one is named.
    """
    previews = Previews()
    server = await open_server(stack, previews)
    news = previews.news = await _open_news(
        stack, server.url, catalog=catalog, database=database, workers=workers, clock=clock
    )
    return server, news


async def _open_news(
    stack: AsyncExitStack,
    api_url: str,
    *,
    catalog: "Sequence[CatalogFeed] | None",
    database: Path | None = None,
    workers: "Workers | None" = None,
    clock: Clock = utc_now,
) -> "News":
    from bot import wiring

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baztab-demo-")))
    settings = demo_settings(database or folder / "demo.sqlite3", api_url, live=catalog is None)
    return await stack.enter_async_context(
        wiring.open_news(settings, exclusive=True, catalog=catalog, clock=clock, workers=workers)
    )


def demo_settings(database: Path, api_url: str, *, live: bool) -> "Settings":
    """Settings of a demo: what the operator set, but for the token, the database and Telegram's address."""
    from config.settings import load_settings

    ours = {
        "BAZTAB_TOKEN": TOKEN,
        "BAZTAB_DATABASE_URL": f"sqlite:///{database}",
        "BAZTAB_API_URL": api_url,
        "BAZTAB_ALLOW_HOSTS": LOOPBACK,
        "BAZTAB_ADMINS": "1001",
        "BAZTAB_ACCESS": "open",
    }
    kept = ("BAZTAB_TIMEZONE", "BAZTAB_CONTACT", *(("BAZTAB_FEEDS",) if live else ()))
    theirs = {name: value for name, value in os.environ.items() if name in kept}
    return load_settings({**theirs, **ours}, env_file=None)
