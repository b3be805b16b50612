"""Ingesting again, and removing a document: ``python -m tests.proof.upkeep``."""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.proof.book import ROOT, Figure, run
from tests.proof.rig import Home

TITLE: Final = "Ingesting again: without a change, with one item changed, with a document removed"
QUESTIONS: Final = (
    "Hoe gebruik je een lijmpistool veilig?", "Welke bril draag je bij het lijmpistool?", "Wat is een lijmpistool?",
    "Vertel over het lijmpistool", "Wat staat er in het document over lijm?",
)  # fmt: skip


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name))
        shutil.copytree(ROOT / "corpus", home.corpus)
        home.must("ingest")
        return [_unchanged(home), *_one_changed(home), *_lost_index(home), _removed(home)]


def _unchanged(home: Home) -> Figure:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        report = json.loads(home.must("ingest", "--json"))
        times.append(time.perf_counter() - began)
        assert not report["published"]
    seconds = sorted(times)[2]
    return Figure("without a change, 0 embeddings (median of 5)", "≤ 2 s", f"{seconds:.2f} s", seconds <= 2)


def _one_changed(home: Home) -> list[Figure]:
    sheet = home.corpus / "regionale-samenwerking" / "factsheet.md"
    text = sheet.read_text(encoding="utf-8")
    paragraph = next(
        part for part in text.split("\n\n") if len(part) > 200 and not part.startswith(("---", "#", ">", "- "))
    )
    sheet.write_text(text.replace(paragraph, f"{paragraph} Dit is een nieuwe zin."), encoding="utf-8")
    report = json.loads(home.must("ingest", "--json"))
    changed = [change["title"] for one in report["sheets"] for change in one["changes"]]
    fresh = report["embedded"]
    every = report["passages"]["unchanged"] + fresh
    return [
        Figure("one item changed: items in the report", "1", str(len(changed)), len(changed) == 1),
        Figure("one item changed: passages embedded", "only its own", f"{fresh} of {every}", 0 < fresh <= 4),
    ]


def _lost_index(home: Home) -> list[Figure]:
    shutil.rmtree(home.index)
    report = json.loads(home.must("ingest", "--json"))
    return [Figure("the whole index lost: texts embedded anew", "0", str(report["embedded"]), report["embedded"] == 0)]


def _removed(home: Home) -> Figure:
    document = home.corpus / "handleidingen" / "lijm.md"
    document.parent.mkdir()
    document.write_text(
        "# Lijmpistool\n\nDraag bij een lijmpistool altijd een bril. Zo werk je veilig.\n", encoding="utf-8"
    )
    home.must("ingest")
    with home.serving() as served:
        cited = sum("handleidingen" in str(served.ask(question)["citations"]) for question in QUESTIONS)
        assert cited, "the document was never cited: nothing is measured"
        shutil.rmtree(document.parent)
        home.must("ingest")
        served.follows(home.current())
        after = sum("handleidingen" in str(served.ask(question)["citations"]) for question in QUESTIONS)
    return Figure(
        "a removed document, cited after the switch", f"0 (before: {cited} of {len(QUESTIONS)})", str(after), after == 0
    )


if __name__ == "__main__":
    sys.exit(run(["upkeep"]))
