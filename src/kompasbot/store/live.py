"""Follows the pointer: opens a newly published generation beside the old one and swaps them without losing a
request.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Generic, TypeVar

from kompasbot.errors import NoIndex
from kompasbot.store.manifest import current

T = TypeVar("T")
_LONGEST_WAIT: Final = 60.0
_log = logging.getLogger(__name__)


class _Held(Generic[T]):
    """An open generation with the number of those who use it."""

    def __init__(self, name: str, value: T) -> None:
        self.name = name
        self.value = value
        self.users = 0
        self.retired = False


class Live(Generic[T]):
    """The serving generation, kept open. ``open`` gets an id, ``close`` what ``open`` gave; ``poll`` is in seconds.

    A generation that can't be opened leaves the old one serving; it is tried again, ever less often.
    """

    def __init__(
        self, index_dir: Path, open: Callable[[str], T], close: Callable[[T], None], poll: float = 0.5
    ) -> None:
        self._index_dir = index_dir
        self._open = open
        self._close = close
        self._poll = poll
        self._lock = threading.Lock()
        self._held: _Held[T] | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.failure: Exception | None = None

    @property
    def current_id(self) -> str | None:
        """The id of the generation that answers now."""
        held = self._held
        return held.name if held else None

    def start(self) -> None:
        """Open the serving generation, if there is one, and follow the pointer from now on."""
        self._follow()
        self._thread = threading.Thread(target=self._watch, name="kompasbot-index", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop following and close what is open, as soon as nobody uses it."""
        self._stopping.set()
        if self._thread:
            self._thread.join(timeout=_LONGEST_WAIT)
        self._swap(None)

    @contextmanager
    def borrow(self) -> Iterator[T]:
        """The open generation; it stays open until the block ends. Raises :class:`NoIndex` when there is none."""
        with self._lock:
            held = self._held
            if held is None:
                raise self._missing()
            held.users += 1
        try:
            yield held.value
        finally:
            self._release(held)

    def _missing(self) -> Exception:
        return self.failure or NoIndex("Er is nog geen index.", "Bouw de index: kompasbot ingest.")

    def _release(self, held: _Held[T]) -> None:
        with self._lock:
            held.users -= 1
            last = held.retired and held.users == 0
        if last:
            self._close(held.value)

    def _watch(self) -> None:
        wait = self._poll
        while not self._stopping.wait(wait):
            wait = self._poll if self._follow() else min(wait * 2, _LONGEST_WAIT)

    def _follow(self) -> bool:
        """Open the generation that the pointer names, if it is another; False when that failed."""
        name = current(self._index_dir)
        if name is None or name == self.current_id:
            return True
        try:
            value = self._open(name)
        except Exception as error:
            self.failure = error
            _log.warning("generation %s can't be opened, %s keeps serving: %s", name, self.current_id, error)
            return False
        self.failure = None
        _log.info("generation %s serves", name)
        self._swap(_Held(name, value))
        return True

    def _swap(self, new: _Held[T] | None) -> None:
        with self._lock:
            old, self._held = self._held, new
            if old is None:
                return
            old.retired = True
            unused = old.users == 0
        if unused:
            self._close(old.value)
