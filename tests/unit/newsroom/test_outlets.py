"""What the sample outlets print: enough, in several languages, of the same events, and awkward where it should be."""

import re
import tomllib
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.playground.newsroom.outlets import FOLDER, Outlet, Piece, read_outlets

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
TOPICS = Path(__file__).parents[3] / "digests/topics.toml"


@pytest.fixture(scope="module")
def outlets() -> list[Outlet]:
    return read_outlets()


@pytest.fixture(scope="module")
def pieces(outlets: list[Outlet]) -> list[tuple[Outlet, Piece]]:
    return [(outlet, piece) for outlet in outlets for piece in outlet.pieces]


def test_there_are_ten_outlets_in_five_languages_and_all_formats(outlets: list[Outlet]) -> None:
    assert len(outlets) >= 10
    languages = Counter(outlet.language for outlet in outlets)
    assert set(languages) == {"en", "fa", "de", "es", "ar"}
    assert languages["en"] >= 4
    assert languages["fa"] >= 3
    assert {outlet.format for outlet in outlets} == {"rss", "atom", "rdf", "json"}
    assert {outlet.full_text for outlet in outlets} == {True, False}


def test_there_are_eighty_articles_of_news_length(pieces: list[tuple[Outlet, Piece]]) -> None:
    assert len(pieces) >= 80
    for outlet, piece in pieces:
        words = sum(len(paragraph.split()) for paragraph in piece.paragraphs)
        assert 100 <= words <= 300, (outlet.slug, piece.id, words)
        assert len(piece.paragraphs) >= 5, (outlet.slug, piece.id)
        assert piece.title
        assert piece.teaser
        assert piece.author


def test_names_are_unique_and_fit_in_addresses(outlets: list[Outlet]) -> None:
    for outlet in outlets:
        names = [piece.id for piece in outlet.pieces]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z0-9-]+", name) and name != "feed" for name in [*names, outlet.slug])
        assert re.fullmatch("#[0-9a-f]{6}", outlet.colour)


def test_at_least_twelve_events_are_told_by_several_outlets(pieces: list[tuple[Outlet, Piece]]) -> None:
    told: defaultdict[str, set[str]] = defaultdict(set)
    spoken: defaultdict[str, set[str]] = defaultdict(set)
    for outlet, piece in pieces:
        if piece.event:
            told[piece.event].add(outlet.slug)
            spoken[piece.event].add(outlet.language)
    assert len([event for event, slugs in told.items() if len(slugs) >= 2]) >= 12
    assert len([event for event, languages in spoken.items() if len(languages) >= 3]) >= 4
    assert len(told["issa-talks"]) >= 5
    assert len([piece for _, piece in pieces if not piece.event]) >= 20


def test_no_two_articles_share_a_paragraph(pieces: list[tuple[Outlet, Piece]]) -> None:
    counts = Counter(paragraph for _, piece in pieces for paragraph in piece.paragraphs)
    assert [paragraph for paragraph, times in counts.items() if times > 1] == []


def test_topics_are_shipped_ones_and_all_the_main_ones_occur(pieces: list[tuple[Outlet, Piece]]) -> None:
    used = {topic for _, piece in pieces for topic in piece.topics}
    assert used <= set(tomllib.loads(TOPICS.read_text("utf-8")))
    assert {"world", "politics", "business", "technology", "science", "health", "climate"} <= used
    assert {"sports", "entertainment", "culture", "conflict"} <= used


def test_the_past_day_is_covered_and_news_keeps_coming(pieces: list[tuple[Outlet, Piece]]) -> None:
    hours = sorted(-piece.offset / timedelta(hours=1) for _, piece in pieces if not piece.live)
    assert hours[0] > 1
    assert hours[-1] < 24
    assert max(later - earlier for earlier, later in pairwise(hours)) < 3
    minutes = sorted(piece.offset / timedelta(minutes=1) for _, piece in pieces if piece.live)
    assert len(minutes) >= 10
    assert max(later - earlier for earlier, later in pairwise([0.0, *minutes])) <= 1.5


def test_some_input_is_awkward(pieces: list[tuple[Outlet, Piece]]) -> None:
    titles = [piece.title for _, piece in pieces]
    assert any("<3 & <b>" in title for title in titles)
    assert any(len(title) > 250 for title in titles)
    assert any("🐧" in title for title in titles)
    assert any(re.search("[\u0600-\u06ff].*[A-Za-z].*[\u0600-\u06ff]", title) for title in titles)


def test_persian_is_written_with_its_own_letters_digits_and_joiners(pieces: list[tuple[Outlet, Piece]]) -> None:
    for outlet, piece in pieces:
        text = " ".join([piece.title, piece.teaser, piece.author, *piece.paragraphs])
        if outlet.language == "fa":
            assert not re.search("[يكىة٠-٩]", text), piece.id
            assert not re.search(r"[0-9]", re.sub(r"1\.0|DV-3", "", text)), piece.id
            assert "\u200c" in text
            assert not re.search(r"\b(می|نمی) [آ-ی]", text), piece.id
            assert not re.search("[,;?]", text), piece.id
        assert not re.search("  | [.,;:!?،؛؟]", text), piece.id
        assert text.count("«") == text.count("»")


def test_pieces_become_visible_when_their_time_has_come(outlets: list[Outlet]) -> None:
    for outlet in outlets:
        dates = [piece.published(START) for piece in outlet.pieces]
        assert dates == sorted(dates, reverse=True)
        assert outlet.visible(START, START) == [piece for piece in outlet.pieces if not piece.live]
        for piece in outlet.pieces:
            moment = piece.published(START)
            assert piece in outlet.visible(START, moment)
            assert piece not in outlet.visible(START, moment - timedelta(seconds=1))


def test_a_format_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    text = (FOLDER / "calder-post.toml").read_text("utf-8").replace('format = "rss"', 'format = "usenet"')
    (tmp_path / "calder-post.toml").write_text(text, "utf-8")
    with pytest.raises(ValueError, match="usenet"):
        read_outlets(tmp_path)
