"""`baztab feeds add` and `check` over a site on loopback."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.cli.feeds import state_of
from digests.model import Feed
from digests.workers import InlineWorkers
from tests.fakes.feeds import entry, rss
from tests.fakes.loopback_site import LoopbackSite
from tests.fakes.terminal import Terminal, in_thread

NOW = datetime.now(UTC)
PAGE = b"""<html><head><title>Gazette</title>
<link rel="alternate" type="application/rss+xml" href="/comments/feed" title="Comments">
<link rel="alternate" type="application/rss+xml" href="/world.xml">
<link rel="alternate" type="application/rss+xml" href="/news.xml"></head></html>"""


@pytest.fixture(scope="module")
def site() -> Iterator[LoopbackSite]:
    with in_thread(LoopbackSite()) as running:
        running.serve("/", PAGE, headers={"Content-Type": "text/html"})
        running.serve("/news.xml", rss([entry(1, NOW - timedelta(hours=2))], title="Gazette News"))
        running.serve("/world.xml", rss([entry(2, NOW - timedelta(days=40)), entry(3, None)], title="Gazette World"))
        running.serve("/comments/feed", rss([entry(4, NOW)], title="Comments on Gazette"))
        running.serve("/empty", b"<html></html>", headers={"Content-Type": "text/html"})
        running.redirect("/old.xml", "/news.xml", 301)
        yield running


@pytest.fixture
def connected(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal with an empty database and an empty catalogue."""
    monkeypatch.setattr("bot.newsside.WorkerPool", InlineWorkers)
    (terminal.folder / "feeds.opml").write_text('<opml version="2.0"><head/><body/></opml>', encoding="utf-8")
    terminal.env.update(FEEDS="feeds.opml", ALLOW_HOSTS="127.0.0.0/8")
    return terminal


def urls(terminal: Terminal) -> list[str]:
    return [feed["url"] for feed in terminal.run("feeds", "list", "--json").json if feed["active"]]


def test_the_feeds_of_a_site_are_shown_and_one_is_chosen(connected: Terminal, site: LoopbackSite) -> None:
    added = connected.run("feeds", "add", site.url("/"), stdin=b"2\ny\n")
    assert added.status == 0, added.err
    lines = added.out.splitlines()
    assert lines[:2] == ["1. Gazette World", f"   {site.url('/world.xml')}"]
    assert lines[2:4] == ["2. Gazette News", f"   {site.url('/news.xml')}"]
    assert lines[4] == "3. Comments on Gazette"
    assert "Gazette News: 1 entry, en" in added.out
    assert "  · The council votes on item 1" in lines
    assert "Added: Gazette News." in added.out
    assert urls(connected) == [site.url("/news.xml")]


@pytest.mark.parametrize("answers", [b"0\n", b"9\n", b"1\nn\n"])
def test_nothing_is_added_that_was_not_wanted(connected: Terminal, site: LoopbackSite, answers: bytes) -> None:
    assert connected.run("feeds", "add", site.url("/"), stdin=answers).status == 1
    assert urls(connected) == []


def test_unasked_the_best_feed_is_added_and_its_oddities_are_told(connected: Terminal, site: LoopbackSite) -> None:
    added = connected.run("feeds", "add", site.url("/"), "--yes", "--source", "Mine")
    assert added.status == 0, added.err
    assert "  ! 1 of 2 entries have no date" in added.out.splitlines()
    assert "  ! nothing new for 40 days" in added.out.splitlines()
    assert urls(connected) == [site.url("/world.xml")]


def test_a_site_without_feeds_is_refused(connected: Terminal, site: LoopbackSite) -> None:
    refused = connected.run("feeds", "add", site.url("/empty"))
    assert refused.status == 1
    assert refused.line == "baztab: No feed was found at 127.0.0.1."


def test_check_tells_what_each_feed_holds_and_what_is_odd(connected: Terminal, site: LoopbackSite) -> None:
    for path, language in (("/news.xml", "fr"), ("/world.xml", "en")):
        assert (
            connected.run("feeds", "add", site.url(path), "--language", language, "--topic", "world", "--yes").status
            == 0
        )
    shown = connected.run("feeds", "check")
    assert shown.status == 0, shown.err
    assert (
        f"✓ Gazette News {site.url('/news.xml')}: 1 entry, newest {NOW - timedelta(hours=2):%Y-%m-%d %H:%M}, fr, world"
        in (shown.out)
    )
    assert "  ! it is declared as fr, and reads like en" in shown.out
    news = next(one for one in connected.run("feeds", "check", "--json").json if one["source"] == "Gazette News")
    assert (news["entries"], news["language"], news["detected"], news["problem"]) == (1, "fr", "en", None)


def test_a_feed_that_moved_is_added_where_it_is_now(connected: Terminal, site: LoopbackSite) -> None:
    assert connected.run("feeds", "add", site.url("/old.xml"), "--yes").status == 0
    assert urls(connected) == [site.url("/news.xml")]


def state(**fields: object) -> str:
    return state_of(Feed(**{"id": 1, "url": "https://g.example/f", "source": "G", "next_fetch_at": NOW, **fields}))


def test_states_in_a_few_words() -> None:
    day = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert state() == "new"
    assert state(last_success_at=day) == "read 2026-11-20 09:30"
    assert state(errors=3, last_error="no answer", failing_since=day) == "failing (3 since 2026-11-20): no answer"
    assert state(active=False) == "off"
    assert state(active=False, errors=1, last_error="g.example answers 410 Gone.") == "off: g.example answers 410 Gone."
