"""BAZTAB_WEB: health, readiness, metrics, and the webhook behind its secret."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.web import HEADER, LARGEST_UPDATE, build_web, serving
from digests.errors import StorageError
from digests.model import FeedSpec, Poll, Subscriber
from digests.storage import SqlStorage
from tests.fakes.clock import MORNING, SetClock

SECRET = "the-secret"


class Site:
    """The application on a loopback port."""

    def __init__(self, storage: SqlStorage) -> None:
        self.storage, self.clock = storage, SetClock()
        self.last_tick: datetime | None = MORNING
        self.updates: list[Mapping[str, object]] = []
        self.options: dict[str, object] = {"take_update": self.take, "secret": SECRET}

    async def take(self, update: Mapping[str, object]) -> None:
        self.updates.append(update)

    async def ask(
        self, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> tuple[int, str]:
        app = build_web(self.storage, clock=self.clock, last_tick=lambda: self.last_tick, **self.options)
        async with (
            serving(app, "127.0.0.1", 0) as port,
            aiohttp.ClientSession() as session,
            session.request(method, f"http://127.0.0.1:{port}{path}", headers=headers, data=body) as response,
        ):
            return response.status, await response.text()

    async def post(self, body: bytes, secret: str | None = SECRET) -> int:
        headers = {} if secret is None else {HEADER: secret}
        return (await self.ask("/telegram", method="POST", headers=headers, body=body))[0]


@pytest.fixture
def site(sqlite_storage: SqlStorage) -> Site:
    return Site(sqlite_storage)


async def test_healthz_says_that_the_loop_is_alive(site: Site) -> None:
    assert await site.ask("/healthz") == (200, "ok\n")


async def test_readyz_is_ready_with_a_database_and_a_fresh_tick(site: Site) -> None:
    site.clock.move(minutes=3)
    assert await site.ask("/readyz") == (200, "ready\n")


async def test_readyz_is_not_ready_when_the_last_tick_is_long_ago(site: Site) -> None:
    site.clock.move(minutes=3, seconds=1)
    status, text = await site.ask("/readyz")
    assert status == 503
    assert "08:00:00" in text


async def test_readyz_asks_for_no_tick_where_this_process_has_none(site: Site) -> None:
    site.last_tick = None
    site.clock.move(days=3)
    assert (await site.ask("/readyz"))[0] == 200


async def test_readyz_is_not_ready_without_its_database(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no() -> bool:
        return False

    monkeypatch.setattr(site.storage, "ready", no)
    status, text = await site.ask("/readyz")
    assert status == 503
    assert "baztab migrate" in text


async def test_metrics_are_read_from_the_database(site: Site) -> None:
    feeds = [
        await site.storage.feeds.add(FeedSpec(url=f"https://{n}.example/", source=n, language="en"), now=MORNING)
        for n in "abc"
    ]
    later = MORNING + timedelta(hours=1)
    await site.storage.feeds.record(feeds[0].id, Poll(at=MORNING, next_fetch_at=later, error="no route"))
    await site.storage.feeds.remove("https://b.example/")
    for chat in (1, 2):
        await site.storage.subscribers.create(Subscriber(id=0, chat_id=chat, created_at=MORNING))
    await site.storage.subscribers.set_gone(2, gone=True)
    status, text = await site.ask("/metrics")
    samples = {
        (sample.name, sample.labels.get("state", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert status == 200
    assert samples["baztab_feeds", "active"] == 2
    assert samples["baztab_feeds", "failing"] == 1
    assert samples["baztab_feeds", "off"] == 1
    assert samples["baztab_subscribers", "active"] == 1
    assert samples["baztab_subscribers", "gone"] == 1
    assert samples["baztab_deliveries", "sent"] == 0
    assert samples["baztab_articles", ""] == 0


async def test_the_webhook_takes_an_update_with_the_secret(site: Site) -> None:
    assert await site.post(b'{"update_id": 7, "message": {}}') == 200
    assert site.updates == [{"update_id": 7, "message": {}}]


@pytest.mark.parametrize("secret", [None, "", "the-secreT", "the-secret-and-more", "سلام", "\udcff"])
async def test_the_webhook_takes_nothing_without_the_secret(site: Site, secret: str | None) -> None:
    assert await site.post(b'{"update_id": 7}', secret) == 403
    assert site.updates == []


async def test_a_webhook_without_a_secret_of_its_own_is_shut(site: Site) -> None:
    site.options["secret"] = ""
    assert await site.post(b'{"update_id": 7}', "") == 403


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"{}", b'{"update_id": "7"}', b"null"])
async def test_what_is_no_update_is_refused(site: Site, body: bytes) -> None:
    assert await site.post(body) == 400
    assert site.updates == []


async def test_an_update_that_is_too_large_is_refused(site: Site) -> None:
    assert await site.post(b'{"update_id": 7, "x": "' + b"x" * LARGEST_UPDATE + b'"}') == 413


async def test_telegram_is_told_to_send_an_update_again_that_could_not_be_stored(site: Site) -> None:
    async def refuse(_: Mapping[str, object]) -> None:
        raise StorageError("The database is locked.")

    site.options["take_update"] = refuse
    assert await site.post(b'{"update_id": 7}') == 503


async def test_there_is_no_webhook_where_the_bot_polls(site: Site) -> None:
    site.options = {}
    assert await site.post(b'{"update_id": 7}') == 404
