"""Deadlines on a stream: until its first piece, between two pieces, and in total."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from kompasbot.endpoint import EndpointFailure

T = TypeVar("T")
FIRST: Final = "Het taalmodel begon niet op tijd met antwoorden."
NEXT: Final = "Het taalmodel viel stil."
TOTAL: Final = "Het taalmodel deed te lang over het antwoord."


@dataclass(frozen=True, slots=True)
class Pace:
    """The deadlines in seconds; ``first`` and ``total`` count from ``began``, a time of the running loop."""

    began: float
    first: float
    between: float
    total: float


async def paced(source: AsyncIterator[T], pace: Pace, counts: Callable[[T], bool]) -> AsyncGenerator[T, None]:
    """The pieces of ``source``; raises :class:`EndpointFailure` when one is too late.

    Only pieces that ``counts`` tell that the model works: signs of life without text do not move a deadline.
    """
    now = asyncio.get_running_loop().time
    end = pace.began + pace.total
    limit, late = pace.began + pace.first, FIRST
    while True:
        try:
            async with asyncio.timeout_at(min(limit, end)):
                piece = await anext(source)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            message = TOTAL if late is NEXT and now() >= end else late
            raise EndpointFailure("te-traag", message, retryable=False) from error
        if counts(piece):
            limit, late = now() + pace.between, NEXT
        yield piece
        # The reader's own time is not the model's.
        limit = max(limit, now() + pace.between) if late is NEXT else limit
