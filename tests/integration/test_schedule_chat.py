"""When digests come, as readers say it: days and topics of single times, quiet hours, pauses, lengths."""

from datetime import time, timedelta

import pytest

from digests.model import EVERY_DAY, Slot, Wish
from digests.schedule import is_quiet
from tests.fakes.reader import Reader
from tests.integration.test_onboarding import stored

WORKING = frozenset(range(5))
BUSINESS, CULTURE = Wish("topic", "business"), Wish("topic", "culture")


async def times(reader: Reader) -> list[tuple[str, frozenset[int], tuple[Wish, ...]]]:
    return [(f"{slot.at:%H:%M}", slot.weekdays, slot.wishes) for slot in (await stored(reader)).slots]


async def test_topics_have_times_of_their_own(reader: Reader) -> None:
    await reader.say("/start")
    await reader.say("/time 07:00 weekdays business")
    answer = await reader.ask("/time 09:00 sat culture")
    assert "• 07:00, on working days: 💼 Business" in answer.text
    assert "• 08:00, every day\n" in answer.text
    assert await times(reader) == [
        ("07:00", WORKING, (BUSINESS,)), ("08:00", EVERY_DAY, ()), ("09:00", frozenset({5}), (CULTURE,)),
    ]  # fmt: skip
    assert "a time of its own" in (await reader.ask("/time 08:00 sun culture")).text
    await reader.say("/time -7:00")
    assert [at for at, _, _ in await times(reader)] == ["08:00", "09:00"]
    await reader.say("/time off")
    assert await times(reader) == []


async def test_a_word_that_is_not_understood_is_named(reader: Reader) -> None:
    assert "blursday" in (await reader.ask("/time 8 blursday")).text
    assert "25:99" in (await reader.ask("/time 25:99")).text
    assert "Give at least one time" in (await reader.ask("/time weekdays")).text


async def test_a_persian_schedule(reader: Reader) -> None:
    await reader.say("/language fa")
    await reader.say("/timezone تهران")
    await reader.say("/time ۷:۰۰ روزهای کاری اقتصاد")
    assert await times(reader) == [("07:00", EVERY_DAY - {4}, (BUSINESS,))]


async def test_days_and_topics_of_one_time_by_button(reader: Reader) -> None:
    await reader.say("/start")
    page = await reader.ask("/time")
    assert "Next: " in page.text
    (slot,) = await reader.press("08:00: days and topics")
    assert slot.message_id == page.message_id
    await reader.press("Workdays")
    await reader.press("✅ Fri")
    await reader.press("💼 Business")
    assert await times(reader) == [("08:00", WORKING - {4}, (BUSINESS,))]
    await reader.press("Everything I follow")
    assert await times(reader) == [("08:00", WORKING - {4}, ())]
    (dropped,) = await reader.press("Drop this time")
    assert "none, only when you ask" in dropped.text
    await reader.press_data("1td:0800:127", message_id=page.message_id)
    await reader.press_data("1tw:0800:0123456789", message_id=page.message_id)
    reader.forgive("message is not modified")
    assert await times(reader) == []


async def test_quiet_hours(reader: Reader) -> None:
    await reader.say("/quiet")
    await reader.press("22:00–07:00")
    assert (await stored(reader)).quiet == (time(22), time(7))
    assert "22:30–06:45" in (await reader.ask("/quiet 22:30 - 6:45")).text
    subscriber = await stored(reader)
    assert is_quiet(subscriber, reader.now().replace(hour=23))
    assert "no quiet hours" in (await reader.ask("/quiet 8 8")).text
    assert (await stored(reader)).quiet is None
    for wrong in ("/quiet soon", "/quiet 22", "/quiet 1 2 3", "/quiet 25 26"):
        assert "/quiet 22:30 06:45" in (await reader.ask(wrong)).text


@pytest.mark.parametrize("words", ["3d", "3 days"])
async def test_a_pause_that_ends_by_itself(reader: Reader, words: str) -> None:
    await reader.say("/start")
    answer = await reader.ask(f"/pause {words}")
    assert "Paused until" in answer.text
    assert "Next: Friday 08:00" in answer.text or "Next: " in answer.text
    subscriber = await stored(reader)
    assert subscriber.paused
    assert subscriber.resume_at is not None
    assert subscriber.resume_at.date() == reader.now().date() + timedelta(days=3)
    assert subscriber.next_due_at is not None
    assert subscriber.next_due_at > subscriber.resume_at
    await reader.press("Resume")
    subscriber = await stored(reader)
    assert not subscriber.paused
    assert subscriber.resume_at is None
    assert subscriber.next_due_at is not None
    assert subscriber.next_due_at < reader.now() + timedelta(days=1)


async def test_a_pause_ends_on_its_date_in_another_zone_too(reader: Reader) -> None:
    await reader.say("/start")
    until = (await reader.ask("/pause 3 days")).text.splitlines()[0]
    await reader.say("/timezone Honolulu")
    assert until in (await reader.ask("/settings")).text


async def test_an_open_pause_can_be_given_an_end(reader: Reader) -> None:
    await reader.say("/start")
    await reader.say("/pause")
    assert (await stored(reader)).resume_at is None
    await reader.press("7 days")
    assert (await stored(reader)).resume_at is not None
    assert "/pause 3 days" in (await reader.ask("/pause whenever")).text


async def test_a_digest_of_two_minutes(reader: Reader) -> None:
    await reader.say("/settings")
    await reader.press("📏")
    (page,) = await reader.press("2 min")
    assert "✅ 2 min" in page.buttons
    assert (await stored(reader)).minutes == 2


async def test_setting_a_time_twice_is_no_new_one(reader: Reader) -> None:
    await reader.say("/time 7")
    await reader.say("/time 7 07:00")
    assert (await stored(reader)).slots == (Slot(time(7)),)
