"""Admitted requests take turns.

A limit lets its whole share in at the begin of each window, and an answer is computed on the event loop: without turns
every refusal would wait behind all of them. With turns the loop reads and answers what came in meanwhile before it
starts the next one.
"""

import asyncio


class Turns:
    """Lets one request at a time begin, in order of arrival, at most one a round of the event loop."""

    def __init__(self) -> None:
        self._begins = asyncio.Lock()

    async def wait(self) -> None:
        """Return when it is this request's turn to begin."""
        async with self._begins:
            await asyncio.sleep(0)
