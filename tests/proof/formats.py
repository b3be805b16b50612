"""The same items and ids from every format: ``python -m tests.proof.formats``."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ingest.items import identify
from tests import exports
from tests.ingest.building import EXPORT, REAL_EXPORT
from tests.ingest.test_formats import known_of, of_file, of_text, printing, told
from tests.proof.book import Figure, run

TITLE: Final = "Formats: the same items and ids from text, web page, Word and PDF"


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name, printing() as printer:
        figures = [figure for export in (EXPORT, REAL_EXPORT) for figure in _figures(export, printer, Path(name))]
    if printer is None:
        figures.append(Figure("printed PDFs", "read", "no Chromium here to print them with", False))
    return figures


def _figures(export: Path, printer: Any, folder: Path) -> list[Figure]:
    name = "the original export" if export == REAL_EXPORT else "a fictional export"
    if not export.exists():
        return [Figure(name, "(where it is)", "not here", True)]
    return [_same(export, name, path) for path in _files(export, printer, folder)]


def _files(export: Path, printer: Any, folder: Path) -> Iterator[Path]:
    """The export in each format; addresses are put in its links, which the original has lost."""
    text = exports.with_addresses(export.read_text(encoding="utf-8"))
    page = folder / "web page.html"
    page.write_text(exports.as_page(text), encoding="utf-8")
    yield page
    for headings, bullets in exports.WORD:
        word = folder / f"Word, headings by {headings}, bullets {bullets}.docx"
        word.write_bytes(exports.as_docx(text, headings, bullets))
        yield word
    for layout, style in exports.LAYOUTS.items() if printer else ():
        printed = folder / f"PDF {layout}.pdf"
        exports.print_pdf(printer, exports.as_html(text, style), printed, "A4" if layout in exports.WIDE else "A5")
        yield printed


def _same(export: Path, name: str, path: Path) -> Figure:
    """How many items say the same as in the text, and how many keep their id without a doubt."""
    text, read, known = of_text(export), of_file(path), known_of(export)
    same = sum(a == b for a, b in zip(told(text), told(read), strict=False))
    identified = identify(read, known[0].id.split("/")[0], known, {})
    ids = {entry.id for entry in known}
    sure = sum(one.entry.id in ids and not one.is_new and not one.doubt for one in identified)
    total = len(text.items)
    found = f"{same} items, {sure} ids of {total}"
    return Figure(f"{name} as {path.stem}", f"{total} and {total}", found, same == sure == total == len(read.items))


if __name__ == "__main__":
    sys.exit(run(["formats"]))
