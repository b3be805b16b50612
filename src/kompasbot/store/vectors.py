"""Vectors by the digest of their text, kept outside Chroma: what was embedded once is never embedded again.

One SQLite file an embedder, written batch by batch, so that an ingestion that is cut off goes on where it was.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kompasbot.errors import KompasbotError

_AT_ONCE: Final = 500
_PAGE_BYTES: Final = 16_384
_WAIT_SECONDS: Final = 10.0
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9._-]+")


def file_name(embedder: str, dimension: int) -> str:
    """The name, without its ending, of a file with vectors of an embedder."""
    return f"{_NOT_IN_NAMES.sub('-', embedder)}-{dimension}"


class Vectors:
    """The vectors of one embedder; rows are float32 of its dimension. Only used under the ingestion's lock."""

    def __init__(self, folder: Path, embedder: str, dimension: int) -> None:
        self._path = folder / f"{file_name(embedder, dimension)}.sqlite"
        self._bytes = 4 * dimension

    def get(self, digests: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors that are known of these digests; a file that is damaged knows none."""
        wanted = list(dict.fromkeys(digests))
        if not self._path.is_file():
            return {}
        try:
            with self._open() as db:
                return dict(self._found(db, wanted))
        except sqlite3.DatabaseError:
            return {}

    def _found(self, db: sqlite3.Connection, wanted: Sequence[str]) -> Iterator[tuple[str, NDArray[np.float32]]]:
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            for digest, vector in db.execute(f"SELECT digest, vector FROM vectors WHERE digest IN ({marks})", some):
                if len(vector) == self._bytes:
                    yield digest, np.frombuffer(vector, np.float32)

    def add(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors by their digests; a damaged file is replaced."""
        rows = [(digest, vector.astype(np.float32).tobytes()) for digest, vector in vectors.items()]
        try:
            self._insert(rows)
        except sqlite3.OperationalError as error:
            raise _unwritable(self._path, error) from error
        except sqlite3.DatabaseError:
            self._path.unlink(missing_ok=True)
            self._insert(rows)

    def _insert(self, rows: Sequence[tuple[str, bytes]]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as db, db:
            db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def keep(self, digests: Iterable[str]) -> int:
        """Forget all vectors but these; returns how many went."""
        if not self._path.is_file():
            return 0
        try:
            with self._open() as db:
                with db:
                    db.execute("CREATE TEMP TABLE kept (digest TEXT PRIMARY KEY)")
                    db.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((digest,) for digest in digests))
                    gone = db.execute("DELETE FROM vectors WHERE digest NOT IN (SELECT digest FROM kept)").rowcount
                if gone:
                    db.execute("VACUUM")
                return gone
        except sqlite3.DatabaseError as error:
            raise _unwritable(self._path, error) from error

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=_WAIT_SECONDS)
        try:
            db.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
            db.execute("CREATE TABLE IF NOT EXISTS vectors (digest TEXT PRIMARY KEY, vector BLOB NOT NULL)")
            yield db
        finally:
            db.close()


def _unwritable(path: Path, error: sqlite3.Error) -> KompasbotError:
    return KompasbotError(
        f"De vectoren in '{path}' zijn niet te bewaren: {error}.",
        "Controleer de schijfruimte en de rechten en probeer het opnieuw; de index in gebruik is niet veranderd.",
    )
