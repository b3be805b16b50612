"""One fetch: from address to address along its redirects, within limits, to a body or the reason why there is none."""

import ssl
import zlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

import httpcore
import httpx

from kompasbot.fetching.guard import Guard, Refused
from kompasbot.fetching.network import Clock, Deadline, GuardedTransport

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

Turn = Callable[[str], AbstractContextManager[object]]
"""Entered with each address, those that redirects lead to too, before it is asked for, and left after its answer."""


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

    def __init__(self, guard: Guard, limits: Limits, clock: Clock) -> None:
        self._guard = guard
        self._clock = clock
        self._limits = limits
        self._context = ssl.create_default_context()
        self._timeout = httpx.Timeout(limits.seconds).as_dict()

    def fetch(self, url: str, conditions: Mapping[str, str] | None = None, turn: Turn = nullcontext) -> Response:
        """Fetch an address. Raises :class:`Refused`, :class:`TooMuch`, :class:`Unreachable`, and what ``turn`` does."""
        return self._fetch(url, conditions or {}, turn, None)

    def fetch_start(self, url: str, size: int) -> Response:
        """Fetch the first ``size`` bytes of an address, of whatever kind they are; raises what :meth:`fetch` does."""
        return self._fetch(url, {}, nullcontext, size)

    def _fetch(self, url: str, conditions: Mapping[str, str], turn: Turn, start: int | None) -> Response:
        deadline = Deadline(self._limits.seconds, self._clock)
        headers = {
            "User-Agent": AGENT,
            "Accept-Encoding": "gzip, identity",
            "Accept": f"{', '.join(KIND_OF)}, */*;q=0.1",
            **conditions,
        }

        def answered(response: httpx.Response, moved_to: str | None) -> Response:
            if start is None:
                return _answered(response, moved_to, self._limits.size, deadline)
            return _answered(response, moved_to, start, deadline, whole=False)

        try:
            with GuardedTransport(self._guard, deadline, self._context) as transport:
                return self._follow(transport, url, headers, turn, deadline, answered)
        except (httpx.TimeoutException, httpcore.TimeoutException) as error:
            raise Unreachable(f"geen antwoord binnen {self._limits.seconds:g} seconden") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpcore.NetworkError, httpcore.ProtocolError) as error:
            no_host = "unknown host" in str(error)
            message = "de website is niet gevonden" if no_host else "de verbinding met de website lukte niet"
            raise Unreachable(message, no_host) from error

    def _follow(
        self,
        transport: httpx.HTTPTransport,
        url: str,
        headers: Mapping[str, str],
        turn: Turn,
        deadline: Deadline,
        answered: Callable[[httpx.Response, str | None], Response],
    ) -> Response:
        at, permanent, moved_to = url, True, None
        for _ in range(MOST_REDIRECTS + 1):
            self._guard.check_url(at)
            request = httpx.Request("GET", at, headers=headers, extensions={"timeout": self._timeout})
            began = self._clock.now()
            with turn(at):
                deadline.extend(self._clock.now() - began)
                with closing(transport.handle_request(request)) as response:
                    target = response.headers.get("location")
                    if response.status_code not in _REDIRECTS or target is None:
                        return answered(response, moved_to)
                    permanent = permanent and response.status_code in _PERMANENT
            at = _joined(at, target.strip())
            moved_to = at if permanent else moved_to
        raise Unreachable(f"het adres verwijst meer dan {MOST_REDIRECTS} keer door")


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError as error:
        raise Refused("het adres klopt niet") from error


def _answered(
    response: httpx.Response, moved_to: str | None, size: int, deadline: Deadline, whole: bool = True
) -> Response:
    headers = {key.lower(): value for key, value in response.headers.items()}
    if response.status_code != 200:
        return Response(response.status_code, headers, moved_to)
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    kind = KIND_OF.get(media)
    if kind is None and whole:
        return Response(200, headers, moved_to)
    return Response(200, headers, moved_to, kind, _body(response, headers, size, deadline, whole))


def _body(response: httpx.Response, headers: Mapping[str, str], size: int, deadline: Deadline, whole: bool) -> bytes:
    """The body, unpacked as it comes so that neither what is sent nor what it grows to passes the limit; unless it has
    to be ``whole``, what comes after the limit is left."""
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "", "gzip", "x-gzip"):
        raise TooMuch(f"de inhoud is ingepakt als '{packing[:20]}', en dat leest kompasbot niet")
    declared = headers.get("content-length", "")
    if whole and declared.isdigit() and int(declared) > size:
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
            if whole:
                raise _too_large(size)
            return bytes(body[:size])
    if unpack and not unpack.eof:
        raise TooMuch("de inhoud is beschadigd")
    return bytes(body)


def _too_large(size: int) -> TooMuch:
    return TooMuch(f"de inhoud is groter dan {size >> 20} MB")


__all__ = ["AGENT", "Fetcher", "Limits", "Refused", "Response", "TooMuch", "Unreachable"]
