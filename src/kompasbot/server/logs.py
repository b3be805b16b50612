"""The log: lines of text or JSON on stderr, with the request's id; never a question or an address of a visitor.

An address of a server is told without its password.

What a visitor typed can end up in the message of an exception, so a traceback is told by its places alone.
"""

import json
import logging
import sys
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Literal

from kompasbot.validators import without_secrets

REQUEST_ID: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)
ACCESS: Final = logging.getLogger("kompasbot.access")
_FIELDS: Final = ("route", "method", "status", "ms", "left_out", "trace_id")
_Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Discreet(logging.Formatter):
    """Tells an exception by its type and the lines it passed."""

    def formatException(self, ei: _Caught) -> str:
        """The type and the places, innermost last."""
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(ei[2])]
        return "\n".join([f"{ei[0].__name__ if ei[0] else 'None'} at", *places])


class JsonLines(_Discreet):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as JSON."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
            "request_id": REQUEST_ID.get(),
            "process": record.process,
            **{name: getattr(record, name) for name in _FIELDS if hasattr(record, name)},
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info).splitlines()
        return json.dumps({name: value for name, value in line.items() if value is not None}, ensure_ascii=False)


class TextLines(_Discreet):
    """A line for a person."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """A record as text, with the request's id where there is one."""
        request_id = REQUEST_ID.get()
        return without_secrets(super().format(record)) + (f" [{request_id}]" if request_id else "")


class Sample:
    """Says which of many like lines to write: at most so many a second, each with how many were left out before it."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._second = -1
        self._written = 0
        self._left_out = 0

    def take(self) -> int | None:
        """The number left out before this line; None to leave this one out too."""
        second = int(self._clock())
        if second != self._second:
            self._second, self._written = second, 0
        if self._written >= self._most:
            self._left_out += 1
            return None
        self._written += 1
        left_out, self._left_out = self._left_out, 0
        return left_out


def start_logging(form: Literal["tekst", "json"]) -> None:
    """Send all loggers to stderr: ours from what is worth knowing, those of libraries from warnings.

    Every request gets a line when the form is JSON, which a machine collects.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("kompasbot").setLevel(logging.INFO)
    ACCESS.setLevel(logging.INFO if form == "json" else logging.WARNING)
    # The SDK of the Model Context Protocol tells what it refuses with the caller's words, in part as the root logger.
    logging.getLogger("mcp").setLevel(logging.ERROR)
    logging.getLogger("mcp.server.lowlevel").setLevel(logging.CRITICAL)
    handler.addFilter(lambda record: record.name != "root")
