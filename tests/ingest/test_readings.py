"""What was read of a file is kept by the digest of its content, and used for as long as nothing changes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest import readings as module
from ingest.blocks import SourceText
from ingest.findings import Finding
from ingest.pipeline import ingest, rehearse
from ingest.readings import READERS, Readings
from ingest.sandbox import read_apart
from kompasbot.embedding import local_embedder
from kompasbot.errors import UnreadableFile
from kompasbot.settings import Settings
from tests.exports import plain_pdf
from tests.ingest.building import CorpusBuilder

pytestmark = pytest.mark.slow
"""Whole ingestions, and files that are read in processes of their own."""


def pdf(text: str) -> bytes:
    return plain_pdf([[(72, 700, 10, text)]])


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files for which a reading process was started."""
    names: list[str] = []

    def noting(kind: str, path: Path, where: str, address: str | None = None) -> Any:
        names.append(path.name)
        return read_apart(kind, path, where, address)

    monkeypatch.setattr(module, "read_apart", noting)
    return names


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "readings"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf("Gewone tekst."))
    return path


@pytest.fixture
def settings(corpus: CorpusBuilder, tmp_path: Path) -> Settings:
    """A corpus with two PDFs beside its factsheet."""
    corpus.factsheet()
    for name in ("een", "twee"):
        corpus.write(f"lesmateriaal/documenten/{name}.pdf", pdf(f"Dit is document {name}."))
    return Settings(data=tmp_path / "data", corpus=corpus.path)


def run(settings: Settings) -> None:
    ingest(settings, settings.corpus, local_embedder(), accept=True)


def test_a_second_ingestion_reads_what_changed_and_forgets_what_is_gone(
    settings: Settings, corpus: CorpusBuilder, started: list[str]
) -> None:
    run(settings)
    assert started == ["een.pdf", "twee.pdf"]
    started.clear()
    corpus.write("lesmateriaal/documenten/drie.md", "# Drie\n\nEen derde document.\n")
    run(settings)
    assert started == []
    corpus.write("lesmateriaal/documenten/een.pdf", pdf("Dit is document een, herzien."))
    run(settings)
    assert started == ["een.pdf"]
    assert len(list(settings.readings_dir.iterdir())) == 2


def test_a_rehearsal_uses_what_is_there_and_keeps_nothing(settings: Settings, started: list[str]) -> None:
    rehearse(settings, settings.corpus, local_embedder())
    assert not settings.readings_dir.exists()
    run(settings)
    started.clear()
    rehearse(settings, settings.corpus, local_embedder())
    assert started == []


def test_what_is_kept_says_the_same_as_the_file(folder: Path, file: Path, started: list[str]) -> None:
    first, second = (Readings(folder).read("pdf", file, where) for where in ("les/a.pdf", "les/b.pdf"))
    assert (second.where, second.blocks, second.meta) == ("les/b.pdf", first.blocks, first.meta)
    assert started == ["a.pdf"]


def test_findings_of_a_reading_are_kept_and_name_the_file_that_is_read_now(
    folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = SourceText("les/a.pdf", (), {}, (Finding("waarschuwing", "les/a.pdf", "Bladzijde 2 is leeg.", "Kijk."),))
    monkeypatch.setattr(module, "read_apart", lambda *_: found)
    first, second = (Readings(folder).read("pdf", file, where) for where in ("les/a.pdf", "les/b.pdf"))
    assert first.findings == found.findings
    assert second.findings == (Finding("waarschuwing", "les/b.pdf", "Bladzijde 2 is leeg.", "Kijk."),)


def test_kind_and_address_make_another_reading(folder: Path, tmp_path: Path, started: list[str]) -> None:
    page = tmp_path / "a.html"
    page.write_text('<html><body><p>Lees <a href="b">dit</a> eens goed door.</p></body></html>')
    labels = [
        Readings(folder).read("html", page, "a.html", address).blocks[0].labels
        for address in ("https://een.example/", "https://twee.example/")
    ]
    assert labels == [(("dit", "https://een.example/b"),), (("dit", "https://twee.example/b"),)]


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"digest": "0", "reading": {"blocks": [], "meta": {}}}', b"\xff"]
)
def test_a_damaged_entry_is_read_anew(folder: Path, file: Path, started: list[str], damage: bytes) -> None:
    Readings(folder).read("pdf", file, "a.pdf")
    (entry,) = folder.iterdir()
    whole = entry.read_bytes()
    entry.write_bytes(damage)
    assert Readings(folder).read("pdf", file, "a.pdf").blocks[0].text == "Gewone tekst."
    assert started == ["a.pdf", "a.pdf"]
    assert entry.read_bytes() == whole


def test_an_entry_with_another_text_than_was_kept_is_read_anew(folder: Path, file: Path) -> None:
    Readings(folder).read("pdf", file, "a.pdf")
    (entry,) = folder.iterdir()
    entry.write_text(entry.read_text(encoding="utf-8").replace("Gewone", "Andere"), encoding="utf-8")
    assert Readings(folder).read("pdf", file, "a.pdf").blocks[0].text == "Gewone tekst."


def test_a_failure_is_not_kept(folder: Path, file: Path, started: list[str]) -> None:
    file.write_bytes(b"%PDF-1.7 kapot")
    for _ in range(2):
        with pytest.raises(UnreadableFile):
            Readings(folder).read("pdf", file, "a.pdf")
    assert started == ["a.pdf", "a.pdf"]
    assert not folder.exists()


def test_a_folder_that_can_not_be_written_costs_nothing(folder: Path, file: Path) -> None:
    folder.write_text("in de weg")
    readings = Readings(folder)
    assert readings.read("pdf", file, "a.pdf").blocks[0].text == "Gewone tekst."
    readings.drop_unused()


def test_another_version_of_the_readers_reads_anew(
    folder: Path, file: Path, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Readings(folder).read("pdf", file, "a.pdf")
    monkeypatch.setattr(module, "_readers", lambda: "een latere versie")
    Readings(folder).read("pdf", file, "a.pdf")
    assert started == ["a.pdf", "a.pdf"]


def test_every_module_that_takes_part_in_reading_counts_for_the_version() -> None:
    """Others that hold no rule of reading would show here when a reader begins to use them."""
    code = (
        "import sys, json, ingest.readers.child, ingest.readers.pdf, ingest.readers.docx, ingest.readers.html, "
        "ingest.plaintext; print(json.dumps([name for name in sys.modules if name.startswith('ingest.')]))"
    )
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True).stdout)
    own = {name.split(".")[1] for name in loaded} - {"readers"}
    assert own == set(READERS)
