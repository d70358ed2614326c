"""Keys worked out from values: places in time for articles, hashes for long addresses, folded words for wishes."""

import unicodedata
from collections.abc import Iterable, Set
from datetime import UTC, datetime
from hashlib import blake2b

from digests.storage.columns import EPOCH, clean

TICKS = 16
"""Article ids for each second."""
_FIRST = datetime(1900, 1, 1, tzinfo=UTC)
_LAST = datetime(2200, 1, 1, tzinfo=UTC)
_LONGEST_KEY = 100


def tick(moment: datetime) -> int:
    """The first article id of an instant: sixteenths of a second since 1970, kept between 1900 and 2200."""
    elapsed = min(max(moment, _FIRST), _LAST) - EPOCH
    return (elapsed.days * 86_400 + elapsed.seconds) * TICKS + elapsed.microseconds * TICKS // 1_000_000


def free_ids(wanted: Iterable[int], taken: Set[int]) -> list[int]:
    """For each wanted id, ascending, the first one from there on that is neither taken nor given out."""
    out: list[int] = []
    for number in wanted:
        free = max(number, out[-1] + 1) if out else number
        while free in taken:
            free += 1
        out.append(free)
    return out


def text_hash(*parts: object) -> bytes:
    """16 bytes that stand for a long text (or several) in an index."""
    joined = "\x1f".join(str(part) for part in parts)
    return blake2b(clean(joined).encode(), digest_size=16).digest()


def url_hash(url: str, scope: int) -> bytes:
    """What an article is known by: its canonical URL, within the personal feed it is from, if it is from one."""
    return text_hash(scope, url) if scope else text_hash(url)


def guid_hash(feed_id: int, guid: str, scope: int) -> bytes:
    """What an entry is known by in its feed; a personal feed that is for everybody later starts anew."""
    return text_hash(feed_id, guid, "personal") if scope else text_hash(feed_id, guid)


def folded(value: str) -> str:
    """What two spellings of a wish or mute have in common: no capitals, single spaces, of bounded length."""
    key = " ".join(unicodedata.normalize("NFKC", clean(value)).casefold().split())
    return key if len(key) <= _LONGEST_KEY else f"{key[:_LONGEST_KEY]}#{text_hash(key).hex()}"
