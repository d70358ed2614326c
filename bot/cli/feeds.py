"""The work of `baztab feeds …`: the catalogue from the terminal."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import typer
from rich.text import Text

from bot.cli.output import console, counted, errors, print_json, print_table, progress
from bot.cli.running import open_news
from bot.newsside import News
from digests.errors import BaztabError
from digests.feeds.checkup import Checkup
from digests.feeds.discover import Candidate
from digests.feeds.opml import read_opml, write_opml
from digests.model import Feed, FeedSpec

AT_ONCE = 24


async def list_all(*, as_json: bool) -> None:
    """Print the feeds that everybody gets; columns with tabs between them where nobody watches."""
    async with open_news() as news:
        found = [feed for feed in await news.storage.feeds.all() if not feed.personal]
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
        return f"off: {feed.last_error}" if feed.last_error else "off"
    if feed.errors:
        since = f" since {feed.failing_since:%Y-%m-%d}" if feed.failing_since else ""
        return f"failing ({feed.errors}{since}): {feed.last_error}"
    return f"read {feed.last_success_at:%Y-%m-%d %H:%M}" if feed.last_success_at else "new"


async def add(url: str, *, source: str, language: str, topics: Sequence[str], ask: bool) -> int:
    """Find the feeds at an address, show what is in one, and add it; 1 where that was not wanted."""
    async with open_news() as news:
        chosen = choose(await news.finder.find(url), ask=ask)
        if chosen is None:
            return 1
        found = await examine(news, chosen.url, language)
        show(chosen.url, found)
        if ask and not typer.confirm("Add this feed?", default=True):
            return 1
        spec = FeedSpec(
            url=chosen.url,
            source=source or found.title or chosen.url,
            language=language or found.declared or found.detected,
            topics=tuple(topics),
        )
        feed = await news.storage.feeds.add(spec, now=news.clock())
    console.print(f"Added: {feed.source}. It is read with the next ingest.", markup=False)
    return 0


def choose(found: Sequence[Candidate], *, ask: bool) -> Candidate | None:
    """One of the feeds of a site: the best one, unless somebody is asked; None where they want none."""
    if len(found) == 1 or not ask:
        return found[0]
    for number, candidate in enumerate(found, start=1):
        console.print(f"{number}. {candidate.title or '(no title)'}\n   {candidate.url}", markup=False)
    number = typer.prompt("Which one? (0 for none)", default=1, type=int)
    return found[number - 1] if 1 <= number <= len(found) else None


def show(url: str, found: Checkup) -> None:
    """What is in a feed, for somebody who is about to add it."""
    console.print(
        f"{url}\n{found.title or '(no title)'}: {counted(found.entries, 'entry', 'entries')}, "
        f"{found.declared or found.detected or 'language unknown'}",
        markup=False,
    )
    if found.newest is not None:
        console.print(f"newest of {found.newest:%Y-%m-%d %H:%M} UTC")
    for title in found.titles:
        console.print(f"  · {title}", markup=False)
    for oddity in found.oddities:
        console.print(f"  ! {oddity}", markup=False)


async def examine(news: News, url: str, language: str) -> Checkup:
    """Ask a feed and look it over. Raises BaztabError."""
    return (await news.finder.look(url, language=language)).found


async def remove(url: str) -> None:
    """Switch a feed off. Raises BaztabError where there is none."""
    async with open_news() as news:
        if not await news.storage.feeds.remove(url):
            raise BaztabError(f"no feed has the address {url}; see baztab feeds list")
    console.print("Removed.")


async def check(*, as_json: bool) -> int:
    """Ask every active feed; 1 where one is not well."""
    async with open_news() as news:
        active = await news.storage.feeds.shared()
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
    """One feed's line, and one for each thing that is odd about it."""
    problem = result["problem"]
    sign = Text("✗ ", style="red") if problem else Text("✓ ", style="green")
    entries = counted(int(str(result["entries"])), "entry", "entries")
    language = result["language"] or result["detected"] or "language unknown"
    topics = "/".join(cast("Sequence[str]", result["topics"])) or "no topics"
    what = problem or f"{entries}, newest {result['newest'] or 'undated'}, {language}, {topics}"
    console.print(sign + Text(f"{result['source']} {result['url']}: {what}"))
    for oddity in cast("Sequence[str]", result["oddities"]):
        console.print(Text("  ! ", style="yellow") + Text(oddity))


async def check_one(news: News, feed: Feed) -> dict[str, object]:
    """What one feed answers."""
    result: dict[str, object] = {"url": feed.url, "source": feed.source, "topics": feed.topics, "problem": None}
    try:
        found = await examine(news, feed.url, feed.language)
    except BaztabError as error:
        silent = {"entries": 0, "newest": None, "language": feed.language, "detected": "", "oddities": ()}
        return {**result, **silent, "problem": str(error)}
    return {
        **result,
        "entries": found.entries,
        "newest": f"{found.newest:%Y-%m-%d %H:%M}" if found.newest else None,
        "language": found.declared,
        "detected": found.detected,
        "oddities": found.oddities,
        "problem": None if found.entries else "it has no entries",
    }


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
        shared = await news.storage.feeds.shared()
        text = write_opml(shared, title="Baztab")
    if file is None:
        console.print(text, markup=False)
        return
    try:
        await asyncio.to_thread(file.write_text, text, encoding="utf-8")
    except OSError as error:
        raise BaztabError(f"{file} can't be written: {error.strerror}") from None
