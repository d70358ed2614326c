"""One event, told once: on a page in several languages, what tells of the same event stands under the first of it.

Only the stories of a page are compared, a few dozen at most: there "the same event" was right 19 times of 20.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from digests.embeddings import merge_across
from digests.model import Digest, Item, Outlet, Retelling, Story

ROUNDS = 3
"""How often a page is filled up again: what moves up may tell of an event that stands there already."""

Merge = Callable[[Sequence[Story]], Sequence[tuple[int, ...]]]


def told_once(
    compose: Callable[[frozenset[int]], Digest], stories: Mapping[int, Story], *, merge: Merge = merge_across
) -> Digest:
    """The digest of `compose`, which takes the ids of stories to leave out, with each event in one language.

    `stories` are all that it may hold, by id. What was left out is named with the item that stands for it.
    """
    known: dict[int, Item] = {}
    left_out: frozenset[int] = frozenset()
    for _ in range(ROUNDS):
        digest = compose(left_out)
        known |= {item.story_id: item for item in digest.items}
        events = _events(digest, known, merge([stories[number] for number in known]))
        others = frozenset(number for of_event in events.values() for number in of_event)
        if others <= left_out:
            return _with_retold(digest, events, known)
        left_out |= others
    digest = compose(left_out)
    return _with_retold(digest, events, known)


def _events(digest: Digest, known: Iterable[int], groups: Sequence[tuple[int, ...]]) -> dict[int, list[int]]:
    """The other stories of an event, as they were met, by the one that comes first on the page; of no other events."""
    page, met = [item.story_id for item in digest.items], list(known)
    found = {}
    for group in groups:
        first = next((number for number in page if number in group), None)
        if first is not None:
            found[first] = [number for number in met if number in group and number != first]
    return found


def _with_retold(digest: Digest, events: Mapping[int, Sequence[int]], known: Mapping[int, Item]) -> Digest:
    page = {item.story_id for item in digest.items}

    def completed(item: Item) -> Item:
        others = [known[number] for number in events.get(item.story_id, ()) if number not in page]
        return replace(item, retold=tuple(map(_retelling, others)))

    sections = tuple(replace(section, items=tuple(map(completed, section.items))) for section in digest.sections)
    return replace(digest, sections=sections)


def _retelling(item: Item) -> Retelling:
    return Retelling(
        story_id=item.story_id,
        language=item.language,
        headline=item.headline,
        outlet=Outlet(item.source, item.url, item.published),
    )
