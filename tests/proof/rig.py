"""What the topics share: a corpus that can be edited, the real program and a real server with clients."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.bench import free_port, megabytes
from tests.lesson import SHEET

__all__ = ["Clients", "Home", "megabytes"]


@dataclass
class Home:
    """A folder with a corpus and data of its own, and the program run on it."""

    path: Path
    more: Mapping[str, str] = field(default_factory=dict)
    links: Sequence[str] = ()

    @property
    def corpus(self) -> Path:
        return self.path / "corpus"

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def index(self) -> Path:
        return self.data / "index"

    def edit(self, number: int) -> None:
        """Write the factsheet in its state ``number``."""
        folder = self.corpus / "lesmateriaal"
        folder.mkdir(parents=True, exist_ok=True)
        links = "".join(f" Zie [bladzijde {at}]({url})." for at, url in enumerate(self.links, start=1))
        (folder / "factsheet.md").write_text(f"{SHEET.rstrip()} Stand {number}.{links}\n", encoding="utf-8")

    def environment(self) -> dict[str, str]:
        mine = {"KOMPASBOT_DATA": str(self.data), "KOMPASBOT_CORPUS": str(self.corpus), "COLUMNS": "120"}
        return {**os.environ, **mine, **self.more}

    def run(self, *arguments: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """Run the program to its end."""
        command = [sys.executable, "-m", "kompasbot", *arguments]
        return subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, timeout=timeout, check=False
        )

    def must(self, *arguments: str, timeout: float = 600) -> str:
        """Run the program, which must succeed; gives what it printed."""
        done = self.run(*arguments, timeout=timeout)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def current(self) -> str:
        return (self.index / "CURRENT").read_text(encoding="utf-8").strip()

    @contextmanager
    def serving(self, **settings: str) -> Iterator["Served"]:
        """A server on this home, with these settings besides its own, ready to answer."""
        port = free_port()
        command = [sys.executable, "-m", "kompasbot", "serve", "--port", str(port)]
        began = time.perf_counter()
        process = subprocess.Popen(command, env={**self.environment(), **settings}, stderr=subprocess.DEVNULL)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                served = Served(client, process.pid, 0.0)
                served.wait_ready()
                served.ready = time.perf_counter() - began
                yield served
        finally:
            process.terminate()
            process.wait(timeout=60)


@dataclass
class Served:
    """A running server: a client, its process id, and the seconds until it was ready."""

    client: httpx.Client
    pid: int
    ready: float

    def wait_ready(self, seconds: float = 120) -> None:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            try:
                if self.client.get("/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.02)
        raise TimeoutError("the server did not get ready")

    def index(self) -> str:
        return str(self.client.get("/readyz").json()["index"])

    def follows(self, name: str, seconds: float = 30) -> None:
        """Wait until the server answers from a generation."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if self.index() == name:
                return
            time.sleep(0.05)
        raise TimeoutError(f"{name} never served")

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def ask(self, question: str) -> dict[str, Any]:
        body = {"messages": [{"role": "user", "content": question}]}
        answer = self.client.post("/v1/chat", json=body)
        answer.raise_for_status()
        return dict(answer.json())


QUESTIONS = ("Wat onderzocht De Wit?", "Wie leent een Techkist uit?", "Welke tools zijn er?", "Wat liet Jansen zien?")


class Clients:
    """Clients that ask without a pause, each with a connection of its own; failures are kept."""

    def __init__(self, served: Served, number: int, pause: float = 0.0) -> None:
        self._base = str(served.client.base_url)
        self._pause = pause
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(at,), daemon=True) for at in range(number)]
        self.asked = 0
        self.failures: list[str] = []
        self._lock = threading.Lock()

    def _ask(self, at: int) -> None:
        with httpx.Client(base_url=self._base, timeout=60) as client:
            while not self._stop.is_set():
                body = {"messages": [{"role": "user", "content": QUESTIONS[at % len(QUESTIONS)]}]}
                try:
                    answer = client.post("/v1/chat", json=body)
                    failure = None if answer.status_code == 200 else f"{answer.status_code}: {answer.text[:200]}"
                except httpx.HTTPError as error:
                    failure = repr(error)
                with self._lock:
                    self.asked += 1
                    if failure:
                        self.failures.append(failure)
                if self._pause:
                    time.sleep(self._pause)

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)
