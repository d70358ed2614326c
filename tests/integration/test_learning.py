"""Wanting more and less: sources, topics, thumbs and reactions; what was learned is seen, used and forgotten."""

from dataclasses import replace

from bot.playground.api.state import SARA
from digests.leanings import HALF, WHOLE, WHOLE_DIGEST
from digests.model import Leaning, Subscriber, Wish
from tests.fakes.reader import Reader


async def stored(reader: Reader) -> Subscriber:
    subscriber = await reader.running.news.storage.subscribers.get(reader.chat_id)
    assert subscriber is not None
    return subscriber


async def scores(reader: Reader) -> dict[str, float]:
    return {one.name: one.score for one in (await stored(reader)).leanings}


async def react(reader: Reader, message_id: int, emoji: str) -> None:
    reader.world.react(message_id, emoji, chat_id=reader.chat_id, user_id=reader.user_id)
    await reader.settle()


async def test_more_and_less_of_a_source(reader: Reader) -> None:
    await reader.say("/start")
    listed = await reader.ask("/sources")
    (one,) = await reader.press("1")
    assert one.message_id == listed.message_id
    name = one.text.splitlines()[0].removeprefix("📰 ")
    await reader.press("More of it")
    assert (await stored(reader)).leanings == (Leaning("source", name, 1),)
    await reader.press("Never")
    assert ((await stored(reader)).leanings, (await stored(reader)).muted_sources) == ((), (name,))
    await reader.press("Less of it")
    assert ((await stored(reader)).leanings, (await stored(reader)).muted_sources) == (
        (Leaning("source", name, -1),), (),
    )  # fmt: skip
    (back,) = await reader.press("‹ Back")
    assert f"1. ➖ {name}" in back.text
    direct = await reader.ask(f"/sources {name.lower()}")
    assert f"📰 {name}" in direct.text
    assert "✅ ➖ Less of it" in direct.buttons
    assert "no source of that name" in (await reader.ask("/sources zzzz")).text


async def test_a_source_that_is_wanted_more_stands_above_those_that_are_not(reader: Reader) -> None:
    pipeline, someone = reader.running.news.pipeline, replace(await sara(reader), stories=12)
    usual = await pipeline.preview(someone)
    last = usual.items[-1].source
    more = await pipeline.preview(replace(someone, leanings=(Leaning("source", last, 1),)))
    alone = next(item for item in usual.items if len(item.outlets) == 1)
    less = await pipeline.preview(replace(someone, leanings=(Leaning("source", alone.source, -1),)))
    places = [[item.source for item in found.items].index(last) for found in (usual, more)]
    assert places[1] < places[0]
    at = [[item.story_id for item in found.items] for found in (usual, less)]
    assert alone.story_id not in at[1] or at[1].index(alone.story_id) > at[0].index(alone.story_id)


async def sara(reader: Reader) -> Subscriber:
    await reader.say("/follow sports")
    await reader.press("Drop it")
    return await stored(reader)


async def test_how_much_of_a_topic_is_tapped_through(reader: Reader) -> None:
    await reader.say("/follow sports")
    await reader.say("/follow world")
    await reader.say("/follow")
    for label, chosen in (("normal", 1), ("➕ more", -1)):
        await reader.press(label)
        assert {one.chosen for one in (await stored(reader)).leanings} == {chosen}
    (again,) = await reader.press("➖ less")
    assert (await stored(reader)).leanings == ()
    assert "🟰 normal" in again.buttons


async def test_a_thumb_down_asks_what_it_meant(reader: Reader) -> None:
    await reader.say("/start")
    (card,) = await reader.press("1")
    (asked,) = await reader.press("👎")
    assert asked.message_id == card.message_id
    assert "less of" in asked.text
    first = await scores(reader)
    assert set(first.values()) == {-HALF}
    assert len(first) == 2
    label = next(label for label in asked.buttons if label.startswith("Less of") and "📰" not in label)
    await reader.press(label)
    assert list((await scores(reader)).values()) == [-WHOLE]
    await reader.press("Just not this story")
    assert await scores(reader) == {}
    (back,) = await reader.press("Back to the story")
    assert "✅ 👎" in back.buttons
    await reader.press("✅ 👎")
    assert await scores(reader) == {}


async def test_what_was_learned_is_shown_named_and_forgotten(reader: Reader) -> None:
    _, digest = await reader.say("/start")
    await reader.press("👍", message_id=digest.message_id)
    await reader.press("👍 1")
    await reader.press("👍 2")
    await reader.press("👍 3")
    await reader.say("/settings")
    (page,) = await reader.press("Learned")
    assert "What I learned" in page.text
    names = list(await scores(reader))
    assert names
    forgotten = next(label for label in page.buttons if label.startswith("✖️"))
    await reader.press(forgotten)
    assert len(await scores(reader)) == len(names) - 1
    (empty,) = await reader.press("Forget all")
    assert "Nothing yet" in empty.text
    assert await scores(reader) == {}
    (off,) = await reader.press("Learn no more")
    assert "Learning is off" in off.text
    assert not (await stored(reader)).learning


async def test_a_reaction_to_a_digest_rates_all_of_it_lightly_and_one_to_a_card_its_story(reader: Reader) -> None:
    _, digest = await reader.say("/start")
    await react(reader, digest.message_id, "👍")
    light = await scores(reader)
    assert light
    assert min(light.values()) == HALF * WHOLE_DIGEST
    assert await reader.running.news.storage.saved.votes((await stored(reader)).id, range(9)) == {}
    await react(reader, digest.message_id, "")
    assert await scores(reader) == {}
    await reader.press("1", message_id=digest.message_id)
    await react(reader, digest.message_id, "👎")
    assert set((await scores(reader)).values()) == {-HALF}
    (back,) = await reader.press("‹ Back")
    await react(reader, digest.message_id, "❤")
    assert any(0 < score < HALF for score in (await scores(reader)).values())
    assert back.message_id == digest.message_id


async def test_reactions_that_say_nothing_change_nothing(reader: Reader) -> None:
    welcome, digest = await reader.say("/start")
    await react(reader, welcome.message_id, "👍")
    await react(reader, digest.message_id, "🤔")
    assert await scores(reader) == {}


async def test_why_names_what_was_asked_for(reader: Reader) -> None:
    await reader.say("/start")
    await reader.press("1")
    await reader.press("More, less")
    await reader.press("➕ More")
    assert [one.chosen for one in (await stored(reader)).leanings] == [1]
    await reader.press("Back to the story")
    (why,) = await reader.press("Why this?")
    assert "You asked for more of" in why.text


async def test_followed_wishes_survive_the_weights(reader: Reader) -> None:
    await reader.say("/follow sports")
    await reader.say("/follow")
    await reader.press("normal")
    assert (await stored(reader)).wishes == (Wish("topic", "sports"),)
    assert reader.chat_id == SARA
