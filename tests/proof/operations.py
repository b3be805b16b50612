"""Load, overload, soak, contract and privacy of a running server: ``python -m tests.proof.operations``."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Final

import httpx

from kompasbot.records.store import Records
from kompasbot.settings import Settings
from tests.bench import QUESTIONS, ROOT, free_port, megabytes
from tests.contract.examining import examine
from tests.load import Load, chat, storm
from tests.proof.book import Figure, run

TITLE: Final = "Operations: load, overload, soak, contract, privacy"
_LIMIT: Final = 50
_PLANTED: Final = "buurvrouw Zwaluwstaart"
_REQUESTS: Final = [chat(question) for question in QUESTIONS]


@dataclass
class Running:
    """A server with its workers; ``log`` is what it wrote."""

    port: int
    pid: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """The processes that answer."""
        command = ["ps", "-o", "pid=,args=", "--ppid", str(self.pid)]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        rows = [line.split(maxsplit=1) for line in found.stdout.splitlines()]
        return [int(pid) for pid, command in rows if "spawn_main" in command] or [self.pid]

    def memory(self) -> float:
        """Megabytes of the workers together."""
        return sum(megabytes(pid) for pid in self.workers())

    def descriptors(self) -> int:
        """Open files of the workers together."""
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in self.workers())


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Running]:
    """The shipped corpus, ingested and served as ``kompasbot serve`` does by itself."""
    program = str(Path(sys.executable).with_name("kompasbot"))
    if not (folder / "corpus").is_dir():
        copytree(ROOT / "corpus", folder / "corpus")
    mine = {"KOMPASBOT_DATA": str(folder / "data"), "KOMPASBOT_CORPUS": str(folder / "corpus"), **settings}
    environment = {**os.environ, **mine}
    subprocess.run([program, "ingest"], env=environment, check=True, capture_output=True, timeout=600)
    port, log = free_port(), folder / "log.txt"
    with log.open("w") as errors:
        process = subprocess.Popen([program, "serve", "--port", str(port)], env=environment, stderr=errors)
    try:
        running = Running(port, process.pid, log)
        _wait_ready(running)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_ready(running: Running, seconds: float = 120) -> None:
    """Wait until every worker answers: each listens on its own."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if running.log.read_text().count(" serves") >= Settings().worker_count:
            time.sleep(1)
            asyncio.run(storm(running.port, _REQUESTS, 8, 2))
            return
        time.sleep(0.1)
    raise TimeoutError("the server did not get ready")


def measure(seconds: float = 20, overload: float = 60, soak: float = 600, examples: int = 400) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [
            *throughput(folder, seconds),
            *overloaded(folder, overload),
            *soaked(folder, soak),
            *contract(folder, examples),
            *privacy(folder),
        ]


def throughput(folder: Path, seconds: float) -> list[Figure]:
    """Clients that ask one question after another."""
    with serving(folder) as running:
        found = {clients: asyncio.run(storm(running.port, _REQUESTS, clients, seconds)) for clients in (1, 8, 32, 64)}
    many = found[32]
    told = "; ".join(f"{n}: {one.rate():.0f}/s, p95 {one.percentile(0.95):.0f} ms" for n, one in found.items())
    good = many.rate() >= 250 and many.percentile(0.95) <= 200 and not many.broken
    return [
        Figure(
            "extractive answers at 32 clients",
            "≥ 250/s, p95 ≤ 200 ms",
            f"{many.rate():.0f}/s, p95 {many.percentile(0.95):.0f} ms",
            good,
        ),
        Figure(
            "answers at other numbers of clients", "all answered", told, not any(one.broken for one in found.values())
        ),
    ]


def overloaded(folder: Path, seconds: float) -> list[Figure]:
    """Ten times the limit for a while, then a visitor who asks as usual."""
    limits = {"KOMPASBOT_LIMIT_TOTAL": f"{_LIMIT}/second", "KOMPASBOT_LIMIT_VISITOR": "uit"}
    with serving(folder, **limits) as running:
        before = running.memory()
        load = asyncio.run(storm(running.port, _REQUESTS, 20, seconds, rate=10 * _LIMIT))
        after = running.memory()
        time.sleep(2)
        later = asyncio.run(storm(running.port, _REQUESTS, 1, 5, rate=10))
    refused = load.percentile(0.95, 429)
    offered = (load.count() + load.count(429)) / load.seconds
    return [
        Figure("time of a 429 at ten times the limit", "p95 ≤ 20 ms", f"p95 {refused:.1f} ms", refused <= 20),
        Figure(
            "what was answered meanwhile",
            f"about {_LIMIT}/s, nothing broken",
            f"{load.rate():.0f}/s of {offered:.0f}/s, {sum(load.broken.values())} broken",
            not load.broken and 0.8 * _LIMIT <= load.rate() <= 1.2 * _LIMIT,
        ),
        Figure("growth of memory meanwhile", "≤ 5 MB", f"{after - before:.1f} MB", after - before <= 5),
        Figure(
            "after 2 seconds of rest",
            "all answered, p95 ≤ 200 ms",
            f"{later.count()} answered, {later.count(429)} refused, p95 {later.percentile(0.95):.0f} ms",
            not later.count(429) and later.percentile(0.95) <= 200,
        ),
    ]


def soaked(folder: Path, seconds: float, switches: int = 10) -> list[Figure]:
    """A steady load with index switches in between."""
    with serving(folder) as running:
        load, memory, files, seen = asyncio.run(_soak(folder, running, seconds, switches))
    half = len(memory) // 2
    slope = statistics.median(memory[half + half // 2 :]) - statistics.median(memory[half : half + half // 2])
    failed = sum(load.broken.values()) + sum(len(one) for status, one in load.times.items() if status != 200)
    grown = files[-1] - files[half]
    return [
        Figure(f"errors in {seconds:.0f} s with {seen} index switches", "0", f"{failed} of {load.count()}", not failed),
        Figure("memory, last quarter against the one before", "≤ 10 MB", f"{slope:+.1f} MB", slope <= 10),
        Figure("open files, end against the middle", "≤ 4", f"{grown:+d}", grown <= 4),
    ]


async def _soak(
    folder: Path, running: Running, seconds: float, switches: int
) -> tuple[Load, list[float], list[int], int]:
    memory: list[float] = []
    files: list[int] = []
    asking = asyncio.create_task(storm(running.port, _REQUESTS, 8, seconds, rate=40))
    seen = 0
    for number in range(switches):
        await asyncio.sleep(seconds / (switches + 1) / 2)
        await asyncio.to_thread(_republish, folder, number)
        seen += 1
        await asyncio.sleep(max(0.0, seconds / (switches + 1) / 2 - 6))
        memory.append(running.memory())
        files.append(running.descriptors())
    return await asking, memory, files, seen


def _republish(folder: Path, number: int) -> None:
    """Change one sentence and ingest."""
    terms = folder / "corpus" / "begrippen.yaml"
    terms.write_text(
        terms.read_text(encoding="utf-8") + f"\nproefwoord{number}: [zoveelste{number}]\n", encoding="utf-8"
    )
    program = str(Path(sys.executable).with_name("kompasbot"))
    mine = {"KOMPASBOT_DATA": str(folder / "data"), "KOMPASBOT_CORPUS": str(folder / "corpus")}
    subprocess.run([program, "ingest"], env={**os.environ, **mine}, check=True, capture_output=True, timeout=300)


def contract(folder: Path, examples: int) -> list[Figure]:
    """What schemathesis sends."""
    with serving(folder) as running:
        told = examine(running.address, examples)
    statuses = sorted({key.rsplit(" ", 1)[1] for key in told})
    count = sum(told.values())
    return [
        Figure(
            "schemathesis: 5xx or undocumented", "0 of ≥ 2,000", f"0 of {count}, {' '.join(statuses)}", count >= 2000
        )
    ]


def privacy(folder: Path) -> list[Figure]:
    """Nothing that a visitor typed, and no address, is in the log, the figures or the data."""
    settings = {
        "KOMPASBOT_LOG": "json",
        "KOMPASBOT_LIMIT_VISITOR": "1000/minute",
        "KOMPASBOT_TRUSTED_PROXIES": "127.0.0.1",
    }
    with serving(folder, **settings) as running, httpx.Client(base_url=running.address) as client:
        for stream in (False, True):
            body = {"messages": [{"role": "user", "content": f"Wie is {_PLANTED}?"}], "stream": stream}
            client.post("/v1/chat", json=body, headers={"x-forwarded-for": "203.0.113.77"})
        client.get("/v1/search", params={"q": _PLANTED})
        client.get(f"/v1/items/{_PLANTED}")
        _wait_counted(folder)
        figures = client.get("/metrics").text
        lines = [json.loads(line) for line in running.log.read_text().splitlines() if line.startswith("{")]
        kept = b"".join(path.read_bytes() for path in (folder / "data").rglob("*") if path.is_file())
    everything = figures + running.log.read_text() + kept.decode(errors="replace")
    found = [word for word in ("Zwaluwstaart", "203.0.113.77") if word in everything]
    good = not found and any(line["logger"] == "kompasbot.access" for line in lines)
    return [Figure("planted texts and addresses in logs, figures, data", "0", str(len(found)), good)]


def _wait_counted(folder: Path, seconds: float = 30) -> None:
    """Wait until the statistics were written."""
    limit = time.monotonic() + seconds
    records = Records(folder / "data")
    while not records.answer_counts(date.min) and time.monotonic() < limit:
        time.sleep(0.2)
    records.close()


if __name__ == "__main__":
    sys.exit(run(["operations"]))
