"""Personal data in a conversation: masked before any of it is sent to an endpoint, and the visitor is told."""

from collections.abc import Iterator
from dataclasses import replace

from kompasbot.answering.answer import Answer, Block, BlockKind, Done, Event, Question, Said, Sentence
from kompasbot.personal import Stays, mask


def masked(question: Question, tells: Stays) -> Question:
    """A conversation without personal data, save those that the sources tell themselves."""
    messages = (replace(message, content=mask(message.content, tells)) for message in question.messages)
    return replace(question, messages=tuple(messages))


def with_notice(answer: Answer, text: str) -> Iterator[Event]:
    """The last events of an answer that says at its end what was left out of the question."""
    sentence = Sentence(text)
    yield Said(len(answer.blocks), BlockKind.NOTICE, None, False, sentence)
    yield Done(replace(answer, blocks=(*answer.blocks, Block(BlockKind.NOTICE, (sentence,)))))
