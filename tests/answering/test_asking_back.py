"""A question back has choices that the sources answer."""

import asyncio

from kompasbot.answering.answer import Status
from tests.shelf import ask


def test_the_choices_are_others_when_the_first_did_not_help() -> None:
    first = asyncio.run(ask("help"))
    second = asyncio.run(ask("help", first.message, "help"))
    for answer in (first, second):
        assert (answer.status, answer.citations) == (Status.CLARIFY, ())
        assert 2 <= len(answer.suggestions) <= 4
    assert not set(first.suggestions) & set(second.suggestions)


def test_the_message_of_a_question_back_lists_its_choices_and_that_of_an_answer_is_its_text() -> None:
    back, told = asyncio.run(ask("help")), asyncio.run(ask("Wat is de Kieswijzer?"))
    assert back.message == "\n\n".join([back.text, "\n".join(f"- {choice}" for choice in back.suggestions)])
    assert told.suggestions
    assert told.message == told.text
