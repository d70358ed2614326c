"""The terminal: help, wrong usage, and one line for each thing that goes wrong."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from bot.cli.app import app, feeds_app
from bot.cli.faults import describe
from bot.playground.api import BotApiServer, Fault, World
from bot.playground.demo import TOKEN
from bot.wiring import ROLES
from digests.storage.lock import FileLock
from tests.fakes.terminal import Terminal, in_thread

TOP = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
FEEDS = [command.name or command.callback.__name__ for command in feeds_app.registered_commands if command.callback]
TOKEN_CUT_SHORT = "123456789:AAEcutshort"


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    """Telegram, on loopback."""
    with in_thread(BotApiServer(World())) as server:
        yield server


def test_the_bare_command_prints_what_there_is(terminal: Terminal) -> None:
    bare = terminal.run()
    assert bare == terminal.run("--help")
    assert bare.status == 0
    for name in [*TOP, "feeds"]:
        assert name in bare.out


@pytest.mark.parametrize("words", [*([name] for name in TOP), *(["feeds", name] for name in FEEDS)], ids=" ".join)
def test_every_command_has_help(terminal: Terminal, words: list[str]) -> None:
    shown = terminal.run(*words, "--help")
    assert shown.status == 0
    assert f"Usage: baztab {' '.join(words)}" in shown.out
    assert shown.err == ""


def test_the_help_of_run_names_every_role(terminal: Terminal) -> None:
    shown = terminal.run("run", "--help").out
    assert all(role in shown for role in ROLES)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["run", "--nonsense"], "No such option: --nonsense"),
        (["run", "--roles", "bot,everything"], "'everything' is none of bot, ingest, compose, deliver"),
        (["demo", "--port", "99999"], "--port"),
        (["search"], "Missing argument 'query'"),
        (["digest", "--stories", "0"], "--stories"),
        (["summarize", "-", "--sentences", "many"], "--sentences"),
        (["feeds"], "Missing command"),
        (["feeds", "add"], "Missing argument 'url'"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(terminal: Terminal, arguments: list[str], says: str) -> None:
    outcome = terminal.run(*arguments)
    assert outcome.status == 2
    assert says in outcome.line
    assert "--help" in outcome.line


def test_run_without_a_token_says_where_to_get_one(terminal: Terminal) -> None:
    outcome = terminal.run("run")
    assert outcome.status == 1
    assert "@BotFather" in outcome.line
    assert "baztab demo" in outcome.line
    assert list(terminal.folder.iterdir()) == []


def test_a_malformed_token_is_refused_and_not_repeated(terminal: Terminal) -> None:
    terminal.env["TOKEN"] = TOKEN_CUT_SHORT
    outcome = terminal.run("run")
    assert outcome.status == 1
    assert "BAZTAB_TOKEN must be" in outcome.line
    assert TOKEN_CUT_SHORT not in outcome.line


@pytest.mark.parametrize(
    ("code", "description", "says"),
    [
        (401, "Unauthorized", "Telegram does not know this token"),
        (404, "Not Found", "Telegram does not know this token"),
        (500, "Internal Server Error", "Telegram can't be reached"),
        (400, "Bad Request: odd", "Telegram refused: Odd"),
    ],
)
def test_what_telegram_refuses_at_the_start(
    terminal: Terminal, api: BotApiServer, code: int, description: str, says: str
) -> None:
    api.world.faults.add(Fault(method="getMe", times=9, error_code=code, description=description))
    terminal.env.update(TOKEN=TOKEN, API_URL=api.url)
    outcome = terminal.run("run")
    assert outcome.status == 1
    assert says in outcome.line
    assert TOKEN not in outcome.line


def test_telegram_out_of_reach(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    terminal.env.update(TOKEN=TOKEN, API_URL=f"http://127.0.0.1:{port}")
    outcome = terminal.run("run")
    assert outcome.status == 1
    assert "Telegram can't be reached" in outcome.line
    assert "BAZTAB_API_URL" in outcome.line


def test_a_second_run_on_the_same_file_is_refused(terminal: Terminal) -> None:
    terminal.env["TOKEN"] = TOKEN
    lock = FileLock(terminal.folder / "baztab.sqlite3")
    lock.acquire()
    try:
        outcome = terminal.run("run")
    finally:
        lock.release()
    assert outcome.status == 1
    assert "in use by process" in outcome.line


def test_a_postgresql_out_of_reach_is_named_without_its_password(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    terminal.env["DATABASE_URL"] = f"postgresql://reader:hush-hush@127.0.0.1:{port}/news"
    outcome = terminal.run("latest")
    assert outcome.status == 1
    assert "can't be reached" in outcome.line
    assert "hush" not in outcome.line


def test_a_file_that_is_no_database(terminal: Terminal) -> None:
    (terminal.folder / "baztab.sqlite3").write_text("Dear diary, " * 200)
    outcome = terminal.run("latest")
    assert outcome.status == 1
    assert "is no SQLite database" in outcome.line


def test_a_folder_that_is_not_there(terminal: Terminal) -> None:
    terminal.env["DATABASE_URL"] = "sqlite:///nowhere/news.db"
    outcome = terminal.run("migrate")
    assert outcome.status == 1
    assert "can't be opened" in outcome.line


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[feed]\n", "line 1"),
        ('[[feed]]\nurl = "https://a.example/f"\nsource = "A"\nlangauge = "en"\n', "langauge"),
        ('[[feed]]\nurl = "ftp://a.example/f"\nsource = "A"\n', "url"),
        ("", "feed"),
    ],
    ids=["no TOML", "a wrong key", "a wrong address", "an empty file"],
)
def test_a_broken_feeds_file_says_where(terminal: Terminal, sqlite_template: Path, text: str, says: str) -> None:
    shutil.copy(sqlite_template, terminal.folder / "baztab.sqlite3")
    (terminal.folder / "mine.toml").write_text(text)
    terminal.env["FEEDS"] = "mine.toml"
    outcome = terminal.run("feeds", "list")
    assert outcome.status == 1
    assert "mine.toml" in outcome.line
    assert says in outcome.line


def test_migrate_makes_a_database(terminal: Terminal) -> None:
    assert terminal.run("migrate").status == 0
    assert (terminal.folder / "baztab.sqlite3").exists()
    assert terminal.run("migrate").status == 0


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (InvalidToken(f"The token `{TOKEN}` was rejected"), "copy it anew"),
        (Conflict("terminated by other getUpdates request"), "another process polls"),
        (BadRequest("chat not found"), "Telegram refused: chat not found"),
        (TelegramError(f"odd {TOKEN}"), "Telegram refused"),
        (OSError(98, "Address already in use"), "Address already in use"),
        (FileNotFoundError(2, "No such file or directory", "x.db"), "No such file or directory: x.db"),
        (RuntimeError(f"first line\nhttp://me:secret@host/{TOKEN}"), "a mistake in Baztab, please report it"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_errors_are_one_line_without_secrets(error: Exception, says: str) -> None:
    line = describe(error)
    assert says in line
    assert "\n" not in line
    assert TOKEN not in line
    assert "secret@" not in line


def test_a_mistake_of_ours_says_where_it_happened(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken() -> int:
        raise ZeroDivisionError("one by none")

    monkeypatch.setattr("bot.cli.looking.ingest", broken)
    outcome = terminal.run("ingest")
    assert outcome.status == 1
    assert "ZeroDivisionError at test_cli.py:" in outcome.line


def test_an_interrupted_command_ends_with_130(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupted() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.cli.looking.ingest", interrupted)
    outcome = terminal.run("ingest")
    assert (outcome.status, outcome.out, outcome.err) == (130, "", "")
