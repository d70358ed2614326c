"""Duties that one process does at a time where several share PostgreSQL: advisory locks of one kept connection.

Whoever holds a duty keeps it while it lives. The server lets go of it as soon as the connection ends, however the
process ended, and the next one that asks has it.
"""

import asyncio

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.storage.engine import Database
from digests.storage.faults import reported

_SPACE = 7_216_306
"""Ours among PostgreSQL's advisory locks, for duties."""

_TAKE = text("SELECT pg_try_advisory_lock(:space, hashtext(current_schema() || ' ' || :duty))")
_ALIVE = text("SELECT 1")


class Duties:
    """The duties that this process holds in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: AsyncConnection | None = None
        self._held: set[str] = set()
        self._asking = asyncio.Lock()

    async def hold(self, duty: str) -> bool:
        """Take a duty, or make sure that it is still ours; False while another process has it.

        Raises StorageError where the connection was lost, and all duties with it: another process may have had them
        meanwhile. SQLite has one running process, which does everything.
        """
        if self._database.is_sqlite:
            return True
        with reported(self._database.address.shown):
            async with self._asking:
                try:
                    return await self._hold(duty)
                except (DBAPIError, OSError):
                    await self._drop()
                    raise

    async def _hold(self, duty: str) -> bool:
        if self._connection is None:
            self._connection = await self._database.connect_at_once()
        if duty in self._held:
            await self._connection.execute(_ALIVE)
            return True
        if not await self._connection.scalar(_TAKE, {"space": _SPACE, "duty": duty}):
            return False
        self._held.add(duty)
        return True

    async def _drop(self) -> None:
        """Forget the connection: it is closed, not given back, so that no lock stays on it."""
        connection, self._connection = self._connection, None
        self._held.clear()
        if connection is not None:
            await connection.invalidate()
            await connection.close()

    async def close(self) -> None:
        """Let go of everything."""
        async with self._asking:
            await self._drop()
