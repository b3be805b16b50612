"""What kind of answer a question asks for, and whether a source holds one."""

import pytest

from kompasbot.answering.wants import Want, lacks, wish
from kompasbot.dutch import stem

LAB = (
    "Het Bruglab van Oudestad leent sinds 2014 bouwdozen uit aan twaalf scholen. Stichting Voorbeeld is de trekker. "
    "Leraren komen om samen te oefenen; dat duurt twee uur."
)
ROOM = "Het museum heeft een lokaal. Een coördinator en kinderen werken er samen."


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wat kost een bouwdoos?", Want.AMOUNT),
        ("Hoeveel subsidie krijgt het lab?", Want.AMOUNT),
        ("Zijn de bouwdozen gratis te leen?", Want.AMOUNT),
        ("Kost het lenen geld?", Want.AMOUNT),
        ("Hoeveel scholen doen mee?", Want.NUMBER),
        ("Hoe oud moet je zijn?", Want.MEASURE),
        ("Sinds wanneer bestaat het lab?", Want.WHEN),
        ("In welk jaar begon het?", Want.WHEN),
        ("Wie is de directeur van het lab?", Want.WHO),
        ("Waarom werkt dat?", Want.WHY),
        ("Welke dozen zijn er?", Want.WHICH),
        ("Hoe pak ik dat aan?", Want.HOW),
        ("How many schools join?", Want.NUMBER),
    ],
)
def test_the_wording_tells_the_kind_of_answer(question: str, kind: Want) -> None:
    found = wish(question)
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(
    "question",
    [
        "Is er onderzoek naar wanneer het lukt?",
        "Hoe laat je kinderen kijken?",
        "Hoe houd je het op de lange termijn vol?",
        "Waar komt het geld vandaan om een netwerk te laten draaien?",
    ],
)
def test_a_word_that_asks_for_nothing_there_is_no_wish_for_a_fact(question: str) -> None:
    found = wish(question)
    assert found is None or found.kind not in {Want.WHEN, Want.AMOUNT, Want.MEASURE}


def alike(word: str) -> frozenset[str]:
    return frozenset({stem(word)})


@pytest.mark.parametrize(
    ("question", "text", "lacking"),
    [
        ("Wat kost een bouwdoos?", LAB, True),
        ("Wat kost een bouwdoos?", "Een bouwdoos kost 10 euro.", False),
        ("Hoeveel scholen lenen een doos?", LAB, False),
        ("Hoeveel leraren werken er?", LAB, True),
        ("Sinds wanneer leent het lab uit?", LAB, False),
        ("Wanneer is het lokaal open?", ROOM, True),
        ("Wie is de trekker?", LAB, False),
        ("Wie is de coördinator?", ROOM, True),
        ("Wie is de coördinator?", "Er is een coördinator, schrijft museum.nl.", True),
        ("Wie is de coördinator?", "Volgens Het Weekblad is er een coördinator.", True),
        ("Wie is de coördinator?", "Coördinatoren\nEr zijn 18 coördinatoren.", True),
        ("Wie is de coördinator?", "Volgens museum.nl is Jansen de coördinator.", False),
        ("Wie is de directeur van het Bruglab?", LAB, True),
        ("Hoe lang duurt het oefenen?", LAB, False),
        ("Hoe oud zijn de kinderen?", ROOM, True),
        ("Waarom komen leraren?", LAB, False),
        ("Waarom is het lokaal gesloten?", ROOM, True),
        ("Welke kleur heeft het lokaal?", ROOM, False),
    ],
)
def test_a_source_without_that_kind_of_answer_lacks_it(question: str, text: str, lacking: bool) -> None:
    assert lacks(wish(question), question, text, alike) is lacking


def test_a_year_is_no_count_of_what_stands_behind_it() -> None:
    question = "Hoeveel teams onderzochten zij?"
    assert lacks(wish(question), question, "Zij onderzochten in 2018 teams.", alike)
