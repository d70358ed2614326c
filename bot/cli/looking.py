"""Commands that look: ingest, digest, latest, search, summarize."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import console, digest_json, errors, print_item, print_json, progress
from bot.cli.running import open_news, run_async, settings_of_command
from bot.i18n import translator
from bot.render import article_item
from bot.topic_names import topic_name
from bot.wiring import News
from digests.errors import BaztabError
from digests.feeds.encoding import decode_body
from digests.feeds.extract import extract_page
from digests.feeds.fetch import Fetcher
from digests.model import ChatKind, Subscriber, Wish
from digests.reading import Page
from digests.summarize import quotes
from digests.text.language import detect
from digests.topics import resolve

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Topic = Annotated[str | None, typer.Option("--topic", "-t", help="A shipped topic, or words of your own.")]
Language = Annotated[str | None, typer.Option("--language", "-l", help="The language of the news, like en or fa.")]


def ingest() -> None:
    """Read the feeds that are due, once; counts at the end."""

    async def work() -> int:
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
            f"{report.feeds} feeds due: {read} read ({report.unchanged} unchanged), {len(report.failed)} failed. "
            f"{report.articles} new articles ({report.pages} read in full from their pages), {stories} stories changed."
        )
        for url, error in sorted(report.failed.items()):
            errors.print(f"{url}: {error}", markup=False)
        return 1 if report.failed and not read else 0

    run_async(work)


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


def digest(
    topic: Annotated[list[str] | None, typer.Option("--topic", "-t", help="A topic or words; may be repeated.")] = None,
    language: Language = None,
    stories: Annotated[int, typer.Option("--stories", "-n", min=1, max=50, help="The most stories it holds.")] = 7,
    as_json: Json = False,
) -> None:
    """The digest that a new subscriber would get now."""

    async def work() -> None:
        async with open_news() as news:
            reader = replace(
                newcomer(news, language), stories=stories, wishes=tuple(dict.fromkeys(map(wish_of, topic or [])))
            )
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
            if section.wish is not None and section.wish.kind == "topic":
                heading = topic_name(section.wish.value, translator("en"))
            console.print(f"\n[bold magenta]{heading}[/]")
            for item in section.items:
                number += 1
                print_item(item, number)

    run_async(work)


def latest(topic: Topic = None, language: Language = None, as_json: Json = False) -> None:
    """The newest stories."""

    async def work() -> None:
        async with open_news() as news:
            page = await news.reading.latest(
                wish_of(topic) if topic else None, languages=(language,) if language else ()
            )
        show(page, as_json=as_json)

    run_async(work)


def search(
    query: Annotated[list[str], typer.Argument(help='Words; "phrases", -without, source:, topic:, lang:, since:7d.')],
    language: Language = None,
    as_json: Json = False,
) -> None:
    """Search everything that is stored, newest first."""

    async def work() -> None:
        text = " ".join(f'"{part}"' if " " in part and '"' not in part and ":" not in part else part for part in query)
        async with open_news() as news:
            page = await news.reading.search(
                text, language=language or detect(text, hint="en"), languages=(language,) if language else ()
            )
        show(page, as_json=as_json)

    run_async(work)


def show(page: Page, *, as_json: bool) -> None:
    """Print a page of stories."""
    if as_json:
        print_json(page.articles)
    elif not page.articles:
        console.print("Nothing found.")
    for number, article in enumerate(() if as_json else page.articles, 1):
        print_item(article_item(article), number, sentences=1)


def summarize(
    source: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="A text file, a page's address, or - for stdin.")],
    title: Annotated[str | None, typer.Option("--title", help="The article's headline.")] = None,
    language: Language = None,
    sentences: Annotated[int, typer.Option("--sentences", "-n", min=1, max=50, help="How many.")] = 3,
    as_json: Json = False,
) -> None:
    """One article condensed to sentences quoted from it, with their positions."""

    async def work() -> None:
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

    run_async(work)


async def read(source: str) -> tuple[str, str]:
    """Title and text of what `summarize` was given."""
    if source == "-":
        return "", sys.stdin.read()
    if source.startswith(("http://", "https://")):
        settings = settings_of_command()
        async with Fetcher(contact=settings.contact or "", allow_hosts=settings.allow_hosts) as fetcher:
            fetched = await fetcher.fetch(source)
        page = extract_page(decode_body(fetched.body, content_type=fetched.content_type), url=fetched.url)
        return page.title, page.text
    path = Path(source)
    try:
        return "", await asyncio.to_thread(path.read_text, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BaztabError(f"{path} can't be read: {reason}") from None
