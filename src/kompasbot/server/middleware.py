"""What wraps every request: a limit on the body, the base path, a request id, headers that are always right, the log
and the figures.
"""

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kompasbot import __version__
from kompasbot.server.logs import ACCESS, REQUEST_ID, Sample
from kompasbot.server.metrics import Meters
from kompasbot.server.problems import problem, respond, route_of

_FOR_MACHINES: Final = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "API-Version": __version__,
}
_SECURE: Final = {"Strict-Transport-Security": "max-age=31536000"}
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_DRAIN_BYTES: Final = 32 * 1024 * 1024
_DRAIN_SECONDS: Final = 5.0
"""So much of a body that is refused, and for so long, is read on and thrown away."""
_LINES_OF_REFUSALS: Final = 10
"""A second: a flood of requests is not to become a flood of log."""
_NONE: Final[Mapping[str, int]] = MappingProxyType({})
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class _TooLarge(Exception):
    """Ends the reading of a body; whatever the app makes of it, the visitor gets a 413."""


class Frame:
    """Pure ASGI: answers 413 beyond ``max_body`` bytes, announced or not, and puts ``X-Request-Id`` on every reply.

    ``larger`` gives paths that may take more.
    """

    def __init__(
        self, app: ASGIApp, max_body: int, meters: Meters, base_path: str = "", larger: Mapping[str, int] = _NONE
    ) -> None:
        self._app = app
        self._max_body = max_body
        self._larger = larger
        self._meters = meters
        self._base_path = base_path
        self._refusals = Sample(_LINES_OF_REFUSALS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = below(scope, self._base_path)
        most = self._larger.get(scope["path"], self._max_body)
        passage = _Passage(scope, receive, send, most)
        token = REQUEST_ID.set(passage.request_id)
        began = time.perf_counter()
        self._meters.opened()
        try:
            await self._handle(scope, receive, passage, most)
        finally:
            self._note(scope, passage.status, time.perf_counter() - began)
            REQUEST_ID.reset(token)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = route_of(scope), scope["method"] if scope["method"] in _METHODS else "-"
        self._meters.closed(route, method, status, seconds)
        if not ACCESS.isEnabledFor(logging.INFO):
            return
        left_out = self._refusals.take() if status == 429 else 0
        if left_out is not None:
            fields = {"route": route, "method": method, "status": status, "ms": round(seconds * 1e3, 1)}
            ACCESS.info("request", extra={**fields, "left_out": left_out} if left_out else fields)

    async def _handle(self, scope: Scope, receive: Receive, passage: "_Passage", most: int) -> None:
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) <= most:
            with contextlib.suppress(_TooLarge):
                await self._app(scope, passage.receive, passage.send)
            if not passage.refused:
                return
        if not passage.started:
            await passage.drain()
            await self._refuse(scope, receive, passage.send_marked, most)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        detail = f"Een verzoek mag hoogstens {most} bytes groot zijn. Stuur minder berichten mee."
        reply = respond(problem("te-groot", 413, detail), {"Connection": "close"}, scope["path"])
        await reply(scope, receive, send)


class _Passage:
    """One request on its way: counts what comes in, marks what goes out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, max_body: int) -> None:
        given = Headers(scope=scope).get("x-request-id", "")
        self.request_id = given if _ID.fullmatch(given) else uuid4().hex
        self._secure = scope["scheme"] == "https"
        self._receive = receive
        self._send = send
        self._left = max_body
        self._waits = "expect" in Headers(scope=scope)
        self._ended = False
        self.refused = False
        self.started = False
        self.status = 500

    async def receive(self) -> Message:
        """The next part of the request; raises when it is one too many."""
        message = await self._take()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.refused = True
            raise _TooLarge
        return message

    async def _take(self) -> Message:
        message = await self._receive()
        self._ended = not message.get("more_body")
        return message

    async def drain(self) -> None:
        """Read the rest of the request and throw it away, within limits: a client that is still sending when the
        connection closes gets an error of its network instead of the reply (RFC 9112, 9.6). One that waits to be told
        to go on (``Expect``) sends nothing.
        """
        left = 0 if self._waits else _DRAIN_BYTES
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while left > 0 and not self._ended:
                    left -= len((await self._take()).get("body", b""))

    async def send(self, message: Message) -> None:
        """Pass a part of the reply on, unless the request was refused meanwhile."""
        if not self.refused:
            await self.send_marked(message)

    async def send_marked(self, message: Message) -> None:
        """Pass a part of the reply on, with our headers."""
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
            self._mark(MutableHeaders(scope=message))
        await self._send(message)

    def _mark(self, headers: MutableHeaders) -> None:
        headers["X-Request-Id"] = self.request_id
        headers.update(_ALWAYS)
        if self._secure:
            headers.update(_SECURE)
        if not headers.get("content-type", "").startswith("text/html"):
            headers.update(_FOR_MACHINES)


def below(scope: Scope, base_path: str) -> Scope:
    """A request as it looks below the base path, whether or not the proxy left that in the path."""
    path = str(scope["path"])
    if base_path and f"{path}/".startswith(f"{base_path}/"):
        path = path[len(base_path) :] or "/"
    return {**scope, "path": path, "root_path": base_path}
