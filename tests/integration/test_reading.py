"""What a reader does, through the real application against the loopback Bot API: ask, receive, open, save, search."""

import pytest

from bot.commands import COMMANDS
from tests.fakes.reader import Reader


async def test_start_subscribes_and_sends_a_first_digest(reader: Reader) -> None:
    welcome, digest = await reader.say("/start")
    assert "Sara" in welcome.text
    assert "08:00" in welcome.text
    assert "digest" in digest.text
    assert "caught up" in digest.text
    assert {"1", "2", "3", "🔖 Save", "👍", "👎", "⚙️"} <= digest.buttons.keys()
    subscriber = await reader.running.news.storage.subscribers.get(reader.chat_id)
    assert subscriber is not None
    assert subscriber.next_due_at is not None


async def test_a_second_digest_has_only_what_is_new(reader: Reader) -> None:
    _, first = await reader.say("/start")
    second = await reader.ask("/digest")
    headlines = {
        entity["url"] for sent in (first,) for entity in sent.message["entities"] if entity["type"] == "text_link"
    }
    again = {entity["url"] for entity in second.message.get("entities", ()) if entity["type"] == "text_link"}
    assert not headlines & again


async def test_a_number_opens_the_card_in_place_and_back_returns(reader: Reader) -> None:
    _, digest = await reader.say("/start")
    (card,) = await reader.press("1")
    assert card.message_id == digest.message_id
    labels = " ".join(card.buttons)
    for part in ("Open original", "More from", "Latest news", "Save", "mute", "How summarised", "Why this?", "Back"):
        assert part in labels
    assert "More from" in card.text
    assert "Latest news" in card.text
    (back,) = await reader.press("‹ Back")
    assert back.text == digest.text
    assert back.buttons == digest.buttons


async def test_how_and_why_explain_a_story(reader: Reader) -> None:
    await reader.say("/start")
    await reader.press("1")
    (how,) = await reader.press("How summarised")
    assert "Sentence" in how.text
    await reader.press("‹")
    (why,) = await reader.press("Why this?")
    assert "report" in why.text or "Published" in why.text


async def test_saving_from_the_card_shows_in_saved(reader: Reader) -> None:
    await reader.say("/start")
    (card,) = await reader.press("1")
    (saved,) = await reader.press("🔖 Save")
    assert "✅ Saved" in saved.buttons
    listed = await reader.ask("/saved")
    assert card.text.splitlines()[0].strip() in listed.text


async def test_saving_by_number_marks_the_number(reader: Reader) -> None:
    await reader.say("/start")
    await reader.press("🔖 Save")
    (marked,) = await reader.press("🔖 2")
    assert "✅ 2" in marked.buttons
    (plain,) = await reader.press("‹ Done")
    assert "2" in plain.buttons


async def test_latest_pages_through_everything_and_by_topic(reader: Reader) -> None:
    first = await reader.ask("/latest")
    (second,) = await reader.press("Older ›")
    assert second.message_id == first.message_id
    assert second.text != first.text
    (back,) = await reader.press("‹ Newer")
    assert back.text == first.text
    sport = await reader.ask("/latest sports")
    assert "Sports" in sport.text


async def test_search_finds_marks_and_opens(reader: Reader) -> None:
    found = await reader.ask("/search earthquake")
    assert any(entity["type"] == "underline" for entity in found.message["entities"])
    (card,) = await reader.press("1")
    assert "Open original" in " ".join(card.buttons)
    (back,) = await reader.press("‹ Back")
    assert back.text == found.text


async def test_words_without_a_command_are_a_search(reader: Reader) -> None:
    assert (await reader.ask("earthquake")).text == (await reader.ask("/search earthquake")).text


async def test_a_stranger_to_the_table_is_told_what_is_alike(reader: Reader) -> None:
    assert "/digest" in (await reader.ask("/digets")).text
    assert "/help" in (await reader.ask("/qqqqqq")).text


@pytest.mark.parametrize("words", ['" OR 1=1 --', '"', "-", "((", "*", "NEAR(", "source:", "since:yesterday", "🗞"])
async def test_hostile_searches_get_a_sensible_answer(reader: Reader, words: str) -> None:
    assert (await reader.ask(f"/search {words}")).text


async def test_every_command_and_alias_answers(reader: Reader) -> None:
    await reader.say("/start")
    for command in COMMANDS:
        for name in (command.name, *command.aliases):
            assert await reader.say(f"/{name}"), name
