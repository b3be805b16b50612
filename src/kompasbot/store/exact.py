"""Exact search: compares a vector with every other one."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class ExactSearch:
    """Search over the vectors of a generation's file, which is mapped into memory and shared by all processes."""

    def __init__(self, path: Path) -> None:
        self._vectors: NDArray[np.float32] = np.load(path, mmap_mode="r")

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The rows of the ``k`` nearest vectors with their cosine likeness, nearest first; of equals the first row."""
        k = min(k, len(self._vectors))
        length = float(np.linalg.norm(vector))
        if k < 1 or length == 0.0:
            return []
        likeness = self._vectors @ (vector / length)
        rows = np.sort(np.argpartition(-likeness, k - 1)[:k])
        rows = rows[np.argsort(-likeness[rows], kind="stable")]
        return list(zip(rows.tolist(), likeness[rows].tolist(), strict=True))

    def close(self) -> None:
        """Nothing to do: the mapping ends with the last reference to it."""
