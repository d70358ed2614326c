"""The loopback Bot API over plain HTTP: forms, uploads, tokens, scripted failures, webhooks."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.playground.api import BotApiServer, Fault, World
from bot.playground.api.state import SARA
from bot.playground.api.webhook import SECRET_HEADER

TOKEN = "4242:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0"


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer(World(token=TOKEN)) as running:
        running.world.webhook.retry = 0.0
        yield running


@pytest.fixture
def world(server: BotApiServer) -> World:
    return server.world


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        yield session


@pytest.fixture
def post(server: BotApiServer, client: aiohttp.ClientSession) -> Any:
    async def call(method: str, *, token: str = TOKEN, **options: Any) -> tuple[int, dict[str, Any]]:
        async with client.post(f"{server.base_url}{token}/{method}", **options) as response:
            return response.status, await response.json()

    return call


async def test_json_forms_and_queries_are_read(
    server: BotApiServer, client: aiohttp.ClientSession, world: World, post: Any
) -> None:
    text = "خبر & <b>100%</b> + ۱"
    assert (await post("sendMessage", json={"chat_id": SARA, "text": text}))[0] == 200
    assert (await post("sendMessage", data={"chat_id": str(SARA), "text": text}))[0] == 200
    form = aiohttp.FormData({"chat_id": str(SARA), "text": text}, default_to_multipart=True)
    assert (await post("sendMessage", data=form))[0] == 200
    params = {"chat_id": str(SARA), "text": text}
    async with client.get(f"{server.base_url}{TOKEN}/sendMessage", params=params) as response:
        assert response.status == 200
    assert [sent.text for sent in world.sent] == [text] * 4


@pytest.mark.parametrize(
    ("body", "kind", "description"),
    [
        (b"{", "application/json", "can't parse JSON object"),
        (b"[" * 100_000, "application/json", "can't parse JSON object"),
        (b"[]", "application/json", "object expected"),
        (b'{"text": "\xff"}', "application/json", "strings must be encoded in UTF-8"),
        (b'{"chat_id": 1001, "text": "\\ud83d"}', "application/json", "strings must be encoded in UTF-8"),
        (b"chat_id=1001&text=%ff", "application/x-www-form-urlencoded", "strings must be encoded in UTF-8"),
        (b"chat_id=1001", "text/plain", "unsupported content type"),
        (b"chat_id=1001&text=100%&x", "application/x-www-form-urlencoded", 'no parameter "x"'),
    ],
)
async def test_bodies_that_are_refused(post: Any, body: bytes, kind: str, description: str) -> None:
    status, answer = await post("sendMessage", data=body, headers={"Content-Type": kind})
    assert (status, answer["ok"], answer["error_code"]) == (400, False, 400)
    assert description in answer["description"]


async def test_broken_escapes_are_text(post: Any, world: World) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    await post("sendMessage", data=b"chat_id=1001&text=100%+of=3D%41%zz", headers=headers)
    assert world.sent[-1].text == "100% of=3DA%zz"


async def test_tokens_and_paths(server: BotApiServer, client: aiohttp.ClientSession, post: Any) -> None:
    assert (await post("getMe"))[1]["result"]["id"] == 4242
    assert (await post("getMe", token="4242:bbbbbbbbbbbbbbbbbbbb"))[1]["description"] == "Unauthorized"
    assert (await post("getMe", token="nonsense"))[0] == 404
    status, answer = await post("noSuchMethod")
    assert (status, answer["description"]) == (404, "Not Found: method not found")
    async with client.get(f"{server.url}/elsewhere") as response:
        assert (response.status, (await response.json())["error_code"]) == (404, 404)
    async with client.get(f"{server.base_file_url}4242:bbbbbbbbbbbbbbbbbbbb/documents/file_1.txt") as response:
        assert response.status == 401


async def test_a_file_makes_the_round_trip(server: BotApiServer, client: aiohttp.ClientSession, post: Any) -> None:
    form = aiohttp.FormData({"chat_id": str(SARA)})
    form.add_field("document", b"<opml/>", filename="feeds.opml")
    _, sent = await post("sendDocument", data=form)
    _, file = await post("getFile", json={"file_id": sent["result"]["document"]["file_id"]})
    async with client.get(f"{server.base_file_url}{TOKEN}/{file['result']['file_path']}") as response:
        assert await response.read() == b"<opml/>"
    async with client.get(f"{server.base_file_url}{TOKEN}/documents/none") as response:
        assert response.status == 404


async def test_everything_refused_is_recorded(post: Any, world: World) -> None:
    await post("sendMessage", json={"chat_id": 9, "text": "x"})
    await post("sendMessage", json={"chat_id": SARA})
    assert [(refused.method, refused.code, refused.description) for refused in world.refused] == [
        ("sendMessage", 400, "Bad Request: chat not found"),
        ("sendMessage", 400, "Bad Request: message text is empty"),
    ]
    assert world.refused[0].params == {"chat_id": 9, "text": "x"}


# ── scripted failures ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_scripted_errors_come_once_and_are_marked(post: Any, world: World) -> None:
    world.faults.add(Fault(method="sendMessage", error_code=429, description="Too Many Requests", retry_after=7))
    status, answer = await post("sendMessage", json={"chat_id": SARA, "text": "x"})
    assert (status, answer["parameters"]) == (429, {"retry_after": 7})
    assert world.refused[0].scripted
    assert not world.sent
    assert (await post("sendMessage", json={"chat_id": SARA, "text": "x"}))[0] == 200


@pytest.mark.parametrize(("cut", "accepted"), [("before", 0), ("after", 1)])
async def test_a_connection_is_cut_before_or_after_the_call(post: Any, world: World, cut: Any, accepted: int) -> None:
    world.faults.add(Fault(method="sendMessage", cut=cut))
    with pytest.raises(aiohttp.ClientError):
        await post("sendMessage", json={"chat_id": SARA, "text": "x"})
    assert len(world.sent) == accepted
    assert (await post("sendMessage", json={"chat_id": SARA, "text": "x"}))[0] == 200


async def test_a_call_that_is_never_answered_was_accepted(post: Any, world: World) -> None:
    world.faults.add(Fault(method="sendMessage", cut="never-answer"))
    call = asyncio.create_task(post("sendMessage", json={"chat_id": SARA, "text": "x"}))
    await world.wait_sent(SARA, "x")
    assert not call.done()
    call.cancel()
    assert (await post("getMe"))[0] == 200


async def test_an_answer_that_no_bot_api_would_give(
    server: BotApiServer, client: aiohttp.ClientSession, world: World
) -> None:
    world.faults.add(Fault(method="getMe", body="<html>Bad Gateway</html>", status=502))
    async with client.get(f"{server.base_url}{TOKEN}/getMe") as response:
        assert (response.status, await response.text()) == (502, "<html>Bad Gateway</html>")


# ── updates ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_second_poller_gets_the_place_of_the_first(post: Any, world: World) -> None:
    first = asyncio.create_task(post("getUpdates", json={"timeout": 50}))
    await world.wait_for(lambda: world.updates.polls)
    second = asyncio.create_task(post("getUpdates", json={"timeout": 50}))
    status, answer = await first
    assert (status, answer["error_code"]) == (409, 409)
    world.send("hello")
    assert (await second)[1]["result"][0]["message"]["text"] == "hello"


async def test_a_poller_that_went_away_is_not_refused(post: Any, world: World) -> None:
    first = asyncio.create_task(post("getUpdates", json={"timeout": 50}))
    await world.wait_for(lambda: world.updates.polls)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    world.send("hello")
    assert len((await post("getUpdates", json={"timeout": 50}))[1]["result"]) == 1
    assert not world.refused


async def test_the_server_stops_while_someone_polls() -> None:
    async with aiohttp.ClientSession() as session, BotApiServer(World()) as server:
        poll = asyncio.create_task(session.post(f"{server.base_url}{TOKEN}/getUpdates", json={"timeout": 50}))
        await server.world.wait_for(lambda: server.world.updates.polls)
        await server.stop()
        await asyncio.gather(poll, return_exceptions=True)
        assert not server.world.refused


class Hook:
    """A bot's web server that fails as often as it is told, and keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.failures = 0
        self.news = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        if self.failures:
            self.failures -= 1
            return web.Response(status=500)
        self.taken.append((request.headers.get(SECRET_HEADER, ""), await request.json()))
        self.news.set()
        return web.Response()

    async def wait(self, count: int) -> None:
        """Wait until so many updates were taken."""
        async with asyncio.timeout(20):
            while len(self.taken) < count:
                self.news.clear()
                await self.news.wait()


async def test_a_webhook_gets_updates_in_order_with_its_secret(post: Any, world: World) -> None:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    world.send("before")
    assert (await post("setWebhook", data={"url": url, "secret_token": "s-1"}))[1]["result"] is True
    await hook.wait(1)
    hook.failures = 2
    world.send("first")
    world.send("second")
    await hook.wait(3)
    assert [update["message"]["text"] for _, update in hook.taken] == ["before", "first", "second"]
    assert {secret for secret, _ in hook.taken} == {"s-1"}
    assert "500" in (await post("getWebhookInfo"))[1]["result"]["last_error_message"]
    assert (await post("deleteWebhook"))[0] == 200
    world.send("third")
    assert (await post("getUpdates", data={"timeout": "0"}))[1]["result"][-1]["message"]["text"] == "third"
    await runner.cleanup()


async def test_answers_are_compact_utf8(server: BotApiServer, client: aiohttp.ClientSession) -> None:
    params = {"chat_id": str(SARA), "text": "بازتاب"}
    async with client.get(f"{server.base_url}{TOKEN}/sendMessage", params=params) as response:
        body = await response.read()
    assert "بازتاب".encode() in body
    assert json.loads(body)["ok"] is True
