"""AiohttpRequest: PTB's HTTP over one aiohttp session, and the two ways in which a call can be without an answer."""

import socket
import threading
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram._files.inputfile import InputFile
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.telegram_request import AiohttpRequest, NotSentError, UncertainError
from tests.fakes.loopback_site import LoopbackSite

SECRET = "4242:cccccccccccccccccccc"


@pytest.fixture
async def site() -> AsyncIterator[LoopbackSite]:
    async with LoopbackSite() as running:
        yield running


def data(**values: object) -> RequestData:
    return RequestData([RequestParameter.from_input(key, value) for key, value in values.items()])


async def test_parameters_go_out_as_json_and_the_answer_comes_back(site: LoopbackSite) -> None:
    async def echo(request: web.Request) -> web.Response:
        sent = await request.json()
        return web.Response(text=f"{sent['chat_id']} {sent['text']}", status=201)

    site.handle("/say", echo)
    async with AiohttpRequest(trust_env=False) as request:
        assert await request.do_request(site.url("/say"), "POST", data(chat_id=7, text="سلام")) == (
            201,
            "7 سلام".encode(),
        )
        assert request.read_timeout == 20.0


async def test_files_go_out_as_parts(site: LoopbackSite) -> None:
    async def echo(request: web.Request) -> web.Response:
        form = await request.post()
        (part,) = [value for value in form.values() if isinstance(value, web.FileField)]
        return web.Response(body=part.filename.encode() + b" " + part.file.read())

    site.handle("/file", echo)
    async with AiohttpRequest(trust_env=False) as request:
        answer = await request.do_request(
            site.url("/file"), "POST", data(chat_id=7, document=InputFile(b"a list", filename="feeds.opml"))
        )
    assert answer == (200, b"feeds.opml a list")


async def test_a_call_without_parameters_has_no_body(site: LoopbackSite) -> None:
    site.serve("/getMe", b"me")
    async with AiohttpRequest(trust_env=False) as request:
        assert await request.do_request(site.url("/getMe"), "POST") == (200, b"me")


async def test_one_connection_serves_one_call_after_the_other(site: LoopbackSite) -> None:
    ports = set()

    async def note(request: web.Request) -> web.Response:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        return web.Response()

    site.handle("/getMe", note)
    async with AiohttpRequest(trust_env=False) as request:
        for _ in range(3):
            await request.do_request(site.url("/getMe"), "POST")
    assert len(ports) == 1


async def test_no_connection_means_not_sent_and_the_token_is_not_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/bot{SECRET}/sendMessage"
        async with AiohttpRequest(trust_env=False) as request:
            with pytest.raises(NotSentError) as raised:
                await request.do_request(address, "POST")
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None


async def test_an_address_that_is_none_means_not_sent() -> None:
    async with AiohttpRequest(trust_env=False) as request:
        with pytest.raises(NotSentError):
            await request.do_request(f"http:///bot{SECRET}/getMe", "POST")


async def test_a_closed_session_means_not_sent() -> None:
    request = AiohttpRequest()
    with pytest.raises(NotSentError):
        await request.do_request("http://127.0.0.1:9/", "POST")
    await request.shutdown()
    await request.initialize()
    await request.initialize()
    await request.shutdown()
    with pytest.raises(NotSentError):
        await request.do_request("http://127.0.0.1:9/", "POST")


async def test_silence_is_uncertain(site: LoopbackSite) -> None:
    answer = site.hold("/late")
    async with AiohttpRequest(trust_env=False) as request:
        with pytest.raises(UncertainError) as raised:
            await request.do_request(site.url("/late"), "POST", read_timeout=0.05)
    answer.set()
    assert "127.0.0.1" not in str(raised.value)


async def test_an_answer_cut_in_the_middle_is_uncertain(site: LoopbackSite) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"ok": tr')
        assert request.transport is not None
        request.transport.abort()
        return response

    site.handle("/cut", cut)
    async with AiohttpRequest(trust_env=False) as request:
        with pytest.raises(UncertainError):
            await request.do_request(site.url("/cut"), "POST")


async def test_the_operators_proxy_counts_only_where_it_is_asked_for(
    site: LoopbackSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.serve("/getMe", b"straight")
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with LoopbackSite() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url())
        async with AiohttpRequest(trust_env=True) as through, AiohttpRequest(trust_env=False) as past:
            await through.do_request(site.url("/getMe"), "POST")
            assert len(proxy.requests) == 1
            assert await past.do_request(site.url("/getMe"), "POST") == (200, b"straight")
            assert len(proxy.requests) == 1


async def test_a_proxy_that_refuses_means_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    async with LoopbackSite() as proxy:
        monkeypatch.setenv("https_proxy", proxy.url())
        async with AiohttpRequest(trust_env=True) as request:
            with pytest.raises(NotSentError):
                await request.do_request(f"https://telegram.example/bot{SECRET}/sendMessage", "POST")


def test_ptb_takes_it_for_a_request() -> None:
    assert isinstance(AiohttpRequest(), BaseRequest)


async def test_a_name_server_that_does_not_answer_costs_no_more_than_the_time_for_a_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        release.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    async with AiohttpRequest(connect=0.01, trust_env=False) as request:
        with pytest.raises(NotSentError):
            await request.do_request("http://api.example/getMe", "POST")
    release.set()
