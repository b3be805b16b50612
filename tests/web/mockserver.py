"""A stand-in for ``kompasbot serve`` on loopback: serves ``web/`` under a strict CSP and plays scripted answers."""

import contextlib
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs

WEB = Path(__file__).resolve().parents[2] / "web"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """How the server answers one question. ``parts`` are the bytes of the body; a part may be a pause:

    a ``float`` waits seconds, an ``Event`` waits until the test sets it. With ``cut`` the connection breaks at the end.
    """

    parts: tuple[bytes | float | threading.Event, ...] = ()
    status: int = 200
    content_type: str = "text/event-stream; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False


def sse(event: str, data: object) -> bytes:
    """One server-sent event."""
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def problem(status: int, title: str, detail: str, *headers: tuple[str, str]) -> Reply:
    """An error as problem+json."""
    body = {"type": "https://kompasbot.example/problems/x", "title": title, "detail": detail, "status": status}
    return Reply((json.dumps(body).encode(),), status, "application/problem+json", headers)


@dataclass
class MockServer:
    """``replies`` are used up one by one, then ``default`` answers; ``asked`` are the bodies that came in.

    ``sent`` are feedback and suggestions, with their path; ``taken`` are scripted replies to those, then all are kept.
    """

    default: Callable[[Json], Reply] = field(default=lambda _body: Reply())
    items: list[Json] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    csp: str = CSP
    replies: list[Reply] = field(default_factory=list)
    asked: list[Json] = field(default_factory=list)
    sent: list[tuple[str, Json]] = field(default_factory=list)
    taken: list[Reply] = field(default_factory=list)

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"server_state": self})
        self._http = _Http(("127.0.0.1", 0), handler)
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def reset(self, default: Callable[[Json], Reply], items: list[Json]) -> None:
        """Forget what was asked and scripted."""
        self.default, self.items, self.csp = default, items, CSP
        self.pages, self.replies, self.asked, self.sent, self.taken = {}, [], [], [], []

    @property
    def url(self) -> str:
        """Base address, without a slash at the end."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def reply_to(self, path: str, body: Json) -> Reply:
        """The next scripted reply."""
        if path != "/v1/chat":
            self.sent.append((path, body))
            return self.taken.pop(0) if self.taken else Reply((b"{}",), 201, "application/json")
        self.asked.append(body)
        return self.replies.pop(0) if self.replies else self.default(body)


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no error; anything else is shown as usual."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server_state: MockServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536  # a header and its body in one packet

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        item = next((one for one in self.server_state.items if path == f"/v1/items/{one['id']}"), None)
        if item:
            self._send(200, "application/json", json.dumps(item).encode())
        elif path == "/v1/items":
            self._send(200, "application/json", json.dumps(self._items(query)).encode())
        elif path in self.server_state.pages:
            self._send(200, "text/html", self.server_state.pages[path].encode())
        else:
            self._file(WEB / (path.lstrip("/") or "index.html"))

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        reply = self.server_state.reply_to(self.path, json.loads(raw))
        self.close_connection = True
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        try:
            for piece in _played(reply):
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                self.wfile.flush()
            if not reply.cut:
                self.wfile.write(b"0\r\n\r\n")
        except OSError:
            pass  # the browser went away, as a visitor does who presses Stop

    def _items(self, query: str) -> Json:
        items = self.server_state.items
        asked = parse_qs(query)
        first, most = int(asked["offset"][0]), int(asked["limit"][0])
        return {"items": items[first : first + most], "total": len(items)}

    def _file(self, path: Path) -> None:
        if path.is_file() and WEB in path.resolve().parents:
            self._send(200, TYPES.get(path.suffix, "application/octet-stream"), path.read_bytes())
        else:
            self._send(404, "text/plain", b"")

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header(
            "Content-Type", f"{content_type}; charset=utf-8" if "svg" not in content_type else content_type
        )
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.server_state.csp)
        self.end_headers()
        with contextlib.suppress(OSError):  # a page that was left no longer listens
            self.wfile.write(body)
            self.wfile.flush()


def _played(reply: Reply) -> Iterator[bytes]:
    for part in reply.parts:
        if isinstance(part, bytes):
            yield part
        elif isinstance(part, float):
            time.sleep(part)
        else:
            part.wait(20)
