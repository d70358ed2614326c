"""The kind of page that Baztab starts from (headline, date and source, text, original link, more from the source,
latest news), made into an article, comes out as a story's card with all its parts.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digests.duplicates import bands
from digests.model import FeedSpec, NewArticle
from digests.ports import Storage
from digests.summarize import quotes
from digests.text.sentences import split
from digests.text.terms import terms
from tests.fakes.reader import Reader

SEED = Path(__file__).parents[3] / "shared" / "seed-article-page.txt"
SOURCE = "Japan Times"
PUBLISHED = datetime(2019, 6, 29, 9, tzinfo=UTC)
HEADLINE = "A seventh round of U.S.-Taliban talks is about to begin"
TEXT = """Envoys of Washington and the Taliban meet in Doha this Saturday to seek an end to eighteen years of war.

Zalmay Khalilzad has led the American side through six rounds since October, all of them in Qatar's capital.

A schedule for bringing foreign troops home is on the table, against a promise that no attack will start from there.

Some 20,000 foreign soldiers are in the country, and most of them are American.

Afghans vote for a president on Sept. 28, which is why both sides are in a hurry.

President Ashraf Ghani, who has no seat at the table, refuses the interim government that the Taliban want."""


async def store(
    storage: Storage, headline: str, text: str, url: str, hour: int = 0, published: datetime = PUBLISHED
) -> int:
    """Store an article of the source and return its id."""
    now = datetime.now(UTC)
    feed = await storage.feeds.add(FeedSpec(url="http://127.0.0.1:1/jt", source=SOURCE, language="en"), now=now)
    analysed = terms(f"{headline}\n{text}", "en")
    (article,) = await storage.articles.add(
        [
            NewArticle(
                url=url,
                link=url,
                guid=url,
                feed_id=feed.id,
                title=headline,
                text=text,
                language="en",
                published=published + timedelta(hours=hour),
                fetched_at=now,
                topics=(("world", 1.0),),
                quotes=quotes(text, title=headline, language="en", sentences=5),
                terms=" ".join(analysed),
                bands=bands(analysed),
            )
        ]
    )
    assert article is not None
    return article


def check_parts(card: str, headline: str, text: str) -> None:
    """All parts of the page are on the card: headline, date, source, sentences of the text, more of it, latest."""
    assert headline in card
    assert "29 Jun 2019" in card
    assert SOURCE in card
    sentences = [sentence.removeprefix("KABUL - ") for sentence in split(text, "en")]  # a dateline is no news
    assert sum(sentence in card for sentence in sentences) >= 3
    assert f"More from {SOURCE}" in card
    assert "Latest news" in card


async def open_card(reader: Reader, words: str) -> tuple[str, dict[str, str]]:
    await reader.running.news.filing.run()
    await reader.ask(f"/search {words}")
    (card,) = await reader.press("1")
    return card.text, card.buttons


async def test_a_page_comes_out_as_a_card_with_all_its_parts(reader: Reader) -> None:
    storage, url = reader.running.news.storage, "https://www.japantimes.co.jp/news/talks"
    await store(storage, "Tokyo opens a bridge for bicycles", "It is red and has no stairs.", f"{url}/bridge", hour=1)
    await store(storage, HEADLINE, TEXT, url)
    text, buttons = await open_card(reader, "Khalilzad")
    check_parts(text, HEADLINE, TEXT)
    assert "Tokyo opens a bridge" in text
    assert buttons["📄 Open original"] == url
    assert {f"🗂 More from {SOURCE}", "🗞 Latest news", "🔖 Save", "🎚 More, less, mute…"} <= buttons.keys()


@pytest.mark.skipif(not SEED.exists(), reason="the page itself is not part of the project")
async def test_the_page_itself(reader: Reader) -> None:
    _, headline, dateline, *rest = [block for block in SEED.read_text(encoding="utf-8").split("\n\n") if block.strip()]
    assert dateline.strip() == f"29 Jun 2019 {SOURCE}"
    text = "\n\n".join(rest[: rest.index("Original Link:")])
    storage, url = reader.running.news.storage, "https://www.japantimes.co.jp/news/original"
    await store(storage, "Tokyo opens a bridge for bicycles", "It is red and has no stairs.", f"{url}/bridge", hour=1)
    await store(storage, headline.strip(), text, url)
    card, buttons = await open_card(reader, "Khalilzad")
    check_parts(card, headline.strip(), text)
    assert buttons["📄 Open original"] == url


async def test_the_source_and_a_word_are_muted_from_the_card_and_heard_again(reader: Reader) -> None:
    storage, url = reader.running.news.storage, "https://www.japantimes.co.jp/news/talks"
    await store(storage, HEADLINE, TEXT, url)
    await open_card(reader, "Khalilzad")
    (choices,) = await reader.press("mute…")
    assert {f"🔇 {SOURCE}", "Taliban", "‹ Back to the story"} <= choices.buttons.keys()
    await reader.press("Taliban")
    (ticked,) = await reader.press(f"🔇 {SOURCE}")
    assert {f"✅ 🔇 {SOURCE}", "✅ Taliban"} <= ticked.buttons.keys()
    sara = await storage.subscribers.get(reader.chat_id)
    assert sara is not None
    assert (sara.mutes, sara.muted_sources) == (("Taliban",), (SOURCE,))
    await reader.press("✅ Taliban")
    await reader.press(f"✅ 🔇 {SOURCE}")
    sara = await storage.subscribers.get(reader.chat_id)
    assert sara is not None
    assert (sara.mutes, sara.muted_sources) == ((), ())
    (card,) = await reader.press("Back to the story")
    assert card.text.startswith(HEADLINE)


async def test_related_stories_open_their_cards_in_place(reader: Reader) -> None:
    storage, url, now = reader.running.news.storage, "https://www.japantimes.co.jp/news/", datetime.now(UTC)
    first, later = "Walrus herd blocks the ferry of Spitsbergen", "Spitsbergen museum shows a stuffed walrus"
    for place, headline in enumerate((first, later)):
        number = await store(storage, headline, f"It is number {place}.", f"{url}{place}", published=now)
        await storage.stories.file({number: number})
    text, buttons = await open_card(reader, "ferry walrus")
    assert f"Related\n🧵 1. {later}" in text
    assert "🧵 1" in buttons
    (card,) = await reader.press("🧵 1")
    assert card.text.startswith(later)
    assert "‹ Back" in card.buttons
