"""Why a story was in no digest: each gate of the pipeline, told in the chat."""

from dataclasses import replace

import pytest

from digests.model import Item, Subscriber, Wish
from digests.whynot import Because, Reason, why_not
from tests.fakes.reader import Reader


async def stored(reader: Reader) -> Subscriber:
    subscriber = await reader.running.news.storage.subscribers.get(reader.chat_id)
    assert subscriber is not None
    return subscriber


async def because(reader: Reader, story: int, **changes: object) -> list[Because]:
    asked = replace(await stored(reader), **changes)
    return [reason.because for reason in await reasons(reader, story, asked)]


async def reasons(reader: Reader, story: int, asked: Subscriber) -> list[Reason]:
    return await why_not(reader.running.news.storage, asked, story, reader.now())


async def stories(reader: Reader, **changes: object) -> tuple[Item, ...]:
    """What would be in a digest of Sara's now, with room for all."""
    someone = replace(await stored(reader), **{"stories": 40, **changes})
    return (await reader.running.news.pipeline.preview(someone)).items


@pytest.fixture
async def sara(reader: Reader) -> Reader:
    """Sara with a schedule, and nothing sent to her yet."""
    await reader.say("/time 08:00")
    return reader


async def test_each_gate_is_named(sara: Reader) -> None:
    every = await stories(sara)
    first, last = every[0], every[-1]
    assert await because(sara, first.story_id) == [Because.COMING]
    assert await because(sara, first.story_id, languages=("fa",)) == [Because.LANGUAGE]
    names = tuple(outlet.source for outlet in first.outlets)
    assert await because(sara, first.story_id, muted_sources=names) == [Because.MUTED_SOURCE]
    word = max(first.headline.split(), key=len)
    assert await because(sara, first.story_id, mutes=("xyzzy", word)) == [Because.MUTED_WORDS]
    assert await because(sara, first.story_id, mutes=(word,), languages=("fa",)) == [
        Because.LANGUAGE,
        Because.MUTED_WORDS,
    ]
    assert await because(sara, first.story_id, wishes=(Wish("words", "xyzzy"),)) == [Because.TOPIC]
    assert await because(sara, first.story_id, paused=True) == [Because.COMING, Because.PAUSED]
    (placed,) = await reasons(sara, last.story_id, replace(await stored(sara), stories=3))
    assert placed.because in {Because.PLACE, Because.SHARE}
    assert (placed.room, placed.place > 3) in {(3, True), (0, False)}
    assert await because(sara, 404) == []


async def test_what_was_sent_is_not_sent_again(reader: Reader) -> None:
    _, digest = await reader.say("/start")
    headline = digest.text.splitlines()
    title = next(line for line in headline if line.startswith("1. ")).removeprefix("1. ").split(" — ")[0]
    answer = await reader.ask(f"/why {title}")
    assert "You got this story" in answer.text
    assert "No story comes twice" in answer.text


async def test_why_by_words_offers_others_and_the_card(sara: Reader) -> None:
    await sara.say("/follow xyzzyqwert")
    answer = await sara.ask("/why people")
    assert "Why you didn't get this" in answer.text
    assert "fits nothing that you follow" in answer.text
    assert "Did you mean another one?" in answer.text
    (other,) = await sara.press("2", message_id=answer.message_id)
    assert other.message_id == answer.message_id
    assert other.text.splitlines()[2] in answer.text
    (card,) = await sara.press("Back to the story")
    assert "🧭 Why not sent?" in card.buttons
    assert "🔎 people · best first" in (await sara.press("‹ Back"))[0].text


async def test_a_card_from_a_list_tells_why_its_story_did_not_come(sara: Reader) -> None:
    await sara.say("/latest")
    await sara.press("1")
    (told,) = await sara.press("Why not sent?")
    assert told.text.startswith("🧭 ")


async def test_why_without_words_and_of_nothing(reader: Reader) -> None:
    assert "/why central bank" in (await reader.ask("/why")).text
    assert "No stored story has xyzzyqwert" in (await reader.ask("/why xyzzyqwert")).text
