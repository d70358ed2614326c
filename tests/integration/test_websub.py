"""WebSub: a hub on loopback is asked, makes sure, pushes and is forgotten; forgers and strangers get nowhere."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from urllib.parse import parse_qs

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from bot.web import build_web, serving
from digests.feeds.fetch import Fetcher
from digests.ingest import Ingest
from digests.model import Entry, Feed, FeedSpec
from digests.pushes import Pushes
from digests.storage import SqlStorage
from digests.workers import InlineWorkers
from tests.fakes.clock import MORNING, SetClock
from tests.fakes.feeds import ScriptedPages, entry, rss
from tests.fakes.loopback_site import LoopbackSite


class Hub:
    """A publisher with a hub on one loopback site, and Baztab's own web address; the test moves the hub's hand."""

    def __init__(
        self, storage: SqlStorage, site: LoopbackSite, fetcher: Fetcher, client: aiohttp.ClientSession
    ) -> None:
        self.storage, self.site, self.fetcher, self.client = storage, site, fetcher, client
        self.clock = SetClock()
        self.ingest = Ingest(storage, fetcher, InlineWorkers(), ScriptedPages(), clock=self.clock)
        self.forms: list[dict[str, str]] = []
        self.status = 202
        site.handle("/hub", self._asked)
        self.pushes: Pushes

    async def _asked(self, request: web.Request) -> web.StreamResponse:
        form = parse_qs((await request.read()).decode())
        self.forms.append({name: values[0] for name, values in form.items()})
        return web.Response(status=self.status)

    def serve(self, *entries: Entry) -> None:
        links = f'<{self.site.url("/hub")}>; rel="hub", <{self.site.url("/feed")}>; rel="self"'
        self.site.serve("/feed", rss(entries), headers={"Content-Type": "application/rss+xml", "Link": links})

    async def feed(self) -> Feed:
        """A feed that has been polled once and named its hub."""
        self.serve(entry(1, MORNING))
        await self.storage.feeds.add(
            FeedSpec(url=self.site.url("/feed"), source="Gazette", language="en"), now=self.clock()
        )
        await self.ingest.run()
        (feed,) = await self.storage.feeds.all()
        return feed

    async def verify(self, **changes: str) -> tuple[int, str]:
        asked = self.forms[-1]
        query = {
            "hub.mode": "subscribe",
            "hub.topic": asked["hub.topic"],
            "hub.challenge": "sesame",
            "hub.lease_seconds": "864000",
            **{f"hub.{name}": value for name, value in changes.items()},
        }
        async with self.client.get(asked["hub.callback"], params=query) as response:
            return response.status, await response.text()

    async def push(self, body: bytes, *, method: str = "sha256", secret: str | None = None, **headers: str) -> int:
        asked = self.forms[-1]
        digest = hmac.new((secret or asked["hub.secret"]).encode(), body, getattr(hashlib, method)).hexdigest()
        sent: Mapping[str, str] = {"X-Hub-Signature": f"{method}={digest}", **headers}
        async with self.client.post(asked["hub.callback"], data=body, headers=sent) as response:
            status = response.status
        await self.pushes.settle()
        return status


@pytest_asyncio.fixture
async def hub(sqlite_storage: SqlStorage) -> AsyncIterator[Hub]:
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(LoopbackSite())
        fetcher = await stack.enter_async_context(Fetcher(allow_hosts=["127.0.0.0/8"]))
        client = await stack.enter_async_context(aiohttp.ClientSession())
        hub = Hub(sqlite_storage, site, fetcher, client)
        app = build_web(sqlite_storage, clock=hub.clock, last_tick=lambda: None, pushes=(late := Late()))
        port = await stack.enter_async_context(serving(app, "127.0.0.1", 0))
        base = f"http://127.0.0.1:{port}"
        hub.pushes = late.real = Pushes(sqlite_storage, fetcher, hub.ingest, clock=hub.clock, base=base)
        await stack.enter_async_context(hub.pushes.reading())
        yield hub


class Late:
    """Stands for the subscriptions until the port is known that they need."""

    real: Pushes

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)


async def test_a_hub_is_asked_makes_sure_and_pushes(hub: Hub) -> None:
    feed = await hub.feed()
    assert (feed.hub, feed.topic) == (hub.site.url("/hub"), hub.site.url("/feed"))
    assert await hub.pushes.renew() == 1
    assert hub.forms[0]["hub.mode"] == "subscribe"
    assert hub.forms[0]["hub.topic"] == hub.site.url("/feed")
    assert await hub.verify() == (200, "sesame")
    hub.clock.move(minutes=9)
    assert await hub.push(rss([entry(1, MORNING), entry(2, hub.clock())])) == 202
    assert await hub.storage.articles.count() == 2


async def test_nothing_is_asked_again_while_the_lease_holds_and_it_is_renewed_in_time(hub: Hub) -> None:
    await hub.feed()
    await hub.pushes.renew()
    await hub.verify(lease_seconds=str(10 * 86_400))
    hub.clock.move(days=7)
    assert await hub.pushes.renew() == 0
    hub.clock.move(days=1)
    assert await hub.pushes.renew() == 1
    first, second = hub.forms
    assert (second["hub.callback"], second["hub.secret"]) == (first["hub.callback"], first["hub.secret"])


async def test_a_hub_that_does_not_call_is_asked_ever_more_seldom(hub: Hub) -> None:
    await hub.feed()
    hub.status = 500
    asked = []
    for hour in range(24):
        await hub.pushes.renew()
        asked += [hour] * (len(hub.forms) - len(asked))
        hub.clock.move(hours=1)
    assert asked == [0, 1, 3, 7, 15]


async def test_a_hub_that_says_no_is_left_alone_for_a_week(hub: Hub) -> None:
    await hub.feed()
    await hub.pushes.renew()
    assert (await hub.verify(mode="denied"))[0] == 200
    hub.clock.move(days=6)
    assert await hub.pushes.renew() == 0
    hub.clock.move(days=1)
    assert await hub.pushes.renew() == 1


@pytest.mark.parametrize(
    "change", [{"topic": "https://other.example/"}, {"mode": "unsubscribe"}, {"mode": "publish"}, {"challenge": ""}]
)
async def test_what_was_not_asked_for_is_not_confirmed(hub: Hub, change: dict[str, str]) -> None:
    await hub.feed()
    await hub.pushes.renew()
    assert (await hub.verify(**change))[0] == 404


async def test_a_subscription_to_a_feed_that_was_removed_ends(hub: Hub) -> None:
    feed = await hub.feed()
    await hub.pushes.renew()
    await hub.verify()
    await hub.storage.feeds.remove(feed.url)
    assert await hub.push(rss([entry(2, MORNING)])) == 410
    assert (await hub.verify())[0] == 404
    assert await hub.verify(mode="unsubscribe") == (200, "sesame")
    assert await hub.storage.articles.count() == 1


async def test_forged_and_unsigned_pushes_are_refused(hub: Hub) -> None:
    await hub.feed()
    await hub.pushes.renew()
    await hub.verify()
    body = rss([entry(2, MORNING)])
    assert await hub.push(body, secret="guessed") == 403
    for signature in ("", "sha256", "sha256=", "md5=00", "sha256=سلام", "sha256=\udcff"):
        assert await hub.push(body, **{"X-Hub-Signature": signature}) == 403
    async with hub.client.post(hub.forms[-1]["hub.callback"] + "x", data=body) as response:
        assert response.status == 410
    assert await hub.storage.articles.count() == 1


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_all_signatures_of_the_standard_are_known(hub: Hub, method: str) -> None:
    await hub.feed()
    await hub.pushes.renew()
    assert await hub.push(rss([entry(2, MORNING)]), method=method) == 202
    assert await hub.storage.articles.count() == 2


async def test_a_push_that_is_no_feed_changes_nothing(hub: Hub) -> None:
    await hub.feed()
    await hub.pushes.renew()
    assert await hub.push(b"<html>nothing") == 202
    assert await hub.push(b"\xff" * 9) == 202
    assert await hub.storage.articles.count() == 1
    assert (await hub.storage.feeds.all())[0].pushed_at is None


async def test_a_push_that_is_too_large_is_refused(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.websub.MAX_BYTES", 1000)
    await hub.feed()
    await hub.pushes.renew()
    assert await hub.push(b"x" * 2000) == 413


async def test_a_feed_that_is_pushed_is_asked_more_seldom(hub: Hub) -> None:
    feed = await hub.feed()
    assert feed.next_fetch_at < MORNING + timedelta(hours=2)
    await hub.pushes.renew()
    await hub.push(rss([entry(2, MORNING)]))
    (feed,) = await hub.storage.feeds.all()
    assert feed.pushed_at == MORNING
    assert feed.next_fetch_at >= MORNING + timedelta(hours=6)
    hub.clock.move(hours=7)
    hub.serve(entry(1, MORNING), entry(2, MORNING), entry(3, hub.clock()))
    await hub.ingest.run()
    (feed,) = await hub.storage.feeds.all()
    assert feed.next_fetch_at >= hub.clock() + timedelta(hours=6)


async def test_a_hub_at_a_private_address_is_not_asked(hub: Hub) -> None:
    await hub.feed()
    async with Fetcher() as fetcher:
        pushes = Pushes(hub.storage, fetcher, hub.ingest, clock=hub.clock, base="https://bot.example")
        assert await pushes.renew() == 0
    assert hub.forms == []


async def test_a_feed_that_names_another_hub_is_subscribed_to_there(hub: Hub) -> None:
    await hub.feed()
    await hub.pushes.renew()
    await hub.verify()
    links = f"<{hub.site.url('/hub')}>; rel=hub, <{hub.site.url('/elsewhere')}>; rel=self"
    hub.site.serve("/feed", rss([entry(2, MORNING)]), headers={"Link": links})
    hub.clock.move(days=1)
    await hub.ingest.run()
    assert await hub.pushes.renew() == 1
    first, second = hub.forms
    assert second["hub.topic"] == hub.site.url("/elsewhere")
    assert second["hub.callback"] != first["hub.callback"]


async def test_while_one_push_of_a_feed_waits_another_is_put_off(sqlite_storage: SqlStorage) -> None:
    from digests.pushes import Letter

    async with Fetcher() as fetcher:
        ingest = Ingest(sqlite_storage, fetcher, InlineWorkers(), ScriptedPages(), clock=SetClock())
        pushes = Pushes(sqlite_storage, fetcher, ingest, clock=SetClock(), base="https://bot.example")
        feed = await sqlite_storage.feeds.add(FeedSpec(url="https://a.example/", source="A"), now=MORNING)
        assert pushes.take(Letter(feed, rss([entry(1, MORNING)]), None))
        assert not pushes.take(Letter(feed, rss([entry(2, MORNING)]), None))
        async with pushes.reading():
            await pushes.settle()
        assert pushes.take(Letter(feed, rss([entry(2, MORNING)]), None))
