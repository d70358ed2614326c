"""What Telegram shows of the bot: menus, descriptions, and its name in each language."""

from bot import commands, menus
from bot.playground.api.faults import Fault
from tests.fakes.reader import Reader


async def test_the_name_is_spelt_as_each_language_does_and_set_once(reader: Reader) -> None:
    await menus.publish(reader.running.app.bot, commands.COMMANDS)
    assert reader.world.profile.names["fa"] == "بازتاب"
    reader.world.faults.add(Fault(method="setMyName", error_code=400))
    await menus.publish(reader.running.app.bot, commands.COMMANDS)
    assert len(reader.world.faults.pending) == 1


async def test_a_name_that_was_set_too_often_waits(reader: Reader) -> None:
    reader.world.faults.add(Fault(method="setMyName", error_code=429, retry_after=80_000))
    await menus.publish(reader.running.app.bot, commands.COMMANDS)
    assert reader.world.profile.names == {"": "Baztab"}
    reader.forgive("Scripted failure")
    assert (await reader.ask("/help")).text


async def test_a_bot_that_its_owner_calls_otherwise_keeps_its_name(reader: Reader) -> None:
    await reader.running.app.bot.set_my_name("Morning Post")
    await menus.publish(reader.running.app.bot, commands.COMMANDS)
    assert "fa" not in reader.world.profile.names
