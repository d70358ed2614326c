"""PacedRateLimiter: every call waits for its turn, flood waits halt the bot, replies are tried again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.delivery.limiter import LONGEST_WAIT, TRIES, PacedRateLimiter, Turn, seconds_of
from bot.delivery.pacer import Pacer
from bot.telegram_request import NotSentError, UncertainError
from tests.fakes.clock import VirtualTime


class Calls:
    """A limiter in virtual time, over a call that raises what the script says, and answers then."""

    def __init__(self, *script: Exception) -> None:
        self.time = VirtualTime()
        self.start = self.time.now
        self.pacer = Pacer(10.0, clock=self.time.clock, sleep=self.time.sleep)
        self.limiter = PacedRateLimiter(self.pacer)
        self.made: list[float] = []
        self._script = list(script)

    async def _call(self, *args: Any, **kwargs: Any) -> bool:
        self.made.append(self.time.now - self.start)
        if self._script:
            raise self._script.pop(0)
        return True

    async def make(
        self, endpoint: str = "sendMessage", *, chat_id: object = 7, turn: Turn | None = None, times: int = 1
    ) -> Sequence[Any]:
        data = {} if chat_id is None else {"chat_id": chat_id}
        await self.limiter.initialize()
        made = await self.time.run(
            *(self.limiter.process_request(self._call, (), {}, endpoint, data, turn) for _ in range(times))
        )
        await self.limiter.shutdown()
        return made


async def test_sends_and_edits_are_paced_and_questions_are_not() -> None:
    for endpoint, last in (("sendMessage", 16.0), ("answerCallbackQuery", 0.0)):
        calls = Calls()
        assert await calls.make(endpoint, times=20) == [True] * 20
        assert max(calls.made) == pytest.approx(last), endpoint


async def test_taps_in_a_private_chat_are_answered_at_the_pace_of_the_bot() -> None:
    alone, group = Calls(), Calls()
    await alone.make("editMessageText", chat_id=1001, times=20)
    await group.make("editMessageText", chat_id=-1001, times=20)
    assert max(alone.made) < 4.0 < max(group.made)


@pytest.mark.parametrize("chat_id", ["@gazette", None])
async def test_a_call_to_a_chat_by_name_or_to_none_has_its_turn_too(chat_id: object) -> None:
    calls = Calls()
    await calls.make(chat_id=chat_id, times=12)
    assert max(calls.made) == pytest.approx(1.0)


async def test_who_has_waited_already_does_not_wait_again() -> None:
    calls = Calls()
    await calls.make(turn="taken", times=20)
    assert max(calls.made) == 0.0


async def test_a_reply_is_tried_again_when_the_flood_wait_is_over() -> None:
    calls = Calls(RetryAfter(5), RetryAfter(3))
    assert await calls.make() == [True]
    assert calls.made == pytest.approx([0.0, 5.0, 8.0], abs=0.5)


@pytest.mark.parametrize("error", [NotSentError("no route"), NetworkError("Bad Gateway")])
async def test_a_reply_that_surely_failed_is_tried_again(error: NetworkError) -> None:
    calls = Calls(error, error)
    assert await calls.make() == [True]
    assert calls.made == pytest.approx([0.0, 1.0, 3.0], abs=0.5)


@pytest.mark.parametrize("error", [UncertainError("no answer"), BadRequest("chat not found")])
async def test_a_reply_that_may_have_arrived_or_never_will_is_not(error: NetworkError) -> None:
    calls = Calls(error)
    with pytest.raises(type(error)):
        await calls.make()
    assert len(calls.made) == 1


async def test_a_digest_that_failed_goes_back_at_once() -> None:
    calls = Calls(NetworkError("Bad Gateway"))
    with pytest.raises(NetworkError):
        await calls.make(turn="taken")
    assert len(calls.made) == 1


async def test_a_reply_is_given_up_after_some_tries() -> None:
    calls = Calls(*(RetryAfter(1) for _ in range(TRIES)))
    with pytest.raises(RetryAfter):
        await calls.make()
    assert len(calls.made) == TRIES


async def test_a_digest_goes_back_at_once_and_everyone_waits() -> None:
    calls = Calls(RetryAfter(5))
    with pytest.raises(RetryAfter):
        await calls.make(turn="taken")
    assert calls.pacer.halted == 5.0
    await calls.make()
    assert calls.made[-1] == pytest.approx(5.0)


async def test_a_wait_that_no_reply_is_worth_goes_up_at_once() -> None:
    calls = Calls(RetryAfter(int(LONGEST_WAIT) + 1))
    with pytest.raises(RetryAfter):
        await calls.make()
    with pytest.raises(RetryAfter):
        await calls.make()
    assert len(calls.made) == 1


async def test_other_errors_are_not_tried_again() -> None:
    calls = Calls(BadRequest("no"))
    with pytest.raises(BadRequest):
        await calls.make()
    assert len(calls.made) == 1
    assert calls.pacer.halted == 0.0


def test_a_flood_wait_is_in_seconds_whichever_way_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert seconds_of(RetryAfter(timedelta(seconds=2))) == 2.0
    error = RetryAfter(7)
    monkeypatch.setattr(type(error), "retry_after", property(lambda _: 7))
    assert seconds_of(error) == 7.0
