"""Every button that a reader meets, pressed twice, after a restart and a week, and under a message that is gone."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot import callbacks
from bot.callbacks import decode
from bot.commands import TAPS
from bot.playground.api.state import Sent
from bot.playground.demo import open_playground
from bot.wiring import open_bot
from config.catalog import CatalogFeed
from digests.workers import InlineWorkers
from tests.fakes.clock import SetClock
from tests.fakes.reader import Reader

TROUBLE = "Something went wrong"
EXPIRED = "too long ago"
LEAVING = (callbacks.Stop, callbacks.Close, callbacks.Pause, callbacks.SetLanguage, callbacks.SetupLanguage)
"""What changes all else: pressed in tests of their own."""


async def scenes(reader: Reader) -> list[Sent]:
    """Messages with the buttons of reading: digests, cards and what opens from them, lists, saved stories."""
    shown = list(await reader.say("/start"))
    digest = shown[-1]
    for label in ("🔖 Save", "👍", "👎"):
        shown += await reader.press(label, message_id=digest.message_id)
        shown += await reader.press("1", message_id=digest.message_id)
        shown += await reader.press("‹ Done", message_id=digest.message_id)
    shown += (cards := await reader.press("1", message_id=digest.message_id))
    for label in ("How summarised", "Why this?", "More, less, mute…"):
        shown += await reader.press(label, message_id=cards[0].message_id)
        await reader.press("Back to the story", message_id=cards[0].message_id)
    for said in ("/latest", "/search earthquake", "/saved", "/settings"):
        shown += await reader.say(said)
    shown += await reader.press("Remove…")
    return shown


def buttons(shown: list[Sent]) -> Iterator[tuple[int, str]]:
    """The message and data of each button of a kind, as it was last shown."""
    found: dict[str, tuple[int, str]] = {}
    for sent in shown:
        for data in sent.buttons.values():
            callback = decode(data)
            if callback is not None and not isinstance(callback, LEAVING):
                found[f"{callback.code}{len(found) if isinstance(callback, callbacks.OpenSettings) else ''}"] = (
                    sent.message_id,
                    data,
                )
    yield from found.values()


def no_trouble(reader: Reader) -> None:
    reader.forgive("message is not modified")
    assert not [sent for sent in reader.world.sent if TROUBLE in sent.text]
    assert TROUBLE not in reader.last_toast()


async def test_a_double_tap_on_any_button_does_it_once(reader: Reader) -> None:
    for message_id, data in buttons(await scenes(reader)):
        await reader.press_data(data, message_id=message_id)
        await reader.press_data(data, message_id=message_id)
        no_trouble(reader)
    saved = await reader.running.news.storage.saved.items(1, limit=50)
    assert len({item.story_id for item in saved}) == len(saved)


async def test_a_tap_on_a_message_that_is_gone_is_carried_out_all_the_same(reader: Reader) -> None:
    shown = await scenes(reader)
    chat = reader.world.find_chat(reader.chat_id)
    reader.world.delete(chat, [sent.message_id for sent in shown])
    for message_id, data in buttons(shown):
        await reader.press_data(data, message_id=message_id)
        reader.forgive("message to edit not found")
        no_trouble(reader)


async def test_two_devices_at_once_store_a_story_once(reader: Reader) -> None:
    _, digest = await reader.say("/start")
    (card,) = await reader.press("1", message_id=digest.message_id)
    for _ in range(2):
        reader.world.press(card.message_id, card.buttons["🔖 Save"], forged=True)
    for _ in range(2):
        reader.world.press(digest.message_id, f"1dm:{card.buttons['🔖 Save'].split(':')[3]}", forged=True)
    await reader.settle()
    no_trouble(reader)
    storage = reader.running.news.storage
    assert await storage.saved.count(1) == 1
    assert len([sent for sent in reader.world.sent if "More stories" in sent.text.partition("\n")[0]]) <= 1


async def test_strangers_in_a_group_change_nothing(reader: Reader) -> None:
    group = reader.world.add_group("News room", "supergroup")
    reader.world.add_person(2002, first_name="Omid")
    reader.world.join(group.id, 2002)
    await reader.settle()
    owner = reader.elsewhere(chat_id=group.id, user_id=1001)
    stranger = reader.elsewhere(chat_id=group.id, user_id=2002)
    shown = [*await owner.say("/start@BaztabBot"), *await owner.say("/settings@BaztabBot")]
    storage = reader.running.news.storage
    before = await storage.subscribers.get(group.id)
    pressed = 0
    for message_id, data in buttons(shown):
        if TAPS[type(decode(data))].sets_up:
            pressed += 1
            assert await stranger.press_data(data, message_id=message_id) == []
            assert "administrators" in stranger.last_toast()
    assert pressed >= 5
    assert await storage.subscribers.get(group.id) == before
    no_trouble(reader)


# ── a week later, in another process ─────────────────────────────────────────────────────────────────────────────────


@pytest_asyncio.fixture
async def later(
    sample_news: tuple[Path, list[CatalogFeed]], tmp_path: Path
) -> AsyncIterator[tuple[Reader, list[Sent], SetClock]]:
    """Sara a week after she met the bot, which was started anew meanwhile; with what she was shown then."""
    database, clock = tmp_path / "bot.sqlite3", SetClock(datetime.now(UTC))
    shutil.copy(sample_news[0], database)
    async with AsyncExitStack() as stack:
        server, news = await open_playground(
            stack, catalog=sample_news[1], database=database, workers=InlineWorkers(), clock=clock
        )
        async with open_bot(news) as running:
            running.services.first_news.set()
            shown = await scenes(Reader(server.world, running))
        clock.move(days=7)
        await news.prune()
        running = await stack.enter_async_context(open_bot(news))
        running.services.first_news.set()
        sara = Reader(server.world, running)
        sara.forgive("message is not modified")
        yield sara, shown, clock
        assert [(refused.method, refused.description) for refused in server.world.refused] == []


async def test_every_button_works_after_a_restart_and_a_week(later: tuple[Reader, list[Sent], SetClock]) -> None:
    reader, shown, _ = later
    for message_id, data in buttons(shown):
        await reader.press_data(data, message_id=message_id)
        no_trouble(reader)
        assert EXPIRED not in reader.last_toast(), data


@pytest.mark.parametrize("days", [40])
async def test_long_after_that_buttons_say_so(later: tuple[Reader, list[Sent], SetClock], days: int) -> None:
    reader, shown, clock = later
    clock.move(days=days)
    await reader.running.news.prune()
    told = 0
    for message_id, data in buttons(shown):
        await reader.press_data(data, message_id=message_id)
        no_trouble(reader)
        told += EXPIRED in reader.last_toast()
    assert told >= 5
