"""A collector of OpenTelemetry traces on loopback: takes OTLP over HTTP in, as collectors do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Wire


@dataclass(frozen=True, slots=True)
class Got:
    """A span as it came in."""

    name: str
    kind: str
    id: str
    parent: str
    trace: str
    seconds: float
    attributes: dict[str, str | int | float | bool]
    events: tuple[str, ...]
    failed: bool
    service: str


@dataclass
class Collector:
    """What came in: ``raw`` as it was sent, ``paths`` where to. It answers only while ``open`` is set."""

    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def spans(self) -> list[Got]:
        """All spans so far, in the order in which they ended."""
        return [
            _got(span, _value(dict(_pairs(scoped.resource.attributes))["service.name"]))
            for body in self.raw
            for scoped in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in scoped.scope_spans
            for span in scope.spans
        ]

    def one(self, name: str) -> Got:
        """The only span of this name."""
        found = [span for span in self.spans if span.name == name]
        assert len(found) == 1, (name, [span.name for span in self.spans])
        return found[0]


def _pairs(attributes: object) -> Iterator[tuple[str, AnyValue]]:
    return ((pair.key, pair.value) for pair in attributes)  # type: ignore[attr-defined]


def _value(value: AnyValue) -> str | int | float | bool:
    found: str | int | float | bool = getattr(value, value.WhichOneof("value") or "string_value")
    return found


def _got(span: Wire, service: str | float | bool) -> Got:
    return Got(
        span.name,
        Wire.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        span.trace_id.hex(),
        (span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
        {key: _value(value) for key, value in _pairs(span.attributes)},
        tuple(event.name for event in span.events),
        span.status.code == 2,
        str(service),
    )


@contextmanager
def collecting(answers: bool = True) -> Iterator[Collector]:
    """A running collector; one that does not answer takes the connection and is silent."""
    collector = Collector()
    if answers:
        collector.open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if not collector.open.wait(30):
                return
            collector.paths.append(self.path)
            collector.raw.append(body)
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    collector.port = int(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        collector.open.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
