"""What calls of the model cost, and the budget that each asks before it begins."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from kompasbot.settings import Settings


@dataclass(slots=True)
class Spent:
    """Tokens, of one call or over all calls of an answer."""

    prompt: int = 0
    completion: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.prompt + self.completion

    def add(self, more: "Spent") -> None:
        """Count what a call cost."""
        self.prompt += more.prompt
        self.completion += more.completion

    def cost(self, settings: Settings) -> float | None:
        """In euro; known when both prices, or the one that counts, are set."""
        prices = (settings.chat_price_in, settings.chat_price_out)
        if all(price is None for price in prices):
            return None
        return round((self.prompt * (prices[0] or 0.0) + self.completion * (prices[1] or 0.0)) / 1e6, 6)


class Budget(Protocol):
    """Who is asked before a call, and told after it."""

    def call(self, most: int) -> AbstractAsyncContextManager[Spent]:
        """Set ``most`` tokens aside while a call lasts. What it really cost stands in the value when the block is left,
        whichever way. Raises :class:`~kompasbot.endpoint.EndpointFailure` when there is nothing left to spend.
        """
        ...

    def ended(self, outcome: str) -> None:
        """Hear what became of an answer that was asked for: ``answered``, or the code of its failure."""
        ...


class Boundless:
    """No budget: a maintainer's own commands."""

    @asynccontextmanager
    async def call(self, most: int) -> AsyncIterator[Spent]:  # noqa: ARG002
        """Let it go on."""
        yield Spent()

    def ended(self, outcome: str) -> None:
        """Nobody counts."""
