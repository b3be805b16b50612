"""Skips a service that keeps failing, so that visitors do not wait for it, and tries it again after a while."""

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after ``failures`` in a row; after ``seconds`` it lets one attempt through, whose outcome decides.

    An attempt begins with :meth:`allows` and ends with one of :meth:`succeeded`, :meth:`failed` or :meth:`withdrawn`.
    Safe to use from several threads.
    """

    def __init__(self, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._opened: float | None = None
        self._trying = False

    @property
    def open(self) -> bool:
        """Whether attempts are turned away now."""
        return self._opened is not None and (self._trying or self._clock() - self._opened < self._seconds)

    @property
    def tripped(self) -> bool:
        """Whether the service is taken to be gone: from when the breaker opens until an attempt succeeds."""
        return self._opened is not None

    def allows(self) -> bool:
        """Whether an attempt may be made; the first one after the pause is the trial."""
        with self._lock:
            if self.open:
                return False
            self._trying = self._opened is not None
            return True

    def succeeded(self) -> None:
        """The service works: count anew."""
        with self._lock:
            self._failures, self._opened, self._trying = 0, None, False

    def failed(self) -> None:
        """Count a failure; a failed trial opens the breaker for another pause."""
        with self._lock:
            self._failures += 1
            if self._trying or self._failures >= self._limit:
                self._opened = self._clock()
            self._trying = False

    def withdrawn(self) -> None:
        """The attempt ended without saying anything about the service (the visitor left)."""
        with self._lock:
            self._trying = False
