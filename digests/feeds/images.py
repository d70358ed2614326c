"""Whether a picture is one to show: found out from headers alone, a few for each reading of a feed.

Messages show pictures by their address, so what is stored must be there, secure, a picture, and of a size that is
neither a tracking pixel's nor too large for Telegram.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Sequence

import structlog

from digests.errors import FetchError
from digests.feeds.fetch import Fetcher
from digests.feeds.urls import is_web_url

log = structlog.get_logger(__name__)

KINDS = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
"""What Telegram shows as a picture."""
SMALLEST, LARGEST = 3_000, 5_000_000
"""Bytes."""
LONGEST = 1000
"""Characters of an address."""
MOST = 10
"""Entries of one feed at one time whose pictures are looked at: its first ones, which may lead a digest."""
SECONDS = 20.0
"""For all of them."""
SHARED = 3
"""A picture that so many entries name is their publisher's, not theirs."""
REMEMBERED = 5000


class Images:
    """Looks at pictures; what it found out about the last REMEMBERED is not asked again."""

    def __init__(self, fetcher: Fetcher, *, seconds: float = SECONDS) -> None:
        self._fetcher = fetcher
        self._seconds = seconds
        self._known: OrderedDict[str, bool] = OrderedDict()

    async def choose(self, candidates: Sequence[Sequence[str]]) -> list[str | None]:
        """For each entry of a feed its first good picture of those it names; None where there is none or no time."""
        named = Counter(address for addresses in candidates for address in dict.fromkeys(addresses))
        chosen: dict[int, str] = {}

        async def look(place: int, addresses: Sequence[str]) -> None:
            for address in addresses:
                if named[address] < SHARED and await self.is_good(address):
                    chosen[place] = address
                    return

        try:
            async with asyncio.timeout(self._seconds), asyncio.TaskGroup() as group:
                for place, addresses in enumerate(candidates[:MOST]):
                    group.create_task(look(place, addresses))
        except TimeoutError:
            log.info("images.late", wanted=len(candidates), chosen=len(chosen))
        return [chosen.get(place) for place in range(len(candidates))]

    async def is_good(self, address: str) -> bool:
        """Whether there is a picture to show at this address, a secure one or on a host that the operator named."""
        if not (is_web_url(address) and len(address) <= LONGEST):
            return False
        if not (address.startswith("https://") or self._fetcher.is_operators(address)):
            return False
        if address not in self._known:
            self._known[address] = await self._look(address)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return self._known[address]

    async def _look(self, address: str) -> bool:
        try:
            head = await self._fetcher.head(address, accept=", ".join(sorted(KINDS)))
        except FetchError as error:
            log.debug("images.refused", reason=str(error))
            return False
        kind = head.content_type.partition(";")[0].strip().lower()
        return kind in KINDS and head.length is not None and SMALLEST <= head.length <= LARGEST


def pictures(*addresses: str | None) -> tuple[str, ...]:
    """Candidates in their order, each once."""
    return tuple(dict.fromkeys(address for address in addresses if address))
