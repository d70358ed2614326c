"""TelegramTransport: what each answer of the Bot API means for a message, over real HTTP to the loopback server."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from telegram.error import Conflict, TelegramError
from telegram.ext import ExtBot

from bot.delivery.limiter import PacedRateLimiter
from bot.delivery.pacer import Pacer
from bot.delivery.transport import TelegramTransport, outcome_of, preview_options
from bot.playground.api import BotApiServer, World
from bot.playground.api.faults import Fault
from bot.playground.api.limits import FloodControl, Limits
from bot.playground.api.state import SARA
from bot.telegram_request import AiohttpRequest
from bot.view import Message
from digests.model import Subscriber
from tests.fakes.clock import MORNING

TOKEN = "4242:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
HELLO = Message(html="<b>Hello</b>", plain="Hello")
READER = Subscriber(id=1, chat_id=SARA, created_at=MORNING)


class Line:
    """A transport to a loopback server."""

    def __init__(self, server: BotApiServer) -> None:
        self.server, self.world = server, server.world
        self.pacer = Pacer(1000.0)
        self.bot: ExtBot[PacedRateLimiter] = ExtBot(
            TOKEN,
            base_url=server.base_url,
            base_file_url=server.base_file_url,
            request=AiohttpRequest(read=5.0, trust_env=False),
            get_updates_request=AiohttpRequest(connections=1, trust_env=False),
            rate_limiter=PacedRateLimiter(self.pacer),
        )
        self.transport = TelegramTransport(self.bot)

    async def send(self, message: Message = HELLO, *, to: Subscriber = READER):
        return await self.transport.send(to, message, turn="taken")

    async def after(self, **fault: object):
        """What becomes of a message that meets this fault."""
        self.world.faults.add(Fault(method="sendMessage", **fault))
        return await self.send()

    @property
    def texts(self) -> list[str]:
        return [sent.text for sent in self.world.sent]


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with BotApiServer(World()) as server:
        line = Line(server)
        async with line.bot:
            yield line


async def test_a_message_arrives_and_its_id_is_told(line: Line) -> None:
    outcome = await line.send(replace(HELLO, silent=True))
    (sent,) = line.world.sent
    assert (outcome.kind, outcome.message_id, sent.text) == ("sent", sent.message_id, "Hello")
    assert line.world.chats[SARA].posts[sent.message_id].silent


async def test_a_message_goes_into_the_thread_of_its_subscriber(line: Line) -> None:
    group = line.world.add_group("Readers", forum=True)
    thread = line.world.add_topic(group.id, "News")
    outcome = await line.send(to=replace(READER, chat_id=group.id, thread_id=thread))
    assert outcome.kind == "sent"
    assert line.world.sent[-1].message["message_thread_id"] == thread


async def test_a_thread_that_was_deleted_is_closed_and_not_the_whole_chat(line: Line) -> None:
    group = line.world.add_group("Readers", forum=True)
    outcome = await line.send(to=replace(READER, chat_id=group.id, thread_id=4711))
    assert outcome.kind == "closed"


async def test_blocked_is_gone(line: Line) -> None:
    line.world.block()
    outcome = await line.send()
    assert outcome.kind == "gone"
    assert "blocked" in outcome.reason


async def test_deactivated_is_gone(line: Line) -> None:
    line.world.deactivate(SARA)
    assert (await line.send()).kind == "gone"


@pytest.mark.parametrize("status", ["kicked", "left"])
async def test_kicked_or_no_member_is_gone(line: Line, status: str) -> None:
    group = line.world.add_group("Readers")
    line.world.set_bot_status(group.id, status)
    assert (await line.send(to=replace(READER, chat_id=group.id))).kind == "gone"


async def test_an_unknown_chat_is_gone(line: Line) -> None:
    assert (await line.send(to=replace(READER, chat_id=987654))).kind == "gone"


async def test_no_right_to_post_is_gone(line: Line) -> None:
    channel = line.world.add_group("Channel", "channel", bot_status="member")
    assert (await line.send(to=replace(READER, chat_id=channel.id))).kind == "gone"


@pytest.mark.parametrize(
    ("description", "kind"),
    [
        ("Bad Request: not enough rights to send text messages to the chat", "gone"),
        ("Bad Request: have no rights to send a message", "gone"),
        ("Bad Request: CHAT_WRITE_FORBIDDEN", "gone"),
        ("Bad Request: group chat was deactivated", "gone"),
        ("Bad Request: PEER_ID_INVALID", "gone"),
        ("Bad Request: TOPIC_CLOSED", "closed"),
        ("Bad Request: message is too long", "failed"),
        ("Bad Request: BUTTON_DATA_INVALID", "failed"),
    ],
)
async def test_refusals_are_of_the_chat_the_thread_or_the_message(line: Line, description: str, kind: str) -> None:
    outcome = await line.after(error_code=400, description=description)
    assert outcome.kind == kind
    assert line.texts == []


async def test_a_group_that_became_a_supergroup_names_its_new_id(line: Line) -> None:
    group = line.world.add_group("Readers", "group")
    new = line.world.migrate(group.id)
    outcome = await line.send(to=replace(READER, chat_id=group.id))
    assert (outcome.kind, outcome.new_chat_id) == ("migrated", new.id)


BROKEN = Message(html="a <b>broken", plain="a broken")


async def test_entities_that_cant_be_parsed_go_once_more_as_plain_text(line: Line) -> None:
    """Each time with a turn of its own: the first answer says that nothing was sent."""
    first = await line.send(BROKEN)
    assert first.kind == "again"
    assert "parse entities" in first.reason
    assert line.texts == []
    assert (await line.send(BROKEN)).kind == "sent"
    assert line.texts == ["a broken"]
    assert line.world.calls["sendMessage"] == 2


async def test_what_went_plain_once_is_not_plain_for_ever_nor_for_others(line: Line) -> None:
    await line.send(BROKEN)
    line.world.add_person(77, first_name="Omid")
    await line.send(replace(BROKEN, html="a <b>fine</b>"), to=replace(READER, chat_id=77))
    assert line.texts == ["a fine"]
    assert (await line.send(BROKEN)).kind == "sent"
    assert (await line.send(BROKEN)).kind == "again"


async def test_plain_text_waits_for_a_better_moment_as_any_message_does(line: Line) -> None:
    await line.send(BROKEN)
    outcome = await line.after(error_code=502, description="Bad Gateway")
    assert outcome.kind == "again"
    line.world.faults.add(Fault(method="sendMessage", error_code=502))
    assert (await line.send(BROKEN)).kind == "again"
    assert (await line.send(BROKEN)).kind == "sent"
    assert line.texts == ["a broken"]


async def test_plain_text_that_is_refused_as_well_has_failed(line: Line) -> None:
    message = replace(BROKEN, plain=" ")
    assert (await line.send(message)).kind == "again"
    assert (await line.send(message)).kind == "failed"
    assert line.world.calls["sendMessage"] == 2


async def test_a_message_that_is_too_long_has_failed(line: Line) -> None:
    outcome = await line.send(Message(html="x" * 4097, plain="x" * 4097))
    assert outcome.kind == "failed"
    assert "too long" in outcome.reason


async def test_only_digests_are_paid_for(line: Line) -> None:
    line.world.flood = FloodControl(Limits(overall=1, paid=3, chat_rate=None, group_minute=None))
    paying = TelegramTransport(line.bot, paid=True)
    paid = [(await paying.send(READER, HELLO, turn="taken")).kind for _ in range(3)]
    assert paid == ["sent"] * 3
    assert (await line.send()).kind == "sent"
    assert (await line.send()).kind == "flood"


async def test_what_the_bot_cant_pay_for_is_sent_without_paying(line: Line) -> None:
    line.transport = TelegramTransport(line.bot, paid=True)
    refused = "Bad Request: BALANCE_TOO_LOW"
    outcome = await line.after(error_code=400, description=refused)
    assert (outcome.kind, line.texts) == ("sent", ["Hello"])
    assert (await line.after(error_code=400, description="Bad Request: message is too long")).kind == "failed"


async def test_a_flood_wait_tells_its_seconds_and_halts_the_bot(line: Line) -> None:
    outcome = await line.after(error_code=429, description="Too Many Requests: retry after 17", retry_after=17)
    assert (outcome.kind, outcome.seconds) == ("flood", 17.0)
    assert 16.0 < line.pacer.halted <= 17.0


@pytest.mark.parametrize("code", [500, 502, 503])
async def test_an_error_on_telegrams_side_is_tried_again(line: Line, code: int) -> None:
    assert (await line.after(error_code=code, description="Internal Server Error")).kind == "again"
    assert (await line.after(body="<html>Bad Gateway</html>", status=code)).kind == "again"


async def test_a_token_that_is_refused_is_tried_again(line: Line) -> None:
    assert (await line.after(error_code=401, description="Unauthorized")).kind == "again"


async def test_without_a_connection_nothing_was_sent(line: Line) -> None:
    await line.server.stop()
    outcome = await line.send()
    assert outcome.kind == "again"
    assert TOKEN not in outcome.reason


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_a_connection_that_is_cut_leaves_it_uncertain(line: Line, cut: str) -> None:
    outcome = await line.after(cut=cut)
    assert outcome.kind == "uncertain"
    assert TOKEN not in outcome.reason
    assert len(line.texts) == (cut == "after")


async def test_silence_leaves_it_uncertain(line: Line) -> None:
    line.bot.request._read = 0.05
    assert (await line.after(cut="never-answer")).kind == "uncertain"
    assert line.texts == ["Hello"]


@pytest.mark.parametrize(
    "body", ["not json", "[]", "{}", '{"ok": true}', '{"ok": true, "result": 5}', '{"ok": true, "result": {}}']
)
async def test_an_answer_that_is_malformed_leaves_it_uncertain(line: Line, body: str) -> None:
    assert (await line.after(body=body)).kind == "uncertain"


def test_what_nobody_foresaw_is_uncertain() -> None:
    assert outcome_of(TelegramError("?")).kind == "uncertain"
    assert outcome_of(Conflict("?")).kind == "uncertain"


def test_a_preview_is_asked_for_or_switched_off() -> None:
    assert preview_options(HELLO).is_disabled
    small = preview_options(replace(HELLO, preview="https://a.example/"))
    assert (small.url, small.prefer_small_media, small.prefer_large_media) == ("https://a.example/", True, None)
    large = preview_options(replace(HELLO, preview="https://a.example/", preview_large=True, preview_above=True))
    assert (large.prefer_small_media, large.prefer_large_media, large.show_above_text) == (None, True, True)


RICH = replace(HELLO, rich="<h3>Hello</h3>", rtl=True)


async def test_a_rich_message_goes_as_such_where_the_server_takes_it(line: Line) -> None:
    outcome = await line.send(RICH)
    (sent,) = line.world.sent
    assert (outcome.kind, outcome.message_id, sent.method) == ("sent", sent.message_id, "sendRichMessage")
    assert sent.message["rich_message"]["html"] == "<h3>Hello</h3>"
    assert sent.message["rich_message"]["is_rtl"]


async def test_a_rich_message_that_is_refused_goes_as_html_and_the_next_one_as_rich(line: Line) -> None:
    line.world.faults.add(Fault(method="sendRichMessage", error_code=400, description="Bad Request: no"))
    assert (await line.send(RICH)).kind == "again"
    assert (await line.send(replace(RICH, html="<b>Bye</b>"))).kind == "sent"
    line.world.faults.add(Fault(method="sendMessage", error_code=429, retry_after=7))
    assert (await line.send(RICH)).kind == "flood"
    for _ in range(2):
        assert (await line.send(RICH)).kind == "sent"
    assert [sent.method for sent in line.world.sent] == ["sendRichMessage", "sendMessage", "sendRichMessage"]


async def test_a_token_that_is_refused_says_nothing_about_rich_messages(line: Line) -> None:
    line.world.faults.add(Fault(method="sendRichMessage", error_code=401, description="Unauthorized"))
    assert [(await line.send(RICH)).kind for _ in range(2)] == ["again", "sent"]
    assert line.world.sent[0].method == "sendRichMessage"


async def test_a_rich_message_that_can_be_sent_in_no_way_but_plainly_is(line: Line) -> None:
    line.world.faults.add(Fault(method="sendRichMessage", error_code=400, description="Bad Request: no"))
    line.world.faults.add(
        Fault(method="sendMessage", error_code=400, description="Bad Request: can't parse entities: no")
    )
    assert [(await line.send(RICH)).kind for _ in range(3)] == ["again", "again", "sent"]
    assert line.texts == ["Hello"]
    assert not line.world.sent[0].message.get("entities")


@pytest.mark.parametrize(
    "fault",
    [
        {"error_code": 404, "description": "Not Found"},
        {"error_code": 404, "description": "Not Found: method not found"},
        {"error_code": 400, "description": "Bad Request: method not found"},
    ],
)
async def test_a_server_without_rich_messages_gets_none_any_more(line: Line, fault: dict[str, object]) -> None:
    line.world.faults.add(Fault(method="sendRichMessage", **fault))
    assert (await line.send(RICH)).kind == "again"
    for _ in range(2):
        assert (await line.send(RICH)).kind == "sent"
    assert [sent.method for sent in line.world.sent] == ["sendMessage", "sendMessage"]
    assert line.texts == ["Hello", "Hello"]


async def test_a_rich_message_meets_other_faults_as_any_message_does(line: Line) -> None:
    line.world.faults.add(Fault(method="sendRichMessage", error_code=429, retry_after=7))
    assert (await line.send(RICH)).kind == "flood"
    line.world.faults.add(Fault(method="sendRichMessage", error_code=403, description="Forbidden: bot was blocked"))
    assert (await line.send(RICH)).kind == "gone"
    line.world.faults.add(Fault(method="sendRichMessage", cut="after"))
    assert (await line.send(RICH)).kind == "uncertain"
