"""The knowledge of a generation on disk: all of it comes back, and every text of a document stands there once."""

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.passages import cut
from kompasbot.knowledge import Item, ItemType, Knowledge, Origin, Section
from kompasbot.store.written import read_knowledge, write_knowledge
from tests.shelf import knowledge

SENTENCE = "Een werkplaats waar leerlingen zelf machines bouwen."
SECTIONS = (
    Section(SENTENCE, "Bouwen", 1),
    Section(" ".join(f"Zin {number} over lenen en  delen." for number in range(80)), "Lenen", 2),
    Section("x" * 2000, "Lang", 3),
    Section("Dit staat er twee keer.", "Dubbel"),
    Section("Dit staat er twee keer.", "Dubbel"),
    Section("Zonder kop."),
)


def with_document() -> Knowledge:
    text = "\n\n".join(section.text for section in SECTIONS)
    book = Item(
        "boeken/document/werkplaats",
        "boeken",
        ItemType.DOCUMENT,
        1,
        "Werkplaats",
        text,
        Origin.DOCUMENT,
        "2026-01-01",
        sections=SECTIONS,
    )
    items = (*knowledge().items, book)
    return replace(knowledge(), items=items, passages=cut(items))


def test_everything_comes_back(tmp_path: Path) -> None:
    write_knowledge(tmp_path, with_document())
    assert read_knowledge(tmp_path) == with_document()


def test_a_text_of_a_document_is_written_once(tmp_path: Path) -> None:
    write_knowledge(tmp_path, with_document())
    assert (tmp_path / "knowledge.json").read_text(encoding="utf-8").count(SENTENCE) == 1


def test_a_damaged_file_is_an_error_and_no_smaller_index(tmp_path: Path) -> None:
    write_knowledge(tmp_path, with_document())
    path = tmp_path / "knowledge.json"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ValueError, match="JSON"):
        read_knowledge(tmp_path)
