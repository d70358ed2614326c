"""Whatever comes: the parser raises nothing but FeedError, and what it gives is clean."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.feeds.encoding import decode_body, mend_twice_encoded
from digests.feeds.parse import parse_feed
from digests.model import ParsedFeed
from tests.fuzz import parse as command
from tests.fuzz.feeds import PARTS, SEEDS, check, documents, mutated


@settings(max_examples=150)
@given(st.binary(max_size=300))
def test_arbitrary_bytes(body: bytes) -> None:
    check(body)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PARTS), max_size=40))
def test_pieces_of_feeds_in_any_order(parts: list[bytes]) -> None:
    check(b"<rss>" + b"".join(parts))


@settings(max_examples=150)
@given(st.sampled_from(SEEDS), st.sampled_from(SEEDS), st.integers(0, 2**32))
def test_feeds_with_bytes_changed_cut_and_doubled(seed: bytes, other: bytes, number: int) -> None:
    check(mutated(seed, other, random.Random(number)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_documents_with_the_elements_of_all_formats(body: bytes) -> None:
    check(body)


@given(
    st.binary(max_size=200), st.sampled_from([None, "text/xml; charset=x", "text/html; charset=utf-16", "charset=hex"])
)
def test_any_bytes_decode(body: bytes, content_type: str | None) -> None:
    decode_body(body, content_type=content_type).encode("utf-8", "surrogatepass")


@given(st.text(max_size=100))
def test_text_encoded_twice_comes_back_and_other_text_stays(text: str) -> None:
    once = mend_twice_encoded(text)
    assert isinstance(once, str)
    if text.isascii():
        assert once == text


# ── make fuzz ────────────────────────────────────────────────────────────────────────────────────────────────────────


def fragile(body: bytes, *, url: str) -> ParsedFeed:
    """A parser with a fault."""
    if b"<entry" in body:
        raise KeyError("entry")
    return parse_feed(body, url=url)


def hanging(body: bytes, *, url: str) -> ParsedFeed:
    """A parser that does not come to an end, which the alarm would tell."""
    raise command.HangError


def test_what_breaks_the_parser_is_kept_once_for_each_place(tmp_path: Path) -> None:
    campaign = command.Campaign(tmp_path / "crashes", runs=400, parse=fragile)
    command.fuzz(campaign, seed=1)
    ((place, path),) = campaign.crashes.items()
    assert place.startswith("KeyError at test_parse_fuzz.py:")
    with pytest.raises(KeyError):
        fragile(path.read_bytes(), url="")
    assert "KeyError" in path.with_suffix(".txt").read_text(encoding="utf-8")
    assert campaign.done == 400
    assert campaign.parsed


def test_a_parser_that_does_not_end_is_a_crash(tmp_path: Path) -> None:
    campaign = command.Campaign(tmp_path, runs=2, parse=hanging)
    assert campaign.run(SEEDS[0]).startswith("HangError at ")
    assert len(campaign.crashes) == 1


def test_the_command_tells_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--runs", "40", "--seed", "7", "--crashes", str(tmp_path / "crashes")]) == 0
    assert capsys.readouterr().out.startswith("seed 7: 40 documents, ")
    assert not (tmp_path / "crashes").exists()


def test_the_command_fails_where_something_broke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "fuzz", lambda campaign, _: campaign.run(SEEDS[0]))
    monkeypatch.setattr(command, "check", hanging_check)
    assert command.main(["--crashes", str(tmp_path)]) == 1


def hanging_check(*_: object) -> None:
    raise command.HangError
