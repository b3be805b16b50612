"""Counters of fixed size that the worker processes of one machine share.

A file that each worker maps into memory: 65,536 slots, each a key's hash, the time at which it ends and its count.
However many visitors come, it stays as large as it is: when a neighbourhood is full, the counter that ends first goes.
"""

import hashlib
import mmap
import secrets
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_SLOTS: Final = 1 << 16
_SLOT: Final = struct.Struct("<QdQ")
_PROBES: Final = 8
_HEAD: Final = struct.Struct("<Q32s")
_SIZE: Final = _HEAD.size + (_SLOTS + _PROBES) * _SLOT.size


class Table:
    """Counters that end. ``path`` is the shared file, made when missing; without one they are this process's own."""

    def __init__(self, path: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._file = path.open("a+b") if path else None
        if self._file:
            self._file.truncate(_SIZE)
        self._map = mmap.mmap(self._file.fileno() if self._file else -1, _SIZE)
        self._known: tuple[int, bytes] | None = None

    def add(self, key: str, seconds: float, amount: int = 1) -> int:
        """Count ``amount`` on a key, for ``seconds`` from its first count; returns the new count.

        A negative amount takes off, down to zero: the count it was meant for may be gone.
        """
        now, mark = self._clock(), _mark(key)
        with self._locked():
            at, found = self._find(mark, now)
            _, ends, count = found or (mark, now + seconds, 0)
            count = max(count + amount, 0)
            _SLOT.pack_into(self._map, at, mark, ends, count)
        return count

    def read(self, key: str) -> tuple[int, float]:
        """The count of a key and the time at which it ends; zero and now when it has none."""
        now = self._clock()
        with self._locked():
            _, found = self._find(_mark(key), now)
        return (found[2], found[1]) if found else (0, now)

    def drop(self, key: str) -> None:
        """Forget a key."""
        with self._locked():
            at, found = self._find(_mark(key), self._clock())
            if found:
                _SLOT.pack_into(self._map, at, 0, 0.0, 0)

    def secret(self, day: int) -> bytes:
        """The random 32 bytes of a day, the same in every process; an earlier day's are gone for good."""
        if self._known and self._known[0] == day:
            return self._known[1]
        with self._locked():
            kept, found = _HEAD.unpack_from(self._map, 0)
            if kept != day:
                found = secrets.token_bytes(32)
                _HEAD.pack_into(self._map, 0, day, found)
        self._known = (day, bytes(found))
        return self._known[1]

    def close(self) -> None:
        """Let go of the memory and the file."""
        self._map.close()
        if self._file:
            self._file.close()

    def _find(self, mark: int, now: float) -> tuple[int, tuple[int, float, int] | None]:
        """Where a key's slot is with what it holds, or None and the slot that it may take."""
        start = _HEAD.size + mark % _SLOTS * _SLOT.size
        places = range(start, start + _PROBES * _SLOT.size, _SLOT.size)
        slots = [(at, _SLOT.unpack_from(self._map, at)) for at in places]
        for at, slot in slots:
            if slot[0] == mark and slot[1] > now:
                return at, slot
        return min(slots, key=lambda one: one[1][1])[0], None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold off the other processes; within one, the event loop runs one call at a time."""
        if self._file is None or sys.platform == "win32":
            yield
            return
        import fcntl

        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)


def _mark(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little") or 1
