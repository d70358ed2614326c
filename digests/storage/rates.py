"""One rate for all processes over a PostgreSQL database: a generic cell rate algorithm (ITU-T I.371) in one row.

The row keeps the theoretical arrival time (TAT) of the next call and the end of the last flood wait, in microseconds of
the database's own clock: processes on several machines need no common one.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.dialects.postgresql import insert

from digests.storage.engine import Repository
from digests.storage.faults import reported
from digests.storage.schema import rate_slot

BOT = "bot"
SECOND = 1_000_000
NEVER = 0

# The clock is read once a statement. What a crash of the server takes from this row is a fraction of a second, so
# nobody waits for its disk.
_TAKE = text("""
    UPDATE rate_slot SET tat = greatest(tat, halted_until, clock.now - :burst) + :places
    FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now,
          set_config('synchronous_commit', 'off', true) AS unsynced) AS clock
    WHERE name = :name
    RETURNING tat - :places - clock.now, halted_until, clock.now
""").bindparams(*(bindparam(name, type_=BigInteger) for name in ("burst", "places")))
_TAKE_FREE = text("""
    WITH found AS (
        SELECT name, greatest(tat, halted_until) AS free, halted_until,
            (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now,
            set_config('synchronous_commit', 'off', true) AS unsynced
        FROM rate_slot WHERE name = :name FOR UPDATE
    ), granted AS (
        SELECT *, CASE WHEN free <= now THEN least(:most, (now - free) / :interval + 1) ELSE 0 END AS calls FROM found
    ), taken AS (
        UPDATE rate_slot SET tat = greatest(granted.free, granted.now - :burst) + granted.calls * :interval
        FROM granted WHERE rate_slot.name = granted.name AND granted.calls >= :least
        RETURNING granted.calls
    )
    SELECT free - now, halted_until, now, coalesce((SELECT calls FROM taken), 0) FROM granted
""").bindparams(*(bindparam(name, type_=BigInteger) for name in ("burst", "interval", "least", "most")))
_HALT = text("""
    UPDATE rate_slot SET halted_until = greatest(halted_until, clock.now + :wait)
    FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now) AS clock WHERE name = :name
""").bindparams(bindparam("wait", type_=BigInteger))
_LOOK = text("""
    SELECT tat - clock.now, halted_until, clock.now
    FROM rate_slot, (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now) AS clock
    WHERE name = :name
""")


class RateRepository(Repository):
    """The shared rate of one PostgreSQL database. Each call is one statement and its own transaction."""

    async def take(self, calls: int, *, interval: float, burst: float) -> tuple[float, float]:
        """See `digests.ports.RateStore`."""
        values = {"burst": round(burst * SECOND), "places": round(calls * interval * SECOND)}
        row = await self._placed(_TAKE, values)
        return row[0] / SECOND, _halted(row)

    async def take_free(self, least: int, most: int, *, interval: float, burst: float) -> tuple[int, float, float]:
        """See `digests.ports.RateStore`."""
        values = {"burst": round(burst * SECOND), "interval": round(interval * SECOND), "least": least, "most": most}
        row = await self._placed(_TAKE_FREE, values)
        return row[3], row[0] / SECOND, _halted(row)

    async def _placed(self, statement: Any, values: Mapping[str, object]) -> Any:
        """The row that a statement on the bot's rate gives; that rate is made where there is none yet."""
        values = {"name": BOT, **values}
        row = await self._one(statement, values)
        if row is None:
            await self.look()
            row = await self._one(statement, values)
        return row

    async def look(self) -> tuple[float, float]:
        """See `digests.ports.RateStore`. Makes the row where there is none yet."""
        row = await self._one(_LOOK, {"name": BOT})
        if row is None:
            fresh = {"name": BOT, "tat": NEVER, "halted_until": NEVER}
            await self._one(insert(rate_slot).values(fresh).on_conflict_do_nothing().returning(rate_slot.c.name), {})
            return 0.0, -float("inf")
        return max(row[0] / SECOND, _halted(row)), _halted(row)

    async def halt(self, seconds: float) -> None:
        """See `digests.ports.RateStore`."""
        await self.look()
        await self._run(_HALT, {"name": BOT, "wait": round(seconds * SECOND)})

    async def _one(self, statement: Any, values: dict[str, object]) -> Any:
        with reported(self.database.address.shown):
            async with self.database.at_once() as connection:
                return (await connection.execute(statement, values)).first()

    async def _run(self, statement: Any, values: dict[str, object]) -> None:
        with reported(self.database.address.shown):
            async with self.database.at_once() as connection:
                await connection.execute(statement, values)


def _halted(row: Any) -> float:
    """Seconds of a flood wait that are left."""
    return -float("inf") if row[1] == NEVER else (row[1] - row[2]) / SECOND
