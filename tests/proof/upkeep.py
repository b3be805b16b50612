"""Ingesting again, and removing a document: ``python -m tests.proof.upkeep``."""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kompasbot.fetching.shelf import Record, Shelf
from kompasbot.knowledge import Health
from tests.exports import plain_pdf
from tests.lesson import SHEET
from tests.proof.book import ROOT, Figure, run
from tests.proof.rig import Home

TITLE: Final = "Ingesting again: without a change, with one item changed, with a document removed, with PDFs"
_PDFS: Final = 20
QUESTIONS: Final = (
    "Hoe gebruik je een lijmpistool veilig?", "Welke bril draag je bij het lijmpistool?", "Wat is een lijmpistool?",
    "Vertel over het lijmpistool", "Wat staat er in het document over lijm?",
)  # fmt: skip


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name))
        shutil.copytree(ROOT / "corpus", home.corpus)
        home.must("ingest")
        return [_unchanged(home), *_one_changed(home), *_lost_index(home), _removed(home), *_linked(home)]


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


def _linked(home: Home) -> list[Figure]:
    """Twenty fetched PDFs of which one changed: what reading the corpus costs, and how many files it read."""
    folder = home.corpus / "bronnen"
    folder.mkdir()
    urls = [f"https://bron{number}.example/stuk.pdf" for number in range(_PDFS)]
    shelf = Shelf(home.data / "links")
    links = " ".join(f"[Stuk {number}]({url})" for number, url in enumerate(urls))
    (folder / "factsheet.md").write_text(f"{SHEET.rstrip()} {links}\n", encoding="utf-8")
    _fetched(shelf, urls, "eerste")
    first = json.loads(home.must("ingest", "--json"))
    before = set((home.data / "readings").iterdir())
    _fetched(shelf, urls, "eerste", changed=1)
    second = json.loads(home.must("ingest", "--json"))
    after = set((home.data / "readings").iterdir())
    seconds = f"{second['seconds']['lezen']:.1f} s, first {first['seconds']['lezen']:.1f} s"
    fresh = len(after - before)
    quick = second["seconds"]["lezen"] < first["seconds"]["lezen"] / 2
    return [
        Figure(f"one of {_PDFS} linked PDFs changed: files read", "1", str(fresh), fresh == len(before - after) == 1),
        Figure(f"one of {_PDFS} linked PDFs changed: reading", "< half of the first", seconds, quick),
    ]


def _fetched(shelf: Shelf, urls: Sequence[str], words: str, changed: int = 0) -> None:
    """Put a PDF on the shelf for each address, as a check of the links would; the first ``changed`` say more."""
    with shelf.writing():
        records = {}
        for number, url in enumerate(urls):
            text = f"Stuk {number} in de {words} versie{', herzien' * (number < changed)}."
            body = shelf.put(plain_pdf([[(72, 700, 10, text)]]), "pdf").stem
            day = "2026-01-01T00:00:00"
            records[url] = Record(url, Health.OK, checked=day, kind="pdf", body=body, fetched=day)
        shelf.save(records, datetime.now(UTC))


if __name__ == "__main__":
    sys.exit(run(["upkeep"]))
