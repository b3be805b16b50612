"""The gate before the routes: switches, how many at once, and the limits."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from kompasbot.prompts import Texts
from kompasbot.server.body import whole
from kompasbot.server.guard.admission import Admission
from kompasbot.server.paths import path_of
from kompasbot.server.problems import problem, respond
from kompasbot.settings import Settings

_FREE: Final = ("/healthz", "/readyz", "/metrics", "/openapi.json", "/v1/openapi.json")


class Gate:
    """Pure ASGI: lets a request through, raises :class:`~kompasbot.errors.LimitReached`, or answers with 503 what is
    switched off. Paths that begin with ``counted`` count.
    """

    def __init__(
        self, app: ASGIApp, settings: Settings, admission: Admission, texts: Texts, counted: str = "/v1/"
    ) -> None:
        self._app = app
        self._settings = settings
        self._admission = admission
        self._texts = texts
        self._counted = counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = path_of(scope)
        if path in _FREE:
            await self._app(scope, receive, send)
        elif path.startswith(self._counted):
            await self._interface(scope, receive, send)
        elif self._settings.web or path.startswith("/beheer"):
            await self._app(scope, receive, send)
        else:
            await self._closed("uit.web", scope, receive, send)

    async def _interface(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._settings.api:
            await self._closed("uit.api", scope, receive, send)
            return
        # A browser's question whether it may ask (CORS) costs nothing and counts for nothing.
        if scope["method"] != "OPTIONS":
            await self._admission.count(scope)
        read = await whole(receive)
        async with self._admission.inside():
            await self._app(scope, read, send)

    async def _closed(self, text: str, scope: Scope, receive: Receive, send: Send) -> None:
        found = problem("uitgezet", 503, self._texts.get(text))
        await respond(found, {"Retry-After": "600"}, path_of(scope))(scope, receive, send)
