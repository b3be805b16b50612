"""A factsheet gives the same items and ids in whatever format it comes: text, web page, Word or PDF."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ingest.factsheets import ParsedFactsheet, ParsedItem, parse_factsheet
from ingest.files import CorpusFile
from ingest.formats import READERS, read_source
from ingest.items import identify, load_known
from ingest.likeness import KnownItem
from ingest.markdown import read_markdown
from ingest.readings import Readings
from tests import exports
from tests.ingest.building import CHECKOUT, EXPORT, REAL_EXPORT, SHIPPED

DATA = CHECKOUT / "tests" / "data"
REAL = pytest.param(REAL_EXPORT, marks=pytest.mark.skipif(not REAL_EXPORT.exists(), reason="no original export here"))
SOURCES = [pytest.param(EXPORT, id="fictional"), pytest.param(*REAL.values, marks=REAL.marks, id="real")]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def of_text(export: Path) -> ParsedFactsheet:
    """The export as text: what every other format must give."""
    return parse_factsheet(read_markdown(exports.with_addresses(export.read_text(encoding="utf-8")), export.name))


def of_file(path: Path) -> ParsedFactsheet:
    return parse_factsheet(read_source(CorpusFile(f"les/{path.name}", path), Readings()))


def told(factsheet: ParsedFactsheet) -> list[tuple[object, ...]]:
    """All that an item says, but for its line in the file."""
    return [_told(item) for item in factsheet.items]


def _told(item: ParsedItem) -> tuple[object, ...]:
    return item.type, item.position, item.title, item.text, item.editor_note, item.labels


def known_of(export: Path) -> tuple[KnownItem, ...]:
    """The entries of ``items.yaml`` for an export: the shipped ones, or those that its text would get."""
    if export == REAL_EXPORT:
        return tuple(load_known(CorpusFile("items.yaml", SHIPPED / "items.yaml"), SHIPPED.name))
    return tuple(one.entry for one in identify(of_text(export), "les", (), {}))


def assert_same(export: Path, path: Path) -> None:
    """Every item of the file says the same as in the text, and keeps its id without a doubt."""
    text, read = of_text(export), of_file(path)
    assert told(read) == told(text)
    assert (read.meta.topic, read.meta.publisher) == (text.meta.topic, text.meta.publisher)
    known = known_of(export)
    identified = identify(read, known[0].id.split("/")[0], known, {})
    assert sorted(one.entry.id for one in identified) == sorted(entry.id for entry in known)
    assert [one.entry.id for one in identified if one.is_new or one.doubt] == []


@contextmanager
def printing() -> Iterator[Any]:
    """A page of a real browser, to print PDFs with; None where there is no browser."""
    path = os.environ.get("KOMPASBOT_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser.new_page()
        browser.close()


@pytest.fixture(scope="module")
def printer() -> Iterator[Any]:
    with printing() as page:
        if page is None:
            pytest.skip("no Chromium found: PDFs are not printed; the ones in tests/data are still read")
        yield page


@pytest.mark.parametrize("export", SOURCES)
def test_web_page_gives_the_same_items_and_ids(export: Path, tmp_path: Path) -> None:
    path = tmp_path / "factsheet.html"
    path.write_text(exports.as_page(exports.with_addresses(export.read_text(encoding="utf-8"))), encoding="utf-8")
    assert_same(export, path)


@pytest.mark.parametrize(("headings", "bullets"), exports.WORD)
@pytest.mark.parametrize("export", SOURCES)
def test_word_file_gives_the_same_items_and_ids(export: Path, headings: str, bullets: str, tmp_path: Path) -> None:
    path = tmp_path / "factsheet.docx"
    text = exports.with_addresses(export.read_text(encoding="utf-8"))
    path.write_bytes(exports.as_docx(text, headings, bullets))
    assert_same(export, path)


@pytest.mark.browser
@pytest.mark.parametrize("layout", exports.LAYOUTS)
@pytest.mark.parametrize("export", SOURCES)
def test_printed_pdf_gives_the_same_items_and_ids(export: Path, layout: str, printer: Any, tmp_path: Path) -> None:
    html = exports.as_html(exports.with_addresses(export.read_text(encoding="utf-8")), exports.LAYOUTS[layout])
    path = tmp_path / "factsheet.pdf"
    exports.print_pdf(printer, html, path, "A4" if layout in exports.WIDE else "A5")
    assert_same(export, path)


@pytest.mark.parametrize("name", ["export-gewoon.pdf", "export-kolommen.pdf", "export-word.docx"])
def test_files_that_were_made_once_give_the_same_items_and_ids(name: str) -> None:
    assert_same(EXPORT, DATA / name)


def test_an_export_without_addresses_keeps_its_labels_in_a_web_page(tmp_path: Path) -> None:
    text = EXPORT.read_text(encoding="utf-8")
    path = tmp_path / "factsheet.html"
    path.write_text(exports.as_html(text), encoding="utf-8")
    assert told(of_file(path)) == told(parse_factsheet(read_markdown(text, "export")))


def test_every_format_is_read_whatever_the_case_of_its_ending(tmp_path: Path) -> None:
    path = tmp_path / "FACTSHEET.PDF"
    shutil.copy(DATA / "export-gewoon.pdf", path)
    assert ".pdf" in READERS
    assert told(of_file(path)) == told(of_text(EXPORT))
