"""Figures of this machine, in one run: ``make bench``. Compare the ratios, not the times.

They are printed, and written with charts to ``docs/bench``. ``python -m tests.bench --short`` stops at 1,000 passages
and writes no page: to see whether the benchmark itself works.

The floor is a bare FastAPI app that opens an empty Chroma folder: what any server on these libraries pays.
"""

import asyncio
import os
import random
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from tests.load import Load, storm
from tests.load import chat as chat_request

ROOT: Final = Path(__file__).resolve().parents[1]
QUESTIONS: Final = (
    "Hoe start ik een regionale samenwerking?",
    "Welke tools zijn er?",
    "Wat is FAME?",
    "Hoe krijgen we vertrouwen tussen de partners?",
    "Wie heeft het handboek voor docenten gemaakt?",
    "Wat is de hoofdstad van Peru?",
)
_CLIENTS: Final = (1, 4, 16, 32, 64)
_SIZES: Final = (100, 1_000, 10_000, 100_000)
_SHORT: Final = 1_000
_ROUNDS: Final = 40
"""How often each question is asked."""
_FLOOR: Final = """
import sys, chromadb, uvicorn
from fastapi import FastAPI
client = chromadb.PersistentClient(sys.argv[1], settings=chromadb.config.Settings(anonymized_telemetry=False))
client.get_or_create_collection("floor", embedding_function=None)
app = FastAPI()
@app.get("/readyz")
async def ready() -> dict[str, str]:
    return {}
@app.post("/v1/chat")
async def chat(body: dict) -> dict:
    return body
uvicorn.run(app, port=int(sys.argv[2]), log_level="error", access_log=False)
"""


def environment(data: Path) -> dict[str, str]:
    """The environment of a measured program: its own data, the shipped corpus."""
    return {**os.environ, "KOMPASBOT_DATA": str(data), "KOMPASBOT_CORPUS": str(ROOT / "corpus")}


_PORTS = random.sample(range(20_000, 32_000), 12_000)
"""Below those that a system gives to outgoing connections (from 32,768), which might take one first."""


def free_port() -> int:
    """A port that is free, and that this process gives out once."""
    while True:
        port = _PORTS.pop()
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@contextmanager
def server(command: list[str], port: int, data: Path) -> Iterator[tuple[httpx.Client, float, int]]:
    """Run a server; gives a client, the seconds until it was ready, and its process id."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment(data), stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            while True:
                try:
                    if client.get("/readyz").status_code == 200:
                        break
                except httpx.TransportError:
                    time.sleep(0.02)
                if time.perf_counter() - began > 60:
                    raise TimeoutError(command)
            yield client, time.perf_counter() - began, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def megabytes(pid: int) -> float:
    """The resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def family(pid: int) -> float:
    """The resident memory of a process and its children together: a server with its workers."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return megabytes(pid) + sum(megabytes(int(child)) for child in children)


def latency(ask: Callable[[str], object]) -> tuple[float, float]:
    """The median and 95th percentile of a call over the questions, in milliseconds."""
    times = []
    for question in QUESTIONS * _ROUNDS:
        began = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - began) * 1e3)
    return _summary(times)


def _summary(times: Sequence[float]) -> tuple[float, float]:
    return statistics.median(times), sorted(times)[int(0.95 * len(times))]


def timed(command: list[str], data: Path) -> float:
    """How long a command takes, in seconds."""
    began = time.perf_counter()
    subprocess.run(command, env=environment(data), check=True, capture_output=True)
    return time.perf_counter() - began


@dataclass(frozen=True)
class Served:
    """A server with the shipped corpus: seconds until ready, megabytes, milliseconds of a reply, and its load."""

    ready: float
    memory: float
    search: tuple[float, float]
    chat: tuple[float, float]
    loads: dict[int, Load]


def floor(data: Path, folder: Path) -> tuple[float, float, tuple[float, float]]:
    """Seconds until ready, megabytes and milliseconds of a reply of the bare app."""
    port = free_port()
    body: dict[str, list[str]] = {"messages": []}
    with server([sys.executable, "-c", _FLOOR, str(folder), str(port)], port, data) as (client, ready, pid):
        times = latency(lambda _: client.post("/v1/chat", json=body).raise_for_status())
        return ready, megabytes(pid), times


def ours(data: Path, seconds: float) -> Served:
    """The same of our server, and what it answers to many clients at once."""
    port = free_port()
    requests = [chat_request(question) for question in QUESTIONS]

    def ask(question: str) -> object:
        body = {"messages": [{"role": "user", "content": question}]}
        return client.post("/v1/chat", json=body).raise_for_status()

    with server([program(), "serve", "--port", str(port)], port, data) as (client, ready, pid):
        search = latency(lambda question: client.get("/v1/search", params={"q": question}).raise_for_status())
        chat = latency(ask)
        loads = {clients: asyncio.run(storm(port, requests, clients, seconds)) for clients in _CLIENTS}
        return Served(ready, family(pid), search, chat, loads)


def retrieval(data: Path, folder: Path) -> tuple[tuple[float, float], tuple[float, float]]:
    """The same questions to a plain pipeline and to ours, both in this process: medians and 95th percentiles."""
    from kompasbot.retrieval.index import open_index
    from kompasbot.settings import Settings
    from tests.compare import Plain
    from tests.growing import in_turn

    index = open_index(Settings(data=data))
    try:
        plain = Plain.build(folder, index.knowledge)
        theirs, own = in_turn((plain.search, index.search), QUESTIONS * _ROUNDS)
        return _summary(theirs), _summary(own)
    finally:
        index.close()


def program() -> str:
    """The command, as a user has it."""
    return str(Path(sys.executable).with_name("kompasbot"))


def sizes(short: bool) -> tuple[int, ...]:
    """Numbers of passages at which growth is measured."""
    return tuple(passages for passages in _SIZES if passages <= _SHORT or not short)


def main(short: bool = False) -> None:
    """Measure, print, and write the page with its charts; ``short`` takes minutes and writes nothing."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the server: threads that wait for each other cost more
    from tests.benchpage import Report
    from tests.growing import measure

    report = Report()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "data"
        report.start(
            timed([program(), "--help"], data), timed([program(), "ingest"], data), timed([program(), "ingest"], data)
        )
        report.served(ours(data, 1 if short else 5), floor(data, folder / "floor"))
        report.compared(*reversed(retrieval(data, folder / "plain")))
        for passages in sizes(short):
            report.grown(measure(folder / str(passages), passages))
    if not short:
        report.write()


if __name__ == "__main__":
    main(short="--short" in sys.argv[1:])
