"""Link previews of the demo: what a page says of itself, or else how its article begins; else nothing."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.playground.previews import Previews
from digests.errors import ExtractionError, FetchError
from digests.feeds.extract import Page

URL = "http://127.0.0.1:9/post/bridge"


class Pages:
    def __init__(self, answer: Page | Exception) -> None:
        self.answer = answer

    async def read_page(self, url: str) -> Page:
        assert url == URL
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Fetcher:
    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def fetch(self, url: str, *, accept: str, limit: int) -> Any:
        assert (accept, limit) == ("image/*", 5_000_000)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def previews(*, page: Any = None, picture: Any = None) -> Previews:
    previews = Previews()
    previews.news = SimpleNamespace(pages=Pages(page), fetcher=Fetcher(picture))  # type: ignore[assignment]  # a stand-in
    return previews


async def test_a_preview_has_what_the_page_says_of_itself() -> None:
    page = Page(title="Bridge opens", text="The first trucks crossed. " * 20, description="Trucks cross", site="Post")
    assert await previews(page=page).page(URL) == {
        "url": URL,
        "title": "Bridge opens",
        "description": "Trucks cross",
        "image": None,
        "site_name": "Post",
    }


@pytest.mark.parametrize(
    "page",
    [
        Page(title="Bridge opens", text="The first trucks crossed at dawn.\n" * 20),
        Page(title="Bridge opens", text="Short.", description="The first trucks crossed at dawn. " * 20),
    ],
)
async def test_a_long_description_is_cut_at_a_word(page: Page) -> None:
    shown = await previews(page=page).page(URL)
    assert shown
    description = str(shown["description"])
    assert 150 < len(description) <= 200
    assert description.endswith("…")
    assert description[:-1].rsplit(" ", maxsplit=1)[-1] in {"The", "first", "trucks", "crossed", "at", "dawn."}
    assert "\n" not in description
    assert shown["site_name"] == "127.0.0.1"


@pytest.mark.parametrize("error", [FetchError("gone"), ExtractionError("no article")])
async def test_a_page_that_cannot_be_read_has_no_preview(error: Exception) -> None:
    assert await previews(page=error).page(URL) is None


async def test_pictures() -> None:
    found = SimpleNamespace(content_type="image/png", body=b"png")
    assert await previews(picture=found).picture(URL) == ("image/png", b"png")
    assert await previews(picture=FetchError("gone")).picture(URL) is None


async def test_before_the_news_side_is_there_nothing_is_shown() -> None:
    assert await Previews().page(URL) is None
    assert await Previews().picture(URL) is None
