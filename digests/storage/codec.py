"""Digests, items, quotes and topics as JSON text, and back without loss."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, Literal, cast

from digests.model import Digest, Item, Outlet, Quote, Retelling, Section, Wish

Topics = tuple[tuple[str, float], ...]


def dumps(value: object) -> str:
    """Compact JSON, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def encode_words(words: Iterable[str]) -> str:
    """A list of words."""
    return dumps(list(words))


def decode_words(text: str) -> tuple[str, ...]:
    """Read what encode_words wrote."""
    return tuple(json.loads(text))


def encode_wishes(wishes: Iterable[Wish]) -> str:
    """Wishes, in their order."""
    return dumps([[wish.kind, wish.value] for wish in wishes])


def decode_wishes(text: str) -> tuple[Wish, ...]:
    """Read what encode_wishes wrote."""
    return tuple(Wish(kind, value) for kind, value in json.loads(text))


def encode_topics(topics: Sequence[tuple[str, float]]) -> str:
    """Pairs of a name and a weight."""
    return dumps([list(pair) for pair in topics])


def decode_topics(text: str) -> Topics:
    """Read what encode_topics wrote."""
    return tuple((name, weight) for name, weight in json.loads(text))


def encode_quotes(quotes: Sequence[Quote]) -> str:
    """Quotes with their positions."""
    return dumps([_quote(quote) for quote in quotes])


def decode_quotes(text: str) -> tuple[Quote, ...]:
    """Read what encode_quotes wrote."""
    return tuple(Quote(*fields) for fields in json.loads(text))


def encode_item(item: Item) -> str:
    """A story as it stood in a digest."""
    return dumps(_item(item))


def decode_item(text: str) -> Item:
    """Read what encode_item wrote."""
    return _to_item(json.loads(text))


def encode_digest(digest: Digest) -> str:
    """A digest, whole."""
    return dumps(
        {
            "since": digest.since.isoformat(),
            "until": digest.until.isoformat(),
            "considered": digest.considered,
            "matched": digest.matched,
            "more": digest.more,
            "continued": digest.continued,
            "sections": [
                {
                    "wish": [section.wish.kind, section.wish.value] if section.wish else None,
                    "items": [_item(item) for item in section.items],
                }
                for section in digest.sections
            ],
        }
    )


def decode_digest(text: str) -> Digest:
    """Read what encode_digest wrote."""
    data = json.loads(text)
    return Digest(
        since=datetime.fromisoformat(data["since"]),
        until=datetime.fromisoformat(data["until"]),
        considered=data["considered"],
        matched=data.get("matched", data["considered"]),
        more=data.get("more", False),
        continued=data.get("continued", False),
        sections=tuple(_to_section(section) for section in data["sections"]),
    )


def body_hash(body: str) -> bytes:
    """16 bytes that are the same for the same encoded digest."""
    return blake2b(body.encode(), digest_size=16).digest()


def _quote(quote: Quote) -> list[object]:
    return [quote.text, quote.start, quote.end, quote.rank]


def _item(item: Item) -> dict[str, object]:
    return {
        "story": item.story_id,
        "article": item.article_id,
        "headline": item.headline,
        "url": item.url,
        "source": item.source,
        "published": item.published.isoformat(),
        "language": item.language,
        "quotes": [_quote(quote) for quote in item.quotes],
        "outlets": [_outlet(outlet) for outlet in item.outlets],
        "topics": list(item.topics),
        "image": item.image,
        "reasons": [list(reason) for reason in item.reasons],
        "retold": [[told.story_id, told.language, told.headline, _outlet(told.outlet)] for told in item.retold],
        "update": item.update,
    }


def _outlet(outlet: Outlet) -> list[object]:
    return [outlet.source, outlet.url, outlet.published.isoformat()]


def _to_outlet(fields: Sequence[str]) -> Outlet:
    name, url, at = fields
    return Outlet(name, url, datetime.fromisoformat(at))


def _to_item(data: dict[str, Any]) -> Item:
    return Item(
        story_id=data["story"],
        article_id=data["article"],
        headline=data["headline"],
        url=data["url"],
        source=data["source"],
        published=datetime.fromisoformat(data["published"]),
        language=data["language"],
        quotes=tuple(Quote(*fields) for fields in data["quotes"]),
        outlets=tuple(map(_to_outlet, data["outlets"])),
        topics=tuple(data["topics"]),
        image=data["image"],
        reasons=tuple((name, weight) for name, weight in data["reasons"]),
        retold=tuple(
            Retelling(story_id=number, language=language, headline=headline, outlet=_to_outlet(outlet))
            for number, language, headline, outlet in data.get("retold", ())
        ),
        update=data.get("update", False),
    )


def _to_section(data: dict[str, Any]) -> Section:
    wish = data["wish"] and Wish(cast("Literal['topic', 'words', 'feeds']", data["wish"][0]), data["wish"][1])
    return Section(wish or None, tuple(_to_item(item) for item in data["items"]))
