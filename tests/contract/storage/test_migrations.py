"""Databases that an older program wrote come through the steps with what is in them."""

from datetime import UTC, datetime

from alembic import command

from digests.storage import open_storage, upgrade
from digests.storage.address import parse
from digests.storage.columns import to_micros
from digests.storage.engine import Database
from digests.storage.migrations import REVISIONS

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def old_rows(at: int) -> dict[str, dict[str, str]]:
    """By table one row as SQL literals, with the columns that the first schema had."""
    empty, none = "''", "'[]'"
    return {
        "source": {"id": "1", "name": "'Gazette'"},
        "feed": {
            **{"id": "1", "source_id": "1", "url": "'https://g.example/f'", "listed_url": empty, "language": "'en'"},
            **{
                "topics": none,
                "title": empty,
                "manual": "0",
                "stopped": empty,
                "next_fetch_at": f"{at}",
                "errors": "3",
            },
        },
        "article": {
            **{"id": "7", "url_hash": "x'01'", "guid_hash": "x'02'", "feed_id": "1", "source_id": "1", "place": "0"},
            **{"language": "'en'", "published": f"{at}", "fetched_at": f"{at}", "url": "'https://g.example/1'"},
            **{"link": empty, "guid": "'g'", "title": "'Old'", "topics": none, "quotes": none},
        },
    }


async def test_feeds_and_articles_of_the_first_schema_are_read_as_well_and_unedited(tmp_path):
    url = f"sqlite:///{tmp_path}/old.db"
    database = Database(parse(url))
    async with database.write() as connection:
        await connection.run_sync(lambda sync: command.upgrade(upgrade.configuration(sync), REVISIONS[0]))
        for table, row in old_rows(to_micros(NOW)).items():
            names, values = ", ".join(row), ", ".join(row.values())
            await connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({values})")
    await database.close()
    storage = await open_storage(url)
    (feed,) = await storage.feeds.due(NOW, limit=9)
    assert (feed.errors, feed.ttl, feed.skip_hours, feed.skip_days) == (3, None, frozenset(), frozenset())
    assert (feed.failing_since, feed.reported) == (None, False)
    article = await storage.articles.get(7)
    assert article is not None
    assert article.title == "Old"
    await storage.close()
