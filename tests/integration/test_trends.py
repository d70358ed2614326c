"""/trends: a picture with a caption, shared for an hour; words alone where it can't be drawn."""

from bot.playground.api.files import image_size
from digests.errors import WorkerError
from tests.fakes.reader import Reader


async def test_the_week_comes_as_a_picture_in_both_languages(reader: Reader) -> None:
    await reader.say("/follow peace talks")
    (english,) = await reader.say("/trends")
    assert english.method == "sendPhoto"
    assert "In the news this week" in english.text
    assert "peace talks: " in english.text
    file = reader.world.files.get(english.message["photo"][0]["file_id"])
    assert file is not None
    assert image_size(file.body)[0] == 1140
    await reader.say("/language fa")
    (persian,) = await reader.say("/trends")
    assert "این هفته در خبرها" in persian.text


async def test_a_picture_is_drawn_once_for_readers_with_the_same_wishes(reader: Reader) -> None:
    drawn = []

    async def draw(charts) -> bytes:
        drawn.append(charts)
        raise WorkerError("no")

    services = reader.running.services
    object.__setattr__(services, "draw", draw)
    (first,) = await reader.say("/trends")
    assert first.method == "sendMessage"
    assert "Most told:" in first.text
    (second,) = await reader.say("/trends")
    assert second.text == first.text
    assert len(drawn) == 1
    await reader.say("/follow science")
    await reader.say("/trends")
    assert len(drawn) == 2
