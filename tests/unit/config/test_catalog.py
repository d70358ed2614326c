"""The feeds file: what may stand in it, and one clear line about what may not."""

from pathlib import Path

import pytest

from config.catalog import CatalogFeed, OpmlFile, read_catalog
from config.errors import SettingsError

GOOD = """
[[feed]]
url = "https://example.org/a.xml"
source = "The Example"
language = "en"
topics = ["world", "science", "world"]
title = "Example: all"
interval = 15

[[feed]]
url = "http://example.net/b"
source = "نمونه‌نیوز"
"""


def written(tmp_path: Path, text: str | bytes, name: str = "feeds.toml") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_entries_become_typed_specs_in_order(tmp_path: Path) -> None:
    assert read_catalog(written(tmp_path, GOOD)) == [
        CatalogFeed(
            url="https://example.org/a.xml",
            source="The Example",
            language="en",
            topics=("world", "science"),
            title="Example: all",
            interval=15,
        ),
        CatalogFeed(url="http://example.net/b", source="نمونه‌نیوز"),
    ]


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(tmp_path: Path) -> None:
    body = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert len(read_catalog(written(tmp_path, body))) == 2


@pytest.mark.parametrize(("name", "body"), [("feeds.opml", b"anything"), ("feeds.txt", b"\xef\xbb\xbf\n <opml/>")])
def test_opml_is_handed_on_as_it_is(tmp_path: Path, name: str, body: bytes) -> None:
    path = written(tmp_path, body, name)
    assert read_catalog(path) == OpmlFile(path, body)


def entry(**fields: str) -> str:
    lines = {"url": '"https://example.org/"', "source": '"S"'} | fields
    return "# feeds\n\n[[feed]]\n" + "\n".join(f"{name} = {value}" for name, value in lines.items() if value) + "\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no feed"),
        ("feed = 3", "names no feed"),
        ("feed = [1]", "an entry is a table"),
        ("[[feed]\nurl =", "no valid TOML"),
        ("feed = " + "[" * 3000, "nested too deeply"),
        (b"\n\n# caf\xe9\n", "line 3: the file is not UTF-8"),
        ("[options]\na = 1\n" + entry(), "'options'"),
        (entry(url=""), "line 3, feed 1: url is missing"),
        (entry(url='"feed.xml"'), "https://"),
        (entry(url='"ftp://example.org/"'), "https://"),
        (entry(url='"https://"'), "https://"),
        (entry(url='"https://example.org:port/"'), "https://"),
        (entry(url='"https://exa mple.org/"'), "https://"),
        (entry(url="7"), "one line of text"),
        (entry(source=""), "source is missing"),
        (entry(source='" "'), "source is missing"),
        (entry(source='"a\\nb"'), "one line of text"),
        (entry(language='"English"'), "like en or fa"),
        (entry(topics='"world"'), "must be a list"),
        (entry(topics='["Big News"]'), "must be a list"),
        (entry(interval="0"), "from 1"),
        (entry(interval="true"), "whole minutes"),
        (entry(interval="1.5"), "whole minutes"),
        (entry(languge='"en"'), "'languge' is no field"),
        (entry() + entry(), "https://example.org/ twice"),
        (GOOD + "\n" + entry(source=""), "line 16, feed 3"),
    ],
)
def test_a_mistake_is_one_line_with_its_place(tmp_path: Path, text: str | bytes, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        read_catalog(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_says_which_setting_names_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="BAZTAB_FEEDS"):
        read_catalog(tmp_path / "none.toml")


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="can't be read"):
        read_catalog(tmp_path)
