"""The page at ``/``, the widget's files, and ``/docs``: all from this host, nothing from another."""

import html
import json
import re
from pathlib import Path, PurePosixPath
from shlex import quote
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kompasbot.endpoint import outside
from kompasbot.prompts import load_texts
from kompasbot.server.files import bytes_reply, file_reply
from kompasbot.server.plainpage import PlainPage
from kompasbot.server.state import State
from kompasbot.settings import Settings
from kompasbot.shipped import shipped

router = APIRouter(include_in_schema=False)
_ENDINGS: Final = frozenset((".html", ".js", ".css", ".svg", ".json", ".webmanifest"))
_BODIES: Final[dict[str, dict[str, Any]]] = {
    "/v1/chat": {"messages": [{"role": "user", "content": "Welke tools zijn er?"}]},
    "/v1/feedback": {"answer_id": "4f6c2a", "rating": "up", "include_question": False},
    "/v1/suggestions": {"text": "Noem ook het mbo."},
}
_NAMES: Final = {"": "index.html", "insluiten": "insluiten.html"}
_OUTSIDE: Final = b"<!-- buiten -->"
_CODE: Final = re.compile("`([^`]+)`")
_CHECKED: Final = {"Cache-Control": "no-cache"}
_ASKING: Final = frozenset(_NAMES.values())
"""Pages whose widget and script ask the interface."""
PAGE_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@router.get("/docs")
def docs(request: Request) -> Response:
    """The interface, readable, made from the OpenAPI document."""
    return HTMLResponse(_docs_page(request.app.openapi(), str(request.base_url).rstrip("/")), headers=PAGE_HEADERS)


def file(request: Request) -> Response:
    """A file of ``web/``; ``/`` is its ``index.html``, ``/insluiten`` its ``insluiten.html``."""
    path = request.path_params.get("path")
    if path is None:  # a route takes no path with a line break in it
        raise HTTPException(404)
    name = _NAMES.get(path, path)
    found = _find(name)
    if request.method != "GET":
        raise HTTPException(405)
    if found.suffix != ".html":
        return file_reply(request, found, _CHECKED)
    state: State = request.app.state.kompasbot
    if name in _ASKING and not state.settings.api:
        return _without_interface(name, state.settings)
    body = found.read_bytes().replace(_OUTSIDE, _told(outside(state.settings)), 1)
    return bytes_reply(request, body, "text/html", {**_CHECKED, **PAGE_HEADERS})


def _told(host: str | None) -> bytes:
    """What a visitor of the form on the page reads when the question goes to a language model outside."""
    return html.escape(load_texts().get("formulier.buiten", host=host)).encode() if host else b""


def _without_interface(name: str, settings: Settings) -> Response:
    """What stands in for a page that can do nothing while the interface is off: the form, which needs none."""
    if name == "index.html":
        return RedirectResponse("/chat", 303)
    texts = load_texts()
    page = PlainPage(texts, outside=outside(settings))
    page.fail("", texts.get("uit.venster"))
    return HTMLResponse(page.html(), 503, {**PAGE_HEADERS, "Cache-Control": "no-store", "Retry-After": "600"})


_FILES: Final = Route("/{path:path}", file)


async def files(scope: Scope, receive: Receive, send: Send) -> None:
    """What no route takes. It is no route among the others: one that has every path would hide that a path of theirs
    knows another method.
    """
    scope.update(_FILES.matches(scope)[1], route=_FILES)
    await _FILES.app(scope, receive, send)


def _find(path: str) -> Path:
    """The file of ``web/`` that a path names; only plain names with a known ending are served."""
    parts = path.split("/")
    plain = all(part and not part.startswith(".") and "\\" not in part and "\0" not in part for part in parts)
    if plain and PurePosixPath(path).suffix in _ENDINGS:
        found = shipped("web").joinpath(*parts)
        if found.is_file():
            return found
    raise HTTPException(404)


def _docs_page(openapi: dict[str, Any], address: str) -> str:
    sections = "".join(
        _operation(address, method.upper(), path, operation)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    )
    return (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>kompasbot: de interface</title>'
        '<link rel="stylesheet" href="/pagina.css"></head><body><main class="docs">'
        f"<h1>De interface van kompasbot</h1><p>{html.escape(openapi['info']['description'])}</p>"
        '<p>Het volledige document: <a href="/openapi.json">/openapi.json</a>.</p>'
        f"{sections}</main></body></html>"
    )


def _operation(address: str, method: str, path: str, operation: dict[str, Any]) -> str:
    text = operation.get("description") or ""
    parameters = "".join(
        f"<li><code>{html.escape(one['name'])}</code> {_with_code(one.get('description', ''))}</li>"
        for one in operation.get("parameters", [])
    )
    listed = f"<ul>{parameters}</ul>" if parameters else ""
    return (
        f"<section><h2>{html.escape(operation.get('summary', path))}</h2>"
        f"<p><code>{method} {html.escape(path)}</code></p><p>{_with_code(text)}</p>{listed}"
        f"<pre><code>{html.escape(_curl(address, method, path))}</code></pre></section>"
    )


def _with_code(text: str) -> str:
    """A description as HTML: what stands between backquotes is code."""
    return _CODE.sub(r"<code>\1</code>", html.escape(text))


def _curl(address: str, method: str, path: str) -> str:
    """A command that asks this very server, as the reader reached it."""
    if method == "POST":
        body = json.dumps(_BODIES.get(path, _BODIES["/v1/chat"]))
        lines = (f"curl -s {quote(address + path)}", "-H 'content-type: application/json'", f"-d {quote(body)}")
        return " \\\n  ".join(lines)
    filled = path.replace("{item_id}", "regionale-samenwerking/praktijkvoorbeeld/fame").replace("{name}", "kompasbot")
    return f"curl -s {quote(address + filled + ('?q=musea' if path == '/v1/search' else ''))}"
