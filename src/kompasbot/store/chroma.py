"""Chroma, in a folder or on a server: the vectors of one generation.

A folder has one building process and is never changed after publishing. Building and checking each run in a process of
their own (see :mod:`kompasbot.store.child`), because a damaged folder has been seen to take its process down.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kompasbot.store.place import DRAFT

_COLLECTION: Final = "passages"
_BATCH: Final = 1000
_NUMBERS: Final = 1_000_000
"""So many numbers travel in one request at the most: a server refuses what is larger than 40 MB."""
_AT_BUILDING: Final = 64
_AT_SEARCHING: Final = 256
"""How wide the graph is searched for neighbours when a vector is added, and when one is asked for."""


def connect(folder: Path) -> Any:
    """A client on a folder, without telemetry."""
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False))


def fill(folder: Path, url: str | None, vectors: NDArray[np.float32]) -> None:
    """Add all vectors to the new generation in ``folder``, each under its row's number and with nothing else."""
    client, configuration = None, _configuration(len(vectors))
    if url:
        from kompasbot.store.server import ChromaServer

        collection = ChromaServer.at(url).create(_name(folder), configuration)
    else:
        client = connect(folder / "chroma")
        collection = client.create_collection(_COLLECTION, embedding_function=None, configuration=configuration)
    batch = at_once(vectors)
    for start in range(0, len(vectors), batch):
        some = vectors[start : start + batch]
        collection.add(ids=[str(start + row) for row in range(len(some))], embeddings=some)
    if client:
        client.close()


def at_once(vectors: NDArray[np.float32]) -> int:
    """How many vectors are added, or read back, in one request."""
    dimension: int = vectors.shape[1]
    return max(1, min(_BATCH, _NUMBERS // dimension))


def _configuration(passages: int) -> dict[str, dict[str, Any]]:
    """Chroma writes its graph each time that ``sync_threshold`` vectors were added, and adds the rest anew whenever it
    is opened: so it has to write once, when all are there.
    """
    return {
        "hnsw": {
            "space": "cosine",
            "ef_construction": _AT_BUILDING,
            "ef_search": _AT_SEARCHING,
            "sync_threshold": max(1, passages),
        }
    }


def _name(folder: Path) -> str:
    return folder.name.removesuffix(DRAFT)


class Collection:
    """The vectors of the generation in ``folder``, open for questions; ``brisk`` where a visitor waits for a server."""

    def __init__(self, folder: Path, url: str | None = None, brisk: bool = False) -> None:
        self._client: Any = None
        if url:
            from kompasbot.store.server import ChromaServer

            self._collection = ChromaServer.at(url).collection(_name(folder), brisk)
        else:
            self._client = connect(folder / "chroma")
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)

    def count(self) -> int:
        """How many vectors Chroma itself says it has."""
        return int(self._collection.count())

    def vectors(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """The vectors that Chroma keeps for these rows, in their order, as many as it has."""
        kept = self._collection.get(ids=[str(row) for row in dict.fromkeys(rows)], include=["embeddings"])
        by_row = dict(zip(map(int, kept["ids"]), np.asarray(kept["embeddings"], np.float32), strict=True))
        return np.asarray([by_row[row] for row in rows if row in by_row], np.float32)

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The rows of the ``k`` nearest vectors with their cosine likeness, nearest first."""
        if k < 1:
            return []
        found = self._collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        return [(int(row), 1.0 - float(far)) for row, far in zip(found["ids"][0], found["distances"][0], strict=True)]

    def close(self) -> None:
        """Close the client of a folder; that of a server is shared and stays open."""
        if self._client:
            self._client.close()
