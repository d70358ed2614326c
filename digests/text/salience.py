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
    """Sentences as vectors of their terms, sparse: `values[k]` stands in row `rows[k]` and column `columns[k]`.

    A row is the TF-IDF of a sentence, of length one, or zeros where it has no terms: a term's weight is
    √tf · ln((n + 1) / (df + 0.5)), df counted over these n sentences. `similarity` has the cosines of the rows, (n, n);
    its diagonal is one.
    """

    places: dict[str, int]
    idf: Array
    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    values: Array
    similarity: Array

    def to(self, terms: Sequence[str]) -> tuple[Array, Array]:
        """How near each sentence is to other words, a title's: by cosine, and by the share of the words it has."""
        asked = set(terms)
        columns = np.array([self.places[term] for term in asked if term in self.places], dtype=np.intp)
        count = len(self.similarity)
        if not len(columns):
            nothing = np.zeros(count, dtype=np.float32)
            return nothing, nothing
        weights = np.zeros(len(self.idf), dtype=np.float32)
        weights[columns] = self.idf[columns] / np.linalg.norm(self.idf[columns])
        at = weights[self.columns]
        cosine = np.bincount(self.rows, self.values * at, minlength=count)
        share = np.bincount(self.rows, at > 0, minlength=count) / len(asked)
        return cosine.astype(np.float32), share.astype(np.float32)


def space(sentences: Sequence[Sequence[str]]) -> Space:
    """The space of the terms of at least one sentence."""
    count = len(sentences)
    places: dict[str, int] = {}
    found = [places.setdefault(term, len(places)) for words in sentences for term in words]
    width = max(len(places), 1)
    spread = np.repeat(np.arange(count) * width, [len(words) for words in sentences])
    cells, counts = np.unique(spread + np.array(found, dtype=np.intp), return_counts=True)
    rows, columns = np.divmod(cells, width)
    document_counts = np.bincount(columns, minlength=width)
    idf = np.log((count + 1) / (document_counts + 0.5)).astype(np.float32)
    values = np.sqrt(counts).astype(np.float32) * idf[columns]
    lengths = np.sqrt(np.bincount(rows, values * values, minlength=count))
    values /= np.maximum(lengths, 1e-9)[rows].astype(np.float32)
    return Space(places, idf, rows, columns, values, _cosines(rows, columns, values, count, document_counts > 1))


def _cosines(
    rows: npt.NDArray[np.intp],
    columns: npt.NDArray[np.intp],
    values: Array,
    count: int,
    shared: npt.NDArray[np.bool_],
) -> Array:
    """The cosines of all rows, by the columns alone that two of them share."""
    kept = shared[columns]
    dense = np.zeros((count, int(shared.sum())), dtype=np.float32)
    dense[rows[kept], (np.cumsum(shared) - 1)[columns[kept]]] = values[kept]
    similarity: Array = dense @ dense.T
    np.fill_diagonal(similarity, 1)
    return similarity


def lexrank(similarity: Array) -> Array:
    """The stationary distribution of a random walk over similar sentences, times their number: 1 is the average.

    Continuous LexRank (Erkan and Radev, 2004): the weights are the similarities themselves.
    """
    count = len(similarity)
    weights = similarity.copy()
    np.fill_diagonal(weights, 0)
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
