"""The shipped feeds: enough of them, in all our languages, with topics that exist, and each with its provenance."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.catalog import CatalogFeed, read_catalog

ROOT = Path(__file__).parents[3]
AT_LEAST = {
    "en": 45, "fa": 8, "ar": 8, "ru": 8, "de": 10, "fr": 10, "es": 8, "tr": 5, "uk": 5,
    "hi": 5, "zh": 5, "ja": 5, "pt": 3, "it": 3, "id": 3, "ur": 3, "ps": 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> list[CatalogFeed]:
    feeds = read_catalog()
    assert isinstance(feeds, list)
    return feeds


def test_there_are_enough_in_every_language(shipped: list[CatalogFeed]) -> None:
    counts = Counter(feed.language for feed in shipped)
    assert counts.keys() == AT_LEAST.keys()
    assert {language: counts[language] for language, least in AT_LEAST.items() if counts[language] < least} == {}
    assert len(shipped) >= 120


def test_topics_are_shipped_ones(shipped: list[CatalogFeed]) -> None:
    known = set(tomllib.loads((ROOT / "digests/topics.toml").read_text("utf-8")))
    used = {topic for feed in shipped for topic in feed.topics}
    assert used - known == set()
    assert {"world", "politics", "business", "technology", "science", "health", "climate", "sports"} <= used


def test_addresses_are_plain_and_distinct(shipped: list[CatalogFeed]) -> None:
    for feed in shipped:
        parts = urlsplit(feed.url)
        assert feed.url.isascii()
        assert not parts.fragment
        assert "@" not in parts.netloc
        assert "feedburner" not in parts.netloc
    bare = [re.sub(r"^https?://(www\.)?|/$", "", feed.url) for feed in shipped]
    assert [address for address, times in Counter(bare).items() if times > 1] == []


def test_no_interval_is_forced_on_publishers(shipped: list[CatalogFeed]) -> None:
    assert all(feed.interval is None for feed in shipped)


def test_one_publisher_has_one_name_per_language(shipped: list[CatalogFeed]) -> None:
    folded = {feed.source.casefold(): feed.source for feed in shipped}
    assert all(folded[feed.source.casefold()] == feed.source for feed in shipped)


def test_every_address_has_its_provenance(shipped: list[CatalogFeed]) -> None:
    table = (ROOT / "docs/feeds.md").read_text("utf-8")
    rows = dict(re.findall(r"\| `([^`]+)` \| ([^|\n]+) \|", table))
    assert rows.keys() == {feed.url for feed in shipped}
    assert all(where.strip() for where in rows.values())
