"""The schema's version: read, checked and brought up to date, under a lock, by the migrations in this package."""

import asyncio
import sqlite3
import sys
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from digests.errors import SchemaError
from digests.storage.address import Address
from digests.storage.engine import postgresql_engine, sqlite_engine
from digests.storage.faults import reported
from digests.storage.migrations import REVISIONS

if TYPE_CHECKING:
    from alembic.config import Config

_LOCK = 7_216_305
"""Ours among PostgreSQL's advisory locks."""


class SchemaState(StrEnum):
    """How a database's schema stands to this program's."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"


async def state(address: Address) -> SchemaState:
    """Look at the schema without changing it."""
    await _try_file(address)
    engine = _engine(address, begin="BEGIN")
    with reported(address.shown):
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(look)
        finally:
            await engine.dispose()


async def upgrade(address: Address) -> None:
    """Bring the schema up to date; SchemaError where it is newer than this program."""
    await _try_file(address)
    engine = _engine(address, begin="BEGIN IMMEDIATE")
    with reported(address.shown):
        try:
            async with engine.begin() as connection:
                await connection.run_sync(upgrade_connection, address.shown)
        finally:
            await engine.dispose()


async def _try_file(address: Address) -> None:
    """Open a SQLite file once with plain sqlite3, so that one which can't be opened fails here: aiosqlite's thread
    outlives such a failure, and complains if the event loop is gone by then.
    """
    if address.file is not None:
        with reported(address.shown):
            await asyncio.to_thread(lambda: sqlite3.connect(address.file or "").close())


def upgrade_connection(connection: Connection, shown: str) -> None:
    """Migrate inside the connection's transaction, which on SQLite holds the write lock already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock, hashtext(current_schema()))"), {"lock": _LOCK})
    check(look(connection), shown, older=True)
    from alembic import command

    command.upgrade(configuration(connection), "head")


def check(found: SchemaState, shown: str, *, older: bool) -> None:
    """SchemaError where the schema is newer, or not current unless `older` will do."""
    if found is SchemaState.NEWER:
        raise SchemaError(f"{shown} was written by a newer Baztab; update this one, or name another database.")
    if found is not SchemaState.CURRENT and not older:
        raise SchemaError(f"{shown} has no current schema; run: baztab migrate")


def _engine(address: Address, *, begin: str) -> AsyncEngine:
    """Foreign keys are off on SQLite: rebuilding a table must not delete what refers to it."""
    if address.is_sqlite:
        return sqlite_engine(address, begin=begin, size=1, foreign_keys=False)
    return postgresql_engine(address)


def look(connection: Connection) -> SchemaState:
    """The state of the schema on this connection."""
    if not inspect(connection).has_table("alembic_version"):
        return SchemaState.EMPTY
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found is None:
        return SchemaState.EMPTY
    if found not in REVISIONS:
        return SchemaState.NEWER
    return SchemaState.CURRENT if found == REVISIONS[-1] else SchemaState.OLDER


def configuration(connection: Connection) -> "Config":
    """Alembic's settings for running the migrations of this package on a connection."""
    from alembic.config import Config

    out = Config(stdout=sys.stdout)  # by default it is what stood there when Alembic was imported
    out.set_main_option("script_location", "digests.storage:migrations")
    out.set_main_option("path_separator", "os")
    out.attributes["connection"] = connection
    return out
