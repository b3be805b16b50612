"""A corpus of 100,000 passages: ``python -m tests.proof.scale [passages]``."""

import itertools
import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.proof.book import Figure, run
from tests.proof.rig import Home, Served, megabytes

TITLE: Final = "Scale: 100,000 passages"
PASSAGES: Final = 100_000
_DOCUMENT: Final = 34
"""Passages of a document: its title and 33 sections."""


def write_corpus(folder: Path, passages: int) -> None:
    """Write documents of random Dutch words by their frequency: no text twice, a natural spread of rare words."""
    from wordfreq import top_n_list

    words = [word for word in top_n_list("nl", 40_000) if word.isalpha()]
    cumulative = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(words))))
    chance = random.Random(1)

    def some(number: int) -> str:
        return " ".join(chance.choices(words, cum_weights=cumulative, k=number))

    folder.mkdir(parents=True)
    for number in range(passages // _DOCUMENT):
        sections = (
            f"## {some(3)}\n\n" + " ".join(f"{some(12).capitalize()}." for _ in range(9)) for _ in range(_DOCUMENT - 1)
        )
        text = f"# Document {number} {some(2)}\n\n" + "\n\n".join(sections)
        (folder / f"document-{number:05}.md").write_text(text, encoding="utf-8")


def measure(passages: int = PASSAGES) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name))
        home.edit(0)
        write_corpus(home.corpus / "boeken", passages)
        began = time.perf_counter()
        report = json.loads(home.must("ingest", "--json", timeout=3600))
        seconds = time.perf_counter() - began
        total = report["passages"]["new"]
        steps = ", ".join(f"{step} {taken:.0f} s" for step, taken in report["seconds"].items())
        began = time.perf_counter()
        home.must("ingest")
        unchanged = time.perf_counter() - began
        with home.serving() as served:
            p50, p95 = latency(served)
            memory = megabytes(served.pid)
        rate = total / seconds
        return [
            Figure(f"ingestion of {total} passages ({steps})", "≥ 500 a second", f"{rate:.0f} a second", rate >= 500),
            Figure("ingestion again, without a change", "(not set)", f"{unchanged:.1f} s", True),
            Figure("`/v1/search`, p50 and p95", "p95 ≤ 30 ms", f"{p50:.1f} and {p95:.1f} ms", p95 <= 30),
            Figure("server ready", "≤ 8 s", f"{served.ready:.1f} s", served.ready <= 8),
            Figure("memory of the server", "≤ 1.5 GB", f"{memory / 1000:.2f} GB", memory <= 1500),
        ]


def latency(served: Served, number: int = 300) -> tuple[float, float]:
    """The median and 95th percentile of a search, in milliseconds, over questions that differ."""
    from wordfreq import top_n_list

    words = [word for word in top_n_list("nl", 8_000) if word.isalpha() and len(word) > 4]
    chance = random.Random(2)
    questions = [f"hoe werkt {' en '.join(chance.sample(words, 3))}" for _ in range(number)]
    times = []
    for question in questions:
        began = time.perf_counter()
        served.client.get("/v1/search", params={"q": question}).raise_for_status()
        times.append((time.perf_counter() - began) * 1e3)
    return statistics.median(times), sorted(times)[int(0.95 * len(times))]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        for figure in measure(int(sys.argv[1])):
            print(figure)
    else:
        sys.exit(run(["scale"]))
