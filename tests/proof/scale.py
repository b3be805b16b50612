"""From the shipped corpus alone to 100,000 passages beside it: ``python -m tests.proof.scale [passages …]``.

At every size the same is done with the real program: ingest, ingest again without a change, serve, search. Retrieval is
measured with the evaluation questions of the shipped factsheet, whose items have to be found among all those documents,
and with questions about the documents themselves. It ends after 20 minutes at the latest; what was not measured by then
counts as not reached.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kompasbot.evaluation import find_set, load_set
from kompasbot.shipped import CHECKOUT
from tests.proof.book import Figure, run
from tests.proof.library import Kind, Library
from tests.proof.rig import Home, Served, megabytes

TITLE: Final = "Scale: 100,000 passages"
SIZES: Final = (0, 1_000, 10_000, 100_000)
"""Passages of documents beside the shipped corpus; the first is what the others are compared with."""
_HARD: Final = 10_000
"""Passages of the hard case, documents of random words."""
SHEET: Final = "regionale-samenwerking"
_SECONDS: Final = 1_200
_OWN_QUESTIONS: Final = 150
_WARM: Final = 10
_DEEP: Final = 10
_WORSE: Final = 0.02
_TYPES: Final = ("inzicht", "praktijkvoorbeeld", "tool", "algemeen")

Search = Callable[[str], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one size came to. ``seconds`` and ``processor`` are of the ingestion, ``steps`` its own account of them;
    ``work`` is the server's processor time for a search, in milliseconds.
    """

    passages: int
    seconds: float
    processor: float
    steps: dict[str, float]
    unchanged: float
    ready: float
    p50: float
    p95: float
    memory: float
    work: float
    first: float
    three: float
    own: float

    @property
    def rate(self) -> float:
        """Passages a second."""
        return self.passages / self.seconds


def measure(sizes: Sequence[int] = SIZES) -> list[Figure]:
    until = time.monotonic() + _SECONDS
    found: list[Measured] = []
    slope: list[Figure] = []
    try:
        for size in sizes:
            found.append(at_size(size, Kind.THEMES, until))
            slope.append(_slope(found[-1]))
            print(slope[-1], flush=True)
        slope.append(_slope(at_size(_HARD, Kind.RANDOM, until), ", documents of random words"))
    except (subprocess.TimeoutExpired, TimeoutError) as error:
        late = f"not within {_SECONDS // 60} minutes: {str(error)[-100:]}"
        slope.append(Figure("all sizes measured", f"{len(sizes)} and the hard case", late, False))
    return [*(_limits(found[0], found[-1]) if len(found) > 1 else []), *slope]


def at_size(size: int, kind: Kind, until: float) -> Measured:
    """Everything with so many passages of documents beside the shipped corpus, before a moment of the clock."""
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name))
        shutil.copytree(CHECKOUT / "corpus", home.corpus)
        library = Library(kind)
        documents = library.write(home.corpus / "bibliotheek", size) if size else 0
        with _timed() as ingestion:
            report = json.loads(home.must("ingest", "--json", timeout=_left(until)))
        with _timed() as again:
            home.must("ingest", timeout=_left(until))
        _left(until)
        with home.serving() as served:
            times: list[float] = []
            search, names, before = _search(served, times, until), _names(served), _used(served.pid)
            first, three = _recall(search, names, times)
            own = _own(search, library, documents)
            work = (_used(served.pid) - before) / (len(times) + _WARM) * 1e3
            memory = megabytes(served.pid)
        return Measured(
            passages=report["passages"]["new"],
            seconds=ingestion.seconds,
            processor=ingestion.processor,
            steps=report["seconds"],
            unchanged=again.seconds,
            ready=served.ready,
            p50=statistics.median(times),
            p95=sorted(times)[int(0.95 * len(times))],
            memory=memory,
            work=work,
            first=first,
            three=three,
            own=own,
        )


def _left(until: float) -> float:
    """The seconds until a moment of the clock; raises :class:`TimeoutError` when that has passed."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("there was no time left")
    return left


@dataclass
class _Timing:
    """How long a program and its children ran, and what they had of the processors."""

    seconds: float = 0.0
    processor: float = 0.0


@contextmanager
def _timed() -> Iterator[_Timing]:
    timing, began, before = _Timing(), time.perf_counter(), _processor()
    yield timing
    timing.seconds, timing.processor = time.perf_counter() - began, _processor() - before


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _used(pid: int) -> float:
    """The seconds of processor time that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _search(served: Served, times: list[float], until: float) -> Search:
    """Searches, and notes how long each took, in milliseconds."""

    def search(question: str) -> list[dict[str, Any]]:
        _left(until)
        began = time.perf_counter()
        answer = served.client.get("/v1/search", params={"q": question, "limit": _DEEP}).raise_for_status()
        times.append((time.perf_counter() - began) * 1e3)
        return list(answer.json()["results"])

    return search


def _recall(search: Search, names: dict[str, frozenset[str]], times: list[float]) -> tuple[float, float]:
    """How often an item that answers stands first, or among the first three, by the questions of the shipped set."""
    questions = load_set(find_set(CHECKOUT / "corpus", SHEET)).questions
    for row in questions[:_WARM]:
        search(row.question)
    times.clear()
    ranks = []
    for row in questions:
        found = (names.get(hit["id"]) or _all(names, hit["linked_from"]) for hit in search(row.question))
        ranks.append(next((at for at, golds in enumerate(found, 1) if golds & {*row.gold, *row.any_of}), _DEEP + 1))
    return sum(rank == 1 for rank in ranks) / len(ranks), sum(rank <= 3 for rank in ranks) / len(ranks)


def _names(served: Served) -> dict[str, frozenset[str]]:
    """The items of the shipped factsheet by id, as the question set names them."""
    listed = []
    for kind in _TYPES:
        page = served.client.get("/v1/items", params={"factsheet": SHEET, "type": kind}).raise_for_status()
        listed += page.json()["items"]
    return {one["id"]: frozenset({one["id"], *(["G"] if one["type"] == "algemeen" else [])}) for one in listed}


def _all(names: dict[str, frozenset[str]], items: Sequence[str]) -> frozenset[str]:
    return frozenset[str]().union(*(names.get(item, frozenset()) for item in items))


def _own(search: Search, library: Library, documents: int) -> float:
    """How often a question about a document puts that document first."""
    if not documents:
        return 1.0
    right = 0
    for question in library.questions(documents, _OWN_QUESTIONS):
        found = search(question.text)
        right += bool(found) and str(found[0]["id"]).endswith(f"/{Path(question.document).stem}")
    return right / min(documents, _OWN_QUESTIONS)


def _limits(alone: Measured, full: Measured) -> list[Figure]:
    """The figures that have a limit, of the largest size."""
    steps = ", ".join(f"{step} {taken:.0f} s" for step, taken in full.steps.items() if taken >= 0.5)
    worse = max(alone.first - full.first, alone.three - full.three)
    return [
        Figure(
            f"ingestion of {full.passages:,} passages ({steps}; {full.processor:.0f} s of processor time)",
            "≥ 500 a second",
            f"{full.rate:.0f} a second",
            full.rate >= 500,
        ),
        Figure("`/v1/search`, p50 and p95", "p95 ≤ 30 ms", f"{full.p50:.1f} and {full.p95:.1f} ms", full.p95 <= 30),
        Figure("server ready", "≤ 8 s", f"{full.ready:.1f} s", full.ready <= 8),
        Figure("memory of the server", "≤ 1.5 GB", f"{full.memory / 1000:.2f} GB", full.memory <= 1500),
        Figure(
            "the shipped questions find their item: recall at 1 and 3, with the documents",
            f"≤ {_WORSE} below {alone.first:.3f} and {alone.three:.3f} without them",
            f"{full.first:.3f} and {full.three:.3f}",
            worse <= _WORSE,
        ),
    ]


def _slope(one: Measured, kind: str = "") -> Figure:
    """All figures of a size in one row."""
    found = (
        f"{one.rate:.0f} passages a second ({one.passages / one.processor:.0f} a second of processor time), again "
        f"{one.unchanged:.1f} s, ready {one.ready:.1f} s, search {one.p50:.1f} and {one.p95:.1f} ms ({one.work:.1f} ms "
        f"of processor time), {one.memory:.0f} MB, recall {one.first:.3f} and {one.three:.3f}, "
        f"of documents {one.own:.2f}"
    )
    return Figure(f"slope: {one.passages:,} passages{kind}", "(not set)", found, True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        for figure in measure([int(size) for size in sys.argv[1:]]):
            print(figure)
    else:
        sys.exit(run(["scale"]))
