"""Every row of what a well-behaved fetcher does on the wire, against a server on loopback."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import brotli
import pytest
from aiohttp import web
from backports import zstd

from digests.errors import FetchError
from digests.feeds.fetch import PER_HOST, Fetcher, Head
from tests.fakes.loopback_site import LoopbackSite

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
async def site() -> AsyncIterator[LoopbackSite]:
    async with LoopbackSite() as site:
        yield site


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(contact="https://bot.example", allow_hosts=["127.0.0.0/8", "::1"], clock=lambda: NOW) as fetcher:
        yield fetcher


async def test_an_answer_with_all_that_matters(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.serve(
        "/feed",
        b"<rss/>",
        headers={
            "Content-Type": "application/rss+xml",
            "ETag": 'W/"a b"',
            "Last-Modified": "Tue, 24 Nov 2026 10:00:00 GMT",
            "Cache-Control": "public, max-age=900",
        },
    )
    answer = await fetcher.fetch(site.url("/feed"))
    assert (answer.status, answer.body, answer.content_type) == (200, b"<rss/>", "application/rss+xml")
    assert (answer.etag, answer.last_modified) == ('W/"a b"', "Tue, 24 Nov 2026 10:00:00 GMT")
    assert answer.max_age == 900
    assert answer.url == site.url("/feed")
    assert answer.permanent_url is None
    assert not answer.not_modified


async def test_validators_are_echoed_byte_for_byte_and_304_is_a_success(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.serve("/feed", status=304, headers={"ETag": '"new"'})
    answer = await fetcher.fetch(site.url("/feed"), etag='W/"old, one"', last_modified="sometime in May")
    assert answer.not_modified
    assert answer.etag == '"new"'
    (request,) = site.requests
    assert request.headers["If-None-Match"] == 'W/"old, one"'
    assert request.headers["If-Modified-Since"] == "sometime in May"


async def test_no_validators_are_invented_and_an_unasked_304_is_an_error(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.serve("/feed", status=304)
    with pytest.raises(FetchError, match="304"):
        await fetcher.fetch(site.url("/feed"))
    assert "If-None-Match" not in site.requests[0].headers
    assert "If-Modified-Since" not in site.requests[0].headers


async def test_headers_are_honest_and_carry_nothing_from_before(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.serve("/feed", headers={"Set-Cookie": "visitor=1; Path=/"})
    site.redirect("/old", "/feed")
    await fetcher.fetch(site.url("/old"))
    await fetcher.fetch(site.url("/feed"))
    for request in site.requests:
        assert request.headers["User-Agent"].startswith("Baztab/")
        assert request.headers["User-Agent"].endswith("(+https://bot.example)")
        assert "Cookie" not in request.headers
        assert "Referer" not in request.headers
        assert request.headers["Accept-Encoding"] == "gzip, br, zstd"


async def test_proxies_of_the_environment_are_not_used(
    site: LoopbackSite, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.serve("/feed", b"direct")
    assert (await fetcher.fetch(site.url("/feed"))).body == b"direct"


@pytest.mark.parametrize(
    ("encoding", "compress"), [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstd.compress)]
)
async def test_compressed_answers_are_read(site: LoopbackSite, fetcher: Fetcher, encoding: str, compress) -> None:
    site.serve("/feed", compress(b"news " * 1000), headers={"Content-Encoding": encoding})
    assert (await fetcher.fetch(site.url("/feed"))).body == b"news " * 1000


@pytest.mark.parametrize(
    ("encoding", "compress"), [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstd.compress)]
)
async def test_a_decompression_bomb_is_cut(site: LoopbackSite, fetcher: Fetcher, encoding: str, compress) -> None:
    site.serve("/feed", compress(b"\0" * 20_000_000), headers={"Content-Encoding": encoding})
    with pytest.raises(FetchError, match="more than 15 MB"):
        await fetcher.fetch(site.url("/feed"))


async def test_a_body_over_the_limit_is_refused(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.serve("/feed", b"x" * 2000)
    assert len((await fetcher.fetch(site.url("/feed"), limit=2000)).body) == 2000
    with pytest.raises(FetchError, match="sends more than"):
        await fetcher.fetch(site.url("/feed"), limit=1999)


@pytest.mark.parametrize("status", [301, 308])
async def test_a_permanent_redirect_tells_the_new_address(site: LoopbackSite, fetcher: Fetcher, status: int) -> None:
    site.serve("/new", b"here")
    site.redirect("/old", "/new", status)
    answer = await fetcher.fetch(site.url("/old"))
    assert (answer.body, answer.url, answer.permanent_url) == (b"here", site.url("/new"), site.url("/new"))


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_temporary_redirect_is_followed_and_not_remembered(
    site: LoopbackSite, fetcher: Fetcher, status: int
) -> None:
    site.serve("/new", b"here")
    site.redirect("/old", "/new", status)
    answer = await fetcher.fetch(site.url("/old"))
    assert (answer.body, answer.url, answer.permanent_url) == (b"here", site.url("/new"), None)


async def test_a_move_counts_up_to_the_first_temporary_redirect(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.redirect("/a", "/b", 301)
    site.redirect("/b", "/c", 302)
    site.redirect("/c", "/d", 301)
    site.serve("/d", b"end")
    answer = await fetcher.fetch(site.url("/a"))
    assert (answer.url, answer.permanent_url) == (site.url("/d"), site.url("/b"))


async def test_five_redirects_are_followed_and_no_more(site: LoopbackSite, fetcher: Fetcher) -> None:
    for hop in range(6):
        site.redirect(f"/{hop}", f"/{hop + 1}")
    site.serve("/6", b"end")
    assert (await fetcher.fetch(site.url("/1"))).body == b"end"
    with pytest.raises(FetchError, match="more than 5 times"):
        await fetcher.fetch(site.url("/0"))


async def test_a_redirect_to_nowhere_is_an_error(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.serve("/old", status=301)
    with pytest.raises(FetchError, match="redirects to nowhere"):
        await fetcher.fetch(site.url("/old"))


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 410, 429, 500, 503])
async def test_other_statuses_are_errors_that_name_them(site: LoopbackSite, fetcher: Fetcher, status: int) -> None:
    site.serve("/feed", status=status)
    with pytest.raises(FetchError, match=f"127.0.0.1 answers {status} ") as caught:
        await fetcher.fetch(site.url("/feed"))
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120.0), ("Tue, 24 Nov 2026 12:10:00 GMT", 600.0), ("Tue, 24 Nov 2026 11:00:00 GMT", 0.0), ("soon", None)],
)
async def test_retry_after_in_seconds_or_as_a_date(
    site: LoopbackSite, fetcher: Fetcher, value: str, seconds: float | None
) -> None:
    site.serve("/feed", status=429, headers={"Retry-After": value})
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(site.url("/feed"))
    assert caught.value.retry_after == seconds


async def test_at_most_two_at_a_time_to_a_host(site: LoopbackSite, fetcher: Fetcher) -> None:
    release = site.hold("/slow")
    async with asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(fetcher.fetch(site.url("/slow")))
        await site.until(PER_HOST)
        release.set()
    assert len(site.requests) == 6
    assert site.most_at_once == PER_HOST == 2


async def test_a_fetch_takes_no_longer_than_its_deadline(site: LoopbackSite) -> None:
    site.hold("/slow")
    async with Fetcher(allow_hosts=["127.0.0.1"], timeout=0.05) as fetcher:
        with pytest.raises(FetchError, match=r"longer than 0\.05 seconds"):
            await fetcher.fetch(site.url("/slow"))


async def test_waiting_for_a_turn_does_not_count_against_the_deadline(site: LoopbackSite) -> None:
    site.hold("/slow")
    site.serve("/feed", b"served")
    async with Fetcher(allow_hosts=["127.0.0.1"], timeout=0.5) as fetcher:
        waiting = [fetcher.fetch(site.url("/slow")) for _ in range(4)]
        results = await asyncio.gather(*waiting, fetcher.fetch(site.url("/feed")), return_exceptions=True)
    assert all(isinstance(result, FetchError) for result in results[:4])
    assert results[4].body == b"served"


async def test_a_body_that_never_ends_meets_the_deadline(site: LoopbackSite) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"<rss>")
        await asyncio.Event().wait()
        return response

    site.handle("/drip", drip)
    async with Fetcher(allow_hosts=["127.0.0.1"], timeout=0.05) as fetcher:
        with pytest.raises(FetchError, match="longer than"):
            await fetcher.fetch(site.url("/drip"))


async def _serve_raw(answer: bytes) -> asyncio.Server:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    return await asyncio.start_server(handle, "127.0.0.1", 0)


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (b"", "broke the connection off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "broke the connection off"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nnotgz", "no proper HTTP|broke"),
        (b"220 mail.example ESMTP\r\n\r\n", "no proper HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", "no proper HTTP"),
    ],
    ids=["closed", "cut-short", "bad-gzip", "smtp", "huge-header"],
)
async def test_broken_answers_are_one_line(fetcher: Fetcher, answer: bytes, complaint: str) -> None:
    server = await _serve_raw(answer)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(FetchError, match=complaint) as caught:
            await fetcher.fetch(f"http://127.0.0.1:{port}/feed")
    assert "\n" not in str(caught.value)


async def test_no_connection_and_no_host_are_one_line_without_secrets(fetcher: Fetcher) -> None:
    server = await _serve_raw(b"")
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    with pytest.raises(FetchError, match=r"No connection to 127\.0\.0\.1") as caught:
        await fetcher.fetch(f"http://user:pass@127.0.0.1:{port}/feed?key=secret")
    assert "pass" not in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_connections_are_kept_alive(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.serve("/feed", b"x")
    await fetcher.fetch(site.url("/feed"))
    await fetcher.fetch(site.url("/feed"))
    peers = {request.transport.get_extra_info("peername") if request.transport else None for request in site.requests}
    assert len(peers) == 1


async def test_expires_counts_where_cache_control_is_silent(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.serve("/feed", headers={"Expires": "Tue, 24 Nov 2026 13:00:00 GMT"})
    answer = await fetcher.fetch(site.url("/feed"))
    assert answer.expires == datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    assert answer.max_age is None


async def test_using_a_fetcher_that_was_not_opened_is_a_programming_error() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        await Fetcher().fetch("http://127.0.0.1:9/")


# ── headers alone, and forms ─────────────────────────────────────────────────────────────────────────────────────────


async def test_headers_are_asked_for_without_the_body(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.serve("/i.png", b"x" * 5000, headers={"Content-Type": "image/png"})
    assert await fetcher.head(site.url("/i.png"), accept="image/png") == Head("image/png", 5000)
    assert [request.method for request in site.asked("/i.png")] == ["HEAD"]


@pytest.mark.parametrize("refusal", [403, 405, 501])
async def test_a_server_without_head_is_asked_for_one_byte(site: LoopbackSite, fetcher: Fetcher, refusal: int) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.method == "HEAD":
            return web.Response(status=refusal)
        assert request.headers["Range"] == "bytes=0-0"
        headers = {"Content-Range": "bytes 0-0/77000", "Content-Type": "image/webp"}
        return web.Response(status=206, body=b"x", headers=headers)

    site.handle("/i.webp", answer)
    assert await fetcher.head(site.url("/i.webp"), accept="image/webp") == Head("image/webp", 77_000)


async def test_headers_follow_redirects_and_refusals_are_errors(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.redirect("/i", site.url("/j"), 301)
    site.serve("/j", b"xyz", headers={"Content-Type": "image/gif"})
    assert await fetcher.head(site.url("/i"), accept="*/*") == Head("image/gif", 3)
    with pytest.raises(FetchError, match="404"):
        await fetcher.head(site.url("/none"), accept="*/*")


async def test_a_form_is_brought_and_goes_along_with_a_redirect(site: LoopbackSite, fetcher: Fetcher) -> None:
    brought: list[str] = []

    async def take(request: web.Request) -> web.StreamResponse:
        brought.append((await request.read()).decode())
        return web.Response(status=202)

    site.handle("/hub", take)
    site.redirect("/old", site.url("/hub"), 307)
    await fetcher.post(site.url("/hub"), {"hub.mode": "subscribe"})
    await fetcher.post(site.url("/old"), {"hub.mode": "subscribe"})
    assert brought == ["hub.mode=subscribe"] * 2


@pytest.mark.parametrize("status", [302, 303, 400, 500])
async def test_a_form_that_is_not_taken_is_an_error(site: LoopbackSite, fetcher: Fetcher, status: int) -> None:
    site.serve("/hub", status=status, headers={"Location": "/other"})
    with pytest.raises(FetchError) as caught:
        await fetcher.post(site.url("/hub"), {"a": "b"})
    assert caught.value.status == status
    assert len(site.requests) == 1


async def test_link_headers_name_a_feeds_hub(site: LoopbackSite, fetcher: Fetcher) -> None:
    site.serve("/feed", b"x", headers={"Link": '<https://hub.example/>; rel="hub", </feed>; type=x; rel=self'})
    found = await fetcher.fetch(site.url("/feed"))
    assert (found.hub, found.self_url) == ("https://hub.example/", site.url("/feed"))
