"""Traces by OpenTelemetry, where an endpoint for them is set: what a request spends its time on.

Spans carry names, counts, codes and times; never a question, an answer, a query string or an address of a visitor, and
for that reason requests are traced here and not by a ready-made instrumentation. The provider is our own and not
OpenTelemetry's global one, so that no library adds spans, and texts in them, by itself. Names and attributes are those
of OpenTelemetry's semantic conventions where these have one.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Thread
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from opentelemetry.trace import Span as Inner
    from opentelemetry.trace import Tracer

Value = str | int | float | bool
Attributes = Mapping[str, Value | None]
Kind = Literal["INTERNAL", "SERVER", "CLIENT"]

_CLOSE_SECONDS: Final = 3.0
_EXPORT_SECONDS: Final = 5.0
_NONE: Final[Attributes] = {}


class Span:
    """A stretch of work. Without a tracer it does nothing, so that nobody has to ask whether traces are on."""

    def __init__(self, tracer: "Tracer | None" = None, inner: "Inner | None" = None) -> None:
        self._tracer = tracer
        self._inner = inner

    @property
    def trace_id(self) -> str | None:
        """The trace it belongs to, as 32 hexadecimal digits; None where nothing is traced."""
        return f"{self._inner.get_span_context().trace_id:032x}" if self._inner is not None else None

    def begin(self, name: str, kind: Kind = "INTERNAL", attributes: Attributes = _NONE) -> "Span":
        """Begin a part of this stretch; the caller ends it."""
        if self._tracer is None or self._inner is None:
            return NOTHING
        from opentelemetry.trace import SpanKind, set_span_in_context

        inner = self._tracer.start_span(
            name, set_span_in_context(self._inner), SpanKind[kind], dict(_given(attributes))
        )
        return Span(self._tracer, inner)

    def set(self, attributes: Attributes) -> None:
        """Add attributes; those that are None are left out."""
        if self._inner is not None:
            self._inner.set_attributes(dict(_given(attributes)))

    def rename(self, name: str) -> None:
        """Give it the name that is only known now."""
        if self._inner is not None:
            self._inner.update_name(name)

    def reached(self, name: str) -> None:
        """Note a moment within it."""
        if self._inner is not None:
            self._inner.add_event(name)

    def failed(self, kind: str) -> None:
        """Mark it as failed; ``kind`` is a code or the name of a class: a message could quote a visitor."""
        if self._inner is not None:
            from opentelemetry.trace import StatusCode

            self._inner.set_attribute("error.type", kind)
            self._inner.set_status(StatusCode.ERROR)

    def end(self) -> None:
        """It is over."""
        if self._inner is not None:
            self._inner.end()


NOTHING: Final = Span()
_CURRENT: Final[ContextVar[Span]] = ContextVar("span", default=NOTHING)


def _given(attributes: Attributes) -> Iterator[tuple[str, Value]]:
    return ((key, value) for key, value in attributes.items() if value is not None)


def current() -> Span:
    """The stretch of work that runs now."""
    return _CURRENT.get()


@contextmanager
def within(span: Span) -> Iterator[None]:
    """Make a span the current one. Not across a ``yield`` of an async generator, whose steps can run in other tasks."""
    token = _CURRENT.set(span)
    try:
        yield
    finally:
        _CURRENT.reset(token)


@contextmanager
def stretch(name: str, kind: Kind = "INTERNAL", attributes: Attributes = _NONE) -> Iterator[Span]:
    """A part of the current stretch; an exception marks it as failed and passes on."""
    span = current().begin(name, kind, attributes)
    try:
        with within(span):
            yield span
    except BaseException as error:
        span.failed(type(error).__name__)
        raise
    finally:
        span.end()


class Traces:
    """Sends the spans of this process to a collector, in batches, from a thread of its own; what it can't send within
    seconds is dropped, and never keeps a visitor waiting.

    OpenTelemetry's own variables count as well: ``OTEL_SERVICE_NAME``, ``OTEL_RESOURCE_ATTRIBUTES``,
    ``OTEL_EXPORTER_OTLP_HEADERS``, ``OTEL_EXPORTER_OTLP_CERTIFICATE``, ``OTEL_TRACES_SAMPLER``, ``OTEL_BSP_*``.
    """

    def __init__(self, endpoint: str, version: str) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        named = "OTEL_SERVICE_NAME" in os.environ or "service.name" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
        known: dict[str, str | int] = {"service.version": version, "process.pid": os.getpid()}
        if not named:
            known["service.name"] = "kompasbot"
        exporter = OTLPSpanExporter(traces_address(endpoint), timeout=_EXPORT_SECONDS)
        self._provider = TracerProvider(resource=Resource.create(known), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("kompasbot", version)

    def request(self, method: str, traceparent: str | None = None) -> Span:
        """Begin the span of a request; ``traceparent`` (W3C Trace Context) makes it part of the caller's trace."""
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        carrier = {"traceparent": traceparent} if traceparent else {}
        context = TraceContextTextMapPropagator().extract(carrier)
        inner = self._tracer.start_span(method, context, SpanKind.SERVER, {"http.request.method": method})
        return Span(self._tracer, inner)

    def close(self) -> None:
        """Send what is left, for some seconds at most: a collector that hangs must not keep the server running."""
        last = Thread(target=self._provider.shutdown, name="kompasbot-traces", daemon=True)
        last.start()
        last.join(_CLOSE_SECONDS)


def traces_address(endpoint: str) -> str:
    """Where a collector at this address takes traces in."""
    return f"{endpoint.rstrip('/')}/v1/traces"
