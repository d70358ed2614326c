"""`baztab run` and `baztab migrate`."""

import asyncio
import gc
from collections.abc import Sequence

import typer

from bot.cli.output import console
from bot.cli.running import settings_of_command


async def run(roles: str) -> None:
    """Run the bot in some roles ("" for all of them) until SIGINT or SIGTERM."""
    named = tuple(role.strip() for role in roles.split(",") if role.strip())
    if named:
        check_roles(named)
    settings = settings_of_command(quiet=False)
    settings.required_token()

    from bot.stopping import stop_on_signals
    from bot.wiring import ROLES, open_bot, open_news, serve

    stop = stop_on_signals()
    try:
        async with open_news(settings, exclusive=True) as news, open_bot(news) as running:
            # What is loaded by now stays: a full collection that looked at it each time would hold up answers.
            gc.freeze()
            await serve(running, stop=stop, roles=named or ROLES)
    except asyncio.CancelledError:
        if not stop.is_set():
            raise


def check_roles(named: Sequence[str]) -> None:
    """Refuse a role that there isn't, as wrong usage."""
    from bot.wiring import ROLES

    if unknown := [role for role in named if role not in ROLES]:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(ROLES)}.", param_hint="--roles")


async def migrate() -> None:
    """Bring the database to the current schema."""
    from digests.storage import migrate as migrate_database

    await migrate_database(settings_of_command().database_url)
    console.print("The database has the current schema.")
