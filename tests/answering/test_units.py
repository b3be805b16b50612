"""What is known of one item, and the names by which a text calls it."""

import pytest

from kompasbot.answering.units import Units
from tests.fullshelf import (
    BOUWPLAAT,
    JANSEN,
    KIESWIJZER,
    LESFABRIEK,
    MAKERBUS,
    PROEF,
    TECHKIST,
    TRIAL_NOTE,
    WERKPLAATS,
    WORKSHOP_NOTE,
    full_knowledge,
)

UNITS = Units(full_knowledge())


def test_a_unit_is_an_item_with_the_documents_it_links_to() -> None:
    assert UNITS[JANSEN].documents == (TRIAL_NOTE,)
    assert UNITS[LESFABRIEK].documents == (WORKSHOP_NOTE,)
    assert UNITS[TECHKIST].documents == ()


def test_a_linked_document_belongs_to_its_item_and_is_no_unit_of_its_own() -> None:
    assert UNITS.of[PROEF] == (JANSEN,)
    assert UNITS.get(WERKPLAATS) is None


def test_a_unit_holds_the_citable_passages_of_all_its_sources() -> None:
    passages = full_knowledge().passages
    texts = [passages[row].text for row in UNITS[JANSEN].rows]
    assert any("lieten zien" in text for text in texts)
    assert any("240 leraren" in text for text in texts)
    assert not any("ingezet" in text for text in texts), "an expected question is never cited"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Wat is de Techkist?", TECHKIST),
        ("Wat doen ze in Drentstad?", TECHKIST),
        ("wat is de lesfabriek", LESFABRIEK),
        ("Wat zeggen Jansen en Pieters?", JANSEN),
        ("Wat onderzocht Pieters?", JANSEN),
        ("Is de Makerbus gratis?", MAKERBUS),
        ("Wat is de Bouwplaat voor lessen?", BOUWPLAAT),
    ],
)
def test_a_text_calls_a_unit_by_its_name(text: str, unit: str) -> None:
    assert UNITS.named(text)[0] == unit


@pytest.mark.parametrize(
    "text",
    [
        "Hoe kies je lesmateriaal?",
        "Welke lessen zijn er voor kleuters?",
        "Het bord is wit",
        "Is er een bus naar school?",
    ],
)
def test_an_ordinary_word_of_a_title_calls_no_unit(text: str) -> None:
    assert UNITS.named(text) == ()


def test_units_that_are_called_are_told_in_the_order_of_the_text() -> None:
    assert UNITS.named("Zijn de Lesfabriek en de Makerbus hetzelfde?") == (LESFABRIEK, MAKERBUS)


def test_a_typing_error_that_was_corrected_still_calls_its_unit() -> None:
    assert UNITS.named("Wat is de Lesfabrik?", {"lesfabrik": "lesfabriek"}) == (LESFABRIEK,)


def test_sentences_of_the_sources_are_known_again_with_their_markers() -> None:
    text = "Ja. [1]\n\nHet museum van Oudestad doet mee. [1] De proef duurde negen maanden, meldt bieb.example. [2]"
    assert [source for _, source in UNITS.told_in(text)] == [LESFABRIEK, PROEF]


def test_sentences_of_a_reviewed_answer_are_known_again() -> None:
    assert [source for _, source in UNITS.told_in("Laat een collega meekijken. [2]")] == [KIESWIJZER]
