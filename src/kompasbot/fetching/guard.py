"""The address guard: which addresses may be fetched from, so that a link can't reach into the own network.

A host name is resolved once per connection, every address that it has is judged, and the connection is made to one of
the judged addresses: between the judgement and the connection the name is not looked up again.
"""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    NetmaskValueError,
    ip_address,
)
from queue import Empty, Queue
from threading import Thread
from typing import Final
from urllib.parse import SplitResult, urlsplit

Resolve = Callable[[str, int], Sequence[str]]
"""A host name and port to its addresses, as texts; raises :class:`OSError` when the name is not known."""
Allow = Callable[[str, int], bool]
"""Whether an address and port may be used although the rules refuse it; for tests against a server of their own."""

PORTS: Final = frozenset({80, 443, 8080, 8443})
RESOLVE_SECONDS: Final = 10.0
_LONGEST: Final = 2_000
_NOT_PUBLIC_4: Final = tuple(
    map(
        IPv4Network,
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 "
        "203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32".split(),
    )
)
"""Private, shared, loopback, link-local, documentation, relays, multicast, reserved, and a cloud's metadata address."""
_PUBLIC_6: Final = IPv6Network("2000::/3")
_NOT_PUBLIC_6: Final = tuple(map(IPv6Network, "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20".split()))
"""Within the public range: Teredo and other special uses, documentation, 6to4, relays."""
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})
_NUMERIC: Final = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]*|[0-9]*))*\.?")
_NAME: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_INNER: Final = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "localdomain", "arpa", "onion")


class Refused(Exception):
    """An address that is not fetched from; ``str(error)`` says why, in Dutch."""


def system_resolve(host: str, port: int) -> list[str]:
    """Ask the system, but no longer than :data:`RESOLVE_SECONDS`."""
    answers: Queue[list[str] | OSError] = Queue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(one[4][0]) for one in found])
        except (OSError, UnicodeError) as error:
            answers.put(error if isinstance(error, OSError) else OSError(str(error)))

    Thread(target=look_up, daemon=True).start()
    try:
        found = answers.get(timeout=RESOLVE_SECONDS)
    except Empty as error:
        raise TimeoutError("the name server does not answer") from error
    if isinstance(found, OSError):
        raise found
    return found


@dataclass(frozen=True, slots=True)
class Guard:
    """Judges addresses. ``allow`` is never set outside tests: no setting or variable of the product reaches it."""

    resolve: Resolve = system_resolve
    allow: Allow = lambda _address, _port: False

    def check_url(self, url: str) -> SplitResult:
        """The parts of an address whose form is fine; raises :class:`Refused` otherwise. Looks nothing up."""
        if len(url) > _LONGEST or any(ord(char) <= 32 or ord(char) == 127 for char in url) or "\\" in url:
            raise Refused("het adres bevat tekens die niet in een adres horen, of het is te lang")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise Refused("het adres klopt niet") from error
        if parts.scheme not in ("http", "https"):
            raise Refused("alleen adressen met http:// of https:// worden opgehaald")
        if "@" in parts.netloc:
            raise Refused("in het adres staat een gebruikersnaam of wachtwoord")
        self._check_host(host, port)
        return parts

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host, all of them judged; raises :class:`Refused`, or :class:`OSError` for no name."""
        self._check_host(host, port)
        literal = _literal(host)
        found = [literal] if literal else list(dict.fromkeys(self.resolve(host, port)))
        if not found:
            raise OSError("the name has no address")
        for address in found:
            reason = None if self.allow(address, port) else why_refused(address)
            if reason:
                raise Refused(reason)
        return found

    def _check_host(self, host: str, port: int) -> None:
        literal = _literal(host)
        if literal and self.allow(literal, port):
            return
        if port not in PORTS and not self.allow(host, port):
            raise Refused(f"poort {port} is geen poort van een website")
        reason = why_refused(literal) if literal else _why_refused_name(host)
        if reason:
            raise Refused(reason)


def _literal(host: str) -> str | None:
    """The address when a host is written as one in the usual form, else None."""
    bare = host.removeprefix("[").removesuffix("]")
    try:
        return str(IPv6Address(bare)) if ":" in bare else str(IPv4Address(bare))
    except (AddressValueError, NetmaskValueError, ValueError):
        return bare if ":" in bare else None


def _why_refused_name(host: str) -> str | None:
    """What is wrong with a host name. It may be numbers in disguise, such as 0x7f.1 or 2130706433."""
    try:
        ascii_host = host.encode("idna").decode("ascii").lower() if not host.isascii() else host.lower()
    except UnicodeError:
        return "de naam van de website klopt niet"
    name = ascii_host.removesuffix(".")
    if _NUMERIC.fullmatch(name) or _NUMERIC.fullmatch(name.rpartition(".")[2]):
        return "het adres is een getal in een ongewone vorm"
    parts = name.split(".")
    if len(name) > 253 or not all(_NAME.fullmatch(part) for part in parts):
        return "de naam van de website klopt niet"
    if len(parts) < 2 or parts[-1] in _INNER:
        return "het adres hoort bij een eigen netwerk en niet bij het internet"
    return None


def why_refused(address: str) -> str | None:
    """Why an address (as a resolver gives it) is not fetched from, or None when it is public."""
    try:
        found = ip_address(address)
    except ValueError:
        return "het adres klopt niet"
    inner = "het adres hoort bij een eigen netwerk en niet bij het internet"
    if isinstance(found, IPv4Address):
        return inner if any(found in network for network in _NOT_PUBLIC_4) else None
    if found.scope_id is not None or found not in _PUBLIC_6 or any(found in network for network in _NOT_PUBLIC_6):
        return inner
    return inner if int(found) >> 32 & 0xFFFFFFFF in _ISATAP else None
