"""The updates that wait for the bot, and how it fetches them."""

import asyncio
from collections import deque
from typing import Any

from bot.playground.api.errors import ApiError

Update = dict[str, Any]

KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "my_chat_member",
        "chat_member",
    }
)
ON_REQUEST = frozenset({"message_reaction", "message_reaction_count", "chat_member"})
"""Kinds that come only when they are named."""


class Updates:
    """A queue of updates with long polling; a new poller ends the one before it with a 409.

    `total` counts the updates queued so far, `polls` the calls of getUpdates.
    """

    def __init__(self) -> None:
        self.pending: deque[Update] = deque()
        self.allowed: frozenset[str] = frozenset()
        self.total = 0
        self.polls = 0
        self._next_id = 100_000_001
        self._arrived = asyncio.Event()
        self._poll = 0
        self._open = True

    def wants(self, kind: str) -> bool:
        """Whether the bot asked for updates of this kind."""
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST

    def allow(self, kinds: list[str] | None) -> None:
        """Set what the bot asks for: None leaves it, an empty list is the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    def put(self, kind: str, payload: dict[str, Any]) -> int | None:
        """Queue an update; its id, or None where the bot does not want such updates."""
        if not self.wants(kind):
            return None
        update_id = self._next_id
        self._next_id += 1
        self.total += 1
        self.pending.append({"update_id": update_id, kind: payload})
        self._arrived.set()
        return update_id

    def confirm(self, offset: int) -> None:
        """Forget updates below `offset`; a negative one keeps that many of the last."""
        if offset < 0:
            offset = self.pending[offset]["update_id"] if len(self.pending) >= -offset else 0
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()

    def end_poll(self) -> None:
        """End the poll that waits with a 409: a webhook took over."""
        self._poll += 1
        self._arrived.set()

    def open(self, *, is_open: bool) -> None:
        """Let polls wait, or end them without an error: the server closes."""
        self._open = is_open
        self._arrived.set()

    async def poll(self, *, offset: int, limit: int, timeout: float) -> list[Update]:  # noqa: ASYNC109 — long polling
        """The next updates, waiting up to `timeout` seconds. Raises ApiError (409) when another poller comes."""
        self._poll += 1
        mine = self._poll
        self.polls += 1
        self._arrived.set()
        self.confirm(offset)
        try:
            async with asyncio.timeout(timeout):
                while self._open and not self.pending:
                    self._arrived.clear()
                    await self._arrived.wait()
                    if self._poll != mine:
                        await asyncio.sleep(0)  # a poller that is gone is cancelled here: it is not refused
                        raise conflict()
        except TimeoutError:
            return []
        return [self.pending[index] for index in range(min(limit, len(self.pending)))]

    async def arrival(self) -> None:
        """Wait until there may be an update."""
        if not self.pending:
            self._arrived.clear()
            await self._arrived.wait()


def conflict() -> ApiError:
    """What a poller is told when another one took its place."""
    return ApiError(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
