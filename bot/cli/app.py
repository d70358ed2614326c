"""The program: its commands, and errors as one line on stderr. Exit status 0, 1 on failure, 2 on wrong usage."""

import asyncio
import sys
from typing import Annotated

import typer
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot.cli import feeds, looking
from bot.cli.check import check
from bot.cli.output import console, errors
from bot.cli.running import run_async, settings_of_command
from bot.wiring import ROLES, open_bot, open_news, serve, stop_on_signals
from config.errors import SettingsError
from digests.errors import BaztabError
from digests.storage import migrate as migrate_database

app = typer.Typer(
    help="Baztab (بازتاب): a Telegram bot that sends everyone a daily digest of the news, quoted from its sources.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def run(
    roles: Annotated[
        str, typer.Option(help="What this process does, where several share PostgreSQL; with commas.")
    ] = ",".join(ROLES),
) -> None:
    """Run the bot on Telegram: BAZTAB_TOKEN=… baztab run."""
    chosen = tuple(role.strip() for role in roles.split(",") if role.strip())
    if not chosen or set(chosen) - set(ROLES):
        raise typer.BadParameter(f"{roles!r}: choose among {', '.join(ROLES)}", param_hint="--roles")

    async def work() -> None:
        settings = settings_of_command(quiet=False)
        settings.required_token()
        stop = stop_on_signals()
        async with open_news(settings, exclusive=True) as news, open_bot(news) as running:
            await serve(running, stop=stop, roles=chosen)

    run_async(work)


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the page is served; 0 lets the system choose.")
    ] = 8765,
    live: Annotated[bool, typer.Option("--live", help="Read the shipped feeds, not the sample newsroom.")] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = True,
) -> None:
    """Try the whole bot in the browser, without a token."""
    from bot.playground.demo import run_demo

    run_async(lambda: run_demo(port=port, live=live, open_browser=browser))


app.command()(looking.ingest)
app.command()(looking.digest)
app.command()(looking.latest)
app.command()(looking.search)
app.command()(looking.summarize)
app.add_typer(feeds.app, name="feeds")
app.command()(check)


@app.command()
def migrate() -> None:
    """Bring the database to the current schema (run does it by itself on SQLite)."""

    async def work() -> None:
        await migrate_database(settings_of_command().database_url)
        console.print("The database has the current schema.")

    run_async(work)


def main() -> None:
    """The console script."""
    try:
        app()
    except (BaztabError, SettingsError) as error:
        fail(str(error))
    except InvalidToken:
        fail("Telegram does not know this token: copy it anew from @BotFather into BAZTAB_TOKEN")
    except Conflict:
        fail("another process polls with this token: stop it, or use another bot's token")
    except NetworkError as error:
        fail(f"Telegram can't be reached ({error.message}): check the network, a proxy (HTTPS_PROXY) or BAZTAB_API_URL")
    except TelegramError as error:
        fail(f"Telegram refused: {error.message}")
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(130)


def fail(text: str) -> None:
    """One line on stderr, exit status 1."""
    errors.print("baztab: " + " ".join(text.split()), markup=False)
    sys.exit(1)
