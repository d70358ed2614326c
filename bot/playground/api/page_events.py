"""The state of the world and the stream of its events as the page reads them."""

import json
from typing import Any

from aiohttp import web

from bot.playground.api.chats import Chat, Json
from bot.playground.api.events import Event
from bot.playground.api.state import SARA
from bot.playground.api.world import World

HEARTBEAT = 15.0


def render_state(world: World) -> Json:
    """Everything that the page shows at first: the person's own chats, the menu, who is who."""
    return {
        "seq": world.events.seq,
        "world": world.id,
        "me": world.bot,
        "user": world.person,
        "users": [world.person, *(user for user in world.users.values() if in_a_group(world, user["id"]))],
        "chats": [chat.for_page() for chat in world.chats.values() if is_shown(chat)],
        "commands": menu(world),
        "about": about(world),
    }


def is_shown(chat: Chat) -> bool:
    """Whether the page shows a chat: the person's own with the bot, and those with several people."""
    return chat.id == SARA or chat.kind != "private"


def in_a_group(world: World, user_id: int) -> bool:
    """Whether someone other than the person is in a chat that the page shows."""
    return user_id != SARA and any(user_id in chat.members for chat in world.chats.values() if chat.kind != "private")


def menu(world: World) -> list[Json]:
    """The commands that the person sees in their chat with the bot."""
    language = world.person.get("language_code", "")
    return world.profile.menu(language=language, chat_id=SARA, user_id=SARA, kind="private")


def about(world: World) -> Json:
    """The bot's name and descriptions in the person's language."""
    return world.profile.about(world.person.get("language_code", ""))


def render_event(world: World, event: Event) -> Json | None:
    """An event as the page reads it; None for one about a chat that the page does not show."""
    kind = event["type"]
    rendered: Json = {"seq": event["seq"], "type": kind}
    if kind in {"message", "edited"}:
        message = event["message"]
        chat = world.chats.get(message["chat"]["id"])
        if chat is None or not is_shown(chat):
            return None
        return rendered | {"message": event["post"].for_page(message)}
    chat = world.chats.get(event.get("chat_id", SARA))
    if chat is None or not is_shown(chat):
        return None
    if kind == "chat":
        return rendered | {"chat": chat.for_page()}
    if kind == "commands":
        return rendered | {"commands": menu(world)}
    if kind == "about":
        return rendered | {"about": about(world)}
    return rendered | event


class EventStream:
    """Server-sent events. A page that asks for what is no longer kept gets an event `reset`: read the state again."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._closed = False

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        self.world.events.wake()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One page's stream."""
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        seq = start_of(request, self.world.events.seq)
        try:
            await response.write(b": hello\n\n")
            while not self._closed:
                seq = await self._write_news(response, seq)
        except ConnectionError:
            return response
        return response

    async def _write_news(self, response: web.StreamResponse, seq: int) -> int:
        """Write what happened behind `seq`, or wait for it; returns where the page then stands."""
        events = self.world.events
        if events.forgot(seq):
            await response.write(line({"seq": events.seq, "type": "reset"}))
            return events.seq
        news = events.after(seq)
        if not news:
            if not await events.changed(HEARTBEAT):
                await response.write(b": still here\n\n")
            return seq
        rendered = (render_event(self.world, event) for event in news)
        lines = [line(event) for event in rendered if event is not None]
        if lines:
            await response.write(b"".join(lines))
        return int(news[-1]["seq"])


def start_of(request: web.Request, default: int) -> int:
    """Where a page's stream begins: behind Last-Event-ID, `after`, or with what comes next."""
    for given in (request.headers.get("Last-Event-ID"), request.query.get("after")):
        if given is not None and given.isascii() and given.isdigit():
            return int(given)
    return default


def line(event: Any) -> bytes:
    """An event as lines of the stream."""
    data = json.dumps(event, ensure_ascii=False, default=lambda other: type(other).__name__)
    return f"id: {event['seq']}\ndata: {data}\n\n".encode()
