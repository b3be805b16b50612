"""Replies with files of ``web/``: an entity tag, 304 when nothing changed, gzip for who takes it."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

mimetypes.add_type("text/javascript", ".js")
_SMALL: Final = 500  # bytes: below this, compression is not worth its header


def file_reply(request: Request, path: Path, headers: Mapping[str, str]) -> Response:
    """A file as it is on disk now."""
    return bytes_reply(request, path.read_bytes(), mimetypes.guess_type(path.name)[0] or "text/plain", headers)


def bytes_reply(request: Request, body: bytes, media: str, headers: Mapping[str, str]) -> Response:
    """A text that is the same for everyone."""
    tag = f'"{digest(body)}"'
    found = {**headers, "ETag": tag, "Vary": "Accept-Encoding"}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=found)
    if len(body) > _SMALL and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_compressed(body), media_type=media, headers={**found, "Content-Encoding": "gzip"})
    return Response(body, media_type=media, headers=found)


def digest(body: bytes) -> str:
    """A short name for exactly this content."""
    return hashlib.sha256(body).hexdigest()[:16]


@lru_cache(maxsize=64)
def _compressed(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=9, mtime=0)
