"""Questions that a person wrote at a sentence or the editor's note find it, and those from outside are refused."""

from dataclasses import replace
from functools import cache

import pytest

from kompasbot.answering.answer import Message, Question, Speaker, Status
from kompasbot.embedding.local import local_embedder
from kompasbot.knowledge import AskedSentence, ReviewedAnswer
from kompasbot.retrieval.index import Index
from tests.fullshelf import (
    EDITORS_NOTE,
    FULL_ITEMS,
    LESFABRIEK,
    PLAN,
    PROEF,
    WERKPLAATS,
    bare,
    cited,
    known_of,
    open_index,
    said,
    talk,
)
from tests.shelf import assistant

RENT = "De bedrijven Smid, Weef en Lijm werken er samen, meldt fabriek.example. Zij betalen ook de huur."
ABOUT_ITS_FUTURE = "Kan ik erop rekenen dat die plek van de Lesfabriek er volgend jaar nog is?"
LENGTH = "De proef duurde negen maanden, meldt bieb.example."
ASKED = {
    WERKPLAATS: (AskedSentence("Zij betalen ook de huur.", ("Wie draait op voor de kosten van het pand?",)),),
    PROEF: (AskedSentence(LENGTH, ("Was het binnen een jaar achter de rug?", "En hoelang liep dat?")),),
    LESFABRIEK: (AskedSentence(EDITORS_NOTE, ("Kan ik erop rekenen dat die plek er volgend jaar nog is?",)),),
}
OUTSIDE = ReviewedAnswer(
    id="buiten-leraren",
    factsheet=PLAN.factsheet,
    questions=("Hoe kies ik een cadeau voor een leraar?", "Hoe kiezen leraren een vakbond?"),
    outside=True,
)


@cache
def asked_index() -> Index:
    """The fictional factsheet with questions at three of its sentences."""
    items = [replace(each, asked=ASKED.get(each.id, ())) for each in FULL_ITEMS]
    return open_index(known_of(items, PLAN, OUTSIDE), local_embedder())


@cache
def plain_index() -> Index:
    """The same without any of these questions, to show what they change."""
    return open_index(known_of(FULL_ITEMS, PLAN), local_embedder())


def likeness(question: str, index: Index, source: str) -> float:
    """The score of the best passage of a source for a question."""
    evidence = assistant().consider(index, Question((Message("user", question),))).reply.parts[0].evidence
    assert evidence
    found = [each for unit in evidence.units for each in unit.passages if each.source.id == source]
    return max(each.score for each in found)


@pytest.mark.parametrize(
    ("question", "source", "sentence"),
    [
        ("Wie draait op voor de kosten van het pand van de Lesfabriek?", WERKPLAATS, "Zij betalen ook de huur."),
        ("Was de proef van Jansen & Pieters binnen een jaar achter de rug?", PROEF, LENGTH),
    ],
)
def test_a_sentence_is_found_by_what_people_ask_of_it(question: str, source: str, sentence: str) -> None:
    reply = talk(question, index=asked_index())
    assert source in cited(reply)
    assert sentence in [bare(each) for block in reply.blocks for each in block.sentences]
    assert likeness(question, asked_index(), source) > likeness(question, plain_index(), source)


def test_a_short_question_after_an_answer_finds_it_in_what_was_told() -> None:
    reply = talk("Wat onderzochten Jansen & Pieters?", "En hoelang liep dat?", index=asked_index())
    assert LENGTH in [bare(each) for block in reply.blocks for each in block.sentences]


def test_the_editors_note_answers_what_is_asked_of_it() -> None:
    reply = talk(ABOUT_ITS_FUTURE, index=asked_index())
    assert EDITORS_NOTE in said(reply, Speaker.COMPOSED)[0]
    assert EDITORS_NOTE not in talk(ABOUT_ITS_FUTURE, index=plain_index()).text


@pytest.mark.parametrize("question", OUTSIDE.questions)
def test_a_question_from_outside_is_refused_that_would_be_told_something_else(question: str) -> None:
    assert talk(question, index=asked_index()).status is Status.REFUSED
    assert talk(question, index=plain_index()).status is not Status.REFUSED


def test_a_question_of_a_sentence_ranks_no_item() -> None:
    with_questions = [hit.item.id for hit in asked_index().search("En hoelang liep dat?", words_only=True)]
    assert PROEF not in with_questions[:1]
