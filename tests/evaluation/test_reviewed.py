"""Reviewed answers are held against their sources before they are published."""

from dataclasses import replace

import pytest

from kompasbot.evaluation.reviewed import faults
from kompasbot.knowledge import Item, ItemType, Knowledge, Origin, ReviewedAnswer, ReviewedSentence, Support
from tests.shelf import knowledge

TEXT = (
    "In Lab Zonneberg in Nederland bouwen sinds 2016 tien leerlingen van de Universiteit Zuid een brug. "
    "Het lab kreeg in oktober € 18.500."
)
LAB = Item("les/tool/lab", "les", ItemType.TOOL, 1, "Lab Zonneberg", TEXT, Origin.SUMMARY, "2026-01-01")
SUPPORT = (Support(LAB.id, TEXT),)


def fault(text: str, *, english: bool = False, step: bool = False) -> str:
    sentence = (ReviewedSentence(text, SUPPORT),)
    sound = (ReviewedSentence("Lab Zonneberg", SUPPORT),)
    answer = ReviewedAnswer(
        id="a",
        factsheet="les",
        questions=("Wat?",),
        sentences=sound if step else sentence,
        steps=sentence if step else (),
        english=english,
    )
    return faults(Knowledge((), (LAB,), answers=(answer,))).get(answer, "")


def test_an_answer_in_other_words_holds() -> None:
    assert fault("Tien leerlingen bouwen een brug in Lab Zonneberg.") == ""


@pytest.mark.parametrize("step", [False, True])
def test_an_answer_that_says_more_than_its_sources_is_named_with_the_reason(step: bool) -> None:
    found = fault("Twintig leerlingen bouwen een brug.", step=step)
    assert "'Twintig leerlingen bouwen een brug.'" in found
    assert "'twintig'" in found


def test_every_sentence_that_does_not_hold_is_named() -> None:
    wrong = [ReviewedSentence(f"{number} leerlingen bouwen een brug.", SUPPORT) for number in ("Dertig", "Veertig")]
    answer = ReviewedAnswer(id="a", factsheet="les", questions=("Wat?",), sentences=tuple(wrong))
    [reason] = faults(Knowledge((), (LAB,), answers=(answer,))).values()
    assert ("Dertig" in reason, "Veertig" in reason) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        "Since 2016, ten pupils have built a bridge in Lab Zonneberg.",
        "The lab received €18,500 in October.",
        "Pupils in the Netherlands build it with the University Zuid.",
    ],
)
def test_english_holds_when_its_numbers_and_names_are_those_of_the_source(text: str) -> None:
    assert fault(text, english=True) == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Since 2017 pupils have built a bridge.", "'2017'"),
        ("Eleven pupils built a bridge.", "'eleven'"),
        ("The lab received €18,600.", "'18,600'"),
        ("The lab works with Philips.", "'philips'"),
        ("It received money in November.", "'november'"),
    ],
)
def test_english_with_a_number_or_name_that_the_source_lacks_is_named(text: str, says: str) -> None:
    assert says in fault(text, english=True)


def test_nothing_is_said_where_there_are_no_answers() -> None:
    assert faults(replace(knowledge(), answers=())) == {}
