"""A Bot API on loopback that is rough: it takes its time, and cuts connections after it accepted a message.

It does only what a delivering process needs, so that what is measured is that process. Every message that it accepts is
counted by chat and text.
"""

import asyncio
import json
import random
from collections import Counter
from typing import Any, Self

from aiohttp import web

ME = {"id": 7_000_000_001, "is_bot": True, "first_name": "Baztab", "username": "BaztabBot"}


class RoughApi:
    """A server between `async with` and its end. `accepted` counts messages by (chat id, text); `cuts` the connections
    that were cut after a message was accepted. `cut` is how likely that is, `before` how likely the connection ends
    with nothing done, `slow` the longest time that an answer takes, in seconds.
    """

    def __init__(self, *, cut: float = 0.0, before: float = 0.0, slow: float = 0.0, seed: int = 1) -> None:
        self.accepted: Counter[tuple[int, str]] = Counter()
        self.first: dict[tuple[int, str], int] = {}
        """The place of each message in the order in which they were first accepted."""
        self.cuts = 0
        self.cuts_before = 0
        """Connections that ended with nothing done."""
        self.gate = asyncio.Event()
        """Messages are accepted while it is set."""
        self.gate.set()
        self.held = 0
        """Messages that wait for the gate."""
        self.updates: list[dict[str, Any]] = []
        self.slow_start = 0.0
        """Seconds that the answer to a process that begins takes."""
        self.starts = 0
        """Processes that began: each asks first who it is."""
        self._cut, self._before, self._slow = cut, before, slow
        self._random = random.Random(seed)
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def count(self) -> int:
        """Messages accepted, each as often as it was."""
        return self.accepted.total()

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method == "getMe":
            self.starts += 1
            await asyncio.sleep(self.slow_start)
            return web.json_response({"ok": True, "result": ME})
        sent = await request.json() if request.can_read_body else {}
        if method == "getUpdates":
            return web.json_response({"ok": True, "result": await self._updates(int(str(sent.get("offset", 0))))})
        if method != "sendMessage":
            return web.json_response({"ok": True, "result": True})
        self.held += 1
        await self.gate.wait()
        self.held -= 1
        chance = self._random.random()
        if chance < self._before:
            self.cuts_before += 1
            return self._abort(request)
        chat, text = int(sent["chat_id"]), str(sent["text"])
        await asyncio.sleep(self._random.random() * self._slow / 2)
        self.accepted[chat, text] += 1
        self.first.setdefault((chat, text), len(self.first))
        if chance < self._before + self._cut:
            self.cuts += 1
            return self._abort(request)
        await asyncio.sleep(self._random.random() * self._slow / 2)
        message = {
            "message_id": self.count,
            "date": 1_790_000_000,
            "chat": {"id": chat, "type": "private"},
            "text": "-",
        }
        return web.Response(text=json.dumps({"ok": True, "result": message}), content_type="application/json")

    async def _updates(self, offset: int) -> list[dict[str, Any]]:
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        if not self.updates:
            await asyncio.sleep(0.1)
        return self.updates

    def _abort(self, request: web.Request) -> web.Response:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
