"""Fuzzing the parser for a while: it may raise FeedError and nothing else, and must come to an end.

    python -m tests.fuzz.parse [--seconds 60] [--runs N] [--seed N] [--crashes FOLDER]

Half of the time goes to documents that Hypothesis makes, half to mutations of the feeds in tests/data. A mutation whose
outcome has not been seen before is kept and mutated further, as fuzzers that follow coverage do. What breaks the parser
is written to FOLDER, one file each, and the command fails.
"""

import argparse
import random
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from types import FrameType

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from digests.feeds.parse import parse_feed
from digests.model import ParsedFeed
from tests.fuzz.feeds import SEEDS, check, documents, mutated

SECONDS = 60.0
PATIENCE = 10
"""Seconds for one document: all of them are small."""
CORPUS = 2000
EXAMPLES = 300

Parse = Callable[..., ParsedFeed]


class HangError(BaseException):
    """The parser did not come to an end. No Exception, so that no part of it can catch this."""


@dataclass(slots=True)
class Campaign:
    """Runs documents until the time or the number of runs is used up; `crashes` are the files that it wrote."""

    folder: Path
    seconds: float = SECONDS
    runs: int | None = None
    parse: Parse = parse_feed
    done: int = 0
    parsed: int = 0
    crashes: dict[str, Path] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    def is_over(self, share: float = 1.0) -> bool:
        """Whether this share of time and runs is used up."""
        spent = time.monotonic() - self.started
        return spent >= self.seconds * share or (self.runs is not None and self.done >= self.runs * share)

    def run(self, body: bytes) -> str:
        """One document; returns what tells its outcome from others."""
        self.done += 1
        try:
            with _patience():
                feed = check(body, self.parse)
        except (Exception, HangError) as error:  # noqa: BLE001  # whatever it is, it is what we look for
            return self._crash(body, error)
        self.parsed += feed is not None
        return "refused" if feed is None else _outcome(feed)

    def _crash(self, body: bytes, error: BaseException) -> str:
        """Keep the first document for each place in which the parser breaks."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{type(error).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"
        if place not in self.crashes:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"{blake2b(body, digest_size=6).hexdigest()}.feed"
            path.write_bytes(body)
            path.with_suffix(".txt").write_text("".join(traceback.format_exception(error)), encoding="utf-8")
            self.crashes[place] = path
        return place


def fuzz(campaign: Campaign, seed: int) -> None:
    """Both kinds, one after the other."""
    number = 0
    while not campaign.is_over(0.5):
        number += 1
        _generate(campaign, seed + number)
    _mutate(campaign, random.Random(seed))


def _generate(campaign: Campaign, number: int) -> None:
    """Some documents of Hypothesis's making."""

    @seeded(number)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(documents())
    def run(body: bytes) -> None:
        if not campaign.is_over(0.5):
            campaign.run(body)

    run()


def _mutate(campaign: Campaign, chance: random.Random) -> None:
    corpus = list(SEEDS)
    seen: set[str] = set()
    while not campaign.is_over():
        body = mutated(chance.choice(corpus), chance.choice(corpus), chance)
        outcome = campaign.run(body)
        if outcome not in seen and len(corpus) < CORPUS:
            seen.add(outcome)
            corpus.append(body)


def _outcome(feed: ParsedFeed) -> str:
    """How a feed looks from afar: two with the same outcome went much the same way through the parser."""
    shapes = {
        (bool(entry.url), bool(entry.guid), bool(entry.published), bool(entry.image), len(entry.text).bit_length() // 3)
        for entry in feed.entries
    }
    return re.sub(r"\s", "", f"{len(feed.entries).bit_length()}{bool(feed.language)}{feed.hub}{sorted(shapes)}")


@contextmanager
def _patience() -> Iterator[None]:
    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def main(arguments: list[str] | None = None) -> int:
    """The command; 1 where something broke."""
    parser = argparse.ArgumentParser(description="Fuzz the parser of feeds.")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--crashes", type=Path, default=Path("build/crashes"))
    given_ = parser.parse_args(arguments)
    campaign = Campaign(given_.crashes, seconds=given_.seconds, runs=given_.runs)
    fuzz(campaign, given_.seed)
    counts = f"{campaign.done} documents, {campaign.parsed} parsed, {len(campaign.crashes)} crashes"
    lines = [f"seed {given_.seed}: {counts}", *(f"{place}: {path}" for place, path in campaign.crashes.items())]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if campaign.crashes else 0


if __name__ == "__main__":
    sys.exit(main())
