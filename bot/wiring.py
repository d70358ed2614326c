"""The composition root: with bot.newsside the only place that names concrete parts and puts them together.

`open_news` is the news side alone, for the short commands; `open_bot` adds Telegram; `serve` runs the roles.
"""

import asyncio
import contextlib
import math
import os
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Updater

from bot import commands, menus
from bot.app import ALLOWED_UPDATES, App, build_application
from bot.delivery.announcer import Announcer
from bot.delivery.limiter import PacedRateLimiter
from bot.delivery.pacer import Pacer
from bot.delivery.transport import TelegramTransport
from bot.delivery.worker import DeliveryPolicy, DeliveryWorkers
from bot.handlers import admin, chats, digest
from bot.inbox import Inbox, Polled
from bot.newsside import News, open_news
from bot.render.chart import draw
from bot.scheduling import DAY, HOUR, MINUTE, Ticks
from bot.services import Services, invite_code, webhook_secret
from bot.stopping import Stopping
from bot.web import build_web, serving
from digests.errors import ConfigError
from digests.filing import Filing
from digests.ports import Storage
from digests.text.language import SUPPORTED

log = structlog.get_logger(__name__)

__all__ = ["News", "Pace", "Running", "open_bot", "open_news", "serve"]

ROLES = ("bot", "ingest", "compose", "deliver")
IN_FLIGHT = 32
"""Digests that may be on their way at a time, at least; else half a second's, so that slow answers don't slow us."""
FOR_REPLIES = 32
"""Connections for everything else."""
LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The bot, put together: the PTB application, the workers and the services of its handlers."""

    news: News
    services: Services
    app: App
    inbox: Inbox
    deliveries: DeliveryWorkers
    announcer: Announcer


DRAWING = 30.0
"""Seconds that a picture may take: the first one in a process loads matplotlib, and lists the system's fonts."""


@asynccontextmanager
async def open_bot(news: News) -> AsyncIterator[Running]:
    """The Telegram side, initialised (so the token was accepted), not yet listening."""
    settings = news.settings
    token = settings.required_token()
    in_flight = max(IN_FLIGHT, math.ceil(settings.send_rate / 2))
    pacer = Pacer(settings.send_rate, shared=news.storage.rates)
    awake = asyncio.Event()
    services = Services(
        storage=news.storage,
        reading=news.reading,
        pipeline=news.pipeline,
        clock=news.clock,
        news_languages=SUPPORTED,
        finder=news.finder,
        personal_feeds=settings.personal_feeds,
        wake=awake.set,
        admins=frozenset(settings.admins),
        access=settings.access,
        timezone=settings.timezone,
        contact=settings.contact or "",
        invite=invite_code(token),
        username=lambda: app.bot.username,
        draw=lambda charts: news.workers.run(draw, tuple(charts), timeout=DRAWING),
        inline_mode=lambda: bool(app.bot.supports_inline_queries),
    )
    app: App = build_application(
        token,
        services,
        PacedRateLimiter(pacer),
        api_url=settings.api_url.rstrip("/"),
        direct=settings.api_url.startswith(LOOPBACK),
        connections=in_flight + FOR_REPLIES,
    )
    name, transport = f"{socket.gethostname()}-{os.getpid()}", TelegramTransport(app.bot, paid=settings.paid_broadcast)
    alone = news.storage.rates is None
    deliveries = DeliveryWorkers(
        name,
        news.storage,
        transport,
        pacer,
        digest.renderer(services),
        clock=news.clock,
        policy=DeliveryPolicy(uncertain=settings.uncertain, in_flight=in_flight, alone=alone, patience=PATIENCE),
        on_failure=admin.reporter(app.bot, services),
        on_closed=chats.thread_reporter(app.bot, services),
        awake=awake,
    )
    news.ingest.on_dead = admin.feed_reporter(app.bot, services)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(app.bot.shutdown)  # PTB leaves connections open where the token is refused
        await stack.enter_async_context(app)
        yield Running(
            news=news,
            services=services,
            app=app,
            inbox=Inbox(name, news.storage.inbox, app.bot, app.process_update, clock=news.clock, alone=alone),
            deliveries=deliveries,
            announcer=Announcer(
                news.storage, transport, pacer, admin.announcement_reporter(transport, services), clock=news.clock
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds between ticks; the demo's are shorter than the real ones."""

    feeds: float = MINUTE
    filing: float = 20.0
    compose: float = MINUTE


PATIENCE = 7.0
"""Seconds that stopping gives to what is in flight: messages, and updates at work. Ten are what operators are told."""
LAST_POLL = 1.0


async def serve(running: Running, *, roles: Sequence[str] = ROLES, pace: Pace | None = None, stop: Stopping) -> None:
    """Run the roles until `stop` is set; then finish what is in flight."""
    stop.started()
    pace = pace or Pace()
    async with AsyncExitStack() as stack:
        if "ingest" not in roles or await running.news.storage.articles.count():
            running.services.first_news.set()
        if "bot" in roles:
            await _be_the_poller(running.news)
        ticks = Ticks()
        _plan(ticks, running, roles, pace)
        stack.push_async_callback(_finish, running, stop)
        if "deliver" in roles:
            await running.deliveries.start()
            await running.announcer.start()
        if "bot" in roles:
            await running.inbox.start()
            await stack.enter_async_context(_listening(running))
            await stack.enter_async_context(_announcing(running))
        if running.news.settings.web is not None:
            await stack.enter_async_context(_web(running, ticks, roles))
        ticks.start()
        stack.push_async_callback(ticks.stopped)
        stack.callback(ticks.stop)
        log.info("running", roles=",".join(roles))
        await stop.wait()
        log.info("stopping")


async def _finish(running: Running, stop: Stopping) -> None:
    """Let messages and updates that are in flight end, all at once; break them off when we are told to hurry."""
    hurrying = asyncio.create_task(_hurry(running, stop))
    try:
        await asyncio.gather(running.deliveries.stop(), running.inbox.stop(PATIENCE), running.announcer.stop(PATIENCE))
    finally:
        hurrying.cancel()


async def _hurry(running: Running, stop: Stopping) -> None:
    await stop.at_once.wait()
    log.warning("stopping.at_once")
    for part in (running.deliveries, running.inbox, running.announcer):
        part.hurry()


async def _be_the_poller(news: News) -> None:
    """ConfigError where another process over this database polls for updates: Telegram gives them to one."""
    if news.settings.webhook_url is None and not await news.storage.hold("bot"):
        raise ConfigError(
            "another process already answers for this bot; start this one with --roles ingest,compose,deliver, "
            "or set BAZTAB_WEBHOOK_URL for all of them"
        )


class FilingDuty:
    """Filing, by one of several processes at a time: grouping remembers what it has grouped."""

    def __init__(self, storage: Storage, filing: Filing) -> None:
        self._storage = storage
        self._filing = filing
        self._ours = False

    async def run(self) -> None:
        """File what is unfiled, if that is for us to do."""
        before, self._ours = self._ours, False
        held = await self._storage.hold("filing")
        if held and not before:
            self._filing.forget()
        self._ours = held
        if held:
            await self._filing.run()


async def _alert(running: Running) -> None:
    """Write breaking news, by one of several processes at a time."""
    news = running.news
    if await news.storage.hold("breaking") and await news.alerts.run():
        running.deliveries.wake()


def _plan(ticks: Ticks, running: Running, roles: Sequence[str], pace: Pace) -> None:
    news = running.news
    filing = FilingDuty(news.storage, news.filing)

    async def compose() -> None:
        if (await news.pipeline.compose_due()).written:
            running.deliveries.wake()

    async def ingest() -> None:
        await news.ingest.run()
        await filing.run()
        running.services.first_news.set()

    if "ingest" in roles:
        ticks.every(pace.feeds, "ingest", ingest, at_once=True)
        ticks.every(pace.filing, "filing", filing.run)
        ticks.every(DAY, "prune", news.prune)
        if news.pushes is not None:
            ticks.every(MINUTE, "websub", news.pushes.renew)
    if "compose" in roles:
        ticks.every(pace.compose, "compose", compose, at_once=True)
        ticks.every(pace.compose, "breaking", partial(_alert, running))
    if "deliver" in roles:
        ticks.every(MINUTE, "recover", running.deliveries.recover)
    if "bot" in roles:
        ticks.every(MINUTE, "updates", running.inbox.recover)
        ticks.every(HOUR, "forget-updates", running.inbox.prune)


@asynccontextmanager
async def _listening(running: Running) -> AsyncIterator[None]:
    """Updates come in, by polling or, where BAZTAB_WEBHOOK_URL is set, over BAZTAB_WEB."""
    bot, settings = running.app.bot, running.news.settings
    if settings.webhook_url is not None:
        await bot.set_webhook(
            f"{settings.webhook_url.rstrip('/')}/telegram",
            allowed_updates=ALLOWED_UPDATES,
            secret_token=webhook_secret(running.news.settings.required_token()),
        )
        yield
        return
    poller = Updater(bot, Polled(running.inbox))
    await poller.initialize()
    await poller.start_polling(allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False, error_callback=_poll_failed)
    try:
        yield
    finally:
        with contextlib.suppress(TimeoutError):
            # It tells Telegram once more what came; where that takes long, the updates come again and are dropped.
            await asyncio.wait_for(poller.stop(), LAST_POLL)


def _poll_failed(error: TelegramError) -> None:
    """Polling goes on by itself, with growing pauses."""
    log.warning("poll.failed", reason=error.message)


@asynccontextmanager
async def _announcing(running: Running) -> AsyncIterator[None]:
    """Menus and descriptions are set beside the work: they are many calls, and nobody needs to wait for them."""

    async def announce() -> None:
        try:
            await menus.publish(running.app.bot, commands.COMMANDS)
        except TelegramError as error:
            log.warning("menus.not_set", reason=error.message)

    announcing = asyncio.create_task(announce(), name="menus")
    try:
        yield
    finally:
        announcing.cancel()
        await asyncio.gather(announcing, return_exceptions=True)


@asynccontextmanager
async def _web(running: Running, ticks: Ticks, roles: Sequence[str]) -> AsyncIterator[None]:
    settings = running.news.settings
    assert settings.web is not None  # noqa: S101  # the caller looked

    async def take(update: Mapping[str, object]) -> None:
        try:
            parsed = Update.de_json(dict(update), running.app.bot)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            # Telegram would send it again and again: what can't be read now can't be read then.
            log.warning("webhook.unreadable", reason=type(error).__name__)
            return
        await running.inbox.take(parsed)

    app = build_web(
        running.news.storage,
        clock=running.news.clock,
        last_tick=lambda: ticks.last.get("compose") if "compose" in roles else None,
        take_update=take if settings.webhook_url is not None and "bot" in roles else None,
        secret=webhook_secret(settings.required_token()),
        pushes=running.news.pushes,
    )
    async with AsyncExitStack() as stack:
        if running.news.pushes is not None:
            await stack.enter_async_context(running.news.pushes.reading())
        await stack.enter_async_context(serving(app, settings.web.host, settings.web.port))
        yield
