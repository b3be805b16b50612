"""Methods: HEAD wherever there is GET, and which ones a path knows."""

from typing import Final

from starlette.requests import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TRIED: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Heads:
    """Pure ASGI: answers HEAD as GET, without the body. No route has to know of it, nor the OpenAPI document."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        scope["method"] = "GET"  # in place: whoever observes the request reads its route from this very scope
        await self._app(scope, receive, without_body)


def allowed(request: Request) -> list[str]:
    """The methods that the routes have for the path of a request; empty where no route has it."""
    routes = request.app.routes
    found = [
        method
        for method in _TRIED
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
    return [*found, "HEAD"] if "GET" in found else found
