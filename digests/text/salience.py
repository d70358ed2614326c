"""How much each sentence of a text tells: term vectors, similarities and the scores over them, as numpy arrays."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

DAMPING = 0.85
_ROUNDS = 20


def vectors(sentences: Sequence[Sequence[str]], *, extra: Sequence[str] = ()) -> tuple[Array, Array]:
    """The sentences as rows of TF-IDF, of length one, and `extra` (a title) in the same space.

    A term's weight is (1 + ln tf) · ln((n + 1) / (df + 0.5)), with df counted over these n sentences.
    Shapes (n, terms) and (terms,); a sentence without terms is all zeros.
    """
    places: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    counts: list[int] = []
    for row, words in enumerate(sentences):
        for term, count in Counter(words).items():
            rows.append(row)
            columns.append(places.setdefault(term, len(places)))
            counts.append(count)
    matrix = np.zeros((len(sentences), max(len(places), 1)), dtype=np.float32)
    matrix[rows, columns] = 1 + np.log(np.asarray(counts, dtype=np.float32))
    idf = np.log((len(sentences) + 1) / ((matrix > 0).sum(axis=0) + 0.5)).astype(np.float32)
    aside = np.zeros(matrix.shape[1], dtype=np.float32)
    aside[[places[term] for term in set(extra) if term in places]] = 1
    return _normalized(matrix * idf), _normalized((aside * idf)[None, :])[0]


def lexrank(similarity: Array) -> Array:
    """The stationary distribution of a random walk over similar sentences, times their number: 1 is the average.

    Continuous LexRank (Erkan and Radev, 2004): the weights are the similarities themselves. Shape (n,).
    """
    count = len(similarity)
    weights = similarity.copy()
    np.fill_diagonal(weights, 0)
    totals = weights.sum(axis=1, keepdims=True)
    walk = np.where(totals > 0, weights / np.maximum(totals, 1e-9), np.float32(1 / count))
    rank = np.full(count, 1 / count, dtype=np.float32)
    for _ in range(_ROUNDS):
        rank = (1 - DAMPING) / count + DAMPING * (rank @ walk)
    return rank * count


def forward(similarity: Array) -> Array:
    """The mean similarity of each sentence to those after it, relative to the largest. Shape (n,)."""
    count = len(similarity)
    later = np.triu(similarity, 1).sum(axis=1) / np.maximum(np.arange(count - 1, -1, -1), 1)
    return (later / max(float(later.max()), 1e-9)).astype(np.float32)


def _normalized(matrix: Array) -> Array:
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.maximum(lengths, 1e-9)).astype(np.float32)
