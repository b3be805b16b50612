"""Ten times as many requests as the limit allows: ``python -m tests.proof.overload``."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.load import Load, storm
from tests.proof.book import Figure, run
from tests.proof.running import REQUESTS, Running, serving

TITLE: Final = "Overload: ten times the limit"
_LIMIT: Final = 50
_CLIENTS: Final = 40
"""Enough for those who wait for an answer and those who are refused; each sends by the clock."""


def measure(seconds: float = 60) -> list[Figure]:
    """Ten times the limit for a while, then a visitor who asks as usual; and what a refusal alone costs."""
    limits = {"KOMPASBOT_LIMIT_TOTAL": f"{_LIMIT}/second", "KOMPASBOT_LIMIT_VISITOR": "uit", "KOMPASBOT_LOG": "json"}
    with tempfile.TemporaryDirectory() as name:
        with serving(Path(name), 2, limits) as running:
            figures = _overloaded(running, seconds)
        with serving(Path(name), 1, {**limits, "KOMPASBOT_LIMIT_TOTAL": "1/day"}) as running:
            return [*figures, _cost(running)]


def _overloaded(running: Running, seconds: float) -> list[Figure]:
    before = running.memory()
    load = asyncio.run(storm(running.port, REQUESTS, _CLIENTS, seconds, rate=10 * _LIMIT))
    after = running.memory()
    time.sleep(2)
    later = asyncio.run(storm(running.port, REQUESTS, 1, 5, rate=10))
    p50, p95, p99 = (load.percentile(part, 429) for part in (0.5, 0.95, 0.99))
    return [
        Figure("time of a 429", "p95 ≤ 20 ms", f"p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f} ms", p95 <= 20),
        _answered(load),
        Figure("growth of memory meanwhile", "≤ 5 MB", f"{after - before:.1f} MB", after - before <= 5),
        Figure(
            "after 2 seconds of rest",
            "all answered, p95 ≤ 200 ms",
            f"{later.count()} answered, {later.count(429)} refused, p95 {later.percentile(0.95):.0f} ms",
            not later.count(429) and later.percentile(0.95) <= 200,
        ),
    ]


def _answered(load: Load) -> Figure:
    offered = (load.count() + load.count(429)) / load.seconds
    broken = sum(load.broken.values())
    told = f"{load.rate():.0f}/s of {offered:.0f}/s, p95 {load.percentile(0.95):.0f} ms, {broken} broken"
    good = not broken and 0.8 * _LIMIT <= load.rate() <= 1.2 * _LIMIT
    return Figure("what was answered meanwhile", f"about {_LIMIT}/s, nothing broken", told, good)


def _cost(running: Running) -> Figure:
    busy = running.busy()
    load = asyncio.run(storm(running.port, REQUESTS, 8, 10, rate=10 * _LIMIT))
    each = (running.busy() - busy) / load.count(429) * 1e6
    return Figure("processor time of a refusal, all in", "≤ 500 µs", f"{each:.0f} µs", each <= 500)


if __name__ == "__main__":
    sys.exit(run(["overload"]))
