"""Groups, threads and channels: who hears what, where digests come, and setting them up from the private chat."""

from datetime import timedelta

import pytest

from bot.callbacks import DigestNow, ListChats, OpenChat, OpenStory, Pick, SaveStory, ToggleTopic, bind, encode
from bot.playground.api.chats import Chat
from bot.playground.api.faults import Fault
from digests.model import Subscriber, Wish
from tests.fakes.reader import Reader

OWNER, MEMBER = 1001, 2002


def meet(reader: Reader, user_id: int = MEMBER, name: str = "Omid", *, started: bool = True) -> Reader:
    """Another person, in their private chat."""
    reader.world.add_person(user_id, first_name=name, started=started)
    return reader.elsewhere(chat_id=user_id, user_id=user_id)


async def add(reader: Reader, kind: str = "supergroup", title: str = "News room", **options: object) -> Chat:
    """A chat of Sara's, with the bot in it."""
    chat = reader.world.add_group(title, kind, **options)
    await reader.settle()
    return chat


async def subscriber_of(reader: Reader, chat_id: int, thread: int = 0) -> Subscriber:
    found = await reader.running.news.storage.subscribers.get(chat_id, thread)
    assert found is not None
    return found


# ── groups ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_greeting_of_a_group_leads_administrators_to_its_settings_in_private(reader: Reader) -> None:
    group = await add(reader)
    (hello,) = reader.world.sent_to(group.id)
    subscriber = await subscriber_of(reader, group.id)
    assert hello.buttons["⚙️ Set up"] == f"https://t.me/BaztabBot?start=chat_{subscriber.id}"
    opened = await reader.ask(f"/start chat_{subscriber.id}")
    assert opened.text.startswith("👥 News room")
    assert "▶️ Begin: a digest a day at 08:00" in opened.buttons
    omid = meet(reader)
    reader.world.join(group.id, MEMBER)
    assert "Only administrators" in (await omid.ask(f"/start chat_{subscriber.id}")).text
    assert (await omid.ask("/chats")).text.count("None yet") == 1


async def test_begun_from_private_a_group_gets_its_first_digest_at_once(reader: Reader) -> None:
    group = await add(reader)
    subscriber = await subscriber_of(reader, group.id)
    await reader.ask(f"/start chat_{subscriber.id}")
    await reader.press("▶️ Begin")
    assert "come there now" in reader.last_toast()
    assert (await subscriber_of(reader, group.id)).slots
    assert "digest" in reader.world.sent_to(group.id)[-1].text
    own = await reader.running.news.storage.subscribers.get(OWNER)
    assert own is not None
    assert not own.slots


async def test_in_a_group_answers_are_replies_and_start_is_short(reader: Reader) -> None:
    group = await add(reader)
    owner = reader.elsewhere(chat_id=group.id, user_id=OWNER)
    started, digest = await owner.say("/start@BaztabBot")
    assert "reply_to_message" in started.message
    assert len(started.text) < 250
    assert "digest" in digest.text


async def test_a_tap_in_a_group_changes_nothing_for_others(reader: Reader) -> None:
    group = await add(reader)
    owner = reader.elsewhere(chat_id=group.id, user_id=OWNER)
    _, digest = await owner.say("/start@BaztabBot")
    link = digest.buttons["1"]
    assert set(digest.buttons) == {str(number) for number in range(1, len(digest.buttons) + 1)}
    omid = meet(reader)
    (card,) = await omid.say(f"/start {link.partition('start=')[2]}")
    assert "📄 Open original" in card.buttons
    assert (await subscriber_of(reader, MEMBER)).slots == ()

    listed = await owner.ask("/latest@BaztabBot")
    member = omid.elsewhere(chat_id=group.id, user_id=MEMBER)
    reader.world.join(group.id, MEMBER)
    assert await member.press("1", message_id=listed.message_id) == []
    query = list(reader.world.queries.values())[-1]
    assert (query.answer or {})["url"].startswith("https://t.me/BaztabBot?start=story_")


async def test_what_a_group_keeps_and_thinks_is_for_its_administrators(reader: Reader) -> None:
    group = await add(reader)
    owner = reader.elsewhere(chat_id=group.id, user_id=OWNER)
    _, digest = await owner.say("/start@BaztabBot")
    meet(reader)
    reader.world.join(group.id, MEMBER)
    member = reader.elsewhere(chat_id=group.id, user_id=MEMBER)
    for data in (encode(Pick(1, "save")), encode(SaveStory(1, 1, 1, card=0)), encode(ToggleTopic("science"))):
        assert await member.press_data(data, message_id=digest.message_id) == []
        assert "administrators" in reader.last_toast()


async def test_a_group_that_takes_the_bot_back_has_its_digests_back(reader: Reader) -> None:
    group = await add(reader)
    await reader.elsewhere(chat_id=group.id, user_id=OWNER).say("/start@BaztabBot")
    reader.world.set_bot_status(group.id, "kicked")
    await reader.settle()
    assert (await subscriber_of(reader, group.id)).gone
    assert "None yet" in (await reader.ask("/chats")).text
    reader.world.set_bot_status(group.id, "member")
    await reader.settle()
    assert not (await subscriber_of(reader, group.id)).gone
    assert "I am back" in reader.world.sent_to(group.id)[-1].text


async def test_a_group_that_moves_is_still_set_up_from_private(reader: Reader) -> None:
    group = await add(reader, "group")
    await reader.elsewhere(chat_id=group.id, user_id=OWNER).say("/start")
    moved = reader.world.migrate(group.id)
    await reader.settle()
    (listed,) = await reader.say("/chats")
    assert "👥 News room" in listed.buttons
    (opened,) = await reader.press("👥 News room")
    assert opened.text.startswith("👥 News room")
    await reader.press("🏷 Topics")
    await reader.press("Science")
    assert (await subscriber_of(reader, moved.id)).wishes == (Wish("topic", "science"),)


# ── threads ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def in_thread(reader: Reader, chat: Chat, thread: int | None, text: str) -> str:
    """Sara writes in a thread; returns the answer, which must come there."""
    before = len(reader.world.sent)
    reader.world.send(text, chat_id=chat.id, thread_id=thread)
    await reader.settle()
    answer = reader.world.sent[before]
    assert answer.thread_id == thread
    return answer.text


async def test_here_lets_digests_come_to_a_thread(reader: Reader) -> None:
    forum = await add(reader, forum=True)
    thread = reader.world.add_topic(forum.id, "Daily news")
    assert "from now on" in await in_thread(reader, forum, thread, "/here@BaztabBot")
    subscriber = await subscriber_of(reader, forum.id, thread)
    assert subscriber.slots
    assert "already" in await in_thread(reader, forum, thread, "/here@BaztabBot")
    await in_thread(reader, forum, thread, "/digest@BaztabBot")
    assert reader.world.sent_to(forum.id)[-1].thread_id == thread
    assert "👥 News room › " in str((await reader.ask("/chats")).buttons)
    assert "where this chat's digests come" in await in_thread(reader, forum, None, "/digest@BaztabBot")
    assert reader.world.sent_to(forum.id)[-1].thread_id == thread
    assert "from now on" in await in_thread(reader, forum, None, "/here@BaztabBot")
    assert (await subscriber_of(reader, forum.id)).id == subscriber.id


async def test_threads_may_have_digests_of_their_own(reader: Reader) -> None:
    forum = await add(reader, forum=True)
    sport, culture, other = (reader.world.add_topic(forum.id, name) for name in ("Sport", "Culture", "Other"))
    await in_thread(reader, forum, sport, "/start@BaztabBot")
    await in_thread(reader, forum, sport, "/follow@BaztabBot sports")
    assert (await subscriber_of(reader, forum.id, sport)).wishes == (Wish("topic", "sports"),)
    assert (await subscriber_of(reader, forum.id)).wishes == ()
    assert "from now on" in await in_thread(reader, forum, culture, "/here@BaztabBot")
    assert "Several threads" in await in_thread(reader, forum, other, "/here@BaztabBot")


async def test_a_thread_without_digests_of_its_own_is_its_chats(reader: Reader) -> None:
    forum = await add(reader, forum=True)
    thread = reader.world.add_topic(forum.id, "Off topic")
    assert "Latest" in await in_thread(reader, forum, thread, "/latest@BaztabBot")
    assert [one.thread_id for one in await reader.running.news.storage.subscribers.in_chat(forum.id)] == [0]


@pytest.mark.parametrize("deleted", [True, False])
async def test_a_closed_thread_ends_its_digests_and_whoever_set_it_up_hears_of_it(
    reader: Reader, *, deleted: bool
) -> None:
    forum = await add(reader, forum=True)
    thread = reader.world.add_topic(forum.id, "Daily news")
    await in_thread(reader, forum, thread, "/here@BaztabBot")
    subscriber = await subscriber_of(reader, forum.id, thread)
    reader.world.close_topic(forum.id, thread, deleted=deleted)
    reader.expected_refusals = [
        ("sendMessage", "Bad Request: message thread not found" if deleted else "Bad Request: TOPIC_CLOSED")
    ]
    await reader.running.services.pipeline.send_now(subscriber, "digest")
    await reader.settle()
    assert (await subscriber_of(reader, forum.id, thread)).gone
    told = reader.world.sent_to(OWNER)[-1]
    assert "News room › Daily news is closed or deleted" in told.text
    assert "/here" in told.text
    other = reader.world.add_topic(forum.id, "Elsewhere")
    await in_thread(reader, forum, other, "/latest@BaztabBot")
    assert (await subscriber_of(reader, forum.id, thread)).gone
    assert "from now on" in await in_thread(reader, forum, other, "/here@BaztabBot")
    moved = await subscriber_of(reader, forum.id, other)
    assert (moved.id, moved.gone) == (subscriber.id, False)


# ── channels ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_whoever_adds_the_bot_to_a_channel_sets_it_up_in_private(reader: Reader) -> None:
    await reader.say("/help")
    channel = await add(reader, "channel", "Morning news")
    assert reader.world.sent_to(channel.id) == []
    offer = reader.world.sent_to(OWNER)[-1]
    assert "Morning news" in offer.text
    (opened,) = await reader.press("⚙️ Set up Morning news")
    assert opened.text.startswith("📣 Morning news")
    await reader.press("🏷 Topics")
    (topics,) = await reader.press("Science")
    assert topics.text.startswith("📣 Morning news")
    await reader.press("‹ Settings")
    await reader.press("🌍 Time zone")
    await reader.press("Tehran")
    subscriber, own = await subscriber_of(reader, channel.id), await subscriber_of(reader, OWNER)
    assert (subscriber.wishes, subscriber.timezone) == ((Wish("topic", "science"),), "Asia/Tehran")
    assert (own.wishes, own.timezone) == ((), "UTC")


async def test_a_channels_digest_has_only_links_to_the_private_chat(reader: Reader) -> None:
    await reader.say("/help")
    channel = await add(reader, "channel", "Morning news")
    await reader.press("⚙️ Set up Morning news")
    await reader.press("▶️ Begin")
    post = reader.world.sent_to(channel.id)[-1]
    assert post.buttons
    assert all(link.startswith("https://t.me/BaztabBot?start=story_") for link in post.buttons.values())


async def test_commands_in_private_go_to_the_open_chat_until_done(reader: Reader) -> None:
    await reader.say("/help")
    channel = await add(reader, "channel", "Morning news")
    await reader.press("⚙️ Set up Morning news")
    (answer,) = await reader.say("/follow peace talks")
    assert answer.text.startswith("📣 Morning news")
    await reader.say("/time 07:30 18:00")
    await reader.press("✔️ Done")
    (answer,) = await reader.say("/follow chess")
    assert "Morning news" not in answer.text
    subscriber, own = await subscriber_of(reader, channel.id), await subscriber_of(reader, OWNER)
    assert (subscriber.wishes, len(subscriber.slots)) == ((Wish("words", "peace talks"),), 2)
    assert own.wishes == (Wish("words", "chess"),)


async def test_an_open_chat_closes_by_itself(reader: Reader) -> None:
    await reader.say("/help")
    channel = await add(reader, "channel", "Morning news")
    await reader.press("⚙️ Set up Morning news")
    storage, subscriber = reader.running.news.storage, await subscriber_of(reader, channel.id)
    await storage.managers.open(OWNER, subscriber.id, reader.now() - timedelta(seconds=1))
    await reader.say("/follow chess")
    assert (await subscriber_of(reader, OWNER)).wishes == (Wish("words", "chess"),)


async def test_buttons_go_on_meaning_their_chat_whatever_is_open(reader: Reader) -> None:
    await reader.say("/help")
    art, zoo = await add(reader, "channel", "Art"), await add(reader, "channel", "Zoo")
    await reader.press("⚙️ Set up Art")
    (topics,) = await reader.press("🏷 Topics")
    await reader.say("/chats")
    await reader.press("📣 Zoo")
    await reader.press("Science", message_id=topics.message_id)
    await reader.press("✔️ Done")
    await reader.press("Health", message_id=topics.message_id)
    assert {wish.value for wish in (await subscriber_of(reader, art.id)).wishes} == {"science", "health"}
    assert (await subscriber_of(reader, zoo.id)).wishes == ()
    assert (await subscriber_of(reader, OWNER)).wishes == ()


async def test_who_is_no_administrator_any_more_changes_nothing(reader: Reader) -> None:
    omid = meet(reader)
    await reader.say("/help")
    channel = await add(reader, "channel", "Morning news")
    reader.world.join(channel.id, MEMBER, "administrator")
    subscriber = await subscriber_of(reader, channel.id)
    opened = await omid.ask(f"/start chat_{subscriber.id}")
    assert opened.text.startswith("📣 Morning news")
    assert "📣 Morning news" in (await omid.ask("/chats")).buttons
    reader.world.join(channel.id, MEMBER, "left")
    reader.running.services.rights.forget()
    assert "administrators" in (await omid.ask("/follow chess")).text
    assert await omid.press("🏷 Topics", message_id=opened.message_id) == []
    assert "administrators" in omid.last_toast()
    assert "None yet" in (await omid.ask("/chats")).text
    assert (await subscriber_of(reader, channel.id)).wishes == ()


async def test_where_members_are_hidden_the_administrators_are_asked_for(reader: Reader) -> None:
    group = await add(reader)
    hidden = "Bad Request: CHAT_ADMIN_REQUIRED"
    reader.world.faults.add(Fault(method="getChatMember", times=2, error_code=400, description=hidden))
    for person, status, answer in ((MEMBER, "administrator", "Paused"), (MEMBER + 1, "member", "administrators")):
        meet(reader, person)
        reader.world.join(group.id, person, status)
        there = reader.elsewhere(chat_id=group.id, user_id=person)
        assert answer in (await there.ask("/pause@BaztabBot")).text
    reader.expected_refusals = [("getChatMember", hidden)] * 2


async def test_forged_buttons_set_nothing_up(reader: Reader) -> None:
    omid = meet(reader)
    answer = await omid.ask("/latest")
    channel = await add(reader, "channel", "Morning news")
    subscriber = await subscriber_of(reader, channel.id)
    for data in (
        bind(encode(ToggleTopic("science")), subscriber.id),
        bind(encode(DigestNow()), 4242),
        f"{encode(ToggleTopic('science'))}@",
        f"{encode(ToggleTopic('science'))}@1@2",
        f"@{subscriber.id}",
    ):
        assert await omid.press_data(data, message_id=answer.message_id) == []
        assert omid.last_toast()
    (refusal,) = await omid.press_data(encode(OpenChat(subscriber.id)), message_id=answer.message_id)
    assert "administrators" in refusal.text
    assert (await subscriber_of(reader, channel.id)).wishes == ()


async def test_a_channel_that_takes_the_right_to_post_gets_nothing(reader: Reader) -> None:
    channel = await add(reader, "channel", "Morning news")
    reader.world.set_bot_status(channel.id, "member")
    await reader.settle()
    assert (await subscriber_of(reader, channel.id)).gone


async def test_who_never_spoke_to_the_bot_finds_the_channel_in_the_list(reader: Reader) -> None:
    omid = meet(reader, started=False)
    reader.world.add_group("Morning news", "channel", owner=MEMBER)
    await reader.settle()
    reader.expected_refusals = [("sendMessage", "Forbidden: bot can't initiate conversation with a user")]
    assert "📣 Morning news" in (await omid.ask("/chats")).buttons


async def test_taps_under_posts_of_a_channel_open_the_private_chat(reader: Reader) -> None:
    await reader.say("/help")
    channel = await add(reader, "channel", "Morning news")
    await reader.press("⚙️ Set up Morning news")
    await reader.press("▶️ Begin")
    post = reader.world.sent_to(channel.id)[-1]
    meet(reader)
    reader.world.join(channel.id, MEMBER)
    member = reader.elsewhere(chat_id=channel.id, user_id=MEMBER)
    assert await member.press_data(encode(OpenStory(7)), message_id=post.message_id) == []
    assert await member.press_data(encode(ListChats()), message_id=post.message_id) == []
    assert await member.press_data(encode(ToggleTopic("science")), message_id=post.message_id) == []
    assert "administrators" in member.last_toast()


# ── access ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_chats_come_in_with_those_who_may(reader: Reader) -> None:
    services = reader.running.services
    object.__setattr__(services, "access", "invite")
    object.__setattr__(services, "admins", frozenset())
    meet(reader)
    await reader.say(f"/start {services.invite}")
    mine = await add(reader)
    theirs = reader.world.add_group("Strangers", "supergroup", owner=MEMBER)
    strange = reader.world.add_group("Elsewhere", "channel", owner=MEMBER)
    reader.world.join(theirs.id, MEMBER, "creator")
    await reader.settle()
    storage = reader.running.news.storage
    assert await storage.subscribers.get(mine.id) is not None
    assert await storage.subscribers.get(theirs.id) is None
    assert await storage.subscribers.get(strange.id) is None
    assert not await services.may_enter(theirs.id, "nonsense", by=MEMBER)
    assert await services.may_enter(theirs.id, by=OWNER)
