"""The methods of the Bot API run on a world, without HTTP: what they answer and what they refuse."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.playground.api import NO_LIMITS, Limits, World
from bot.playground.api.errors import ApiError
from bot.playground.api.server import BotApi
from bot.playground.api.state import SARA
from bot.playground.api.upload import Upload

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0"
KEYBOARD = {"inline_keyboard": [[{"text": "More", "callback_data": "m"}]]}


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock=clock, limits=NO_LIMITS)


@pytest.fixture
def call(world: World) -> Any:
    api = BotApi(world)

    async def run(method: str, **params: Any) -> Any:
        return await api.run(method, params)

    return run


@pytest.fixture
def refusal(call: Any) -> Any:
    async def run(method: str, **params: Any) -> str:
        with pytest.raises(ApiError) as caught:
            await call(method, **params)
        return caught.value.description

    return run


async def test_unknown_methods_are_not_found(call: Any) -> None:
    with pytest.raises(ApiError) as caught:
        await call("sendCake", chat_id=SARA)
    assert caught.value.answer() == {"ok": False, "error_code": 404, "description": "Not Found: method not found"}


async def test_names_of_methods_are_read_in_any_case(call: Any) -> None:
    assert (await call("GETME"))["username"] == "BaztabBot"


async def test_a_message_says_who_where_and_when(call: Any, world: World) -> None:
    message = await call("sendMessage", chat_id=SARA, text="Hi", disable_notification=True, protect_content=True)
    assert message["from"] == world.me
    assert message["chat"]["type"] == "private"
    assert message["date"] == datetime(2026, 3, 1, 8, tzinfo=UTC).timestamp()
    assert message["has_protected_content"] is True
    assert world.chats[SARA].posts[message["message_id"]].silent
    assert world.chats[SARA].unread == 1


async def test_a_channel_post_has_no_sender_but_the_channel(call: Any, world: World) -> None:
    chat = world.add_group("News", "channel")
    message = await call("sendMessage", chat_id=chat.id, text="Hi")
    assert "from" not in message
    assert message["sender_chat"]["title"] == "News"


async def test_replies(call: Any, refusal: Any, world: World) -> None:
    asked = world.send("/latest")["message_id"]
    message = await call("sendMessage", chat_id=SARA, text="Hi", reply_parameters={"message_id": asked})
    assert message["reply_to_message"]["text"] == "/latest"
    gone = {"message_id": 999}
    assert "message to be replied not found" in await refusal(
        "sendMessage", chat_id=SARA, text="Hi", reply_parameters=gone
    )
    message = await call(
        "sendMessage", chat_id=SARA, text="Hi", reply_parameters=gone | {"allow_sending_without_reply": True}
    )
    assert "reply_to_message" not in message


async def test_threads(call: Any, refusal: Any, world: World) -> None:
    chat = world.add_group("Forum", forum=True)
    thread_id = world.add_topic(chat.id, "Climate")
    message = await call("sendMessage", chat_id=chat.id, text="Hi", message_thread_id=thread_id)
    assert (message["message_thread_id"], message["is_topic_message"]) == (thread_id, True)
    for chat_id in (chat.id, SARA):
        description = await refusal("sendMessage", chat_id=chat_id, text="Hi", message_thread_id=77)
        assert description == "Bad Request: message thread not found"


async def test_keyboards_under_the_input_field_are_for_the_page_only(call: Any, world: World) -> None:
    message = await call("sendMessage", chat_id=SARA, text="?", reply_markup={"force_reply": True})
    assert "reply_markup" not in message
    post = world.chats[SARA].posts[message["message_id"]]
    assert post.for_page()["reply_markup"] == {"force_reply": True}


async def test_mentioned_users_must_be_known(call: Any, world: World) -> None:
    text = '<a href="tg://user?id=1001">Sara</a> and <a href="tg://user?id=5">Ali</a>'
    message = await call("sendMessage", chat_id=SARA, text=text, parse_mode="HTML")
    assert message["entities"] == [{"type": "text_mention", "offset": 0, "length": 4, "user": world.person}]


async def test_flood_control_follows_the_clock(clock: Clock) -> None:
    world = World(clock=clock, limits=Limits(chat_burst=2))
    api = BotApi(world)
    for _ in range(2):
        await api.run("sendMessage", {"chat_id": SARA, "text": "x"})
    with pytest.raises(ApiError) as caught:
        await api.run("sendMessage", {"chat_id": SARA, "text": "x"})
    assert caught.value.answer()["parameters"] == {"retry_after": 1}
    assert len(world.sent) == 2
    clock.forward(1)
    await api.run("sendMessage", {"chat_id": SARA, "text": "x"})


async def test_what_other_chats_are_for_is_refused(refusal: Any) -> None:
    assert "business_connection_id" in await refusal("sendMessage", chat_id=SARA, text="x", business_connection_id="b")


# ── editing and deleting ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_editing_text_and_keyboard(call: Any, refusal: Any, world: World) -> None:
    sent = await call("sendMessage", chat_id=SARA, text="<b>a</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    here = {"chat_id": SARA, "message_id": sent["message_id"]}
    same = {"text": "<b>a</b>", "parse_mode": "HTML", "reply_markup": KEYBOARD}
    assert "message is not modified" in await refusal("editMessageText", **here, **same)
    assert (await call("editMessageText", **here, text="a", reply_markup=KEYBOARD))["edit_date"]
    edited = await call("editMessageReplyMarkup", **here)
    assert "reply_markup" not in edited
    assert "message is not modified" in await refusal("editMessageReplyMarkup", **here)
    assert [sent.method for sent in world.sent] == ["sendMessage", "editMessageText", "editMessageReplyMarkup"]


async def test_edits_that_are_refused(refusal: Any, call: Any, world: World) -> None:
    theirs = world.send("x")["message_id"]
    photo = await call("sendPhoto", chat_id=SARA, photo=Upload("a.png", PNG))
    text = await call("sendMessage", chat_id=SARA, text="x")
    assert "message to edit not found" in await refusal("editMessageText", chat_id=SARA, message_id=99, text="x")
    assert "message can't be edited" in await refusal("editMessageText", chat_id=SARA, message_id=theirs, text="y")
    assert "there is no text in the message" in await refusal(
        "editMessageText", chat_id=SARA, message_id=photo["message_id"], text="y"
    )
    assert "there is no caption in the message" in await refusal(
        "editMessageCaption", chat_id=SARA, message_id=text["message_id"], caption="y"
    )
    assert "message identifier is not specified" in await refusal("editMessageText", chat_id=SARA, text="y")
    assert "chat_id is empty" in await refusal("editMessageText", message_id=1, text="y")
    assert "message text is empty" in await refusal("editMessageText", chat_id=SARA, message_id=1)
    assert "MESSAGE_ID_INVALID" in await refusal("editMessageText", inline_message_id="x", text="y")


async def test_captions_and_media_are_edited(call: Any) -> None:
    sent = await call("sendPhoto", chat_id=SARA, photo=Upload("a.png", PNG), caption="a")
    here = {"chat_id": SARA, "message_id": sent["message_id"]}
    edited = await call("editMessageCaption", **here, caption="<i>b</i>", parse_mode="HTML")
    assert (edited["caption"], edited["caption_entities"][0]["type"]) == ("b", "italic")
    assert edited["photo"] == sent["photo"]
    media = {"type": "document", "media": "attach://f", "caption": "c"}
    edited = await call("editMessageMedia", **here, media=media, f=Upload("a.txt", b"x"))
    assert (edited["document"]["file_name"], edited["caption"], "photo" in edited) == ("a.txt", "c", False)


async def test_deleting(call: Any, refusal: Any, world: World) -> None:
    first, second = [(await call("sendMessage", chat_id=SARA, text="x"))["message_id"] for _ in range(2)]
    theirs = world.send("x")["message_id"]
    assert await call("deleteMessage", chat_id=SARA, message_id=first) is True
    assert "message to delete not found" in await refusal("deleteMessage", chat_id=SARA, message_id=first)
    assert await call("deleteMessages", chat_id=SARA, message_ids=[second, theirs, 999]) is True
    assert not world.chats[SARA].posts
    assert "1-100 message identifiers" in await refusal("deleteMessages", chat_id=SARA, message_ids=[])
    group = world.add_group("Readers")
    foreign = world.send("/x", chat_id=group.id)["message_id"]
    assert "can't be deleted" in await refusal("deleteMessage", chat_id=group.id, message_id=foreign)
    assert "can't be deleted" in await refusal("deleteMessages", chat_id=group.id, message_ids=[foreign])
    world.set_bot_status(group.id, "administrator")
    assert await call("deleteMessage", chat_id=group.id, message_id=foreign)


async def test_reactions_and_pins(call: Any, refusal: Any, world: World) -> None:
    message_id = world.send("x")["message_id"]
    thumb = [{"type": "emoji", "emoji": "👍"}]
    assert await call("setMessageReaction", chat_id=SARA, message_id=message_id, reaction=thumb)
    world.react(message_id, "👍")
    both = [thumb[0] | {"user_id": world.me["id"]}, thumb[0] | {"user_id": SARA}]
    assert world.events.after(world.events.seq - 1)[0]["reactions"] == both
    assert world.chats[SARA].for_page()["messages"][0]["reactions"] == both
    for wrong in ([{"type": "emoji", "emoji": "🪿"}], thumb * 2, [{"type": "paid"}]):
        assert "REACTION_INVALID" in await refusal(
            "setMessageReaction", chat_id=SARA, message_id=message_id, reaction=wrong
        )
    assert await call("pinChatMessage", chat_id=SARA, message_id=message_id)
    assert (await call("getChat", chat_id=SARA))["pinned_message"]["text"] == "x"
    assert world.chats[SARA].for_page()["pinned"] == [message_id]
    assert list(world.chats[SARA].posts.values())[-1].message["pinned_message"]["text"] == "x"
    assert await call("unpinChatMessage", chat_id=SARA)
    assert "message to unpin not found" in await refusal("unpinChatMessage", chat_id=SARA)
    assert "message to pin not found" in await refusal("pinChatMessage", chat_id=SARA, message_id=99)
    group = world.add_group("Readers")
    assert "not enough rights" in await refusal("pinChatMessage", chat_id=group.id, message_id=1)
    assert await call("unpinAllChatMessages", chat_id=SARA)


async def test_the_bot_opens_forum_topics_where_it_may(call: Any, refusal: Any, world: World) -> None:
    forum = world.add_group("Readers", forum=True)
    assert "not enough rights" in await refusal("createForumTopic", chat_id=forum.id, name="Climate")
    world.set_bot_status(forum.id, "administrator")
    world.updates.pending.clear()
    topic = await call("createForumTopic", chat_id=forum.id, name=" Climate ", icon_color=0x8EEE98)
    assert topic == {"message_thread_id": topic["message_thread_id"], "name": "Climate", "icon_color": 0x8EEE98}
    assert {"thread_id": topic["message_thread_id"], "name": "Climate"} in forum.for_page()["topics"]
    service = list(forum.posts.values())[-1].message
    assert (service["from"], service["forum_topic_created"]["name"]) == (world.me, "Climate")
    assert not world.updates.pending
    place = {"chat_id": forum.id, "message_thread_id": topic["message_thread_id"]}
    assert (await call("sendMessage", text="Here", **place))["is_topic_message"]
    assert "name is empty" in await refusal("createForumTopic", chat_id=forum.id, name="  ")
    assert "icon color" in await refusal("createForumTopic", chat_id=forum.id, name="x", icon_color=1)
    assert "not a forum" in await refusal("createForumTopic", chat_id=SARA, name="x")


# ── files, copies, rich messages ─────────────────────────────────────────────────────────────────────────────────────


async def test_pictures_are_looked_at(call: Any, refusal: Any) -> None:
    message = await call("sendPhoto", chat_id=SARA, photo=Upload("a.png", PNG), has_spoiler=True)
    assert (message["photo"][0]["width"], message["has_media_spoiler"]) == (640, True)
    again = await call("sendPhoto", chat_id=SARA, photo=message["photo"][0]["file_id"])
    assert again["photo"] == message["photo"]
    assert "IMAGE_PROCESS_FAILED" in await refusal("sendPhoto", chat_id=SARA, photo=Upload("a.png", b"no picture"))
    wide = PNG[:16] + b"\0\0\x20\0\0\0\0\x10"
    assert "PHOTO_INVALID_DIMENSIONS" in await refusal("sendPhoto", chat_id=SARA, photo=Upload("a.png", wide))
    assert "wrong file identifier" in await refusal("sendPhoto", chat_id=SARA, photo="file-99")
    assert "failed to get HTTP URL content" in await refusal("sendPhoto", chat_id=SARA, photo="https://x.org/a.png")


async def test_pictures_at_an_address_are_fetched_where_that_is_allowed(world: World) -> None:
    async def fetch(url: str) -> tuple[str, bytes] | None:
        return ("image/png", PNG) if url.endswith(".png") else None

    api = BotApi(world, fetch=fetch)
    message = await api.run("sendPhoto", {"chat_id": SARA, "photo": "http://127.0.0.1/a.png"})
    assert message["photo"][0]["height"] == 480


async def test_albums(call: Any, refusal: Any, world: World) -> None:
    media = [{"type": "photo", "media": "attach://a"}, {"type": "photo", "media": "attach://b", "caption": "x"}]
    files = {"a": Upload("a.png", PNG), "b": Upload("b.png", PNG)}
    messages = await call("sendMediaGroup", chat_id=SARA, media=media, **files)
    assert len({message["media_group_id"] for message in messages}) == 1
    assert messages[1]["caption"] == "x"
    assert "must be 2-10" in await refusal("sendMediaGroup", chat_id=SARA, media=media[:1], **files)
    mixed = [media[0], {"type": "document", "media": "attach://b"}]
    assert "can't be mixed" in await refusal("sendMediaGroup", chat_id=SARA, media=mixed, **files)
    assert len(world.sent) == 2


async def test_documents_are_found_again(call: Any, refusal: Any) -> None:
    message = await call("sendDocument", chat_id=SARA, document=Upload("feeds.opml", b"<opml/>"), caption="yours")
    file = await call("getFile", file_id=message["document"]["file_id"])
    assert file["file_size"] == 7
    assert file["file_path"].endswith(".opml")
    assert "wrong file_id" in await refusal("getFile", file_id="x")


async def test_forwards_and_copies(call: Any, refusal: Any, world: World) -> None:
    theirs = world.send("read this")["message_id"]
    world.add_person(5)
    forwarded = await call("forwardMessage", chat_id=5, from_chat_id=SARA, message_id=theirs)
    assert (forwarded["text"], forwarded["forward_origin"]["sender_user"]["id"]) == ("read this", SARA)
    copied = await call("copyMessage", chat_id=5, from_chat_id=SARA, message_id=theirs)
    assert world.chats[5].posts[copied["message_id"]].message["text"] == "read this"
    channel = world.add_group("News", "channel")
    post = world.send("posted", chat_id=channel.id)["message_id"]
    forwarded = await call("forwardMessage", chat_id=5, from_chat_id=channel.id, message_id=post)
    assert forwarded["forward_origin"]["chat"]["id"] == channel.id
    photo = await call("sendPhoto", chat_id=SARA, photo=Upload("a.png", PNG), caption="old")
    copied = await call("copyMessage", chat_id=5, from_chat_id=SARA, message_id=photo["message_id"], caption="new")
    assert world.chats[5].posts[copied["message_id"]].message["caption"] == "new"
    assert "message to forward not found" in await refusal(
        "forwardMessage", chat_id=5, from_chat_id=SARA, message_id=99
    )
    assert "message to copy not found" in await refusal("copyMessage", chat_id=5, from_chat_id=SARA, message_id=99)
    group = world.add_group("Readers")
    service = next(iter(group.posts))
    assert "can't be copied" in await refusal("copyMessage", chat_id=5, from_chat_id=group.id, message_id=service)


async def test_rich_messages_are_taken_in(call: Any, refusal: Any) -> None:
    rich = {"html": "<h1>News</h1>", "is_rtl": True}
    message = await call("sendRichMessage", chat_id=SARA, rich_message=rich)
    assert (message["rich_message"]["html"], message["rich_message"]["is_rtl"]) == ("<h1>News</h1>", True)
    here = {"chat_id": SARA, "message_id": message["message_id"]}
    edited = await call("editMessageText", **here, rich_message={"markdown": "# News"})
    assert edited["rich_message"]["markdown"] == "# News"
    assert "exactly one of html and markdown" in await refusal("sendRichMessage", chat_id=SARA, rich_message={})


async def test_places(call: Any, refusal: Any) -> None:
    assert (await call("sendLocation", chat_id=SARA, latitude=34.3, longitude=62.2))["location"]["latitude"] == 34.3
    assert "wrong location" in await refusal("sendLocation", chat_id=SARA, latitude=91, longitude=0)


# ── queries ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_pressed_button_is_answered_in_time(call: Any, refusal: Any, world: World, clock: Clock) -> None:
    message = await call("sendMessage", chat_id=SARA, text="x", reply_markup=KEYBOARD)
    query_id = world.press(message["message_id"], "m")
    assert await call("answerCallbackQuery", callback_query_id=query_id, text="ok")
    assert await call("answerCallbackQuery", callback_query_id=query_id)
    too_old = "query is too old and response timeout expired or query ID is invalid"
    assert too_old in await refusal("answerCallbackQuery", callback_query_id="77")
    clock.forward(61)
    assert too_old in await refusal("answerCallbackQuery", callback_query_id=query_id)
    fresh = world.press(message["message_id"], "m")
    assert "URL_INVALID" in await refusal("answerCallbackQuery", callback_query_id=fresh, url="x")
    assert "201 characters" in await refusal("answerCallbackQuery", callback_query_id=fresh, text="x" * 201)
    assert too_old in await refusal("answerInlineQuery", inline_query_id=fresh, results=[])


def article(result_id: str, text: str = "x", **fields: Any) -> dict[str, Any]:
    content = {"message_text": text, "parse_mode": "HTML"}
    return {"type": "article", "id": result_id, "title": "t", "input_message_content": content, **fields}


async def test_an_inline_result_is_chosen_and_edited(call: Any, refusal: Any, world: World) -> None:
    query_id = world.ask_inline("herat")
    results = [article("1", "<b>Herat</b>", reply_markup=KEYBOARD), article("2")]
    assert await call("answerInlineQuery", inline_query_id=query_id, results=results, cache_time=0)
    message = world.choose(query_id, "1")
    assert (message["text"], message["via_bot"], message["from"]["id"]) == ("Herat", world.me, SARA)
    chosen = world.updates.pending[-2]["chosen_inline_result"]
    assert chosen["query"] == "herat"
    assert await call("editMessageText", inline_message_id=chosen["inline_message_id"], text="Mashhad") is True
    assert world.chats[SARA].posts[message["message_id"]].message["text"] == "Mashhad"
    world.choose(query_id, "2")
    assert "inline_message_id" not in world.updates.pending[-2]["chosen_inline_result"]


async def test_a_button_of_an_inline_message_names_it(call: Any, world: World) -> None:
    query_id = world.ask_inline("x")
    await call("answerInlineQuery", inline_query_id=query_id, results=[article("1", reply_markup=KEYBOARD)])
    message = world.choose(query_id, "1")
    world.press(message["message_id"], "m")
    query = world.updates.pending[-1]["callback_query"]
    assert "message" not in query
    assert query["inline_message_id"] in world.inline_messages


async def test_inline_answers_that_are_refused(refusal: Any, world: World) -> None:
    query_id = world.ask_inline("x")

    async def refused(**params: Any) -> str:
        return await refusal("answerInlineQuery", inline_query_id=query_id, **params)

    assert "RESULTS_TOO_MUCH" in await refused(results=[article(str(number)) for number in range(51)])
    assert "RESULT_ID_DUPLICATE" in await refused(results=[article("1"), article("1")])
    assert "can't parse entities" in await refused(results=[article("1", "<br>")])
    assert "BUTTON_DATA_INVALID" in await refused(
        results=[article("1", reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "y" * 65}]]})]
    )
    assert "exactly one of" in await refused(results=[], button={"text": "x"})
    assert "START_PARAM_INVALID" in await refused(results=[], button={"text": "x", "start_parameter": "a b"})
    photo = {"type": "photo", "id": "1", "photo_url": "https://x.org/a.jpg", "thumbnail_url": "https://x.org/b.jpg"}
    assert "caption is too long" in await refused(results=[photo | {"caption": "x" * 1025}])


async def test_the_sign_of_being_busy(call: Any, refusal: Any, world: World) -> None:
    assert await call("sendChatAction", chat_id=SARA, action="typing")
    assert world.events.after(world.events.seq - 1)[0]["action"] == "typing"
    assert "wrong parameter action" in await refusal("sendChatAction", chat_id=SARA, action="dancing")
    assert "thread not found" in await refusal("sendChatAction", chat_id=SARA, action="typing", message_thread_id=5)


# ── the bot and its chats ────────────────────────────────────────────────────────────────────────────────────────────


async def test_menus_are_checked_and_the_narrowest_is_shown(call: Any, refusal: Any, world: World) -> None:
    def command(text: str) -> list[dict[str, str]]:
        return [{"command": "start", "description": text}]

    await call("setMyCommands", commands=command("all"))
    await call("setMyCommands", commands=command("private"), scope={"type": "all_private_chats"})
    await call("setMyCommands", commands=command("fa"), scope={"type": "all_private_chats"}, language_code="fa")
    await call("setMyCommands", commands=command("Sara"), scope={"type": "chat", "chat_id": SARA})

    def shown(language: str, *, chat_id: int = SARA, kind: str = "private") -> str:
        return world.profile.menu(language=language, chat_id=chat_id, user_id=SARA, kind=kind)[0]["description"]

    assert shown("fa-IR") == "Sara"
    assert await call("deleteMyCommands", scope={"type": "chat", "chat_id": SARA})
    assert [shown("fa-IR"), shown("de"), shown("fa", chat_id=-5, kind="group")] == ["fa", "private", "all"]
    for wrong in ("Start", "start-now", "شروع"):
        commands = [{"command": wrong, "description": "x"}]
        assert "BOT_COMMAND_INVALID" in await refusal("setMyCommands", commands=commands)
    assert "TOO_MUCH" in await refusal("setMyCommands", commands=command("x") * 101)
    assert "invalid language code" in await refusal("setMyCommands", commands=[], language_code="fa-IR")
    assert "chat not found" in await refusal("setMyCommands", commands=[], scope={"type": "chat", "chat_id": 99})


async def test_names_and_descriptions(call: Any, world: World) -> None:
    await call("setMyName", name="Baztab News")
    await call("setMyName", name="بازتاب", language_code="fa")
    assert world.me["first_name"] == "Baztab News"
    assert await call("getMyName", language_code="fa") == {"name": "بازتاب"}
    assert await call("getMyName", language_code="de") == {"name": "Baztab News"}
    await call("setMyName", name="", language_code="fa")
    assert await call("getMyName", language_code="fa") == {"name": "Baztab News"}
    await call("setMyDescription", description="Long")
    await call("setMyShortDescription", short_description="Short")
    assert world.profile.about("fa") == {"name": "Baztab News", "description": "Long", "short_description": "Short"}
    assert await call("getMyDescription") == {"description": "Long"}
    assert await call("getMyShortDescription") == {"short_description": "Short"}


async def test_the_menu_button(call: Any) -> None:
    web = {"type": "web_app", "text": "Open", "web_app": {"url": "https://x.org"}}
    await call("setChatMenuButton", chat_id=SARA, menu_button=web)
    assert await call("getChatMenuButton", chat_id=SARA) == web
    assert await call("getChatMenuButton") == {"type": "commands"}
    await call("setChatMenuButton", chat_id=SARA)
    assert await call("getChatMenuButton", chat_id=SARA) == {"type": "commands"}


async def test_chats_and_members(call: Any, refusal: Any, world: World) -> None:
    group = world.add_group("Readers", username="readers")
    world.add_person(5)
    world.join(group.id, 5, "administrator")
    full = await call("getChat", chat_id="@readers")
    assert (full["title"], full["active_usernames"]) == ("Readers", ["readers"])
    assert (await call("getChatMember", chat_id=group.id, user_id=SARA))["status"] == "creator"
    assert (await call("getChatMember", chat_id=group.id, user_id=world.me["id"]))["status"] == "member"
    assert [one["user"]["id"] for one in await call("getChatAdministrators", chat_id=group.id)] == [SARA, 5]
    assert await call("getChatMemberCount", chat_id=group.id) == 3
    assert "member not found" in await refusal("getChatMember", chat_id=group.id, user_id=77)
    assert "no administrators" in await refusal("getChatAdministrators", chat_id=SARA)
    assert await call("leaveChat", chat_id=group.id)
    assert "bot is not a member" in await refusal("getChat", chat_id=group.id)
    assert "private chats" in await refusal("leaveChat", chat_id=SARA)
    old = world.add_group("Small", "group")
    world.migrate(old.id)
    assert "upgraded to a supergroup" in await refusal("getChat", chat_id=old.id)


async def test_webhooks_are_for_this_machine(call: Any, refusal: Any, world: World) -> None:
    assert "loopback addresses only" in await refusal("setWebhook", url="https://example.org/hook")
    assert "unallowed characters" in await refusal("setWebhook", url="http://127.0.0.1/", secret_token="a b")
    assert "max_connections" in await refusal("setWebhook", url="http://127.0.0.1/", max_connections=0)
    world.send("x")
    assert await call("setWebhook", url="http://127.0.0.1:9/", allowed_updates=["message"], drop_pending_updates=True)
    info = await call("getWebhookInfo")
    assert (info["url"], info["pending_update_count"], info["allowed_updates"]) == (
        "http://127.0.0.1:9/",
        0,
        ["message"],
    )
    assert "webhook is active" in await refusal("getUpdates")
    assert await call("deleteWebhook")
    world.send("x")
    assert len(await call("getUpdates", timeout=0)) == 1
