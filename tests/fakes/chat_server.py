"""A chat server for the page alone: it keeps the page's side of the contract, and tests say what happens.

Serves the page and its files, answers every POST of the page and remembers it in `posts`, and sends whatever events
a test pushes. It knows no bot and no Bot API; the real server has its own tests.
"""

import asyncio
import json
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, TypeVar

from aiohttp import web

import bot.playground

Json = dict[str, Any]

PAGE = Path(bot.playground.__file__).parent / "page"
SARA: Json = {"id": 1001, "is_bot": False, "first_name": "Sara", "language_code": "en"}
BOT: Json = {"id": 7000000001, "is_bot": True, "first_name": "Baztab", "username": "BaztabBot"}
PRIVATE: Json = {"id": 1001, "type": "private", "first_name": "Sara"}
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'"
START = 1_790_000_000
GROUP: Json = {"id": -1001, "type": "supergroup", "title": "Readers"}
PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"><rect width="640" height="360" fill="#5a8fc0"/>'
    b'<circle cx="470" cy="120" r="60" fill="#ffe3a0"/>'
    b'<path d="M0 360 200 160l120 120 90-80 230 160z" fill="#2f5d50"/></svg>'
)

T = TypeVar("T")


def room(chat: Json) -> Json:
    """A chat as the state has it, with nothing said in it yet."""
    return {"chat": chat, "messages": [], "member": True, "blocked": False, "unread": 0}


def units(text: str) -> int:
    """The length of a text as entities count it."""
    return len(text.encode("utf-16-le")) // 2


def entity(text: str, part: str, kind: str, **fields: Any) -> Json:
    """An entity over the first `part` in a text."""
    return {"type": kind, "offset": units(text[: text.index(part)]), "length": units(part), **fields}


def keyboard(*rows: list[Json]) -> Json:
    """An inline keyboard of these rows."""
    return {"inline_keyboard": list(rows)}


class ChatServer:
    """Runs in a thread of its own, on a port that the system chooses, between `with` and its end."""

    def __init__(self) -> None:
        self.posts: queue.Queue[tuple[str, Json]] = queue.Queue()
        self.previews: dict[str, dict[str, str]] = {}
        self.refusals: dict[str, str] = {}
        self.answers: dict[str, Json] = {}
        self.chats: dict[int, Json] = {1001: room(PRIVATE)}
        self.commands = [
            {"command": "start", "description": "Subscribe and get a first digest"},
            {"command": "latest", "description": "The newest stories"},
            {"command": "help", "description": "What I can do"},
        ]
        self.about = {
            "name": "Baztab",
            "description": "Your daily digest of the news.\nQuoted, never made up.",
            "short_description": "",
        }
        self.person = dict(SARA)
        self.seq = 0
        self.url = ""
        self.answers_at_once: Json | None = None
        self._events: list[Json] = []
        self._generation = 0
        self._next_id = 1
        self._changed = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._end)
        self._thread.join()

    # What tests use

    def push(self, kind: str, **data: Any) -> None:
        """Sends one event to the page."""
        self._in_loop(lambda: self._emit(kind, data))

    def say(self, text: str | None = None, *, sender: Json = BOT, chat: Json = PRIVATE, **fields: Any) -> int:
        """A new message in a chat, from the bot unless told otherwise; returns its id."""
        return int(self._in_loop(lambda: self._say(text, sender, chat, fields))["message_id"])

    def edit(self, message_id: int, *, chat_id: int = 1001, **fields: Any) -> None:
        """Changes a message in place."""

        def change() -> None:
            message = self._find(chat_id, message_id)
            message.update(fields)
            self._emit("edited", {"message": message})

        self._in_loop(change)

    def pin(self, *message_ids: int, chat_id: int = 1001) -> None:
        """Makes these the pinned messages of a chat."""

        def change() -> None:
            self.chats[chat_id]["pinned"] = list(message_ids)
            self._emit("chat", {"chat": self.chats[chat_id]})

        self._in_loop(change)

    def restart(self, said: Sequence[str] = ()) -> None:
        """As if the process had died and come back, with this said meanwhile: events and ids count from one again."""

        def forget() -> None:
            self.chats = {1001: room(PRIVATE)}
            self._events, self.seq, self._next_id = [], 0, 1
            for text in said:
                self._say(text, BOT, PRIVATE, {})
            self._generation += 1
            self._wake()

        self._in_loop(forget)

    def forget_events(self) -> None:
        """As if more had happened than the server keeps: pages are told to read the state again."""

        def forget() -> None:
            self._events = []
            self._emit("reset", {})

        self._in_loop(forget)

    def quietly(self, change: Callable[[], T]) -> T:
        """Changes what is here in the server's own thread, without an event."""
        return self._in_loop(change)

    def posted(self, name: str, *, timeout: float = 10) -> Json:
        """The body of the next POST to /playground/NAME; POSTs to other places before it are passed over."""
        while True:
            posted, body = self.posts.get(timeout=timeout)
            if posted == name:
                return body

    def message(self, text: str | None, *, sender: Json = BOT, chat: Json = PRIVATE, **fields: Any) -> Json:
        """A message as the Bot API gives it, not sent anywhere."""
        self._next_id += 1
        message = {
            "message_id": self._next_id,
            "date": 1_790_000_000 + self._next_id,
            "chat": chat,
            "from": sender,
            **fields,
        }
        return message if text is None else {**message, "text": text}

    # How it works

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        app = web.Application()
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/static/{name}", self._static),
                web.get("/playground/state", self._state),
                web.get("/playground/events", self._stream),
                web.get("/playground/preview", self._preview),
                web.get("/playground/file", self._file),
                web.post("/playground/{name}", self._post),
            ]
        )
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    def _end(self) -> None:
        self._stop.set()
        self._changed.set()

    def _in_loop(self, call: Callable[[], T]) -> T:
        async def run() -> T:
            return call()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(timeout=10)

    def _emit(self, kind: str, data: Json) -> None:
        self.seq += 1
        self._events.append({"seq": self.seq, "type": kind, **data})
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _say(self, text: str | None, sender: Json, chat: Json, fields: Json) -> Json:
        message = self.message(text, sender=sender, chat=chat, **fields)
        entry = self.chats.setdefault(chat["id"], room(chat))
        entry["messages"].append(message)
        self._emit("message", {"message": message})
        return message

    def _find(self, chat_id: int, message_id: int) -> Json:
        found = [item for item in self.chats[chat_id]["messages"] if item["message_id"] == message_id]
        return found[0]

    async def _page(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html", headers={"Content-Security-Policy": CSP})

    async def _static(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / Path(request.match_info["name"]).name)

    async def _state(self, request: web.Request) -> web.Response:
        state = {
            "seq": self.seq,
            "world": f"world-{self._generation}",
            "me": BOT,
            "user": self.person,
            "users": [self.person],
            "chats": list(self.chats.values()),
            "commands": self.commands,
            "about": self.about,
        }
        return web.json_response(state)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        after, generation = int(request.query.get("after", "0")), self._generation
        while not self._stop.is_set() and generation == self._generation:
            changed = self._changed
            for event in [item for item in self._events if item["seq"] > after]:
                after = event["seq"]
                with suppress(ConnectionError):  # the page is gone: the request ends by itself
                    await response.write(f"id: {after}\ndata: {json.dumps(event)}\n\n".encode())
            await changed.wait()
        return response

    async def _preview(self, request: web.Request) -> web.Response:
        page = self.previews.get(request.query["url"])
        return (
            web.json_response(page)
            if page
            else web.json_response({"ok": False, "description": "not found"}, status=404)
        )

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=PICTURE, content_type="image/svg+xml")

    async def _post(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        body = await self._body(request)
        self.posts.put((name, body))
        if name in self.refusals:
            return web.json_response({"ok": False, "description": self.refusals.pop(name)}, status=400)
        answer = {"ok": True, **self._react(name, body), **self.answers.get(name, {})}
        return web.json_response(answer)

    async def _body(self, request: web.Request) -> Json:
        if not request.content_type.startswith("multipart"):
            return dict(await request.json())
        form = await request.post()
        upload = form["file"]
        if not isinstance(upload, web.FileField):
            raise web.HTTPBadRequest
        return {"chat_id": int(str(form["chat_id"])), "name": upload.filename, "bytes": upload.file.read()}

    def _react(self, name: str, body: Json) -> Json:
        if name == "send":
            chat = self.chats[body["chat_id"]]["chat"]
            return {"message": self._say(body["text"], self.person, chat, {})}
        if name == "press":
            if self.answers_at_once is not None:
                self._emit("callback_answer", {"callback_query_id": "q1", **self.answers_at_once})
            return {"callback_query_id": "q1"}
        if name == "inline":
            return {"inline_query_id": "i1"}
        if name == "user":
            self.person.update(body)
            self._emit("user", {"user": self.person})
            self._emit("about", {"about": self.about})
        if name == "block":
            self.chats[1001]["blocked"] = body["blocked"]
            self._emit("chat", {"chat": self.chats[1001]})
        return {}
