"""The chat page's own endpoints under /playground/, the page itself and its files."""

import json
import math
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import BodyPartReader, web

from bot.playground.api.calls import limited_read
from bot.playground.api.chats import Json
from bot.playground.api.errors import ApiError, bad_request
from bot.playground.api.faults import CUTS, Fault
from bot.playground.api.page_events import EventStream, render_state
from bot.playground.api.state import SARA
from bot.playground.api.webhook import is_loopback
from bot.playground.api.world import World

Preview = Callable[[str], Awaitable[Json | None]]
"""Gives url, title, description, image and site_name of a page, or None; decides which hosts may be asked."""
Fetch = Callable[[str], Awaitable[tuple[str, bytes] | None]]
"""Gives content type and bytes of a picture, or None; decides which hosts may be asked."""

PAGE = Path(__file__).resolve().parent.parent / "page"
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".json": "application/json",
}
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
MOST_PREVIEWS = 500
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PageApi:
    """What the page asks of the world. `preview` reads pages for link previews, `fetch` their pictures."""

    def __init__(
        self, world: World, *, preview: Preview | None = None, fetch: Fetch | None = None, folder: Path | None = None
    ) -> None:
        self.world = world
        self.folder = folder or PAGE
        self._preview, self._fetch = preview, fetch
        self._previews: dict[str, Json | None] = {}
        self._stream = EventStream(world)

    def add_routes(self, app: web.Application) -> None:
        """Put the endpoints into an application."""
        gets: dict[str, Handler] = {
            "/": self.index,
            "/static/{name}": self.static,
            "/playground/state": self.state,
            "/playground/events": self._stream.handle,
            "/playground/file": self.get_file,
            "/playground/preview": self.preview,
            "/playground/image": self.image,
        }
        for path, handler in gets.items():
            app.router.add_get(path, guarded(handler))
        posts: dict[str, Callable[[Any], Json]] = {
            "send": self.send,
            "press": self.press,
            "react": self.react,
            "inline": self.inline,
            "choose": self.choose,
            "location": self.location,
            "user": self.user,
            "block": self.block,
            "chats": self.chats,
            "faults": self.faults,
        }
        for name, action in posts.items():
            app.router.add_post(f"/playground/{name}", guarded(posted(action)))
        app.router.add_post("/playground/file", guarded(self.post_file))

    # ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def index(self, _request: web.Request) -> web.Response:
        """The page."""
        return self._page_file("index.html")

    async def static(self, request: web.Request) -> web.Response:
        """One of its files."""
        return self._page_file(request.match_info["name"])

    def _page_file(self, name: str) -> web.Response:
        path = self.folder / name
        kind = TYPES.get(path.suffix)
        if kind is None or Path(name).name != name or not path.is_file():
            return refusal(404, "Not Found")
        charset = "utf-8" if kind.startswith("text/") or kind.endswith(("json", "xml")) else None
        headers = HEADERS | {"Content-Security-Policy": POLICY}
        return web.Response(body=path.read_bytes(), content_type=kind, charset=charset, headers=headers)

    async def state(self, _request: web.Request) -> web.Response:
        """Everything that the page shows at first."""
        return reply(render_state(self.world))

    async def get_file(self, request: web.Request) -> web.Response:
        """A file that either side sent; what is no picture is for saving only."""
        file = self.world.files.at(request.query.get("path", "")) or self.world.files.get(request.query.get("id", ""))
        if file is None:
            return refusal(404, "there is no such file")
        headers = dict(HEADERS)
        if file.mime_type not in PICTURES:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
        return web.Response(body=file.body, content_type=file.mime_type, headers=headers)

    # ── link previews ────────────────────────────────────────────────────────────────────────────────────────────────

    async def preview(self, request: web.Request) -> web.Response:
        """Title, description and picture of a page on this machine."""
        url = request.query.get("url", "")
        if self._preview is None or not is_loopback(url):
            return refusal(404, "no preview")
        if url not in self._previews:
            if len(self._previews) >= MOST_PREVIEWS:
                del self._previews[next(iter(self._previews))]
            self._previews[url] = await self._preview(url)
        found = self._previews[url]
        return refusal(404, "no preview") if found is None else reply(self._own_image(found))

    def _own_image(self, found: Json) -> Json:
        """The preview with its picture's address on this server, since the page may load from nowhere else."""
        image = found.get("image")
        if not image or self._fetch is None or not is_loopback(image):
            return {name: value for name, value in found.items() if name != "image"}
        return found | {"image": f"/playground/image?url={quote(image, safe='')}"}

    async def image(self, request: web.Request) -> web.Response:
        """The picture of a preview."""
        url = request.query.get("url", "")
        found = await self._fetch(url) if self._fetch is not None and is_loopback(url) else None
        if found is None or urlsplit(url).username:
            return refusal(404, "no picture")
        kind, body = found
        if kind not in PICTURES and kind != "image/svg+xml":
            return refusal(404, "no picture")
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
        return web.Response(body=body, content_type=kind, headers=HEADERS | policy)

    # ── what the person does ─────────────────────────────────────────────────────────────────────────────────────────

    def send(self, body: Any) -> Json:
        """The person writes."""
        message = self.world.send(
            field(body, "text", str),
            chat_id=field(body, "chat_id", int, SARA),
            reply_to=field(body, "reply_to", int, None),
            thread_id=field(body, "thread_id", int, None),
        )
        return {"message": message}

    def press(self, body: Any) -> Json:
        """The person presses a button."""
        chat_id = field(body, "chat_id", int, SARA)
        query_id = self.world.press(field(body, "message_id", int), field(body, "data", str), chat_id=chat_id)
        return {"callback_query_id": query_id}

    def react(self, body: Any) -> Json:
        """The person reacts."""
        chat_id = field(body, "chat_id", int, SARA)
        self.world.react(field(body, "message_id", int), field(body, "emoji", str), chat_id=chat_id)
        return {}

    def inline(self, body: Any) -> Json:
        """The person asks in inline mode."""
        offset = field(body, "offset", str, "")
        return {"inline_query_id": self.world.ask_inline(field(body, "query", str), offset=offset)}

    def choose(self, body: Any) -> Json:
        """The person sends an inline result."""
        query_id, result_id = field(body, "inline_query_id", str), field(body, "result_id", str)
        return {"message": self.world.choose(query_id, result_id, chat_id=field(body, "chat_id", int, SARA))}

    def location(self, body: Any) -> Json:
        """The person shares a place."""
        latitude, longitude = field(body, "latitude", float), field(body, "longitude", float)
        return {"message": self.world.send_location(latitude, longitude, chat_id=field(body, "chat_id", int, SARA))}

    def user(self, body: Any) -> Json:
        """The person changes language or name."""
        names = ("language_code", "first_name", "username")
        changes = {name: field(body, name, str) for name in names if isinstance(body, dict) and name in body}
        return {"user": self.world.change_person(SARA, **changes)}

    def block(self, body: Any) -> Json:
        """The person blocks or unblocks the bot."""
        self.world.block(field(body, "blocked", bool))
        return {}

    def chats(self, body: Any) -> Json:
        """The person makes a group or channel with the bot in it."""
        kind = field(body, "type", str)
        if kind not in {"group", "supergroup", "channel"}:
            raise bad_request("people make groups and channels only")
        chat = self.world.add_group(field(body, "title", str), kind, forum=field(body, "forum", bool, False))
        return {"chat": chat.for_page()}

    def faults(self, body: Any) -> Json:
        """Script failures; an empty list takes back those still to come."""
        if not isinstance(body, list):
            raise bad_request("a list of faults is expected")
        faults = [read_fault(item) for item in body]
        if not faults:
            self.world.faults.clear()
        for fault in faults:
            self.world.faults.add(fault)
        return {}

    async def post_file(self, request: web.Request) -> web.Response:
        """The person sends a file."""
        if request.content_type != "multipart/form-data":
            raise bad_request("a form with a file is expected")
        chat_id, name, content = SARA, "", b""
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            data = await limited_read(part)
            if part.name == "chat_id":
                chat_id = whole_number(data.decode(errors="replace"))
            elif part.name == "file":
                name, content = part.filename or "file", data
        return reply({"ok": True, "message": self.world.send_file(name, content, chat_id=chat_id)})

    async def shut(self, _app: web.Application) -> None:
        """End the event streams."""
        self._stream.close()


# ── reading and answering ────────────────────────────────────────────────────────────────────────────────────────────


def guarded(handler: Handler) -> Handler:
    """The handler for this machine's own page only: no other site's scripts, no names that point here."""

    async def guard(request: web.Request) -> web.StreamResponse:
        host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
        if host not in LOCAL_NAMES:
            return refusal(403, "only for this machine")
        origin = request.headers.get("Origin")
        if request.method != "GET" and origin not in {None, f"{request.scheme}://{request.host}"}:
            return refusal(403, "no posting from other sites")
        try:
            return await handler(request)
        except ApiError as error:
            return refusal(error.code, error.description)

    return guard


def posted(action: Callable[[Any], Json]) -> Handler:
    """The handler that gives an action the JSON of the body and answers with what it returns."""

    async def handle(request: web.Request) -> web.Response:
        try:
            body = await request.json()
        except (ValueError, RecursionError):
            raise bad_request("JSON is expected") from None
        return reply({"ok": True, **action(body)})

    return handle


def field(body: Any, name: str, kind: type, *default: Any) -> Any:
    """A field of a posted object. Raises ApiError (400) where it is missing or of another type."""
    if not isinstance(body, dict):
        raise bad_request("an object is expected")
    value = body.get(name)
    if value is None and default:
        return default[0]
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind or (isinstance(value, float) and not math.isfinite(value)):
        raise bad_request(f"{name} must be of type {kind.__name__}")
    if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
        raise bad_request(f"{name} must be valid Unicode")
    return value


def whole_number(text: str) -> int:
    """A number in a form. Raises ApiError (400)."""
    try:
        return int(text)
    except ValueError:
        raise bad_request("chat_id must be a number") from None


def read_fault(item: Any) -> Fault:
    """A scripted failure as the endpoint takes it."""
    cut = field(item, "cut", str, "")
    if cut not in CUTS:
        raise bad_request(f"cut must be one of {', '.join(map(repr, CUTS))}")
    return Fault(
        method=field(item, "method", str),
        times=field(item, "times", int, 1),
        error_code=field(item, "error_code", int, None),
        description=field(item, "description", str, ""),
        retry_after=field(item, "retry_after", int, None),
        migrate_to=field(item, "migrate_to", int, None),
        cut=cut,
        body=field(item, "body", str, None),
        status=field(item, "status", int, 200),
        chat_id=field(item, "chat_id", int, None),
    )


def reply(body: Json) -> web.Response:
    """A JSON answer for the page."""
    text = json.dumps(body, ensure_ascii=False, default=lambda other: type(other).__name__)
    return web.Response(text=text, content_type="application/json", headers=HEADERS)


def refusal(status: int, description: str) -> web.Response:
    """A refusal for the page."""
    return web.json_response({"ok": False, "description": description}, status=status, headers=HEADERS)
