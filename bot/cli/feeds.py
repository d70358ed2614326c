"""`baztab feeds …`: the catalogue from the terminal."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from digests.feeds.discover import find_feeds
from digests.feeds.opml import read_opml, write_opml
from rich.table import Table

from bot.cli.output import console, errors, print_json, progress
from bot.cli.running import open_news, run_async
from bot.wiring import News
from digests.errors import BaztabError, FeedError
from digests.feeds.encoding import decode_body
from digests.feeds.parse import parse_feed
from digests.model import Feed, FeedSpec, ParsedFeed

app = typer.Typer(help="The feeds: list, add, remove, check, and OPML in and out.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
CANDIDATES = 5


@app.command("list")
def list_feeds(as_json: Json = False) -> None:
    """All feeds with how they do."""

    async def work() -> None:
        async with open_news() as news:
            found = await news.storage.feeds.all()
        if as_json:
            print_json(found)
            return
        table = Table("source", "language", "topics", "state", "URL", box=None, header_style="bold")
        for feed in found:
            table.add_row(feed.source, feed.language, ", ".join(feed.topics), state_of(feed), feed.url)
        console.print(table)
        console.print(f"{sum(feed.active for feed in found)} active of {len(found)}")

    run_async(work)


def state_of(feed: Feed) -> str:
    """A feed's state in a few words."""
    if not feed.active:
        return "off"
    if feed.errors:
        return f"failing ({feed.errors}): {feed.last_error}"
    return f"read {feed.last_success_at:%Y-%m-%d %H:%M}" if feed.last_success_at else "new"


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="The feed's address, or a site's: its feed is found.")],
    source: Annotated[str, typer.Option("--source", help="The publisher's name.")] = "",
    language: Annotated[str, typer.Option("--language", "-l", help="Like en or fa.")] = "",
    topic: Annotated[list[str] | None, typer.Option("--topic", "-t", help="A shipped topic; may be repeated.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Add a feed, after showing what is in it."""

    async def work() -> int:
        async with open_news() as news:
            address, parsed = await look_at(news, url if "://" in url else f"https://{url}")
            newest = max((entry.published for entry in parsed.entries if entry.published), default=None)
            console.print(f"{address}\n{parsed.title or '(no title)'}: {len(parsed.entries)} entries", markup=False)
            if newest is not None:
                console.print(f"newest of {newest:%Y-%m-%d %H:%M} UTC")
            for entry in parsed.entries[:3]:
                console.print(f"  · {entry.title}", markup=False)
            if not yes and not typer.confirm("Add this feed?", default=True):
                return 1
            spec = FeedSpec(
                url=address,
                source=source or parsed.title or address,
                language=language or parsed.language.split("-")[0],
                topics=tuple(topic or ()),
            )
            feed = await news.storage.feeds.add(spec, now=news.clock())
        console.print(f"Added: {feed.source}. It is read with the next ingest.", markup=False)
        return 0

    run_async(work)


async def look_at(news: News, url: str) -> tuple[str, ParsedFeed]:
    """The feed at an address, or the first one that works of those that the page there names. Raises FeedError."""
    fetched = await news.fetcher.fetch(url)
    try:
        return fetched.url, parse_feed(fetched.body, url=fetched.url, content_type=fetched.content_type)
    except FeedError as error:
        page = decode_body(fetched.body, content_type=fetched.content_type)
        for candidate in find_feeds(page, url=fetched.url)[:CANDIDATES]:
            try:
                found = await news.fetcher.fetch(candidate.url)
                return found.url, parse_feed(found.body, url=found.url, content_type=found.content_type)
            except FeedError as problem:
                errors.print(f"{candidate.url}: {problem}", markup=False)
        raise FeedError(f"no feed found at {url}: {error}") from None


@app.command()
def remove(url: Annotated[str, typer.Argument(help="The feed's address, as feeds list shows it.")]) -> None:
    """Switch a feed off; its articles stay."""

    async def work() -> None:
        async with open_news() as news:
            if not await news.storage.feeds.remove(url):
                raise BaztabError(f"no feed has the address {url}; see baztab feeds list")
        console.print("Removed.")

    run_async(work)


@app.command()
def check(as_json: Json = False) -> None:
    """Ask every active feed once and tell what came: parsed or not, entries, newest, language."""

    async def work() -> int:
        async with open_news() as news:
            active = [feed for feed in await news.storage.feeds.all() if feed.active]
            with progress() as bar:
                task = bar.add_task("Checking feeds", total=len(active))
                gate = asyncio.Semaphore(24)

                async def one(feed: Feed) -> dict[str, object]:
                    async with gate:
                        result = await check_one(news, feed)
                    bar.update(task, advance=1)
                    return result

                results = await asyncio.gather(*(one(feed) for feed in active))
        bad = [result for result in results if result["problem"]]
        if as_json:
            print_json(results)
        else:
            for result in results:
                mark = "[red]✗[/]" if result["problem"] else "[green]✓[/]"
                what = (
                    result["problem"] or f"{result['entries']} entries, newest {result['newest']}, {result['language']}"
                )
                console.print(mark, end=" ")
                console.print(f"{result['source']} {result['url']}: {what}", markup=False)
            console.print(f"{len(results) - len(bad)} of {len(results)} feeds are well")
        return 1 if bad else 0

    run_async(work)


async def check_one(news: News, feed: Feed) -> dict[str, object]:
    """What one feed answers."""
    result: dict[str, object] = {"url": feed.url, "source": feed.source, "topics": feed.topics, "problem": None}
    try:
        fetched = await news.fetcher.fetch(feed.url)
        parsed = await news.workers.run(_parse, fetched.body, fetched.url, fetched.content_type)
    except BaztabError as error:
        return {**result, "entries": 0, "newest": None, "language": feed.language, "problem": str(error)}
    dates = [entry.published for entry in parsed.entries if entry.published]
    return {
        **result,
        "entries": len(parsed.entries),
        "newest": f"{max(dates):%Y-%m-%d %H:%M}" if dates else None,
        "language": feed.language or parsed.language,
        "problem": None if parsed.entries else "it has no entries",
    }


def _parse(body: bytes, url: str, content_type: str | None) -> ParsedFeed:
    return parse_feed(body, url=url, content_type=content_type)


@app.command("import")
def import_opml(file: Annotated[Path, typer.Argument(help="An OPML file.")]) -> None:
    """Add the feeds of an OPML file."""

    async def work() -> None:
        try:
            specs = read_opml(file.read_bytes())
        except OSError as error:
            raise BaztabError(f"{file} can't be read: {error.strerror}") from None
        async with open_news() as news:
            for spec in specs:
                await news.storage.feeds.add(spec, now=news.clock())
        console.print(f"{len(specs)} feeds imported.")

    run_async(work)


@app.command("export")
def export_opml(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; standard output without it.")] = None,
) -> None:
    """Write the active feeds as OPML."""

    async def work() -> None:
        async with open_news() as news:
            text = write_opml([feed for feed in await news.storage.feeds.all() if feed.active], title="Baztab")
        if file is None:
            console.print(text, markup=False)
            return
        try:
            file.write_text(text, encoding="utf-8")
        except OSError as error:
            raise BaztabError(f"{file} can't be written: {error.strerror}") from None

    run_async(work)
