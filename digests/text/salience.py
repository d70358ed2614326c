"""How much each sentence of a text tells: term vectors, similarities and the scores over them, as numpy arrays.

Shapes are (n,) or (n, terms) for n sentences; all values are float32.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

DAMPING = 0.85
_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Space:
    """Sentences as vectors of their terms.

    `vectors` has a row of TF-IDF, of length one, for each sentence, zeros where it has no terms: a term's weight is
    √tf · ln((n + 1) / (df + 0.5)), df counted over these n sentences. `similarity` has their cosines.
    """

    places: dict[str, int]
    idf: Array
    vectors: Array
    similarity: Array

    def to(self, terms: Sequence[str]) -> tuple[Array, Array]:
        """How near each sentence is to other words, a title's: by cosine, and by the share of the words it has."""
        columns = [self.places[term] for term in set(terms) if term in self.places]
        if not columns:
            nothing = np.zeros(len(self.vectors), dtype=np.float32)
            return nothing, nothing
        weights, found = self.idf[columns], self.vectors[:, columns]
        share = (found > 0).sum(axis=1, dtype=np.float32) / len(set(terms))
        return found @ (weights / np.linalg.norm(weights)), share


def space(sentences: Sequence[Sequence[str]]) -> Space:
    """The space of the terms of at least one sentence."""
    places: dict[str, int] = {}
    columns = [places.setdefault(term, len(places)) for words in sentences for term in words]
    rows = np.repeat(np.arange(len(sentences)), [len(words) for words in sentences])
    width = max(len(places), 1)
    cells = np.bincount(rows * width + np.array(columns, dtype=np.intp), minlength=len(sentences) * width)
    counts = cells.reshape(len(sentences), width)
    idf = np.log((len(sentences) + 1) / ((counts > 0).sum(axis=0) + 0.5)).astype(np.float32)
    weighted = np.sqrt(counts, dtype=np.float32) * idf
    weighted /= np.maximum(np.sqrt(np.einsum("ij,ij->i", weighted, weighted)), 1e-9)[:, None]
    return Space(places, idf, weighted, weighted @ weighted.T)


def lexrank(similarity: Array) -> Array:
    """The stationary distribution of a random walk over similar sentences, times their number: 1 is the average.

    Continuous LexRank (Erkan and Radev, 2004): the weights are the similarities themselves.
    """
    count = len(similarity)
    weights = similarity - np.diag(np.diag(similarity))
    totals = weights.sum(axis=1, keepdims=True)
    walk = np.where(totals > 0, weights / np.maximum(totals, 1e-9), np.float32(1 / count)) * np.float32(DAMPING)
    rank = np.full(count, 1, dtype=np.float32)
    for _ in range(_ROUNDS):
        rank = rank @ walk + np.float32(1 - DAMPING)
    return rank


def forward(similarity: Array) -> Array:
    """The mean similarity of each sentence to those after it, relative to the largest (PacSum, 2019)."""
    count = len(similarity)
    later = np.triu(similarity, 1).sum(axis=1) / np.maximum(np.arange(count - 1, -1, -1), 1)
    relative: Array = (later / max(float(later.max()), 1e-9)).astype(np.float32)
    return relative
