"""Vectors that stand with the corpus, so that a first ingestion need not compute them: a file an embedder, in the
hidden folder ``.vectoren``, made by ``kompasbot index vectors``.

Each row is found by the digest of its text, so one whose text has changed is never used. Numbers are kept in 8 bits:
the likeness of two texts then differs by less than 0.003.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kompasbot.errors import KompasbotError, reason_of
from kompasbot.store.vectors import file_name

FOLDER: Final = ".vectoren"
_LARGEST: Final = 127
_log = logging.getLogger(__name__)

Matrix = NDArray[np.float32]


def read_vectors(corpus: Path, embedder: str, dimension: int) -> dict[str, Matrix]:
    """The vectors of length 1, as float32, by the digest of their text; none from a file that is damaged."""
    path = _path(corpus, embedder, dimension)
    if not path.is_file():
        return {}
    try:
        rows = np.load(path, allow_pickle=False)
        if rows.dtype != _row(dimension):
            raise ValueError("its rows are of another kind")
    except (OSError, ValueError, EOFError) as error:
        _log.warning("the vectors in %s can't be used, they are computed anew: %s", path, error)
        return {}
    vectors = rows["vector"].astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return {digest.decode("ascii"): vector for digest, vector in zip(rows["digest"].tolist(), vectors, strict=True)}


def write_vectors(corpus: Path, embedder: str, vectors: Mapping[str, Matrix]) -> Path:
    """Write the vectors of texts by their digests; the same ones always give the same file.

    Raises :class:`KompasbotError` when it can't be written.
    """
    digests = sorted(vectors)
    kept = np.stack([vectors[digest] for digest in digests])
    rows = np.zeros(len(digests), _row(kept.shape[1]))
    rows["digest"] = digests
    rows["vector"] = np.rint(kept * (_LARGEST / np.abs(kept).max(axis=1, keepdims=True)))
    path = _path(corpus, embedder, kept.shape[1])
    try:
        path.parent.mkdir(exist_ok=True)
        np.save(path, rows)
    except OSError as error:
        raise KompasbotError(
            f"De vectoren zijn niet te schrijven in '{path}': {reason_of(error)}.",
            "Controleer de schijfruimte en de rechten van de map met de factsheets.",
        ) from error
    return path


def _row(dimension: int) -> np.dtype[np.void]:
    return np.dtype([("digest", "S32"), ("vector", np.int8, (dimension,))])


def _path(corpus: Path, embedder: str, dimension: int) -> Path:
    return corpus / FOLDER / f"{file_name(embedder, dimension)}.npy"
