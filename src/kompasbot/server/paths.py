"""The path of a request, decided once: outermost, before any limit, switch or route looks at it.

Below a base path ``path`` begins with ``root_path``, as ASGI has it, and :func:`path_of` takes that off again. What the
app's own pages link to, which begins with a slash, gets the base path before it.
"""

import re
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OWN: Final = re.compile(rb'(\s(?:href|src|action)=")/(?!/)')
_STRANGE: Final = re.compile(r"//|/\.{1,2}(?:/|$)|[\x00-\x1f\x7f\\]")


def path_of(scope: Scope) -> str:
    """The path of a request below the base path: what limits, switches and routes go by."""
    return str(scope["path"]).removeprefix(scope.get("root_path", ""))


def is_plain(path: str) -> bool:
    """Whether a path is written in the one way that a proxy and a route read alike: no empty or dotted parts, line
    breaks (which a route's pattern overlooks at the end), other control characters or backslashes.
    """
    return not _STRANGE.search(path)


def below(base_path: str, app: ASGIApp) -> ASGIApp:
    """The app as a proxy offers it below a base path; without one, the app itself."""
    return _Below(app, base_path) if base_path else app


class _Below:
    """Pure ASGI, outermost: places a request below the base path, whether or not the proxy left that in the path. It is
    taken off once: what is left may begin with it again, and is no page then.
    """

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self._app = app
        self._base_path = base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http":
            path = str(scope["path"])
            if f"{path}/".startswith(f"{self._base_path}/"):
                path = path[len(self._base_path) :] or "/"
            scope = {**scope, "path": self._base_path + path, "root_path": self._base_path}
        await self._app(scope, receive, send)


class Addresses:
    """Pure ASGI, around the routes: gives a page's own addresses the base path that a request has; holds the page back
    until it is whole.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or not scope.get("root_path"):
            await self._app(scope, receive, send)
            return
        _ask_uncompressed(scope)
        await self._app(scope, receive, _Page(send, scope["root_path"]).send)


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
