"""A Bot API server that takes messages as fast as they come, on loopback: it counts each call to the microsecond.

    python -m benchmarks.sink [--latency 0.05] [--entities 20]

It speaks just enough HTTP for a client that keeps its connections. Prints its port. Then each line on stdin is a
command, answered with a line of JSON: `people SECONDS` lets somebody ask the bot something every so often, `mark`
starts the counting anew, `report` tells what was counted since.
"""

import argparse
import asyncio
import json
import sys
import time
from array import array
from collections.abc import Sequence
from typing import Any

PACED = frozenset({"sendMessage", "editMessageText"})
FIRST_PERSON = 2_000_000_000
PEOPLE = 40
"""Who ask in turn; their chats take one call a second, as everybody's."""
QUESTIONS = ("/latest", "/search w12 w3", "/topics", "/help", "/latest world", "/time")
POLL = 20.0
ME = {"id": 4242, "is_bot": True, "first_name": "Baztab", "username": "baztab_bot", "can_join_groups": True}
BOT_COMMANDS = [{"type": "bot_command", "offset": 0, "length": 7}]


class Counts:
    """What came in since the last mark: times of paced calls, and how long people waited for their answers."""

    def __init__(self) -> None:
        self.times = array("d")
        self.chats = array("q")
        """Who got a digest, in order."""
        self.waits: list[float] = []
        self.unanswered: dict[int, float] = {}
        self.cpu = time.process_time()
        self.since = time.monotonic()

    def report(self) -> dict[str, Any]:
        """Figures, with the most calls that any second had."""
        seconds = time.monotonic() - self.since
        waits = sorted(self.waits)
        return {
            "seconds": seconds,
            "calls": len(self.times),
            "digests": len(self.chats),
            "chats": len(set(self.chats)),
            "per_second": len(self.times) / seconds,
            "most_in_a_second": most_within(self.times, 1.0),
            "answers": len(waits),
            "unanswered": len(self.unanswered),
            "answer_p50": percentile(waits, 0.5),
            "answer_p95": percentile(waits, 0.95),
            "answer_max": waits[-1] if waits else None,
            "server_cpu": (time.process_time() - self.cpu) / seconds,
        }


def most_within(times: Sequence[float], seconds: float) -> int:
    """The most of these ascending moments that lie in any interval of so many seconds."""
    most = first = 0
    for last, moment in enumerate(times):
        while times[first] <= moment - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The value that so large a share of the ascending values does not exceed; None where there are none."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


class World:
    """Chats that take everything, and people who ask."""

    def __init__(self, *, latency: float, entities: int) -> None:
        self.latency = latency
        self.counts = Counts()
        self._entities = [
            {"type": "bold" if place % 2 else "text_link", "offset": 4 * place, "length": 3}
            | ({} if place % 2 else {"url": "https://news.example/"})
            for place in range(entities)
        ]
        self._ids = 0
        self._updates: list[dict[str, Any]] = []
        self._asked = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None

    def mark(self) -> None:
        """Count anew; who waits goes on waiting."""
        waiting = self.counts.unanswered
        self.counts = Counts()
        self.counts.unanswered = waiting

    def ask(self, every: float) -> None:
        """Let somebody ask something every so many seconds."""
        self._asking = asyncio.create_task(self._ask(every))

    async def _ask(self, every: float) -> None:
        number = 0
        while True:
            await asyncio.sleep(every)
            chat, words = FIRST_PERSON + number % PEOPLE, QUESTIONS[number % len(QUESTIONS)]
            number += 1
            person = {"id": chat, "first_name": "Sara"}
            message = {
                "message_id": number,
                "date": int(time.time()),
                "chat": {**person, "type": "private"},
                "from": {**person, "is_bot": False, "language_code": "en"},
                "text": words,
                "entities": [{**BOT_COMMANDS[0], "length": len(words.split()[0])}],
            }
            self.counts.unanswered.setdefault(chat, time.monotonic())
            self._updates.append({"update_id": number, "message": message})
            self._asked.set()

    async def updates(self, offset: int) -> list[dict[str, Any]]:
        """Updates from this number on; waits for some."""
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        if not self._updates:
            self._asked.clear()
            try:
                await asyncio.wait_for(self._asked.wait(), POLL)
            except TimeoutError:
                return []
        return list(self._updates)

    def take(self, method: str, params: dict[str, Any]) -> Any:
        """What a call comes to."""
        if method in PACED:
            chat = params["chat_id"]
            self._count(chat)
            self._ids += 1
            message = {"message_id": self._ids, "date": int(time.time()), "text": params.get("text", "")}
            message |= {"chat": {"id": chat, "type": "private", "first_name": "Sara"}, "entities": self._entities}
            if markup := params.get("reply_markup"):
                message["reply_markup"] = markup
            return message
        return ME if method == "getMe" else True

    def _count(self, chat: int) -> None:
        now = time.monotonic()
        self.counts.times.append(now)
        asked = self.counts.unanswered.pop(chat, None)
        if asked is not None:
            self.counts.waits.append(now - asked)
        if chat < FIRST_PERSON:
            self.counts.chats.append(chat)


class Connection(asyncio.Protocol):
    """One kept connection: requests one after the other."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._data = b""
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to write."""
        assert isinstance(transport, asyncio.Transport)  # of a TCP server
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        """Nobody waits for an answer any more."""
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        """Take whole requests out of what came."""
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = self._data[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._data) < end + 4 + length:
                return
            method = self._data[: self._data.find(b" HTTP/")].rpartition(b"/")[2].decode()
            body = self._data[end + 4 : end + 4 + length]
            self._data = self._data[end + 4 + length :]
            self._request(method, json.loads(body) if body else {})

    def _request(self, method: str, params: dict[str, Any]) -> None:
        if method == "getUpdates":
            self._task = asyncio.create_task(self._poll(int(params.get("offset") or 0)))
            return
        answer = self._world.take(method, params)
        if self._world.latency and method in PACED:
            asyncio.get_running_loop().call_later(self._world.latency, self._answer, answer)
        else:
            self._answer(answer)

    async def _poll(self, offset: int) -> None:
        self._answer(await self._world.updates(offset))

    def _answer(self, result: Any) -> None:
        body = json.dumps({"ok": True, "result": result}).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(head + body)


async def serve(options: argparse.Namespace) -> None:
    """Serve until stdin ends."""
    loop = asyncio.get_running_loop()
    world = World(latency=options.latency, entities=options.entities)
    server = await loop.create_server(lambda: Connection(world), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode().split():
        answer: Any = True
        if line[0] == "people":
            world.ask(float(line[1]))
        elif line[0] == "mark":
            world.mark()
        else:
            answer = world.counts.report()
        print(json.dumps(answer), flush=True)
    server.close()


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--latency", type=float, default=0.05, help="seconds until a message is answered")
    parser.add_argument("--entities", type=int, default=20, help="in the answer to each message")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
