"""Databases that an older program wrote come through the steps with what is in them."""

from datetime import UTC, datetime

from alembic import command

from digests.storage import open_storage, upgrade
from digests.storage.address import parse
from digests.storage.columns import to_micros
from digests.storage.engine import Database
from digests.storage.migrations import REVISIONS

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


async def test_feeds_and_articles_of_the_first_schema_are_read_as_well_and_unedited(tmp_path):
    url = f"sqlite:///{tmp_path}/old.db"
    database, at = Database(parse(url)), to_micros(NOW)
    async with database.write() as connection:
        await connection.run_sync(lambda sync: command.upgrade(upgrade.configuration(sync), REVISIONS[0]))
        for statement in (
            "INSERT INTO source (id, name) VALUES (1, 'Gazette')",
            (
                "INSERT INTO feed (id, source_id, url, listed_url, language, topics, title, manual, stopped, next_fetch_at,"
                f" errors) VALUES (1, 1, 'https://g.example/f', 'https://g.example/f', 'en', '[]', '', 0, '', {at}, 3)"
            ),
            (
                "INSERT INTO article (id, url_hash, guid_hash, feed_id, source_id, language, published, fetched_at, place,"
                " url, link, guid, title, topics, quotes)"
                f" VALUES (7, x'01', x'02', 1, 1, 'en', {at}, {at}, 0, 'https://g.example/1', '', 'g', 'Old', '[]', '[]')"
            ),
        ):
            await connection.exec_driver_sql(statement)
    await database.close()
    storage = await open_storage(url)
    (feed,) = await storage.feeds.due(NOW, limit=9)
    assert (feed.errors, feed.ttl, feed.skip_hours, feed.skip_days) == (3, None, frozenset(), frozenset())
    assert (feed.failing_since, feed.reported) == (None, False)
    article = await storage.articles.get(7)
    assert article is not None
    assert article.title == "Old"
    await storage.close()
