"""How much a visitor may ask at once: counted after a text is normalised, since one character may stand for several."""

from dataclasses import replace
from typing import Final

from kompasbot.answering.answer import Message, Question
from kompasbot.dutch import fold, words
from kompasbot.errors import BadRequest
from kompasbot.settings import Settings

MOST_WORDS: Final = 500
"""Words in a question: 2,000 characters of Dutch have some 330."""
_LONGEST_ANSWER: Final = 16_000
"""Characters of an earlier answer that are read; the longest of our own have some 9,000."""


def within_bounds(question: Question, settings: Settings) -> Question:
    """A conversation of which each message is bounded.

    Raises :class:`BadRequest` when it has too many messages, does not end with a question, or asks too much at once. Of
    earlier messages only the begin counts when they are longer than a question, or than an answer: a chat client sends
    the whole conversation, and a long message in it must not be a dead end.
    """
    if len(question.messages) > settings.max_messages:
        raise BadRequest(f"Het gesprek heeft meer dan {settings.max_messages} berichten.", "Begin een nieuw gesprek.")
    if question.messages[-1].role != "user":
        raise BadRequest("Het laatste bericht is geen vraag.", "Stuur als laatste een bericht met de rol 'user'.")
    check_length(question.text, settings, "De vraag")
    history = (_shortened(message, settings.max_question) for message in question.history)
    return replace(question, messages=(*history, question.messages[-1]))


def check_length(text: str, settings: Settings, name: str) -> None:
    """Raise :class:`BadRequest` for a text of more characters or words than a question may have."""
    hint = f"Maak {name.lower()} korter en probeer het opnieuw."
    if max(len(text), len(fold(text))) > settings.max_question:
        raise BadRequest(f"{name} is langer dan {settings.max_question} tekens.", hint)
    if len(words(text)) > MOST_WORDS:
        raise BadRequest(f"{name} heeft meer dan {MOST_WORDS} woorden.", hint)


def _shortened(message: Message, most: int) -> Message:
    return replace(message, content=message.content[: _LONGEST_ANSWER if message.role == "assistant" else most])
