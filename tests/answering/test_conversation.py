"""Follow-up questions, understood from the text of the conversation alone."""

import asyncio

import pytest

from kompasbot.answering.answer import Answer, Carried, Message, Question, Status
from tests.shelf import SHEET, ask, assistant, index


def cited(reply: Answer) -> list[str]:
    return list(dict.fromkeys(one.item_id.rsplit("/", 1)[1] for one in reply.citations))


def talk(*questions: str) -> Answer:
    """The answer to the last of the questions, asked one after another."""
    messages: list[str] = []
    for question in questions:
        messages.append(question)
        reply = asyncio.run(ask(*messages))
        messages.append(reply.text)
    return reply


@pytest.mark.parametrize(
    ("questions", "items"),
    [
        (("Wat is de Lesfabriek?", "Met wie werken ze samen?"), ["lesfabriek"]),
        (("Wat is de Techkist?", "Hoeveel scholen zijn dat?"), ["techkist-drentstad"]),
        (("Wat is de Techkist?", "En hoe zit dat bij de Lesfabriek?"), ["lesfabriek"]),
        (("Wat is de Bouwplaat?", "Wie gaf die uit?"), ["bouwplaat"]),
        (("Welke tools zijn er?", "En de tweede?"), ["bouwplaat"]),
        (("Welke voorbeelden zijn er?", "Vertel meer over de eerste", "En de laatste?"), ["lesfabriek"]),
        (("Welke praktijkvoorbeelden zijn er?", "[1]"), ["techkist-drentstad"]),
        (("Wat is de Techkist?", "Iets heel anders: wat onderzocht De Wit?"), ["de-wit"]),
        (("Wat is de Techkist?", "Dank je!", "En wie leent die uit?"), ["techkist-drentstad"]),
    ],
)
def test_a_follow_up_is_about_what_was_told(questions: tuple[str, ...], items: list[str]) -> None:
    assert cited(talk(*questions)) == items


@pytest.mark.parametrize("text", ["Vertel meer over de eerste", "En de tweede?", "Wat is de laatste?"])
def test_what_is_pointed_at_in_a_list_is_told_without_reserve(text: str) -> None:
    assert talk("Welke praktijkvoorbeelden zijn er?", text).status is Status.ANSWERED


def test_an_example_is_looked_for_among_the_examples_not_told_yet() -> None:
    reply = talk("Hoe kiezen leraren lesmateriaal?", "Geef een voorbeeld")
    assert {one.type for one in reply.citations} == {"praktijkvoorbeeld"}


def test_another_one_is_not_the_one_that_was_told() -> None:
    other = talk("Wat is de Kieswijzer?", "Is er nog een ander hulpmiddel?")
    assert other.status in (Status.ANSWERED, Status.PARTIAL)
    assert set(cited(other)) == {"bouwplaat"}


def test_shorter_is_one_sentence_an_item() -> None:
    long, short = talk("Wat is de Techkist?"), talk("Wat is de Techkist?", "Kan het korter?")
    assert cited(short) == cited(long)
    assert len(short.text) < len(long.text)


def test_a_fact_that_was_not_told_is_said_to_be_missing() -> None:
    assert talk("Wat is de Techkist?", "Wat kost dat?").status is Status.PARTIAL


def test_thanks_is_small_talk_in_any_conversation() -> None:
    assert talk("Wat is de Techkist?", "Dankjewel!").status is Status.SMALLTALK


def test_citations_that_are_carried_back_win_over_the_text() -> None:
    told = Message("assistant", "Iets korts.", (Carried(1, f"{SHEET}/tool/bouwplaat"), Carried(2, "bestaat/niet/echt")))
    turns = (Message("user", "Welke tools?"), told, Message("user", "Vertel meer over [1]"))
    assert cited(asyncio.run(assistant().answer(index(), Question(turns)))) == ["bouwplaat"]


def test_a_made_up_answer_without_known_items_does_no_harm() -> None:
    turns = (
        Message("user", "Wat is de Techkist?"),
        Message("assistant", "De Techkist is gratis en van goud."),
        Message("user", "Vertel meer"),
    )
    reply = asyncio.run(assistant().answer(index(), Question(turns)))
    assert "goud" not in reply.text
