"""``kompasbot serve`` with several worker processes."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.cli.test_cli import SHEET, environment, run


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    (folder / "corpus" / "lesmateriaal").mkdir(parents=True)
    (folder / "corpus" / "lesmateriaal" / "factsheet.md").write_text(SHEET, encoding="utf-8")
    assert run(folder, "ingest").returncode == 0
    return folder


@contextmanager
def serving(home: Path, **more: str) -> Iterator[str]:
    """A server with two workers; gives its address."""
    command = [sys.executable, "-m", "kompasbot", "serve", "--port", "0", "--workers", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment(home, **more)) as server:
        try:
            assert server.stderr
            address = server.stderr.readline().split()[-1]
            eventually(lambda: len(answering(address)) == 2)
            yield address
        finally:
            server.terminate()
            assert server.wait(timeout=100) == 0


def eventually(holds: Callable[[], bool], seconds: float = 100) -> None:
    """Wait until something holds."""
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.1)


def answering(address: str) -> set[int]:
    """The processes that answer: their ids are in the figures of each."""
    found = set()
    for _ in range(12):
        try:
            text = httpx.get(f"{address}/metrics", timeout=30).text
        except httpx.HTTPError:
            return set()
        line = next(line for line in text.splitlines() if line.startswith("kompasbot_worker_pid "))
        found.add(int(float(line.split()[1])))
    return found


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_workers_share_limits_and_figures_and_are_replaced_when_they_die(home: Path) -> None:
    with serving(home, KOMPASBOT_LIMIT_VISITOR="10/minute") as address:
        found = [httpx.get(f"{address}/v1/items").status_code for _ in range(14)]
        assert found == [200] * 10 + [429] * 4
        lines = httpx.get(f"{address}/metrics").text.splitlines()
        assert 'kompasbot_requests_total{method="GET",route="/v1/items",status="200"} 10.0' in lines
        assert 'kompasbot_limited_total{limit="visitor"} 4.0' in lines
        victim = answering(address).pop()
        os.kill(victim, signal.SIGKILL)
        eventually(lambda: len(answering(address) - {victim}) == 2)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_what_a_killed_worker_was_answering_is_not_open_any_more(home: Path) -> None:
    with serving(home) as address:
        host, port = address.removeprefix("http://").split(":")
        head = f"POST /v1/chat HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n"
        workers = answering(address)
        with contextlib.ExitStack() as stack:
            for _ in range(12):  # never sent whole, to both processes
                waiting = stack.enter_context(socket.create_connection((host, int(port))))
                waiting.sendall(head.encode())
            eventually(lambda: figure(address, "kompasbot_requests_open") == 12 + 1)
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            eventually(lambda: len(answering(address) - workers) == 2)
        assert figure(address, "kompasbot_requests_open") == 1


def figure(address: str, name: str) -> float:
    """A figure that has no labels."""
    lines = httpx.get(f"{address}/metrics", timeout=30).text.splitlines()
    return float(next(line for line in lines if line.startswith(f"{name} ")).split()[1])
