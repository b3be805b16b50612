"""Who may go to the database: few at once, and one at a time while a database server is known to be gone."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kompasbot.breaker import Breaker
from kompasbot.errors import RecordsFailure

_AT_ONCE: Final = 12
"""So many records are kept at once; each holds a thread that others need too."""
_WAIT_SECONDS: Final = 2.0
"""So long the next one waits for a place."""
_log = logging.getLogger(__name__)


class Turns:
    """Turns at one database; ``url`` is None for a file, which is always there.

    While a server is gone one at a time tries it; the others are turned away at once, so that they do not pile up.
    """

    def __init__(self, url: str | None) -> None:
        self._room = threading.BoundedSemaphore(_AT_ONCE)
        self._breaker = Breaker(1, 0.0) if url and not url.startswith("sqlite") else None

    @property
    def answers(self) -> bool | None:
        """Whether the database server answers, as far as was seen; None when the database is a file."""
        return not self._breaker.tripped if self._breaker else None

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take a turn; raises :class:`RecordsFailure` when another tries a server that is gone, or too many wait.

        What the block raises tells whether the server answered: a :class:`RecordsFailure` has its cause with it.
        """
        if not self._room.acquire(timeout=_WAIT_SECONDS):
            raise not_kept()
        try:
            if self._breaker and not self._breaker.allows():
                raise not_kept()
            try:
                yield
            except RecordsFailure as failure:
                self._went(not gone(failure.__cause__))
                raise
            except BaseException:  # the database answered; what it said was not good for the caller
                self._went(True)
                raise
            self._went(True)
        finally:
            self._room.release()

    def _went(self, well: bool) -> None:
        if self._breaker is None:
            return
        known = self._breaker.tripped
        if well:
            self._breaker.succeeded()
            if known:
                _log.info("the database answers again")
            return
        self._breaker.failed()
        if not known:
            _log.warning("the database does not answer: visitors are asked to try again later")


def not_kept() -> RecordsFailure:
    """What a visitor reads whose message could not be kept."""
    return RecordsFailure("Dit kon niet worden bewaard.", "Probeer het later opnieuw.")


def gone(error: BaseException | None) -> bool:
    """Whether the server itself is gone: an error with a code is an answer, save that the server stops or is full."""
    found = getattr(error, "orig", None) or error
    if hasattr(found, "sqlstate"):
        code = getattr(found, "sqlstate", None)
        return code is None or str(code).startswith(("57P", "08", "53"))
    return isinstance(found, OSError) or "Timeout" in type(found).__name__
