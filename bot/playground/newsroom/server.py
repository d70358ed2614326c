"""Serves the outlets on loopback: feeds with validators, article pages, pictures.

What is out follows from the clock: dates are relative to the start, and live pieces appear when their time has come.
"""

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.playground.newsroom import feeds, pages
from bot.playground.newsroom.outlets import Outlet, Piece, read_outlets
from bot.playground.newsroom.picture import draw
from config.catalog import CatalogFeed
from digests.clock import Clock, utc_now

INTERVAL_MINUTES = 1
"""How often the bot asks each feed, so that new pieces are seen soon."""


class Newsroom:
    """The sample newsroom as an async context manager; `url` and `catalog()` are known once it is entered."""

    def __init__(
        self,
        *,
        clock: Clock = utc_now,
        host: str = "127.0.0.1",
        port: int = 0,
        read: Callable[[], list[Outlet]] = read_outlets,
    ) -> None:
        self.outlets = {outlet.slug: outlet for outlet in read()}
        self._clock = clock
        self._address = host, port
        self.url = ""
        self.start = datetime.min.replace(tzinfo=UTC)
        self._runner = web.AppRunner(self._application(), access_log=None)

    async def __aenter__(self) -> Self:
        self.start = self._clock().replace(microsecond=0)
        listening = socket.create_server(self._address)
        host, port = listening.getsockname()[:2]
        self.url = f"http://{host}:{port}"
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def catalog(self) -> list[CatalogFeed]:
        """Its feeds, to be read in like the shipped ones: an outlet's sections, or its general feed."""
        return [
            CatalogFeed(
                url=self.url + outlet.feed_path(topic),
                source=outlet.name,
                language=outlet.language,
                topics=(topic,) if topic else (),
                title=outlet.name,
                interval=INTERVAL_MINUTES,
            )
            for outlet in self.outlets.values()
            for topic in (outlet.topics if outlet.sections else ("",))
        ]

    def visible(self, outlet: Outlet, *, topic: str = "") -> list[Piece]:
        """What an outlet has out by now, or in a section, newest first."""
        return outlet.visible(self.start, self._clock(), topic=topic)

    def _application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/", self._newsstand),
                web.get("/style.css", self._style),
                web.get("/{outlet}/", self._front),
                web.get(r"/{outlet}/{feed:feed\.(?:xml|json)}", self._feed),
                web.get(r"/{outlet}/{topic}/{feed:feed\.(?:xml|json)}", self._feed),
                web.get(r"/{outlet}/{piece:[a-z0-9-]+}.png", self._picture),
                web.get(r"/{outlet}/{piece:[a-z0-9-]+}", self._article),
            ]
        )
        return app

    # ── what is asked for ────────────────────────────────────────────────────────────────────────────────────────────

    def _outlet(self, request: web.Request) -> Outlet:
        outlet = self.outlets.get(request.match_info["outlet"])
        if outlet is None:
            raise web.HTTPNotFound
        return outlet

    def _piece(self, request: web.Request) -> tuple[Outlet, Piece]:
        outlet = self._outlet(request)
        for piece in self.visible(outlet):
            if piece.id == request.match_info["piece"]:
                return outlet, piece
        raise web.HTTPNotFound

    # ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _newsstand(self, _request: web.Request) -> web.Response:
        return _page(pages.newsstand_page(list(self.outlets.values())))

    async def _style(self, _request: web.Request) -> web.Response:
        return web.Response(text=pages.style_sheet(), content_type="text/css")

    async def _front(self, request: web.Request) -> web.Response:
        outlet = self._outlet(request)
        return _page(pages.front_page(outlet, self.visible(outlet)))

    async def _feed(self, request: web.Request) -> web.Response:
        outlet = self._outlet(request)
        topic = request.match_info.get("topic", "")
        if topic not in {"", *outlet.topics} or request.path != outlet.feed_path(topic):
            raise web.HTTPNotFound
        pieces = self.visible(outlet, topic=topic)
        body = feeds.render_feed(outlet, pieces, base=self.url, start=self.start, topic=topic)
        modified = pieces[0].published(self.start) if pieces else self.start
        return _validated(request, body, content_type=feeds.CONTENT_TYPES[outlet.format], modified=modified)

    async def _article(self, request: web.Request) -> web.Response:
        outlet, piece = self._piece(request)
        return _page(pages.article_page(outlet, piece, others=self.visible(outlet), base=self.url, start=self.start))

    async def _picture(self, request: web.Request) -> web.Response:
        outlet, piece = self._piece(request)
        body = draw(outlet.path(piece), outlet.colour)
        return _validated(request, body, content_type="image/png", modified=piece.published(self.start))


def _page(html: str) -> web.Response:
    return web.Response(text=html, content_type="text/html")


def _validated(request: web.Request, body: bytes, *, content_type: str, modified: datetime) -> web.Response:
    """The body with its validators, or 304 where the asker has it (RFC 9110, section 13.2.2: ETag goes first)."""
    etag = f'"{sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Last-Modified": format_datetime(modified.replace(microsecond=0), usegmt=True)}
    known = request.headers.get("If-None-Match")
    fresh = etag in known if known is not None else _not_since(request.headers.get("If-Modified-Since"), modified)
    if fresh:
        return web.Response(status=304, headers=headers)
    charset = None if content_type.startswith("image/") else "utf-8"
    return web.Response(body=body, content_type=content_type, charset=charset, headers=headers)


def _not_since(header: str | None, modified: datetime) -> bool:
    """Whether nothing changed since the date in an If-Modified-Since header; a date that can't be read is ignored."""
    if header is None:
        return False
    try:
        return modified.replace(microsecond=0) <= parsedate_to_datetime(header)
    except (ValueError, TypeError):
        return False
