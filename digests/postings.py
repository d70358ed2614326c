"""An inverted index over the live articles of one language, for finding stories: numpy over growable arrays.

Rows number the articles as they come. A query is one concatenation and one `bincount`, a sparse product of a vector
with the matrix of all rows: 64-bit numbers, since `bincount` would copy any others.
"""

from array import array
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Vector = Mapping[str, float]
"""Terms with their weights."""


class Postings:
    """For each term the rows that hold it and its weights there."""

    def __init__(self) -> None:
        self._rows: dict[str, array[int]] = {}
        self._weights: dict[str, array[float]] = {}

    def add(self, row: int, vector: Vector) -> None:
        """Store the vector of a row; rows must come in ascending order."""
        for term, weight in vector.items():
            if not weight:
                continue
            rows = self._rows.get(term)
            if rows is None:
                rows = self._rows[term] = array("q")
                self._weights[term] = array("d")
            rows.append(row)
            self._weights[term].append(weight)

    def products(self, vector: Vector, count: int) -> Floats:
        """The dot products of a vector with the rows 0 … count-1."""
        known = [term for term, weight in vector.items() if weight and term in self._rows]
        if not known:
            return np.zeros(count)
        rows = np.concatenate([np.frombuffer(self._rows[term], dtype=np.int64) for term in known])
        weights = np.concatenate([np.frombuffer(self._weights[term], np.float64) * vector[term] for term in known])
        return np.asarray(np.bincount(rows, weights, minlength=count), dtype=np.float64)

    def last(self, term: str) -> int | None:
        """The last row that holds a term."""
        rows = self._rows.get(term)
        return rows[-1] if rows else None

    def norms(self, story_of_row: Ints, stories: int) -> Floats:
        """The squared length of each story's sum of row vectors, shape (stories,)."""
        if not self._rows:
            return np.zeros(stories)
        lengths = [len(rows) for rows in self._rows.values()]
        rows = np.concatenate([np.frombuffer(rows, dtype=np.int64) for rows in self._rows.values()])
        weights = np.concatenate([np.frombuffer(weights, dtype=np.float64) for weights in self._weights.values()])
        cells = story_of_row[rows] * len(lengths) + np.repeat(np.arange(len(lengths)), lengths)
        found, place = np.unique(cells, return_inverse=True)
        sums = np.bincount(place, weights)
        return np.asarray(np.bincount(found // len(lengths), sums**2, minlength=stories), dtype=np.float64)

    def drop(self, before: int) -> None:
        """Forget the rows below `before` and number the others from 0."""
        for term in list(self._rows):
            rows = np.frombuffer(self._rows[term], dtype=np.int64)
            first = int(np.searchsorted(rows, before))
            kept = array("q", (rows[first:] - before).tobytes())
            del rows
            if kept:
                self._rows[term], self._weights[term] = kept, self._weights[term][first:]
            else:
                del self._rows[term], self._weights[term]
