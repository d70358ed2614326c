"""The playground's own Bot API server in a thread, for browser tests, which run outside its event loop."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, Self

from aiohttp import ClientSession

from bot.playground.api import NO_LIMITS, BotApiServer, World


class RealServer:
    """The playground's own server in a thread, and a bot that calls it."""

    def __init__(self) -> None:
        self.world = World(limits=NO_LIMITS)
        self.server = BotApiServer(self.world)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        self.run(self.server.start())
        return self

    def __exit__(self, *exc: object) -> None:
        self.run(self.server.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def run(self, work: Any, seconds: float = 20) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=seconds)

    def do(self, change: Callable[[], Any]) -> Any:
        """Changes the world in the server's own thread."""

        async def act() -> Any:
            return change()

        return self.run(act())

    def call(self, method: str, **params: Any) -> Any:
        """One call of the Bot API."""

        async def post() -> Any:
            url = f"{self.server.base_url}7000000001:playground_token_1/{method}"
            async with ClientSession() as session, session.post(url, json=params) as answer:
                return (await answer.json())["result"]

        return self.run(post())

    def update(self, kind: str) -> Any:
        """The newest update of a kind, when it is there."""
        updates = self.call("getUpdates", timeout=10, allowed_updates=[])
        return next((update[kind] for update in reversed(updates) if kind in update), None)
