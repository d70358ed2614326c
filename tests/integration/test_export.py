"""What readers take away: saved stories, and everything that is stored about them."""

import json
from datetime import time

from bot.playground.api.files import StoredFile
from bot.playground.api.state import Sent
from tests.fakes.reader import Reader


def file_of(reader: Reader, sent: Sent) -> StoredFile:
    assert sent.method == "sendDocument"
    file = reader.world.files.get(sent.message["document"]["file_id"])
    assert file is not None
    return file


async def save_two(reader: Reader) -> Sent:
    _, digest = await reader.say("/start")
    await reader.press("🔖 Save", message_id=digest.message_id)
    await reader.press("🔖 1", message_id=digest.message_id)
    await reader.press("🔖 2", message_id=digest.message_id)
    return await reader.ask("/saved")


async def test_saved_stories_are_removed_from_their_list(reader: Reader) -> None:
    listed = await save_two(reader)
    assert "🔖 Saved · 2" in listed.text
    (editing,) = await reader.press("Remove…")
    assert {"🗑 1", "🗑 2", "‹ Done"} == set(editing.buttons)
    (left,) = await reader.press("🗑 1")
    assert "🔖 Saved · 1" in left.text
    again = await reader.press_data(editing.buttons["🗑 1"], message_id=listed.message_id)
    assert again == []
    reader.forgive("message is not modified")
    (done,) = await reader.press("‹ Done")
    assert "⬇️ HTML" in done.buttons
    (card,) = await reader.press("1", message_id=listed.message_id)
    assert "✅ Saved" in card.buttons


async def test_saved_stories_come_as_a_page_and_as_data(reader: Reader) -> None:
    await save_two(reader)
    (page,) = await reader.press("⬇️ HTML")
    text = file_of(reader, page).body.decode()
    assert text.startswith("<!doctype html>")
    assert text.count("<article") == 2
    assert "<blockquote>" in text
    (data,) = await reader.press("⬇️ JSON")
    stories = json.loads(file_of(reader, data).body)
    assert len(stories) == 2
    assert all(story["headline"] and story["url"] and story["quotes"] and story["sources"] for story in stories)
    assert file_of(reader, data).name.endswith(".json")


async def test_without_saved_stories_there_is_no_file(reader: Reader) -> None:
    listed = await save_two(reader)
    await reader.press("Remove…")
    await reader.press("🗑 1")
    await reader.press("🗑 1")
    assert await reader.press_data("1lx:html", message_id=listed.message_id) == []
    assert reader.last_toast() == "Nothing is saved."


async def test_everything_that_is_stored_comes_as_a_file(reader: Reader) -> None:
    await save_two(reader)
    for said in ("/follow peace talks", "/mute horoscope", "/search earthquake"):
        await reader.say(said)
    (sent,) = await reader.say("/export")
    found = json.loads(file_of(reader, sent).body)
    assert found["subscriber"][0]["chat_id"] == reader.chat_id
    assert found["subscriber"][0]["languages"] == ["en"]
    assert [row["value"] for row in found["wish"]] == ["peace talks"]
    assert [row["value"] for row in found["mute"]] == ["horoscope"]
    assert [row["at"] for row in found["slot"]] == [time(8).isoformat()]
    assert len(found["saved"]) == 2
    assert found["saved"][0]["item"]["headline"]
    assert "earthquake" in {row["arguments"] for row in found["request"]}
    assert found["digest"][0]["body"]["sections"]


async def test_after_everything_is_deleted_there_is_nothing_left_to_export(reader: Reader) -> None:
    await save_two(reader)
    await reader.say("/stop")
    await reader.press("delete everything")
    (sent,) = await reader.say("/export")
    found = json.loads(file_of(reader, sent).body)
    assert set(found) <= {"subscriber", "incoming"}  # made anew by asking
    assert found["subscriber"][0]["paused"] is False
