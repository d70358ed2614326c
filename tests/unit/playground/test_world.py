"""What people do in the little world, and which updates the bot gets of it."""

from typing import Any

import pytest

from bot.playground.api import World
from bot.playground.api.errors import ApiError
from bot.playground.api.state import SARA

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0"


@pytest.fixture
def world() -> World:
    return World()


def updates(world: World) -> list[tuple[str, Any]]:
    """Kind and payload of the updates that wait."""
    return [next((kind, value) for kind, value in one.items() if kind != "update_id") for one in world.updates.pending]


def last_update(world: World) -> tuple[str, Any]:
    return updates(world)[-1]


def bot_says(world: World, chat_id: int, **fields: Any) -> int:
    """Put a message of the bot into a chat; its id."""
    chat = world.chats[chat_id]
    message_id = world.next_message_id(chat)
    message = {"message_id": message_id, "from": world.me, "chat": chat.brief(), "date": 1, **fields}
    world.store(chat, message, by_bot=True)
    return message_id


def keyboard(*data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": f"Button {one}", "callback_data": one} for one in data]]}


def test_a_message_has_its_entities_and_reaches_the_bot(world: World) -> None:
    message = world.send("  /start topic_climate ")
    assert message["text"] == "/start topic_climate"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert last_update(world) == ("message", message)
    assert message["from"]["id"] == message["chat"]["id"] == SARA


def test_an_empty_message_cannot_be_sent_and_a_long_one_is_cut(world: World) -> None:
    with pytest.raises(ApiError, match="empty"):
        world.send(" \n ")
    assert len(world.send("x" * 5000)["text"]) == 4096


def test_a_reply_carries_what_it_replies_to(world: World) -> None:
    first = world.send("one")
    second = world.send("two", reply_to=first["message_id"])
    third = world.send("three", reply_to=second["message_id"])
    assert third["reply_to_message"]["text"] == "two"
    assert "reply_to_message" not in third["reply_to_message"]
    with pytest.raises(ApiError, match="message to be replied not found"):
        world.send("four", reply_to=99)


def test_blocking_and_coming_back(world: World) -> None:
    world.block()
    world.block()
    kind, change = last_update(world)
    assert (kind, change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == (
        "my_chat_member",
        "member",
        "kicked",
    )
    with pytest.raises(ApiError, match="Forbidden: bot was blocked by the user"):
        world.writable(SARA)
    world.send("/start")
    assert [kind for kind, _ in updates(world)] == ["my_chat_member", "my_chat_member", "message"]
    assert world.writable(SARA).id == SARA


def test_people_who_cannot_be_written_to(world: World) -> None:
    world.add_person(5, started=False)
    with pytest.raises(ApiError, match="can't initiate conversation"):
        world.writable(5)
    world.send("hi", chat_id=5, user_id=5)
    assert world.writable(5)
    world.deactivate(5)
    with pytest.raises(ApiError, match="user is deactivated"):
        world.writable(5)
    with pytest.raises(ApiError, match="chat not found"):
        world.writable(6)


def test_adding_the_bot_to_a_group_tells_it(world: World) -> None:
    chat = world.add_group("Readers")
    kinds = [kind for kind, _ in updates(world)]
    assert kinds == ["my_chat_member", "message"]
    assert last_update(world)[1]["new_chat_members"] == [world.me]
    assert chat.id < -1_000_000_000_000
    assert world.add_group("Small", "group").id > -1_000_000_000_000


@pytest.mark.parametrize(
    ("status", "text"),
    [("kicked", "bot was kicked from the supergroup chat"), ("left", "bot is not a member of the supergroup chat")],
)
def test_a_bot_that_was_removed_may_not_write(world: World, status: Any, text: str) -> None:
    chat = world.add_group("Readers")
    world.set_bot_status(chat.id, status)
    with pytest.raises(ApiError, match=text):
        world.writable(chat.id)
    before = world.updates.total
    world.send("/start", chat_id=chat.id)
    assert world.updates.total == before
    world.set_bot_status(chat.id, "member")
    assert world.writable(chat.id)


def test_a_channel_needs_an_administrator(world: World) -> None:
    chat = world.add_group("News", "channel", username="baztab_news")
    assert world.find_chat("@Baztab_News") is chat
    assert world.writable(chat.id)
    post = world.send("x.org", chat_id=chat.id)
    assert post["sender_chat"]["id"] == chat.id
    assert last_update(world) == ("channel_post", post)
    world.set_bot_status(chat.id, "member")
    with pytest.raises(ApiError, match="need administrator rights in the channel chat"):
        world.writable(chat.id)


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("/latest", True),
        ("/latest@BaztabBot climate", True),
        ("/latest@OtherBot", False),
        ("hello @baztabbot", True),
        ("hello all", False),
    ],
)
def test_group_privacy_hides_what_is_not_for_the_bot(world: World, text: str, reaches: bool) -> None:
    chat = world.add_group("Readers")
    before = world.updates.total
    world.send(text, chat_id=chat.id)
    assert (world.updates.total > before) is reaches


def test_privacy_ends_for_administrators_replies_and_by_its_switch(world: World) -> None:
    chat = world.add_group("Readers")
    ours = bot_says(world, chat.id, text="digest")
    before = world.updates.total
    world.send("thanks", chat_id=chat.id, reply_to=ours)
    assert world.updates.total == before + 1
    world.set_bot_status(chat.id, "administrator")
    world.send("hello", chat_id=chat.id)
    assert last_update(world)[1]["text"] == "hello"
    open_world = World(privacy=False)
    open_world.send("hello", chat_id=open_world.add_group("Readers").id)
    assert last_update(open_world)[1]["text"] == "hello"
    assert open_world.bot["can_read_all_group_messages"] is True


def test_only_members_write(world: World) -> None:
    chat = world.add_group("Readers")
    world.add_person(5)
    with pytest.raises(ApiError, match="not in the chat"):
        world.send("/latest", chat_id=chat.id, user_id=5)
    world.join(chat.id, 5)
    assert world.send("/latest", chat_id=chat.id, user_id=5)["from"]["id"] == 5
    with pytest.raises(ApiError, match="no such person"):
        world.send("x", chat_id=chat.id, user_id=6)


def test_a_group_becomes_a_supergroup(world: World) -> None:
    old = world.add_group("Readers", "group")
    new = world.migrate(old.id)
    assert [update.get("migrate_to_chat_id") or update.get("migrate_from_chat_id") for _, update in updates(world)][
        -2:
    ] == [new.id, old.id]
    with pytest.raises(ApiError) as caught:
        world.writable(old.id)
    assert caught.value.answer()["parameters"] == {"migrate_to_chat_id": new.id}
    assert world.writable(new.id)
    with pytest.raises(ApiError, match="only a group"):
        world.migrate(new.id)


def test_forum_topics(world: World) -> None:
    chat = world.add_group("Forum", forum=True)
    thread_id = world.add_topic(chat.id, "Climate")
    assert last_update(world)[1]["forum_topic_created"]["name"] == "Climate"
    message = world.send("/here", chat_id=chat.id, thread_id=thread_id)
    assert (message["message_thread_id"], message["is_topic_message"]) == (thread_id, True)
    with pytest.raises(ApiError, match="message thread not found"):
        world.send("/here", chat_id=chat.id, thread_id=999)
    with pytest.raises(ApiError, match="not a forum"):
        world.add_topic(SARA, "x")


def test_pressing_a_button(world: World) -> None:
    message_id = bot_says(world, SARA, text="x", reply_markup=keyboard("a", "b"))
    query_id = world.press(message_id, "b")
    kind, query = last_update(world)
    assert (kind, query["id"], query["data"], query["message"]["text"]) == ("callback_query", query_id, "b", "x")
    assert world.press_label("Button a") in world.queries
    with pytest.raises(ApiError, match="no such button"):
        world.press(message_id, "c")
    with pytest.raises(ApiError, match="no such button"):
        world.press(999, "a")
    with pytest.raises(ApiError, match="no button 'Button z'"):
        world.press_label("Button z")


def test_a_forged_press_of_an_old_message(world: World) -> None:
    world.press(999, "v1:evil", forged=True)
    message = last_update(world)[1]["message"]
    assert message == {"chat": world.chats[SARA].brief(), "message_id": 999, "date": 0}


def test_reactions_come_when_asked_for(world: World) -> None:
    message_id = bot_says(world, SARA, text="x")
    world.react(message_id, "👍")
    assert not world.updates.pending
    world.updates.allow(["message_reaction"])
    world.react(message_id, "👎")
    world.react(message_id, "")
    assert [(one["old_reaction"], one["new_reaction"]) for _, one in updates(world)] == [
        ([{"type": "emoji", "emoji": "👍"}], [{"type": "emoji", "emoji": "👎"}]),
        ([{"type": "emoji", "emoji": "👎"}], []),
    ]
    with pytest.raises(ApiError, match="message to react not found"):
        world.react(999, "👍")


def test_editing_ones_own_message(world: World) -> None:
    message = world.send("/search herat")
    assert world.edit(message["message_id"], "/search Herat")["edit_date"] > 0
    assert last_update(world)[0] == "edited_message"
    with pytest.raises(ApiError, match="can't be edited"):
        world.edit(bot_says(world, SARA, text="x"), "y")


def test_files_and_places(world: World) -> None:
    document = world.send_file("feeds.opml", b"<opml/>", caption="mine")
    assert document["document"]["file_name"] == "feeds.opml"
    stored = world.files.get(document["document"]["file_id"])
    assert stored
    assert stored.body == b"<opml/>"
    photo = world.send_file("a.png", PNG)
    assert (photo["photo"][0]["width"], photo["photo"][0]["height"]) == (640, 480)
    assert world.send_location(34.35, 62.2)["location"] == {"latitude": 34.35, "longitude": 62.2}
    with pytest.raises(ApiError, match="no such place"):
        world.send_location(91, 0)
    with pytest.raises(ApiError, match="non-empty"):
        world.send_file("empty.txt", b"")


def test_inline_mode_can_be_off() -> None:
    with pytest.raises(ApiError, match="switched off"):
        World(inline=False).ask_inline("x")
    assert World(inline=False).bot["supports_inline_queries"] is False


def test_inline_queries_reach_the_bot_cut_to_size(world: World) -> None:
    query_id = world.ask_inline("x" * 300, offset="10")
    kind, query = last_update(world)
    assert (kind, query["id"], len(query["query"]), query["offset"]) == ("inline_query", query_id, 256, "10")
    with pytest.raises(ApiError, match="no such result"):
        world.choose(query_id, "1")


def test_a_changed_language_shows_in_the_next_message(world: World) -> None:
    world.change_person(language_code="fa", first_name="سارا")
    message = world.send("/start")
    assert (message["from"]["language_code"], message["chat"]["first_name"]) == ("fa", "سارا")


def test_what_depends_on_the_language_is_told_anew_when_it_changes(world: World) -> None:
    seq = world.events.seq
    world.change_person(language_code="fa")
    assert [event["type"] for event in world.events.after(seq)] == ["user", "commands", "about"]


def test_old_messages_are_forgotten() -> None:
    world = World(keep=3)
    for number in range(5):
        world.send(f"message {number}")
    assert [post.message["text"] for post in world.chats[SARA].posts.values()] == [
        "message 2",
        "message 3",
        "message 4",
    ]


def test_message_ids_are_shared_among_people_and_own_in_supergroups(world: World) -> None:
    world.add_person(5)
    assert world.send("a")["message_id"] != world.send("b", chat_id=5, user_id=5)["message_id"]
    first, second = (world.add_group(title) for title in ("One", "Two"))
    ids = [world.send("/x", chat_id=chat.id)["message_id"] for chat in (first, second)]
    assert ids[0] == ids[1]


def test_tokens() -> None:
    world = World()
    world.adopt("12345:abc")
    assert world.me["id"] == 12345
    world.adopt("whatever")
    assert world.me["id"] == 7_000_000_001
    strict = World(token="12345:abcdefghijklmnop")
    assert strict.me["id"] == 12345
    for token, code in (("12345:abcdefghijklmnoq", 401), ("nonsense", 404)):
        with pytest.raises(ApiError) as caught:
            strict.adopt(token)
        assert caught.value.code == code


async def test_waiting_for_something_that_does_not_come_says_what_did(world: World) -> None:
    world.refuse("sendMessage", {}, ApiError(400, "Bad Request: x"))
    with pytest.raises(TimeoutError, match="Bad Request: x"):
        await world.wait_for(lambda: False, timeout=0)
    with pytest.raises(TimeoutError):
        await world.wait_sent(SARA, "never", timeout=0)
