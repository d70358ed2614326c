"""SavedStore: stories kept as they stood, and thumbs."""

from datetime import timedelta

import pytest

from digests.errors import StorageError


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
        await storage.saved.rate(one.id, 5, value, now=shelf.now)


async def test_nobody_keeps_nothing(shelf, storage):
    with pytest.raises(StorageError):
        await storage.saved.add(404, shelf.item(), now=shelf.now)
    assert await storage.saved.items(404) == []
