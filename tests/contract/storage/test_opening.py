"""Opening a database: what goes well, and one clear line for each thing that doesn't."""

import asyncio
import os
import sqlite3

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from digests.errors import BaztabError, DatabaseLockedError, SchemaError, StorageError
from digests.storage import SchemaState, migrate, open_storage, schema_state, upgrade
from digests.storage.address import parse
from digests.storage.engine import Database
from digests.storage.faults import reported
from digests.storage.migrations import REVISIONS


async def refused(url, kind=StorageError, **options):
    """The one line with which opening is refused."""
    with pytest.raises(kind) as caught:
        await open_storage(url, **options)
    line = str(caught.value)
    assert "\n" not in line
    assert "Traceback" not in line
    return line


async def execute(url, statement):
    database = Database(parse(url))
    async with database.write() as connection:
        await connection.exec_driver_sql(statement)
    await database.close()


async def test_a_new_file_is_made_and_ready(tmp_path):
    url = f"sqlite:///{tmp_path}/new.db"
    assert await schema_state(url) is SchemaState.EMPTY
    assert list(tmp_path.iterdir()) == []
    storage = await open_storage(url)
    assert await storage.ready()
    await storage.close()
    assert await schema_state(url) is SchemaState.CURRENT


async def test_a_database_in_memory():
    storage = await open_storage("sqlite://")
    assert await storage.ready()
    assert await storage.articles.count() == 0
    await storage.close()


async def test_both_engines_are_ready(storage):
    assert await storage.ready()


async def test_a_relative_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    await migrate("sqlite:///news.db")
    assert (tmp_path / "news.db").exists()


async def test_the_schema_is_what_the_code_says(storage_url):
    """Whoever changes schema.py without a migration learns it here."""
    address = parse(storage_url)
    database = Database(address)
    async with database.write() as connection:
        await connection.run_sync(lambda sync: command.check(upgrade.configuration(sync)))
    await database.close()


async def test_the_steps_are_those_that_the_package_has(sqlite_url):
    database = Database(parse(sqlite_url))
    async with database.write() as connection:
        steps = await connection.run_sync(
            lambda sync: list(ScriptDirectory.from_config(upgrade.configuration(sync)).walk_revisions())
        )
    await database.close()
    assert tuple(step.revision for step in reversed(steps)) == REVISIONS


async def test_a_schema_without_the_last_steps_is_older(sqlite_url, monkeypatch):
    monkeypatch.setattr(upgrade, "REVISIONS", (*REVISIONS, "next"))
    assert await schema_state(sqlite_url) is SchemaState.OLDER
    assert "run: baztab migrate" in await refused(sqlite_url, SchemaError, migrate=False)


async def test_two_programs_may_migrate_at_once(tmp_path):
    url = f"sqlite:///{tmp_path}/new.db"
    await asyncio.gather(migrate(url), migrate(url))
    assert await schema_state(url) is SchemaState.CURRENT


async def test_migrating_again_changes_nothing(storage_url):
    await migrate(storage_url)
    assert await schema_state(storage_url) is SchemaState.CURRENT


async def test_a_newer_schema_is_refused(sqlite_url):
    await execute(sqlite_url, "UPDATE alembic_version SET version_num = 'from the future'")
    assert await schema_state(sqlite_url) is SchemaState.NEWER
    assert "newer Baztab" in await refused(sqlite_url, SchemaError)
    with pytest.raises(SchemaError, match="newer Baztab"):
        await migrate(sqlite_url)


async def test_without_migrating_an_empty_database_is_refused(tmp_path):
    assert "run: baztab migrate" in await refused(f"sqlite:///{tmp_path}/new.db", SchemaError, migrate=False)
    assert list(tmp_path.iterdir()) == []


async def test_without_migrating_a_current_one_is_opened(storage_url):
    storage = await open_storage(storage_url, migrate=False)
    await storage.close()


async def test_a_database_that_loses_its_tables_is_not_ready(sqlite_url):
    storage = await open_storage(sqlite_url)
    await execute(sqlite_url, "DROP TABLE alembic_version")
    assert not await storage.ready()
    await execute(sqlite_url, "DROP TABLE dup_band")
    with pytest.raises(SchemaError, match="baztab migrate"):
        await storage.articles.band_matches([1], since=parse_moment())
    await storage.close()


def parse_moment():
    from datetime import UTC, datetime

    return datetime(2026, 11, 24, tzinfo=UTC)


# ── the lock ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_second_run_is_refused_and_short_commands_are_not(sqlite_url):
    first = await open_storage(sqlite_url, exclusive=True)
    line = await refused(sqlite_url, DatabaseLockedError, exclusive=True)
    assert f"process {os.getpid()}" in line
    beside = await open_storage(sqlite_url)
    assert await beside.ready()
    await beside.close()
    await first.close()
    again = await open_storage(sqlite_url, exclusive=True)
    await again.close()


async def test_a_refused_opening_gives_the_lock_back(tmp_path):
    path = tmp_path / "news.db"
    path.write_bytes(b"no database" * 100)
    await refused(f"sqlite:///{path}", exclusive=True)
    path.unlink()
    storage = await open_storage(f"sqlite:///{path}", exclusive=True)
    await storage.close()


async def test_two_connections_wait_for_each_other_instead_of_failing(sqlite_url):
    one, two = await open_storage(sqlite_url), await open_storage(sqlite_url)

    async def count_up(storage):
        for _ in range(20):
            frequencies = await storage.stories.frequencies()
            await storage.stories.save_frequencies({**frequencies, "en": {"n": 1}})

    await asyncio.gather(count_up(one), count_up(two))
    await one.close()
    await two.close()


@pytest.mark.postgres
async def test_postgresql_takes_several_at_once(postgres_url):
    one, two = await open_storage(postgres_url, exclusive=True), await open_storage(postgres_url, exclusive=True)
    await one.close()
    await two.close()


# ── what is wrong, and what to do ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "can't be read"),
        ("", "can't be read"),
        ("mysql://u:secret@host/db", "mysql is no database"),
        ("sqlite://news.db", "three slashes"),
        ("postgresql://u:secret@host:port/db", "can't be read"),
        ("postgresql://u:secret@host/db?options=-l+debug", "options"),
    ],
)
async def test_addresses_that_are_none(url, words):
    line = await refused(url)
    assert words in line
    assert "secret" not in line


async def test_a_file_that_is_no_database(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, " * 100)
    assert "no SQLite database" in await refused(f"sqlite:///{path}")


async def test_a_folder_that_is_not_there(tmp_path):
    assert "folder exists" in await refused(f"sqlite:///{tmp_path}/no/news.db")
    assert "check its folder" in await refused(f"sqlite:///{tmp_path}/no/news.db", exclusive=True)
    assert "can't be opened" in await refused(f"sqlite:///{tmp_path}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write every file")
async def test_a_file_that_may_only_be_read(sqlite_url):
    path = parse(sqlite_url).file
    path.chmod(0o400)
    path.parent.chmod(0o500)
    assert "only be read" in await refused(sqlite_url)


async def test_a_server_that_does_not_answer(unused_tcp_port):
    line = await refused(f"postgresql://reader:secret@127.0.0.1:{unused_tcp_port}/news")
    assert f"postgresql://reader@127.0.0.1:{unused_tcp_port}/news can't be reached" in line
    assert "secret" not in line


@pytest.mark.postgres
async def test_a_database_that_does_not_exist(postgres_url):
    url = parse(postgres_url).url.set(drivername="postgresql", database="never_made")
    assert "create the database first" in await refused(url.render_as_string(hide_password=False))


@pytest.mark.parametrize(
    ("raised", "kind", "words"),
    [
        (sqlite3.OperationalError("attempt to write a readonly database"), StorageError, "only be read"),
        (sqlite3.OperationalError("database is locked"), DatabaseLockedError, "busy"),
        (sqlite3.OperationalError("database or disk is full"), StorageError, "disk is full"),
        (sqlite3.OperationalError("disk I/O error"), StorageError, "disk reports an error"),
        (sqlite3.DatabaseError("database disk image is malformed"), StorageError, "damaged"),
        (sqlite3.IntegrityError("FOREIGN KEY constraint failed"), StorageError, "refused a statement"),
        (asyncpg.InvalidPasswordError('password "secret" failed'), StorageError, "check user and password"),
        (asyncpg.TooManyConnectionsError("too many"), StorageError, "max_connections"),
        (asyncpg.CannotConnectNowError("starting up"), StorageError, "try again"),
        (asyncpg.UndefinedTableError("x"), SchemaError, "baztab migrate"),
        (ConnectionResetError("reset"), StorageError, "can't be reached"),
        (TimeoutError(), StorageError, "can't be reached"),
        (asyncpg.DataError("invalid input: 'secret'"), StorageError, "refused a statement"),
    ],
)
def test_complaints_are_translated(raised, kind, words):
    for error in (raised, DBAPIError("SELECT secret", {"p": "secret"}, raised)):
        with pytest.raises(kind) as caught, reported("news.db"):
            raise error
        assert type(caught.value) is kind
        assert words in str(caught.value)
        assert "secret" not in str(caught.value)


def test_numbers_that_no_column_holds():
    with pytest.raises(StorageError, match="can't store a value"), reported("news.db"):
        raise OverflowError("int too large")


def test_our_own_errors_and_bugs_pass_through():
    with pytest.raises(BaztabError, match="ours"), reported("news.db"):
        raise BaztabError("ours")
    with pytest.raises(ZeroDivisionError), reported("news.db"):
        raise ZeroDivisionError


def test_addresses_in_all_their_forms(tmp_path):
    assert parse("sqlite://").file is None
    assert str(parse("sqlite:///a%20b.db").file) == "a b.db"
    assert str(parse("sqlite:////var/lib/news.db").file) == "/var/lib/news.db"
    postgres = parse("postgres://u:p%40ss@db.example:6432/news?sslmode=require&application_name=two")
    assert postgres.url.password == "p@ss"
    assert postgres.url.render_as_string() == "postgresql+asyncpg://u:***@db.example:6432/news"
    assert (postgres.ssl, postgres.server_settings["application_name"]) == ("require", "two")
    assert postgres.shown == "postgresql://u@db.example:6432/news"
    assert parse("postgresql+asyncpg://h/d?options=-c%20search_path%3Dnews").server_settings["search_path"] == "news"
