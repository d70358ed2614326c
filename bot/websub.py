"""Where hubs call (WebSub): the address of a subscription on BAZTAB_WEB."""

import asyncio

from aiohttp import web

from digests.feeds.fetch import MAX_BYTES
from digests.feeds.websub import is_signed
from digests.pushes import PATH, Letter, Pushes

SECONDS = 20.0
"""For a hub to send all of it."""
AT_ONCE = 4
"""Bodies that are received side by side."""


def add_routes(app: web.Application, pushes: Pushes) -> None:
    """Answer hubs that verify a subscription (GET) and that push (POST)."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def verify(request: web.Request) -> web.Response:
        answer = await pushes.verify(request.match_info["token"], request.query)
        if answer is None:
            raise web.HTTPNotFound(text="not asked for\n")
        return web.Response(text=answer, headers={"X-Content-Type-Options": "nosniff"})

    async def push(request: web.Request) -> web.Response:
        found = await pushes.expects(request.match_info["token"])
        if found is None:
            raise web.HTTPGone(text="nobody reads this\n")
        feed, subscription = found
        async with gate:
            body = await _body(request)
        if not is_signed(body, request.headers.get("X-Hub-Signature", ""), subscription.secret):
            raise web.HTTPForbidden(text="no\n")
        if not pushes.take(Letter(feed, body, request.headers.get("Content-Type"))):
            raise web.HTTPServiceUnavailable(text="later\n", headers={"Retry-After": "60"})
        return web.Response(status=202)

    app.router.add_get(PATH + "{token}", verify)
    app.router.add_post(PATH + "{token}", push)


async def _body(request: web.Request) -> bytes:
    """What a hub sends, within the limits of a poll. Raises HTTPRequestEntityTooLarge or HTTPRequestTimeout."""
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            async for chunk in request.content.iter_chunked(65_536):
                body += chunk
                if len(body) > MAX_BYTES:
                    raise web.HTTPRequestEntityTooLarge(max_size=MAX_BYTES, actual_size=len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="too slow\n") from None
    return bytes(body)
