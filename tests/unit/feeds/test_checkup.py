from datetime import UTC, datetime, timedelta

import pytest

from digests.errors import ParseError
from digests.feeds.checkup import Checkup, check_up
from digests.model import Entry
from tests.fakes.feeds import entry, rss

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GERMAN = "Der Rat hat am Dienstag über die neue Brücke am Hafen gesprochen und nichts beschlossen."


def look(*entries: Entry, language: str = "", says: str = "") -> Checkup:
    body = rss(entries, title="Gazette")
    if says:
        body = body.replace(b"<channel>", b"<channel><language>%s</language>" % says.encode())
    return check_up(body, url="https://gazette.example/feed", content_type=None, language=language, now=NOW)


def test_a_feed_that_is_well() -> None:
    found = look(entry(1, NOW - timedelta(hours=3)), entry(2, NOW - timedelta(hours=1)), says="en-GB")
    assert (found.title, found.entries, found.newest) == ("Gazette", 2, NOW - timedelta(hours=1))
    assert (found.declared, found.detected, found.oddities) == ("en", "en", ())
    assert found.titles == ("The council votes on item 1", "The council votes on item 2")


def test_an_empty_feed_has_no_language_and_no_date() -> None:
    found = look()
    assert (found.entries, found.newest, found.declared, found.detected, found.oddities) == (0, None, "", "", ())


@pytest.mark.parametrize(
    ("found", "oddity"),
    [
        (look(entry(1, NOW), entry(2, NOW, url="")), "1 of 2 entries have no address and are left out"),
        (look(entry(1, NOW), entry(2, None)), "1 of 2 entries have no date"),
        (look(entry(1, NOW), entry(2, NOW + timedelta(hours=2))), "1 of 2 entries are dated in the future"),
        (
            look(entry(1, NOW), entry(2, NOW, url="https://gazette.example/1?utm_source=rss")),
            "1 of 2 entries repeat the address of another",
        ),
        (look(entry(1, NOW - timedelta(days=31))), "nothing new for 31 days"),
        (
            look(entry(1, NOW, title="Der Rat tagt", text=GERMAN), says="en"),
            "it is declared as en, and reads like de",
        ),
        (look(entry(1, NOW), language="fa", says="en"), "it is declared as fa, and reads like en"),
    ],
)
def test_what_is_odd_is_told(found: Checkup, oddity: str) -> None:
    assert found.oddities == (oddity,)


def test_what_is_no_feed_is_refused() -> None:
    with pytest.raises(ParseError):
        check_up(b"<html>", url="https://gazette.example/", content_type=None, language="", now=NOW)
