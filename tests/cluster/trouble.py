"""What is done to a cluster under load, and what its visitors noticed: shared by the tests and the proof."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from tests.cluster.crowd import Asked, Crowd, p95
from tests.cluster.part import Part
from tests.cluster.whole import Cluster

WINDOW = 1.0
_SLACK = 200.0
"""A 95th percentile within so many milliseconds is good, whatever it was before."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What visitors noticed of some trouble: seconds until the 95th percentile was back for good."""

    asked: int
    failed: tuple[Asked, ...]
    second_attempts: int
    before: float
    worst: float
    back: float

    def told(self) -> str:
        """In one line."""
        worst = "a second in which nobody could ask" if self.worst == float("inf") else f"{self.worst:.0f} ms"
        failed = Counter(f"{one.kind} {one.status}" for one in self.failed)
        return (
            f"{len(self.failed)} of {self.asked} failed{f' {dict(failed)}' if failed else ''}, {self.second_attempts} "
            f"second attempts; p95 {self.before:.0f} ms before, {worst} at worst, back in {self.back:.0f} s"
        )


def under(crowd: Crowd, trouble: Callable[[], None], calm: float, after: float, kind: str = "") -> Noticed:
    """Cause trouble after a calm stretch and watch for a while; ``kind`` is what is looked at, by default all."""
    start = time.perf_counter()
    time.sleep(calm)
    struck = time.perf_counter()
    trouble()
    time.sleep(after)
    end = time.perf_counter()
    time.sleep(WINDOW)
    before = p95(crowd.since(start, struck, kind))
    windows = [p95(crowd.since(struck + at, struck + at + WINDOW, kind)) for at in range(int(end - struck))]
    good = max(2 * before, _SLACK)
    bad = [at for at, found in enumerate(windows) if found > good]
    found = crowd.since(start, end, kind)
    return Noticed(
        len(found),
        tuple(one for one in found if one.failed),
        sum(one.attempts > 1 for one in found),
        before,
        max(windows),
        (bad[-1] + 1) * WINDOW if bad else 0.0,
    )


def kept(running: Cluster) -> Counter[str]:
    """The judgements in the database, by the id of their answer, with how often each is there."""
    import psycopg

    with psycopg.connect(running.database, connect_timeout=5) as database:
        return Counter(str(row[0]) for row in database.execute("SELECT answer_id FROM judgement"))


def lost(running: Cluster, crowd: Crowd) -> list[str]:
    """Judgements that were acknowledged and are not in the database exactly once."""
    there = kept(running)
    return [mark for mark in crowd.kept if there[mark] != 1]


def figure(part: Part, name: str) -> float | None:
    """A figure of a replica, asked of itself."""
    text = httpx.get(f"http://127.0.0.1:{part.port}/metrics", timeout=20).text
    found = [line.rsplit(" ", 1)[1] for line in text.splitlines() if line.split(" ", 1)[0].split("{", 1)[0] == name]
    return sum(map(float, found)) if found else None


def until(what: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Wait until something is so; False when it never was."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if what():
            return True
        time.sleep(0.1)
    return False
