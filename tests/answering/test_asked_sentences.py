"""Questions that a person wrote at a sentence or the editor's note find it, and those from outside are refused."""

from dataclasses import replace
from functools import cache

import pytest

from kompasbot.answering.answer import Speaker, Status
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

RENT = "De bedrijven Smid, Weef en Lijm werken er samen, meldt fabriek.example. Zij betalen ook de huur."
LENGTH = "De proef duurde negen maanden, meldt bieb.example."
ASKED = {
    WERKPLAATS: (AskedSentence("Zij betalen ook de huur.", ("Wie draait op voor de kosten van het pand?",)),),
    PROEF: (AskedSentence(LENGTH, ("Was het binnen een jaar achter de rug?", "En hoelang liep dat?")),),
    LESFABRIEK: (AskedSentence(EDITORS_NOTE, ("Kan ik erop rekenen dat die plek er volgend jaar nog is?",)),),
}
OUTSIDE = ReviewedAnswer(
    id="buiten-verhuur",
    factsheet=PLAN.factsheet,
    questions=("Wie verhuurt een zaal voor een feest van leraren?", "Waar huur ik een zaal voor een personeelsfeest?"),
    outside=True,
)


@cache
def asked_index() -> Index:
    """The fictional factsheet with questions at three of its sentences."""
    items = [replace(each, asked=ASKED.get(each.id, ())) for each in FULL_ITEMS]
    return open_index(known_of(items, PLAN, OUTSIDE), local_embedder())


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
    assert sentence not in [bare(each) for block in talk(question).blocks[:2] for each in block.sentences][:1]


def test_a_short_question_after_an_answer_finds_it_in_what_was_told() -> None:
    reply = talk("Wat onderzochten Jansen & Pieters?", "En hoelang liep dat?", index=asked_index())
    assert LENGTH in [bare(each) for block in reply.blocks for each in block.sentences]


def test_the_editors_note_answers_what_is_asked_of_it() -> None:
    reply = talk("Kan ik erop rekenen dat die plek van de Lesfabriek er volgend jaar nog is?", index=asked_index())
    assert EDITORS_NOTE in said(reply, Speaker.COMPOSED)[0]


def test_a_question_from_outside_is_refused_that_would_be_answered_else() -> None:
    question = "Wie verhuurt een zaal voor een feest van leraren?"
    assert talk(question, index=asked_index()).status is Status.REFUSED


def test_a_question_of_a_sentence_ranks_no_item() -> None:
    with_questions = [hit.item.id for hit in asked_index().search("En hoelang liep dat?", words_only=True)]
    assert PROEF not in with_questions[:1]
