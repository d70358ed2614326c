"""`baztab demo` as a process in a terminal of its own: how it begins, and that Ctrl-C ends it at any moment."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest

PATIENCE = 60


class Demo:
    """The demo in a process group of its own, as a terminal has it: `interrupt` reaches its workers too."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", "--no-browser", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if not name.startswith("BAZTAB_")},
            text=True,
            start_new_session=True,
        )

    def url(self) -> str:
        """The page's address, as soon as it is told."""
        assert self.process.stdout
        found = re.search(r"http://\S+", self.process.stdout.readline())
        assert found
        return found[0]

    def interrupt(self) -> None:
        """Ctrl-C."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self) -> tuple[int, str]:
        """Wait for the end: exit status and stderr."""
        _, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, errors


@pytest.fixture
def demo() -> Iterator[Demo]:
    demo = Demo("--port", "0")
    yield demo
    if demo.process.poll() is None:
        os.killpg(demo.process.pid, signal.SIGKILL)
        demo.process.wait()


def events(url: str) -> Iterator[dict[str, Any]]:
    """What happens in the playground, from the beginning."""
    with urlopen(f"{url}/playground/events?after=0", timeout=PATIENCE) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                yield json.loads(line.removeprefix(b"data: "))


def say(url: str, text: str) -> None:
    """Sara writes."""
    body = json.dumps({"chat_id": 1001, "text": text}).encode()
    request = Request(f"{url}/playground/send", body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=PATIENCE) as answer:
        assert json.load(answer)["ok"]


def test_start_is_answered_with_a_digest_and_ctrl_c_ends_it(demo: Demo) -> None:
    url = demo.url()
    say(url, "/start")
    texts = (event["message"].get("text", "") for event in events(url) if event["type"] == "message")
    assert any("1." in text and "Digest" in text.title() for text in texts)
    demo.interrupt()
    assert demo.end() == (0, "")


def test_ctrl_c_while_libraries_are_loaded(demo: Demo) -> None:
    demo.url()
    demo.interrupt()
    assert demo.end() == (0, "")


def test_ctrl_c_while_feeds_are_read(demo: Demo) -> None:
    assert any(event["type"] == "commands" for event in events(demo.url()))  # the menu is set just before
    demo.interrupt()
    assert demo.end() == (0, "")


def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        status, errors = Demo("--port", str(port)).end()
    assert status == 1
    assert errors == f"baztab: port {port} is taken; choose another: baztab demo --port 0\n"
