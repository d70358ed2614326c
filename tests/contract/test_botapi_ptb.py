"""python-telegram-bot itself as the client of the loopback Bot API server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaDocument,
    InputMediaPhoto,
    InputTextMessageContent,
    LinkPreviewOptions,
    MenuButtonCommands,
    Message,
    MessageOriginUser,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from bot.playground.api import BotApiServer, Limits, World
from bot.playground.api.state import SARA

TOKEN = "4242:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer(World()) as running:
        yield running


@pytest.fixture
def world(server: BotApiServer) -> World:
    return server.world


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[ExtBot]:
    async with ExtBot(TOKEN, base_url=server.base_url, base_file_url=server.base_file_url) as client:
        yield client


KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more:1")]])


async def test_the_bot_learns_who_it_is(bot: ExtBot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot, me.supports_inline_queries) == (4242, "BaztabBot", True, True)


async def test_a_message_comes_back_parsed(bot: ExtBot, world: World) -> None:
    message = await bot.send_message(
        SARA, "<b>Rain</b> over <a href='https://example.org/a'>Herat</a>", ParseMode.HTML, reply_markup=KEYBOARD
    )
    assert message.text == "Rain over Herat"
    assert [entity.type for entity in message.entities] == ["bold", "text_link"]
    assert message.entities[1].url == "https://example.org/a"
    assert message.reply_markup == KEYBOARD
    assert world.sent[-1].text == "Rain over Herat"
    assert world.sent[-1].buttons == {"More": "more:1"}
    assert not world.refused


async def test_an_edit_replaces_text_and_keyboard(bot: ExtBot, world: World) -> None:
    first = await bot.send_message(SARA, "one", reply_markup=KEYBOARD)
    second = await bot.edit_message_text("two", SARA, first.message_id)
    assert isinstance(second, type(first))
    assert (second.text, second.reply_markup) == ("two", None)
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("two", SARA, first.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("three", SARA, 999)
    assert [refused.code for refused in world.refused] == [400, 400]


@asynccontextmanager
async def running(server: BotApiServer, *handlers: object) -> AsyncIterator[Application]:
    builder = Application.builder().token(TOKEN).base_url(server.base_url).base_file_url(server.base_file_url)
    application = builder.job_queue(None).build()
    application.add_handlers(handlers)
    async with application:
        await application.start()
        assert application.updater
        await application.updater.start_polling(allowed_updates=Update.ALL_TYPES, timeout=5)
        yield application
        await application.updater.stop()
        await application.stop()


async def test_a_conversation_over_polling(server: BotApiServer, world: World) -> None:
    async def start(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message
        await update.effective_message.reply_text("Hello", reply_markup=KEYBOARD)

    async def more(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query
        await update.callback_query.answer("Here it is", show_alert=True)
        await update.callback_query.edit_message_text("Hello, more")

    async with running(server, CommandHandler("start", start), CallbackQueryHandler(more)):
        world.send("/start")
        hello = await world.wait_sent(SARA, "Hello")
        query_id = world.press_label("More")
        await world.wait_sent(SARA, "Hello, more", after=hello.seq)
    assert world.queries[query_id].answer == {"text": "Here it is", "show_alert": True, "url": ""}
    assert not world.refused


async def test_menus_are_kept_by_scope_and_language(bot: ExtBot, world: World) -> None:
    await bot.set_my_commands([BotCommand("start", "Begin")])
    await bot.set_my_commands([BotCommand("start", "آغاز")], scope=BotCommandScopeAllPrivateChats(), language_code="fa")
    assert [command.description for command in await bot.get_my_commands()] == ["Begin"]
    assert await bot.get_my_commands(language_code="fa") == ()
    persian = await bot.get_my_commands(BotCommandScopeAllPrivateChats(), "fa")
    assert [command.description for command in persian] == ["آغاز"]
    assert not world.refused


async def test_groups_reactions_and_inline_mode_over_polling(server: BotApiServer, world: World) -> None:
    seen: list[str] = []

    async def membership(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        change = update.my_chat_member
        assert change
        seen.append(f"{change.old_chat_member.status}>{change.new_chat_member.status}")
        if change.new_chat_member.status == "member":
            await context.bot.send_message(change.chat.id, "Hello, group")

    async def reaction(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message_reaction
        seen.extend(one.emoji for one in update.message_reaction.new_reaction)
        world.events.wake()

    async def inline(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.inline_query
        content = InputTextMessageContent(f"<b>{update.inline_query.query}</b>", ParseMode.HTML)
        result = InlineQueryResultArticle("1", "Card", content, reply_markup=KEYBOARD, description="x")
        await update.inline_query.answer([result], cache_time=0, is_personal=True)

    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message
        await update.effective_message.reply_text("What?", reply_markup=ForceReply(), do_quote=True)

    handlers = (
        ChatMemberHandler(membership),
        MessageReactionHandler(reaction),
        InlineQueryHandler(inline),
        MessageHandler(filters.TEXT & filters.ChatType.PRIVATE & ~filters.VIA_BOT, echo),
    )
    async with running(server, *handlers):
        await world.wait_for(lambda: world.updates.polls)
        group = world.add_group("Readers")
        hello = await world.wait_sent(group.id, "Hello, group")
        world.set_bot_status(group.id, "administrator")
        world.react(hello.message_id, "👍", chat_id=group.id)
        await world.wait_for(lambda: "👍" in seen)
        query_id = world.ask_inline("herat")
        await world.wait_for(lambda: world.queries[query_id].results)
        assert world.choose(query_id, "1")["text"] == "herat"
        world.send("hm")
        assert (await world.wait_sent(SARA, "What?")).keyboard == {"force_reply": True}
    assert seen == ["left>member", "member>administrator", "👍"]
    assert not world.refused


async def test_refusals_come_up_as_ptbs_own_errors(bot: ExtBot, world: World) -> None:
    world.add_person(5)
    world.block(user_id=5)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(5, "x")
    old = world.add_group("Small", "group")
    new = world.migrate(old.id)
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(old.id, "x")
    assert migrated.value.new_chat_id == new.id
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(SARA, "<br>", ParseMode.HTML)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(SARA, "x" * 4097)
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(
            SARA, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="y" * 65)]])
        )
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("5")


async def test_flood_control_comes_up_as_retry_after() -> None:
    server = BotApiServer(World(limits=Limits(chat_burst=1, chat_rate=0.01)))
    async with server, ExtBot(TOKEN, base_url=server.base_url) as bot:
        await bot.send_message(SARA, "one")
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(SARA, "two")
    assert caught.value._retry_after.total_seconds() > 90


async def test_a_wrong_token_and_a_second_poller() -> None:
    async with BotApiServer(World(token=TOKEN)) as server:
        with pytest.raises(InvalidToken):
            async with ExtBot("4242:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", base_url=server.base_url):
                pass
        old, new = (ExtBot(TOKEN, base_url=server.base_url) for _ in range(2))
        async with old, new:
            first = asyncio.create_task(old.get_updates(timeout=20))
            await server.world.wait_for(lambda: server.world.updates.polls)
            second = asyncio.create_task(new.get_updates(timeout=20))
            with pytest.raises(Conflict):
                await first
            server.world.send("x")
            assert len(await second) == 1


async def test_files_photos_and_albums(bot: ExtBot, world: World) -> None:
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0"
    photo = await bot.send_photo(SARA, png, caption="<i>a</i>", parse_mode=ParseMode.HTML, reply_markup=KEYBOARD)
    assert (photo.photo[0].width, photo.caption, photo.caption_entities[0].type) == (640, "a", "italic")
    edited = await bot.edit_message_caption(SARA, photo.message_id, caption="b")
    assert isinstance(edited, type(photo))
    assert edited.caption == "b"
    document = await bot.send_document(SARA, b"<opml/>", filename="feeds.opml")
    assert document.document
    file = await bot.get_file(document.document.file_id)
    assert await file.download_as_bytearray() == b"<opml/>"
    album = await bot.send_media_group(SARA, [InputMediaPhoto(png, caption="1"), InputMediaPhoto(png)])
    assert [message.caption for message in album] == ["1", None]
    media = InputMediaDocument(b"x", filename="a.txt")
    changed = await bot.edit_message_media(media, SARA, photo.message_id)
    assert isinstance(changed, type(photo))
    assert changed.document
    assert not world.refused


async def test_what_else_the_bot_asks(bot: ExtBot, world: World) -> None:
    group = world.add_group("Readers", forum=True, username="readers")
    thread_id = world.add_topic(group.id, "Climate")
    world.set_bot_status(group.id, "administrator")
    assert (await bot.get_chat("@readers")).is_forum
    assert (await bot.get_chat_member(group.id, SARA)).status == "creator"
    assert [one.user.id for one in await bot.get_chat_administrators(group.id)] == [SARA, 4242]
    assert await bot.get_chat_member_count(group.id) == 2
    sent = await bot.send_message(
        group.id,
        "In the thread",
        message_thread_id=thread_id,
        link_preview_options=LinkPreviewOptions(url="https://example.org/", prefer_large_media=True),
    )
    assert sent.link_preview_options
    assert (sent.message_thread_id, sent.link_preview_options.prefer_large_media) == (thread_id, True)
    topic = await bot.create_forum_topic(group.id, "Sports", icon_color=0xFF93B2)
    assert (topic.name, group.topics[topic.message_thread_id]) == ("Sports", "Sports")
    assert await bot.pin_chat_message(group.id, sent.message_id)
    assert await bot.unpin_chat_message(group.id, sent.message_id)
    assert await bot.set_message_reaction(group.id, sent.message_id, "👍")
    assert await bot.send_chat_action(group.id, ChatAction.TYPING, message_thread_id=thread_id)
    forwarded = await bot.forward_message(SARA, group.id, sent.message_id)
    assert isinstance(forwarded.forward_origin, MessageOriginUser)
    assert (await bot.copy_message(SARA, group.id, sent.message_id)).message_id
    assert await bot.delete_messages(SARA, [forwarded.message_id])
    assert await bot.delete_message(group.id, sent.message_id)
    assert await bot.set_my_name("Mirror")
    assert (await bot.get_my_name()).name == "Mirror"
    assert await bot.set_my_description("d", language_code="fa")
    assert (await bot.get_my_description("fa")).description == "d"
    assert await bot.set_my_short_description("s")
    assert (await bot.get_my_short_description()).short_description == "s"
    assert await bot.set_chat_menu_button(SARA, MenuButtonCommands())
    assert (await bot.get_chat_menu_button(SARA)).type == "commands"
    assert not (await bot.get_webhook_info()).url
    rich = await bot.do_api_request(
        "sendRichMessage", {"chat_id": SARA, "rich_message": {"html": "<h1>x</h1>"}}, return_type=Message
    )
    assert rich.message_id
    assert await bot.leave_chat(group.id)
    assert not world.refused
