"""The work of the commands that look: ingest, digest, latest, search, summarize."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.cli.output import console, counted, digest_json, errors, print_item, print_json, progress
from bot.cli.running import open_news, settings_of_command
from bot.i18n import translator
from bot.newsside import News
from bot.render import article_item
from bot.topic_names import topic_name
from digests.errors import BaztabError
from digests.feeds.encoding import decode_body
from digests.feeds.fetch import Fetcher
from digests.model import OWN_FEEDS, ChatKind, Subscriber, Wish
from digests.reading import Page
from digests.summarize import quotes
from digests.text.language import detect
from digests.topics import resolve


async def ingest() -> int:
    """Read the feeds that are due, and print counts; 1 where none could be read."""
    async with open_news() as news:
        with progress() as bar:
            task = bar.add_task("Reading feeds", total=None)
            report = await news.ingest.run(
                on_start=lambda count: bar.update(task, total=count),
                on_feed=lambda feed: bar.update(task, advance=1, description=f"Reading {feed.source}"[:40]),
            )
            bar.update(task, description="Filing stories")
            stories = await news.filing.run()
    read = report.feeds - len(report.failed)
    console.print(
        f"{counted(report.feeds, 'feed')} due: {read} read ({report.unchanged} unchanged), "
        f"{len(report.failed)} failed. "
        f"{counted(report.articles, 'new article')} ({report.pages} read in full from their pages), "
        f"{report.edited} edited, "
        f"{counted(stories, 'story', 'stories')} changed."
    )
    for url, error in sorted(report.failed.items()):
        errors.print(f"{url}: {error}", markup=False)
    return 1 if report.failed and not read else 0


def wish_of(topic: str) -> Wish:
    """A topic as typed: a shipped one by its name in any language, else words."""
    key = resolve(topic)
    return Wish("topic", key) if key else Wish("words", topic)


def newcomer(news: News, language: str | None) -> Subscriber:
    """Who a new subscriber would be."""
    return Subscriber(
        id=0,
        chat_id=0,
        kind=ChatKind.PRIVATE,
        language=language or "en",
        languages=(language or "en",),
        timezone=news.settings.timezone,
        created_at=news.clock(),
    )


async def digest(topics: Sequence[str], *, language: str | None, stories: int, as_json: bool) -> None:
    """Print the digest that a new subscriber with these topics would get now."""
    async with open_news() as news:
        reader = replace(newcomer(news, language), stories=stories, wishes=tuple(dict.fromkeys(map(wish_of, topics))))
        found = await news.pipeline.preview(reader)
    if as_json:
        print_json(digest_json(found))
        return
    if not found.items:
        console.print(f"Nothing to show: 0 of {found.considered} stories. Run baztab ingest, or ask more widely.")
        return
    number = 0
    for section in found.sections:
        heading = "Top" if section.wish is None else section.wish.value
        if section.wish == OWN_FEEDS:
            heading = "Your feeds"
        if section.wish is not None and section.wish.kind == "topic":
            heading = topic_name(section.wish.value, translator("en"))
        console.print(f"\n[bold magenta]{heading}[/]")
        for item in section.items:
            number += 1
            print_item(item, number)


async def latest(topic: str | None, *, language: str | None, as_json: bool) -> None:
    """Print the newest stories."""
    async with open_news() as news:
        page = await news.reading.latest(wish_of(topic) if topic else None, languages=(language,) if language else ())
    show(page, as_json=as_json)


async def search(query: Sequence[str], *, language: str | None, as_json: bool) -> None:
    """Print what is found, newest first."""
    text = " ".join(f'"{part}"' if " " in part and '"' not in part and ":" not in part else part for part in query)
    async with open_news() as news:
        page = await news.reading.search(
            text, language=language or detect(text, hint="en"), languages=(language,) if language else ()
        )
    show(page, as_json=as_json)


def show(page: Page, *, as_json: bool) -> None:
    """Print a page of stories."""
    if as_json:
        print_json(page.articles)
    elif not page.articles:
        console.print("Nothing found.")
    for number, article in enumerate(() if as_json else page.articles, 1):
        print_item(article_item(article), number, sentences=1)


async def summarize(source: str, *, title: str | None, language: str | None, sentences: int, as_json: bool) -> None:
    """Print an article's best sentences with their positions."""
    own_title, text = await read(source)
    spoken = language or detect(text[:2000])
    found = quotes(text, title=title or own_title, language=spoken, sentences=sentences)
    if as_json:
        print_json({"title": title or own_title, "language": spoken, "sentences": found})
        return
    if not found:
        raise BaztabError("no sentence worth quoting was found in that text")
    for quote in found:
        console.print(f"[dim]{quote.start:>6}–{quote.end:<6}[/] ", end="")
        console.print(quote.text, markup=False)


async def read(source: str) -> tuple[str, str]:
    """Title and text of what `summarize` was given."""
    if source.startswith(("http://", "https://")):
        settings = settings_of_command()
        async with Fetcher(contact=settings.contact or "", allow_hosts=settings.allow_hosts) as fetcher:
            fetched = await fetcher.fetch(source)
        from digests.feeds.extract import extract_page

        page = extract_page(decode_body(fetched.body, content_type=fetched.content_type), url=fetched.url)
        return page.title, page.text
    name, load = ("standard input", sys.stdin.buffer.read) if source == "-" else (source, Path(source).read_bytes)
    try:
        return "", (await asyncio.to_thread(load)).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BaztabError(f"{name} can't be read: {reason}") from None
