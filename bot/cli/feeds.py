"""The work of `baztab feeds …`: the catalogue from the terminal."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.text import Text

from bot.cli.output import console, counted, errors, print_json, print_table, progress
from bot.cli.running import open_news
from bot.wiring import News
from digests.errors import BaztabError, FeedError
from digests.feeds.discover import find_feeds
from digests.feeds.encoding import decode_body
from digests.feeds.opml import read_opml, write_opml
from digests.feeds.parse import parse_feed
from digests.model import Feed, FeedSpec, ParsedFeed

CANDIDATES = 5
AT_ONCE = 24


async def list_all(*, as_json: bool) -> None:
    """Print all feeds; columns with tabs between them where nobody watches."""
    async with open_news() as news:
        found = await news.storage.feeds.all()
    if as_json:
        print_json(found)
        return
    print_table(
        ("source", "language", "topics", "state", "URL"),
        [(feed.source, feed.language, ", ".join(feed.topics), state_of(feed), feed.url) for feed in found],
    )
    errors.print(f"{sum(feed.active for feed in found)} active of {len(found)}")


def state_of(feed: Feed) -> str:
    """A feed's state in a few words."""
    if not feed.active:
        return "off"
    if feed.errors:
        return f"failing ({feed.errors}): {feed.last_error}"
    return f"read {feed.last_success_at:%Y-%m-%d %H:%M}" if feed.last_success_at else "new"


async def add(url: str, *, source: str, language: str, topics: Sequence[str], ask: bool) -> int:
    """Show what is at an address, and add it; 1 where that was not wanted."""
    async with open_news() as news:
        address, parsed = await look_at(news, url if "://" in url else f"https://{url}")
        newest = max((entry.published for entry in parsed.entries if entry.published), default=None)
        console.print(
            f"{address}\n{parsed.title or '(no title)'}: {counted(len(parsed.entries), 'entry', 'entries')}",
            markup=False,
        )
        if newest is not None:
            console.print(f"newest of {newest:%Y-%m-%d %H:%M} UTC")
        for entry in parsed.entries[:3]:
            console.print(f"  · {entry.title}", markup=False)
        if ask and not typer.confirm("Add this feed?", default=True):
            return 1
        spec = FeedSpec(
            url=address,
            source=source or parsed.title or address,
            language=language or parsed.language.split("-")[0],
            topics=tuple(topics),
        )
        feed = await news.storage.feeds.add(spec, now=news.clock())
    console.print(f"Added: {feed.source}. It is read with the next ingest.", markup=False)
    return 0


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


async def remove(url: str) -> None:
    """Switch a feed off. Raises BaztabError where there is none."""
    async with open_news() as news:
        if not await news.storage.feeds.remove(url):
            raise BaztabError(f"no feed has the address {url}; see baztab feeds list")
    console.print("Removed.")


async def check(*, as_json: bool) -> int:
    """Ask every active feed; 1 where one is not well."""
    async with open_news() as news:
        active = [feed for feed in await news.storage.feeds.all() if feed.active]
        with progress() as bar:
            task = bar.add_task("Checking feeds", total=len(active))
            gate = asyncio.Semaphore(AT_ONCE)

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
            print_result(result)
        console.print(f"{len(results) - len(bad)} of {len(results)} feeds are well")
    return 1 if bad else 0


def print_result(result: dict[str, object]) -> None:
    """One feed's line."""
    problem = result["problem"]
    sign = Text("✗ ", style="red") if problem else Text("✓ ", style="green")
    entries = counted(int(str(result["entries"])), "entry", "entries")
    what = problem or f"{entries}, newest {result['newest'] or 'undated'}, {result['language']}"
    console.print(sign + Text(f"{result['source']} {result['url']}: {what}"))


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


async def import_opml(file: Path) -> None:
    """Add the feeds of an OPML file."""
    try:
        specs = read_opml(await asyncio.to_thread(file.read_bytes))
    except OSError as error:
        raise BaztabError(f"{file} can't be read: {error.strerror}") from None
    async with open_news() as news:
        for spec in specs:
            await news.storage.feeds.add(spec, now=news.clock())
    console.print(f"{counted(len(specs), 'feed')} imported.")


async def export_opml(file: Path | None) -> None:
    """Write the active feeds as OPML, to a file or to stdout."""
    async with open_news() as news:
        text = write_opml([feed for feed in await news.storage.feeds.all() if feed.active], title="Baztab")
    if file is None:
        console.print(text, markup=False)
        return
    try:
        await asyncio.to_thread(file.write_text, text, encoding="utf-8")
    except OSError as error:
        raise BaztabError(f"{file} can't be written: {error.strerror}") from None
