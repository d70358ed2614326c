"""Why a story was not in somebody's digest: the pipeline replayed for one story and one subscriber.

Every gate that the story would have to pass is asked, in the order in which composing asks it, and all that stop it
are named: reasons may come together.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from digests.compose import main_topic, pick
from digests.leanings import levels
from digests.model import NOTHING_YET, Story, Subscriber
from digests.pipeline import REMEMBERED, Desk, Window, asked_for, ranking_of, window
from digests.ports import Storage
from digests.wishes import Muted

DEEPEST = 200
"""Places to which the order of a digest is looked through."""


class Because(StrEnum):
    """What keeps a story out of a digest, or that nothing does."""

    HAD = "had"  # sent `at` a time
    LANGUAGE = "language"  # `name` is not read
    MUTED_SOURCE = "muted-source"  # all who tell it are muted; `name` is one
    MUTED_WORDS = "muted-words"  # it holds `name`
    UNFILED = "unfiled"  # it has not been looked at yet
    OLD = "old"  # nothing came since `at`, where the next digest begins
    TOPIC = "topic"  # nothing that is followed fits; its topic is `name`
    SHARE = "share"  # its source, `name`, has its share of the digest already
    PLACE = "place"  # it stands at `place`, and there is room for `room`
    FAR = "far"  # it stands further down than DEEPEST
    PAUSED = "paused"  # no digests come
    COMING = "coming"  # it would be in a digest now


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason, with what there is to say about it."""

    because: Because
    name: str = ""
    at: datetime | None = None
    place: int = 0
    room: int = 0


async def why_not(storage: Storage, subscriber: Subscriber, story_id: int, now: datetime) -> list[Reason]:
    """Why this subscriber does not get a story, as things stand now; empty where there is no such story any more, or
    it is of a personal feed that they do not follow.
    """
    story = await storage.stories.get(story_id)
    if story is None or not story.articles or story.scope not in {0, *subscriber.feeds}:
        return []
    last = (await storage.ledger.last_sent([subscriber.id])).get(subscriber.id)
    new = window(last, now)
    sent = await storage.ledger.sent_at(subscriber.id, story_id)
    reasons = [Reason(because=Because.HAD, at=sent)] if sent is not None else []
    reasons += await asyncio.to_thread(_gates, story, subscriber, new)
    if not reasons:
        reasons += await _standing(storage, story, subscriber, new, now)
    if subscriber.paused or not subscriber.slots:
        reasons.append(Reason(because=Because.PAUSED))
    return reasons


def _gates(story: Story, subscriber: Subscriber, new: Window) -> list[Reason]:
    """What of the story itself stops it for this reader."""
    reasons: list[Reason] = []
    if story.scope == 0 and story.language not in subscriber.languages:
        reasons.append(Reason(because=Because.LANGUAGE, name=story.language))
    if set(story.sources) <= set(subscriber.muted_sources):
        reasons.append(Reason(because=Because.MUTED_SOURCE, name=story.leader.source))
    reasons += [Reason(because=Because.MUTED_WORDS, name=words) for words in subscriber.mutes if Muted([words])(story)]
    if not any(map(new.holds, story.articles)):
        reasons.append(Reason(because=Because.OLD, at=new.since))
    return reasons


async def _standing(storage: Storage, story: Story, subscriber: Subscriber, new: Window, now: datetime) -> list[Reason]:
    """Where a story that may come stands among those that may."""
    desk = Desk(storage, now)
    shelf = await desk.shelf(tuple(sorted(subscriber.languages)), new)
    own = list((await desk.own_shelves(subscriber, new)).values())
    if not any(story.id in one.ids for one in (shelf, *own)):
        return [Reason(because=Because.UNFILED if story.score == 0 else Because.FAR)]
    rankings = {wish: await ranking_of(wish, shelf, own) for wish in asked_for(subscriber, own)}
    if not any(story.id == one.story.id for ranking in rankings.values() for one in ranking.ordered):
        return [Reason(because=Because.TOPIC, name=main_topic(story))]
    history = (await storage.ledger.history([subscriber.id], since=now - REMEMBERED)).get(subscriber.id, NOTHING_YET)
    digest = await desk.digest(subscriber, new, history)
    if any(item.story_id == story.id for item in digest.items):
        return [Reason(because=Because.COMING)]
    leaning = levels(subscriber, now)
    picked = await asyncio.to_thread(
        lambda: pick(
            {wish: ranking.for_levels(leaning) for wish, ranking in rankings.items()},
            budget=DEEPEST,
            seen=history.stories,
            muted=Muted(subscriber.mutes) if subscriber.mutes else None,
            muted_sources=frozenset(subscriber.muted_sources),
            levels=leaning,
        )
    )
    places = [candidate.story.id for _, candidate in picked]
    if story.id not in places:
        return [Reason(because=Because.FAR)]
    place, room = places.index(story.id) + 1, subscriber.stories
    if place <= room:
        return [Reason(because=Because.SHARE, name=story.leader.source)]
    return [Reason(because=Because.PLACE, place=place, room=room)]
