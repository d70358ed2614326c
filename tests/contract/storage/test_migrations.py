"""Databases that an older program wrote come through the steps with what is in them."""

from datetime import UTC, datetime

from alembic import command

from digests.storage import open_storage, upgrade
from digests.storage.address import parse
from digests.storage.engine import Database
from digests.storage.migrations import REVISIONS

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


OLD_ROWS = {
    "source": "id: 1, name: 'Gazette'",
    "feed": "id: 1, source_id: 1, url: 'a', listed_url: 'a', language: 'en', topics: '[]', title: '', manual: 0, "
    "stopped: '', next_fetch_at: 5, errors: 3",
    "article": "id: 7, url_hash: x'01', guid_hash: x'02', feed_id: 1, source_id: 1, language: 'en', published: 5, "
    "fetched_at: 5, place: 0, url: 'b', link: 'b', guid: 'g', title: 'Old', topics: '[]', quotes: '[]'",
}
"""By table one row of the first schema: columns with SQL literals."""


async def test_feeds_and_articles_of_the_first_schema_are_read_as_well_and_unedited(tmp_path):
    url = f"sqlite:///{tmp_path}/old.db"
    database = Database(parse(url))
    async with database.write() as connection:
        await connection.run_sync(lambda sync: command.upgrade(upgrade.configuration(sync), REVISIONS[0]))
        for table, row in OLD_ROWS.items():
            names, values = zip(*(cell.split(": ") for cell in row.split(", ")), strict=True)
            await connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(values)})")
    await database.close()
    storage = await open_storage(url)
    (feed,) = await storage.feeds.due(NOW, limit=9)
    assert (feed.errors, feed.ttl, feed.skip_hours, feed.skip_days) == (3, None, frozenset(), frozenset())
    assert (feed.failing_since, feed.reported) == (None, False)
    article = await storage.articles.get(7)
    assert article is not None
    assert article.title == "Old"
    await storage.close()
