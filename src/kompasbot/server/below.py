"""Pages below a base path: their own addresses, which begin with a slash, get the base path before it."""

import re
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OWN: Final = re.compile(rb'(\s(?:href|src|action)=")/(?!/)')


class Below:
    """Pure ASGI, only put in when there is a base path; holds a page back until it is whole, passes all else on."""

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self._app = app
        self._base_path = base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        _ask_uncompressed(scope)
        await self._app(scope, receive, _Page(send, self._base_path).send)


def _ask_uncompressed(scope: Scope) -> None:
    """Ask for a page as it is, so that its addresses can be read; files keep their compression.

    In place: whoever observes the request reads its route from this very scope.
    """
    if "." not in scope["path"].rsplit("/", 1)[-1]:
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]


class _Page:
    """One reply on its way out."""

    def __init__(self, send: Send, base_path: str) -> None:
        self._send = send
        self._base_path = base_path
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        """Pass a part on, or keep it until the page is whole."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("location", "").startswith("/"):
                headers["location"] = self._base_path + headers["location"]
            if _is_plain_page(headers):
                self._start = message
                return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        page = _OWN.sub(rb"\1" + self._base_path.encode() + rb"/", self._body)
        if self._body:
            MutableHeaders(scope=start)["content-length"] = str(len(page))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})


def _is_plain_page(headers: Headers) -> bool:
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers
