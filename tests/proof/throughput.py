"""How many answers a second: ``python -m tests.proof.throughput``."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench import QUESTIONS
from tests.cluster import servers
from tests.load import Load, get, storm
from tests.proof.book import Figure, run
from tests.proof.running import REQUESTS, serving

TITLE: Final = "Throughput: answers a second"
_CLIENTS: Final = (1, 4, 16, 32, 64)
_SEARCHES: Final = [get(f"/v1/search?q={question.replace(' ', '+')}") for question in QUESTIONS]


def measure(seconds: float = 15) -> list[Figure]:
    """Clients that ask one question after another: of one process, and of one for each of two processors."""
    with tempfile.TemporaryDirectory() as name:
        counts = servers.redis(Path(name))
        counts.start()
        try:
            address = f"redis://127.0.0.1:{counts.port}"
            return [figure for workers in (1, 2) for figure in _measured(Path(name), workers, address, seconds)]
        finally:
            counts.stop()


def _measured(folder: Path, workers: int, redis: str, seconds: float) -> list[Figure]:
    with serving(folder, workers, {"KOMPASBOT_REDIS_URL": redis}) as running:
        busy = running.busy()
        found = {clients: asyncio.run(storm(running.port, REQUESTS, clients, seconds)) for clients in _CLIENTS}
        each = (running.busy() - busy) / sum(one.count() for one in found.values())
        search = asyncio.run(storm(running.port, _SEARCHES, 32, seconds))
        memory = running.memory()
    by = f"{workers} process" if workers == 1 else f"{workers} processes"
    many = found[32]
    good = many.rate() >= 250 and many.percentile(0.95) <= 200 and not many.broken
    whole = not any(one.broken for one in (*found.values(), search))
    told = "; ".join(f"{clients}: {_told(one)}" for clients, one in found.items())
    return [
        Figure(f"extractive answers at 32 clients, {by}", "≥ 250/s, p95 ≤ 200 ms", _told(many), good),
        Figure(f"answers by number of clients, {by}", "all answered", told, whole),
        Figure(f"processor time of an answer, {by}", "(not set)", f"{each * 1e3:.1f} ms", True),
        Figure(f"`/v1/search` at 32 clients, {by}", "(not set)", _told(search), True),
        Figure(f"memory, {by}", f"≤ {300 * workers} MB", f"{memory:.0f} MB", memory <= 300 * workers),
    ]


def _told(load: Load) -> str:
    return f"{load.rate():.0f}/s, p95 {load.percentile(0.95):.0f} ms"


if __name__ == "__main__":
    sys.exit(run(["throughput"]))
