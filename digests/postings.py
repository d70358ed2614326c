"""An inverted index over the live articles of one language, for finding stories: numpy over growable arrays.

Rows number the articles as they come. Rows of articles that are too old are dropped now and then, all at once.
"""

from array import array
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


class Postings:
    """For each term the rows that hold it, with their weights; `similarities` is a sparse matrix-vector product."""

    def __init__(self) -> None:
        self._rows: dict[str, array[int]] = {}
        self._weights: dict[str, array[float]] = {}

    def add(self, row: int, vector: Mapping[str, float]) -> None:
        """Store the vector of a row; rows must grow."""
        for term, weight in vector.items():
            rows = self._rows.get(term)
            if rows is None:
                rows = self._rows[term] = array("i")
                self._weights[term] = array("f")
            rows.append(row)
            self._weights[term].append(weight)

    def similarities(self, vector: Mapping[str, float], size: int) -> Floats:
        """The dot product of a vector with each of the rows 0 … size-1."""
        found = [
            (rows, self._weights[term], weight) for term, weight in vector.items() if (rows := self._rows.get(term))
        ]
        if not found:
            return np.zeros(size)
        places = np.concatenate([np.frombuffer(rows, dtype=np.int32) for rows, _, _ in found])
        products = np.concatenate([np.frombuffer(weights, dtype=np.float32) * weight for _, weights, weight in found])
        return np.bincount(places, products, minlength=size)

    def drop(self, before: int) -> None:
        """Forget the rows below `before` and number the others from 0."""
        for term in list(self._rows):
            rows = np.frombuffer(self._rows[term], dtype=np.int32)
            keep = int(np.searchsorted(rows, before))
            kept = (rows[keep:] - before).astype(np.int32)
            del rows
            if len(kept):
                self._rows[term] = array("i", kept.tobytes())
                self._weights[term] = self._weights[term][keep:]
            else:
                del self._rows[term], self._weights[term]
