"""What Telegram shows of the bot before anyone writes to it: command menus and descriptions, language by language."""

from collections.abc import Sequence

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import RetryAfter

from bot.commands import Command
from bot.delivery.limiter import seconds_of
from bot.i18n import INTERFACE_LANGUAGES, Translator, mark, translator

log = structlog.get_logger(__name__)

NAME = mark("Baztab")
SHORT = mark("A daily digest of the news, quoted from its sources.")
LONG = mark(
    "Baztab reads the news and sends you one digest a day, at your hour, about what you ask for: every story once, "
    "with sentences quoted from the articles and links to all who reported it."
)


async def publish(bot: Bot, commands: Sequence[Command]) -> None:
    """Set menus and descriptions: English for everyone, then each other language of the interface."""
    for language in INTERFACE_LANGUAGES:
        speaking = translator(language)
        code = None if language == INTERFACE_LANGUAGES[0] else language
        await bot.set_my_commands(_menu(commands, speaking), BotCommandScopeAllPrivateChats(), code)
        await bot.set_my_commands(_menu(commands, speaking), BotCommandScopeAllGroupChats(), code)
        await bot.set_my_short_description(speaking.gettext(SHORT), code)
        await bot.set_my_description(speaking.gettext(LONG), code)
    await _name(bot)


async def _name(bot: Bot) -> None:
    """Spell the bot's name as each language does, where its owner calls it Baztab too.

    Telegram lets a name be changed only a few times a day, so it is asked for first, and a refusal waits for the next
    start.
    """
    if NAME.casefold() not in (await bot.get_my_name()).name.casefold():
        return
    for language in INTERFACE_LANGUAGES[1:]:
        name = translator(language).gettext(NAME)
        if name == NAME or (await bot.get_my_name(language)).name == name:
            continue
        try:
            await bot.set_my_name(name, language)
        except RetryAfter as error:
            log.warning("menus.name_refused", language=language, seconds=seconds_of(error))
            return


def _menu(commands: Sequence[Command], speaking: Translator) -> list[BotCommand]:
    return [BotCommand(command.name, speaking.gettext(command.about)) for command in commands if not command.admin]
