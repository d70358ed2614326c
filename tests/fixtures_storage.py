"""Databases for tests: `storage` is each engine in turn, `sqlite_storage` only the default one. Both start empty."""

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
import pytest_asyncio

from digests.storage import SqlStorage, migrate, open_storage

POSTGRES = os.environ.get("BAZTAB_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
_EMPTY = "; ".join(
    f"DELETE FROM {table}"
    for table in (
        "incoming",
        "rate_slot",
        "announcement",
        "subscriber",
        "digest",
        "request",
        "article",
        "story",
        "dup_band",
        "frequency",
        "feed",
        "source",
    )
)


def run_apart(work: Coroutine[Any, Any, object]) -> None:
    """Run a coroutine to its end in a loop of its own thread, whatever loop this thread has."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def _statement(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    run_apart(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_schema() -> Iterator[str]:
    """A migrated schema of this run's own on PostgreSQL, dropped afterwards."""
    schema = f"baztab_test_{uuid.uuid4().hex[:12]}"
    try:
        run_apart(_statement(POSTGRES, f"CREATE SCHEMA {schema}"))
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        pytest.skip(f"no PostgreSQL for tests ({type(error).__name__}); name one in BAZTAB_TEST_POSTGRES")
    url = f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}options={quote(f'-csearch_path={schema}')}"
    try:
        run_apart(migrate(url))
        yield url
    finally:
        run_apart(_statement(POSTGRES, f"DROP SCHEMA {schema} CASCADE"))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An empty SQLite database of this test's own."""
    path = tmp_path / "news.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_schema: str) -> Iterator[str]:
    """The address of a schema on PostgreSQL, which is emptied after each test: rows, rates and flood waits."""
    yield postgres_schema
    run_apart(_emptied(postgres_schema))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def storage_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database, of each engine in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    yield request.getfixturevalue("postgres_url")


async def _emptied(url: str) -> None:
    schema = url.rpartition("%3D")[2]
    await _statement(POSTGRES, f"SET search_path = {schema}; {_EMPTY}")


@pytest_asyncio.fixture
async def storage(storage_url: str) -> AsyncIterator[SqlStorage]:
    """All stores over an empty database, of each engine in turn."""
    opened = await open_storage(storage_url)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def sqlite_storage(sqlite_url: str) -> AsyncIterator[SqlStorage]:
    """All stores over an empty SQLite database."""
    opened = await open_storage(sqlite_url)
    yield opened
    await opened.close()
