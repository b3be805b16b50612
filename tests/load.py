"""Many clients at once, cheap enough not to be what is measured: bare HTTP/1.1 over kept-open connections."""

import asyncio
import json
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Load:
    """What clients saw: seconds a reply by status, connections that broke, and how long it all took."""

    times: dict[int, list[float]] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def count(self, status: int = 200) -> int:
        """How many replies had a status."""
        return len(self.times.get(status, ()))

    def rate(self, status: int = 200) -> float:
        """Replies a second with a status."""
        return self.count(status) / self.seconds

    def percentile(self, part: float, status: int = 200) -> float:
        """The time in milliseconds within which this part of the replies came."""
        found = sorted(self.times.get(status, ()))
        return found[min(int(part * len(found)), len(found) - 1)] * 1e3 if found else float("nan")

    def add(self, other: "Load") -> None:
        """Take in what others saw after this."""
        for status, times in other.times.items():
            self.times.setdefault(status, []).extend(times)
        self.broken += other.broken
        self.seconds += other.seconds

    def median(self, status: int = 200) -> float:
        """The middle time, in milliseconds."""
        return statistics.median(self.times[status]) * 1e3


def chat(question: str, stream: bool = False) -> bytes:
    """A request to ``/v1/chat`` as bytes."""
    body = json.dumps({"messages": [{"role": "user", "content": question}], "stream": stream}).encode()
    head = "POST /v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
    return f"{head}{len(body)}\r\n\r\n".encode() + body


def get(path: str) -> bytes:
    """A GET request as bytes."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


async def storm(port: int, requests: Sequence[bytes], clients: int, seconds: float, rate: float | None = None) -> Load:
    """Let clients send requests for a while, each on its own connection, one after another.

    With a ``rate`` they offer so many a second together, by the clock: one that had to wait for a reply catches up.
    """
    load = Load()
    began = time.perf_counter()
    pause = clients / rate if rate else 0.0
    starts = [began + pause * at / clients for at in range(clients)]
    await asyncio.gather(
        *(_client(port, requests, at, start, began + seconds, pause, load) for at, start in enumerate(starts))
    )
    load.seconds = time.perf_counter() - began
    return load


async def _client(
    port: int, requests: Sequence[bytes], at: int, due: float, until: float, pause: float, load: Load
) -> None:
    while time.perf_counter() < until:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError as error:
            load.broken[type(error).__name__] += 1
            await asyncio.sleep(0.05)
            continue
        try:
            while (now := time.perf_counter()) < until:
                if due > now:
                    await asyncio.sleep(due - now)
                due += pause
                began = time.perf_counter()
                writer.write(requests[at % len(requests)])
                at += 1
                status, closing = await reply(reader)
                load.times.setdefault(status, []).append(time.perf_counter() - began)
                if closing:
                    break
        except (OSError, EOFError) as error:
            load.broken[type(error).__name__] += 1
        finally:
            writer.close()


async def reply(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Read one reply with a length; its status and whether the server closes after it."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length: ")[2].split(b"\r\n", 1)[0]
    await reader.readexactly(int(length))
    return int(head[9:12]), b"connection: close" in head
