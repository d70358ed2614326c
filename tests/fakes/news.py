"""Stories and articles by hand, with as little said as possible."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from digests.model import Article, Quote, Story
from tests.fakes.clock import MORNING


def quote(text: str, rank: int = 1) -> Quote:
    return Quote(text, 0, len(text), rank)


def article(number: int, source: str = "Gazette", *, hours: float = 1.0, **fields: object) -> Article:
    """Published so many hours before MORNING, at an address of its source's own."""
    host = source.casefold().replace(" ", "-")
    values: dict[str, object] = {
        "id": number,
        "url": f"https://www.{host}.example/{number}",
        "source": source,
        "title": f"Something of note has happened, number {number}",
        "language": "en",
        "published": MORNING - timedelta(hours=hours),
        "place": 9,
        "quotes": (quote(f"It happened, says number {number}."),),
    }
    return Article(**{**values, **fields})


def story(
    number: int, *sources: str, topic: str = "", score: float = 0.0, hours: float = 1.0, **fields: object
) -> Story:
    """A story told by these sources; its articles are numbered from ten times its id."""
    title = fields.pop("title", None)
    own = {} if title is None else {"title": title}
    articles = tuple(
        article(10 * number + place, source, hours=hours, **own) for place, source in enumerate(sources or ("Gazette",))
    )
    values: dict[str, object] = {
        "id": number,
        "language": "en",
        "first_seen": articles[0].published,
        "last_seen": articles[-1].published,
        "topics": ((topic, 0.8),) if topic else (),
        "score": score,
        "articles": articles,
    }
    return Story(**{**values, **fields})


def ids(stories: Sequence[Story]) -> list[int]:
    return [one.id for one in stories]


def hours_before(hours: float) -> datetime:
    return MORNING - timedelta(hours=hours)
