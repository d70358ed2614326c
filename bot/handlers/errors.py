"""Errors → texts for people, in one place: what a handler raises becomes an answer in the reader's language."""

from difflib import get_close_matches

import structlog

from bot.handlers.session import Answer, CommandHandler, Session, Tap, TapHandler
from bot.i18n import translator
from bot.render import chats, replies
from bot.view import Message
from digests.errors import BaztabError, QueryError, StorageError

log = structlog.get_logger(__name__)


async def answered(handler: CommandHandler, session: Session) -> Answer:
    """What the handler answers, or what is to be said of its error."""
    try:
        return await handler(session)
    except QueryError as error:
        return replies.bad_query(session.words, session.view, problem=error.problem, name=error.name)
    except StorageError as error:
        log.error("storage.failed", reason=str(error))  # noqa: TRY400  # the text says it all
        return our_fault(session)


async def tapped(handler: TapHandler, session: Session, callback: object) -> Tap:
    """The same for a tap."""
    try:
        return await handler(session, callback)
    except QueryError as error:  # a search that an earlier version took
        text = replies.bad_query("", session.view, problem=error.problem, name=error.name).plain
        return Tap(toast=text[:200], alert=True)
    except BaztabError as error:
        log.error("tap.failed", reason=str(error))  # noqa: TRY400
        return Tap(toast=our_fault(session).plain)


def our_fault(session: Session) -> Message:
    """Something broke on our side."""
    return replies.trouble(session.view)


def unknown_command(session: Session) -> Message:
    """There is no such command, but perhaps one that is spelt alike."""
    known = [name for name, *_ in session.menu]
    close = get_close_matches(session.command.casefold(), known, n=1, cutoff=0.6)
    return replies.unknown_command(f"/{session.command}", session.view, close=close[0] if close else None)


def only_administrators(session: Session) -> Message:
    """In a group, whoever asked may not change what it gets."""
    return replies.not_allowed(session.view)


def not_yours(session: Session) -> str:
    """A button that means a chat which whoever tapped may not set up, or not any more."""
    return chats.not_yours(session.view).plain


def old_button(session: Session) -> str:
    """A button that this version doesn't know."""
    return replies.toast_expired(session.view)


def closed(client: str | None) -> str:
    """A chat that may not enter (BAZTAB_ACCESS); it has no subscriber, so only its client's language is known."""
    return translator(client).gettext("🔒 This bot is private. Ask its owner to let you in.")
