"""One fetch: from address to address along its redirects, within limits, to a body or the reason why there is none."""

import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from typing import Final

import httpcore
import httpx

from kompasbot.fetching.addresses import joined, quoted
from kompasbot.fetching.content import ENOUGH, KIND_OF, TEXTS, as_utf8, charset_of, kind_of, refreshes_to
from kompasbot.fetching.guard import Guard, Refused
from kompasbot.fetching.network import Clock, Deadline, GuardedTransport

AGENT: Final = "kompasbot"
MOST_REDIRECTS: Final = 10
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
    """What came back: a status (304 when nothing changed) with its headers, from ``url`` in the end; ``moved_to`` after
    permanent redirects only. ``body`` is None where it is not of a kind that is read; ``kind`` says which it is."""

    url: str
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

        def answered(response: httpx.Response, at: str, moved_to: str | None) -> Response:
            if start is None:
                return _answered(response, at, moved_to, self._limits.size, deadline)
            return _started(response, at, start, deadline)

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
        answered: Callable[[httpx.Response, str, str | None], Response],
    ) -> Response:
        at, permanent, moved_to = quoted(url), True, None
        for _ in range(MOST_REDIRECTS + 1):
            self._guard.check_url(at)
            request = httpx.Request("GET", at, headers=headers, extensions={"timeout": self._timeout})
            began = self._clock.now()
            with turn(at):
                deadline.extend(self._clock.now() - began)
                with closing(transport.handle_request(request)) as response:
                    target = _location(response)
                    if response.status_code not in _REDIRECTS or target is None:
                        answer = answered(response, at, moved_to)
                        target = (
                            refreshes_to(answer.body, answer.headers) if answer.kind == "html" and answer.body else None
                        )
                        if target is None or joined(at, target) == at:
                            return answer
                    else:
                        permanent = permanent and response.status_code in _PERMANENT
            at = joined(at, target)
            moved_to = at if permanent else moved_to
        raise Unreachable(f"het adres verwijst meer dan {MOST_REDIRECTS} keer door")


def _answered(response: httpx.Response, at: str, moved_to: str | None, size: int, deadline: Deadline) -> Response:
    """The answer with its body, when what the body begins with or what it is declared as is of a kind that is read."""
    headers = _headers(response)
    if response.status_code != 200:
        return Response(at, response.status_code, headers, moved_to)
    announced = headers.get("content-length", "")
    is_too_large = announced.isdigit() and int(announced) > size
    chunks = _unpacked(response, headers, size, deadline)
    body = bytearray()
    for chunk in chunks if not (is_too_large and kind_of(b"", headers, at)) else ():
        body += chunk
        if len(body) >= ENOUGH:
            break
    kind = kind_of(bytes(body), headers, at)
    if kind is None:
        return Response(at, 200, headers, moved_to)
    if is_too_large:
        raise _too_large(size)
    for chunk in chunks:
        body += chunk
        if len(body) > size:
            raise _too_large(size)
    kind = kind_of(bytes(body), headers, at, whole=True)
    if kind is None:
        return Response(at, 200, headers, moved_to)
    whole = as_utf8(bytes(body), charset_of(headers), kind) if kind in TEXTS else bytes(body)
    return Response(at, 200, headers, moved_to, kind, whole)


def _started(response: httpx.Response, at: str, size: int, deadline: Deadline) -> Response:
    """The answer with no more than the first ``size`` bytes of its body."""
    headers = _headers(response)
    if response.status_code != 200:
        return Response(at, response.status_code, headers)
    body = bytearray()
    for chunk in _unpacked(response, headers, size, deadline, whole=False):
        body += chunk
        if len(body) > size:
            break
    return Response(at, 200, headers, body=bytes(body[:size]))


def _location(response: httpx.Response) -> str | None:
    """Where a redirect leads to; its bytes beyond ASCII are asked for as they came, whatever they mean."""
    given = next((text for name, text in response.headers.raw if name.lower() == b"location"), None)
    return None if given is None else "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in given)


def _headers(response: httpx.Response) -> dict[str, str]:
    return {key.lower(): value for key, value in response.headers.items()}


def _unpacked(
    response: httpx.Response, headers: Mapping[str, str], size: int, deadline: Deadline, whole: bool = True
) -> Iterator[bytes]:
    """The body, unpacked as it comes so that neither what is sent nor what it grows to passes the limit by much."""
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "", "gzip", "x-gzip"):
        raise TooMuch(f"de inhoud is ingepakt als '{packing[:20]}', en dat leest kompasbot niet")
    unpack = zlib.decompressobj(wbits=31) if "gzip" in packing else None
    sent = grown = 0
    for chunk in response.iter_raw():
        deadline.left()
        sent += len(chunk)
        try:
            part = unpack.decompress(chunk, size + 1 - grown) if unpack else chunk
        except zlib.error as error:
            raise TooMuch("de inhoud is beschadigd") from error
        grown += len(part)
        yield part
        if sent > size or grown > size:
            if whole:
                raise _too_large(size)
            return
    if unpack and not unpack.eof:
        raise TooMuch("de inhoud is beschadigd")


def _too_large(size: int) -> TooMuch:
    return TooMuch(f"de inhoud is groter dan {size >> 20} MB")


__all__ = ["AGENT", "Fetcher", "Limits", "Refused", "Response", "TooMuch", "Unreachable"]
