"""What wraps every request: a limit on the body, a request id, and headers that are always right."""

import contextlib
import re
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kompasbot.server.problems import problem, respond

_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class _TooLarge(Exception):
    """Ends the reading of a body; whatever the app makes of it, the visitor gets a 413."""


class Frame:
    """Pure ASGI: answers 413 beyond ``max_body`` bytes, announced or not, and puts ``X-Request-Id`` on every reply."""

    def __init__(self, app: ASGIApp, max_body: int) -> None:
        self._app = app
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passage = _Passage(scope, receive, send, self._max_body)
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) <= self._max_body:
            with contextlib.suppress(_TooLarge):
                await self._app(scope, passage.receive, passage.send)
            if not passage.refused:
                return
        if not passage.started:
            await self._refuse(scope, receive, passage.send_marked)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        detail = f"Een verzoek mag hoogstens {self._max_body} bytes groot zijn. Stuur minder berichten mee."
        reply = respond(problem("te-groot", 413, detail), {"Connection": "close"}, scope["path"])
        await reply(scope, receive, send)


class _Passage:
    """One request on its way: counts what comes in, marks what goes out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, max_body: int) -> None:
        given = Headers(scope=scope).get("x-request-id", "")
        self._request_id = given if _ID.fullmatch(given) else uuid4().hex
        self._receive = receive
        self._send = send
        self._left = max_body
        self.refused = False
        self.started = False

    async def receive(self) -> Message:
        """The next part of the request; raises when it is one too many."""
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.refused = True
            raise _TooLarge
        return message

    async def send(self, message: Message) -> None:
        """Pass a part of the reply on, unless the request was refused meanwhile."""
        if not self.refused:
            await self.send_marked(message)

    async def send_marked(self, message: Message) -> None:
        """Pass a part of the reply on, with our headers."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self._request_id
            headers["X-Content-Type-Options"] = "nosniff"
        await self._send(message)
