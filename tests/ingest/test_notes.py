"""The shipped notes on linked documents: headed as notes with their sources, and found by questions about them."""

import asyncio
from dataclasses import replace

import pytest

from ingest.corpus import CorpusReading, read_corpus
from ingest.passages import cut, cut_text
from kompasbot.answering.answer import Answer, Message, Question
from kompasbot.dutch import sentences
from kompasbot.embedding import local_embedder
from kompasbot.knowledge import Item, ItemType, Origin
from kompasbot.retrieval.index import Index
from tests.fullshelf import open_index
from tests.ingest.building import SHIPPED
from tests.shelf import assistant

SHEET = SHIPPED.name


@pytest.fixture(scope="module")
def reading() -> CorpusReading:
    return read_corpus(SHIPPED.parent)


@pytest.fixture(scope="module")
def notes(reading: CorpusReading) -> list[Item]:
    return [item for item in reading.knowledge.items if item.type is ItemType.DOCUMENT]


@pytest.fixture(scope="module")
def index(reading: CorpusReading) -> Index:
    return open_index(replace(reading.knowledge, passages=cut(reading.knowledge.items)), local_embedder())


def ask(index: Index, question: str) -> Answer:
    return asyncio.run(assistant().answer(index, Question((Message("user", question),))))


def test_every_document_that_is_shipped_is_a_note_with_a_source_and_an_item(notes: list[Item]) -> None:
    assert notes
    for note in notes:
        assert note.origin is Origin.NOTE, note.id
        assert note.url is not None, note.id
        assert note.linked_from, note.id


def test_every_note_says_first_that_it_is_one_and_from_which_sources(notes: list[Item]) -> None:
    for note in notes:
        first = note.sections[0].text
        assert first.startswith("Dit is een notitie van kompasbot "), note.id
        assert "gemaakt uit" in first or "komt niet uit" in first, note.id


def test_every_point_of_a_note_can_be_cited_by_its_heading(notes: list[Item]) -> None:
    for note in notes:
        for section in note.sections[1:]:
            assert section.heading, note.id
            assert cut_text(section.text) == [section.text], (note.id, section.heading)


def test_every_point_of_a_note_names_who_says_so(notes: list[Item]) -> None:
    says = (
        "meldt meldde schrij schreef volgens staat staan aldus raadt noemen noemt geeft beschreven laten legt".split()
    )
    for note in notes:
        for section in note.sections[1:]:
            assert any(word in section.text.lower() for word in says), (note.id, section.heading)


def test_notes_leave_the_reading_without_warnings(reading: CorpusReading) -> None:
    assert [finding for finding in reading.findings if finding.severity != "info"] == []


@pytest.mark.parametrize(
    ("question", "note", "fact"),
    [
        ("Welke vormen van netwerksturing zijn er?", "netwerksturing", "aparte netwerkorganisatie (NAO)"),
        ("Hoe groot was het onderzoek van Yang?", "yang-gemengde-teams", "6,6 miljoen medische artikelen"),
    ],
)
def test_what_only_a_note_says_is_answered_with_the_note(index: Index, question: str, note: str, fact: str) -> None:
    answer = ask(index, question)
    assert answer.citations[0].item_id == f"{SHEET}/document/{note}"
    assert fact in answer.text


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("Wat is STEAM Limburg?", "praktijkvoorbeeld/steam-limburg"),
        ("Welke adviezen geeft de Radboud Universiteit?", "tool/radboud-adviezen"),
        ("Wat doet FAME?", "praktijkvoorbeeld/fame"),
    ],
)
def test_what_the_factsheet_says_is_answered_with_the_item_first(index: Index, question: str, item: str) -> None:
    assert ask(index, question).citations[0].item_id == f"{SHEET}/{item}"


def test_sentences_of_notes_are_short_enough_to_read(notes: list[Item]) -> None:
    lengths = sorted(
        len(sentence.split()) for note in notes for section in note.sections[1:] for sentence in sentences(section.text)
    )
    assert lengths[len(lengths) // 2] <= 18
    assert lengths[-1] <= 40
