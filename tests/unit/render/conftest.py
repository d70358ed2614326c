"""Stories, readers and judges for the tests of how things read."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from telegram import InlineKeyboardMarkup

from bot.callbacks import decode
from bot.formats import Formats
from bot.i18n import translator
from bot.markup import units
from bot.playground.api.html import parse_html
from bot.playground.api.text import format_text
from bot.render import Message, View
from digests.model import Article, Item, Outlet, Quote, Slot, Subscriber, Wish

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def quotes_of(*texts: str) -> tuple[Quote, ...]:
    """Sentences that follow each other, the first one the best."""
    places = [sum(len(text) + 1 for text in texts[:index]) for index in range(len(texts))]
    return tuple(
        Quote(text, place, place + len(text), rank)
        for rank, (text, place) in enumerate(zip(texts, places, strict=True), 1)
    )


class Newsroom:
    """Makes stories and articles that differ where it matters."""

    def item(
        self,
        number: int = 1,
        headline: str = "Harbour city closes its flood gates",
        *,
        source: str = "Coast Daily",
        others: Sequence[str] = (),
        sentences: Sequence[str] = ("The gates closed on Monday.", "The tide was high.", "Nobody was hurt."),
        language: str = "en",
        url: str = "https://coast.example/gates",
        reasons: tuple[tuple[str, float], ...] = (),
    ) -> Item:
        published = NOW - timedelta(hours=2)
        outlets = [
            Outlet(name, f"https://{place}.example/", published + timedelta(minutes=place))
            for place, name in enumerate(others, 1)
        ]
        return Item(
            story_id=number,
            article_id=number + 100,
            headline=headline,
            url=url,
            source=source,
            published=published,
            language=language,
            quotes=quotes_of(*sentences),
            outlets=(Outlet(source, url, published), *outlets),
            topics=("world",),
            reasons=reasons,
        )

    def article(self, number: int = 1, title: str = "Grid for five islands agreed", **more: object) -> Article:
        known: dict[str, object] = {
            "id": number + 100,
            "url": f"https://lantern.example/{number}",
            "source": "The Lantern",
            "title": title,
            "language": "en",
            "published": NOW - timedelta(hours=number),
            "quotes": quotes_of("Ministers signed the plan early on Tuesday.", "Cables will be laid by 2031."),
            "story_id": number,
        }
        return Article(**{**known, **more})  # type: ignore[arg-type]  # fields by name

    def subscriber(self, **more: object) -> Subscriber:
        known: dict[str, object] = {
            "id": 1,
            "chat_id": 1001,
            "timezone": "Europe/Berlin",
            "wishes": (Wish("topic", "science"), Wish("words", "peace talks")),
            "mutes": ("horoscope",),
            "muted_sources": ("Ledger",),
            "slots": (Slot(time(8)), Slot(time(18))),
            "created_at": NOW,
        }
        return Subscriber(**{**known, **more})  # type: ignore[arg-type]  # fields by name


@pytest.fixture(scope="session")
def newsroom() -> Newsroom:
    return Newsroom()


def view_in(language: str, *, live_times: bool = False) -> View:
    zone = "Asia/Tehran" if language == "fa" else "Europe/Berlin"
    return View(translator(language), Formats(language, ZoneInfo(zone)), NOW, live_times=live_times)


@pytest.fixture(scope="session")
def english() -> View:
    return view_in("en")


@pytest.fixture(scope="session")
def persian() -> View:
    return view_in("fa")


@pytest.fixture(scope="session", params=["en", "fa"])
def view(request: pytest.FixtureRequest) -> View:
    return view_in(request.param)


def judge_keyboard(keyboard: InlineKeyboardMarkup) -> None:
    """What Telegram asks of buttons, and that ours can be read back."""
    assert sum(map(len, keyboard.inline_keyboard)) <= 100
    for row in keyboard.inline_keyboard:
        assert 1 <= len(row) <= 8
        for button in row:
            assert button.text.strip()
            assert "{" not in button.text
            carried = button.switch_inline_query or str(button.url or "").startswith("https://")
            assert carried or decode(button.callback_data) is not None


def judge(message: Message) -> str:
    """What Telegram asks of a message; returns the text as readers get it."""
    text, entities = format_text(message.html, "HTML")
    assert parse_html(message.html)[0] == message.plain
    assert text
    assert units(message.plain) <= 4096
    assert len(message.html.encode()) <= 32_768
    assert len(entities) <= 100
    if message.keyboard is not None:
        judge_keyboard(message.keyboard)
    return text


@pytest.fixture(scope="session")
def accepted() -> Callable[[Message], str]:
    return judge
