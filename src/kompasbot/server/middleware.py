"""What wraps every request: limits on the body, a request id, headers that are always right; and what is told of it
afterwards.
"""

import asyncio
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kompasbot import __version__
from kompasbot.errors import KompasbotError, NotFound
from kompasbot.server.body import Body
from kompasbot.server.observing import Observed, Observer
from kompasbot.server.paths import is_plain, path_of
from kompasbot.server.problems import problem, problem_of, respond, wait_of

_FOR_MACHINES: Final = "default-src 'none'; frame-ancestors 'none'"
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "API-Version": __version__,
}
_NOT_MODIFIED: Final = 304
_SECURE: Final = {"Strict-Transport-Security": "max-age=31536000"}
_STOPS: Final = "De server stopt of start opnieuw. Probeer het over een paar seconden opnieuw."
_NONE: Final[Mapping[str, int]] = MappingProxyType({})
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,64}", re.IGNORECASE)
"""A UUID, or so many hexadecimal digits: what proxies make, and no words. The id is logged, and a trusted proxy too may
hand on what a visitor sent.
"""


class Frame:
    """Pure ASGI: holds what comes in to its limits, and puts ``X-Request-Id`` on every reply.

    A body may have ``max_body`` bytes, announced or not; ``larger`` gives paths that may take more. What is raised
    before a request gets to a route is answered here.
    """

    def __init__(self, app: ASGIApp, max_body: int, observer: Observer, larger: Mapping[str, int] = _NONE) -> None:
        self._app = app
        self._max_body = max_body
        self._larger = larger
        self._observer = observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = {**scope}  # what is within changes its own: the server's still says by which method was asked
        body = Body(scope, receive, self._larger.get(path_of(scope), self._max_body))
        request_id = _id_of(scope)
        with self._observer.watching(scope, request_id) as observed:
            await self._handle(scope, body, _Reply(scope, send, body, request_id, observed))

    async def _handle(self, scope: Scope, body: Body, reply: "_Reply") -> None:
        path = path_of(scope)
        try:
            if not is_plain(path):
                raise NotFound("Deze pagina bestaat niet.")
            await self._app(scope, body.receive, reply.send)
        except KompasbotError as error:
            await respond(problem_of(error), wait_of(error), path)(scope, body.receive, reply.send)
        except asyncio.CancelledError:
            # The server stops, and has waited as long as it does. A reply that was begun can only break off.
            if reply.started:
                raise
            await respond(problem("stopt", 503, _STOPS), path=path)(scope, body.receive, reply.send)


class _Reply:
    """One reply on its way out, which gets its headers here."""

    def __init__(self, scope: Scope, send: Send, body: Body, request_id: str, observed: Observed) -> None:
        self._request_id = request_id
        self._observed = observed
        self._secure = scope["scheme"] == "https"
        self._body = body
        self._send = send
        self.started = False

    async def send(self, message: Message) -> None:
        """Pass a part of the reply on, with our headers."""
        if message["type"] == "http.response.start":
            self.started = True
            self._observed.status = message["status"]
            self._mark(MutableHeaders(scope=message))
        await self._send(message)

    def _mark(self, headers: MutableHeaders) -> None:
        headers["X-Request-Id"] = self._request_id
        headers.update(_ALWAYS)
        if self._body.refused:
            headers["Connection"] = "close"
        if self._secure:
            headers.update(_SECURE)
        # A 304 has no content type, and a browser puts its headers on the copy that it has: the page's policy stays.
        if self._observed.status != _NOT_MODIFIED and not headers.get("content-type", "").startswith("text/html"):
            headers.setdefault("Content-Security-Policy", _FOR_MACHINES)


def _id_of(scope: Scope) -> str:
    """The id that the caller gave the request, when it is one that a machine made; else one of our own."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _ID.fullmatch(given) else uuid4().hex
