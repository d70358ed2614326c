"""Input that is made to hurt: refused or cut in time, in a worker that can be killed, the next feed unharmed."""

import asyncio
import functools
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from digests.errors import ParseError, WorkerError
from digests.feeds.parse import parse_feed
from digests.feeds.poll import PARSE_SECONDS
from digests.model import ParsedFeed
from digests.workers import WorkerPool

HEAD = b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>'
GOOD = HEAD + b"<item><title>Good</title><link>https://s.example/1</link></item></channel></rss>"
LIMIT = 1.0
"""Seconds here; PARSE_SECONDS in earnest."""


def hostile(name: str) -> bytes:
    match name:
        case "attributes":
            return (
                HEAD + b"<item " + b" ".join(b"a%d='1'" % number for number in range(100_000)) + b"/></channel></rss>"
            )
        case "items":
            return HEAD + b"<item><title>a</title></item>" * 100_000
        case "unclosed items":
            return HEAD + b"<item><title>a</title>" * 100_000
        case "nesting":
            return HEAD + b"<item>" + b"<a>" * 200_000
        case "nested content":
            return HEAD + b"<item><description><![CDATA[" + b"<div>" * 200_000 + b"]]></description></item>"
        case "categories":
            return HEAD + b"<item>" + b"".join(b"<category>%d</category>" % number for number in range(30_000))
        case "entity bomb":
            lines = [b'<!ENTITY a0 "ha">'] + [b'<!ENTITY a%d "&a%d;&a%d;">' % (n, n - 1, n - 1) for n in range(1, 40)]
            return (
                b"<!DOCTYPE x [" + b"".join(lines) + b"]>" + HEAD + b"<item><title>&a39;</title></item></channel></rss>"
            )
        case "brackets":
            return HEAD + b"<a" * 1_000_000
        case "json":
            return b'{"items":' + b"[" * 1_000_000
        case _:
            raise AssertionError(name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(workers=1)
    yield pool
    await pool.close()


async def parse(pool: WorkerPool, body: bytes, seconds: float) -> ParsedFeed:
    return await pool.run(functools.partial(parse_feed, body, url="https://s.example/feed"), timeout=seconds)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "name",
    ["attributes", "unclosed items", "nesting", "nested content", "categories", "entity bomb", "brackets", "json"],
)
async def test_hostile_input_is_refused_or_cut_and_the_next_feed_is_read(pool: WorkerPool, name: str) -> None:
    outcome = (await asyncio.gather(parse(pool, hostile(name), LIMIT), return_exceptions=True))[0]
    if isinstance(outcome, ParsedFeed):
        assert sum(len(entry.text) for entry in outcome.entries) < 1_000_000
    else:
        assert isinstance(outcome, ParseError | WorkerError)
    assert [entry.title for entry in (await parse(pool, GOOD, PARSE_SECONDS)).entries] == ["Good"]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_hundred_thousand_items_are_cut(pool: WorkerPool) -> None:
    feed = await parse(pool, hostile("items"), 60)
    assert 0 < len(feed.entries) <= 2000
