"""Inline mode: stories to share, in the asker's languages, one exact story from a card, and whom it serves."""

from typing import Any

import pytest

from bot.callbacks import How, MoreFrom, OpenArticle, OpenStory, SaveStory, encode
from bot.handlers import inline
from bot.playground.api.chats import Json
from digests.model import FeedSpec, NewArticle
from tests.fakes.reader import Reader

STRANGER = 3003


async def ask(reader: Reader, text: str, *, offset: str = "", user_id: int | None = None) -> Json:
    """The answer to an inline query, as the server took it."""
    number = reader.world.ask_inline(text, offset=offset, user_id=user_id or reader.user_id)
    await reader.settle()
    answer = reader.world.queries[number].answer
    assert answer is not None
    return answer | {"query_id": number}


def titles(answer: Json) -> list[str]:
    return [result["title"] for result in answer["results"]]


async def test_without_words_it_offers_what_matters_now(reader: Reader) -> None:
    await reader.say("/start")
    answer = await ask(reader, "")
    assert len(answer["results"]) >= 5
    assert answer["button"] is None
    first = answer["results"][0]
    assert "·" in first["description"]
    assert "+" in first["description"]


async def test_words_are_searched_and_a_chosen_story_is_a_card_of_links(reader: Reader) -> None:
    await reader.say("/start")
    answer = await ask(reader, "earthquake")
    group = reader.world.add_group("Friends", "supergroup", bot_status="left")
    message = reader.world.choose(answer["query_id"], answer["results"][0]["id"], chat_id=group.id)
    assert answer["results"][0]["title"] in message["text"]
    assert message["link_preview_options"]["prefer_small_media"]
    assert {entity["type"] for entity in message["entities"]} >= {"bold", "text_link", "blockquote"}
    (row,) = message["reply_markup"]["inline_keyboard"]
    assert [set(button) for button in row] == [{"text", "url"}, {"text", "url"}]
    assert row[1]["url"].startswith("https://t.me/BaztabBot?start=story_")
    (card,) = await reader.say(f"/start {row[1]['url'].partition('start=')[2]}")
    assert answer["results"][0]["title"] in card.text


async def test_the_share_button_of_a_card_gives_exactly_that_story(reader: Reader) -> None:
    await reader.say("/start")
    (card,) = await reader.press("2")
    query = card.buttons["↗️ Share"]
    assert query.startswith("story:")
    answer = await ask(reader, query)
    assert len(answer["results"]) == 1
    assert titles(answer)[0] in card.text


async def test_without_inline_mode_the_address_is_shared(reader: Reader) -> None:
    object.__setattr__(reader.running.services, "inline_mode", lambda: False)
    await reader.say("/start")
    (card,) = await reader.press("1")
    assert card.buttons["↗️ Share"].startswith("https://t.me/share/url?url=http")


async def test_a_person_gets_what_is_in_their_languages(reader: Reader) -> None:
    reader.world.add_person(STRANGER, first_name="Omid", language_code="fa")
    persian = await ask(reader, "", user_id=STRANGER)
    assert persian["results"]
    assert not set(titles(persian)) & set(titles(await ask(reader, "")))
    omid = reader.elsewhere(chat_id=STRANGER, user_id=STRANGER)
    await omid.say("/start")
    await omid.say("/settings")
    await omid.press("📰")
    await omid.press("انگلیسی")
    assert set(titles(await ask(reader, "", user_id=STRANGER))) & set(titles(await ask(reader, "")))


async def test_who_gets_no_digests_is_offered_them(reader: Reader) -> None:
    reader.world.add_person(STRANGER, first_name="Omid", started=False)
    answer = await ask(reader, "", user_id=STRANGER)
    assert answer["results"]
    assert answer["button"]["start_parameter"] == "inline"
    assert await reader.running.news.storage.subscribers.get(STRANGER) is None


async def test_nothing_found_leads_to_the_private_chat(reader: Reader) -> None:
    await reader.say("/start")
    answer = await ask(reader, "xyzzyplugh")
    assert (answer["results"], answer["button"]["start_parameter"]) == ([], "search")
    assert '"peace talks"' in (await reader.ask("/start search")).text


@pytest.mark.parametrize("words", ["", "the OR a OR of OR in OR to"])
async def test_pages_follow_each_other_without_repeating(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setattr(inline, "PAGE", 4)
    await reader.say("/start")
    seen: list[str] = []
    offset = ""
    while True:
        answer = await ask(reader, words, offset=offset)
        seen += [result["id"] for result in answer["results"]]
        offset = answer["next_offset"]
        if not offset:
            break
    assert len(seen) == len(set(seen))
    assert len(seen) > 12


@pytest.mark.parametrize(
    "text",
    [
        '"', "-", "- - -", "OR", "source:", "lang:zz since:9999999d", "story:", "story:0", "story:9999999999999999999",
        "story:1", "article:1", "(" * 256, "\u202e\u0000\ud7ff<b>&amp;", "🙂" * 128, "a " * 128, "x" * 256,
    ],
)  # fmt: skip
async def test_hostile_words_get_an_answer(reader: Reader, text: str) -> None:
    answer = await ask(reader, text)
    assert isinstance(answer["results"], list)


@pytest.mark.parametrize("offset", ["-1", "0", "abc", "99999999999999", "٣", " 1"])
async def test_odd_offsets_are_the_first_page(reader: Reader, offset: str) -> None:
    assert titles(await ask(reader, "", offset=offset)) == titles(await ask(reader, ""))


@pytest.mark.parametrize("access", ["invite", "admins"])
async def test_a_private_bot_serves_its_own_people_only(reader: Reader, access: str) -> None:
    await reader.say("/start")
    services: Any = reader.running.services
    object.__setattr__(services, "access", access)
    reader.world.add_person(STRANGER, first_name="Omid")
    answer = await ask(reader, "", user_id=STRANGER)
    assert answer["results"] == []
    assert "private" in answer["button"]["text"]
    assert (await ask(reader, ""))["results"]


async def test_an_answer_that_comes_too_late_is_no_error(reader: Reader) -> None:
    number = reader.world.ask_inline("earthquake")
    del reader.world.queries[number]
    await reader.settle()
    reader.forgive("query is too old")


async def test_a_story_shared_into_the_private_chat_is_not_searched_for(reader: Reader) -> None:
    await reader.say("/start")
    answer = await ask(reader, "")
    before = len(reader.world.sent)
    reader.world.choose(answer["query_id"], answer["results"][0]["id"])
    await reader.settle()
    assert len(reader.world.sent) == before


async def test_nothing_of_a_personal_feed_leaves_its_chat(reader: Reader) -> None:
    await reader.say("/start")
    storage = reader.running.news.storage
    feed = await storage.feeds.add(FeedSpec(url="http://127.0.0.1:1/diary", source="Diary"), now=reader.now())
    title, url = "Wunderkammer opens at dusk", "https://diary.example/1"
    (number,) = await storage.articles.add(
        [
            NewArticle(
                url=url, link=url, guid=url, feed_id=feed.id, scope=feed.id, title=title, text=title, language="en",
                published=reader.now(), fetched_at=reader.now(), terms="wunderkammer open dusk",
            )
        ]
    )  # fmt: skip
    assert number is not None
    answer = await reader.ask("/latest")
    for filed in (False, True):
        if filed:
            await storage.stories.file({number: number})
            assert await storage.stories.get(number) is not None
        for query in ("wunderkammer", f"story:{number}", f"article:{number}", ""):
            assert title not in titles(await ask(reader, query))
        for link in (f"story_{number}", f"article_{number}"):
            assert title not in (await reader.ask(f"/start {link}")).text
        for callback in (OpenArticle(number), OpenStory(number), How(number), MoreFrom(number)):
            sent = await reader.press_data(encode(callback), message_id=answer.message_id)
            assert not any(title in one.text for one in sent)
        await reader.press_data(encode(SaveStory(number, 1)), message_id=answer.message_id)
        assert title not in (await reader.ask("/saved")).text
