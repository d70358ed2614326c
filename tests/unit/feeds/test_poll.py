from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from digests.errors import FetchError, ForbiddenAddressError, WorkerError
from digests.feeds.fetch import Fetched
from digests.feeds.poll import poll
from digests.model import Feed, Poll
from digests.workers import InlineWorkers

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
URL = "https://s.example/feed"
BODY = (
    b"<rss><channel><title>S</title><item><title>A</title><link>/1</link><pubDate>%s</pubDate></item></channel></rss>"
)


class ScriptedFetcher:
    """Answers with what it was given, in order, and remembers what it was asked."""

    def __init__(self, *answers: Fetched | FetchError) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str | None, str | None]] = []

    async def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        self.asked.append((url, etag, last_modified))
        answer = self.answers.pop(0)
        if isinstance(answer, FetchError):
            raise answer
        return answer


class CountingWorkers(InlineWorkers):
    jobs = 0

    async def run(self, function, *args, **options):
        self.jobs += 1
        return await super().run(function, *args, **options)


class DeadWorkers(InlineWorkers):
    async def run(self, function, *args, **options):
        raise WorkerError("parse_feed took longer than 5 seconds.")


def feed(**changes) -> Feed:
    return Feed(**({"id": 1, "url": URL, "source": "S", "next_fetch_at": NOW} | changes))


def body(date: str = "Tue, 24 Nov 2026 11:00:00 GMT") -> bytes:
    return BODY % date.encode()


def ok(**changes) -> Fetched:
    return Fetched(**({"status": 200, "url": URL, "body": body(), "etag": '"e1"', "last_modified": "m1"} | changes))


async def ask(known: Feed, answer: Fetched | FetchError, workers=None):
    fetcher = ScriptedFetcher(answer)
    outcome, parsed = await poll(known, fetcher, workers or InlineWorkers(), now=NOW, random=Random(1))
    return outcome, parsed, fetcher


def after(known: Feed, outcome: Poll) -> Feed:
    """The feed as storage has it after a success."""
    return feed(
        etag=outcome.etag,
        last_modified=outcome.last_modified,
        body_hash=outcome.body_hash,
        last_success_at=outcome.at,
        next_fetch_at=outcome.next_fetch_at,
    )


async def test_a_new_body_is_parsed_and_its_validators_are_kept() -> None:
    outcome, parsed, fetcher = await ask(feed(), ok())
    assert parsed is not None
    assert [entry.url for entry in parsed.entries] == ["https://s.example/1"]
    assert (outcome.at, outcome.error, outcome.active) == (NOW, None, True)
    assert (outcome.etag, outcome.last_modified) == ('"e1"', "m1")
    assert outcome.body_hash
    assert outcome.next_fetch_at >= NOW + timedelta(hours=1)
    assert fetcher.asked == [(URL, None, None)]


async def test_known_validators_are_sent_back() -> None:
    _, _, fetcher = await ask(feed(etag='W/"x"', last_modified="y"), ok())
    assert fetcher.asked == [(URL, 'W/"x"', "y")]


async def test_304_is_a_success_without_parsing() -> None:
    workers = CountingWorkers()
    known = feed(etag='"e1"', last_modified="m1", body_hash="h", last_success_at=NOW - timedelta(hours=1))
    outcome, parsed, _ = await ask(known, Fetched(status=304, url=URL, etag='"e2"'), workers)
    assert parsed is None
    assert workers.jobs == 0
    assert (outcome.error, outcome.etag, outcome.last_modified, outcome.body_hash) == (None, '"e2"', "m1", "h")


async def test_what_a_feed_asks_for_is_remembered_over_a_304() -> None:
    asked = b"<skipHours><hour>13</hour></skipHours><skipDays><day>Sunday</day></skipDays><ttl>95</ttl></channel>"
    outcome, _, _ = await ask(feed(), ok(body=body().replace(b"</channel>", asked)))
    assert outcome.parsed
    assert (outcome.ttl, outcome.skip_hours, outcome.skip_days) == (95, frozenset({13}), frozenset({6}))
    known = feed(etag='"e1"', ttl=95, skip_hours=frozenset({13}), skip_days=frozenset({6}))
    outcome, _, _ = await ask(known, Fetched(status=304, url=URL))
    assert not outcome.parsed
    assert outcome.next_fetch_at.hour == 14


async def test_the_same_body_again_is_not_parsed() -> None:
    first, _, _ = await ask(feed(), ok())
    workers = CountingWorkers()
    second, parsed, _ = await ask(after(feed(), first), ok(etag='"e3"'), workers)
    assert parsed is None
    assert workers.jobs == 0
    assert (second.error, second.etag, second.body_hash) == (None, '"e3"', first.body_hash)


async def test_a_200_without_validators_forgets_the_old_ones() -> None:
    outcome, _, _ = await ask(feed(etag='"old"', last_modified="old"), ok(etag=None, last_modified=None))
    assert (outcome.etag, outcome.last_modified) == (None, None)


async def test_a_permanent_move_is_believed_once_the_feed_has_parsed() -> None:
    moved = "https://new.example/feed"
    outcome, parsed, _ = await ask(feed(), ok(url=moved, permanent_url=moved))
    assert outcome.url == moved
    assert parsed is not None
    assert parsed.entries[0].url == "https://new.example/1"
    outcome, _, _ = await ask(feed(), ok(url=moved, permanent_url=moved, body=b"<html>parked</html>"))
    assert outcome.url is None
    assert outcome.error == "This is a web page, not a feed."


async def test_dates_are_credible() -> None:
    _, parsed, _ = await ask(feed(), ok(body=body("Wed, 25 Nov 2026 11:00:00 GMT")))
    assert parsed is not None
    assert parsed.entries[0].published == NOW
    _, parsed, _ = await ask(feed(), ok(body=body("Thu, 01 Jan 1970 00:00:00 GMT")))
    assert parsed is not None
    assert parsed.entries[0].published is None


@pytest.mark.parametrize(
    "error",
    [
        FetchError("s.example answers 500 Internal Server Error.", status=500),
        FetchError("s.example took longer than 20 seconds."),
        ForbiddenAddressError("s.example leads to a private address."),
    ],
)
async def test_failures_back_off_and_keep_what_is_known(error: FetchError) -> None:
    known = feed(errors=3, etag='"e"', last_modified="m", body_hash="h")
    outcome, parsed, _ = await ask(known, error)
    assert parsed is None
    assert outcome.error == str(error)
    assert (outcome.etag, outcome.last_modified, outcome.body_hash, outcome.active) == ('"e"', "m", "h", True)
    assert timedelta(hours=8) <= outcome.next_fetch_at - NOW <= timedelta(hours=8.8)


async def test_a_feed_is_not_asked_before_retry_after() -> None:
    error = FetchError("s.example answers 429 Too Many Requests.", status=429, retry_after=50_000.0)
    outcome, _, _ = await ask(feed(), error)
    assert outcome.next_fetch_at >= NOW + timedelta(seconds=50_000)


async def test_410_switches_the_feed_off() -> None:
    outcome, _, _ = await ask(feed(), FetchError("s.example answers 410 Gone.", status=410))
    assert not outcome.active
    assert outcome.error == "s.example answers 410 Gone."


async def test_a_body_that_does_not_parse_is_an_error_and_asked_for_again() -> None:
    outcome, parsed, _ = await ask(feed(etag='"old"'), ok(body=b"not a feed"))
    assert parsed is None
    assert outcome.error == "This is no feed."
    assert (outcome.etag, outcome.body_hash) == ('"old"', None)


async def test_a_parser_that_was_killed_is_the_feeds_error() -> None:
    outcome, parsed, _ = await ask(feed(), ok(), DeadWorkers())
    assert parsed is None
    assert outcome.error == "parse_feed took longer than 5 seconds."


async def test_a_month_of_failures_switches_the_feed_off() -> None:
    error = FetchError("s.example took longer than 20 seconds.")
    outcome, _, _ = await ask(feed(errors=30, failing_since=NOW - timedelta(days=29)), error)
    assert outcome.active
    outcome, _, _ = await ask(feed(errors=30, failing_since=NOW - timedelta(days=30)), error)
    assert not outcome.active
