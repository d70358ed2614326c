"""The table of the guide names, beside each row, tests that there are."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
PAGE = TESTS.parent / "docs" / "guide" / "feeds-in-the-wild.md"
ROWS = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]


@cache
def functions(file: str) -> frozenset[str]:
    """The names of the functions of a test module."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("row", [row for row in ROWS if not row.endswith(("| test |", "| --- |"))])
def test_every_row_has_its_tests(row: str) -> None:
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", row)
    assert named
    for file, name in named:
        assert name in functions(file), f"{file}::{name}"
