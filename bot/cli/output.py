"""How commands print: text for people on stdout, JSON where asked, errors as one line on stderr."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from digests import topics
from digests.model import Digest, Item

console = Console(soft_wrap=True, highlight=False, emoji=False)
errors = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)


def progress() -> Progress:
    """A progress bar on stderr, so that stdout stays the answer; nothing where that is no terminal."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 feed", "2 feeds"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns for people in a terminal; in a pipe one row a line, with tabs, so that nothing is cut."""
    if not console.is_terminal:
        for row in (head, *rows):
            print("\t".join(row))  # noqa: T201  # rich turns tabs into spaces
        return
    table = Table(*head, box=None, header_style="bold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def print_json(value: object) -> None:
    """Print a value, dataclasses included, as JSON."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2))  # noqa: T201


def plain(value: Any) -> Any:
    """A value as JSON knows it: dataclasses as objects, datetimes in ISO 8601, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def digest_json(digest: Digest) -> dict[str, Any]:
    """A digest with all that explains it: sections, items, quotes with positions, outlets, reasons."""
    return {
        "since": plain(digest.since),
        "until": plain(digest.until),
        "considered": digest.considered,
        "sections": [
            {
                "heading": None if section.wish is None else plain(section.wish),
                "items": [item_json(item) for item in section.items],
            }
            for section in digest.sections
        ],
    }


def item_json(item: Item) -> dict[str, Any]:
    """One story, with its reasons as an object, and the words of its headline and quotes that tell its topics."""
    quoted = " ".join(quote.text for quote in item.quotes)
    words = topics.words_of(item.headline, quoted, language=item.language)
    told = {topic: words[topic] for topic in item.topics if topic in words}
    return {**plain(item), "reasons": dict(item.reasons), "topic_words": told}


def print_item(item: Item, number: int, *, sentences: int = 2) -> None:
    """One story for people: headline, sources, quoted sentences, link."""
    others = len(item.outlets) - 1
    source = f"{item.source} +{others}" if others > 0 else item.source
    console.print(Text(f"{number:>2}. ", style="dim") + Text(item.headline, style="bold"))
    console.print(Text(f"    {source} · {item.published:%Y-%m-%d %H:%M} UTC", style="cyan"))
    best = sorted(item.quotes, key=lambda quote: quote.rank)[:sentences]
    for quote in sorted(best, key=lambda quote: quote.start):
        console.print(Text(f"    “{quote.text}”"))
    console.print(Text(f"    {item.url}", style="dim"))
