"""`baztab run` as processes against the sink, and what they take of the machine (on Linux)."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Self

TOKEN = "4242:" + "b" * 35
LEFT_OUT = ("BAZTAB_", "COV")
STOPPING = 30.0


def cpu_of(pid: int) -> float | None:
    """Seconds of CPU that a process and the children it waited for have taken; None where that can't be read."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> float | None:
    """The most megabytes that a process has held; None where that can't be read."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


class Sink:
    """The Bot API server of `benchmarks.sink`, as a process."""

    def __init__(self) -> None:
        self.url = ""
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.sink", stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=2**20
        )
        self.url = f"http://127.0.0.1:{int(await self._line())}"
        return self

    async def __aexit__(self, *_: object) -> None:
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            await process.wait()

    async def ask(self, command: str) -> Any:
        """Give it a command; its answer."""
        assert self._process is not None  # entered
        assert self._process.stdin is not None  # a pipe
        self._process.stdin.write(f"{command}\n".encode())
        return json.loads(await self._line())

    async def _line(self) -> bytes:
        assert self._process is not None  # entered
        assert self._process.stdout is not None  # a pipe
        return await self._process.stdout.readline()


class Programs:
    """`baztab run` for each of some roles."""

    def __init__(self, api: str, settings: dict[str, str], roles: tuple[str, ...]) -> None:
        self._settings = {"BAZTAB_TOKEN": TOKEN, "BAZTAB_API_URL": api, **settings}
        self._roles = roles
        self._folder = tempfile.TemporaryDirectory()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._before: list[float | None] = []
        self._at = 0.0

    def __enter__(self) -> Self:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
        for number, roles in enumerate(self._roles):
            with self._log(number).open("wb") as log:
                self._processes.append(
                    subprocess.Popen(
                        [sys.executable, "-m", "bot", "run", "--roles", roles],
                        env=environment | self._settings,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                    )
                )
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            process.wait(STOPPING)
        self._folder.cleanup()

    def _log(self, number: int) -> Path:
        return Path(self._folder.name) / f"{number}.log"

    def check(self) -> None:
        """RuntimeError, with what it said last, where one has ended."""
        for number, process in enumerate(self._processes):
            if process.poll() is not None:
                raise RuntimeError(f"baztab run has ended: {self._log(number).read_text()[-2000:]}")

    def mark(self) -> None:
        """Count anew."""
        self._at = time.monotonic()
        self._before = [cpu_of(process.pid) for process in self._processes]

    def report(self) -> dict[str, Any]:
        """Of each process its share of a core since the mark and the most megabytes it held; complaints in the logs."""
        self.check()
        seconds = time.monotonic() - self._at
        shares = [
            (after - before) / seconds
            for process, before in zip(self._processes, self._before, strict=True)
            if (after := cpu_of(process.pid)) is not None and before is not None
        ]
        said = "".join(self._log(number).read_text() for number in range(len(self._processes)))
        complaints = [line for line in said.splitlines() if "[warning" in line or "[error" in line]
        return {
            "cpu": shares,
            "megabytes": [memory_of(process.pid) for process in self._processes],
            "complaints": len(complaints),
            "complaint": complaints[0] if complaints else None,
        }
