"""What wraps every request: a limit on the body, the base path, a request id, headers that are always right; and what
is told of it afterwards.
"""

import asyncio
import contextlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kompasbot import __version__
from kompasbot.errors import KompasbotError
from kompasbot.server.observing import Observed, Observer
from kompasbot.server.problems import problem, problem_of, respond, wait_of

_FOR_MACHINES: Final = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "API-Version": __version__,
}
_SECURE: Final = {"Strict-Transport-Security": "max-age=31536000"}
_DRAIN_BYTES: Final = 32 * 1024 * 1024
_DRAIN_SECONDS: Final = 5.0
"""So much of a body that is refused, and for so long, is read on and thrown away."""
_NONE: Final[Mapping[str, int]] = MappingProxyType({})
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class _TooLarge(Exception):
    """Ends the reading of a body; whatever the app makes of it, the visitor gets a 413."""


class Frame:
    """Pure ASGI: answers 413 beyond ``max_body`` bytes, announced or not, and puts ``X-Request-Id`` on every reply.

    ``larger`` gives paths that may take more.
    """

    def __init__(
        self, app: ASGIApp, max_body: int, observer: Observer, base_path: str = "", larger: Mapping[str, int] = _NONE
    ) -> None:
        self._app = app
        self._max_body = max_body
        self._larger = larger
        self._observer = observer
        self._base_path = base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = below(scope, self._base_path)
        most = self._larger.get(scope["path"], self._max_body)
        request_id = _id_of(scope)
        with self._observer.watching(scope, request_id) as observed:
            await self._handle(scope, receive, _Passage(scope, receive, send, most, request_id, observed), most)

    async def _handle(self, scope: Scope, receive: Receive, passage: "_Passage", most: int) -> None:
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) <= most:
            try:
                with contextlib.suppress(_TooLarge):
                    await self._app(scope, passage.receive, passage.send)
            except KompasbotError as error:  # before a route was reached
                await respond(problem_of(error), wait_of(error), scope["path"])(scope, receive, passage.send)
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

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, max_body: int, request_id: str, observed: Observed
    ) -> None:
        self._request_id = request_id
        self._observed = observed
        self._secure = scope["scheme"] == "https"
        self._receive = receive
        self._send = send
        self._left = max_body
        self._waits = "expect" in Headers(scope=scope)
        self._ended = False
        self.refused = False
        self.started = False

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
            self._observed.status = message["status"]
            self._mark(MutableHeaders(scope=message))
        await self._send(message)

    def _mark(self, headers: MutableHeaders) -> None:
        headers["X-Request-Id"] = self._request_id
        headers.update(_ALWAYS)
        if self._secure:
            headers.update(_SECURE)
        if not headers.get("content-type", "").startswith("text/html"):
            headers.update(_FOR_MACHINES)


def _id_of(scope: Scope) -> str:
    """The id that the caller gave the request, else one of our own."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _ID.fullmatch(given) else uuid4().hex


def below(scope: Scope, base_path: str) -> Scope:
    """A request as it looks below the base path, whether or not the proxy left that in the path."""
    path = str(scope["path"])
    if base_path and f"{path}/".startswith(f"{base_path}/"):
        path = path[len(base_path) :] or "/"
    return {**scope, "path": path, "root_path": base_path}
