"""Groups, strangers, administrators, and buttons that come too late or from elsewhere."""

from bot.callbacks import OpenStory, ShowList, encode
from tests.fakes.reader import Reader

OWNER, MEMBER = 1001, 2002


def in_group(reader: Reader, user_id: int, group: int) -> Reader:
    """The same bot, met by somebody in a group."""
    return reader.elsewhere(chat_id=group, user_id=user_id)


async def test_added_to_a_group_the_bot_says_what_it_does(reader: Reader) -> None:
    group = reader.world.add_group("News room", "supergroup")
    await reader.settle()
    (hello,) = reader.world.sent_to(group.id)
    assert "/start" in hello.text


async def test_in_a_group_only_administrators_set_up_and_everyone_reads(reader: Reader) -> None:
    reader.world.add_person(MEMBER, first_name="Omid")
    group = reader.world.add_group("News room", "supergroup")
    reader.world.join(group.id, MEMBER)
    await reader.settle()
    member, owner = in_group(reader, MEMBER, group.id), in_group(reader, OWNER, group.id)
    assert "administrators" in (await member.ask("/pause@BaztabBot")).text
    assert "Latest" in (await member.ask("/latest@BaztabBot")).text
    assert len(await owner.say("/start@BaztabBot")) == 2
    subscriber = await reader.running.news.storage.subscribers.get(group.id)
    assert subscriber is not None
    assert subscriber.slots


async def test_a_group_that_becomes_a_supergroup_keeps_its_settings(reader: Reader) -> None:
    group = reader.world.add_group("News room", "group")
    await in_group(reader, OWNER, group.id).say("/start")
    moved = reader.world.migrate(group.id)
    await reader.settle()
    storage = reader.running.news.storage
    assert await storage.subscribers.get(group.id) is None
    subscriber = await storage.subscribers.get(moved.id)
    assert subscriber is not None
    assert subscriber.slots


async def test_a_blocked_bot_stops_and_comes_back_with_start(reader: Reader) -> None:
    await reader.say("/start")
    reader.world.block(True)
    await reader.settle()
    storage = reader.running.news.storage
    subscriber = await storage.subscribers.get(reader.chat_id)
    assert subscriber is not None
    assert subscriber.gone
    reader.world.block(False)
    await reader.say("/start")
    subscriber = await storage.subscribers.get(reader.chat_id)
    assert subscriber is not None
    assert not subscriber.gone


async def test_administrators_see_figures_and_errors_and_write_to_all(reader: Reader) -> None:
    await reader.say("/start")
    assert "Articles" in (await reader.ask("/stats")).text
    assert (await reader.ask("/errors")).text
    told = await reader.say("/broadcast The bot moves house tonight.")
    assert [one.text.partition("\n")[0] for one in told] == [
        "📣 On its way to 1 chat.",
        "The bot moves house tonight.",
        "📣 Sent to 1 chat.",
    ]


async def test_others_do_not_know_the_commands_of_administrators(reader: Reader) -> None:
    reader.world.add_person(MEMBER, first_name="Omid")
    omid = reader.elsewhere(chat_id=MEMBER, user_id=MEMBER)
    assert "/help" in (await omid.ask("/stats")).text or "don't know" in (await omid.ask("/stats")).text
    assert "broadcast" not in (await omid.ask("/help")).text


async def test_buttons_of_another_chat_show_nothing_of_it(reader: Reader) -> None:
    found = await reader.ask("/search earthquake")
    request = next(data for data in found.buttons.values()).split(":")[2]
    reader.world.add_person(MEMBER, first_name="Omid")
    omid = reader.elsewhere(chat_id=MEMBER, user_id=MEMBER)
    mine = await omid.ask("/latest")
    assert await omid.press_data(encode(ShowList(int(request))), message_id=mine.message_id) == []
    assert "too long ago" in omid.last_toast()


async def test_forged_and_outdated_buttons_do_nothing(reader: Reader) -> None:
    answer = await reader.ask("/latest")
    for data in ("garbage", "1zz:1", "9c:1:1:1", "1c:abc", "1c:1;DROP TABLE:0:0", encode(OpenStory(4242))):
        assert await reader.press_data(data, message_id=answer.message_id) == []
        assert reader.last_toast()


async def test_a_double_tap_is_no_error(reader: Reader) -> None:
    await reader.say("/start")
    (card,) = await reader.press("1")
    data = card.buttons["🔖 Save"]
    reader.expected_refusals = []
    await reader.press_data(data, message_id=card.message_id)
    await reader.press_data(data, message_id=card.message_id)
    reader.forgive("message is not modified")
    listed = await reader.ask("/saved")
    assert "1." in listed.text


async def test_a_tap_on_a_deleted_message_is_no_error(reader: Reader) -> None:
    await reader.say("/start")
    assert await reader.press_data(encode(OpenStory(1)), message_id=999_999) == []
