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
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
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
    await bot.set_my_commands(
        [BotCommand("start", "آغاز")], scope=BotCommandScopeAllPrivateChats(), language_code="fa"
    )
    assert [command.description for command in await bot.get_my_commands()] == ["Begin"]
    assert await bot.get_my_commands(language_code="fa") == ()
    persian = await bot.get_my_commands(BotCommandScopeAllPrivateChats(), "fa")
    assert [command.description for command in persian] == ["آغاز"]
    assert not world.refused
