"""Answers that a person reviewed: told when a question is clearly theirs, and never in place of a named item's own."""

import pytest

from kompasbot.answering.answer import Speaker, Status
from kompasbot.retrieval.index import Index
from tests.fullshelf import BOUWPLAAT, KIESWIJZER, LESFABRIEK, PLAN, cited, said, talk

STEPS = [step.text for step in PLAN.steps]


@pytest.mark.parametrize(
    "question", ["Hoe begin ik met eigen lesmateriaal?", "Hoe pak ik het zelf maken van lesmateriaal aan?"]
)
def test_a_broad_question_gets_the_reviewed_answer_as_steps(question: str, meaning: Index) -> None:
    reply = talk(question, index=meaning)
    assert reply.status is Status.ANSWERED
    assert said(reply, Speaker.REVIEWED) == [PLAN.sentences[0].text, *STEPS]
    assert [
        sentence.text.split(" [")[0] for block in reply.blocks if block.list for sentence in block.sentences
    ] == STEPS


def test_each_reviewed_sentence_is_cited_with_the_words_it_rests_on(meaning: Index) -> None:
    reply = talk("Hoe begin ik met eigen lesmateriaal?", index=meaning)
    by_number = {citation.number: citation for citation in reply.citations}
    reviewed = (*PLAN.sentences, *PLAN.steps)
    told = [sentence for block in reply.blocks for sentence in block.sentences]
    for sentence, answer in zip(told, reviewed, strict=True):
        assert [by_number[number].quote for number in sentence.citations] == [each.quote for each in answer.supports]
    assert cited(reply) == [KIESWIJZER, BOUWPLAAT]


@pytest.mark.parametrize(
    "question",
    [
        "Hoe begin ik met een les in de Lesfabriek?",
        "Hoe pakken ze in de Lesfabriek het maken van lesmateriaal aan?",
    ],
)
def test_a_question_that_names_an_item_gets_that_item(question: str, meaning: Index) -> None:
    reply = talk(question, index=meaning)
    assert not said(reply, Speaker.REVIEWED)
    assert cited(reply)[0] == LESFABRIEK


@pytest.mark.parametrize(
    "question",
    [
        "Hoeveel lesmateriaal maken leraren zelf?",
        "Kunnen kleuters met een robot leren programmeren?",
        "Welke tools zijn er?",
        "Wat is de hoofdstad van Peru?",
    ],
)
def test_a_question_for_something_else_is_not_given_the_reviewed_answer(question: str, meaning: Index) -> None:
    assert not said(talk(question, index=meaning), Speaker.REVIEWED)


def test_a_follow_up_on_an_item_is_not_given_the_reviewed_answer(meaning: Index) -> None:
    assert not said(talk("Wat is de Lesfabriek?", "Hoe beginnen ze daarmee?", index=meaning), Speaker.REVIEWED)


def test_the_source_of_a_reviewed_answer_is_the_items_it_rests_on(meaning: Index) -> None:
    reply = talk("Hoe begin ik met eigen lesmateriaal?", "Bron?", index=meaning)
    assert cited(reply) == [KIESWIJZER, BOUWPLAAT]
