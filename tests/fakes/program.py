"""`baztab run` as a process, against the playground's Bot API and the sample newsroom, both in a thread of the test."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.playground.demo import TOKEN
from bot.playground.newsroom import Newsroom
from tests.fakes.real_server import RealServer

FEED = '[[feed]]\nurl = "{url}"\nsource = "{source}"\nlanguage = "{language}"\ntopics = {topics}\ninterval = 1\n'


LEFT_OUT = ("BAZTAB_", "COV")
"""Of the environment: settings, and what would measure the coverage of the program, which then takes twice as long."""
STOPPING = 60
"""Seconds, on a machine that does much else: alone it takes one."""


UNPACED = """
from bot.cli import main
from bot.delivery import pacer
pacer.PRIVATE = pacer.ChatLimit(interval=0.01, burst=4)
main()
"""
"""The program for one who presses a hundred buttons: its pace in a private chat is a call a second."""


class Program:
    """The running bot: `server` has the world it lives in, `newsroom` the news it reads."""

    def __init__(self, server: RealServer, process: "subprocess.Popen[str]", log: Path, newsroom: Newsroom) -> None:
        self.server, self.process, self.log, self.newsroom = server, process, log, newsroom

    @property
    def url(self) -> str:
        """Where the chat page is."""
        return self.server.server.url

    def wait(self, predicate: Callable[[], Any], seconds: float = 90) -> Any:
        """Wait for something in the world."""
        return self.server.run(self.server.world.wait_for(predicate, seconds), seconds + 5)


@contextmanager
def running(folder: Path, *, paced: bool = True) -> Iterator[Program]:
    """The program with a database of its own in `folder`; it has stopped by itself, without an error, at the end.

    Where not `paced`, it does not keep to one call a second in a private chat.
    """
    with RealServer() as server:
        newsroom = Newsroom()
        server.run(newsroom.__aenter__())
        feeds = folder / "feeds.toml"
        feeds.write_text(
            "\n".join(
                FEED.format(url=feed.url, source=feed.source, language=feed.language, topics=list(feed.topics))
                for feed in newsroom.catalog()
            ).replace("'", '"'),
            encoding="utf-8",
        )
        log = folder / "log.txt"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, *(("-m", "bot") if paced else ("-c", UNPACED)), "run"],
                env={
                    **{name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)},
                    "BAZTAB_TOKEN": TOKEN,
                    "BAZTAB_DATABASE_URL": f"sqlite:///{folder / 'baztab.sqlite3'}",
                    "BAZTAB_API_URL": server.server.url,
                    "BAZTAB_FEEDS": str(feeds),
                    "BAZTAB_ALLOW_HOSTS": "127.0.0.0/8",
                    "BAZTAB_ADMINS": "1001",
                },
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
            try:
                yield Program(server, process, log, newsroom)
            finally:
                process.terminate()
                status = process.wait(timeout=STOPPING)
                server.run(newsroom.__aexit__(None, None, None))
        assert status == 0, log.read_text()
