"""The widget's address: ``/kompas-chat.js``, short-lived, leads to ``/widget/<version>/…``, kept for ever.

The version is the digest of all the widget's files. An editor pastes the first address once; a visitor's browser asks
for it every few minutes, and for the rest only after a release.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kompasbot.endpoint import outside
from kompasbot.server.files import bytes_reply, digest
from kompasbot.server.state import State
from kompasbot.shipped import shipped

router = APIRouter(include_in_schema=False)
ENTRY: Final = "kompas-chat.js"
_OUTSIDE: Final = b'KompasChat.outside = "";'
_MEDIA: Final = "text/javascript"
_PUBLIC: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_SHORT: Final = {**_PUBLIC, "Cache-Control": "public, max-age=300, stale-while-revalidate=86400"}
_FOREVER: Final = {**_PUBLIC, "Cache-Control": "public, max-age=31536000, immutable"}
_CHECKED: Final = {**_PUBLIC, "Cache-Control": "no-cache"}


@dataclass(frozen=True, slots=True)
class Release:
    """The widget's files of one moment; ``entry`` leads to the versioned addresses of ``modules``."""

    version: str
    entry: bytes
    modules: dict[str, bytes]


@router.get(f"/{ENTRY}")
def entry(request: Request) -> Response:
    """What an editor's one line loads."""
    state: State = request.app.state.kompasbot
    return bytes_reply(request, _told(release().entry, outside(state.settings)), _MEDIA, _SHORT)


@router.get("/widget/{version}/{name}")
def versioned(request: Request, version: str, name: str) -> Response:
    """A module. Of another version than this server's (a release is being rolled out) it is not kept."""
    found = release()
    return _module(request, found, name, _FOREVER if version == found.version else _CHECKED)


@router.get("/widget/{name}")
def module(request: Request, name: str) -> Response:
    """A module by its plain address, for this server's own pages."""
    return _module(request, release(), name, _CHECKED)


def _told(plain: bytes, host: str | None) -> bytes:
    """The entry, which knows where the language model stands when that is outside."""
    return plain.replace(_OUTSIDE, b"KompasChat.outside = %s;" % json.dumps(host).encode(), 1) if host else plain


def release() -> Release:
    """The widget as it is on disk; read again only when a file changed."""
    folder = shipped("web")
    stamps = tuple((path, path.stat().st_mtime_ns) for path in _files(folder))
    return _release(folder, stamps)


def _files(folder: Path) -> Iterator[Path]:
    yield folder / ENTRY
    yield from sorted((folder / "widget").glob("*.js"))


@lru_cache(maxsize=2)
def _release(folder: Path, stamps: tuple[tuple[Path, int], ...]) -> Release:
    modules = {path.name: path.read_bytes() for path, _ in stamps[1:]}
    plain = (folder / ENTRY).read_bytes()
    version = digest(b"\0".join([plain, *(name.encode() + body for name, body in modules.items())]))
    return Release(version, _entry(plain, version, modules), modules)


def _entry(plain: bytes, version: str, modules: dict[str, bytes]) -> bytes:
    """The entry with versioned addresses; it names every module, so that a browser fetches them at once."""
    leading = plain.replace(b'"./widget/', f'"./widget/{version}/'.encode())
    return leading + "".join(f'import "./widget/{version}/{name}";\n' for name in modules).encode()


def _module(request: Request, found: Release, name: str, headers: dict[str, str]) -> Response:
    if name not in found.modules:
        raise HTTPException(404)
    return bytes_reply(request, found.modules[name], _MEDIA, headers)
