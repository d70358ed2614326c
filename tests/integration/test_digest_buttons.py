"""What stands under a digest: more stories, the switch for empty ones, the switches in the settings."""

from digests.model import Subscriber
from tests.fakes.reader import Reader


async def stored(reader: Reader) -> Subscriber:
    found = await reader.running.news.storage.subscribers.get(reader.chat_id)
    assert found is not None
    return found


async def test_more_stories_come_below_and_none_twice(reader: Reader) -> None:
    await reader.say("/settings")
    await reader.press("Length")
    await reader.press("3")
    _, first = await reader.say("/start")
    (second,) = await reader.press("More stories", message_id=first.message_id)
    assert second.text.startswith("🗞 More stories")
    assert second.message_id > first.message_id
    assert await reader.press("More stories", message_id=first.message_id) == []
    (card,) = await reader.press("2", message_id=second.message_id)
    assert "Open original" in "".join(card.buttons)
    headlines = [
        line for text in (first.text, second.text) for line in text.split("\n") if line[:2] in {"1.", "2.", "3."}
    ]
    assert len({line[3:] for line in headlines}) == 6


async def test_an_empty_digest_can_be_switched_off_where_it_stands(reader: Reader) -> None:
    await reader.say("/follow zeppelin")
    _, digest = await reader.say("/start")
    assert "none of them about zeppelin" in digest.text
    (changed,) = await reader.press("Don't send empty digests")
    assert changed.message_id == digest.message_id
    assert not (await stored(reader)).empty
    await reader.press("Send empty digests again")
    assert (await stored(reader)).empty


async def test_what_digests_hold_is_set_on_one_page(reader: Reader) -> None:
    await reader.say("/settings")
    await reader.press("🗞 Digests")
    for label, field, expected in (("Picture", "pictures", True), ("Updates", "updates", False),
                                   ("Empty digests", "empty", False), ("Rich layout", "rich", True)):  # fmt: skip
        await reader.press(label)
        assert getattr(await stored(reader), field) is expected


async def test_the_top_storys_picture_stands_above_the_digest(reader: Reader) -> None:
    await reader.say("/settings")
    await reader.press("🗞 Digests")
    await reader.press("Picture")
    before = len(reader.world.sent)
    await reader.say("/start")
    shown = [sent.message.get("link_preview_options", {}) for sent in reader.world.sent[before:]]
    assert {"show_above_text": True, "prefer_large_media": True}.items() <= shown[-1].items()
    assert shown[-1]["url"].endswith(".png")


async def test_a_rich_digest_opens_cards_and_comes_back(reader: Reader) -> None:
    await reader.say("/settings")
    await reader.press("🗞 Digests")
    await reader.press("Rich layout")
    before = len(reader.world.sent)
    await reader.say("/start")
    digest = reader.world.sent[-1]
    assert [sent.method for sent in reader.world.sent[before:]][-1] == "sendRichMessage"
    assert "<h3>" in digest.message["rich_message"]["html"]
    (card,) = await reader.press("1", message_id=digest.message_id)
    assert "📄 Open original" in card.buttons
    (back,) = await reader.press("‹ Back", message_id=digest.message_id)
    assert "digest" in back.text
