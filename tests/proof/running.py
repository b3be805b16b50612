"""The shipped corpus, ingested and served as ``kompasbot serve`` does by itself, and what its processes take."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Final

from tests.bench import QUESTIONS, ROOT, free_port, megabytes
from tests.load import chat, storm
from tests.proof.rig import Home

REQUESTS: Final = [chat(question) for question in QUESTIONS]
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass
class Running:
    """A server with its workers; ``log`` is what it wrote."""

    home: Home
    port: int
    pid: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def processes(self) -> list[int]:
        """The server and its workers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    def memory(self) -> float:
        """Megabytes of all together."""
        return sum(megabytes(pid) for pid in self.processes())

    def descriptors(self) -> int:
        """Open files of all together."""
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in self.processes())

    def busy(self) -> float:
        """Seconds of processor time of all together."""
        told = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.processes())
        return sum(int(fields[11]) + int(fields[12]) for fields in told) / _TICKS


@contextmanager
def serving(folder: Path, workers: int = 1, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """A server on loopback that has answered once from each of its workers."""
    home = Home(folder, {**(settings or {}), "KOMPASBOT_WORKERS": str(workers)})
    if not home.corpus.is_dir():
        copytree(ROOT / "corpus", home.corpus)
    home.must("ingest")
    port, log = free_port(), folder / "log.txt"
    command = [sys.executable, "-m", "kompasbot", "serve", "--port", str(port)]
    with log.open("w") as errors:
        process = subprocess.Popen(command, env=home.environment(), stderr=errors)
    try:
        running = Running(home, port, process.pid, log)
        _wait_ready(running, workers)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_ready(running: Running, workers: int, seconds: float = 120) -> None:
    """Wait until every worker serves, then let each answer."""
    limit = time.monotonic() + seconds
    while running.log.read_text().count(" serves") < workers:
        if time.monotonic() > limit:
            raise TimeoutError("the server did not get ready")
        time.sleep(0.1)
    asyncio.run(storm(running.port, REQUESTS, 8 * workers, 3))
    time.sleep(1.5)
