"""From ranked stories and a subscriber's wishes to a Digest: what an editor would put on this reader's front page.

What readers share is done once: `rank` for each wish, `pick` for each set of wishes, languages, budget, and stories
left after what was seen and muted. Pure: values in, values out.
"""

import math
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from digests import ranking
from digests.model import Article, Digest, Item, Outlet, Section, Story, Wish

Matches = Callable[[Story], float]
"""How well a story answers a wish, 0 (not at all) to 1."""

LARGEST_SHARE = 0.4
"""Of a digest, at most so much from one source, and from one topic where nothing was asked for."""

TOP_STORIES = 3
TOP_FROM = 5
"""Stories under 🔥 Top at most, and the size from which a digest has that section."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that may be picked: its importance now, who reports it, and how well it answers the wish."""

    story: Story
    importance: float
    owners: int
    match: float = 1.0

    @property
    def order(self) -> tuple[bool, float]:
        """Sort key, greatest first: stories that several publishers report, then by importance."""
        return (self.owners > 1, self.importance * self.match)


def rank(stories: Iterable[Story], *, now: datetime, matches: Matches | None = None) -> list[Candidate]:
    """The stories that answer a wish (all of them where `matches` is None), best first."""
    found = []
    for story in stories:
        match = 1.0 if matches is None else matches(story)
        if match > 0:
            found.append(Candidate(story, ranking.importance(story, now), ranking.independent(story), match))
    return sorted(found, key=lambda candidate: candidate.order, reverse=True)


def pick(
    ranked: Mapping[Wish | None, Sequence[Candidate]],
    *,
    budget: int,
    seen: Container[int] = frozenset(),
    muted: Callable[[Story], bool] | None = None,
    muted_sources: frozenset[str] = frozenset(),
) -> list[tuple[Wish | None, Candidate]]:
    """Up to `budget` stories, wishes taking turns, none twice, no source above its share while others have news.

    `ranked` is what `rank` gave for each wish, or for None where nothing is asked for.
    """
    sources: Counter[str] = Counter()
    topics: Counter[str] = Counter()
    most = math.ceil(budget * LARGEST_SHARE)
    chosen: dict[int, tuple[Wish | None, Candidate]] = {}
    put_off: list[tuple[Wish | None, Candidate]] = []
    for wish, candidate in _turns(ranked):
        if len(chosen) >= budget:
            break
        left = _without_sources(candidate, muted_sources)
        if left is None or left.story.id in chosen or left.story.id in seen or (muted and muted(left.story)):
            continue
        topic = main_topic(left.story) if wish is None else ""
        if sources[left.story.leader.source] >= most or (topic and topics[topic] >= most):
            put_off.append((wish, left))
            continue
        chosen[left.story.id] = (wish, left)
        sources[left.story.leader.source] += 1
        topics[topic] += 1
    for wish, candidate in put_off:
        if len(chosen) >= budget:
            break
        chosen.setdefault(candidate.story.id, (wish, candidate))
    return list(chosen.values())


def _turns(ranked: Mapping[Wish | None, Sequence[Candidate]]) -> Iterator[tuple[Wish | None, Candidate]]:
    """The candidates of all wishes, one of each in turn."""
    queues = {wish: iter(candidates) for wish, candidates in ranked.items()}
    while queues:
        for wish, queue in list(queues.items()):
            candidate = next(queue, None)
            if candidate is None:
                del queues[wish]
            else:
                yield wish, candidate


def _without_sources(candidate: Candidate, muted: frozenset[str]) -> Candidate | None:
    """The candidate as the other sources tell it; None where there are none."""
    story = candidate.story
    if not muted or not muted.intersection(story.sources):
        return candidate
    articles = tuple(article for article in story.articles if article.source not in muted)
    if not articles:
        return None
    return replace(candidate, story=replace(story, articles=articles, lead=ranking.lead(articles)))


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
    sections: dict[Wish | None, list[Item]] = {}
    for wish, candidate in ordered[len(top) :]:
        sections.setdefault(_heading(wish, candidate), []).append(to_item(candidate, wish))
    first = [Section(None, tuple(to_item(candidate, wish) for wish, candidate in top))] if top else []
    return (*first, *(Section(heading, tuple(items)) for heading, items in sections.items()))


def _heading(wish: Wish | None, candidate: Candidate) -> Wish | None:
    topic = main_topic(candidate.story)
    return wish or (Wish("topic", topic) if topic else None)


def compose(
    ranked: Mapping[Wish | None, Sequence[Candidate]],
    *,
    budget: int,
    since: datetime,
    until: datetime,
    seen: Container[int] = frozenset(),
    muted: Callable[[Story], bool] | None = None,
    muted_sources: frozenset[str] = frozenset(),
) -> Digest:
    """The digest of [since, until) for one set of wishes; without items where nothing is left."""
    picked = pick(ranked, budget=budget, seen=seen, muted=muted, muted_sources=muted_sources)
    considered = len({candidate.story.id for candidates in ranked.values() for candidate in candidates})
    return Digest(since=since, until=until, sections=arrange(picked), considered=considered)


def to_item(candidate: Candidate, wish: Wish | None = None) -> Item:
    """A story as it stands in a digest, with the reasons why it is there."""
    story, leader = candidate.story, candidate.story.leader
    reasons = [("importance", round(candidate.importance, 4)), ("publishers", float(candidate.owners))]
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
    )


def outlets(articles: Sequence[Article]) -> tuple[Outlet, ...]:
    """Who reported, first one first, each source once with its first article."""
    first: dict[str, Article] = {}
    for article in sorted(articles, key=lambda article: article.published):
        first.setdefault(article.source, article)
    return tuple(Outlet(article.source, article.url, article.published) for article in first.values())


def story_item(story: Story, now: datetime) -> Item:
    """A story by itself, as /latest, /search and its card show it."""
    return to_item(Candidate(story, ranking.importance(story, now), ranking.independent(story)))
