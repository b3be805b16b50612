"""One fetch: from address to address along its redirects, within limits, to a body or the reason why there is none."""

import ssl
import zlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

import httpcore
import httpx

from kompasbot.fetching.guard import Guard, Refused
from kompasbot.fetching.network import Deadline, GuardedTransport

AGENT: Final = "kompasbot"
MOST_REDIRECTS: Final = 10
KIND_OF: Final = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/markdown": "md",
    "text/plain": "md",
}
"""Which media types are read, and as what."""
_PERMANENT: Final = frozenset({301, 308})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """What fetching may cost: seconds per fetch, bytes of a body, links at once, seconds between two of one host."""

    seconds: float = 30.0
    size: int = 20 * 1024 * 1024
    at_once: int = 8
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: a status (304 when nothing changed) with its headers; ``moved_to`` after permanent redirects
    only. ``body`` is None where it is not of a kind that is read; ``kind`` says which it is."""

    status: int
    headers: Mapping[str, str]
    moved_to: str | None = None
    kind: str | None = None
    body: bytes | None = None


class TooMuch(Exception):
    """A body beyond the limits, or in a packing that is not read; ``str(error)`` says so in Dutch."""


class Unreachable(Exception):
    """No answer: no such host, no connection, or not in time. ``no_host`` when the name is not known at all."""

    def __init__(self, message: str, no_host: bool = False) -> None:
        super().__init__(message)
        self.no_host = no_host


class Fetcher:
    """Fetches addresses; safe to use from several threads.

    The transport is used without httpx's client, which would read cookies and targets of redirects that we refuse.
    """

    def __init__(self, guard: Guard, limits: Limits) -> None:
        self._guard = guard
        self._limits = limits
        self._context = ssl.create_default_context()
        self._timeout = httpx.Timeout(limits.seconds).as_dict()

    def fetch(self, url: str, conditions: Mapping[str, str] | None = None, size: int | None = None) -> Response:
        """Fetch an address. Raises :class:`Refused`, :class:`TooMuch` or :class:`Unreachable`."""
        deadline = Deadline(self._limits.seconds)
        headers = {
            "User-Agent": AGENT,
            "Accept-Encoding": "gzip, identity",
            "Accept": f"{', '.join(KIND_OF)}, */*;q=0.1",
        }
        try:
            with GuardedTransport(self._guard, deadline, self._context) as transport:
                asked = {**headers, **(conditions or {})}
                return self._follow(transport, url, asked, size or self._limits.size, deadline)
        except (httpx.TimeoutException, httpcore.TimeoutException) as error:
            raise Unreachable(f"geen antwoord binnen {self._limits.seconds:g} seconden") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpcore.NetworkError, httpcore.ProtocolError) as error:
            no_host = "unknown host" in str(error)
            message = "de website is niet gevonden" if no_host else "de verbinding met de website lukte niet"
            raise Unreachable(message, no_host) from error

    def _follow(
        self, transport: httpx.HTTPTransport, url: str, headers: Mapping[str, str], size: int, deadline: Deadline
    ) -> Response:
        at, permanent, moved_to = url, True, None
        for _ in range(MOST_REDIRECTS + 1):
            self._guard.check_url(at)
            request = httpx.Request("GET", at, headers=headers, extensions={"timeout": self._timeout})
            with closing(transport.handle_request(request)) as response:
                target = response.headers.get("location")
                if response.status_code not in _REDIRECTS or target is None:
                    return _answered(response, moved_to, size, deadline)
                permanent = permanent and response.status_code in _PERMANENT
            at = _joined(at, target.strip())
            moved_to = at if permanent else moved_to
        raise Unreachable(f"het adres verwijst meer dan {MOST_REDIRECTS} keer door")


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError as error:
        raise Refused("het adres klopt niet") from error


def _answered(response: httpx.Response, moved_to: str | None, size: int, deadline: Deadline) -> Response:
    headers = {key.lower(): value for key, value in response.headers.items()}
    if response.status_code != 200:
        return Response(response.status_code, headers, moved_to)
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    kind = KIND_OF.get(media)
    if kind is None:
        return Response(200, headers, moved_to)
    return Response(200, headers, moved_to, kind, _body(response, headers, size, deadline))


def _body(response: httpx.Response, headers: Mapping[str, str], size: int, deadline: Deadline) -> bytes:
    """The body, unpacked as it comes so that neither what is sent nor what it grows to passes the limit."""
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "", "gzip", "x-gzip"):
        raise TooMuch(f"de inhoud is ingepakt als '{packing[:20]}', en dat leest kompasbot niet")
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > size:
        raise _too_large(size)
    unpack = zlib.decompressobj(wbits=31) if "gzip" in packing else None
    sent = 0
    body = bytearray()
    for chunk in response.iter_raw():
        deadline.left()
        sent += len(chunk)
        try:
            body += unpack.decompress(chunk, size + 1 - len(body)) if unpack else chunk
        except zlib.error as error:
            raise TooMuch("de inhoud is beschadigd") from error
        if sent > size or len(body) > size:
            raise _too_large(size)
    if unpack and not unpack.eof:
        raise TooMuch("de inhoud is beschadigd")
    return bytes(body)


def _too_large(size: int) -> TooMuch:
    return TooMuch(f"de inhoud is groter dan {size >> 20} MB")


__all__ = ["AGENT", "Fetcher", "Limits", "Refused", "Response", "TooMuch", "Unreachable"]
