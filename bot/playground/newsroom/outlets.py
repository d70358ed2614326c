"""The outlets and what they print, read from outlets/*.toml.

Times in the files are relative to the start of the newsroom: `hours` before it, or `after` so many minutes into it,
for what appears while somebody watches.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

FOLDER = Path(__file__).with_name("outlets")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "ps", "ur"})

FeedFormat = Literal["rss", "atom", "rdf", "json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article as its outlet's file has it. `offset` is from the newsroom's start; `event` is "" for a lone story."""

    id: str
    title: str
    teaser: str
    author: str
    paragraphs: tuple[str, ...]
    topics: tuple[str, ...]
    offset: timedelta
    event: str = ""

    @property
    def live(self) -> bool:
        """Whether it appears only while the newsroom runs."""
        return self.offset > timedelta(0)

    def published(self, start: datetime) -> datetime:
        """When it came out, or will."""
        return start + self.offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A publisher. With `full_text` its feeds carry whole articles, else teasers only; pieces are newest first.

    With `sections` it is to be followed by its feeds of one topic each, else by its general feed; it has both kinds.
    """

    slug: str
    name: str
    language: str
    place: str
    tagline: str
    colour: str
    format: FeedFormat
    full_text: bool
    sections: bool = False
    pieces: tuple[Piece, ...]

    @property
    def direction(self) -> str:
        """The value of HTML's dir."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics of its sections: those that come first in some piece, in order."""
        return tuple(sorted({piece.topics[0] for piece in self.pieces}))

    def feed_path(self, topic: str = "") -> str:
        """Where its feed is: the general one, or that of a section."""
        folder = f"/{self.slug}/{topic}" if topic else f"/{self.slug}"
        return f"{folder}/feed.json" if self.format == "json" else f"{folder}/feed.xml"

    def path(self, piece: Piece) -> str:
        """Where an article's page is."""
        return f"/{self.slug}/{piece.id}"

    def visible(self, start: datetime, now: datetime, *, topic: str = "") -> list[Piece]:
        """What has come out by now, or in a section, newest first."""
        return [piece for piece in self.pieces if piece.published(start) <= now and topic in {"", piece.topics[0]}]


def read_outlets(folder: Path = FOLDER) -> list[Outlet]:
    """All outlets, by slug."""
    return [_outlet(tomllib.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.toml"))]


def _outlet(data: Mapping[str, Any]) -> Outlet:
    if data["format"] not in get_args(FeedFormat):
        raise ValueError(f"{data['slug']}: no feed format is called {data['format']!r}")
    pieces = sorted(map(_piece, data["article"]), key=lambda piece: piece.offset, reverse=True)
    return Outlet(
        slug=data["slug"],
        name=data["name"],
        language=data["language"],
        place=data["place"],
        tagline=data["tagline"],
        colour=data["colour"],
        format=data["format"],
        full_text=data["full_text"],
        sections=data.get("sections", False),
        pieces=tuple(pieces),
    )


def _piece(data: Mapping[str, Any]) -> Piece:
    offset = timedelta(minutes=data["after"]) if "after" in data else -timedelta(hours=data["hours"])
    return Piece(
        id=data["id"],
        title=data["title"],
        teaser=data["teaser"],
        author=data["author"],
        paragraphs=tuple(paragraph.strip() for paragraph in data["body"].split("\n\n")),
        topics=tuple(data["topics"]),
        offset=offset,
        event=data.get("event", ""),
    )
