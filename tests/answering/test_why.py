"""An answer that is asked why tells how it came about."""

import asyncio
from dataclasses import replace

import pytest

from kompasbot.answering.answer import Answer, Message, Question, Status
from kompasbot.answering.why import Fate, Trace
from kompasbot.cli.why import lines
from tests.llm.scripted import saying, serving
from tests.llm.talk import bot
from tests.shelf import SHEET, assistant, index

TECHKIST = f"{SHEET}/praktijkvoorbeeld/techkist-drentstad"


def asked(text: str, why: bool = True) -> Answer:
    question = Question((Message("user", text),), why=why)
    return asyncio.run(assistant().answer(index(), question))


def traced(text: str) -> Trace:
    trace = asked(text).trace
    assert trace
    return trace


def written(*pieces: str) -> Trace:
    """The trace of an answer that a language model wrote."""

    async def run(url: str) -> Trace | None:
        model = bot(url)
        try:
            question = Question((Message("user", "Hoe kies ik lesmateriaal?"),), why=True)
            return (await model.answer(index(), question)).trace
        finally:
            await model.aclose()

    with serving(saying(*pieces)) as server:
        trace = asyncio.run(run(server.url))
    assert trace
    return trace


def test_an_answer_tells_why_only_where_that_is_asked() -> None:
    text = "Hoeveel basisscholen lenen de Techkist?"
    plain, with_trace = asked(text, why=False), asked(text)
    assert plain.trace is None
    assert replace(with_trace, id="", trace=None) == replace(plain, id="")


def test_the_trace_tells_what_was_understood_found_decided_and_said() -> None:
    trace = traced("Hoeveel basisscholen lenen de Techkist?")
    [part] = trace.understanding.parts
    assert (part.kind, part.of, part.units) == ("aantal", "basisscholen", (TECHKIST,))
    assert trace.units[0].id == TECHKIST
    best = trace.evidence[0]
    assert (best.part, best.unit, best.source, best.fits) == (1, TECHKIST, TECHKIST, True)
    assert "12 basisscholen" in best.text
    assert best.likeness is not None
    assert 0 < best.likeness <= 1
    assert 0 < best.coverage <= 1
    assert trace.verdict.status is Status.ANSWERED
    assert trace.verdict.parts[0].outcome == "verteld"
    assert trace.verdict.parts[0].reasons
    assert (trace.sentences[0].fate, trace.sentences[0].sources) == (Fate.TOLD, (TECHKIST,))


def test_a_refusal_tells_what_came_nearest_and_why_it_was_not_told() -> None:
    trace = traced("Hoe word ik kapitein op een veerboot?")
    assert trace.verdict.status is Status.REFUSED
    assert trace.verdict.parts[0].outcome == "buiten"
    assert trace.verdict.parts[0].reasons
    assert trace.units


@pytest.mark.parametrize(("text", "status"), [("Hallo!", Status.SMALLTALK), ("help", Status.CLARIFY)])
def test_what_is_no_question_is_told_as_such(text: str, status: Status) -> None:
    trace = traced(text)
    assert (trace.verdict.status, trace.units) == (status, ())
    assert "Er is niet in de teksten gezocht." in "\n".join(lines(trace))


def test_what_two_parts_tell_is_told_once_and_the_trace_says_so() -> None:
    trace = traced("Hoeveel basisscholen lenen de Techkist? En hoeveel basisscholen lenen die Techkist?")
    fates = [each.fate for each in trace.sentences]
    texts = [each.text for each in trace.sentences if each.fate is Fate.TOLD]
    assert fates.count(Fate.REPEATED) >= 1
    assert len(texts) == len(set(texts))
    assert len(trace.verdict.parts) == 2


def test_the_sentences_of_a_model_are_told_replaced_or_dropped_with_the_reason() -> None:
    true = "De Kieswijzer helpt leraren om lesmateriaal te kiezen. [1]"
    lie = "De Kieswijzer helpt 40 leraren om lesmateriaal te kiezen. [1]"
    trace = written(f"{lie} ", "Dat is mooi weer. ", f"{true} ", "Iets anders. [9]")
    fates = {each.text: each.fate for each in trace.sentences}
    reasons = {each.text: each.reason for each in trace.sentences}
    assert fates["Dat is mooi weer."] is Fate.DROPPED
    assert reasons["Dat is mooi weer."] == "noemt geen bron"
    assert reasons["Iets anders."] == "noemt een bron die er niet is"
    [replaced] = [each for each in trace.sentences if each.fate is Fate.REPLACED]
    assert "40" in replaced.text
    assert replaced.instead
    assert replaced.reason
    assert "stond er al" in reasons.values()


def test_what_a_model_wrote_in_vain_is_told_beside_the_answer_that_came_instead() -> None:
    trace = written("Dat is mooi weer.")
    assert [each.text for each in trace.sentences if each.fate is Fate.DROPPED] == ["Dat is mooi weer."]
    assert any(each.fate is Fate.TOLD and each.sources for each in trace.sentences)


def test_a_person_reads_the_trace_in_dutch() -> None:
    told = "\n".join(lines(traced("Hoeveel basisscholen lenen de Techkist?")))
    for words in (
        "Zo is de vraag begrepen",
        "soort antwoord: aantal",
        "Techkist Drentstad",
        "betekenis ",
        ", woorden ",
        "Dit is het oordeel: beantwoord",
        "Dit werd er van elke zin",
        "verteld (woorden van het item)",
    ):
        assert words in told
