"""From ranked stories and a subscriber's wishes to a Digest: what an editor would put on this reader's front page.

What readers share is done once: `candidates` for all, `rank` for each wish, `pick` for each set of wishes, languages,
budget, and stories left after what was seen and muted. Pure: values in, values out.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from digests import ranking
from digests.leanings import Levels, Subject
from digests.model import Article, Digest, Item, Outlet, Section, Story, Wish
from digests.text.duration import minutes as minutes_of

Matches = Callable[[Story], float]
"""How well a story answers a wish, 0 (not at all) to 1."""

LARGEST_SHARE = 0.4
"""Of a digest, at most so much from one source, and from one topic where nothing was asked for."""

OTHER = "other"
"""The heading of stories that belong to no topic."""

FACTORS = {-2: 0.3, -1: 0.55, 0: 1.0, 1: 1.6, 2: 2.5}
"""What a reader's leaning makes of a story's importance. One of -2 puts it behind all others, one of 2 before those
that a single publisher reports."""
STEPS = {-2: 3.0, -1: 1.5, 0: 1.0, 1: 0.75, 2: 0.5}
"""How long a wish waits for its next turn, by how its reader leans to it."""
LARGEST_SHARE_OF_UPDATES = 1 / 3
"""Of a digest, at most so much are stories that come again; one may always."""

MOST_QUOTED, MOST_NAMED = 5, 4
"""Sentences and sources of a story that a digest shows, where it has room for all."""

SHORTEST_READ = 0.1
"""Minutes below which no story is looked for any more."""

TOP_STORIES = 3
TOP_FROM = 5
"""Stories under 🔥 Top at most, and the size from which a digest has that section."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that may be picked: its importance now, who reports it, how well it answers the wish, and how its
    reader leans to it (-2 … +2). `update`: the reader had it, and it comes with what is new in it. `at` is the moment
    of which the importance is, where its parts are to be told."""

    story: Story
    importance: float
    owners: int
    match: float = 1.0
    leaning: int = 0
    update: bool = False
    at: datetime | None = None

    @property
    def order(self) -> tuple[bool, float]:
        """Sort key, greatest first: stories that several publishers report, then by importance."""
        ahead = (self.owners > 1 or self.leaning >= 2) and self.leaning > -2
        return (ahead, self.importance * self.match * FACTORS[self.leaning])


def candidates(stories: Iterable[Story], *, now: datetime) -> list[Candidate]:
    """The stories with what is the same for every wish: how important they are, and who reports them."""
    return [candidate_of(story, now) for story in stories]


def candidate_of(story: Story, now: datetime) -> Candidate:
    """A story with its importance at a moment, before anything is asked for."""
    return Candidate(story, ranking.importance(story, now), ranking.independent(story), at=now)


def rank(found: Iterable[Candidate], matches: Matches | None = None) -> list[Candidate]:
    """The candidates that answer a wish (all of them where `matches` is None), best first."""
    if matches is not None:
        answers = ((candidate, matches(candidate.story)) for candidate in found)
        found = [
            Candidate(one.story, one.importance, one.owners, match, at=one.at) for one, match in answers if match > 0
        ]
    return sorted(found, key=lambda candidate: candidate.order, reverse=True)


class Ranking:
    """The candidates that answer a wish, best first; and the same for readers who lean to topics or sources.

    Shared by all readers: what one leans to is taken out and put in again where it belongs for that reader.
    """

    def __init__(self, wish: Wish | None, ordered: Sequence[Candidate]) -> None:
        self.ordered = ordered
        self._own = ("topic", wish.value) if wish is not None and wish.kind == "topic" else None
        self._places: dict[Subject, list[int]] | None = None

    def for_levels(self, levels: Levels) -> Iterable[Candidate]:
        """The candidates, best first for a reader who leans like this. The wish's own topic moves none of them."""
        levels = {subject: level for subject, level in levels.items() if subject != self._own}
        places = self._found() if levels else {}
        touched = {place for subject in levels for place in places.get(subject, ())}
        if not touched:
            return self.ordered
        moved = [
            replace(self.ordered[place], leaning=leaning_to(self.ordered[place].story, levels)) for place in touched
        ]
        moved.sort(key=_order, reverse=True)
        rest = (candidate for place, candidate in enumerate(self.ordered) if place not in touched)
        return heapq.merge(moved, rest, key=_order, reverse=True)

    def _found(self) -> dict[Subject, list[int]]:
        """Where in the order each topic and source has its stories."""
        if self._places is None:
            self._places = defaultdict(list)
            for place, candidate in enumerate(self.ordered):
                for subject in subjects(candidate.story):
                    self._places[subject].append(place)
        return self._places


def _order(candidate: Candidate) -> tuple[bool, float]:
    return candidate.order


def subjects(story: Story) -> Iterator[Subject]:
    """What a reader may lean to of a story: its main topic, and each of its sources."""
    if topic := main_topic(story):
        yield "topic", topic
    for source in story.sources:
        yield "source", source


def leaning_to(story: Story, levels: Levels) -> int:
    """How a reader leans to a story, -2 … +2: to its topic, and to the source of it that they like best."""
    of_topic = levels.get(("topic", main_topic(story)), 0)
    of_source = max(levels.get(("source", source), 0) for source in story.sources)
    return max(-2, min(2, of_topic + of_source))


class Page:
    """What is picked so far, and what may still come onto it."""

    def __init__(
        self,
        budget: int,
        *,
        seen: Container[int],
        muted: Callable[[Story], bool] | None,
        muted_sources: frozenset[str],
        updates: Mapping[int, Story] | None = None,
        minutes: int = 0,
    ) -> None:
        self.picked: list[tuple[Wish | None, Candidate]] = []
        self.passed_over = False
        """Whether a story was left out because reading it too would have taken too long."""
        self._minutes_left = float(minutes) if minutes else math.inf
        self._updates = updates or {}
        self._updates_left = max(1, int(budget * LARGEST_SHARE_OF_UPDATES))
        self._budget = budget
        self._most = math.ceil(budget * LARGEST_SHARE)
        self._seen = seen
        self._muted = muted
        self._muted_sources = muted_sources
        self._ids: set[int] = set()
        self._urls: set[str] = set()  # a personal feed may have an article that everybody gets
        self._sources: Counter[str] = Counter()
        self._topics: Counter[str] = Counter()

    def is_full(self) -> bool:
        """Whether there is no room for another story."""
        return len(self.picked) >= self._budget or (bool(self.picked) and self._minutes_left < SHORTEST_READ)

    def has_time_for(self, candidate: Candidate) -> bool:
        """Whether a story can be read in the minutes that are left; the first one always."""
        fits = not self.picked or self._minutes_left == math.inf or reading_time(candidate.story) <= self._minutes_left
        self.passed_over |= not fits
        return fits

    def usable(self, candidate: Candidate) -> Candidate | None:
        """The candidate as this reader may see it; None where it was seen, is muted or stands here already."""
        if candidate.story.id in self._ids or candidate.story.leader.url in self._urls:
            return None
        if candidate.story.id in self._seen:
            grown = self._updates.get(candidate.story.id) if self._updates_left else None
            if grown is None:
                return None
            candidate = replace(candidate, story=grown, update=True)
        left = _without_sources(candidate, self._muted_sources)
        return None if left is None or (self._muted and self._muted(left.story)) else left

    def source_has_its_share(self, candidate: Candidate) -> bool:
        """Whether one story more would give its source more than LARGEST_SHARE."""
        return self._sources[candidate.story.leader.source] >= self._most

    def topic_has_its_share(self, candidate: Candidate) -> bool:
        """The same of its topic."""
        topic = main_topic(candidate.story)
        return bool(topic) and self._topics[topic] >= self._most

    def put(self, wish: Wish | None, candidate: Candidate) -> None:
        """Pick a candidate."""
        self.picked.append((wish, candidate))
        self._ids.add(candidate.story.id)
        self._urls.update(article.url for article in candidate.story.articles)
        self._updates_left -= candidate.update
        if self._minutes_left != math.inf:
            self._minutes_left -= reading_time(candidate.story)
        self._sources[candidate.story.leader.source] += 1
        self._topics[main_topic(candidate.story)] += 1


def pick(
    ranked: Mapping[Wish | None, Iterable[Candidate]],
    *,
    budget: int,
    seen: Container[int] = frozenset(),
    muted: Callable[[Story], bool] | None = None,
    muted_sources: frozenset[str] = frozenset(),
    levels: Levels | None = None,
    updates: Mapping[int, Story] | None = None,
) -> list[tuple[Wish | None, Candidate]]:
    """Up to `budget` stories, wishes taking turns, none twice, no source above its share while others have news.

    `ranked` is what `rank` gave for each wish, or for None where nothing is asked for; then no topic gets more than
    its share either, while others have news. A wish for a topic that the reader leans to (`levels`) has its turn more
    often, or less. `updates` are stories in `seen` that may come again, as they then stand.
    """
    page = Page(budget, seen=seen, muted=muted, muted_sources=muted_sources, updates=updates)
    _fill(page, ranked, levels or {})
    return page.picked


def _fill(page: Page, ranked: Mapping[Wish | None, Iterable[Candidate]], levels: Levels) -> None:
    put_off: list[tuple[Wish | None, Candidate]] = []
    queues = {wish: iter(queue) for wish, queue in ranked.items()}
    steps = [_step(wish, levels) for wish in queues]
    turns = [(step - 1.0, place, step, wish) for place, (wish, step) in enumerate(zip(queues, steps, strict=True))]
    heapq.heapify(turns)
    while turns and not page.is_full():
        at, place, step, wish = turns[0]
        if _take_turn(page, wish, queues[wish], put_off):
            heapq.heapreplace(turns, (at + step, place, step, wish))
        else:
            heapq.heappop(turns)
    for shares in (page.source_has_its_share, _no_limit):
        for wish, candidate in put_off:
            left = None if page.is_full() else page.usable(candidate)
            if left is not None and not shares(left) and page.has_time_for(left):
                page.put(wish, left)


def _step(wish: Wish | None, levels: Levels) -> float:
    """How long a wish waits between two turns."""
    return STEPS[levels.get(("topic", wish.value), 0)] if wish is not None and wish.kind == "topic" else 1.0


def _take_turn(
    page: Page, wish: Wish | None, queue: Iterator[Candidate], put_off: list[tuple[Wish | None, Candidate]]
) -> bool:
    """Put the next candidate of a wish that fits onto the page; False where it has none any more."""
    for candidate in queue:
        left = page.usable(candidate)
        if left is None:
            continue
        if page.source_has_its_share(left) or (wish is None and page.topic_has_its_share(left)):
            put_off.append((wish, candidate))
            continue
        if not page.has_time_for(left):
            continue
        page.put(wish, left)
        return True
    return False


def _no_limit(_: Candidate) -> bool:
    return False


def _without_sources(candidate: Candidate, muted: frozenset[str]) -> Candidate | None:
    """The candidate as the other sources tell it; None where there are none."""
    story = candidate.story
    if not muted or not muted.intersection(story.sources):
        return candidate
    articles = tuple(article for article in story.articles if article.source not in muted)
    if not articles or (candidate.update and story.leader.source in muted):
        return None
    lead = articles.index(story.leader) if candidate.update else ranking.lead(articles)
    left = replace(story, articles=articles, lead=lead)
    return replace(candidate, story=left, owners=ranking.independent(left))


def reading_time(story: Story) -> float:
    """Minutes that it takes to read all that a digest may show of a story: headline, sentences, sources."""
    leader = story.leader
    quotes = sorted(leader.quotes, key=lambda quote: quote.rank)[:MOST_QUOTED]
    sources = story.sources[:MOST_NAMED]
    return minutes_of(" ".join((leader.title, *(quote.text for quote in quotes), *sources, *sources[:1], "1. · 06:40")))


def main_topic(story: Story) -> str:
    """The topic that a story is filed under; "" where none was found."""
    return story.topics[0][0] if story.topics else ""


def arrange(picked: Sequence[tuple[Wish | None, Candidate]]) -> tuple[Section, ...]:
    """Sections in reading order: the top stories, then each wish (or topic) by its best story."""
    ordered = sorted(picked, key=lambda pair: pair[1].order, reverse=True)
    headings = {_heading(wish, candidate) for wish, candidate in ordered}
    top = []
    if len(ordered) >= TOP_FROM and len(headings) > 1:
        top = [pair for pair in ordered[:TOP_STORIES] if pair[1].owners > 1]
    sections: dict[Wish, list[Item]] = {}
    for wish, candidate in ordered[len(top) :]:
        sections.setdefault(_heading(wish, candidate), []).append(to_item(candidate, wish))
    first = [Section(None, tuple(to_item(candidate, wish) for wish, candidate in top))] if top else []
    return (*first, *(Section(heading, tuple(items)) for heading, items in sections.items()))


def _heading(wish: Wish | None, candidate: Candidate) -> Wish:
    return wish or Wish("topic", main_topic(candidate.story) or OTHER)


def compose(
    ranked: Mapping[Wish | None, Ranking],
    *,
    budget: int,
    since: datetime,
    until: datetime,
    seen: Container[int] = frozenset(),
    muted: Callable[[Story], bool] | None = None,
    muted_sources: frozenset[str] = frozenset(),
    levels: Levels | None = None,
    updates: Mapping[int, Story] | None = None,
    considered: int | None = None,
    minutes: int = 0,
) -> Digest:
    """The digest of [since, until) for one set of wishes; without items where nothing is left.

    With `minutes` all that is shown of its stories can be read in them, except where the first takes longer by itself.
    `considered` is how many stories were asked whether they answer a wish: by default, those that do.
    """
    levels = levels or {}
    leaning = {wish: ranking.for_levels(levels) for wish, ranking in ranked.items()}
    page = Page(budget, seen=seen, muted=muted, muted_sources=muted_sources, updates=updates, minutes=minutes)
    _fill(page, leaning, levels)
    matched = len({candidate.story.id for ranking in ranked.values() for candidate in ranking.ordered})
    left = (one for ranking in ranked.values() for one in ranking.ordered if page.usable(one))
    more = (page.is_full() or page.passed_over) and any(left)
    return Digest(
        since=since,
        until=until,
        sections=arrange(page.picked),
        considered=matched if considered is None else considered,
        matched=matched,
        more=more,
    )


def to_item(candidate: Candidate, wish: Wish | None = None) -> Item:
    """A story as it stands in a digest, with the reasons why it is there."""
    story, leader = candidate.story, candidate.story.leader
    reasons = [("importance", round(candidate.importance, 4)), ("publishers", float(candidate.owners))]
    if candidate.at is not None:
        parts = ranking.parts(story, candidate.at)
        reasons += [(name, float(f"{value:.3g}")) for name, value in parts if name != "publishers"]
    if wish is not None:
        reasons.append((f"{wish.kind}:{wish.value}", round(candidate.match, 3)))
    return Item(
        story_id=story.id,
        article_id=leader.id,
        headline=leader.title,
        url=leader.url,
        source=leader.source,
        published=leader.published,
        language=story.language,
        quotes=leader.quotes,
        outlets=outlets(story.articles),
        topics=tuple(topic for topic, _ in story.topics),
        image=leader.image,
        reasons=tuple(reasons),
        update=candidate.update,
    )


def outlets(articles: Sequence[Article]) -> tuple[Outlet, ...]:
    """Who surely reported, first one first, each source once with its first article."""
    first: dict[str, Article] = {}
    for article in sorted(ranking.certain(articles), key=lambda article: article.published):
        first.setdefault(article.source, article)
    return tuple(Outlet(article.source, article.url, article.published) for article in first.values())


def story_item(story: Story, now: datetime) -> Item:
    """A story by itself, as /latest, /search and its card show it."""
    return to_item(candidate_of(story, now))
