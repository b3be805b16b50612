"""A connection to PostgreSQL that waits for an answer no longer than it is told.

A server that hangs keeps its connections open, so that neither its own ``statement_timeout`` nor TCP ends the wait.
"""

import time
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen

T = TypeVar("T")
_INTERVAL: Final = 0.1


class PatientConnection(psycopg.Connection[Any]):
    """Gives up, and closes itself, when an answer takes longer than ``patience`` seconds."""

    patience: float = 3.0

    def wait(self, gen: PQGen[T], interval: float = _INTERVAL, timeout: float | None = None) -> T:
        """Wait for the server; raises :class:`psycopg.OperationalError` when that takes too long."""
        limit = self.patience if timeout is None else timeout
        began = time.monotonic()
        try:
            return super().wait(gen, interval, limit)
        except psycopg.OperationalError:
            if timeout is None and time.monotonic() - began >= limit:
                self.close()  # what the server may still say would be taken for the answer to the next question
            raise


def connect(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> PatientConnection:
    """Connect as SQLAlchemy's ``do_connect`` event wants it."""
    return PatientConnection.connect(*arguments, **options)
