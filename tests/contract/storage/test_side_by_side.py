"""Two versions over one database during an upgrade: the older one goes on beside the newer one's schema."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from digests.errors import SchemaError
from digests.model import Announcement, DeliveryState, FeedSpec, Incoming, Slot, Wish
from digests.search import parse_query
from digests.storage import SchemaState, SqlStorage, migrate, migrations, open_storage, schema_state
from digests.storage.address import parse
from digests.storage.engine import Database
from digests.storage.migrations import REVISIONS
from digests.storage.schema import metadata
from tests.contract.storage.conftest import NOW, Shelf
from tests.fixtures_storage import POSTGRES

GROWING = (
    "subscriber",
    "slot",
    "request",
    "digest",
    "delivery",
    "feed",
    "article",
    "story",
    "incoming",
    "announcement",
)
LATER = [f"ALTER TABLE {table} ADD COLUMN later TEXT NOT NULL DEFAULT 'x'" for table in GROWING] + [
    "CREATE TABLE later (id INTEGER PRIMARY KEY, subscriber_id BIGINT REFERENCES subscriber(id) ON DELETE CASCADE)",
    "CREATE INDEX ix_delivery_later ON delivery (later)",
    "UPDATE alembic_version SET version_num = 'from the future'",
]
"""What the migrations of a later version may do; see docs/decisions/storage.md."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def own_url(request: pytest.FixtureRequest, tmp_path) -> AsyncIterator[str]:
    """The address of a database without tables, of this test's own, of each engine in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/own.db"
        return
    schema = f"baztab_test_{uuid.uuid4().hex[:12]}"
    try:
        connection = await asyncpg.connect(POSTGRES, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        pytest.skip(f"no PostgreSQL for tests ({type(error).__name__}); name one in BAZTAB_TEST_POSTGRES")
    try:
        await connection.execute(f"CREATE SCHEMA {schema}")
        yield f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}options={quote(f'-csearch_path={schema}')}"
        await connection.execute(f"DROP SCHEMA {schema} CASCADE")
    finally:
        await connection.close()


async def a_days_work(storage: SqlStorage, day: int) -> None:
    """What a running program does all day, each thing once."""
    shelf = Shelf(storage)
    shelf._made = day * 100
    feed = (await storage.feeds.add(FeedSpec(url=f"https://{day}.example/", source="Gazette"), now=NOW)).id
    (article,) = await shelf.add(shelf.article(feed, f"Crane number {day} falls"))
    await storage.stories.file({article: article})
    (story,) = await storage.stories.load([article])
    await storage.stories.save([story])
    assert [
        one.id for one in await storage.articles.search(parse_query(f"crane number {day}", language="en", now=NOW))
    ] == [article]
    reader = await shelf.subscriber(day)
    await storage.subscribers.set_slots(reader.id, [Slot(NOW.time())], NOW)
    await storage.subscribers.follow(reader.id, Wish("topic", "world"))
    await storage.subscribers.update(reader.id, stories=5)
    assert [one.id for one, _ in await storage.subscribers.due(NOW, limit=9)] == [reader.id]
    await storage.ledger.enqueue([shelf.run(reader.id, shelf.digest(day))], now=NOW)
    (delivery,) = await storage.ledger.claim("w", now=NOW, limit=9)
    assert await storage.ledger.sending(delivery, now=NOW)
    await storage.ledger.sent([(delivery, 1)], now=NOW)
    assert await storage.ledger.last_sent([reader.id]) == {reader.id: NOW}
    await storage.saved.add(reader.id, shelf.item(day), now=NOW)
    assert await storage.inbox.put(Incoming(update_id=day, chat_id=day, body="{}"), now=NOW)
    (update,) = await storage.inbox.claim("w", now=NOW, limit=9)
    await storage.inbox.done(update.update_id)
    asked = Announcement(id=0, chat_id=day, message_id=1, body="Hello", created_at=NOW)
    await storage.announcements.open(asked, now=NOW)
    announcement = await storage.announcements.current()
    assert announcement is not None
    await storage.announcements.mark(announcement.id, reader.id, DeliveryState.SENT)
    await storage.announcements.finish(announcement.id, now=NOW)
    if storage.rates is not None:
        await storage.rates.look()
    await storage.subscribers.delete(reader.id)


async def test_an_older_program_works_on_beside_a_newer_schema(own_url: str) -> None:
    """Its statements were prepared before the newer one's migration, too."""
    await migrate(own_url)
    storage = await open_storage(own_url)
    await a_days_work(storage, 1)
    newer = Database(parse(own_url))
    for statement in LATER:
        async with newer.write() as connection:
            await connection.execute(text(statement))
    await newer.close()
    await a_days_work(storage, 2)
    assert await storage.ready()
    await storage.close()


async def test_it_is_not_started_again_on_one(own_url: str) -> None:
    await migrate(own_url)
    newer = Database(parse(own_url))
    async with newer.write() as connection:
        await connection.execute(text(LATER[-1]))
    await newer.close()
    with pytest.raises(SchemaError, match="newer Baztab"):
        await open_storage(own_url)


async def test_programs_that_start_at_once_migrate_once(own_url: str) -> None:
    """One has the lock, the others wait, and find everything done."""
    opened = await asyncio.gather(migrate(own_url), migrate(own_url), open_storage(own_url), open_storage(own_url))
    assert await schema_state(own_url) is SchemaState.CURRENT
    for storage in opened:
        if storage is not None:
            assert await storage.ready()
            await storage.close()


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_migrations_only_add(dialect: str) -> None:
    """The rule by which an older program may go on: new tables and indexes, and columns that fill themselves."""
    out = StringIO()
    context = MigrationContext.configure(dialect_name=dialect, opts={"as_sql": True, "output_buffer": out})
    steps = {step.revision: step for step in ScriptDirectory(str(Path(migrations.__file__).parent)).walk_revisions()}
    with Operations.context(context):
        for number in REVISIONS[1:]:
            steps[number].module.upgrade()
    statements = [one.strip() for one in re.sub(r"--[^\n]*", "", out.getvalue()).split(";") if one.strip()]
    assert any(one.startswith("CREATE TABLE") for one in statements)
    new = {name.split()[0] for one in statements if (name := one.partition("CREATE TABLE ")[2])}
    for one in statements:
        words = " ".join(one.split())
        if words.startswith(("CREATE TABLE ", "CREATE INDEX ")):
            continue
        if words.startswith("CREATE UNIQUE INDEX "):
            continue
        added = re.match(r"ALTER TABLE (\S+) ADD COLUMN (.*)", words)
        assert added, f"a running older program may not bear this: {words}"
        assert added[1] in new or "NOT NULL" not in added[2] or "DEFAULT" in added[2], words
    assert new <= set(metadata.tables)
