"""What the chat page asks of the loopback server: state, events, and what the person does."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bot.playground.api import NO_LIMITS, BotApiServer, World
from bot.playground.api.state import SARA

TOKEN = "4242:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0"
KEYBOARD = {"inline_keyboard": [[{"text": "More", "callback_data": "m"}]]}
LOCAL_PAGE = "http://127.0.0.1:9/story/1"


async def preview(url: str) -> dict[str, Any] | None:
    if url != LOCAL_PAGE:
        return None
    return {"url": url, "title": "T", "description": "D", "image": "http://127.0.0.1:9/a.png", "site_name": "S"}


async def fetch(url: str) -> tuple[str, bytes] | None:
    if url.endswith(".html"):
        return "text/html", b"<script>"
    return ("image/png", PNG) if url.endswith(".png") else None


@pytest.fixture
def page_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Baztab</title>", encoding="utf-8")
    (folder / "app.js").write_text("'use strict'", encoding="utf-8")
    (folder / "notes.txt").write_text("private", encoding="utf-8")
    (tmp_path / "secret.js").write_text("secret", encoding="utf-8")
    return folder


@pytest.fixture
async def server(page_folder: Path) -> AsyncIterator[BotApiServer]:
    world = World(limits=NO_LIMITS, keep_sent=50)
    async with BotApiServer(world, preview=preview, fetch=fetch, page=page_folder) as running:
        yield running


@pytest.fixture
def world(server: BotApiServer) -> World:
    return server.world


@pytest.fixture
async def client(server: BotApiServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(server.url, timeout=aiohttp.ClientTimeout(total=20)) as session:
        yield session


@pytest.fixture
def post(client: aiohttp.ClientSession) -> Any:
    async def call(name: str, body: Any, **options: Any) -> tuple[int, dict[str, Any]]:
        async with client.post(f"/playground/{name}", json=body, **options) as response:
            return response.status, await response.json()

    return call


@pytest.fixture
def bot(client: aiohttp.ClientSession) -> Any:
    async def call(method: str, **params: Any) -> Any:
        async with client.post(f"/bot{TOKEN}/{method}", json=params) as response:
            answer = await response.json()
            assert answer["ok"], answer
            return answer["result"]

    return call


async def read_events(client: aiohttp.ClientSession, after: int, count: int, **options: Any) -> list[dict[str, Any]]:
    """The next events of a new stream."""
    events: list[dict[str, Any]] = []
    async with client.get(f"/playground/events?after={after}", **options) as response:
        assert response.content_type == "text/event-stream"
        while len(events) < count:
            line = (await response.content.readline()).decode()
            if line.startswith("data: "):
                events.append(json.loads(line.removeprefix("data: ")))
    return events


async def state(client: aiohttp.ClientSession) -> dict[str, Any]:
    async with client.get("/playground/state") as response:
        return await response.json()


# ── the page and its files ───────────────────────────────────────────────────────────────────────────────────────────


async def test_the_page_comes_with_a_strict_policy(client: aiohttp.ClientSession) -> None:
    async with client.get("/") as response:
        assert (response.status, response.content_type) == (200, "text/html")
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    async with client.get("/static/app.js") as response:
        assert (await response.text(), response.content_type) == ("'use strict'", "text/javascript")


@pytest.mark.parametrize("name", ["notes.txt", "..%2Fsecret.js", "%2Fetc%2Fpasswd", "none.js", "%00.js"])
async def test_nothing_but_its_own_files_is_served(
    server: BotApiServer, client: aiohttp.ClientSession, name: str
) -> None:
    async with client.get(URL(f"{server.url}/static/{name}", encoded=True)) as response:
        assert response.status == 404


async def test_other_sites_may_neither_post_nor_read(
    server: BotApiServer, client: aiohttp.ClientSession, post: Any, world: World
) -> None:
    status, answer = await post("send", {"text": "x"}, headers={"Origin": "https://evil.example"})
    assert (status, answer["ok"]) == (403, False)
    assert (await post("send", {"text": "x"}, headers={"Origin": server.url}))[0] == 200
    async with client.get("/playground/state", headers={"Host": "evil.example"}) as response:
        assert response.status == 403
    assert len(world.chats[SARA].posts) == 1


# ── state and events ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_state_has_everything_that_the_page_shows(
    client: aiohttp.ClientSession, bot: Any, world: World
) -> None:
    await bot("setMyCommands", commands=[{"command": "start", "description": "Begin"}])
    await bot("sendMessage", chat_id=SARA, text="Hi", reply_markup=KEYBOARD, disable_notification=True)
    world.add_group("Readers", forum=True)
    world.add_person(5)
    shown = await state(client)
    assert shown["seq"] == world.events.seq
    assert (shown["me"]["id"], shown["user"]["id"]) == (4242, SARA)
    assert [chat["chat"]["type"] for chat in shown["chats"]] == ["private", "supergroup"]
    private = shown["chats"][0]
    assert (private["member"], private["blocked"], private["unread"]) == (True, False, 1)
    assert private["messages"][0]["silent"] is True
    assert private["messages"][0]["reply_markup"] == KEYBOARD
    assert shown["commands"] == [{"command": "start", "description": "Begin"}]
    assert shown["about"] == {"name": "Baztab", "description": "", "short_description": ""}


async def test_every_kind_of_event_reaches_the_page(
    client: aiohttp.ClientSession, bot: Any, post: Any, world: World
) -> None:
    start = world.events.seq
    await post("send", {"chat_id": SARA, "text": "/start"})
    sent = await bot("sendMessage", chat_id=SARA, text="Hi", reply_markup=KEYBOARD)
    await bot("editMessageText", chat_id=SARA, message_id=sent["message_id"], text="Ho", reply_markup=KEYBOARD)
    query_id = (await post("press", {"chat_id": SARA, "message_id": sent["message_id"], "data": "m"}))[1]
    await bot("answerCallbackQuery", callback_query_id=query_id["callback_query_id"], text="ok")
    await bot("sendChatAction", chat_id=SARA, action="typing")
    await post("react", {"chat_id": SARA, "message_id": sent["message_id"], "emoji": "👍"})
    await bot("setMyCommands", commands=[])
    await bot("setMyName", name="Mirror")
    await post("user", {"language_code": "fa"})
    await post("block", {"blocked": True})
    inline_id = (await post("inline", {"query": "herat", "offset": ""}))[1]["inline_query_id"]
    await bot("answerInlineQuery", inline_query_id=inline_id, results=[])
    async with client.post(f"/bot{TOKEN}/sendMessage", json={"chat_id": SARA, "text": "x"}) as response:
        assert response.status == 403
    await post("block", {"blocked": False})
    await bot("deleteMessage", chat_id=SARA, message_id=sent["message_id"])
    events = await read_events(client, start, world.events.seq - start)
    assert [event["type"] for event in events] == [
        "message",
        "message",
        "edited",
        "callback_answer",
        "action",
        "reaction",
        "commands",
        "about",
        "user",
        "commands",
        "about",
        "chat",
        "inline",
        "refused",
        "chat",
        "deleted",
    ]
    assert [event["seq"] for event in events] == list(range(start + 1, world.events.seq + 1))
    by_type = {event["type"]: event for event in events}
    assert by_type["callback_answer"]["text"] == "ok"
    assert by_type["edited"]["message"]["text"] == "Ho"
    assert by_type["about"]["about"]["name"] == "Mirror"
    assert by_type["refused"]["description"] == "Forbidden: bot was blocked by the user"
    assert by_type["deleted"]["message_ids"] == [sent["message_id"]]


async def test_a_stream_waits_and_resumes(client: aiohttp.ClientSession, world: World) -> None:
    async with client.get("/playground/events") as response:
        assert await response.content.readline() == b": hello\n"
        world.send("later")
        lines = [(await response.content.readline()).decode() for _ in range(3)]
    assert lines[1] == f"id: {world.events.seq}\n"
    assert '"text": "later"' in lines[2]
    world.send("again")
    resumed = await read_events(client, 0, 1, headers={"Last-Event-ID": str(world.events.seq - 1)})
    assert resumed[0]["message"]["text"] == "again"


@pytest.mark.parametrize("after", [1, 10_000])
async def test_a_page_that_fell_behind_is_told_to_read_anew(
    client: aiohttp.ClientSession, world: World, after: int
) -> None:
    for number in range(60):
        world.send(str(number))
    events = await read_events(client, after, 1)
    assert events == [{"seq": world.events.seq, "type": "reset"}]


async def test_the_page_does_not_hear_of_other_people(client: aiohttp.ClientSession, world: World) -> None:
    start = world.events.seq
    world.add_person(5)
    world.send("secret", chat_id=5, user_id=5)
    world.send("mine")
    assert (await read_events(client, start, 1))[0]["message"]["text"] == "mine"


# ── what the person does ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "body", "description"),
    [
        ("send", [], "an object is expected"),
        ("send", {"chat_id": SARA}, "text must be of type str"),
        ("send", {"chat_id": "x", "text": "x"}, "chat_id must be of type int"),
        ("send", {"chat_id": 99, "text": "x"}, "chat not found"),
        ("send", {"text": "\ud800"}, "valid Unicode"),
        ("send", {"text": "  "}, "empty"),
        ("press", {"message_id": 1, "data": "x"}, "no such button"),
        ("press", {"message_id": True, "data": "x"}, "message_id must be of type int"),
        ("react", {"message_id": 1, "emoji": "👍"}, "message to react not found"),
        ("choose", {"inline_query_id": "1", "result_id": "1"}, "no such result"),
        ("location", {"latitude": 91, "longitude": 1}, "no such place"),
        ("block", {"blocked": 1}, "blocked must be of type bool"),
        ("chats", {"type": "private", "title": "x"}, "groups and channels only"),
        ("chats", {"type": "group", "title": " "}, "title is empty"),
        ("faults", {}, "a list of faults"),
        ("faults", [{"method": "getMe", "cut": "sideways"}], "cut must be one of"),
    ],
)
async def test_what_cannot_be_done(post: Any, name: str, body: Any, description: str) -> None:
    status, answer = await post(name, body)
    assert (status, answer["ok"]) == (400, False)
    assert description in answer["description"]


async def test_bodies_that_are_no_json(client: aiohttp.ClientSession) -> None:
    for body in (b"{", b"\xff", b"[" * 100_000):
        async with client.post("/playground/send", data=body) as response:
            assert (response.status, (await response.json())["ok"]) == (400, False)


async def test_groups_places_and_people(post: Any, world: World) -> None:
    status, made = await post("chats", {"type": "supergroup", "title": "Forum", "forum": True})
    assert (status, made["chat"]["chat"]["is_forum"]) == (200, True)
    chat_id = made["chat"]["chat"]["id"]
    thread_id = world.add_topic(chat_id, "Climate")
    _, sent = await post("send", {"chat_id": chat_id, "text": "/here", "thread_id": thread_id})
    assert sent["message"]["message_thread_id"] == thread_id
    _, reply = await post("send", {"chat_id": chat_id, "text": "/x", "reply_to": sent["message"]["message_id"]})
    assert reply["message"]["reply_to_message"]["text"] == "/here"
    _, place = await post("location", {"chat_id": SARA, "latitude": 34, "longitude": 62.2})
    assert place["message"]["location"] == {"latitude": 34.0, "longitude": 62.2}
    assert (await post("user", {"first_name": "سارا"}))[1]["user"]["first_name"] == "سارا"


async def test_an_inline_result_is_sent(post: Any, bot: Any) -> None:
    inline_id = (await post("inline", {"query": "x"}))[1]["inline_query_id"]
    content = {"message_text": "<b>Card</b>", "parse_mode": "HTML"}
    result = {"type": "article", "id": "1", "title": "t", "input_message_content": content}
    await bot("answerInlineQuery", inline_query_id=inline_id, results=[result])
    status, chosen = await post("choose", {"inline_query_id": inline_id, "result_id": "1", "chat_id": SARA})
    assert (status, chosen["message"]["text"], chosen["message"]["via_bot"]["id"]) == (200, "Card", 4242)


async def test_files_of_both_sides(client: aiohttp.ClientSession, bot: Any, world: World) -> None:
    form = aiohttp.FormData({"chat_id": str(SARA)}, quote_fields=False, default_to_multipart=True)
    form.add_field("file", b"<opml/>", filename="فید.opml")
    async with client.post("/playground/file", data=form) as response:
        document = (await response.json())["message"]["document"]
    assert document["file_name"] == "فید.opml"
    path = (await bot("getFile", file_id=document["file_id"]))["file_path"]
    async with client.get("/playground/file", params={"path": path}) as response:
        assert await response.read() == b"<opml/>"
        assert response.headers["Content-Disposition"].startswith("attachment")
    photo = world.send_file("a.png", PNG)["photo"][0]
    async with client.get("/playground/file", params={"id": photo["file_id"]}) as response:
        assert (response.content_type, "Content-Disposition" in response.headers) == ("image/png", False)
    async with client.get("/playground/file", params={"path": "../../etc/passwd"}) as response:
        assert response.status == 404
    async with client.post("/playground/file", json={}) as response:
        assert response.status == 400


async def test_faults_are_scripted_and_taken_back(post: Any, world: World) -> None:
    await post("faults", [{"method": "getMe", "times": 2, "error_code": 500}, {"method": "*", "cut": "after"}])
    assert [(fault.method, fault.times, fault.cut) for fault in world.faults.pending] == [
        ("getMe", 2, ""),
        ("*", 1, "after"),
    ]
    await post("faults", [])
    assert not world.faults.pending


async def test_link_previews_are_of_this_machine_only(server: BotApiServer, client: aiohttp.ClientSession) -> None:
    async with client.get("/playground/preview", params={"url": LOCAL_PAGE}) as response:
        found = await response.json()
    assert (found["title"], found["image"]) == ("T", "/playground/image?url=http%3A%2F%2F127.0.0.1%3A9%2Fa.png")
    async with client.get(URL(f"{server.url}{found['image']}", encoded=True)) as response:
        assert (response.status, response.content_type) == (200, "image/png")
    for url in (
        "https://example.org/",
        "http://127.0.0.1:9/other",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "",
    ):
        async with client.get("/playground/preview", params={"url": url}) as response:
            assert response.status == 404
    for url in ("https://example.org/a.png", "http://127.0.0.1:9/x.html", "http://127.0.0.1:9/none"):
        async with client.get("/playground/image", params={"url": url}) as response:
            assert response.status == 404
