"""Logging: one line an event, as text or JSON, ours and the libraries', and no secret in any of them."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import LOUD, set_up

TOKEN = "4242:AAbbCCdd-ee_ff"
PASSWORD = "p@ss/word"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Give logging back as the other tests have it."""
    root, levels = logging.getLogger(), {name: logging.getLogger(name).level for name in LOUD}
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)
    structlog.reset_defaults()


def fail(text: str) -> None:
    raise ValueError(text)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_is_a_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json", secrets=[TOKEN])
    structlog.get_logger("bot.x").info("digest.sent", count=3, ratio=0.5, who="سارا", nothing=None, yes=True)
    (line,) = lines(capsys)
    assert line.pop("timestamp", "").endswith("Z")
    assert line == {
        "event": "digest.sent", "level": "info", "logger": "bot.x",
        "count": 3, "ratio": 0.5, "who": "سارا", "nothing": None, "yes": True,
    }  # fmt: skip


def test_an_event_is_a_line_of_text(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("text")
    structlog.get_logger("bot.x").warning("digest.late", minutes=4)
    text = capsys.readouterr().err
    assert "digest.late" in text
    assert "minutes=4" in text
    assert "\x1b[" not in text


@pytest.mark.parametrize("style", ["json", "text"])
def test_secrets_are_struck_out_wherever_they_stand(capsys: pytest.CaptureFixture[str], style: str) -> None:
    set_up(style, secrets=[TOKEN, PASSWORD, ""])
    log = structlog.get_logger("bot.x")
    event = f"event {TOKEN}"
    log.info(event, url=f"https://api.example/bot{TOKEN}/getMe", many=[TOKEN, {"password": PASSWORD}])
    log.info("quoted", url="https://api.example/bot4242%3AAAbbCCdd-ee_ff/getMe", database="pg://u:p%40ss%2Fword@h/d")
    log.info("bytes", body=TOKEN.encode())
    logging.getLogger("library").warning("calling %s with %r", f"/bot{TOKEN}/", {"p": PASSWORD})
    try:
        fail(f"no answer from bot{TOKEN}")
    except ValueError:
        log.exception("failed")
        logging.getLogger("library").exception("failed too")
    text = capsys.readouterr().err
    assert "AAbbCCdd" not in text
    assert PASSWORD not in text
    assert "p%40ss" not in text
    assert text.count("‹secret›") >= 9
    assert "ValueError" in text


def test_the_secret_in_a_traceback_of_an_error_is_struck_out(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json", secrets=[TOKEN])
    try:
        fail(TOKEN)
    except ValueError:
        structlog.get_logger("bot.x").exception("failed")
    (line,) = lines(capsys)
    assert "‹secret›" in str(line["exception"])


def test_what_libraries_say_every_day_is_not_heard(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json")
    for name in LOUD:
        logging.getLogger(name).info("every day")
    logging.getLogger("telegram.ext").warning("something is wrong")
    logging.getLogger("apscheduler.scheduler").warning("still at work")
    assert [line["event"] for line in lines(capsys)] == ["something is wrong"]


def test_below_its_level_nothing_is_heard(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json", level=logging.ERROR)
    structlog.get_logger("bot.x").warning("not heard")
    logging.getLogger("telegram").warning("not heard")
    structlog.get_logger("bot.x").error("heard")
    assert [line["event"] for line in lines(capsys)] == ["heard"]


def test_without_secrets_values_stay_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json")
    structlog.get_logger("bot.x").info("list", values=[1, "two"])
    assert lines(capsys)[0]["values"] == [1, "two"]
