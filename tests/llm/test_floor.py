"""A model that writes nothing that can be shown costs a reader little time."""

import asyncio
import time

import pytest

from kompasbot.answering.answer import Status
from kompasbot.answering.llm.reading import Opening, Stated
from tests.llm.scripted import Call, Script, saying, serving
from tests.llm.talk import ask, bot, told

ASKED = "Hoe kies ik lesmateriaal?"
TRUE = "De Kieswijzer helpt leraren om lesmateriaal te kiezen. [1]"
EMPTY = ("Samen kom je verder. [1] ", "Dat is goed om te weten. [1] ", "Wat wil je nog weten? [1] ")


def rambling(*first: str, pause: float = 0.05) -> Script:
    """Says this, and then goes on and on."""

    async def script(call: Call) -> None:
        await call.begin()
        for piece in first:
            await call.say(piece)
        while True:
            await call.say("en ")
            await asyncio.sleep(pause)

    return script


def test_after_three_sentences_that_can_not_be_supported_the_extractive_engine_answers() -> None:
    with serving(rambling(*EMPTY, "Nog ")) as server:
        began = time.monotonic()
        answer = ask(bot(server.url, chat_floor_seconds=20, chat_total_seconds=20), ASKED)
    assert time.monotonic() - began < 5
    assert (answer.engine.name, answer.status) == ("extractive", Status.ANSWERED)
    assert "onderbouwen" in str(answer.engine.fallback_reason)


def test_so_it_does_when_no_sentence_could_be_shown_for_some_seconds_after_the_first_word() -> None:
    with serving(rambling()) as server:
        began = time.monotonic()
        answer = ask(bot(server.url, chat_floor_seconds=0.6, chat_total_seconds=20), ASKED)
    assert time.monotonic() - began < 5
    assert answer.engine.name == "extractive"
    assert "te lang" in str(answer.engine.fallback_reason)


def test_the_seconds_count_from_the_first_word() -> None:
    async def script(call: Call) -> None:
        await call.begin()
        await asyncio.sleep(0.8)
        await call.say(TRUE)
        await call.finish()

    with serving(script) as server:
        assert ask(bot(server.url, chat_floor_seconds=0.3), ASKED).engine.name == "llm"


def test_one_supported_sentence_lifts_both_limits() -> None:
    with serving(saying(TRUE, *EMPTY, "Begin bij het leerdoel. [1]")) as server:
        answer = ask(bot(server.url, chat_floor_sentences=1), ASKED)
    assert told(answer) == [TRUE, "Begin bij het leerdoel. [2]"]


def test_a_model_that_keeps_writing_nothing_usable_is_skipped_for_a_while() -> None:
    with serving(saying(*EMPTY)) as server:
        assistant = bot(server.url, chat_breaker_failures=2, chat_breaker_seconds=60)
        for _ in range(2):
            ask(assistant, ASKED)
        answer = ask(assistant, ASKED)
        assert len(server.calls) == 2
    assert "overgeslagen" in str(answer.engine.fallback_reason)


@pytest.mark.parametrize(
    "condensed",
    [
        saying("Wie gaf de Bouwplaat uit en wanneer", finish="length"),
        saying("De Bouwplaat is uitgegeven door iemand."),
        saying("Hoe laat is het?"),
        saying("Wie gaf de Bouwplaat uit?\n\nAntwoord: Stichting Verzonnen."),
    ],
    ids=["cut off", "no question", "another question", "with an answer"],
)
def test_a_rewording_that_is_cut_off_or_is_no_question_is_not_used(condensed: Script) -> None:
    async def script(call: Call) -> None:
        await (condensed if "<laatste-vraag>" in call.prompt else saying(TRUE))(call)

    with serving(script) as server:
        ask(
            bot(server.url),
            "Wat is de Bouwplaat?",
            "De Bouwplaat beschrijft stap voor stap hoe je een techniekles maakt.",
            "En van wie komt dat?",
        )
        assert len(server.calls) == 2
        prompt = server.calls[1].prompt
    for text in ("en wanneer", "door iemand", "Hoe laat", "Verzonnen"):
        assert text not in prompt


@pytest.mark.parametrize(
    ("text", "stated", "rest"),
    [
        ("STATUS: beantwoord\nDe Kieswijzer.", Stated.ANSWERED, "De Kieswijzer."),
        ("**Status:** deels\n\nDe Kieswijzer.", Stated.PARTLY, "De Kieswijzer."),
        ("status = niet", Stated.NOT, ""),
        ("STATUS: terugvraag. Wat bedoel je?", Stated.ASKS, "Wat bedoel je?"),
        ("STATUS: iets anders\nDe Kieswijzer.", None, "anders\nDe Kieswijzer."),
        ("De Kieswijzer helpt.", None, "De Kieswijzer helpt."),
        ("Statushouders leren Nederlands.", None, "Statushouders leren Nederlands."),
        ("- Een lijst.", None, "- Een lijst."),
    ],
)
def test_the_line_with_the_status_is_read_tolerantly_and_may_be_absent(
    text: str, stated: Stated | None, rest: str
) -> None:
    for size in (1, 3, len(text)):
        opening = Opening()
        pieces = [opening.feed(text[at : at + size]) for at in range(0, len(text), size)]
        assert ("".join(pieces) + opening.end()).strip() == rest
        assert opening.stated is stated


def test_a_question_that_the_rules_would_refuse_still_reaches_the_model_which_decides() -> None:
    asked = "Wat is de hoofdstad van Peru?"
    statuses = []
    true = TRUE.replace("[1]", "[6]")
    for text in ("STATUS: niet", f"STATUS: beantwoord\n{true}", true):
        with serving(saying(text)) as server:
            answer = ask(bot(server.url), asked)
            assert len(server.calls) == 1
        statuses.append((answer.status, answer.engine.name))
    refused = (Status.REFUSED, "llm")
    assert statuses == [refused, (Status.ANSWERED, "llm"), refused], "a model that states nothing does not overrule"


def test_an_english_sentence_is_shown_when_the_dutch_one_behind_it_is_supported() -> None:
    text = (
        "STATUS: beantwoord\n"
        "The Kieswijzer helps teachers to choose materials. || "
        "De Kieswijzer helpt leraren om lesmateriaal te kiezen. [6]\n"
        "It gives four tips. || Hij geeft drie adviezen. [6]\n"
        "It does not help teachers. || De Kieswijzer helpt leraren. [6]\n"
        "It was made by Microsoft. || De Kieswijzer helpt leraren om lesmateriaal te kiezen. [6]\n"
        "It is great. [6]\n"
    )
    with serving(saying(*text)) as server:
        answer = ask(bot(server.url), "How do I choose teaching materials?")
    assert told(answer) == ["The Kieswijzer helps teachers to choose materials. [1]"]
    assert answer.citations[0].quote == "De Kieswijzer helpt leraren om lesmateriaal te kiezen."
