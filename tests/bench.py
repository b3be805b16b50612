"""Prints figures of this machine, in one run: ``make bench``. Compare the ratios, not the times.

The floor is a bare FastAPI app that opens an empty Chroma folder: what any server on these libraries pays.
"""

import asyncio
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from tests.load import chat as chat_request
from tests.load import storm

ROOT: Final = Path(__file__).resolve().parents[1]
QUESTIONS: Final = (
    "Hoe start ik een regionale samenwerking?",
    "Welke tools zijn er?",
    "Wat is FAME?",
    "Hoe krijgen we vertrouwen tussen de partners?",
    "Wie heeft het handboek voor docenten gemaakt?",
    "Wat is de hoofdstad van Peru?",
)
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


def free_port() -> int:
    """A port that was free just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


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


def latency(ask: Callable[[str], object], rounds: int = 40) -> tuple[float, float]:
    """The median and 95th percentile of a call over the questions, in milliseconds."""
    times = []
    for question in QUESTIONS * rounds:
        began = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - began) * 1e3)
    return statistics.median(times), sorted(times)[int(0.95 * len(times))]


def pages(folder: Path, count: int = 250) -> int:
    """Write a folder of Dutch Markdown pages, about 4.8 KB each; returns the bytes written."""
    folder.mkdir(parents=True)
    words = (ROOT / "corpus/regionale-samenwerking/factsheet.md").read_text(encoding="utf-8").split()
    total = 0
    for number in range(count):
        shifted = words[number % 200 :] + words[: number % 200]
        sections = [f"## Deel {part}\n\n" + " ".join(shifted[part * 90 : part * 90 + 150]) for part in range(5)]
        text = f"# Bladzijde {number}\n\n" + "\n\n".join(sections) + "\n"
        (folder / f"bladzijde-{number:03}.md").write_text(text, encoding="utf-8")
        total += len(text.encode())
    return total


def timed(command: list[str], data: Path) -> float:
    """How long a command takes, in seconds."""
    began = time.perf_counter()
    subprocess.run(command, env=environment(data), check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    program = str(Path(sys.executable).with_name("kompasbot"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "data"
        print(f"kompasbot --help              {timed([program, '--help'], data):8.2f} s")
        print(f"first ingestion               {timed([program, 'ingest'], data):8.2f} s")
        print(f"ingestion without a change    {timed([program, 'ingest'], data):8.2f} s")
        size = pages(folder / "corpus" / "bladzijden")
        many = timed([program, "ingest", "--corpus", str(folder / "corpus")], folder / "many")
        print(f"250 pages, {size / 1e6:.1f} MB            {many:8.2f} s")
        floor_port, port = free_port(), free_port()
        with server([sys.executable, "-c", _FLOOR, str(folder / "floor"), str(floor_port)], floor_port, data) as bare:
            client, floor_ready, pid = bare
            body: dict[str, list[str]] = {"messages": []}
            floor = latency(lambda _: client.post("/v1/chat", json=body).raise_for_status())
            floor_memory = megabytes(pid)
        with server([program, "serve", "--port", str(port)], port, data) as ours:
            client, ready, pid = ours
            search = latency(lambda q: client.get("/v1/search", params={"q": q}).raise_for_status())
            chat = latency(
                lambda q: client.post(
                    "/v1/chat", json={"messages": [{"role": "user", "content": q}]}
                ).raise_for_status()
            )
            memory = family(pid)
            loads = {clients: asyncio.run(storm(port, _asked(), clients, 5)) for clients in (1, 2, 4, 8, 16, 32, 64)}
        plain, own = retrieval(data, folder / "plain")
    print(
        f"server ready                  {ready:8.2f} s     floor {floor_ready:.2f} s, ratio {ready / floor_ready:.2f}"
    )
    print(f"memory, all workers           {memory:8.0f} MB    floor {floor_memory:.0f} MB")
    print(f"/v1/search p50, p95           {search[0]:8.1f} ms  {search[1]:8.1f} ms")
    print(
        f"/v1/chat p50, p95             {chat[0]:8.1f} ms  {chat[1]:8.1f} ms   floor {floor[0]:.1f}, {floor[1]:.1f} ms"
    )
    for clients, load in loads.items():
        rate, times = load.rate(), (load.percentile(0.5), load.percentile(0.95))
        print(f"/v1/chat at {clients:2} clients       {rate:8.0f} /s  p50 {times[0]:.1f} ms, p95 {times[1]:.1f} ms")
    print(f"search in process p50, p95    {own[0]:8.1f} ms  {own[1]:8.1f} ms   ", end="")
    print(f"plain LangChain and Chroma {plain[0]:.1f}, {plain[1]:.1f} ms")


def _asked() -> list[bytes]:
    return [chat_request(question) for question in QUESTIONS]


def retrieval(data: Path, folder: Path) -> tuple[tuple[float, float], tuple[float, float]]:
    """The same questions to a plain pipeline and to ours, both in this process: medians and 95th percentiles."""
    from kompasbot.retrieval.index import open_index
    from kompasbot.settings import Settings
    from tests.compare import Plain

    index = open_index(Settings(data=data))
    try:
        plain = Plain.build(folder, index.knowledge)
        for question in QUESTIONS:
            index.search(question)
        return latency(plain.search), latency(index.search)
    finally:
        index.close()


if __name__ == "__main__":
    main()
