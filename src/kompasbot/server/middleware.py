"""What wraps every request: a limit on the body, a request id, and headers that are always right."""

import re
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kompasbot.server.problems import problem, respond

_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class TooLarge(Exception):
    """More of a body came than is allowed."""


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
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else uuid4().hex
        started = False
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_body:
                raise TooLarge
            return message

        async def marked(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                out = MutableHeaders(scope=message)
                out["X-Request-Id"] = request_id
                out["X-Content-Type-Options"] = "nosniff"
            await send(message)

        announced = headers.get("content-length", "0")
        if not announced.isdigit() or int(announced) > self._max_body:
            await self._refuse(scope, receive, marked)
            return
        try:
            await self._app(scope, counted, marked)
        except TooLarge:
            if not started:
                await self._refuse(scope, receive, marked)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        detail = f"Een verzoek mag hoogstens {self._max_body} bytes groot zijn. Stuur minder berichten mee."
        await respond(problem("te-groot", 413, detail), {"Connection": "close"})(scope, receive, send)
