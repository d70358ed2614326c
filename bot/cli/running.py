"""What every command does first and last: settings, logging, an event loop, and errors as one line."""

import asyncio
import logging
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from bot.newsside import News
    from config.settings import Settings

INTERRUPTED = 130


def settings_of_command(*, quiet: bool = True) -> "Settings":
    """The settings; logging is set up by them. `quiet` keeps everyday events off the terminal."""
    from bot import logs
    from config.settings import load_settings

    settings = load_settings()
    secrets = [settings.token.get_secret_value()] if settings.token is not None else []
    logs.set_up(settings.log, secrets=secrets, level=logging.ERROR if quiet else logging.INFO)
    return settings


@asynccontextmanager
async def open_news() -> AsyncIterator["News"]:
    """The news side for a short command."""
    settings = settings_of_command()

    from bot import newsside

    async with newsside.open_news(settings) as news:
        yield news


def run_async(work: Callable[[], Coroutine[Any, Any, int | None]]) -> None:
    """Run a command's coroutine; an int that it returns is the exit status."""

    async def whole() -> int | None:
        try:
            return await work()
        finally:
            await asyncio.to_thread(_wait_for_connections)

    status = asyncio.run(whole())
    if status:
        raise typer.Exit(status)


def _wait_for_connections() -> None:
    """Let the threads of SQLite connections end: where a file can't be opened nobody waits for them, and one that
    finds the event loop closed complains on stderr."""
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            thread.join(timeout=5)


def end(app: typer.Typer, arguments: Sequence[str] | None) -> None:
    """Run the program and exit: 0, 1 after one line on stderr, 2 after one about wrong usage, 130 when interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = app(given or ["--help"], prog_name="baztab", standalone_mode=False)
    except typer.TyperException as error:
        fail(f"{error.format_message()}{_hint(error)}", status=error.exit_code)
    except typer.Abort:
        fail("not confirmed: nothing was changed")
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(INTERRUPTED)
    except Exception as error:  # noqa: BLE001  # the last line of defence: told in one line, never swallowed
        from bot.cli.faults import describe

        fail(describe(error))
    sys.exit(status or 0)


def _hint(error: typer.TyperException) -> str:
    """Where to read on."""
    context = getattr(error, "ctx", None)
    return f" See {context.command_path} --help" if context is not None else " See baztab --help"


def fail(text: str, status: int = 1) -> NoReturn:
    """One line on stderr, and the exit."""
    typer.echo("baztab: " + " ".join(text.split()), err=True)
    sys.exit(status)
