"""Transactions: whole or not at all, and run again where others got in the way."""

import asyncio

import pytest
from sqlalchemy import select

from digests.errors import StorageError
from digests.storage.engine import RETRIES, Repository, writing
from digests.storage.schema import source

DEADLOCK = "DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$"


class Sources(Repository):
    """Writes a source and fails as often as told."""

    def __init__(self, database, *, deadlocks=0):
        super().__init__(database)
        self.deadlocks = deadlocks
        self.tries = 0

    @writing
    async def add(self, connection, name, *, then=None):
        self.tries += 1
        await connection.execute(source.insert(), {"name": name})
        if self.tries <= self.deadlocks:
            await connection.exec_driver_sql(DEADLOCK)
        if then:
            raise then

    @writing
    async def wait(self, connection, started):
        await connection.execute(source.insert(), {"name": "half done"})
        started.set()
        await asyncio.Event().wait()

    @writing
    async def names(self, connection):
        return list(await connection.scalars(select(source.c.name)))


async def test_what_fails_leaves_nothing(storage):
    sources = Sources(storage.feeds.database)
    with pytest.raises(ZeroDivisionError):
        await sources.add("one", then=ZeroDivisionError())
    assert await sources.names() == []
    assert sources.tries == 1


async def test_what_is_cancelled_leaves_nothing_and_holds_up_nobody(storage):
    sources = Sources(storage.feeds.database)
    started = asyncio.Event()
    waiting = asyncio.create_task(sources.wait(started))
    await started.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await sources.add("two")
    assert await sources.names() == ["two"]


@pytest.mark.parametrize("storage_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
async def test_a_deadlock_is_tried_again(storage):
    sources = Sources(storage.feeds.database, deadlocks=2)
    await sources.add("one")
    assert (sources.tries, await sources.names()) == (3, ["one"])


@pytest.mark.parametrize("storage_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
async def test_endless_deadlocks_are_reported(storage):
    sources = Sources(storage.feeds.database, deadlocks=99)
    with pytest.raises(StorageError):
        await sources.add("one")
    assert sources.tries == RETRIES + 1
