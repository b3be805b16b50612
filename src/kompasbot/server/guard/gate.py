"""The gate before the routes: switches, how many at once, and the limits."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from kompasbot.prompts import Texts
from kompasbot.server.guard.limiter import Limiter, Refusal
from kompasbot.server.guard.turns import Turns
from kompasbot.server.metrics import Meters
from kompasbot.server.problems import problem, respond
from kompasbot.settings import Settings

_FREE: Final = ("/healthz", "/readyz", "/metrics", "/openapi.json", "/v1/openapi.json")
_BUSY_SECONDS: Final = 2


class Gate:
    """Pure ASGI: lets a request through, or answers it with 429 or 503; paths that begin with ``counted`` count."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        limiter: Limiter,
        meters: Meters,
        texts: Texts,
        counted: str = "/v1/",
    ) -> None:
        self._app = app
        self._settings = settings
        self._limiter = limiter
        self._meters = meters
        self._texts = texts
        self._counted = counted
        self._inside = 0
        self._turns = Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = str(scope["path"])
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
        refusal = None if scope["method"] == "OPTIONS" else await self._refusal(scope)
        if refusal:
            self._meters.limited(refusal.limit)
            found = problem("limiet", 429, self._texts.get(f"grens.{refusal.limit}", tijd=duration(refusal.seconds)))
            headers = {"Retry-After": str(refusal.seconds)}
            await respond(found, headers, scope["path"])(scope, receive, send)
            return
        self._inside += 1
        try:
            await self._turns.wait()
            await self._app(scope, receive, send)
        finally:
            self._inside -= 1

    async def _refusal(self, scope: Scope) -> Refusal | None:
        if self._inside >= self._settings.max_concurrent:
            return Refusal("concurrency", _BUSY_SECONDS)
        return await self._limiter.admit(visitor(scope))

    async def _closed(self, text: str, scope: Scope, receive: Receive, send: Send) -> None:
        found = problem("uitgezet", 503, self._texts.get(text))
        await respond(found, {"Retry-After": "600"}, scope["path"])(scope, receive, send)


def visitor(scope: Scope) -> str:
    """The address that a request comes from, behind trusted proxies the visitor's."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def duration(seconds: int) -> str:
    """A waiting time as a person says it."""
    for size, one, many in ((3600, "uur", "uur"), (60, "minuut", "minuten")):
        if seconds > size:
            count = -(-seconds // size)
            return f"{count} {one if count == 1 else many}"
    return "1 seconde" if seconds == 1 else f"{seconds} seconden"
