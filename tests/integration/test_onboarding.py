"""From the first /start to a digest of one's own in four taps, in one message; skipped, resumed, and in a group."""

from datetime import time

from bot.handlers.onboarding import UNFINISHED
from bot.playground.api.state import SARA
from digests.model import EVERY_DAY, Slot, Subscriber, Wish
from tests.fakes.reader import Reader

INVISIBLE = dict.fromkeys(map(ord, "\u2068\u2069\u200e\u200f"))


async def stored(reader: Reader) -> Subscriber:
    subscriber = await reader.running.news.storage.subscribers.get(reader.chat_id)
    assert subscriber is not None
    return subscriber


async def test_four_taps_make_a_digest_of_ones_own(reader: Reader) -> None:
    welcome, digest = await reader.say("/start")
    assert "four taps" in welcome.text
    assert "✅" in digest.text
    (topics,) = await reader.press("✅ English")
    assert topics.message_id == welcome.message_id
    await reader.press("🔬 Science")
    await reader.press("Next ›")
    (zones,) = await reader.press("21:00")
    assert "for you now?" in zones.text
    done, own = await reader.press("Yes, that is my time")
    assert done.message_id == welcome.message_id
    assert "All set" in done.text
    assert "on its way" in done.text
    assert "Science" in own.text
    subscriber = await stored(reader)
    assert subscriber.wishes == (Wish("topic", "science"),)
    assert subscriber.slots == (Slot(time(21), EVERY_DAY),)
    assert subscriber.asking == ""
    assert "Here is what is new" in (await reader.say("/start"))[0].text


async def test_a_double_tap_at_the_end_brings_one_digest(reader: Reader) -> None:
    (welcome, _) = await reader.say("/start")
    await reader.press("✅ English")
    await reader.press("Technology")
    await reader.press_data("1z:zone", message_id=welcome.message_id)
    counts = []
    for _ in range(2):
        answers = await reader.press_data("1zz:Asia/Tehran", message_id=welcome.message_id)
        counts.append(sum(sent.method == "sendMessage" for sent in answers))
    assert counts == [1, 0]


async def test_each_step_can_be_skipped_and_all_of_it_put_off(reader: Reader) -> None:
    welcome, _ = await reader.say("/start")
    await reader.press("Not now")
    (again,) = await reader.press("✨ Set up in four taps")
    assert again.message_id == welcome.message_id
    await reader.press("✅ English")
    for _ in range(2):
        await reader.press("Skip ›")
    (done,) = await reader.press("Skip ›")
    assert "All set" in done.text
    assert (await stored(reader)).slots == (Slot(time(8), EVERY_DAY),)


async def test_the_language_of_the_interface_is_that_of_the_news_until_it_is_chosen(reader: Reader) -> None:
    await reader.say("/start")
    (topics,) = await reader.press("فارسی")
    assert "موضوع" in topics.text or "بخوانید" in topics.text
    subscriber = await stored(reader)
    assert (subscriber.language, subscriber.languages) == ("fa", ("fa",))
    await reader.press("رد کردن ›")
    (zones,) = await reader.press("رد کردن ›")
    assert any("تهران" in label for label in (*zones.buttons, zones.text))


async def test_a_newcomer_whose_first_start_broke_off_is_welcomed_as_one(reader: Reader) -> None:
    await reader.say("/time 08:00")
    subscribers = reader.running.news.storage.subscribers
    await subscribers.update((await stored(reader)).id, asking=UNFINISHED)
    welcome, digest = await reader.say("/start")
    assert "four taps" in welcome.text
    assert "✅ English" in welcome.buttons
    assert "✅" in digest.text
    assert (await stored(reader)).asking == UNFINISHED


async def test_a_deep_link_follows_its_topic(reader: Reader) -> None:
    _, digest = await reader.say("/start topic_climate")
    assert (await stored(reader)).wishes == (Wish("topic", "climate"),)
    assert "Climate" in digest.text or "climate" in digest.text


async def test_a_city_that_is_written_ends_setting_up(reader: Reader) -> None:
    await reader.say("/start")
    await reader.press("✅ English")
    await reader.press("🌱 Climate")
    await reader.press("Next ›")
    await reader.press("18:00")
    (asked,) = await reader.press("Another city")
    assert "location" in asked.text
    assert (await stored(reader)).asking == "setup-zone"
    unknown = await reader.ask("qwertyuiop")
    assert "I know no place" in unknown.text
    zone, done, digest = await reader.say("Mashhad")
    assert "Mashhad" in zone.text
    assert zone.message.get("reply_markup") is None
    assert "All set" in done.text
    assert "Climate" in digest.text
    assert (await stored(reader)).timezone == "Asia/Tehran"


async def test_a_question_for_a_city_is_left_by_anything_else(reader: Reader) -> None:
    await reader.say("/timezone")
    await reader.press("🔎 Another city")
    await reader.say("/latest")
    assert (await stored(reader)).asking == ""
    assert "earthquake" in (await reader.ask("earthquake")).text.casefold()
    assert "stays" in (await reader.ask("✖️ Leave it")).text  # its keyboard is still there
    await reader.say("/timezone")
    await reader.press("🔎 Another city")
    assert "stays" in (await reader.ask("✖️ Leave it")).text


async def test_a_shared_location_sets_the_zone(reader: Reader) -> None:
    await reader.say("/start")
    reader.world.send_location(48.1, 11.6, chat_id=SARA, user_id=SARA)
    await reader.settle()
    assert "Munich" in reader.world.sent[-1].text
    assert (await stored(reader)).timezone == "Europe/Berlin"


async def test_cities_that_share_a_name_are_offered_with_country_and_time(reader: Reader) -> None:
    await reader.say("/start")
    springfield = await reader.ask("/timezone Springfield")
    assert any(label.startswith("Springfield, MO, United States · ") for label in springfield.buttons)
    london = await reader.ask("/timezone London")
    assert (await stored(reader)).timezone == "Europe/London"
    assert any(label.startswith("London, Canada · ") for label in london.buttons)
    await reader.press("London, Canada")
    assert (await stored(reader)).timezone == "America/Toronto"
    guess = await reader.ask("/timezone Tehrann")
    assert "Did you mean" in guess.text
    await reader.say("/timezone London, Canada")
    assert (await stored(reader)).timezone == "America/Toronto"
    await reader.say("/timezone Iran")
    assert (await stored(reader)).timezone == "Asia/Tehran"
    assert "UTC−5" in (await reader.ask("/timezone UTC-5")).text
    await reader.say("/language fa")
    persian = await reader.ask("/timezone لندن")
    assert any("لندن، کانادا" in label.translate(INVISIBLE) for label in persian.buttons)
