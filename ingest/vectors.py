"""A vector for every passage: taken over where its text was embedded before, else computed and kept at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.passages import embedded_text
from kompasbot.embedding import Embedder
from kompasbot.knowledge import Passage
from kompasbot.store.vectors import Vectors

_BATCH: Final = 256
_LOCAL_BATCH: Final = 4096
"""Vectors that are kept at once: few where they cost money, many where writing them is what takes the time."""
_CHARACTERS_A_TOKEN: Final = 3
"""A careful guess for Dutch: the price that is shown is rather too high than too low."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Embedded:
    """``vectors`` has a row a passage. ``fresh`` texts had to be embedded; for an endpoint with what that cost.

    ``tokens`` is None for the embedder that needs no endpoint, ``cost`` (euro) also where the price is not known.
    """

    vectors: Matrix
    fresh: int
    tokens: int | None = None
    cost: float | None = None

    def parted(self, passages: int) -> "tuple[Embedded, Matrix]":
        """The vectors of the first so many texts, and of those behind them."""
        return replace(self, vectors=self.vectors[:passages]), self.vectors[passages:]


def embed(
    passages: Sequence[Passage],
    embedder: Embedder,
    known: Vectors,
    told: Callable[[int, int], None],
    *,
    dry: bool = False,
    per_million: float | None = None,
) -> Embedded:
    """The vectors of passages, in their order; ``told`` hears how many of how many are done.

    With ``dry`` nothing is kept, and an endpoint is not asked: what it would have to embed stays zero.
    ``per_million`` is the price of a million tokens.
    """
    found = known.get(passage.digest for passage in passages)
    missing = {passage.digest: embedded_text(passage) for passage in passages if passage.digest not in found}
    tokens, cost = price(embedder, missing.values(), per_million)
    digests = [] if dry and tokens is not None else list(missing)
    batch = _LOCAL_BATCH if tokens is None else _BATCH
    for start in range(0, len(digests), batch):
        some = digests[start : start + batch]
        rows = embedder.embed_matrix([missing[digest] for digest in some])
        fresh = dict(zip(some, rows, strict=True))
        if not dry:
            known.add(fresh)
        found |= fresh
        told(min(start + batch, len(digests)), len(digests))
    nothing = np.zeros(embedder.dimension, np.float32)
    vectors = np.zeros((len(passages), embedder.dimension), np.float32)
    for row, passage in enumerate(passages):
        vectors[row] = found.get(passage.digest, nothing)
    return Embedded(vectors, len(missing), tokens, cost)


def price(embedder: Embedder, texts: Iterable[str], per_million: float | None) -> tuple[int | None, float | None]:
    """About how many tokens an endpoint would embed, and what that costs; None for the embedder that needs none."""
    if not getattr(embedder, "remote", False):
        return None, None
    tokens = sum(len(text) // _CHARACTERS_A_TOKEN + 1 for text in texts)
    return tokens, None if per_million is None else tokens * per_million / 1e6
