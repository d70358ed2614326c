"""DaemonResolver: addresses as the system knows them, and threads that nobody waits for."""

import asyncio
import socket
import threading

import aiohttp
import pytest

from digests.feeds.resolver import DaemonResolver
from tests.fakes.loopback_site import LoopbackSite


async def test_names_and_addresses_are_found() -> None:
    (found, *_) = await DaemonResolver().resolve("127.0.0.1", 80)
    assert (found["host"], found["port"], found["hostname"]) == ("127.0.0.1", 80, "127.0.0.1")


async def test_a_name_that_there_is_none_of_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(socket.gaierror):
        await DaemonResolver().resolve("nowhere.example")


async def test_a_link_local_address_keeps_its_scope(monkeypatch: pytest.MonkeyPatch) -> None:
    row = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fe80::1", 80, 0, 2))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [row])
    (found,) = await DaemonResolver().resolve("router.example", 80, socket.AF_UNSPEC)
    assert found["host"] == "fe80::1%2"


async def test_whoever_stops_waiting_leaves_the_thread_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    release, begun = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        begun.set()
        release.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    looking = asyncio.create_task(DaemonResolver().resolve("slow.example"))
    await asyncio.to_thread(begun.wait)
    (thread,) = [one for one in threading.enumerate() if one.name == "resolve slow.example"]
    assert thread.daemon
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    release.set()
    await asyncio.to_thread(thread.join)
    await asyncio.sleep(0)


async def test_aiohttp_connects_through_it() -> None:
    async with LoopbackSite() as site:
        site.serve("/", b"here")
        connector = aiohttp.TCPConnector(resolver=DaemonResolver())
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            session.get(site.url(host="localhost")) as answer,
        ):
            assert await answer.read() == b"here"
