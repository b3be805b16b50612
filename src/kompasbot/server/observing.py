"""What is told of every request when it is over: a line in the log, figures, and a trace where these are sent."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from kompasbot.server.logs import ACCESS, REQUEST_ID, Sample
from kompasbot.server.metrics import Meters
from kompasbot.server.paths import path_of
from kompasbot.server.problems import route_of
from kompasbot.server.state import State
from kompasbot.tracing import NOTHING, Span, Traces, within

_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_LINES_OF_REFUSALS: Final = 10
"""A second: a flood of requests is not to become a flood of log."""
_UNTRACED: Final = frozenset(("/healthz", "/readyz", "/metrics"))
"""Asked by machines every few seconds: they would bury the visitors' requests."""
_FAULT: Final = 500


class Observed:
    """A request that is being answered; ``status`` is what it was answered with so far."""

    def __init__(self) -> None:
        self.status = _FAULT


class Observer:
    """Watches requests. ``joins`` makes a trace part of the caller's, which only a proxy of our own may ask for."""

    def __init__(self, meters: Meters, traces: Traces | None = None, joins: bool = False) -> None:
        self._meters = meters
        self._traces = traces
        self._joins = joins
        self._refusals = Sample(_LINES_OF_REFUSALS)

    @classmethod
    def of(cls, state: State) -> "Observer":
        """The observer of a server."""
        return cls(state.meters, state.traces, bool(state.settings.trusted_proxies))

    @contextmanager
    def watching(self, scope: Scope, request_id: str) -> Iterator[Observed]:
        """Watch a request from here to its last byte."""
        observed = Observed()
        method = scope["method"] if scope["method"] in _METHODS else "-"
        token = REQUEST_ID.set(request_id)
        span = self._begin(scope, method)
        began = time.perf_counter()
        self._meters.opened()
        try:
            with within(span):
                yield observed
        finally:
            route = route_of(scope)
            self._tell(route, method, observed.status, time.perf_counter() - began, span)
            _end(span, route, method, observed.status, request_id)
            REQUEST_ID.reset(token)

    def _begin(self, scope: Scope, method: str) -> Span:
        if self._traces is None or path_of(scope) in _UNTRACED:
            return NOTHING
        return self._traces.request(method, Headers(scope=scope).get("traceparent") if self._joins else None)

    def _tell(self, route: str, method: str, status: int, seconds: float, span: Span) -> None:
        self._meters.closed(route, method, status, seconds)
        if not ACCESS.isEnabledFor(logging.INFO):
            return
        left_out = self._refusals.take() if status == 429 else 0
        if left_out is not None:
            fields = {"route": route, "method": method, "status": status, "ms": round(seconds * 1e3, 1)}
            if span.trace_id:
                fields["trace_id"] = span.trace_id
            ACCESS.info("request", extra={**fields, "left_out": left_out} if left_out else fields)


def _end(span: Span, route: str, method: str, status: int, request_id: str) -> None:
    span.rename(f"{method} {route}")
    span.set({"http.route": route, "http.response.status_code": status, "kompasbot.request_id": request_id})
    if status >= _FAULT:
        span.failed(str(status))
    span.end()
