"""Exact search: compares a vector with every other one."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]


class ExactSearch:
    """Search over the vectors of a generation's file, which is mapped into memory and shared by all processes.

    ``groups`` are rows that are searched apart; other rows are not searched.
    """

    def __init__(self, path: Path, groups: Sequence[Rows]) -> None:
        self._all: NDArray[np.float32] = np.load(path, mmap_mode="r")
        self._vectors = self._all
        rows = np.concatenate(groups) if groups else np.zeros(0, np.intp)
        if len(rows) < len(self._vectors):
            self._vectors = self._vectors[rows]
            starts = np.cumsum([0, *map(len, groups)])
            places = [np.arange(start, start + len(group)) for start, group in zip(starts, groups, strict=False)]
        else:
            places = list(groups)
        self._groups = list(zip(places, groups, strict=True))

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The rows of the ``k`` nearest vectors of each group with their cosine likeness, nearest first; of equals the
        first row.
        """
        length = float(np.linalg.norm(vector))
        if k < 1 or length == 0.0:
            return []
        likeness = self._vectors @ (vector / length)
        found = [pair for places, rows in self._groups for pair in _highest(likeness[places], rows, k)]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def vectors(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """The vectors of any rows of the file, in their order."""
        return np.asarray(self._all[np.asarray(rows, np.intp)])

    def close(self) -> None:
        """Nothing to do: the mapping ends with the last reference to it."""


def _highest(likeness: NDArray[np.float32], rows: Rows, k: int) -> list[tuple[int, float]]:
    if k < len(rows):
        some = np.argpartition(-likeness, k - 1)[:k]
        likeness, rows = likeness[some], rows[some]
    return list(zip(rows.tolist(), likeness.tolist(), strict=True))
