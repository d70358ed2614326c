"""Engines and transactions: one writer and a few readers on SQLite, a pool on PostgreSQL.

SQLite: transactions are begun by us (`isolation_level=None`), writes with BEGIN IMMEDIATE, so that none starts on a
snapshot that it can't write to; one writer at a time, queued on an asyncio lock instead of SQLite's busy loop.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from digests.storage.address import Address
from digests.storage.faults import reported, transient

BUSY_SECONDS = 30
CONNECT_SECONDS = 10
READERS = 3
POOL = 10
RETRIES = 4


class Database:
    """The connections to one database. Statements go through `read` and `write`, each one transaction."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._writing = asyncio.Lock()
        if address.is_sqlite:
            self._writer = sqlite_engine(address, begin="BEGIN IMMEDIATE", size=1)
            memory = address.file is None
            self._reader = self._writer if memory else sqlite_engine(address, begin="BEGIN", size=READERS)
        else:
            self._writer = self._reader = postgresql_engine(address)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite, else PostgreSQL."""
        return self.address.is_sqlite

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads; it sees one state of the database."""
        with reported(self.address.shown):
            if self._reader is self._writer and self.is_sqlite:
                async with self._writing, self._reader.begin() as connection:
                    yield connection
            else:
                async with self._reader.begin() as connection:
                    yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes; on SQLite they queue here. Raises what the database raises."""
        if self.is_sqlite:
            async with self._writing, self._writer.begin() as connection:
                yield connection
        else:
            async with self._writer.begin() as connection:
                yield connection

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[AsyncConnection]:
        """A connection on which each statement is a transaction of its own: one trip to PostgreSQL instead of three."""
        async with self._writer.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def single(self) -> AsyncIterator[AsyncConnection]:
        """A transaction of one statement, which may write: on PostgreSQL it needs no BEGIN and COMMIT around it."""
        async with self.write() if self.is_sqlite else self.at_once() as connection:
            yield connection

    async def connect_at_once(self) -> AsyncConnection:
        """The same, to keep until it is closed."""
        connection = await self._writer.connect()
        return await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def close(self) -> None:
        """Close all connections."""
        await self._writer.dispose()
        await self._reader.dispose()


def sqlite_engine(address: Address, *, begin: str, size: int, foreign_keys: bool = True) -> AsyncEngine:
    """An engine whose transactions start with `begin`."""
    engine = create_async_engine(
        address.url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=None,
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Any) -> None:
        # One trip to the connection's thread, where exec_driver_sql makes three.
        connection.connection.dbapi_connection.run_async(lambda driver: driver.execute(begin))

    return engine


def postgresql_engine(address: Address) -> AsyncEngine:
    """A pool of asyncpg connections."""
    arguments: dict[str, Any] = {"server_settings": dict(address.server_settings), "timeout": CONNECT_SECONDS}
    if address.ssl:
        arguments["ssl"] = address.ssl
    return create_async_engine(address.url, pool_size=POOL, max_overflow=0, pool_timeout=None, connect_args=arguments)


class Repository:
    """What all repositories have: the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def database(self) -> Database:
        """The database it reads and writes."""
        return self._database


R = TypeVar("R", bound=Repository)
P = ParamSpec("P")
T = TypeVar("T")
_Method = Callable[Concatenate[R, AsyncConnection, P], Awaitable[T]]
_Bound = Callable[Concatenate[R, P], Coroutine[Any, Any, T]]


def reading(method: _Method[R, P, T]) -> _Bound[R, P, T]:
    """Run a method in a transaction of its own that only reads; it gets the connection first."""

    @wraps(method)
    async def run(self: R, /, *args: P.args, **kwargs: P.kwargs) -> T:
        async with self.database.read() as connection:
            return await method(self, connection, *args, **kwargs)

    return run


def writing(method: _Method[R, P, T]) -> _Bound[R, P, T]:
    """Run a method in a transaction of its own, again where others got in its way; it gets the connection first."""
    return _again(method, Database.write)


def stating(method: _Method[R, P, T]) -> _Bound[R, P, T]:
    """The same for a method that makes one statement, be it for many rows: that is a transaction by itself."""
    return _again(method, Database.single)


def _again(
    method: _Method[R, P, T], transaction: Callable[[Database], AbstractAsyncContextManager[AsyncConnection]]
) -> _Bound[R, P, T]:
    @wraps(method)
    async def run(self: R, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with reported(self.database.address.shown):
            for _ in range(RETRIES):
                try:
                    async with transaction(self.database) as connection:
                        return await method(self, connection, *args, **kwargs)
                except DBAPIError as error:
                    if not transient(error):
                        raise
            async with transaction(self.database) as connection:
                return await method(self, connection, *args, **kwargs)

    return run
