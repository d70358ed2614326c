"""The whole bot in a playground, driven by hand: `reader` is Sara in her private chat, with the sample news stored."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from bot.playground.demo import demo_settings, open_playground
from bot.playground.newsroom import Newsroom
from bot.wiring import open_bot, open_news
from config.catalog import CatalogFeed
from digests.workers import InlineWorkers
from tests.fakes.reader import Reader
from tests.fixtures_storage import run_apart


@pytest.fixture(scope="session")
def sample_news(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[CatalogFeed]]:
    """A database with the sample newsroom's articles, filed into stories, to copy; and the feeds they came from."""
    path = tmp_path_factory.mktemp("newsroom") / "news.sqlite3"
    feeds: list[CatalogFeed] = []

    async def read() -> None:
        async with (
            Newsroom() as newsroom,
            open_news(
                demo_settings(path, "http://127.0.0.1:9", live=False),
                catalog=newsroom.catalog(),
                workers=InlineWorkers(),
            ) as news,
        ):
            feeds.extend(newsroom.catalog())
            report = await news.ingest.run()
            assert not report.failed
            await news.filing.run()

    run_apart(read())
    return path, feeds


@pytest_asyncio.fixture
async def reader(sample_news: tuple[Path, list[CatalogFeed]], tmp_path: Path) -> AsyncIterator[Reader]:
    """Sara, before her first /start. No call of the bot may be refused while she reads."""
    database = tmp_path / "bot.sqlite3"
    shutil.copy(sample_news[0], database)
    async with AsyncExitStack() as stack:
        server, news = await open_playground(stack, catalog=sample_news[1], database=database, workers=InlineWorkers())
        running = await stack.enter_async_context(open_bot(news))
        running.services.first_news.set()
        sara = Reader(server.world, running)
        yield sara
        assert [(refused.method, refused.description) for refused in sara.world.refused] == sara.expected_refusals
