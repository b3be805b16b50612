"""An inverted index as plain arrays: which units hold a term, and with what impact.

The arrays are built once at ingestion, stored beside the vectors and read memory-mapped.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

K1: Final = 1.2
B: Final = 0.6

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Postings:
    """Terms in order of their number; the units of term t are ``units[starts[t]:starts[t + 1]]`` with their
    ``impacts``.

    ``impacts`` are BM25's share of an occurrence, from 0 to 1 (its tf part without the idf), and ``idf`` is per
    term.
    """

    vocabulary: Mapping[str, int]
    starts: NDArray[np.int64]
    units: NDArray[np.int32]
    impacts: Floats
    idf: Floats
    size: int
    filled: int
    """How many units hold any term; the others, such as documents among items, do not make a term rarer."""

    def rows(self, term: str) -> tuple[NDArray[np.int32], Floats]:
        """The units that hold a term and their impacts; empty arrays for an unknown term."""
        number = self.vocabulary.get(term)
        if number is None:
            return self.units[:0], self.impacts[:0]
        span = slice(int(self.starts[number]), int(self.starts[number + 1]))
        return self.units[span], self.impacts[span]

    def rareness(self, term: str) -> float:
        """The idf of a term; an unknown one counts as rare as a term of one unit."""
        number = self.vocabulary.get(term)
        return float(self.idf[number]) if number is not None else float(np.log(1 + (self.filled + 0.5) / 1.5))


def build(texts: Iterable[Mapping[str, float]], size: int) -> dict[str, NDArray[np.generic]]:
    """Arrays of an inverted index over the weighted terms of ``size`` units, by BM25 (Robertson and Zaragoza,
    2009).
    """
    vocabulary: dict[str, int] = {}
    numbers, weights = array("i"), array("d")
    terms_of = np.zeros(size, np.int64)
    lengths = np.zeros(size, np.float64)
    for unit, weighted in enumerate(texts):
        numbers.extend([vocabulary.setdefault(term, len(vocabulary)) for term in weighted])
        weights.extend(weighted.values())
        terms_of[unit] = len(weighted)
        lengths[unit] = sum(weighted.values())
    term_of = np.frombuffer(numbers, np.int32) if numbers else np.zeros(0, np.int32)
    order = np.argsort(term_of, kind="stable")
    units = np.repeat(np.arange(size, dtype=np.int32), terms_of)[order]
    counts = np.asarray(weights, np.float64)[order]
    frequency = np.bincount(term_of, minlength=len(vocabulary))
    filled = lengths[lengths > 0]
    norm = K1 * (1 - B + B * lengths / (filled.mean() if len(filled) else 1.0))
    return {
        "vocabulary": np.frombuffer("\n".join(vocabulary).encode(), np.uint8),
        "starts": np.concatenate([[0], np.cumsum(frequency)]).astype(np.int64),
        "units": units,
        "impacts": (counts / (counts + norm[units])).astype(np.float32) if size else np.zeros(0, np.float32),
        "idf": np.log(1 + (len(filled) - frequency + 0.5) / (frequency + 0.5)).astype(np.float32),
        "size": np.asarray([size, len(filled)], np.int64),
    }


def load(arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> Postings:
    """The inverted index whose arrays stand under ``prefix.`` in ``arrays``."""
    names: Sequence[str] = bytes(arrays[f"{prefix}.vocabulary"]).decode().split("\n")
    return Postings(
        {name: number for number, name in enumerate(names) if name},
        arrays[f"{prefix}.starts"].astype(np.int64, copy=False),
        arrays[f"{prefix}.units"].astype(np.int32, copy=False),
        arrays[f"{prefix}.impacts"].astype(np.float32, copy=False),
        arrays[f"{prefix}.idf"].astype(np.float32, copy=False),
        int(arrays[f"{prefix}.size"][0]),
        int(arrays[f"{prefix}.size"][-1]),
    )
