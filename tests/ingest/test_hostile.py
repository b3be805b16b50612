"""A file that means harm, is damaged or holds nothing costs one finding, within the limits, and nothing else."""

import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest

from ingest.corpus import read_corpus
from ingest.documents import parse_document
from ingest.files import CorpusFile
from ingest.formats import read_source
from ingest.readings import Readings
from ingest.sandbox import Limits, read_apart
from kompasbot.errors import UnreadableFile
from tests.exports import pdf_of
from tests.ingest.building import CorpusBuilder
from tests.ingest.hostile import GOOD_PDF, heavy_texts, hostile

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

FILES = hostile(size=20_000_000)
"""Bombs of 20 MB, so that the tests stay quick; the proof makes them larger than all limits."""


@dataclass(frozen=True)
class Outcome:
    """What came of reading a file: the complaint or the text that was found in it, and what it cost in seconds of the
    processor.
    """

    complaint: str
    text: str
    seconds: float


def spent() -> float:
    """The seconds of the processor that this process and those that it started have taken."""
    return sum(os.times()[:4])


def outcome(path: Path) -> Outcome:
    began = spent()
    file = CorpusFile(f"les/documenten/{path.name}", path)
    try:
        document = parse_document(read_source(file, Readings()), f"documenten/{path.name}")
    except UnreadableFile as error:
        return Outcome(str(error), "", spent() - began)
    return Outcome("", " ".join(section.text for section in document.sections), spent() - began)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """The outcome of every file, read two at a time."""
    folder = tmp_path_factory.mktemp("kwaad")
    for name, make in FILES.items():
        (folder / name).write_bytes(make())
    with ProcessPoolExecutor(2, get_context("spawn")) as workers:
        return dict(zip(FILES, workers.map(outcome, [folder / name for name in FILES]), strict=True))


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("name", FILES)
def test_file_is_refused_with_its_name_within_the_limits(outcomes: dict[str, Outcome], name: str) -> None:
    found = outcomes[name]
    assert found.text == ""
    assert found.complaint.startswith(f"les/documenten/{name}")
    assert found.seconds < 20


def test_each_costs_one_finding_and_the_rest_of_the_corpus_is_read(corpus: CorpusBuilder) -> None:
    corpus.factsheet()
    corpus.write("lesmateriaal/documenten/goed.pdf", GOOD_PDF)
    bad = ("bom.pdf", "bom.docx", "wachtwoord.pdf", "zip-in-zip.docx", "binair.html")
    for name in bad:
        corpus.write(f"lesmateriaal/documenten/{name}", FILES[name]())
    reading = read_corpus(corpus.path)
    assert [one.where for one in reading.findings if one.severity == "fout"] == [
        f"lesmateriaal/documenten/{name}" for name in sorted(bad)
    ]
    assert [item.text for item in reading.knowledge.items if item.type == "document"] == ["Gewone tekst."]


def test_a_document_that_is_too_large_costs_one_finding_and_the_rest_is_read(corpus: CorpusBuilder) -> None:
    corpus.factsheet()
    corpus.write("lesmateriaal/documenten/goed.pdf", GOOD_PDF)
    with corpus.write("lesmateriaal/documenten/groot.pdf", GOOD_PDF).open("ab") as file:
        file.truncate(50 << 20)
    reading = read_corpus(corpus.path)
    (one,) = [one for one in reading.findings if one.severity == "fout"]
    assert (one.where, "is te groot: 50 MB" in one.message) == ("lesmateriaal/documenten/groot.pdf", True)
    assert [item.text for item in reading.knowledge.items if item.type == "document"] == ["Gewone tekst."]


def pages_of_work(number: int) -> bytes:
    """A PDF whose pages each draw something small some thousands of times, which takes a part of a second."""
    return pdf_of([b"0 0 1 1 re f " * 8_000 + b"BT /F1 10 Tf 72 700 Td (Tekst.) Tj ET"] * number)


def test_reading_that_takes_too_long_for_its_pages_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of([b"0 0 1 1 re f " * 400_000]))
    with pytest.raises(UnreadableFile, match=r"les/a\.pdf: het lezen van dit bestand duurt te lang"):
        read_apart("pdf", path, "les/a.pdf", limits=Limits(seconds=1))


def test_many_pages_may_take_longer_than_one_up_to_a_limit_for_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pages_of_work(8))
    read = read_apart("pdf", path, "les/a.pdf", limits=Limits(seconds=1))
    assert sum(block.text.count("Tekst.") for block in read.blocks) == 8
    with pytest.raises(UnreadableFile, match="duurt te lang"):
        read_apart("pdf", path, "les/a.pdf", limits=Limits(seconds=1, longest=1))


def test_reading_that_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.truncate(512 << 20)  # sparse: more than the limit on any machine, whatever Python itself takes
    with pytest.raises(UnreadableFile, match=r"les/a\.pdf: dit bestand is te zwaar"):
        read_apart("pdf", path, "les/a.pdf", limits=Limits(memory=256 << 20))


def test_a_web_page_that_takes_too_much_memory_is_too_heavy_and_not_no_web_page(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><body>" + "<p>Veel tekst hier.</p>" * 1_000_000 + "</body></html>")
    with pytest.raises(UnreadableFile, match="te zwaar"):
        read_apart("html", path, "les/a.html", limits=Limits(memory=256 << 20))


def test_yaml_that_would_grow_is_refused_before_it_does(outcomes: dict[str, Outcome]) -> None:
    assert "verwijzingen met & en * zijn hier niet toegestaan" in outcomes["yaml-bom.md"].complaint


def test_text_that_is_too_much_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><body>" + "<p>Veel tekst.</p>" * 1000 + "</body></html>")
    with pytest.raises(UnreadableFile, match="te groot, te zwaar of beschadigd"):
        read_apart("html", path, "les/a.html", limits=Limits(output=10_000))


@pytest.mark.parametrize("name", dict(heavy_texts(0)))
def test_a_small_text_is_light_whatever_it_holds(name: str, tmp_path: Path) -> None:
    """It is read without a process of its own."""
    path = tmp_path / f"{name}.md"
    path.write_bytes(dict(heavy_texts(16_000))[name]())
    assert outcome(path).seconds < 10


@pytest.mark.parametrize("name", dict(heavy_texts(0)))
def test_a_large_text_that_is_heavy_ends_within_the_limits(name: str, tmp_path: Path) -> None:
    """With a limit of three seconds; the proof measures the one that holds."""
    path = tmp_path / f"{name}.md"
    path.write_bytes(dict(heavy_texts(2_000_000))[name]())
    began = spent()
    with suppress(UnreadableFile):
        read_apart("md", path, f"les/{name}.md", limits=Limits(seconds=3))
    assert spent() - began < 5
