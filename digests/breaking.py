"""Breaking news: something new that several independent publishers report within an hour. Pure.

A publisher counts once, by its first article that surely tells of the story. A story that is older than its reports
(a follow-up, or an archive that came in just now) is not breaking however many report it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digests import ranking
from digests.compose import Candidate, to_item
from digests.model import Digest, Item, Section, Story, Subscriber, Wish

WITHIN = timedelta(minutes=60)
"""From the first report to the last that counts."""

LATE = timedelta(minutes=45)
"""How long after that a report may still come in: feeds are asked every few minutes to once an hour."""

STALE = timedelta(minutes=30)
"""How long breaking news may be on its way: what comes later is left to the next digest."""

LEAST_GAP = timedelta(minutes=60)
A_DAY = timedelta(hours=24)

LEAST, MOST = 3, 6
"""Bounds of what is usual in a language."""

PER_PUBLISHER = 12
"""So many publishers of a language ask for one report more."""

TOO_FEW = 4
"""Languages with fewer publishers than this have no breaking news: two of three who copy an agency are no event."""

REASON = "breaking"
"""The reason of an item that came as breaking news; its weight is the minutes from the first report to the last."""
REPORTS = "reports"
"""The reason whose weight is how many publishers reported within them."""


@dataclass(frozen=True, slots=True)
class Flash:
    """A story that is breaking: how many publishers report it, in how many minutes, and how much it matters."""

    story: Story
    publishers: int
    minutes: int
    importance: float


def flash(story: Story, now: datetime) -> Flash | None:
    """The story as breaking news; None where it is not new or nobody but its first publisher reports it."""
    if not story.articles or not timedelta(0) <= now - story.first_seen <= WITHIN + LATE:
        return None
    publishers = ranking.by_publisher(ranking.certain(story.articles))
    firsts = sorted(min(article.published for article in own) for own in publishers.values())
    counted = [at for at in firsts if at - story.first_seen <= WITHIN and at <= now]
    if len(counted) < 2:
        return None
    minutes = max(1, round((counted[-1] - counted[0]) / timedelta(minutes=1)))
    return Flash(story, len(counted), minutes, ranking.importance(story, now))


def flashes(stories: Iterable[Story], now: datetime) -> list[Flash]:
    """What is breaking, most publishers first."""
    found = [one for story in stories if (one := flash(story, now)) is not None]
    return sorted(found, key=lambda one: (one.publishers, one.importance), reverse=True)


def usual(publishers: int) -> int | None:
    """How many must report in a language that has so many publishers; None where it has too few to tell."""
    if publishers < TOO_FEW:
        return None
    return min(MOST, max(LEAST, round(LEAST - 0.5 + publishers / PER_PUBLISHER)))


def needed(subscriber: Subscriber, language: str, publishers: Mapping[str, int]) -> int | None:
    """How many must report before this subscriber hears of it; None where the language has too few publishers."""
    return subscriber.breaking_sources or usual(publishers.get(language, 0))


def has_room(subscriber: Subscriber, before: Sequence[datetime], now: datetime) -> bool:
    """Whether the subscriber may get breaking news now, after what came `before`: so many a day, with a gap between."""
    today = [at for at in before if at > now - A_DAY]
    return len(today) < subscriber.breaking_most and all(now - at >= LEAST_GAP for at in today)


def without(one: Flash, muted: frozenset[str], now: datetime) -> Flash | None:
    """The news as the sources that aren't muted tell it."""
    story = one.story
    if muted.isdisjoint(story.sources):
        return one
    left = tuple(article for article in story.articles if article.source not in muted)
    return flash(replace(story, articles=left, lead=ranking.lead(left)), now) if left else None


def wish_for(story: Story, wishes: Sequence[Wish], match: Callable[[Wish, Story], float]) -> tuple[Wish | None, float]:
    """The first wish that the story answers best, and how well; 0.0 where it answers none."""
    answers = [(match(wish, story), wish) for wish in wishes]
    best = max(answers, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] > 0 else None, best[0]


def digest(one: Flash, wish: Wish | None, match: float, now: datetime) -> Digest:
    """The news as a digest of one story, whose reasons tell that it was breaking."""
    publishers = ranking.independent(one.story)
    item = to_item(Candidate(one.story, one.importance, publishers, match), wish)
    reasons = (*item.reasons, (REASON, float(one.minutes)), (REPORTS, float(one.publishers)))
    told = replace(item, reasons=reasons)
    return Digest(since=one.story.first_seen, until=now, sections=(Section(wish, (told,)),), considered=1)


def told(item: Item) -> tuple[int, int] | None:
    """The publishers and minutes of an item that came as breaking news; None of any other."""
    reasons = dict(item.reasons)
    if REASON not in reasons:
        return None
    return int(reasons.get(REPORTS, len(item.outlets))), int(reasons[REASON])
