"""One recorded stream for both sides: the API test asserts that the server sends it, the widget's test replays it."""

import json
import re
from pathlib import Path
from typing import Any, Final

RECORDED: Final = Path(__file__).resolve().parents[1] / "data" / "recorded-stream.sse"
QUESTION: Final = "Welke tools zijn er, en welke praktijkvoorbeelden?"


def recorded() -> bytes:
    """The stream as it was recorded, with a fixed answer id."""
    return RECORDED.read_bytes()


def with_fixed_id(stream: bytes) -> bytes:
    """A stream whose answer id, which is another each time, is a fixed one."""
    return re.sub(rb'"id":\s*"[0-9a-f]{32}"', b'"id":"opgenomen"', stream)


def final_answer(stream: bytes) -> dict[str, Any]:
    """The complete answer at the end of a stream."""
    data = stream.decode().split("event: done\ndata: ", 1)[1].split("\n", 1)[0]
    found: dict[str, Any] = json.loads(data)
    return found
