"""A website on loopback that behaves as it is told: moved, slow, endless, packed, forbidden."""

import gzip
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from kompasbot.errors import UnreadableFile
from kompasbot.fetching.guard import Guard

NAME = "goed.example"
PAGE = b"<html><body><main><h1>Lijm</h1><p>Lijm maakt van losse delen een geheel.</p></main></body></html>"

Behaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers by the path of the request."""

    site: "Website"

    def do_GET(self) -> None:
        self.site.seen.append((self.path, self.site.now(), {key.lower(): value for key, value in self.headers.items()}))
        behaviour = self.site.pages.get(self.path)
        if behaviour is None:
            self.reply(404)
            return
        try:
            behaviour(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def reply(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        """Send a whole answer; header names are written with underscores."""
        self.send_response(status)
        for key, value in {"content_length": str(len(body)), **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def plain(kind: str, path: Path, url: str) -> str:
    """Reads a copy in this process: what is left without tags."""
    text = " ".join(re.sub(r"<[^>]*>", " ", path.read_bytes().decode("latin-1")).split())
    if not text or text.startswith("%PDF"):
        raise UnreadableFile(f"{url}: dit bestand is beschadigd of klopt niet ({kind}).")
    return text


class Ticking:
    """A clock that stands still, but for who waits by it."""

    def __init__(self) -> None:
        self._time = 1000.0
        self._moving = threading.Lock()

    def now(self) -> float:
        return self._time

    def sleep(self, seconds: float) -> None:
        with self._moving:
            self._time += seconds


class Website:
    """The pages of the website, and what was asked of it."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.port = int(server.server_address[1])
        self.pages: dict[str, Behaviour] = {}
        self.now: Callable[[], float] = time.monotonic
        self.seen: list[tuple[str, float, dict[str, str]]] = []

    def url(self, path: str = "/") -> str:
        return f"http://{NAME}:{self.port}{path}"

    def page(self, path: str, body: bytes = PAGE, status: int = 200, **headers: str) -> str:
        """Add a page, and give its address."""
        headers = {"content_type": "text/html; charset=utf-8", **headers}
        self.pages[path] = lambda handler: handler.reply(status, body, **headers)
        return self.url(path)

    def redirect(self, path: str, target: str, status: int = 302) -> str:
        return self.page(path, b"", status, location=target)

    def paths(self) -> list[str]:
        """The paths that were asked for, but for robots.txt."""
        return [path for path, _, _ in self.seen if path != "/robots.txt"]

    def guard(self, resolve: Callable[[str, int], list[str]] | None = None) -> Guard:
        """The guard as it is, but for this website."""
        return guard_for(self.port, resolve)


def guard_for(port: int, resolve: Callable[[str, int], list[str]] | None = None) -> Guard:
    """The guard as it is, but for the website on a port of loopback."""

    def allow(address: str, at: int) -> bool:
        return at == port and address in {"127.0.0.1", NAME}

    return Guard(resolve or (lambda _host, _port: ["127.0.0.1"]), allow)


@contextmanager
def website() -> Iterator[Website]:
    """A running website."""

    class Own(Handler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    server.daemon_threads = True
    Own.site = Website(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Own.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


WALL = (
    b"<html><head><title>Just a moment...</title></head><body><main><p>Verifying you are human. This may take a few "
    b"seconds.</p></main></body></html>"
)
COOKIES = (
    b"<html><head><title>Cookies</title></head><body><main><p>Wij gebruiken cookies. Accepteer de cookies om verder te "
    b"gaan.</p></main></body></html>"
)


def silent(handler: Handler) -> None:
    """No answer at all for a while."""
    time.sleep(3)


def drip(handler: Handler) -> None:
    """A body that comes a byte at a time and never ends."""
    handler.send_response(200)
    handler.send_header("content-type", "text/html")
    handler.end_headers()
    for _ in range(600):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def drip_headers(handler: Handler) -> None:
    """Headers that come a byte at a time and never end."""
    for _ in range(600):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nx" if handler.site.port == 0 else b"H")
        handler.wfile.flush()
        time.sleep(0.05)


def endless(handler: Handler) -> None:
    """A body without a length that goes on as fast as it can."""
    handler.send_response(200)
    handler.send_header("content-type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


def bomb(handler: Handler) -> None:
    """A small packed body that grows to 50 MB."""
    handler.reply(200, gzip.compress(b"x" * (50 << 20)), content_type="text/html", content_encoding="gzip")
