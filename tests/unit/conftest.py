"""A terminal for the tests of commands."""

from pathlib import Path

import pytest

from tests.fakes.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal in an empty folder, where nothing is set."""
    return Terminal(tmp_path, monkeypatch, capsys)
