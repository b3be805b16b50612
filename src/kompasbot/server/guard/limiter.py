"""Who may ask how much: limits a visitor and in all, tokens of the language model a day.

A visitor is a keyed hash of an address, with a secret that lasts a day; the address itself is stored nowhere.
"""

import hashlib
import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from limits import RateLimitItem, parse_many

from kompasbot.server.guard.counters import Counters
from kompasbot.settings import Settings
from kompasbot.validators import OFF

_DAY: Final = 86_400
_VISITOR_DEFAULT: Final = "60/minute;2000/day"
_TOTAL_DEFAULT: Final = "3000/minute"
_ATTEMPTS: Final = parse_many("10/minute")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which limit was reached, and after how many seconds to try again."""

    limit: str
    seconds: int


class Limiter:
    """The limits of one server; ``clock`` gives the time in seconds since 1970."""

    def __init__(self, settings: Settings, counters: Counters, clock: Callable[[], float] = time.time) -> None:
        self._visitor, self._total = limits_of(settings)
        self._tokens = settings.tokens_per_day
        self._counters = counters
        self._clock = clock

    @property
    def in_force(self) -> dict[str, list[str]]:
        """The limits that hold, in words."""
        return {"bezoeker": [str(one) for one in self._visitor], "totaal": [str(one) for one in self._total]}

    async def admit(self, address: str) -> Refusal | None:
        """Count a request of a visitor; None when it is welcome."""
        if self._visitor:
            refusal = await self._count("visitor", self._visitor, await self._name(address))
            if refusal:
                return refusal
        return await self._count("total", self._total, "all")

    async def admit_attempt(self, address: str) -> Refusal | None:
        """Count a wrong key to the admin routes; None while there may be more."""
        return await self._count("admin", _ATTEMPTS, await self._name(address))

    async def reserve(self, tokens: int) -> int | None:
        """Set tokens aside for a call of the language model; gives the day they count for, None when that is spent.

        What others set aside counts as spent, so that calls at the same time do not all get what is left for one.
        """
        day = self._day()
        if self._tokens is None:
            return day
        before = await self._add(day, tokens) - tokens
        if before < self._tokens:
            return day
        await self._add(day, -tokens)
        return None

    async def settle(self, day: int, reserved: int, spent: int) -> None:
        """Count what a call really spent instead of what was set aside for it."""
        if self._tokens is not None:
            await self._add(day, spent - reserved)

    async def exhausted(self) -> Refusal | None:
        """The refusal when the day's tokens are gone; the next day begins at midnight UTC."""
        if self._tokens is None or await self._counters.count(f"tokens/{self._day()}") < self._tokens:
            return None
        return Refusal("tokens", math.ceil(_DAY - self._clock() % _DAY))

    async def _add(self, day: int, tokens: int) -> int:
        return await self._counters.add(f"tokens/{day}", 2 * _DAY, tokens)

    async def _count(self, name: str, items: list[RateLimitItem], key: str) -> Refusal | None:
        for item in items:
            wait = await self._counters.hit(item, f"{name}/{key}")
            if wait is not None:
                return Refusal(name, math.ceil(wait))
        return None

    async def _name(self, address: str) -> str:
        secret = await self._counters.secret(self._day())
        return hashlib.blake2b(network(address).encode(), key=secret, digest_size=12).hexdigest()

    def _day(self) -> int:
        return int(self._clock() // _DAY)


def limits_of(settings: Settings) -> tuple[list[RateLimitItem], list[RateLimitItem]]:
    """The limits that hold for a visitor and for all together."""
    return (
        in_force(settings.limit_visitor, _VISITOR_DEFAULT, settings),
        in_force(settings.limit_total, _TOTAL_DEFAULT, settings),
    )


def in_force(wanted: str | None, default: str, settings: Settings) -> list[RateLimitItem]:
    """The limits of a setting, shortest window first; by default none while only this machine can reach the server."""
    text = wanted or (OFF if settings.behind_loopback else default)
    return [] if text.lower() == OFF else sorted(parse_many(text))


def network(address: str) -> str:
    """What stands for a visitor: an IPv4 address, or the first half of an IPv6 address, which is one visitor's."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if found.version == 6:
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)
