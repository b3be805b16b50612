"""A real server on loopback over the small fictional factsheet."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from kompasbot.answering.assistant import Assistant
from kompasbot.retrieval.index import Index
from kompasbot.server.app import App, create_app
from kompasbot.settings import Settings
from kompasbot.store.live import Live
from tests.shelf import assistant, index


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


def fixed(settings: Settings) -> Live[Index]:
    """Always serves the fictional factsheet."""
    settings.index_dir.mkdir(parents=True, exist_ok=True)
    (settings.index_dir / "CURRENT").write_text("test")
    return Live(settings.index_dir, lambda _: index(), lambda _: None)


def make_app(settings: Settings, bot: Assistant | None = None) -> App:
    return create_app(settings, live=fixed(settings), assistant=bot or assistant())


@contextmanager
def running(app: ASGIApp, **options: Any) -> Iterator[str]:
    """Serve an app on a free port of loopback; gives its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = {"log_level": "error", "timeout_graceful_shutdown": 2, "proxy_headers": False, **options}
    server = uvicorn.Server(uvicorn.Config(app, **config))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        limit = time.monotonic() + 10
        while not server.started and time.monotonic() < limit:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()


@pytest.fixture
def client(settings: Settings) -> Iterator[httpx.Client]:
    with running(make_app(settings)) as address, httpx.Client(base_url=address, timeout=10) as found:
        yield found
