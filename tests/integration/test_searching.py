"""Searching and following in the chat: orders, pages, corrections, following what was searched, /latest narrowed."""

import pytest

from digests.model import Subscriber, Wish
from tests.fakes.reader import Reader


async def stored(reader: Reader) -> Subscriber:
    subscriber = await reader.running.news.storage.subscribers.get(reader.chat_id)
    assert subscriber is not None
    return subscriber


async def test_a_search_is_ordered_both_ways_in_place_and_keeps_its_order_over_pages_and_cards(reader: Reader) -> None:
    newest = await reader.ask("/search people")
    assert "newest first" in newest.text
    (best,) = await reader.press("Best first")
    assert best.message_id == newest.message_id
    assert "best first" in best.text
    (second,) = await reader.press("Older")
    assert second.text.startswith("🔎 people · best first\n\n8. ")
    await reader.press("8")
    (back,) = await reader.press("‹ Back")
    assert back.text == second.text
    await reader.press("Newer")
    (again,) = await reader.press("Newest first")
    assert again.text == newest.text


async def test_operators_in_the_chat(reader: Reader) -> None:
    everything = (await reader.ask("/search earthquake")).text
    assert "1. " in everything
    assert "Nothing found" in (await reader.ask("/search earthquake before:2w")).text
    assert (await reader.ask("/search earthquake since:30d lang:en")).text.count(" — ") == everything.count(" — ")
    assert "Nothing found" in (await reader.ask('/search earthquake source:"No Such Paper"')).text
    either = (await reader.ask("/search earthquake OR football")).text
    assert either.count(" — ") >= everything.count(" — ")
    assert "1. " in (await reader.ask("/search topic:sports")).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("-rain", "A minus leaves words out"),
        ("rain -rain", "rain is asked for and left out"),
        ("OR", "Give me at least one word"),
        ("source:", 'source:"Japan Times"'),
        ("since:yesterday", "since:7d"),
        ("topic:dragons", "There is no topic dragons"),
        ("x" * 600, "up to 500 characters"),
    ],
)
async def test_what_can_not_be_searched_is_told(reader: Reader, typed: str, told: str) -> None:
    assert told in (await reader.ask(f"/search {typed}")).text
    assert told in (await reader.ask(typed)).text


async def test_a_mistyped_search_is_put_right_at_a_tap(reader: Reader) -> None:
    missed = await reader.ask("/search erthquake")
    assert "Did you mean" in missed.text
    (found,) = await reader.press("🔎 earthquake")
    assert found.message_id == missed.message_id
    assert found.text.startswith("🔎 earthquake · newest first")
    assert "Did you mean" not in (await reader.ask("/search xyzzyqwert")).text


async def test_a_persian_search_is_put_right_too(reader: Reader) -> None:
    await reader.say("/language fa")
    await reader.say("/settings")
    await reader.press("📰")
    await reader.press("فارسی")
    missed = await reader.ask("/search مذکرات")
    assert "منظورتان" in missed.text
    (found,) = await reader.press("🔎 ")
    assert "مذاکرات" in found.text
    assert "تازه‌ترین‌ها اول" in found.text


async def test_a_search_is_followed_with_its_filters(reader: Reader) -> None:
    await reader.say('/search earthquake -football lang:en since:30d "rescue teams" OR survivors')
    (answer,) = await reader.press("Follow this search")
    assert "You now follow" in answer.text
    assert "of the latest" in answer.text
    (wish,) = (await stored(reader)).wishes
    assert wish == Wish("words", 'earthquake "rescue teams" OR survivors -football lang:en')
    await reader.press("Drop it")
    assert (await stored(reader)).wishes == ()


async def test_follow_says_what_it_would_have_brought(reader: Reader) -> None:
    some = await reader.ask("/follow earthquake")
    assert "of the latest" in some.text
    assert "• " in some.text
    nothing = await reader.ask("/follow xyzzyqwert")
    assert "0 of the latest" in nothing.text
    assert "It may be rare" in nothing.text
    assert "left out" in (await reader.ask("/follow rain -rain")).text


async def test_follow_alone_shows_what_is_followed_to_be_dropped(reader: Reader) -> None:
    assert "nothing in particular" in (await reader.ask("/follow")).text
    await reader.say("/follow science")
    await reader.say("/follow peace talks +Geneva")
    shown = await reader.ask("/unfollow")
    assert {"✖️ 🔬 Science", "✖️ 🔎 peace talks +Geneva"} <= set(shown.buttons)
    (left,) = await reader.press("✖️ 🔬 Science")
    assert left.message_id == shown.message_id
    assert (await stored(reader)).wishes == (Wish("words", "peace talks +Geneva"),)
    assert "✖️ 🔬 Science" not in left.buttons


async def test_mutes_say_what_they_would_have_hidden(reader: Reader) -> None:
    assert "would have hidden" in (await reader.ask("/mute earthquakes")).text
    listed = (await reader.ask("/mute")).text
    assert "Hidden of the latest stories" in listed
    assert "earthquakes: " in listed


async def test_latest_is_narrowed_by_words_and_by_buttons(reader: Reader) -> None:
    everything = await reader.ask("/latest")
    await reader.press("🏷 Topic")
    (sports,) = await reader.press("Sports")
    assert sports.message_id == everything.message_id
    assert "Latest news · ⚽" in sports.text
    assert sports.text == (await reader.ask("/latest sports")).text == (await reader.ask("/latest topic:ورزش")).text
    (choice,) = await reader.press("📰 Source")
    name = next(label for label in choice.buttons if not label.startswith(("‹", "›", "✅")))
    (of_source,) = await reader.press(name)
    assert f"⚽ Sports · {name}" in of_source.text.translate(dict.fromkeys([0x2068, 0x2069]))
    await reader.press("✅ 🏷 Topic")
    await reader.press("All")
    assert f"{name}" in (await reader.ask(f'/latest source:"{name}"')).text
    await reader.press("🌍 Language")
    (persian,) = await reader.press("Persian")
    assert "Persian" in persian.text


async def test_latest_of_no_topic_says_so(reader: Reader) -> None:
    assert "There is no topic dragons" in (await reader.ask("/latest topic:dragons")).text
    assert "Nothing about xyzzyqwert" in (await reader.ask("/latest xyzzyqwert")).text
