"""What a reader of one format hands over: markup not yet cleaned, links absolute."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True, kw_only=True)
class RawEntry:
    """An entry as its format has it. `texts` are all its bodies, `images` candidates, best first."""

    title: str = ""
    link: str = ""
    guid: str = ""
    published: datetime | None = None
    texts: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class RawFeed:
    """A feed as its format has it."""

    title: str = ""
    url: str = ""
    language: str = ""
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    hub: str | None = None
    self_url: str | None = None
    entries: list[RawEntry] = field(default_factory=list)
