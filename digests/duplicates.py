"""Near-duplicates: the same wire copy under two addresses.

MinHash (Broder 1997) with banding (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, ch. 3): 21 bands of 3
minima over pairs of neighbouring terms. Two articles that share a band are candidates; `is_copy` has the last word.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import blake2b
from itertools import islice, pairwise

import numpy as np
import numpy.typing as npt

from digests.text.terms import terms as terms_of

BANDS = 21
ROWS = 3
"""Minima in a band: pairs of articles with Jaccard similarity s meet with probability 1 - (1 - s³)²¹."""
READ = 150
"""Terms from the start of an article that are compared: copies are cut at the end more often than at the start."""
CONTAINED = 0.7
"""The share of the shorter article's pairs of terms that the longer one has."""
LONGER = 0.9
FEW = 8
"""Below so many terms nearly all must agree: two short headlines differ in one word and mean another event."""


def bands(terms: Iterable[str]) -> tuple[int, ...]:
    """The MinHash bands of an article's terms (title first) as signed 64-bit integers; none where there is no term."""
    shingles = _shingles(list(islice(terms, READ)))
    if not shingles:
        return ()
    hashes = np.array([_hash(shingle.encode()) for shingle in shingles], dtype=np.uint64)
    factors, offsets = _permutations()
    minima = (hashes[:, None] * factors + offsets).min(axis=0).reshape(BANDS, ROWS)
    return tuple(_signed(bytes([number]) + row.tobytes()) for number, row in enumerate(minima))


def is_copy(one: str, other: str, language: str) -> bool:
    """Whether two articles (title and text of each in one string) are the same copy, cut or with another title."""
    first, second = (terms_of(text[: READ * 12], language)[:READ] for text in (one, other))
    shorter, longer = sorted((_shingles(first), _shingles(second)), key=len)
    if not shorter:
        return False
    least = CONTAINED if len(shorter) >= FEW else LONGER
    return len(shorter & longer) / len(shorter) >= least


def _shingles(terms: Sequence[str]) -> set[str]:
    if len(terms) == 1:
        return set(terms)
    return {f"{left} {right}" for left, right in pairwise(terms)}


def _hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


def _signed(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little", signed=True)


@cache
def _permutations() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Odd factors and offsets of 63 multiplicative hash functions mod 2⁶⁴, the same in every process."""
    count = BANDS * ROWS
    factors = [_hash(f"factor {number}".encode()) | 1 for number in range(count)]
    offsets = [_hash(f"offset {number}".encode()) for number in range(count)]
    return np.array(factors, dtype=np.uint64), np.array(offsets, dtype=np.uint64)
