"""``kompasbot serve`` with several worker processes."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.cli.test_cli import SHEET, environment, run
from tests.cluster import servers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    (folder / "corpus" / "lesmateriaal").mkdir(parents=True)
    (folder / "corpus" / "lesmateriaal" / "factsheet.md").write_text(SHEET, encoding="utf-8")
    assert run(folder, "ingest").returncode == 0
    return folder


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis."""
    servers.need("redis-server")
    part = servers.redis(tmp_path_factory.mktemp("redis"))
    part.start()
    yield f"redis://127.0.0.1:{part.port}"
    part.stop()


@dataclass
class Serving:
    """A server with two workers."""

    process: "subprocess.Popen[str]"
    address: str

    def workers(self) -> set[int]:
        """The processes that answer."""
        return answering(self.address)

    def stop(self) -> float:
        """Ask it to stop; gives how many seconds that took."""
        began = time.monotonic()
        self.process.terminate()
        assert self.process.wait(timeout=100) == 0
        return time.monotonic() - began


@contextmanager
def serving(home: Path, redis: str, **more: str) -> Iterator[Serving]:
    command = [sys.executable, "-m", "kompasbot", "serve", "--port", "0", "--workers", "2"]
    settings = environment(home, KOMPASBOT_REDIS_URL=redis, **more)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=settings) as process:
        try:
            assert process.stderr
            found = Serving(process, process.stderr.readline().split()[-1])
            threading.Thread(target=process.stderr.read, daemon=True).start()
            eventually(lambda: len(found.workers()) == 2)
            yield found
        finally:
            if process.poll() is None:
                found.stop()


def eventually(holds: Callable[[], bool], seconds: float = 100) -> None:
    """Wait until something holds."""
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.1)


def answering(address: str) -> set[int]:
    """The processes that answer: their ids are in the figures of each."""

    def process(_: int) -> int:
        lines = httpx.get(f"{address}/metrics", timeout=30).text.splitlines()
        return int(float(next(line for line in lines if line.startswith("kompasbot_worker_pid ")).split()[1]))

    with ThreadPoolExecutor(4) as asking:
        try:
            return set(asking.map(process, range(16)))
        except httpx.HTTPError:
            return set()


def worst_wait(address: str, seconds: float) -> float:
    """Ask for so many seconds, by a new connection a question; gives the longest time until one was answered."""
    longest, end = 0.0, time.monotonic() + seconds
    while (began := time.monotonic()) < end:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{address}/healthz", timeout=1).status_code == 200:
                    break
        longest = max(longest, time.monotonic() - began)
    return longest


def test_workers_share_limits_and_figures_and_are_replaced_when_they_die(home: Path, redis: str) -> None:
    with serving(home, redis, KOMPASBOT_LIMIT_VISITOR="10/minute") as server:
        address = server.address
        found = [httpx.get(f"{address}/v1/items").status_code for _ in range(14)]
        assert found == [200] * 10 + [429] * 4
        lines = httpx.get(f"{address}/metrics").text.splitlines()
        assert 'kompasbot_requests_total{method="GET",route="/v1/items",status="200"} 10.0' in lines
        assert 'kompasbot_limited_total{limit="visitor"} 4.0' in lines
        victim = server.workers().pop()
        os.kill(victim, signal.SIGKILL)
        assert worst_wait(address, 3) <= 5
        eventually(lambda: len(server.workers() - {victim}) == 2)


def test_a_worker_that_hangs_keeps_nobody_waiting_and_is_replaced(home: Path, redis: str) -> None:
    with serving(home, redis) as server:
        victim = server.workers().pop()
        os.kill(victim, signal.SIGSTOP)
        assert worst_wait(server.address, 8) <= 5
        eventually(lambda: len(server.workers() - {victim}) == 2)


def test_a_server_stops_in_time_also_when_a_worker_hangs(home: Path, redis: str) -> None:
    with serving(home, redis, KOMPASBOT_DRAIN_SECONDS="3") as server:
        os.kill(server.workers().pop(), signal.SIGSTOP)
        assert server.stop() <= 3 + 7


def test_workers_end_when_who_started_them_is_gone(home: Path, redis: str) -> None:
    with serving(home, redis) as server:
        workers = server.workers()
        server.process.kill()
        server.process.wait()
        eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def test_several_workers_without_redis_are_refused(home: Path) -> None:
    done = run(home, "serve", "--port", "0", "--workers", "2")
    assert done.returncode == 1
    assert "Stel KOMPASBOT_REDIS_URL in" in done.stderr


def test_what_a_killed_worker_was_answering_is_not_open_any_more(home: Path, redis: str) -> None:
    with serving(home, redis) as server:
        address = server.address
        host, port = address.removeprefix("http://").split(":")
        head = f"POST /v1/chat HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n"
        workers = server.workers()
        with contextlib.ExitStack() as stack:
            for _ in range(12):  # never sent whole, to both processes
                waiting = stack.enter_context(socket.create_connection((host, int(port))))
                waiting.sendall(head.encode())
            eventually(lambda: figure(address, "kompasbot_requests_open") == 12 + 1)
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            eventually(lambda: len(server.workers() - workers) == 2)
        assert figure(address, "kompasbot_requests_open") == 1


def figure(address: str, name: str) -> float:
    """A figure that has no labels."""
    lines = httpx.get(f"{address}/metrics", timeout=30).text.splitlines()
    return float(next(line for line in lines if line.startswith(f"{name} ")).split()[1])
