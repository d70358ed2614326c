"""`baztab demo`: the real bot, a Bot API server on loopback and a page to chat with it; no token, no network.

The news comes from the sample newsroom, served on loopback too, or from the shipped feeds. The page is there first:
the bot's libraries take seconds to load, in which one can look around and press Start.
"""

import asyncio
import importlib
import os
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from bot import logs
from bot.playground.api.server import BotApiServer
from bot.playground.newsroom import Newsroom
from config.catalog import CatalogFeed
from config.settings import Settings, load_settings
from digests.clock import Clock, utc_now
from digests.errors import BaztabError, FetchError
from digests.text.html import shorten

if TYPE_CHECKING:
    from bot.wiring import News
    from digests.workers import Workers

log = structlog.get_logger(__name__)

TOKEN = "7000000001:playground-of-baztab-no-secret-at-all"  # noqa: S105  # the loopback server takes any
LOOPBACK = "127.0.0.0/8"
MOST_DESCRIPTION = 200
PICTURE_BYTES = 5_000_000


async def run_demo(*, port: int, live: bool, open_browser: bool) -> None:
    """Serve the playground until interrupted."""
    logs.set_up("text", level=30)

    def announce(url: str) -> None:
        say(f"Baztab's playground: {url}\nStop it with Ctrl-C.")
        if live:
            say("The shipped feeds are being read; the first stories are there in a few seconds.")
        if open_browser and sys.stdout.isatty():
            background.append(asyncio.create_task(asyncio.to_thread(webbrowser.open, url)))

    background: list[asyncio.Task[bool]] = []
    async with AsyncExitStack() as stack:
        catalog = None if live else await _newsroom(stack)
        _, news = await open_playground(stack, port=port, catalog=catalog, announce=announce)

        from bot import wiring

        running = await stack.enter_async_context(wiring.open_bot(news))
        pace = wiring.Pace(filing=5.0) if live else wiring.Pace(feeds=10.0, filing=5.0, compose=10.0)
        await wiring.serve(running, stop=wiring.stop_on_signals(), pace=pace)


def say(text: str) -> None:
    """Tell whoever started the demo."""
    print(text, flush=True)  # noqa: T201


async def _newsroom(stack: AsyncExitStack) -> Sequence[CatalogFeed]:
    newsroom = await stack.enter_async_context(Newsroom())
    return newsroom.catalog()


async def open_playground(
    stack: AsyncExitStack,
    *,
    port: int = 0,
    catalog: Sequence[CatalogFeed] | None = (),
    database: Path | None = None,
    workers: "Workers | None" = None,
    clock: Clock = utc_now,
    announce: Callable[[str], None] = lambda _: None,
) -> tuple[BotApiServer, "News"]:
    """The Bot API server and the news side of a demo. `catalog` None means the shipped feeds; the database is a new
    one, which goes when the stack ends, unless one is named. `announce` gets the page's address once it answers.
    """
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baztab-demo-")))
    holder: list[News] = []

    async def previewed(url: str) -> dict[str, object] | None:
        return await preview(holder[0], url) if holder else None

    async def pictured(url: str) -> tuple[str, bytes] | None:
        return await picture(holder[0], url) if holder else None

    server = BotApiServer(port=port, preview=previewed, fetch=pictured)
    try:
        await stack.enter_async_context(server)
    except OSError as error:
        raise BaztabError(f"port {port} is taken ({error.strerror}); choose another: baztab demo --port 0") from None
    announce(server.url)
    await asyncio.to_thread(importlib.import_module, "bot.wiring")  # in a thread: the page is served meanwhile

    from bot import wiring

    settings = demo_settings(database or folder / "demo.sqlite3", server.url, live=catalog is None)
    news = await stack.enter_async_context(
        wiring.open_news(settings, exclusive=True, catalog=catalog, clock=clock, workers=workers)
    )
    holder.append(news)
    return server, news


def demo_settings(database: Path, api_url: str, *, live: bool) -> Settings:
    """Settings of a demo: what the operator set, but for the token, the database and Telegram's address."""
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


async def preview(news: "News", url: str) -> dict[str, object] | None:
    """What a link preview shows of a page; None where there is nothing to show."""
    try:
        page = await news.pages.read_page(url)
    except BaztabError as error:
        log.info("preview.failed", url=url, reason=str(error))
        return None
    return {
        "url": url,
        "title": page.title,
        "description": shorten(page.description or page.text.replace("\n", " "), MOST_DESCRIPTION),
        "image": page.image,
        "site_name": page.site or urlsplit(url).hostname,
    }


async def picture(news: "News", url: str) -> tuple[str, bytes] | None:
    """A picture of a page."""
    try:
        fetched = await news.fetcher.fetch(url, accept="image/*", limit=PICTURE_BYTES)
    except FetchError as error:
        log.info("picture.failed", url=url, reason=str(error))
        return None
    return fetched.content_type or "", fetched.body
