"""What was in the news this week: stories by topic, and about words that somebody follows, beside the week before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEK = 7
"""Days."""

FEWEST = 5
"""Stories of the week before from which a change can be told."""

LEAST_WEIGHT = 0.15
"""Weight from which a story belongs to a topic."""


@dataclass(frozen=True, slots=True)
class Trend:
    """How many stories a topic or words had: on each of the last seven days, today last, and in the week before."""

    name: str
    days: tuple[int, ...]
    before: int

    @property
    def total(self) -> int:
        """Stories of the week."""
        return sum(self.days)

    @property
    def change(self) -> float | None:
        """By what share that is more or less than the week before; None where that had too few to tell."""
        return self.total / self.before - 1 if self.before >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Trends:
    """The week: its days, all its stories, and the trends of topics and words, most told first."""

    days: tuple[date, ...]
    all: Trend
    topics: tuple[Trend, ...]
    words: tuple[Trend, ...] = ()


def since(now: datetime, zone: ZoneInfo) -> datetime:
    """When the week before the last seven days began, by the clocks of a zone."""
    first = now.astimezone(zone).date() - timedelta(days=2 * WEEK - 1)
    return datetime(first.year, first.month, first.day, tzinfo=zone)


def week(now: datetime, zone: ZoneInfo) -> tuple[date, ...]:
    """The last seven days by the clocks of a zone, today last."""
    today = now.astimezone(zone).date()
    return tuple(today - timedelta(days=back) for back in reversed(range(WEEK)))


class Count:
    """Counts stories under names, by day."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.days = week(now, zone)
        self._zone = zone
        self._places = {day: place for place, day in enumerate(self.days)}
        self._first = self.days[0] - timedelta(days=WEEK)
        self._found: dict[str, list[int]] = {}

    def add(self, moment: datetime, names: Iterable[str]) -> None:
        """Count a story that was first told at a moment; older ones than two weeks and later ones are passed over."""
        day = moment.astimezone(self._zone).date()
        place = self._places.get(day)
        if place is None and not self._first <= day < self.days[0]:
            return
        for name in names:
            counts = self._found.setdefault(name, [0] * (WEEK + 1))
            counts[WEEK if place is None else place] += 1

    def trend(self, name: str) -> Trend:
        """What was counted under a name."""
        counts = self._found.get(name, [0] * (WEEK + 1))
        return Trend(name, tuple(counts[:WEEK]), counts[WEEK])

    def trends(self) -> list[Trend]:
        """Every name's, most told first."""
        return sorted(map(self.trend, self._found), key=lambda trend: (-trend.total, -trend.before, trend.name))


def of_topics(
    stories: Iterable[tuple[datetime, Sequence[tuple[str, float]]]], *, now: datetime, zone: ZoneInfo
) -> Trends:
    """The week of stories, each with when it was first told and its topics."""
    topics, whole = Count(now, zone), Count(now, zone)
    for moment, weighed in stories:
        whole.add(moment, ("",))
        topics.add(moment, [topic for topic, weight in weighed if weight >= LEAST_WEIGHT])
    return Trends(topics.days, whole.trend(""), tuple(trend for trend in topics.trends() if trend.total))


def of_words(found: Mapping[str, Iterable[datetime]], *, now: datetime, zone: ZoneInfo) -> tuple[Trend, ...]:
    """The trends of words, each with when the stories about them were told."""
    count = Count(now, zone)
    for words, moments in found.items():
        for moment in moments:
            count.add(moment, (words,))
    return tuple(sorted((count.trend(words) for words in found), key=lambda trend: -trend.total))
