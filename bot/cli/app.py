"""The program's commands as they are typed. What they do is in the modules beside this one.

Those are imported when a command runs: `baztab --help` must not wait for a database driver and a chat library.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.running import end, run_async

app = typer.Typer(
    name="baztab",
    help="Baztab (بازتاب): a Telegram bot that sends everyone a daily digest of the news, quoted from its sources.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
feeds_app = typer.Typer(help="The feeds: list, add, remove, check, and OPML in and out.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Topic = Annotated[str | None, typer.Option("--topic", "-t", help="A shipped topic, or words of your own.")]
Language = Annotated[str | None, typer.Option("--language", "-l", help="The language of the news, like en or fa.")]


@app.command()
def run(
    roles: Annotated[
        str,
        typer.Option(
            help="What this process does, where several share PostgreSQL: some of bot, ingest, compose and deliver, "
            "with commas between them.",
            show_default="all of it",
        ),
    ] = "",
) -> None:
    """Run the bot on Telegram: BAZTAB_TOKEN=… baztab run."""
    from bot.cli import serving

    run_async(lambda: serving.run(roles))


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


@app.command()
def ingest() -> None:
    """Read the feeds that are due, once; counts at the end."""
    from bot.cli import looking

    run_async(looking.ingest)


@app.command()
def digest(
    topic: Annotated[list[str] | None, typer.Option("--topic", "-t", help="A topic or words; may be repeated.")] = None,
    language: Language = None,
    stories: Annotated[int, typer.Option("--stories", "-n", min=1, max=50, help="The most stories it holds.")] = 7,
    as_json: Json = False,
) -> None:
    """The digest that a new subscriber would get now."""
    from bot.cli import looking

    run_async(lambda: looking.digest(topic or [], language=language, stories=stories, as_json=as_json))


@app.command()
def latest(topic: Topic = None, language: Language = None, as_json: Json = False) -> None:
    """The newest stories."""
    from bot.cli import looking

    run_async(lambda: looking.latest(topic, language=language, as_json=as_json))


@app.command(context_settings={"ignore_unknown_options": True})  # -word is a word to leave out
def search(
    query: Annotated[list[str], typer.Argument(help='Words; "phrases", -without, source:, topic:, lang:, since:7d.')],
    language: Annotated[str | None, typer.Option("--language", help="The language of the news, like en or fa.")] = None,
    as_json: Json = False,
) -> None:
    """Search everything that is stored, newest first."""
    from bot.cli import looking

    run_async(lambda: looking.search(query, language=language, as_json=as_json))


@app.command()
def summarize(
    source: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="A text file, a page's address, or - for stdin.")],
    title: Annotated[str | None, typer.Option("--title", help="The article's headline.")] = None,
    language: Language = None,
    sentences: Annotated[int, typer.Option("--sentences", "-n", min=1, max=50, help="How many.")] = 3,
    as_json: Json = False,
) -> None:
    """One article condensed to sentences quoted from it, with their positions."""
    from bot.cli import looking

    run_async(lambda: looking.summarize(source, title=title, language=language, sentences=sentences, as_json=as_json))


app.add_typer(feeds_app, name="feeds")


@app.command()
def check() -> None:
    """Check settings, database, token and feeds: what is wrong and how to mend it."""
    from bot.cli import checking

    run_async(checking.check)


@app.command()
def migrate() -> None:
    """Bring the database to the current schema (run does it by itself on SQLite)."""
    from bot.cli import serving

    run_async(serving.migrate)


@feeds_app.command("list")
def list_feeds(as_json: Json = False) -> None:
    """All feeds with how they do."""
    from bot.cli import feeds

    run_async(lambda: feeds.list_all(as_json=as_json))


@feeds_app.command()
def add(
    url: Annotated[str, typer.Argument(help="The feed's address, or a site's: its feed is found.")],
    source: Annotated[
        str, typer.Option("--source", help="The publisher's name.", show_default="the feed's title")
    ] = "",
    language: Annotated[
        str, typer.Option("--language", "-l", help="Like en or fa.", show_default="what the feed says")
    ] = "",
    topic: Annotated[list[str] | None, typer.Option("--topic", "-t", help="A shipped topic; may be repeated.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Add a feed, after showing what is in it."""
    from bot.cli import feeds

    run_async(lambda: feeds.add(url, source=source, language=language, topics=topic or [], ask=not yes))


@feeds_app.command()
def remove(url: Annotated[str, typer.Argument(help="The feed's address, as feeds list shows it.")]) -> None:
    """Switch a feed off; its articles stay."""
    from bot.cli import feeds

    run_async(lambda: feeds.remove(url))


@feeds_app.command("check")
def check_feeds(as_json: Json = False) -> None:
    """Ask every active feed once and tell what came: parsed or not, entries, newest, language."""
    from bot.cli import feeds

    run_async(lambda: feeds.check(as_json=as_json))


@feeds_app.command("import")
def import_opml(file: Annotated[Path, typer.Argument(help="An OPML file.")]) -> None:
    """Add the feeds of an OPML file."""
    from bot.cli import feeds

    run_async(lambda: feeds.import_opml(file))


@feeds_app.command("export")
def export_opml(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; standard output without it.")] = None,
) -> None:
    """Write the active feeds as OPML."""
    from bot.cli import feeds

    run_async(lambda: feeds.export_opml(file))


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script. Raises SystemExit with the status."""
    end(app, arguments)
