"""Updates of one chat in their order, chats side by side."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

WAITING = 4096
"""Updates taken in at most, at work or waiting for an earlier one of their chat."""


class ChatOrder(BaseUpdateProcessor):
    """One lock per chat, kept only while somebody holds or awaits it; `side_by_side` chats are at work at a time.

    An update waits for its chat first and only then for a place, so that one chat that floods us takes one place.
    """

    def __init__(self, side_by_side: int = 64) -> None:
        super().__init__(WAITING)
        self._places = asyncio.Semaphore(side_by_side)
        self._locks: dict[int, tuple[asyncio.Lock, int]] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Process an update after the earlier ones of its chat."""
        chat = update.effective_chat if isinstance(update, Update) else None
        if chat is None:
            async with self._places:
                await coroutine
            return
        lock, holders = self._locks.get(chat.id, (asyncio.Lock(), 0))
        self._locks[chat.id] = (lock, holders + 1)
        try:
            async with lock, self._places:
                await coroutine
        finally:
            lock, holders = self._locks.pop(chat.id)
            if holders > 1:
                self._locks[chat.id] = (lock, holders - 1)

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""
