"""What a digest of many real articles would look like: the top stories with the reasons for their place, to be read.

    python -m benchmarks.frontpage ARTICLES.jsonl … [--language en] [--stories 20] [--hours 24] [--topic T]

Each line of a file is an article: id, title, text, source, published (POSIX seconds), lang. The last `hours` before the
newest article are read, as a bot would have that had been running before. Also tells of each kind of item that an
editor would not print how many there were and where the first of them stands.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from digests import ranking
from digests.compose import arrange, candidates, pick, rank
from digests.filing import refreshed
from digests.model import Article, Entry, Item, Story, Unfiled, Wish
from digests.newsworthy import newsworthiness
from digests.prepare import Origin, prepare_one
from digests.stories import SURE, StoryGrouper
from digests.wishes import matches

WEAK = 0.5
"""Newsworthiness from which down an item is one that an editor would rather not print."""


def read(paths: Iterable[Path], language: str) -> list[dict[str, Any]]:
    """The articles of a language in the order of their publication."""
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted((row for row in rows if row["lang"] == language), key=lambda row: row["published"])


def stories_of(rows: Sequence[dict[str, Any]], since: datetime) -> list[Story]:
    """The stories of the articles since then; the earlier ones only teach the grouper."""
    grouper = StoryGrouper()
    members: dict[int, list[Article]] = defaultdict(list)
    a_day: Counter[str] = Counter()
    for number, row in enumerate(rows, 1):
        published = datetime.fromtimestamp(row["published"], UTC)
        unfiled = Unfiled(
            id=number,
            title=row["title"],
            text=row["text"],
            source=row["source"],
            published=published,
            language=row["lang"],
        )
        story = grouper.add(unfiled)
        if published >= since:
            a_day[row["source"]] += 1
            strength = grouper.strength(number)
            members[story].append(prepared(unfiled, story, sure=strength is None or strength >= SURE))
    weights = ranking.weights({source: float(count) for source, count in a_day.items()})
    return [
        refreshed(
            Story(id=story, language=articles[0].language, first_seen=since, last_seen=since, articles=tuple(articles)),
            weights,
        )
        for story, articles in members.items()
    ]


def prepared(unfiled: Unfiled, story: int, *, sure: bool) -> Article:
    """The article as ingest would have stored it."""
    entry = Entry(
        title=unfiled.title,
        url=f"https://articles.invalid/{unfiled.id}",
        text=unfiled.text,
        published=unfiled.published,
    )
    origin = Origin(feed_id=1, language=unfiled.language, topics=(), fetched_at=unfiled.published)
    new = prepare_one(entry, 10, origin)
    return Article(
        id=unfiled.id,
        url=f"https://{unfiled.source.casefold().replace(' ', '-')}.invalid/{unfiled.id}",
        source=unfiled.source,
        title=new.title,
        language=unfiled.language,
        published=unfiled.published,
        story_id=story,
        topics=new.topics,
        place=10,
        quotes=new.quotes,
        sure=sure,
    )


def show(items: Sequence[tuple[str, Item]]) -> None:
    """The page, as an editor would read it."""
    for number, (heading, item) in enumerate(items, 1):
        reasons = ", ".join(f"{name} {value:g}" for name, value in item.reasons)
        print(f"{number:>2}. [{heading}] {item.headline}")
        print(f"    {item.source} +{len(item.outlets) - 1} · {item.published:%d %b %H:%M} · {reasons}")
        for quote in sorted(item.quotes, key=lambda quote: quote.rank)[:1]:
            print(f"    “{quote.text}”")


def tell_of_weak(stories: Sequence[Story], items: Sequence[Item]) -> None:
    """How many items that an editor would not print there were, and which of them were picked all the same."""
    weak = [story for story in stories if newsworthiness(story.leader.title, len(story.leader.quotes)) <= WEAK]
    picked = [item for item in items if newsworthiness(item.headline, len(item.quotes)) <= WEAK]
    print(
        f"\n{len(stories)} stories, {len(weak)} of them such as no editor prints; {len(picked)} of these were picked."
    )
    for item in picked:
        print(f"  · {item.headline}")


def main() -> None:
    """Read, pick, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--language", default="en")
    parser.add_argument("--stories", type=int, default=20)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--topic", action="append", default=[], help="a shipped topic; may be repeated")
    options = parser.parse_args()
    rows = read(options.files, options.language)
    now = datetime.fromtimestamp(rows[-1]["published"], UTC)
    stories = stories_of(rows, now - timedelta(hours=options.hours))
    wishes: list[Wish | None] = [Wish("topic", topic) for topic in options.topic] or [None]
    found = candidates(stories, now=now)
    ranked = {wish: rank(found, matches(wish, stories) if wish else None) for wish in wishes}
    sections = arrange(pick(ranked, budget=options.stories))
    page = [(section.wish.value if section.wish else "top", item) for section in sections for item in section.items]
    show(page)
    tell_of_weak(stories, [item for _, item in page])


if __name__ == "__main__":
    main()
