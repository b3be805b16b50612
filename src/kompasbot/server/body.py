"""The body of a request as it comes in: neither larger nor slower than it may be.

What is wrong with it is raised where it is read, so that a page answers with a page and the interface with a problem.
"""

import asyncio
import contextlib
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from kompasbot.errors import KompasbotError

GRACE_SECONDS: Final = 10.0
SLOWEST: Final = 8 * 1024
"""Bytes a second. With the grace before it, 64 KiB may take 18 seconds."""
_MOST_SECONDS: Final = 600.0
"""For the whole body: 20 MB at some 270 kbit a second."""
_DRAIN_BYTES: Final = 32 * 1024 * 1024
_DRAIN_SECONDS: Final = 5.0
"""So much of a body that is too large, and for so long, is read on and thrown away."""


class TooLarge(KompasbotError):
    """More was sent than may be, or announced."""

    kind = "te-groot"

    def __init__(self, most: int) -> None:
        super().__init__(f"Een verzoek mag hoogstens {most} bytes groot zijn.", "Stuur minder mee.")


class Incomplete(KompasbotError):
    """The body came too slowly, or its sender left halfway."""

    kind = "te-langzaam"

    def __init__(self) -> None:
        super().__init__("Je verzoek kwam te langzaam binnen en is niet helemaal gelezen.", "Probeer het opnieuw.")


class Body:
    """The body of one request, of at most ``most`` bytes."""

    def __init__(self, scope: Scope, receive: Receive, most: int) -> None:
        headers = Headers(scope=scope)
        self._announced = headers.get("content-length", "0")
        self._waits = "expect" in headers
        self._receive = receive
        self._most = most
        self._got = 0
        self._began: float | None = None
        self._ended = False
        self.refused = False

    async def receive(self) -> Message:
        """The next message of the request; raises :class:`TooLarge` and :class:`Incomplete`."""
        if self._ended or self.refused:
            return await self._receive()
        if not (self._announced.isdigit() and int(self._announced) <= self._most):
            await self._refuse_large()
        try:
            async with asyncio.timeout_at(self._deadline()):
                message = await self._take()
        except TimeoutError:
            message = {"type": "http.disconnect"}
        if message["type"] == "http.disconnect":
            self.refused = True
            raise Incomplete
        if self._got > self._most:
            await self._refuse_large()
        return message

    def _deadline(self) -> float:
        """Until when to wait for more, by the clock of the event loop."""
        now = asyncio.get_running_loop().time()
        self._began = now if self._began is None else self._began
        return self._began + min(GRACE_SECONDS + self._got / SLOWEST, _MOST_SECONDS)

    async def _take(self) -> Message:
        message = await self._receive()
        self._got += len(message.get("body", b""))
        self._ended = message["type"] == "http.request" and not message.get("more_body")
        return message

    async def _refuse_large(self) -> None:
        """Read the rest and throw it away, within limits, then raise: a client that is still sending when the
        connection closes gets an error of its network instead of the reply (RFC 9112, 9.6). One that waits to be told
        to go on (``Expect``) sends nothing.
        """
        self.refused = True
        left = 0 if self._waits else _DRAIN_BYTES
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while left > 0 and not self._ended:
                    message = await self._receive()
                    left -= len(message.get("body", b""))
                    self._ended = not message.get("more_body")
        raise TooLarge(self._most)


async def whole(receive: Receive) -> Receive:
    """Read a body to its end; gives what hands it on in one piece, and then what comes after it."""
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    waiting = [{"type": "http.request", "body": b"".join(parts), "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
