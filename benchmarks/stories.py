"""What grouping costs: articles a second against 10,000 live ones, memory, and rebuilding after a restart.

    python benchmarks/stories.py [--json]

The articles are made up: words by Zipf's law, 110 to an article, three articles to an event.
"""

import argparse
import json
import tracemalloc
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import process_time

import numpy as np

from digests.model import Unfiled
from digests.stories import StoryGrouper

LIVE = 10_000
MEASURED = 1_000
WORDS = 40_000
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Costs:
    """What was measured."""

    per_second: float
    megabytes: float
    restore_seconds: float


def made_up(count: int) -> list[Unfiled]:
    """So many articles, within the life of a story."""
    chance = np.random.default_rng(7)
    shares = 1 / np.arange(1, WORDS + 1)
    shares /= shares.sum()
    events = [chance.choice(WORDS, 40, p=shares) for _ in range(count // 3)]
    articles = []
    for number in range(count):
        event = events[int(chance.integers(len(events)))]
        words = [f"word{word}" for word in (*event, *chance.choice(WORDS, 70, p=shares))]
        chance.shuffle(words)
        articles.append(
            Unfiled(
                id=number,
                title=" ".join(words[:9]),
                text=" ".join(words[9:]),
                source=f"Outlet {number % 40}",
                published=START + timedelta(hours=100) * number / count,
                language="en",
            )
        )
    return articles


def measured() -> Costs:
    """Fill a grouper, then measure the next articles, its memory and a rebuild."""
    articles = made_up(LIVE + MEASURED)
    tracemalloc.start()
    grouper = StoryGrouper()
    stories = [grouper.add(article) for article in articles[:LIVE]]
    megabytes = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    begun = process_time()
    for article in articles[LIVE:]:
        grouper.add(article)
    per_second = MEASURED / (process_time() - begun)
    fields = ("id", "title", "text", "source", "published", "language")
    known = [
        Unfiled(**{name: getattr(article, name) for name in fields}, story_id=story)
        for article, story in zip(articles, stories, strict=False)
    ]
    begun = process_time()
    StoryGrouper(grouper.frequencies).restore(known)
    return Costs(per_second, megabytes, process_time() - begun)


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    costs = measured()
    figures = {
        "articles a CPU second, against 10,000 live": round(costs.per_second),
        "of that, times what is asked (500)": round(costs.per_second / 500, 2),
        "megabytes of state, articles of the benchmark aside": round(costs.megabytes, 1),
        "CPU seconds to rebuild 10,000": round(costs.restore_seconds, 2),
    }
    if options.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:55}{value:>10}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
