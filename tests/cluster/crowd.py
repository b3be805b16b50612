"""Visitors who ask, judge and search through the proxy without end, and try once more when that fails.

Cheap enough not to be what is measured: bare HTTP/1.1 over kept-open connections, as in :mod:`tests.load`.
"""

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.bench import QUESTIONS
from tests.load import chat, get, reply

_REST = 0.25
"""Seconds that a client waits before its second attempt."""
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the client saw it: when it began, how long it took with the second attempt, its last status (0
    when the connection broke), the attempts.
    """

    kind: str
    began: float
    seconds: float
    status: int
    attempts: int

    @property
    def failed(self) -> bool:
        """Whether the client got nothing out of it."""
        return self.status not in (200, 201)


@dataclass
class Crowd:
    """Clients in a thread of their own; ``kept`` are the ids of the judgements that were acknowledged."""

    port: int
    clients: int
    rate: float
    name: str = "druk"
    asked: list[Asked] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator["Crowd"]:
        """Let them ask until the block ends."""
        thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join(timeout=3 * _PATIENCE)

    def since(self, began: float, until: float = float("inf"), kind: str = "") -> list[Asked]:
        """What was asked in a stretch of time (of :func:`time.perf_counter`)."""
        return [one for one in self.asked if began <= one.began < until and one.kind.startswith(kind)]

    def failures(self, kind: str = "") -> list[Asked]:
        """What failed, of one kind or of all."""
        return [one for one in self.asked if one.failed and one.kind.startswith(kind)]

    async def _all(self) -> None:
        await asyncio.gather(*(self._client(at) for at in range(self.clients)))

    async def _client(self, at: int) -> None:
        pause = self.clients / self.rate
        await asyncio.sleep(pause * at / self.clients)
        line = _Line(self.port)
        for number in itertools.count():
            if self._stop.is_set():
                break
            began = time.perf_counter()
            kind, request, mark = self._next(at, number)
            status, attempts = await self._attempt(line, request)
            took = time.perf_counter() - began
            if status == 201:
                self.kept.append(mark)
            self.asked.append(Asked(kind, began, took, status, attempts))
            await asyncio.sleep(max(0.0, pause - took))
        line.close()

    async def _attempt(self, line: "_Line", request: bytes) -> tuple[int, int]:
        """The status and the number of attempts of a client that tries once more."""
        status = await line.send(request)
        if status and status < 500:
            return status, 1
        await asyncio.sleep(_REST)
        return await line.send(request), 2

    def _next(self, at: int, number: int) -> tuple[str, bytes, str]:
        """Of every four requests two are questions, one is a search and one a judgement."""
        question = QUESTIONS[(at + number) % len(QUESTIONS)]
        match (at + number) % 4:
            case 0:
                mark = f"{self.name}-{at}-{number}"
                return "feedback", feedback(mark), mark
            case 1:
                return "search", get("/v1/search?q=samenwerken"), ""
            case _:
                return "chat", chat(question), ""


class _Line:
    """A connection that is kept open, and made anew after a failure."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, request: bytes) -> int:
        """The status of the reply, 0 when there is none."""
        try:
            return await asyncio.wait_for(self._sent(request), _PATIENCE)
        except (OSError, EOFError, TimeoutError, ValueError):
            self.close()
            return 0

    async def _sent(self, request: bytes) -> int:
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(request)
        status, closing = await reply(self._reader)
        if closing:
            self.close()
        return status

    def close(self) -> None:
        """Let go of the connection."""
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None


def feedback(mark: str) -> bytes:
    """A judgement as bytes."""
    body = json.dumps({"answer_id": mark, "rating": "up"}).encode()
    head = "POST /v1/feedback HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
    return f"{head}{len(body)}\r\n\r\n".encode() + body


def p95(asked: list[Asked]) -> float:
    """The time in milliseconds within which 95 of 100 requests were answered; nothing asked is not good."""
    found = sorted(one.seconds for one in asked)
    return found[min(int(0.95 * len(found)), len(found) - 1)] * 1e3 if found else float("inf")
