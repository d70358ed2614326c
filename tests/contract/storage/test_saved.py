"""SavedStore: stories kept as they stood, and thumbs."""

from datetime import timedelta

import pytest

from digests.errors import StorageError
from digests.leanings import HALF, WHOLE_DIGEST
from digests.model import DeliveryState, Vote


async def test_kept_stories_come_last_saved_first(shelf, storage):
    one = await shelf.subscriber()
    first, second = shelf.item(1), shelf.item(2)
    assert await storage.saved.add(one.id, first, now=shelf.now) is True
    assert await storage.saved.add(one.id, second, now=shelf.now + timedelta(seconds=1)) is True
    assert await storage.saved.add(one.id, shelf.item(1, headline="changed"), now=shelf.now) is False
    assert await storage.saved.items(one.id) == [second, first]
    assert await storage.saved.items(one.id, limit=1, offset=1) == [first]
    assert await storage.saved.count(one.id) == 2


async def test_letting_go(shelf, storage):
    one, other = await shelf.subscriber(1), await shelf.subscriber(2)
    await storage.saved.add(one.id, shelf.item(1), now=shelf.now)
    assert await storage.saved.remove(other.id, 1) is False
    assert await storage.saved.remove(one.id, 1) is True
    assert await storage.saved.remove(one.id, 1) is False
    assert await storage.saved.count(one.id) == 0


async def test_thumbs_are_changed_and_taken_back(shelf, storage):
    one = await shelf.subscriber()
    for value in (1, -1, 0, 0):
        vote = Vote(value=value, at=shelf.now, topic="sports", source="Daily") if value else None
        await storage.saved.vote(one.id, {5: vote}, now=shelf.now)


async def test_a_digest_that_was_rated_as_one_leaves_stories_alone_that_were_rated_themselves(shelf, storage):
    one = await shelf.subscriber()
    await storage.saved.vote(one.id, {5: Vote(value=-1, at=shelf.now, topic="sports")}, now=shelf.now)
    light = Vote(value=1, at=shelf.now, weight=WHOLE_DIGEST, topic="sports")
    await storage.saved.vote(one.id, {5: light, 6: light}, now=shelf.now)
    assert await storage.saved.votes(one.id, [5, 6]) == {5: -1}
    (leaning,) = (await storage.subscribers.by_id(one.id)).leanings
    assert (leaning.kind, leaning.name, leaning.score) == ("topic", "sports", HALF * (WHOLE_DIGEST - 1))


async def test_which_story_a_message_shows(shelf, storage):
    one = await shelf.subscriber(77)
    assert await storage.saved.shown(77, 3) is None
    await storage.saved.show(one.id, 3, 12, now=shelf.now)
    await storage.saved.show(one.id, 3, 13, now=shelf.now)
    assert await storage.saved.shown(77, 3) == (one.id, 13, 0)
    assert await storage.saved.shown(78, 3) is None
    await storage.saved.show(one.id, 3, 0, now=shelf.now)
    assert await storage.saved.shown(77, 3) is None
    await shelf.delivered(one.id, 1, 2)
    (claimed,) = await storage.ledger.claim("worker", now=shelf.now, limit=1)
    await storage.ledger.finish(claimed, DeliveryState.SENT, now=shelf.now, message_id=8)
    sent = await storage.saved.shown(77, 8)
    assert sent == (one.id, 0, claimed.digest_id)


async def test_nobody_keeps_nothing(shelf, storage):
    with pytest.raises(StorageError):
        await storage.saved.add(404, shelf.item(), now=shelf.now)
    assert await storage.saved.items(404) == []
