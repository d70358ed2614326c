"""The demo's beginning, without a process: ports that can't be used, and stopping while libraries are loaded."""

import asyncio
import errno
from contextlib import AsyncExitStack

import pytest

from bot.playground import demo
from bot.playground.api import BotApiServer, World
from bot.playground.api.server import BotApi
from bot.playground.api.state import SARA
from bot.playground.previews import Previews
from digests.errors import BaztabError


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EADDRINUSE, "port 80 is taken; choose another: baztab demo --port 0"),
        (errno.EACCES, "port 80 can't be used (Permission denied); choose another: baztab demo --port 0"),
    ],
)
async def test_a_port_on_which_nothing_can_listen(monkeypatch: pytest.MonkeyPatch, number: int, told: str) -> None:
    async def refuse(_server: BotApiServer) -> None:
        raise OSError(number, "error while attempting to bind on address ('127.0.0.1', 80)")

    monkeypatch.setattr(BotApiServer, "start", refuse)
    async with AsyncExitStack() as stack:
        with pytest.raises(BaztabError) as caught:
            await demo.open_server(stack, Previews(), port=80)
    assert str(caught.value) == told


async def test_loading_ends_between_two_libraries_when_the_demo_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, loaded = asyncio.Event(), []
    loop = asyncio.get_running_loop()

    def load(name: str) -> None:
        loaded.append(name)
        if name == demo.LIBRARIES[1]:
            loop.call_soon_threadsafe(stop.set)

    monkeypatch.setattr("importlib.import_module", load)
    assert not await demo.load(stop)
    assert loaded == list(demo.LIBRARIES[:2])


async def test_who_writes_before_the_bot_is_there_sees_that_an_answer_is_coming() -> None:
    world = World()
    promised = asyncio.create_task(demo.promise(world))
    await asyncio.sleep(0)
    world.send("/start")
    actions = await world.wait_for(lambda: [one for one in world.events.after(0) if one["type"] == "action"])
    assert (actions[0]["chat_id"], actions[0]["action"]) == (SARA, "typing")
    await BotApi(world).run("getUpdates", {})
    await promised
