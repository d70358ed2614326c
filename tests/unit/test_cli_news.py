"""The terminal over the sample newsroom: ingest, digest, latest, search, summarize, check, feeds."""

import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.api import BotApiServer, Fault, World
from bot.playground.demo import TOKEN
from bot.playground.newsroom import Newsroom
from config.catalog import CatalogFeed
from digests.workers import InlineWorkers
from tests.fakes.terminal import Terminal, feeds_toml, in_thread

TEXT = (
    "The harbour of Veldmark reopened on Tuesday after nine weeks of dredging. "
    "Dredgers removed 40,000 tonnes of mud from the northern channel. "
    "Captains had waited in the bay since April. "
    "The port authority expects the first container ship on Friday morning."
)


@pytest.fixture
def stored(terminal: Terminal, sample_news: tuple[Path, list[CatalogFeed]]) -> Terminal:
    """A terminal where the sample news is stored; its servers are gone."""
    shutil.copy(sample_news[0], terminal.folder / "baztab.sqlite3")
    (terminal.folder / "feeds.toml").write_text(feeds_toml(sample_news[1]), encoding="utf-8")
    terminal.env.update(FEEDS="feeds.toml", ALLOW_HOSTS="127.0.0.0/8")
    return terminal


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    """The sample newsroom, on loopback."""
    with in_thread(Newsroom()) as running:
        yield running


@pytest.fixture
def connected(terminal: Terminal, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal with an empty database, whose feeds are the newsroom's."""
    monkeypatch.setattr("bot.newsside.WorkerPool", InlineWorkers)
    (terminal.folder / "feeds.toml").write_text(feeds_toml(newsroom.catalog()), encoding="utf-8")
    terminal.env.update(FEEDS="feeds.toml", ALLOW_HOSTS="127.0.0.0/8")
    return terminal


def test_ingest_counts_what_it_read(connected: Terminal, newsroom: Newsroom) -> None:
    count = len(newsroom.catalog())
    first = connected.run("ingest")
    assert first.status == 0, first.err
    assert first.out.startswith(f"{count} feeds due: {count} read (0 unchanged), 0 failed.")
    assert " 0 new articles" not in first.out
    again = connected.run("ingest")
    assert again.status == 0
    assert again.out.startswith("0 feeds due")


def test_ingest_fails_where_no_feed_can_be_read(stored: Terminal) -> None:
    (stored.folder / "feeds.toml").write_text('[[feed]]\nurl = "http://127.0.0.1:9/gone"\nsource = "Gone"\n')
    outcome = stored.run("ingest")
    assert outcome.status == 1
    assert "1 feed due: 0 read (0 unchanged), 1 failed." in outcome.out
    assert outcome.err.startswith("http://127.0.0.1:9/gone: ")


def test_a_digest_quotes_its_stories(stored: Terminal) -> None:
    found = stored.run("digest", "--topic", "science", "--stories", "3", "--json").json
    items = [item for section in found["sections"] for item in section["items"]]
    assert 1 <= len(items) <= 3
    for item in items:
        assert item["headline"]
        assert item["url"].startswith("http")
        reasons = item["reasons"]
        factors = [reasons[name] for name in ("publishers", "weight", "freshness", "place", "newsworthiness")]
        assert math.prod(factors) == pytest.approx(reasons["importance"], rel=0.05)
        assert reasons["topic:science"] > 0
        assert set(item["topic_words"]) <= set(item["topics"])
        assert all(outlet["published"] for outlet in item["outlets"])
        assert all(quote["start"] < quote["end"] for quote in item["quotes"])
    assert any(item["quotes"] for item in items)
    assert any(item["topic_words"].get("science") for item in items)


def test_a_digest_for_people(stored: Terminal) -> None:
    shown = stored.run("digest", "-n", "2")
    assert shown.status == 0
    assert "\n 1. " in shown.out
    assert " 3. " not in shown.out
    assert "“" in shown.out


def test_a_digest_of_nothing_says_what_to_do(terminal: Terminal) -> None:
    shown = terminal.run("digest")
    assert shown.status == 0
    assert "baztab ingest" in shown.out


def test_latest_is_newest_first_and_in_one_language(stored: Terminal) -> None:
    found = stored.run("latest", "--language", "fa", "--json").json
    assert found
    assert {article["language"] for article in found} == {"fa"}
    published = [article["published"] for article in found]
    assert published == sorted(published, reverse=True)


def test_latest_of_a_topic_in_any_language(stored: Terminal) -> None:
    assert stored.run("latest", "--topic", "sports", "--json").json
    assert "Nothing found." in stored.run("latest", "--topic", "zzyzx quux").out


def test_search_finds_words_and_leaves_others_out(stored: Terminal) -> None:
    found = stored.run("search", "earthquake", "--json").json
    assert found
    word = max((word for word in found[0]["title"].split() if "quake" not in word), key=len)
    without = stored.run("search", "earthquake", f"-{word}", "--json").json
    assert found[0]["url"] not in {article["url"] for article in without}


def test_a_search_that_finds_nothing(stored: Terminal) -> None:
    outcome = stored.run("search", '" OR 1=1 --')
    assert outcome.status == 0
    assert outcome.out == "Nothing found.\n"


def test_summarize_a_file(terminal: Terminal) -> None:
    (terminal.folder / "harbour.txt").write_text(TEXT, encoding="utf-8")
    found = terminal.run("summarize", "harbour.txt", "--title", "Harbour reopens", "-n", "2", "--json").json
    assert found["title"] == "Harbour reopens"
    assert found["language"] == "en"
    assert 1 <= len(found["sentences"]) <= 2
    for quote in found["sentences"]:
        assert TEXT[quote["start"] : quote["end"]] == quote["text"]


def test_summarize_standard_input(terminal: Terminal) -> None:
    outcome = terminal.run("summarize", "-", "--sentences", "1", "--language", "en", stdin=TEXT.encode())
    assert outcome.status == 0
    (line,) = outcome.out.splitlines()
    assert line.strip().startswith("0–")


def test_summarize_a_page(connected: Terminal, newsroom: Newsroom) -> None:
    outlet = next(outlet for outlet in newsroom.outlets.values() if outlet.language == "fa")
    piece = newsroom.visible(outlet)[0]
    found = connected.run("summarize", newsroom.url + outlet.path(piece), "--json").json
    assert found["language"] == "fa"
    assert joined(piece.title) in joined(found["title"])
    assert found["sentences"]


@pytest.mark.parametrize(
    ("source", "stdin", "says"),
    [
        ("nowhere.txt", b"", "nowhere.txt can't be read: No such file"),
        (".", b"", "can't be read: Is a directory"),
        ("-", b"caf\xe9 au lait", "standard input can't be read: it is not UTF-8 text"),
        ("-", b" \n", "no sentence"),
        ("http://127.0.0.1:9/article", b"", "127.0.0.1"),
        ("http://192.168.0.1/article", b"", "192.168.0.1"),
    ],
)
def test_what_can_not_be_summarized(terminal: Terminal, source: str, stdin: bytes, says: str) -> None:
    outcome = terminal.run("summarize", source, stdin=stdin)
    assert outcome.status == 1
    assert says in outcome.line


def test_feeds_are_listed_one_a_line_in_a_pipe(stored: Terminal, sample_news: tuple[Path, list[CatalogFeed]]) -> None:
    shown = stored.run("feeds", "list")
    head, *rows = [line.split("\t") for line in shown.out.splitlines()]
    assert head == ["source", "language", "topics", "state", "URL"]
    assert {row[-1] for row in rows} == {feed.url for feed in sample_news[1]}
    assert shown.err == f"{len(rows)} active of {len(rows)}\n"
    assert len(stored.run("feeds", "list", "--json").json) == len(rows)


def test_a_feed_is_found_on_its_site_and_added_when_confirmed(connected: Terminal, newsroom: Newsroom) -> None:
    connected.env["FEEDS"] = "one.toml"
    feeds = newsroom.catalog()
    (connected.folder / "one.toml").write_text(feeds_toml(feeds[:1]), encoding="utf-8")
    url = feeds[-1].url
    declined = connected.run("feeds", "add", url, stdin=b"n\n")
    assert declined.status == 1
    unasked = connected.run("feeds", "add", url)
    assert unasked.status == 1
    assert "nothing was changed" in unasked.err
    added = connected.run("feeds", "add", url, "--source", "Mine", "--topic", "world", stdin=b"y\n")
    assert added.status == 0
    assert "Added: Mine." in added.out
    known = {feed["url"]: feed for feed in connected.run("feeds", "list", "--json").json}
    assert known[url]["source"] == "Mine"
    assert known[url]["active"]


def test_what_is_no_feed_is_not_added(connected: Terminal, newsroom: Newsroom) -> None:
    outcome = connected.run("feeds", "add", f"{newsroom.url}/no-such-page", "--yes")
    assert outcome.status == 1
    assert "404" in outcome.line


def test_a_feed_is_removed_and_stays_so(stored: Terminal) -> None:
    url = stored.run("feeds", "list", "--json").json[0]["url"]
    assert stored.run("feeds", "remove", url).status == 0
    assert not next(feed for feed in stored.run("feeds", "list", "--json").json if feed["url"] == url)["active"]
    missing = stored.run("feeds", "remove", "https://nowhere.example/feed")
    assert missing.status == 1
    assert "see baztab feeds list" in missing.line


def test_feeds_are_checked(connected: Terminal, newsroom: Newsroom) -> None:
    bad = '\n[[feed]]\nurl = "http://127.0.0.1:9/gone"\nsource = "Gone"\n'
    (connected.folder / "feeds.toml").write_text(feeds_toml(newsroom.catalog()[:2]) + bad, encoding="utf-8")
    shown = connected.run("feeds", "check")
    assert shown.status == 1
    assert shown.out.count("✓ ") == 2
    assert "✗ Gone http://127.0.0.1:9/gone: " in shown.out
    assert shown.out.endswith("2 of 3 feeds are well\n")


def test_feeds_go_out_as_opml_and_come_in_again(stored: Terminal) -> None:
    before = {feed["url"] for feed in stored.run("feeds", "list", "--json").json}
    assert stored.run("feeds", "export", "mine.opml").status == 0
    assert stored.run("feeds", "export").out.strip() == (stored.folder / "mine.opml").read_text("utf-8").strip()
    stored.env["DATABASE_URL"] = "sqlite:///other.sqlite3"
    stored.env.pop("FEEDS")
    assert stored.run("feeds", "import", "mine.opml").out == f"{len(before)} feeds imported.\n"
    assert before <= {feed["url"] for feed in stored.run("feeds", "list", "--json").json}


@pytest.mark.parametrize("words", [("import", "nowhere.opml"), ("import", "."), ("export", "nowhere/mine.opml")])
def test_a_file_that_can_not_be_used(stored: Terminal, words: tuple[str, str]) -> None:
    outcome = stored.run("feeds", *words)
    assert outcome.status == 1
    assert words[1] in outcome.line


def test_what_is_no_opml_is_refused(stored: Terminal) -> None:
    (stored.folder / "notes.opml").write_text("milk, eggs")
    outcome = stored.run("feeds", "import", "notes.opml")
    assert outcome.status == 1
    assert outcome.line


def test_check_tells_of_everything(stored: Terminal) -> None:
    with in_thread(BotApiServer(World())) as api:
        stored.env.update(TOKEN=TOKEN, API_URL=api.url)
        outcome = stored.run("check")
    assert outcome.status == 0, outcome.out
    for word in ("settings", "database: current", "feeds: ", "token: @", "BotFather"):
        assert word in outcome.out
    assert "✗" not in outcome.out
    assert TOKEN not in outcome.out


def test_check_says_how_to_mend_what_is_wrong(terminal: Terminal) -> None:
    (terminal.folder / "baztab.sqlite3").write_text("Dear diary, " * 200)
    outcome = terminal.run("check")
    assert outcome.status == 1
    assert "✗ database: baztab.sqlite3 is no SQLite database" in outcome.out
    assert "✗ token: BAZTAB_TOKEN is not set" in outcome.out


def test_check_with_a_token_that_telegram_refuses(stored: Terminal) -> None:
    with in_thread(BotApiServer(World())) as api:
        api.world.faults.add(Fault(method="getMe", times=9, error_code=401, description="Unauthorized"))
        stored.env.update(TOKEN=TOKEN, API_URL=api.url)
        outcome = stored.run("check")
    assert outcome.status == 1
    assert "✗ token: Telegram does not know it" in outcome.out


def joined(text: str) -> str:
    """Without zero-width non-joiners, which pages' titles may lose."""
    return text.replace("\u200c", "")
