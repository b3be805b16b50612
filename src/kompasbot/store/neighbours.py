"""Who is near a vector: by a Chroma server, or by this machine's own copy of the vectors while that does not answer."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from kompasbot.breaker import Breaker
from kompasbot.errors import UpstreamError

T = TypeVar("T")
Matrix = NDArray[np.float32]

_FAILURES: Final = 1
_SKIP_SECONDS: Final = 5.0
"""A server that failed once is skipped for so many seconds, and then tried again."""
_log = logging.getLogger(__name__)


class Asking(Protocol):
    """What can be asked for neighbours: Chroma, a search over all vectors, or one of them in the other's place."""

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The rows of the ``k`` nearest vectors with their cosine likeness."""

    def vectors(self, rows: Sequence[int]) -> Matrix:
        """The vectors of these rows, in their order, as float32 of shape (rows, dimension)."""

    def close(self) -> None:
        """Let go of it."""


class Beside:
    """Two searches side by side: what the first holds is found by it alone, the rest by the second."""

    def __init__(self, first: Asking, second: Asking) -> None:
        self._first = first
        self._second = second

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The rows that either finds with their cosine likeness, nearest first; raises what the second raises."""
        found = {**dict(self._second.nearest(vector, k)), **dict(self._first.nearest(vector, k))}
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))

    def vectors(self, rows: Sequence[int]) -> Matrix:
        """The vectors of these rows, from the first: it maps the file with all of them."""
        return self._first.vectors(rows)

    def close(self) -> None:
        """Let go of both."""
        self._first.close()
        self._second.close()


class Neighbours:
    """Asks a Chroma server that may be gone; ``connect`` is called at the first question, ``own`` searches
    the copy on this machine, if there is one.
    """

    def __init__(
        self, connect: Callable[[], Asking], own: Asking | None = None, breaker: Breaker | None = None
    ) -> None:
        self._connect = connect
        self._own = own
        self._breaker = breaker or Breaker(_FAILURES, _SKIP_SECONDS)
        self._asking: Asking | None = None

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The rows of the ``k`` nearest vectors with their cosine likeness, nearest first.

        Raises :class:`UpstreamError` when the server does not answer and there is no copy here.
        """
        if self._own is not None and self._breaker.tripped:
            if self._breaker.allows():
                again = (lambda asking: asking.nearest(vector, k),)
                threading.Thread(target=self._tried, args=again, name="kompasbot-chroma", daemon=True).start()
            return self._own.nearest(vector, k)
        found = self._tried(lambda asking: asking.nearest(vector, k)) if self._breaker.allows() else None
        if found is not None:
            return found
        if self._own is None:
            raise _gone()
        return self._own.nearest(vector, k)

    def vectors(self, rows: Sequence[int]) -> Matrix:
        """The vectors of these rows, from the copy on this machine if there is one.

        Raises :class:`UpstreamError` when there is none and the server does not answer.
        """
        if self._own is not None:
            return self._own.vectors(rows)
        found = self._tried(lambda asking: asking.vectors(rows)) if self._breaker.allows() else None
        if found is None:
            raise _gone()
        return found

    def _tried(self, ask: Callable[[Asking], T]) -> T | None:
        try:
            if self._asking is None:
                self._asking = self._connect()
            found = ask(self._asking)
        except Exception as error:  # the client raises what httpx, JSON and the server may raise
            self._lost(error)
            return None
        self._found()
        return found

    def close(self) -> None:
        """Let go of the server."""
        if self._asking:
            self._asking.close()

    def _lost(self, error: Exception) -> None:
        known = self._breaker.tripped
        self._breaker.failed()
        if not known:
            instead = "from words alone" if self._own is None else "from the copy of the vectors on this machine"
            _log.warning("the Chroma server does not answer (%s): answering %s", type(error).__name__, instead)

    def _found(self) -> None:
        known = self._breaker.tripped
        self._breaker.succeeded()
        if known:
            _log.info("the Chroma server answers questions again")


def _gone() -> UpstreamError:
    return UpstreamError("De Chroma-server antwoordt niet.", "Controleer of hij draait.")
