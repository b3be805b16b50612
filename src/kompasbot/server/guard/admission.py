"""Who may come in: within the limits, so many at once, and in turn."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.types import Scope

from kompasbot.errors import LimitReached
from kompasbot.prompts import Texts
from kompasbot.server.guard.limiter import Limiter, Refusal
from kompasbot.server.guard.turns import Turns
from kompasbot.server.metrics import Meters
from kompasbot.settings import Settings

_BUSY: Final = Refusal("concurrency", 2)


class Admission:
    """Lets the requests of one process in; raises :class:`LimitReached` for one too many."""

    def __init__(self, settings: Settings, limiter: Limiter, meters: Meters, texts: Texts) -> None:
        self._most = settings.max_concurrent
        self._limiter = limiter
        self._meters = meters
        self._texts = texts
        self._inside = 0
        self._turns = Turns()

    async def count(self, scope: Scope) -> None:
        """Count a request against the limits; one that finds the house full does not count."""
        self._check_room()
        self._check(await self._limiter.admit(visitor(scope)))

    async def count_attempt(self, scope: Scope) -> None:
        """Count a try of the maintainers' key."""
        self._check(await self._limiter.admit_attempt(visitor(scope)))

    @asynccontextmanager
    async def inside(self) -> AsyncIterator[None]:
        """A place among those that are answered at once. Who takes it has read the request: none waits for a sender."""
        self._check_room()
        self._inside += 1
        try:
            await self._turns.wait()
            yield
        finally:
            self._inside -= 1

    def _check_room(self) -> None:
        self._check(_BUSY if self._inside >= self._most else None)

    def _check(self, refusal: Refusal | None) -> None:
        if refusal:
            self._meters.limited(refusal.limit)
            text = self._texts.get(f"grens.{refusal.limit}", tijd=duration(refusal.seconds))
            raise LimitReached(text, retry_after=refusal.seconds)


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
