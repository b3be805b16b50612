"""Connections that only go where the guard allows, and that end at a deadline however slowly the other side speaks."""

import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import httpcore
import httpx

from kompasbot.fetching.guard import Guard

_LEAST: Final = 0.01


@dataclass(frozen=True, slots=True)
class Clock:
    """What tells the time, in seconds, and waits."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Deadline:
    """When a fetch must be over."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._now = clock.now
        self._end = self._now() + seconds

    def left(self) -> float:
        """The seconds that are left; raises :class:`httpcore.ReadTimeout` when there are none."""
        left = self._end - self._now()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline has passed")
        return max(left, _LEAST)

    def extend(self, seconds: float) -> None:
        """Leave a wait that is none of the other side's doing out of the count."""
        self._end += seconds

    def within(self, timeout: float | None) -> float:
        """A time-out, shortened to what is left."""
        return self.left() if timeout is None else min(timeout, self.left())


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait is shortened to what is left."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._deadline.within(timeout))
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Makes connections: the guard judges the host's addresses, and one of these is connected to."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard = guard
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = self._guard.addresses(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"unknown host: {error}") from error
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses[:3]:
            try:
                stream = self._sockets.connect_tcp(
                    address, port, self._deadline.within(timeout), local_address, socket_options
                )
                return _Stream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError("no address")


class GuardedTransport(httpx.HTTPTransport):
    """httpx's transport over guarded connections; one for each fetch, since the deadline is its own."""

    def __init__(self, guard: Guard, deadline: Deadline, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=2,
            max_keepalive_connections=0,
            http1=True,
            network_backend=_Backend(guard, deadline),
        )
