"""Which websites may use the interface from a visitor's browser: CORS, and ``Origin`` checked on what changes things.

A site is a name with the addresses of its pages (``KOMPASBOT_SITES``). The widget sends its site's name in
``X-Kompas-Site``; then the page's address must be one of that site's. This server's own pages may always.
"""

import re
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kompasbot.server.paths import path_of
from kompasbot.server.problems import problem, respond
from kompasbot.validators import plain_origin

SITE_HEADER: Final = "x-kompas-site"
SITE: Final[ContextVar[str | None]] = ContextVar("site", default=None)
"""The site that the request being answered came from."""
_SITE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_READING: Final = frozenset(("GET", "HEAD", "OPTIONS"))
_SHARED: Final = "/v1/"
_PREFLIGHT: Final = {"Access-Control-Allow-Methods": "GET, POST", "Access-Control-Max-Age": "3600"}
_HEADERS: Final = ("content-type", SITE_HEADER, "authorization")
_OF_CLIENTS: Final = re.compile(r"(?:x-stainless|openai)-[a-z-]{1,40}|idempotency-key|user-agent")
"""Further headers that OpenAI's clients send from a browser; nothing here reads them."""
_EXPOSED: Final = "Retry-After, X-Request-Id"

Sites = Mapping[str, Sequence[str]]


class Origins:
    """Pure ASGI, around all that answers, so that every reply to an allowed page can be read by it, also an error."""

    def __init__(self, app: ASGIApp, sites: Sites) -> None:
        self._app = app
        self._sites = sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        is_shared = path_of(scope).startswith(_SHARED)
        is_own = origin is None or _is_own(origin, headers)
        is_allowed = is_own or (is_shared and self._allows(origin, headers.get(SITE_HEADER)))
        asked = headers.get("access-control-request-method")
        shared = _shared(origin) if is_shared and is_allowed and not is_own else {}
        if scope["method"] == "OPTIONS" and asked and is_shared and is_allowed:
            await Response(status_code=204, headers={**shared, **_preflight(headers)})(scope, receive, send)
        elif not is_allowed and (asked or scope["method"] not in _READING):
            await _refuse(scope, receive, send)
        else:
            SITE.set(site_of(headers, self._sites))
            await self._app(scope, receive, _marking(send, shared) if is_shared else send)

    def _allows(self, origin: str | None, site: str | None) -> bool:
        if site is None:
            return any(origin in origins for origins in self._sites.values())
        return origin in self._sites.get(site, ())


def site_of(headers: Headers, sites: Sites) -> str | None:
    """The name of the site that a request came from: what its widget says, else the site of its page."""
    told = headers.get(SITE_HEADER, "")
    if _SITE.fullmatch(told):
        return told
    origin = headers.get("origin")
    return next((name for name, origins in sites.items() if origin in origins), None)


def _is_own(origin: str, headers: Headers) -> bool:
    """Whether a page is this server's own: its browser says so, or its address is the one that was asked.

    No page can set ``Sec-Fetch-Site``; a proxy that changes ``Host`` leaves it alone. The scheme of the address is left
    out, as a proxy may have taken care of TLS.
    """
    host = headers.get("host", "")
    if headers.get("sec-fetch-site") == "same-origin":
        return True
    try:
        return (
            plain_origin(origin).split("://")[1]
            == plain_origin(f"{origin.split(':', maxsplit=1)[0]}://{host}").split("://")[1]
        )
    except ValueError:
        return False


def _preflight(headers: Headers) -> dict[str, str]:
    """What a page may send: its own browser names the headers that it wants to send."""
    wanted = headers.get("access-control-request-headers", "").lower().replace(" ", "").split(",")
    known = [name for name in dict.fromkeys(wanted) if _OF_CLIENTS.fullmatch(name)]
    return {**_PREFLIGHT, "Access-Control-Allow-Headers": ", ".join((*_HEADERS, *known))}


def _shared(origin: str | None) -> dict[str, str]:
    return {"Access-Control-Allow-Origin": origin or "", "Access-Control-Expose-Headers": _EXPOSED, "Vary": "Origin"}


def _marking(send: Send, shared: Mapping[str, str]) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.add_vary_header("Origin")
            headers.update({name: value for name, value in shared.items() if name != "Vary"})
        await send(message)

    return marked


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    detail = "Deze website mag de assistent niet gebruiken. Laat de beheerder het adres toevoegen aan KOMPASBOT_SITES."
    await respond(problem("herkomst", 403, detail), {"Vary": "Origin"}, path_of(scope))(scope, receive, send)
