"""`baztab …` in this process, with an environment and a folder of its own; and servers in threads for it to talk to."""

import asyncio
import io
import json
import logging
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
import structlog

from bot.cli import main
from config.catalog import CatalogFeed

T = TypeVar("T")

FEED = '[[feed]]\nurl = "{url}"\nsource = "{source}"\nlanguage = "{language}"\ntopics = [{topics}]\ninterval = 1\n'


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON; it went well."""
        assert self.status == 0, self.err
        return json.loads(self.out)

    @property
    def line(self) -> str:
        """The one line on stderr with which it was refused."""
        assert self.out == ""
        (line,) = self.err.splitlines()
        assert line.startswith("baztab: ")
        return line


class Terminal:
    """Runs commands; `env` holds the BAZTAB_ variables, without their prefix."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._monkeypatch, self._capsys = folder, monkeypatch, capsys
        self.env: dict[str, str] = {}
        monkeypatch.chdir(folder)
        for name in list(os.environ):
            if name.startswith("BAZTAB_"):
                monkeypatch.delenv(name)

    def run(self, *arguments: str, stdin: bytes = b"") -> Outcome:
        """One command, to its end."""
        self._capsys.readouterr()
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        with self._monkeypatch.context() as patch:
            for name, value in self.env.items():
                patch.setenv(f"BAZTAB_{name}", value)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            with pytest.raises(SystemExit) as ended:
                main(arguments)
        structlog.reset_defaults()
        root.handlers[:], root.level = handlers, level
        out, err = self._capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Outcome(ended.value.code, out, err)


def feeds_toml(feeds: Iterable[CatalogFeed]) -> str:
    """A feeds file with these."""
    return "\n".join(
        FEED.format(
            url=feed.url,
            source=feed.source,
            language=feed.language,
            topics=", ".join(f'"{topic}"' for topic in feed.topics),
        )
        for feed in feeds
    )


@contextmanager
def in_thread(server: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """An asynchronous server in a thread of its own, since commands have an event loop of theirs."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        entered = asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(timeout=30)
        try:
            yield entered
        finally:
            asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(timeout=30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
