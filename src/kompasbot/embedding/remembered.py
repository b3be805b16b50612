"""The vectors of texts that were asked before: the least recently used go first, bounded in bytes."""

import threading
from collections import OrderedDict
from hashlib import blake2b
from typing import Final

from kompasbot.embedding.local import Vector

_ENTRY_BYTES: Final = 400
"""About what an entry takes beside its numbers (measured with ``tracemalloc``)."""


class Remembered:
    """Vectors by their text, of which only a digest is kept. Safe to use from several threads."""

    def __init__(self, most_bytes: int = 4_000_000) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[bytes, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, text: str) -> Vector | None:
        """The vector of a text, or None when it is not known (any more)."""
        key = _key(text)
        with self._lock:
            vector = self._kept.get(key)
            if vector is not None:
                self._kept.move_to_end(key)
            return vector

    def add(self, text: str, vector: Vector) -> None:
        """Keep a vector, which from now on can't be changed."""
        vector.flags.writeable = False
        key = _key(text)
        with self._lock:
            old = self._kept.pop(key, None)
            if old is not None:
                self._bytes -= _size(old)
            self._kept[key] = vector
            self._bytes += _size(vector)
            while self._bytes > self._most:
                self._bytes -= _size(self._kept.popitem(last=False)[1])


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _size(vector: Vector) -> int:
    return vector.nbytes + _ENTRY_BYTES
