"""Figures for Prometheus: what is asked, how it is answered, how long it takes, what was refused.

No texts and no addresses of visitors.

With several worker processes each writes to files in ``PROMETHEUS_MULTIPROC_DIR`` (set by ``kompasbot serve``), and any
of them answers ``/metrics`` for all.
"""

import os
import struct
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from kompasbot.answering.answer import Answer
from kompasbot.embedding import Outcome
from kompasbot.errors import KompasbotError
from kompasbot.retrieval.index import Index
from kompasbot.server.shared import FIGURES
from kompasbot.store.live import Live

_SECONDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
_TRIES: Final = 5
_UNTIL_WRITTEN: Final = 0.02


class Meters:
    """The figures of one server."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._requests = Counter(
            "kompasbot_requests", "Requests by route and status.", ("route", "method", "status"), registry=registry
        )
        self._request_seconds = Histogram(
            "kompasbot_request_seconds",
            "Seconds until a reply was sent whole.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._answers = Counter(
            "kompasbot_answers", "Answers by status and engine.", ("status", "engine", "fallback"), registry=registry
        )
        self._stages = Histogram(
            "kompasbot_stage_seconds",
            "Seconds of an answer: until its status, its first sentence and its end.",
            ("engine", "stage"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._tokens = Counter("kompasbot_tokens", "Tokens of the language model.", ("kind",), registry=registry)
        self._cost = Counter("kompasbot_cost_euros", "Cost of the language model, by set prices.", registry=registry)
        self._chatted = Counter(
            "kompasbot_chat_calls",
            "Calls of the language model by what became of them: answered, or why it failed.",
            ("outcome",),
            registry=registry,
        )
        self._embedded = Counter(
            "kompasbot_embedding_questions",
            "Questions by what became of their vectors; full, late or failed: words alone decided.",
            ("outcome",),
            registry=registry,
        )
        self._limited = Counter("kompasbot_limited", "Requests refused, by limit.", ("limit",), registry=registry)
        self._redis_failures = Counter("kompasbot_redis_failures", "Times Redis did not answer.", registry=registry)
        self._database_failures = Counter(
            "kompasbot_database_failures", "Times the database could not be used.", registry=registry
        )
        self._dropped = Counter(
            "kompasbot_statistics_dropped", "Counts lost, as the database was away too long.", registry=registry
        )
        self._open = Gauge(
            "kompasbot_requests_open",
            "Requests being answered now.",
            registry=registry,
            multiprocess_mode="livesum",
        )

    def opened(self) -> None:
        """A request came in."""
        self._open.inc()

    def closed(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._open.dec()
        self._requests.labels(route, method, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def stage(self, engine: str, stage: str, seconds: float) -> None:
        """A stage of an answer was reached."""
        self._stages.labels(engine, stage).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """An answer is complete."""
        engine = answer.engine
        self._answers.labels(answer.status.value, engine.name, "yes" if engine.fallback_reason else "no").inc()

    def spent(self, prompt: int, completion: int, cost: float | None) -> None:
        """A call of the language model ended, well or not."""
        self._tokens.labels("prompt").inc(prompt)
        self._tokens.labels("completion").inc(completion)
        self._cost.inc(cost or 0.0)

    def chatted(self, outcome: str) -> None:
        """The language model answered, or failed."""
        self._chatted.labels(outcome).inc()

    def embedded(self, outcome: Outcome) -> None:
        """A question got its vector, or none."""
        self._embedded.labels(outcome.value).inc()

    def limited(self, limit: str) -> None:
        """A request was refused by a limit."""
        self._limited.labels(limit).inc()

    def redis_failed(self) -> None:
        """Redis did not answer."""
        self._redis_failures.inc()

    def database_failed(self) -> None:
        """The database could not be used."""
        self._database_failures.inc()

    def statistics_dropped(self, count: int) -> None:
        """There was no room to keep counts for later."""
        self._dropped.inc(count)

    def text(self, live: Live[Index], redis_answers: bool | None, database_answers: bool | None) -> bytes:
        """All figures in Prometheus's text format; what answers is None where there is no such server."""
        shared = os.environ.get(FIGURES)
        if shared:
            counted: CollectorRegistry = CollectorRegistry()
            MultiProcessCollector(counted, path=shared)  # type: ignore[no-untyped-call]
        else:
            counted = self.registry
        now = CollectorRegistry()
        now.register(_Now(live, redis_answers, database_answers))
        ProcessCollector(registry=now)
        return _written(counted) + generate_latest(now)


class _Now(Collector):
    """What is so at this moment in the process that is asked."""

    def __init__(self, live: Live[Index], redis_answers: bool | None, database_answers: bool | None) -> None:
        self._live = live
        self._redis_answers = redis_answers
        self._database_answers = database_answers

    def collect(self) -> Iterator[Metric]:
        """The serving generation, and whether the servers that are used answer."""
        try:
            with self._live.borrow() as index:
                age = time.time() - _seconds(index.created)
                yield GaugeMetricFamily("kompasbot_index_age_seconds", "Age of the serving generation.", age)
                yield GaugeMetricFamily("kompasbot_index_items", "Items and documents in it.", len(index.items))
        except KompasbotError:
            pass
        yield GaugeMetricFamily("kompasbot_worker_pid", "Process that answers this.", os.getpid())
        failing = float(self._live.failure is not None)
        yield GaugeMetricFamily("kompasbot_index_failing", "Whether the newest generation can't be opened.", failing)
        if self._live.has_server:
            yield GaugeMetricFamily(
                "kompasbot_chroma_up", "Whether the Chroma server answers.", float(not self._live.lost)
            )
        if self._redis_answers is not None:
            yield GaugeMetricFamily("kompasbot_redis_up", "Whether Redis answers.", float(self._redis_answers))
        if self._database_answers is not None:
            answers = float(self._database_answers)
            yield GaugeMetricFamily("kompasbot_database_up", "Whether the database server answers.", answers)


def _seconds(iso: str) -> float:
    found = datetime.fromisoformat(iso)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _written(counted: CollectorRegistry) -> bytes:
    """The figures as text; a file that a starting worker has not written yet is read again a little later."""
    for _ in range(_TRIES - 1):
        try:
            return generate_latest(counted)
        except struct.error:
            time.sleep(_UNTIL_WRITTEN)
    return generate_latest(counted)
