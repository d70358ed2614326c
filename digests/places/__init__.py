"""Cities by what people call them, and the city nearest to a point, each with its time zone.

The cities are those of GeoNames (geonames.org, CC BY 4.0) with 15,000 people or more; `update.py` makes the file. It is
read when a city is first looked for, in a thread. A city's names lie in one long text, which is searched faster than
an index of all names could be loaded, and takes a fraction of its memory.
"""

import asyncio
import lzma
import math
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib.resources import files

from digests.places.names import fold

MOST = 8
"""Places that one search gives."""

SHORTEST_GUESS = 4
"""Letters from which a name may be misspelt."""

LIKELY = 0.7
"""How alike (0 to 1) a misspelt name and the one that is meant must be."""

SUBURB = 0.25
"""Degrees of latitude around a point in which the largest city stands for all of its zone."""

_GAP = "[aeiouyh' ]*"
_VOWELS = frozenset("aeiouyh' ")


@dataclass(frozen=True, slots=True)
class Place:
    """A city: its name in Latin letters, its country (ISO 3166; of the USA the state too), its zone, its people in
    thousands.
    """

    name: str
    country: str
    region: str
    timezone: str
    thousands: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """Places that answer a search, the largest first. `exact`: they are called so; else they are a guess."""

    places: tuple[Place, ...] = ()
    exact: bool = True


class Places:
    """The cities. The methods may be called from anywhere on the event loop; the first call reads the file."""

    def __init__(self) -> None:
        self._book: Book | None = None
        self._reading = asyncio.Lock()

    async def search(self, text: str, *, country: str = "") -> Found:
        """Cities that are called so, the largest first; else those whose names begin so, or are spelt alike.

        `country` (ISO 3166, or a state of the USA) leaves those in it. At most MOST, one for each zone of a country
        or state.
        """
        book = await self._read()
        return await asyncio.to_thread(book.search, fold(text), country)

    async def nearest(self, latitude: float, longitude: float) -> Place:
        """The city nearest to a point, in degrees; or a larger one around there, of the same zone."""
        book = await self._read()
        return await asyncio.to_thread(book.nearest, latitude, longitude)

    async def of_country(self, country: str) -> list[Place]:
        """The largest city of each zone of a country, the largest first; at most MOST."""
        book = await self._read()
        return await asyncio.to_thread(book.of_country, country)

    async def _read(self) -> "Book":
        async with self._reading:
            if self._book is None:
                self._book = await asyncio.to_thread(read)
            return self._book


def read() -> "Book":
    """The cities of the file that is shipped."""
    data = (files("digests.places") / "cities.txt.xz").read_bytes()
    return Book(lzma.decompress(data).decode())


class Book:
    """Cities in memory: one line each, the largest first: name, country, region, zone, thousands of people, latitude,
    longitude, names. Names are folded, with a bar before and behind each of them.
    """

    def __init__(self, text: str) -> None:
        self._facts: list[str] = []
        self._points = array("f")
        self._starts = array("I")
        names, start = [], 0
        for line in text.splitlines():
            facts, latitude, longitude, called = line.rsplit("\t", 3)
            self._facts.append(facts)
            self._points.extend((float(latitude), float(longitude)))
            self._starts.append(start)
            names.append(called)
            start += len(called) + 1
        self._names = "\n".join(names)

    def search(self, name: str, country: str = "") -> Found:
        """See `Places.search`; `name` is folded."""
        if not name:
            return Found()
        for pattern in (re.escape(f"|{name}|"), re.escape(f"|{name}") + "[^|\n]*"):
            if found := self._some(self._having(pattern), country):
                return Found(found, exact=pattern.endswith("|"))
        return Found(self._some(self._alike(name), country) if len(name) >= SHORTEST_GUESS else (), exact=False)

    def nearest(self, latitude: float, longitude: float) -> Place:
        """See `Places.nearest`."""
        along = math.cos(math.radians(latitude))

        def distance(number: int) -> float:
            aside = abs(self._points[2 * number + 1] - longitude)
            aside = min(aside, 360 - aside) * along
            return aside * aside + (self._points[2 * number] - latitude) ** 2

        far = list(map(distance, range(len(self._facts))))
        closest = min(range(len(far)), key=far.__getitem__)
        zone = self._place(closest).timezone
        around = (number for number in range(closest) if far[number] < SUBURB**2)
        larger = (number for number in around if self._place(number).timezone == zone)
        return self._place(next(larger, closest))

    def of_country(self, country: str) -> list[Place]:
        """See `Places.of_country`."""
        first: dict[str, Place] = {}
        for number, facts in enumerate(self._facts):
            if f"\t{country}\t" in facts:
                place = self._place(number)
                first.setdefault(place.timezone, place)
        return list(first.values())[:MOST]

    def _place(self, number: int) -> Place:
        name, country, region, zone, thousands = self._facts[number].split("\t")
        return Place(name, country, region, zone, int(thousands))

    def _having(self, pattern: str) -> Iterator[int]:
        for match in re.finditer(pattern, self._names):
            yield bisect_right(self._starts, match.start()) - 1

    def _some(self, numbers: Iterator[int], country: str) -> tuple[Place, ...]:
        found: dict[tuple[str, str, str], Place] = {}
        for number in numbers:
            place = self._place(number)
            if country in {"", place.country, place.region}:
                found.setdefault((place.country, place.region, place.timezone), place)
            if len(found) == MOST:
                break
        return tuple(found.values())

    def _alike(self, name: str) -> Iterator[int]:
        """Cities with a name that one slip of the finger, or the vowels and doubled letters, tell from this one."""
        likeness: dict[int, float] = {}
        for match in re.finditer(rf"\|(?=(?:{_slips(name)})\||{_sound(name)}\|)([^|\n]+)", self._names):
            alike = SequenceMatcher(None, name, match[1]).ratio()
            if alike >= LIKELY:
                number = bisect_right(self._starts, match.start()) - 1
                likeness[number] = max(alike, likeness.get(number, 0.0))
        best = max(likeness.values(), default=0.0)
        return iter(sorted(number for number, alike in likeness.items() if alike >= best - 0.1))


def _slips(name: str) -> str:
    """Patterns of what is one letter too many, too few, another, or two exchanged, away."""
    parts = [re.escape(letter) for letter in name]
    patterns = {f"[^|\n]{''.join(parts)}", f"[^|\n]?{''.join(parts[1:])}"}
    for place in range(1, len(parts) + 1):
        before, after = "".join(parts[:place]), parts[place:]
        patterns.add(f"{before}[^|\n]{''.join(after)}")
        if after:
            patterns.add(f"{before}[^|\n]?{''.join(after[1:])}")
            swapped = [*parts[: place - 1], parts[place], parts[place - 1], *parts[place + 1 :]]
            patterns.add("".join(swapped))
    return "|".join(sorted(patterns))


def _sound(name: str) -> str:
    """A pattern of the same first letter and the same consonants, each once or doubled, with any vowels between."""
    first = name[0]
    consonants = [letter for letter in name[1:] if letter not in _VOWELS]
    once = [letter for before, letter in zip([first, *consonants], consonants, strict=False) if letter != before]
    if len(once) < 2:
        return re.escape(name)
    return re.escape(first) + "".join(f"{_GAP}{re.escape(letter)}+" for letter in once) + _GAP
