"""A whole corpus folder: what is read, what is reported, what stops."""

import os
import shutil
import time
from pathlib import Path

import pytest

from ingest.corpus import CorpusReading, read_corpus
from ingest.files import corpus_digest
from ingest.items import remember_ids
from ingest.passages import cut
from kompasbot.errors import CorpusError, UncertainMatch, UnreadableFile
from kompasbot.knowledge import Item, ItemType, Known, Origin
from tests.ingest.building import CHECKOUT, EXPORT, FACTSHEET, ITEMS, REAL_EXPORT, SHIPPED, CorpusBuilder

NOTE = "---\ntitel: Over bruggen\nweergave: notitie\nbijgewerkt: 2026-03-01\n---\n\n# Bruggen\n\nEen brug draagt.\n"
LINKS = """\
- item: lesmateriaal/praktijkvoorbeeld/zonneberg
  label: "Lab Zonneberg"
  url: https://zonneberg.example/
  known: bekend
  file: documenten/bruggen.md
"""


def ids(reading: CorpusReading) -> list[str]:
    return [item.id for item in reading.knowledge.items]


def get(reading: CorpusReading, item_id: str) -> Item:
    return next(item for item in reading.knowledge.items if item.id == item_id)


def messages(reading: CorpusReading, severity: str) -> list[str]:
    return [f"{one.where}: {one.message}" for one in reading.findings if one.severity == severity]


@pytest.fixture
def lesson(corpus: CorpusBuilder) -> CorpusBuilder:
    """A corpus of one small factsheet whose items are known."""
    corpus.factsheet()
    corpus.write("lesmateriaal/items.yaml", ITEMS)
    return corpus


def test_shipped_corpus_reads_without_an_error_or_a_new_id() -> None:
    reading = read_corpus(CHECKOUT / "corpus")
    assert messages(reading, "fout") == []
    assert reading.new_ids == {}


@pytest.mark.skipif(not REAL_EXPORT.exists(), reason=f"the original export is not at {REAL_EXPORT}")
def test_real_export_takes_the_place_of_the_shipped_factsheet_with_the_same_ids(corpus: CorpusBuilder) -> None:
    folder = corpus.path / SHIPPED.name
    shutil.copytree(SHIPPED, folder)
    shipped = read_corpus(corpus.path)
    (folder / "factsheet.md").unlink()
    shutil.copy(REAL_EXPORT, folder / "export.md")
    for previous in (None, shipped.knowledge):
        real = read_corpus(corpus.path, previous)
        assert ids(real) == ids(shipped)
        assert [item.title for item in real.knowledge.items] == [item.title for item in shipped.knowledge.items]
        assert {item.origin for item in real.knowledge.items if item.type is not ItemType.DOCUMENT} == {
            Origin.FACTSHEET
        }


def test_items_come_by_section_with_titles_notes_and_ids(lesson: CorpusBuilder) -> None:
    reading = read_corpus(lesson.path)
    assert ids(reading) == [
        "lesmateriaal/inzicht/visser-bloem",
        "lesmateriaal/praktijkvoorbeeld/zonneberg",
        "lesmateriaal/tool/vakhuis",
        "lesmateriaal/algemeen/over",
    ]
    insight = get(reading, "lesmateriaal/inzicht/visser-bloem")
    assert insight.editor_note == "Het jaartal is niet gecontroleerd."
    assert (insight.origin, insight.updated, insight.factsheet) == (Origin.SUMMARY, "2026-01-15", "lesmateriaal")
    assert get(reading, "lesmateriaal/algemeen/over").title == "Over deze factsheet"


def test_factsheet_without_front_matter_is_dated_by_its_file(corpus: CorpusBuilder) -> None:
    path = corpus.write("lesmateriaal/export.md", EXPORT.read_text())
    os.utime(path, (1_700_000_000, 1_700_000_000))
    [factsheet] = read_corpus(corpus.path).knowledge.factsheets
    assert factsheet.updated.startswith("2023-11-1")
    assert (factsheet.title, factsheet.source) == ("Lesmateriaal", "export.md")


def test_documents_beside_a_factsheet_are_linked_from_its_items(lesson: CorpusBuilder) -> None:
    lesson.write("lesmateriaal/documenten/bruggen.md", NOTE)
    lesson.write("lesmateriaal/links.yaml", LINKS)
    document = get(read_corpus(lesson.path), "lesmateriaal/document/bruggen")
    assert (document.title, document.origin, document.updated) == ("Over bruggen", Origin.NOTE, "2026-03-01")
    assert document.linked_from == ("lesmateriaal/praktijkvoorbeeld/zonneberg",)
    assert (document.url, document.known) == ("https://zonneberg.example/", Known.KNOWN)
    assert document.text == document.sections[0].text == "Een brug draagt."


def test_document_linked_from_an_unknown_item_is_reported(lesson: CorpusBuilder) -> None:
    lesson.write("lesmateriaal/documenten/a.md", "---\nlinked_from: [lesmateriaal/tool/weg]\n---\ntekst")
    assert "'lesmateriaal/tool/weg'" in "".join(messages(read_corpus(lesson.path), "waarschuwing"))


def test_folder_without_a_factsheet_is_a_folder_of_documents(lesson: CorpusBuilder) -> None:
    lesson.write("achter-grond/b.md", "# B\n\ntekst")
    lesson.write("achter-grond/diep/a.txt", "tekst")
    reading = read_corpus(lesson.path)
    assert ids(reading)[:2] == ["achter-grond/document/b", "achter-grond/document/diep-a"]
    assert [item.position for item in reading.knowledge.items[:2]] == [1, 2]
    assert (reading.knowledge.factsheets[0].title, reading.knowledge.factsheets[0].origin) == (
        "Achter grond",
        Origin.DOCUMENT,
    )


def test_document_with_one_section_heading_is_no_factsheet(corpus: CorpusBuilder) -> None:
    corpus.write("map/a.md", "# A\n\n## Praktijkvoorbeelden\n\ntekst")
    assert ids(read_corpus(corpus.path)) == ["map/document/a"]


def test_file_at_the_root_is_a_folder_of_its_own_name(corpus: CorpusBuilder) -> None:
    corpus.write("lesmateriaal.md", EXPORT.read_text())
    corpus.write("los verhaal.txt", "tekst")
    reading = read_corpus(corpus.path)
    assert [one.id for one in reading.knowledge.factsheets] == ["lesmateriaal", "los-verhaal"]
    assert ids(reading)[-1] == "los-verhaal/document/los-verhaal"


def test_questions_terms_and_synonyms_reach_the_knowledge(lesson: CorpusBuilder) -> None:
    lesson.write("lesmateriaal/vragen.yaml", "lesmateriaal/tool/vakhuis:\n  vragen: [Waar?]\n  termen: [kast]\n")
    lesson.write("begrippen.yaml", "school: [basisschool]\n")
    reading = read_corpus(lesson.path)
    item = get(reading, "lesmateriaal/tool/vakhuis")
    assert (item.questions, item.terms) == (("Waar?",), ("kast",))
    assert reading.knowledge.synonyms == (("school", "basisschool"),)


def test_a_corpus_without_synonyms_gets_those_of_the_program(lesson: CorpusBuilder) -> None:
    groups = read_corpus(lesson.path).knowledge.synonyms
    assert any({"bedrijf", "onderneming"} <= set(group) for group in groups)


def test_new_items_are_reported_and_keep_their_ids_once_remembered(corpus: CorpusBuilder) -> None:
    corpus.write("lesmateriaal/factsheet.txt", EXPORT.read_text())
    first = read_corpus(corpus.path)
    [(folder, entries)] = first.new_ids.items()
    assert folder == corpus.path / "lesmateriaal"
    assert [entry.id for entry in entries] == ids(first)
    assert "Dit item is nieuw: 'Lab Zonneberg'." in "".join(messages(first, "info"))
    remember_ids(folder, entries)
    second = read_corpus(corpus.path)
    assert (ids(second), second.new_ids) == (ids(first), {})


def test_ids_of_a_file_at_the_root_are_remembered_in_a_folder_of_its_name(corpus: CorpusBuilder) -> None:
    corpus.write("lesmateriaal.md", EXPORT.read_text())
    first = read_corpus(corpus.path)
    for folder, entries in first.new_ids.items():
        remember_ids(folder, entries)
    second = read_corpus(corpus.path)
    assert (ids(second), second.new_ids) == (ids(first), {})


def test_item_that_left_the_factsheet_is_reported(lesson: CorpusBuilder) -> None:
    lesson.factsheet(text=FACTSHEET.replace("### Vakhuis\n\n[Vakhuis](#) verzamelt lessen in een kast.\n", ""))
    reading = read_corpus(lesson.path)
    assert "lesmateriaal/tool/vakhuis" not in ids(reading)
    assert "'Vakhuis' (lesmateriaal/tool/vakhuis) staat niet meer" in "".join(messages(reading, "waarschuwing"))


UNCERTAIN = FACTSHEET.replace(
    "### Vakhuis\n\n[Vakhuis](#) verzamelt lessen in een kast.", "### Opbergen\n\nlessen liggen samen in een kast."
)


def test_uncertain_ids_stop_the_reading_with_place_proposal_and_ways_out(lesson: CorpusBuilder) -> None:
    lesson.factsheet(text=UNCERTAIN)
    with pytest.raises(UncertainMatch) as caught:
        read_corpus(lesson.path)
    assert "lesmateriaal/factsheet.md, regel 27: 'Opbergen' lijkt maar weinig op 'Vakhuis'" in str(caught.value)
    assert "--accept" in caught.value.hint
    assert "items.yaml" in caught.value.hint


def test_accepting_takes_the_proposal_and_says_so(lesson: CorpusBuilder) -> None:
    lesson.factsheet(text=UNCERTAIN)
    reading = read_corpus(lesson.path, accept=True)
    assert get(reading, "lesmateriaal/tool/vakhuis").title == "Opbergen"
    assert "lesmateriaal/factsheet.md, regel 27: Aangenomen: 'Opbergen'" in "".join(messages(reading, "waarschuwing"))


def test_what_was_accepted_once_is_recognised_by_its_published_text(lesson: CorpusBuilder) -> None:
    lesson.factsheet(text=UNCERTAIN)
    accepted = read_corpus(lesson.path, accept=True)
    assert ids(read_corpus(lesson.path, previous=accepted.knowledge)) == ids(accepted)


@pytest.mark.parametrize(
    ("where", "content", "message"),
    [
        ("a.md", b"\xff\xfe", "lesmateriaal/documenten/a.md, regel 1: Dit bestand is overgeslagen: dit is geen tekst"),
        (
            "a.md",
            b"---\nweergave: x\n---\ntekst",
            "lesmateriaal/documenten/a.md: Dit bestand is overgeslagen: de waarde 'x'",
        ),
        ("a.md", b"---\nx: [\n---\ntekst", "lesmateriaal/documenten/a.md, regel 2: Dit bestand is overgeslagen"),
        ("a.md", b"", "lesmateriaal/documenten/a.md: Dit bestand is overgeslagen: in dit bestand staat geen tekst"),
        (
            "bruggen.txt",
            b"tekst",
            "lesmateriaal/documenten/bruggen.txt: Dit bestand is overgeslagen: dit document krijgt",
        ),
    ],
)
def test_bad_document_costs_one_finding(lesson: CorpusBuilder, where: str, content: bytes, message: str) -> None:
    lesson.write("lesmateriaal/documenten/bruggen.md", NOTE)
    lesson.write(f"lesmateriaal/documenten/{where}", content)
    reading = read_corpus(lesson.path)
    [finding] = messages(reading, "fout")
    assert finding.startswith(message)
    assert ids(reading)[-1] == "lesmateriaal/document/bruggen"


@pytest.mark.parametrize("ending", [".doc", ".odt", ".pptx"])
def test_format_that_is_not_read_yet_is_one_clear_finding(lesson: CorpusBuilder, ending: str) -> None:
    lesson.write(f"lesmateriaal/documenten/a{ending}", b"\x00")
    [finding] = [one for one in read_corpus(lesson.path).findings if one.where.endswith(ending)]
    assert f"leest het formaat {ending} nog niet" in finding.message
    assert ".md, .txt, .docx, .pdf" in finding.hint


@pytest.mark.parametrize("where", ["vragenlijst.yaml", "lesmateriaal/vraag.yaml"])
def test_yaml_file_that_nothing_reads_is_reported(lesson: CorpusBuilder, where: str) -> None:
    lesson.write(where, "x: 1\n")
    assert f"{where}: Dit bestand wordt niet gebruikt." in messages(read_corpus(lesson.path), "waarschuwing")


@pytest.mark.parametrize("where", ["lesmateriaal/factsheet.txt", "lesmateriaal/factsheet.docx", "lesmateriaal/oud.md"])
def test_two_factsheets_in_a_folder_are_an_error(lesson: CorpusBuilder, where: str) -> None:
    lesson.write(where, EXPORT.read_text())
    with pytest.raises(CorpusError, match="twee of meer factsheets") as caught:
        read_corpus(lesson.path)
    assert where in str(caught.value)


def test_copy_of_a_factsheet_among_the_documents_is_a_document(lesson: CorpusBuilder) -> None:
    lesson.write("lesmateriaal/documenten/oud.md", EXPORT.read_text())
    assert ids(read_corpus(lesson.path))[-1] == "lesmateriaal/document/oud"


def test_known_items_without_a_factsheet_are_an_error_that_names_the_cause(corpus: CorpusBuilder) -> None:
    corpus.write("lesmateriaal/items.yaml", ITEMS)
    corpus.write("lesmateriaal/export.md", b"\xff")
    with pytest.raises(CorpusError, match=r"geen factsheet. lesmateriaal/export\.md, regel 1"):
        read_corpus(corpus.path)


@pytest.mark.parametrize(
    ("where", "content"),
    [
        ("lesmateriaal/factsheet.md", b"\xff"),
        ("lesmateriaal/factsheet.md", b"---\nx: [\n---\n"),
        ("lesmateriaal/items.yaml", b"- id: [\n"),
        ("lesmateriaal/links.yaml", b"- item: x: y\n"),
        ("lesmateriaal/vragen.yaml", b"a: {\n"),
        ("begrippen.yaml", b"- [\n"),
    ],
)
def test_broken_factsheet_or_table_stops_with_file_and_line(lesson: CorpusBuilder, where: str, content: bytes) -> None:
    lesson.write(where, content)
    with pytest.raises(UnreadableFile, match=rf"^{where}, regel \d+: "):
        read_corpus(lesson.path)


def test_missing_and_empty_corpus_say_so(corpus: CorpusBuilder, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="is er niet"):
        read_corpus(tmp_path / "weg")
    with pytest.raises(CorpusError, match="is leeg"):
        read_corpus(corpus.path)


def test_corpus_with_nothing_readable_says_why(corpus: CorpusBuilder) -> None:
    corpus.write("map/a.pdf", b"%PDF")
    with pytest.raises(CorpusError, match=r"niets dat kompasbot kan lezen.\nmap/a\.pdf: Dit bestand is overgeslagen"):
        read_corpus(corpus.path)


def test_two_folders_with_the_same_id_are_an_error(corpus: CorpusBuilder) -> None:
    corpus.write("Les Een/a.md", "tekst")
    corpus.write("les-een/a.md", "tekst")
    with pytest.raises(CorpusError, match="dezelfde naam in de index: les-een"):
        read_corpus(corpus.path)


def test_reading_carries_the_digest_of_what_was_read(lesson: CorpusBuilder) -> None:
    assert read_corpus(lesson.path).digest == corpus_digest(lesson.path)


def test_a_link_without_a_registry_is_reported(lesson: CorpusBuilder) -> None:
    assert any("Geen van de 3 links" in message for message in messages(read_corpus(lesson.path), "waarschuwing"))


def test_250_pages_are_read_and_cut_in_seconds(corpus: CorpusBuilder) -> None:
    paragraph = "Een brug van karton draagt meer dan je denkt, zegt [Lab Zonneberg](#). " * 12
    page = "# Pagina\n\n" + "".join(f"## Kop {number}\n\n{paragraph}\n\n" for number in range(5))
    for number in range(250):
        corpus.write(f"map/pagina-{number:03}.md", page)
    start = time.process_time()  # of this process: what else the machine does meanwhile is not the point
    reading = read_corpus(corpus.path)
    passages = cut(reading.knowledge.items)
    assert (len(reading.knowledge.items), len(passages)) == (250, 250 * 16)
    assert time.process_time() - start < 6
