"""What readers set: topics, words, mutes, times, zone, languages; by command and by button."""

import pytest

from digests.model import Slot, Subscriber, Wish
from tests.fakes.reader import Reader


async def stored(reader: Reader) -> Subscriber:
    subscriber = await reader.running.news.storage.subscribers.get(reader.chat_id)
    assert subscriber is not None
    return subscriber


async def test_topics_are_ticked_in_place(reader: Reader) -> None:
    grid = await reader.ask("/topics")
    (ticked,) = await reader.press("Science")
    assert ticked.message_id == grid.message_id
    assert (await stored(reader)).wishes == (Wish("topic", "science"),)
    await reader.press("✅ 🔬 Science")
    assert (await stored(reader)).wishes == ()


async def test_following_a_topic_sorts_the_next_digest(reader: Reader) -> None:
    await reader.say("/follow sports")
    _, digest = await reader.say("/start")
    assert "Sports" in digest.text
    assert "Business" not in digest.text


async def test_follow_takes_a_topic_by_its_name_or_words_and_tells_what_fits(reader: Reader) -> None:
    assert "Science" in (await reader.ask("/follow science")).text
    answer = await reader.ask("/follow   peace   talks ")
    assert "peace talks" in answer.text
    assert "stories" in answer.text
    assert (await stored(reader)).wishes == (Wish("topic", "science"), Wish("words", "peace talks"))
    assert "already" in (await reader.ask("/follow Peace Talks")).text
    assert "no longer" in (await reader.ask("/unfollow peace talks")).text
    assert (await stored(reader)).wishes == (Wish("topic", "science"),)


async def test_words_of_ones_own_are_dropped_by_their_button(reader: Reader) -> None:
    await reader.say("/follow peace talks")
    await reader.say("/topics")
    await reader.press("✖️ peace talks")
    assert (await stored(reader)).wishes == ()


@pytest.mark.parametrize("command", ["/follow", "/follow !!!", "/mute", "/search", "/unfollow"])
async def test_a_bare_command_says_how_it_is_written(reader: Reader, command: str) -> None:
    assert (await reader.ask(command)).text


async def test_muted_words_and_sources_stay_out_of_digests(reader: Reader) -> None:
    _, first = await reader.say("/start")
    assert "Issa" in first.text or "peace" in first.text
    await reader.say("/stop")
    await reader.press("delete everything")
    await reader.say("/mute peace talks")
    await reader.say("/mute the calder post")
    subscriber = await stored(reader)
    assert subscriber.mutes == ("peace talks",)
    assert subscriber.muted_sources == ("The Calder Post",)
    _, digest = await reader.say("/start")
    assert "The Calder Post" not in digest.text
    await reader.say("/unmute The Calder Post")
    await reader.say("/unmute")
    await reader.press("🔈 peace talks")
    assert (await stored(reader)).mutes == (await stored(reader)).muted_sources == ()


async def test_times_are_set_and_the_next_ones_shown(reader: Reader) -> None:
    answer = await reader.ask("/time 18 7:30, 07:30")
    assert "07:30" in answer.text
    assert "18:00" in answer.text
    assert "Next" in answer.text
    assert [slot.at.isoformat("minutes") for slot in (await stored(reader)).slots] == ["07:30", "18:00"]


@pytest.mark.parametrize("words", ["25:99", "noon", "7:00 25:00", "-1", "1 2 3 4 5 6 7"])
async def test_no_time_is_refused_with_an_example_and_changes_nothing(reader: Reader, words: str) -> None:
    await reader.say("/time 07:30")
    assert "/time 07:30" in (await reader.ask(f"/time {words}")).text
    assert len((await stored(reader)).slots) == 1


async def test_times_and_days_by_button(reader: Reader) -> None:
    await reader.say("/start")
    await reader.say("/time")
    await reader.press("18:00")
    await reader.press("Workdays")
    slots = (await stored(reader)).slots
    assert [slot.at.hour for slot in slots] == [8, 18]
    assert all(slot.weekdays == frozenset(range(5)) for slot in slots)
    await reader.press("✅ 08:00")
    await reader.press("✅ 18:00")
    subscriber = await stored(reader)
    assert subscriber.slots == ()
    assert subscriber.next_due_at is None


async def test_a_zone_is_confirmed_by_its_clock(reader: Reader) -> None:
    await reader.say("/start")
    answer = await reader.ask("/timezone tehran")
    assert "Tehran" in answer.text
    subscriber = await stored(reader)
    assert subscriber.timezone == "Asia/Tehran"
    assert subscriber.next_due_at is not None
    assert f"{subscriber.next_due_at:%H:%M}" == "04:30"
    assert "/timezone" in (await reader.ask("/timezone Qwertyuiop")).text
    assert (await stored(reader)).timezone == "Asia/Tehran"


async def test_pause_resume_stop_and_delete(reader: Reader) -> None:
    await reader.say("/start")
    await reader.say("/pause")
    assert (await stored(reader)).paused
    await reader.say("/resume")
    assert not (await stored(reader)).paused
    await reader.say("/stop")
    await reader.press("keep my settings")
    assert (await stored(reader)).slots == ()
    await reader.say("/unsubscribe")
    await reader.press("delete everything")
    assert await reader.running.news.storage.subscribers.get(reader.chat_id) is None


async def test_languages_of_interface_and_news_are_set_apart(reader: Reader) -> None:
    await reader.say("/language")
    (persian,) = await reader.press("فارسی")
    assert "زبان" in persian.text
    await reader.say("/settings")
    await reader.press("📰")
    (news,) = await reader.press("فارسی")
    assert any(label.startswith("✅") for label in news.buttons)
    subscriber = await stored(reader)
    assert subscriber.language == "fa"
    assert set(subscriber.languages) == {"en", "fa"}


async def test_the_last_language_of_the_news_stays(reader: Reader) -> None:
    await reader.say("/settings")
    await reader.press("📰")
    await reader.press("✅ English")
    assert (await stored(reader)).languages == ("en",)


async def test_settings_turn_pages_in_place_and_are_put_away(reader: Reader) -> None:
    main = await reader.ask("/settings")
    (length,) = await reader.press("📏")
    assert length.message_id == main.message_id
    await reader.press("12")
    assert (await stored(reader)).stories == 12
    await reader.press("‹ Settings")
    (closed,) = await reader.press("Close")
    assert closed.buttons == {}


async def test_a_digest_comes_at_its_time_once(reader: Reader) -> None:
    await reader.say("/start")
    storage, subscriber = reader.running.news.storage, await stored(reader)
    await storage.subscribers.set_slots(subscriber.id, [Slot(reader.now().time())], reader.now())
    before = len(reader.world.sent)
    await reader.running.news.pipeline.compose_due()
    await reader.running.news.pipeline.compose_due()
    await reader.settle()
    assert len(reader.world.sent) == before + 1
