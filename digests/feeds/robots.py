"""robots.txt (RFC 9309): which pages a site lets programs read. Feeds are offered to programs and are not asked about.

Of several matching rules the longest counts, Allow on a tie; `*` and `$` in paths. Matching takes linear time: the
rules come from strangers.
"""

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit
from weakref import WeakValueDictionary

from digests.clock import Clock, utc_now
from digests.errors import FetchError
from digests.feeds.fetch import Fetcher

AGENT = "baztab"
LIMIT = 500_000
"""Bytes. RFC 9309 asks for at least 500 KiB; what is longer counts as an error."""
FRESH = timedelta(hours=24)
RETRY = timedelta(hours=1)
MOST_SITES = 2000
_LINE = re.compile(r"^\s*([A-Za-z-]+)\s*:\s*(.*?)\s*$")


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one site for us, as (path pattern, allowed) pairs."""

    lines: tuple[tuple[str, bool], ...] = ()

    def allow(self, url: str) -> bool:
        """Whether this address may be read."""
        parts = urlsplit(url)
        path = unquote(parts.path or "/") + (f"?{unquote(parts.query)}" if parts.query else "")
        matching = [(len(pattern), allowed) for pattern, allowed in self.lines if _matches(pattern, path)]
        return max(matching)[1] if matching else True


EVERYTHING = Rules()
NOTHING = Rules((("/", False),))


def parse_robots(text: str, *, agent: str = AGENT) -> Rules:
    """The rules for `agent`: those of all groups that name it, else those for everyone (`*`)."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    agents: list[str] = []
    in_header = False
    for line in text.lstrip("\ufeff").splitlines():
        match = _LINE.match(line.partition("#")[0])
        if not match:
            continue
        key, value = match[1].lower(), match[2]
        if key == "user-agent":
            agents = [*agents, value.lower()] if in_header else [value.lower()]
            in_header = True
            groups.setdefault(agents[-1], [])
        elif key in {"allow", "disallow"}:
            in_header = False
            if value:
                for name in agents:
                    groups[name].append((unquote(value), key == "allow"))
    named = [name for name in groups if name != "*" and name.partition("/")[0] == agent]
    chosen = [rule for name in named for rule in groups[name]] if named else groups.get("*", [])
    return Rules(tuple(chosen))


class Robots:
    """Asks each site once a day. A site without the file allows everything; one that can't be asked, nothing (RFC)."""

    def __init__(self, fetcher: Fetcher, *, clock: Clock = utc_now) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._sites: OrderedDict[str, tuple[datetime, Rules]] = OrderedDict()
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def allow(self, url: str) -> bool:
        """Whether the site lets us read this page."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        lock = self._asking.setdefault(site, asyncio.Lock())
        async with lock:  # forty pages of one site wait for one answer
            known = self._sites.get(site)
            if known is None or known[0] <= self._clock():
                known = await self._ask(site)
                self._sites[site] = known
                while len(self._sites) > MOST_SITES:
                    self._sites.popitem(last=False)
        return known[1].allow(url)

    async def _ask(self, site: str) -> tuple[datetime, Rules]:
        now = self._clock()
        try:
            answer = await self._fetcher.fetch(f"{site}/robots.txt", accept="text/plain, */*;q=0.5", limit=LIMIT)
        except FetchError as error:
            absent = error.status is not None and 400 <= error.status < 500 and error.status != 429
            return (now + FRESH, EVERYTHING) if absent else (now + RETRY, NOTHING)
        return now + FRESH, parse_robots(answer.body.decode("utf-8", "replace"))


def _matches(pattern: str, path: str) -> bool:
    """Whether a path begins with the pattern; `*` stands for anything, a final `$` for the end."""
    anchored = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    for index, piece in enumerate(rest):
        if anchored and index == len(rest) - 1:
            return len(path) - len(piece) >= place and path.endswith(piece)
        found = path.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return not anchored or place == len(path)
