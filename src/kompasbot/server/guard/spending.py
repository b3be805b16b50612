"""The day's budget of tokens, asked before each call of the language model, and the figures of what calls cost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from kompasbot.chatmodel import Spent
from kompasbot.endpoint import EndpointFailure
from kompasbot.server.guard.limiter import Limiter
from kompasbot.server.metrics import Meters
from kompasbot.settings import Settings

SPENT: Final = "dagbudget"
"""Why an answer came without the language model."""


class Spending:
    """A :class:`~kompasbot.chatmodel.Budget` of all processes; ``note`` is told what each call cost, in euro."""

    def __init__(
        self, settings: Settings, limiter: Limiter, meters: Meters, note: Callable[[float | None], None]
    ) -> None:
        self._settings = settings
        self._limiter = limiter
        self._meters = meters
        self._note = note
        self._settling: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def call(self, most: int) -> AsyncIterator[Spent]:
        """Set ``most`` tokens aside while a call lasts."""
        day = await self._limiter.reserve(most)
        if day is None:
            raise EndpointFailure(SPENT, SPENT, "Verhoog KOMPASBOT_TOKENS_PER_DAY, of wacht tot morgen.", blames=False)
        spent = Spent()
        try:
            yield spent
        finally:
            # A task of its own: where the visitor left, whatever is waited for here is cancelled.
            settling = asyncio.ensure_future(self._settle(day, most, spent))
            self._settling.add(settling)
            settling.add_done_callback(self._settling.discard)
            await asyncio.shield(settling)

    def ended(self, outcome: str) -> None:
        """Count what became of an answer that was asked for."""
        self._meters.chatted(outcome)

    async def _settle(self, day: int, reserved: int, spent: Spent) -> None:
        cost = spent.cost(self._settings)
        self._meters.spent(spent.prompt, spent.completion, cost)
        self._note(cost)
        await self._limiter.settle(day, reserved, spent.total)
