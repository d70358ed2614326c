"""The program as a process: what only a process shows. Everything else about commands is in tests/unit/test_cli*.py."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.playground.api import Fault
from bot.playground.demo import TOKEN
from tests.fakes.real_server import RealServer

PROGRAM = Path(sys.executable).with_name("baztab")
HEAVY = ("telegram", "sqlalchemy", "alembic", "aiohttp", "numpy", "nltk", "trafilatura", "pydantic", "apscheduler")


def environment(**settings: str) -> dict[str, str]:
    """The environment of a process, with these settings and no others."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("BAZTAB_")}
    return {**others, **{f"BAZTAB_{name}": value for name, value in settings.items()}}


def run(folder: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """One command in a process."""
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@contextmanager
def started(folder: Path, *arguments: str, **settings: str) -> "Iterator[subprocess.Popen[str]]":
    """A command that goes on until it is told to stop."""
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(
            [PROGRAM, *arguments],
            cwd=folder,
            env=environment(**settings),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def test_help_loads_nothing_heavy() -> None:
    script = f"""
import sys
import bot.cli
try:
    bot.cli.main(["--help"])
except SystemExit as ended:
    assert ended.code == 0
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_refused_token_is_one_line_that_does_not_repeat_it(tmp_path: Path) -> None:
    with RealServer() as api:
        api.world.faults.add(Fault(method="getMe", times=9, error_code=401, description="Unauthorized"))
        done = run(tmp_path, "run", TOKEN=TOKEN, API_URL=api.server.url)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "baztab: Telegram does not know this token: copy it anew from @BotFather into BAZTAB_TOKEN\n"


def test_wrong_usage_ends_with_2(tmp_path: Path) -> None:
    done = run(tmp_path, "run", "--roles", "cook")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_a_pipe_that_closes_early_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_bytes(opml(4000))
    process = subprocess.Popen(
        [PROGRAM, "feeds", "list", "--json"],
        cwd=tmp_path,
        env=environment(FEEDS="feeds.opml"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"[\n"
    process.stdout.close()
    process.wait(timeout=120)
    assert process.stderr is not None
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()


def opml(count: int) -> bytes:
    """Many feeds, none of which is asked."""
    rows = "".join(
        f'<outline type="rss" text="Feed {number}" xmlUrl="https://feed{number}.example/{number}"/>'
        for number in range(count)
    )
    return f'<opml version="2.0"><head/><body>{rows}</body></opml>'.encode()


def test_run_refuses_a_second_one_lets_short_commands_in_and_stops_when_told(tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_bytes(opml(1))
    with RealServer() as api:
        settings = {"TOKEN": TOKEN, "API_URL": api.server.url, "FEEDS": "feeds.opml", "WEB": "127.0.0.1:0"}
        with started(tmp_path, "run", **settings) as process:
            api.run(api.world.wait_for(lambda: api.world.updates.polls > 0, 18))
            second = run(tmp_path, "run", **settings)
            beside = run(tmp_path, "latest", "--json", **settings)
            process.terminate()
            status = process.wait(timeout=60)
    assert second.returncode == 1
    assert second.stderr == f"baztab: baztab.sqlite3 is in use by process {process.pid}; stop it first.\n"
    assert json.loads(beside.stdout) == []
    log = (tmp_path / "log.txt").read_text()
    assert status == 0, log
    assert "Traceback" not in log
    assert TOKEN not in log


def test_the_demo_serves_its_page_and_stops_when_told(tmp_path: Path) -> None:
    with started(tmp_path, "demo", "--port", "0", "--no-browser") as process:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address
        with urllib.request.urlopen(address[0], timeout=60) as page:
            assert b"Baztab" in page.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) in {0, 130}
    assert "Traceback" not in (tmp_path / "log.txt").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["log.txt"]
