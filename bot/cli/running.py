"""What every command does first and last: settings, logging, an event loop, and errors as one line."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import typer

from bot import logs, wiring
from config.settings import Settings, load_settings


def settings_of_command(*, quiet: bool = True) -> Settings:
    """The settings; logging is set up by them. `quiet` keeps everyday events off the terminal."""
    settings = load_settings()
    secrets = [settings.token.get_secret_value()] if settings.token is not None else []
    logs.set_up(settings.log, secrets=secrets, level=logging.ERROR if quiet else logging.INFO)
    return settings


@asynccontextmanager
async def open_news() -> AsyncIterator[wiring.News]:
    """The news side for a short command."""
    async with wiring.open_news(settings_of_command()) as news:
        yield news


def run_async(work: Callable[[], Coroutine[Any, Any, int | None]]) -> None:
    """Run a command's coroutine; an int that it returns is the exit status."""
    status = asyncio.run(work())
    if status:
        raise typer.Exit(status)
