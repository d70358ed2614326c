"""ManagerStore: who sets up which chats, and which of them what they type is for."""

from datetime import timedelta

SARA, OMID = 1001, 2002


async def test_a_person_sees_their_chats_by_title(shelf, storage):
    zoo, art = await shelf.subscriber(-1), await shelf.subscriber(-2)
    await storage.managers.add(SARA, zoo.id, "Zoo")
    await storage.managers.add(SARA, art.id, "Art")
    await storage.managers.add(OMID, zoo.id, "Zoo")
    chats = await storage.managers.chats(SARA)
    assert [(chat.subscriber, chat.title, chat.open_until) for chat in chats] == [
        (art, "Art", None),
        (zoo, "Zoo", None),
    ]
    assert await storage.managers.of(zoo.id) == [(SARA, "Zoo"), (OMID, "Zoo")]
    assert await storage.managers.chats(3003) == []


async def test_a_chat_that_is_renamed_is_one_chat(shelf, storage):
    zoo = await shelf.subscriber(-1)
    await storage.managers.add(SARA, zoo.id, "Zoo")
    await storage.managers.open(SARA, zoo.id, shelf.now)
    await storage.managers.add(SARA, zoo.id, "Aquarium")
    (chat,) = await storage.managers.chats(SARA)
    assert (chat.title, chat.open_until) == ("Aquarium", shelf.now)


async def test_one_chat_is_open_at_a_time(shelf, storage):
    zoo, art = await shelf.subscriber(-1), await shelf.subscriber(-2)
    for one in (zoo, art):
        await storage.managers.add(SARA, one.id, str(one.id))
    await storage.managers.add(OMID, zoo.id, "Zoo")
    until = shelf.now + timedelta(hours=1)
    await storage.managers.open(OMID, zoo.id, until)

    async def opened():
        return [(chat.subscriber.id, chat.open_until) for chat in await storage.managers.chats(SARA) if chat.open_until]

    await storage.managers.open(SARA, zoo.id, until)
    await storage.managers.open(SARA, art.id, until)
    assert await opened() == [(art.id, until)]
    await storage.managers.open(SARA, None, None)
    assert await opened() == []
    assert [chat.open_until for chat in await storage.managers.chats(OMID)] == [until]


async def test_who_no_longer_manages_is_forgotten(shelf, storage):
    zoo = await shelf.subscriber(-1)
    await storage.managers.add(SARA, zoo.id, "Zoo")
    await storage.managers.remove(SARA, zoo.id)
    await storage.managers.remove(SARA, zoo.id)
    assert await storage.managers.chats(SARA) == []


async def test_a_group_that_moves_is_still_theirs(shelf, storage):
    group = await shelf.subscriber(-1)
    await storage.managers.add(SARA, group.id, "Room")
    await storage.subscribers.migrate(-1, -1_000_000_000_001)
    (chat,) = await storage.managers.chats(SARA)
    assert chat.subscriber.chat_id == -1_000_000_000_001
