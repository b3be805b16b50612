"""Text to vectors: the local Dutch embedder, behind LangChain's ``Embeddings`` interface.

The local embedder needs no model: each word adds its stem, the parts of a compound and its character n-grams,
weighted by how rare the word is in general Dutch (as in SIF; Arora and others, 2017) and hashed into a fixed number
of signed dimensions (feature hashing; Weinberger and others, 2009). The same text always gives the same vector, on
every machine.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, Protocol
from zlib import crc32

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from kompasbot.dutch import is_function_word, ngrams, parts, stem, words, zipf, zipf_english

DIMENSION: Final = 512
_PART: Final = 0.5
_NGRAMS: Final = 0.6

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]


class Embedder(Protocol):
    """What building an index needs of an embedder; ``name`` changes whenever the vectors would."""

    @property
    def name(self) -> str:
        """What the manifest records."""
        ...

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        ...

    def embed_matrix(self, texts: Sequence[str]) -> Matrix:
        """Vectors of length 1, as float32 of shape (texts, dimension); a text without words gives a fixed unit
        vector.
        """
        ...


class QuestionEmbedder(Embedder, Protocol):
    """What searching needs besides. ``remote`` says that a call may wait for an endpoint."""

    remote: bool

    def expect(self, dimension: int, tells: Callable[[str], bool]) -> None:
        """Take the length of the index's vectors as the right one, from now on; ``tells`` says whether its sources hold
        an address, number or name, which then may be sent to an endpoint.
        """
        ...

    def embed_question(self, text: str) -> Vector:
        """The vector of a visitor's question, soon or not at all: raises :class:`UpstreamError`."""
        ...

    def at_once(self, text: str) -> Vector | None:
        """The same where it is known already or takes no time, else None."""
        ...


def rarity(word: str, english: bool = False) -> float:
    """The weight of a folded word by its frequency in general Dutch: 0.1 for the commonest, 1 from rare words up.

    In an ``english`` text the language in which the word is commoner counts.
    """
    if is_function_word(word):
        return 0.05
    common = max(zipf(word), zipf_english(word)) if english else zipf(word)
    return min(1.0, max(0.1, (7.0 - common) / 4.0))


def _hashed(feature: str, weight: float) -> tuple[int, float]:
    code = crc32(feature.encode())
    return code % DIMENSION, weight if code >> 31 else -weight


@lru_cache(maxsize=8_192)
def _features(word: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The dimensions that a word adds to, and what it adds to each."""
    weight = rarity(word)
    grams = ngrams(word)
    each = _NGRAMS * weight / len(grams) ** 0.5
    features = [
        _hashed("s:" + stem(word), weight),
        *(_hashed("s:" + part, _PART * weight) for part in parts(word)),
        *(_hashed("g:" + gram, each) for gram in grams),
    ]
    places, weights = zip(*features, strict=True)
    return np.asarray(places, np.int64), np.asarray(weights, np.float64)


def _embed(text: str) -> Matrix:
    features = [_features(word) for word in words(text)]
    if not features:
        features = [(np.zeros(1, np.int64), np.ones(1))]
    places, weights = zip(*features, strict=True)
    vector = np.bincount(np.concatenate(places), np.concatenate(weights), minlength=DIMENSION)
    length = float(np.linalg.norm(vector)) or 1.0
    return (vector / length).astype(np.float32)


class LocalEmbedder(Embeddings):
    """The embedder that needs no key and no download."""

    remote = False
    name = f"lokaal-nl-1-{DIMENSION}"
    dimension = DIMENSION

    def embed_matrix(self, texts: Sequence[str]) -> Matrix:
        """Vectors of length 1, as float32 of shape (texts, 512)."""
        return np.stack([_embed(text) for text in texts]) if texts else np.zeros((0, DIMENSION), np.float32)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """As LangChain asks for them: a list of floats a text."""
        return [[float(value) for value in row] for row in self.embed_matrix(texts)]

    def expect(self, dimension: int, tells: Callable[[str], bool]) -> None:
        """Nothing to do: all vectors have the same length."""

    def embed_question(self, text: str) -> Vector:
        """The vector of a visitor's question."""
        return _embed(text)

    def at_once(self, text: str) -> Vector | None:
        """The same: it takes no time."""
        return _embed(text)

    def embed_query(self, text: str) -> list[float]:
        """The vector of one question."""
        return self.embed_documents([text])[0]


def local_embedder() -> LocalEmbedder:
    """The embedder of an index that is built without an endpoint."""
    return LocalEmbedder()
