"""The passages that answer a part, and how they rank."""

import asyncio

import pytest

from kompasbot.answering.answer import Message, Question
from kompasbot.answering.assistant import Considered
from kompasbot.answering.evidence import Asking, Evidence, PassageEvidence
from kompasbot.answering.understanding import AnswerKind, Part
from kompasbot.knowledge import FacetKind
from tests.fullshelf import JANSEN, LESFABRIEK, MAKERBUS, PROEF, TECHKIST, WERKPLAATS, full_index, talk
from tests.shelf import assistant

REPLIER = assistant().replier(full_index())
GATHERER = REPLIER.gatherer


def considered(text: str) -> Considered:
    return assistant().consider(full_index(), Question((Message("user", text),)))


def evidence(text: str) -> Evidence:
    found = considered(text).reply.parts[0].evidence
    assert found is not None
    return found


def best(text: str) -> PassageEvidence:
    unit = evidence(text).best
    assert unit is not None
    assert unit.best is not None
    return unit.best


@pytest.mark.parametrize(
    ("question", "unit", "source", "says"),
    [
        ("Welke bedrijven werken samen in de Lesfabriek?", LESFABRIEK, WERKPLAATS, "Smid, Weef en Lijm"),
        ("In welk jaar opende de Lesfabriek?", LESFABRIEK, WERKPLAATS, "2015"),
        ("Hoe lang duurde de proef van Jansen & Pieters?", JANSEN, PROEF, "negen maanden"),
        ("Hoe groot was de proef van Jansen & Pieters?", JANSEN, PROEF, "240 leraren"),
        ("Welk museum doet mee met de Lesfabriek?", LESFABRIEK, LESFABRIEK, "museum van Oudestad"),
        ("Hoeveel scholen lenen de Techkist?", TECHKIST, TECHKIST, "12 basisscholen"),
    ],
)
def test_the_passage_that_says_it_comes_first_in_the_item_or_its_note(
    question: str, unit: str, source: str, says: str
) -> None:
    found = best(question)
    assert (found.unit, found.source.id) == (unit, source)
    assert says in found.passage.text


def test_the_heading_of_a_passage_helps_to_find_it() -> None:
    assert "negen maanden" in best("Wat is de duur van de proef van Jansen & Pieters?").passage.text


def test_the_opening_of_a_note_is_no_evidence() -> None:
    unit = evidence("Waaruit is de notitie over Jansen & Pieters gemaakt?").best
    assert unit is not None
    assert not [each for each in unit.passages if "Dit is een notitie" in each.passage.text]


def test_without_a_vector_words_decide() -> None:
    found = evidence("Welk museum doet mee met de Lesfabriek?")
    bare = GATHERER.gather(found.part, (), Asking())
    assert bare.best is not None
    assert bare.best.best is not None
    assert bare.best.best.likeness is None
    assert "museum" in bare.best.best.passage.text


@pytest.mark.parametrize(
    ("kind", "of", "text", "holds"),
    [
        (AnswerKind.AMOUNT, None, "Een bouwdoos kost 10 euro.", True),
        (AnswerKind.AMOUNT, None, "De kist is gratis.", True),
        (AnswerKind.AMOUNT, None, "Het lab leent 10 dozen uit.", False),
        (AnswerKind.COUNT, "scholen", "Het lab leent bouwdozen uit aan twaalf scholen.", True),
        (AnswerKind.COUNT, "leraren", "Het lab leent bouwdozen uit aan twaalf scholen.", False),
        (AnswerKind.COUNT, "teams", "Zij onderzochten in 2018 teams.", False),
        (AnswerKind.WHEN, None, "Het lab leent sinds 2014 bouwdozen uit.", True),
        (AnswerKind.WHEN, None, "Het museum heeft een lokaal.", False),
        (AnswerKind.WHERE, None, "De bus rijdt in Gent.", True),
        (AnswerKind.WHERE, None, "In Gent rijdt een bus.", True),
        (AnswerKind.WHERE, None, "De bus rijdt snel.", False),
        (AnswerKind.WHY, None, "Leraren komen om samen te oefenen.", True),
        (AnswerKind.WHY, None, "Leraren komen elke week.", False),
        (AnswerKind.MEASURE, None, "Het oefenen duurt twee uur.", True),
        (AnswerKind.MEASURE, None, "Het oefenen duurt 2 uur.", True),
        (AnswerKind.MEASURE, None, "Kinderen werken er samen.", False),
        (AnswerKind.WHO, "trekker", "Stichting Voorbeeld is de trekker.", True),
        (AnswerKind.WHO, "directeur", "Stichting Voorbeeld is de trekker.", False),
        (AnswerKind.WHO, "coördinator", "Er is een coördinator, schrijft museum.nl.", False),
        (AnswerKind.WHO, "coördinator", "Volgens Het Weekblad is er een coördinator.", False),
        (AnswerKind.WHO, "coördinator", "Volgens museum.nl is Jansen de coördinator.", True),
        (AnswerKind.WHICH, "vormen", "Er zijn drie vormen van sturing.", True),
        (AnswerKind.WHICH, "vormen", "De vormen van sturing verschillen.", False),
        (AnswerKind.CONTACT, None, "Kijk op www.museum.example.", True),
        (AnswerKind.CONTACT, None, "Kijk bij het museum.", False),
        (AnswerKind.PROVEN, None, "Onderzoek liet zien dat het werkt.", True),
    ],
)
def test_a_text_holds_the_kind_of_answer_that_is_asked_for_or_not(
    kind: AnswerKind, of: str | None, text: str, holds: bool
) -> None:
    asked = Part(text="Vraag?", query="Vraag?", kind=kind, of=of)
    assert GATHERER.holds(asked, text, REPLIER.units[TECHKIST]) is holds


def test_a_sentence_that_a_facet_rests_on_holds_what_is_asked() -> None:
    asked = Part(text="Met wie?", query="Met wie?", kind=AnswerKind.WHO, facet=FacetKind.PARTNER)
    unit = REPLIER.units[LESFABRIEK]
    assert GATHERER.facets_in(asked, "Het museum van Oudestad doet mee.", unit) == 1
    assert GATHERER.facets_in(asked, "Een school neemt het werk over.", unit) == 0


def test_a_follow_up_looks_in_what_was_told_before_anywhere_else() -> None:
    told = talk("Wat is de Lesfabriek?", "Sinds wanneer is dat?")
    assert {each.item_id for each in told.citations} <= {LESFABRIEK, WERKPLAATS}
    told = talk("Wat is de Makerbus?", "Sinds wanneer is dat?")
    assert {each.item_id for each in told.citations} == {MAKERBUS}


def test_a_follow_up_goes_elsewhere_when_only_another_unit_holds_it() -> None:
    told = talk("Wat is de Makerbus?", "Hoeveel leraren deden mee aan die proef van negen maanden?")
    assert {each.item_id for each in told.citations} == {PROEF}


def test_a_question_with_no_vectors_is_answered_by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """When too many questions wait for their vectors."""
    asked = assistant()

    async def full(*_: object) -> None:
        return None

    monkeypatch.setattr(asked._embedding, "embed_question", full)
    reply = asyncio.run(asked.answer(full_index(), Question((Message("user", "Wat is de Lesfabriek?"),))))
    assert {each.item_id for each in reply.citations} == {LESFABRIEK}
