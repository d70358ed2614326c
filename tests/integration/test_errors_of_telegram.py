"""Telegram's errors, from the answer of the Bot API to what stands in the ledger and what arrives in the chat."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from telegram.ext import ExtBot

from bot.delivery.limiter import PacedRateLimiter
from bot.delivery.pacer import Pacer
from bot.delivery.transport import TelegramTransport
from bot.delivery.worker import DeliveryPolicy, DeliveryWorkers
from bot.playground.api import BotApiServer, World
from bot.playground.api.faults import Fault
from bot.playground.api.state import SARA
from bot.telegram_request import AiohttpRequest
from bot.view import Message
from digests.model import Delivery, Digest, NewDelivery, Subscriber
from digests.storage import SqlStorage
from tests.fakes.clock import MORNING, SetClock

EMPTY = Digest(since=MORNING - timedelta(days=1), until=MORNING)
PLAIN_HTML = Message(html="<b>News</b>", plain="News")


class Post:
    """Workers over a real ledger, the real transport and a Bot API on loopback."""

    def __init__(self, storage: SqlStorage, server: BotApiServer) -> None:
        self.storage, self.server, self.world = storage, server, server.world
        self.clock = SetClock()
        self.pacer = Pacer(1e6)
        self.messages: Sequence[Message] = [PLAIN_HTML]
        self.failures: list[str] = []
        self.bot: ExtBot[PacedRateLimiter] = ExtBot(
            "4242:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
            base_url=server.base_url,
            base_file_url=server.base_file_url,
            request=AiohttpRequest(read=5.0, trust_env=False),
            get_updates_request=AiohttpRequest(connections=1, trust_env=False),
            rate_limiter=PacedRateLimiter(self.pacer),
        )
        self.transport = TelegramTransport(self.bot)

    async def owe(self, chat_id: int = SARA, thread_id: int = 0) -> Subscriber:
        new = Subscriber(id=0, chat_id=chat_id, thread_id=thread_id, created_at=MORNING)
        one = await self.storage.subscribers.create(new)
        await self.storage.ledger.enqueue(
            [NewDelivery(subscriber_id=one.id, digest=EMPTY, due_at=MORNING)], now=self.clock()
        )
        return one

    async def send(self, *, uncertain: str = "resend", after: float = 0.0) -> dict[str, int]:
        """Send what is due so many seconds later; the deliveries by state."""
        self.clock.move(seconds=after)

        async def report(_: Delivery, reason: str) -> None:
            self.failures.append(reason)

        workers = DeliveryWorkers(
            "one",
            self.storage,
            self.transport,
            self.pacer,
            lambda *_: self.messages,
            clock=self.clock,
            policy=DeliveryPolicy(uncertain=uncertain),
            on_failure=report,
        )
        await workers.drain()
        return {state: count for state, count in (await self.storage.ledger.counts()).items() if count}

    async def met(self, *, uncertain: str = "resend", **fault: object) -> dict[str, int]:
        """What becomes of a digest that meets this fault."""
        self.world.faults.add(Fault(**({"method": "sendMessage"} | fault)))
        await self.owe()
        return await self.send(uncertain=uncertain)

    @property
    def texts(self) -> list[str]:
        return [sent.text for sent in self.world.sent]


@pytest.fixture
async def post(sqlite_storage: SqlStorage) -> AsyncIterator[Post]:
    async with BotApiServer(World()) as server:
        post = Post(sqlite_storage, server)
        async with post.bot:
            yield post


@pytest.mark.parametrize(
    "fault",
    [
        {"error_code": 500, "description": "Internal Server Error"},
        {"error_code": 502, "description": "Bad Gateway"},
        {"body": "<html>Bad Gateway</html>", "status": 502},
    ],
)
@pytest.mark.parametrize("uncertain", ["resend", "drop"])
async def test_what_failed_on_telegrams_side_is_sent_again(
    post: Post, fault: dict[str, object], uncertain: str
) -> None:
    assert await post.met(uncertain=uncertain, **fault) == {"pending": 1}
    assert await post.send(uncertain=uncertain, after=60) == {"sent": 1}
    assert post.texts == ["News"]


async def test_what_met_no_server_is_sent_when_there_is_one(post: Post) -> None:
    await post.owe()
    await post.server.stop()
    assert await post.send(uncertain="drop") == {"pending": 1}
    port = post.server.port
    await post.server.start()
    assert post.server.port == port
    assert await post.send(uncertain="drop", after=60) == {"sent": 1}


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [
        ({"cut": "before"}, 0),
        ({"cut": "after"}, 1),
        ({"cut": "never-answer"}, 1),
        ({"body": "not json"}, 0),
        ({"body": '{"ok": true}'}, 0),
        ({"body": '{"ok": true, "result": 5}'}, 0),
    ],
)
async def test_what_nobody_knows_about_is_dropped_or_sent_again_as_set(
    post: Post, fault: dict[str, object], arrived: int
) -> None:
    post.bot.request._read = 0.2 if fault.get("cut") == "never-answer" else 5.0
    assert await post.met(uncertain="drop", **fault) == {"uncertain": 1}
    assert await post.send(uncertain="drop", after=3600) == {"uncertain": 1}
    assert len(post.texts) == arrived
    post.world.faults.add(Fault(**({"method": "sendMessage"} | fault)))
    await post.storage.ledger.enqueue(
        [NewDelivery(subscriber_id=1, digest=EMPTY, due_at=post.clock())], now=post.clock()
    )
    assert await post.send() == {"uncertain": 1, "pending": 1}
    assert await post.send(after=60) == {"uncertain": 1, "sent": 1}
    assert len(post.texts) == 2 * arrived + 1


async def test_blocked_and_deactivated_readers_are_gone(post: Post) -> None:
    post.world.add_person(77, first_name="Omid")
    post.world.block()
    post.world.deactivate(77)
    await post.owe()
    await post.owe(77)
    assert await post.send() == {"gone": 2}
    assert (await post.storage.subscribers.counts())["gone"] == 2
    assert post.failures == []


@pytest.mark.parametrize("status", ["kicked", "left"])
async def test_a_group_that_the_bot_is_out_of_is_gone(post: Post, status: str) -> None:
    group = post.world.add_group("Readers")
    post.world.set_bot_status(group.id, status)
    await post.owe(group.id)
    assert await post.send() == {"gone": 1}


async def test_a_group_that_became_a_supergroup_gets_its_digest_under_its_new_id(post: Post) -> None:
    group = post.world.add_group("Readers", "group")
    one = await post.owe(group.id)
    new = post.world.migrate(group.id)
    assert await post.send() == {"sent": 1}
    moved = await post.storage.subscribers.by_id(one.id)
    assert moved is not None
    assert moved.chat_id == new.id
    assert post.world.sent[-1].chat_id == new.id


async def test_a_thread_that_was_deleted_ends_and_the_group_goes_on(post: Post) -> None:
    group = post.world.add_group("Readers", forum=True)
    thread = await post.owe(group.id, thread_id=4711)
    whole = await post.owe(group.id)
    assert await post.send() == {"gone": 1, "sent": 1}
    found = await post.storage.subscribers.by_ids([thread.id, whole.id])
    assert (found[thread.id].gone, found[whole.id].gone) == (True, False)


async def test_entities_that_cant_be_parsed_cost_one_more_try_as_plain_text(post: Post) -> None:
    post.messages = [Message(html="<b>News", plain="News")]
    await post.owe()
    assert await post.send() == {"pending": 1}
    assert post.texts == []
    assert await post.send(after=60) == {"sent": 1}
    assert post.texts == ["News"]


async def test_a_message_that_is_too_long_is_a_dead_letter_of_which_administrators_hear(post: Post) -> None:
    post.messages = [Message(html="x" * 4097, plain="x" * 4097)]
    await post.owe()
    assert await post.send() == {"failed": 1}
    assert len(post.failures) == 1
    assert "too long" in post.failures[0]
    ((_, why),) = await post.storage.ledger.failures()
    assert "too long" in why


async def test_a_flood_wait_puts_it_back_and_halts_everything_else(post: Post) -> None:
    assert await post.met(error_code=429, description="Too Many Requests", retry_after=7) == {"pending": 1}
    assert post.pacer.halted > 0
    assert await post.storage.ledger.claim("other", now=post.clock(), limit=9) == []
    (later,) = await post.storage.ledger.claim("other", now=post.clock() + timedelta(seconds=7), limit=9)
    assert later.attempts == 2
