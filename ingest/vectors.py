"""A vector for every text: taken over where it was embedded before, else computed and kept at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.passages import digest_of
from kompasbot.embedding import Embedder, LocalEmbedder
from kompasbot.store.vectors import Vectors

_BATCH: Final = 256
_HASHED_BATCH: Final = 4096
"""Vectors that are kept at once: few where they cost money or time, many where writing them is what takes the time."""
_CHARACTERS_A_TOKEN: Final = 3
"""A careful guess for Dutch: the price that is shown is rather too high than too low."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Embedded:
    """``vectors`` has a row a text; ``by_digest`` has the same ones by the digests of the texts.

    ``fresh`` texts had to be embedded, for an endpoint with what that cost: ``tokens`` is None for the embedder that
    needs no endpoint, ``cost`` (euro) also where the price is not known.
    """

    vectors: Matrix
    fresh: int
    tokens: int | None = None
    cost: float | None = None
    by_digest: Mapping[str, Matrix] = field(default_factory=dict)

    def parted(self, passages: int) -> "tuple[Embedded, Matrix]":
        """The vectors of the first so many texts, and of those behind them."""
        return replace(self, vectors=self.vectors[:passages]), self.vectors[passages:]


def embed(
    texts: Sequence[str],
    embedder: Embedder,
    known: Vectors,
    told: Callable[[int, int], None],
    *,
    shipped: Mapping[str, Matrix] = MappingProxyType({}),
    dry: bool = False,
    per_million: float | None = None,
) -> Embedded:
    """The vectors of texts, in their order; ``told`` hears how many of how many are done.

    They are looked for among those ``known`` on this machine and those ``shipped`` with the corpus, by digest.
    With ``dry`` nothing is kept, and an endpoint is not asked: what it would have to embed stays zero.
    ``per_million`` is the price of a million tokens.
    """
    by_digest = {digest_of(text): text for text in texts}
    found = {digest: shipped[digest] for digest in by_digest if digest in shipped} | known.get(by_digest)
    missing = {digest: text for digest, text in by_digest.items() if digest not in found}
    tokens, cost = price(embedder, missing.values(), per_million)
    digests = [] if dry and tokens is not None else list(missing)
    batch = _HASHED_BATCH if isinstance(embedder, LocalEmbedder) else _BATCH
    for start in range(0, len(digests), batch):
        some = digests[start : start + batch]
        rows = embedder.embed_matrix([missing[digest] for digest in some])
        fresh = dict(zip(some, rows, strict=True))
        if not dry:
            known.add(fresh)
        found |= fresh
        told(min(start + batch, len(digests)), len(digests))
    nothing = np.zeros(embedder.dimension, np.float32)
    vectors = np.zeros((len(texts), embedder.dimension), np.float32)
    for row, text in enumerate(texts):
        vectors[row] = found.get(digest_of(text), nothing)
    return Embedded(vectors, len(missing), tokens, cost, found)


def price(embedder: Embedder, texts: Iterable[str], per_million: float | None) -> tuple[int | None, float | None]:
    """About how many tokens an endpoint would embed, and what that costs; None for the embedder that needs none."""
    if not getattr(embedder, "remote", False):
        return None, None
    tokens = sum(len(text) // _CHARACTERS_A_TOKEN + 1 for text in texts)
    return tokens, None if per_million is None else tokens * per_million / 1e6
