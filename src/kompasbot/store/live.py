"""Follows the pointer: opens a newly published generation beside the old one and swaps them without losing a
request.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, Generic, TypeVar

from kompasbot.errors import IndexMismatch, NoIndex, UpstreamError
from kompasbot.store.place import Place, Where, current, earlier, remember, remembered

T = TypeVar("T")
_LONGEST_WAIT: Final = 60.0
_SERVER_WAIT: Final = 2.0
"""The pause between attempts while the server of the generations does not answer."""
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

    A generation that can't be opened leaves the old one serving, or at the start the newest before it that can be; it
    is tried again, ever less often.
    """

    def __init__(self, where: Where, open: Callable[[str], T], close: Callable[[T], None], poll: float = 0.5) -> None:
        self._where = where
        self._open = open
        self._close = close
        self._poll = poll
        self._lock = threading.Lock()
        self._held: _Held[T] | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.failure: Exception | None = None
        """Why the newest generation can't be opened."""
        self.lost: Exception | None = None
        """Why the server of the generations does not answer."""

    @property
    def current_id(self) -> str | None:
        """The id of the generation that answers now."""
        held = self._held
        return held.name if held else None

    @property
    def has_server(self) -> bool:
        """Whether the generations stand on a Chroma server."""
        return Place.of(self._where).url is not None

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
        if self.lost or isinstance(self.failure, UpstreamError):
            # What failed names the server's address, which is not for visitors; it stands in the log.
            return NoIndex("Er is nog geen index: de server waar die staat, antwoordt niet.", "Probeer het zo opnieuw.")
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
            wait = self._poll if self._follow() else min(wait * 2, _SERVER_WAIT if self.lost else _LONGEST_WAIT)

    def _follow(self) -> bool:
        """Open the generation that the pointer names, if it is another; False when that failed."""
        try:
            name = current(self._where)
        except Exception as error:
            self._without_server(error)
            return False
        if self.lost:
            _log.info("the server of the generations answers again")
            self.lost = None
        if name == self.current_id:
            self.failure = None
        if name is None or name == self.current_id:
            return True
        if self._try(name):
            self.failure = None
            return True
        self._fall_back(name)
        return False

    def _without_server(self, error: Exception) -> None:
        """Go on with what serves, or at the start with what last served from here, if that is still here."""
        last = remembered(self._where) if self._held is None else None
        if self.lost is None:
            _log.warning("the server of the generations does not answer, %s serves: %s", self.current_id or last, error)
        self.lost = error
        if last:
            self._try(last)

    def _try(self, name: str) -> bool:
        try:
            value = self._open(name)
        except Exception as error:
            self.failure = error
            _log.warning("generation %s can't be opened, %s keeps serving: %s", name, self.current_id, error)
            return False
        _log.info("generation %s serves", name)
        self._swap(_Held(name, value))
        with suppress(OSError):  # a full disk: then a start without the server finds nothing, that is all
            remember(self._where, name)
        return True

    def _fall_back(self, name: str) -> None:
        """Where nothing serves yet, open the newest generation before a damaged one.

        Not for one of another embedder: what was built before would be stale in a way that nobody sees.
        """
        if self._held is not None or isinstance(self.failure, IndexMismatch):
            return
        failure = self.failure
        try:
            older = earlier(self._where, name)
        except Exception:  # the server of the generations does not answer: try again later
            return
        if any(self._try(one) for one in older):
            self.failure = failure

    def _swap(self, new: _Held[T] | None) -> None:
        with self._lock:
            old, self._held = self._held, new
            if old is None:
                return
            old.retired = True
            unused = old.users == 0
        if unused:
            self._close(old.value)
