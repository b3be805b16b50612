"""Is a reply sound, whatever was asked? Each rule of the interface, with the fault that its breach is reported as."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from kompasbot.answering.answer import Answer, BlockKind, Sentence, Status

TextOf = Callable[[str], str]
GIVEN: Final = (Status.ANSWERED, Status.PARTIAL)
_UNCITED: Final = frozenset({"own", "absence"})
"""Origins of sentences that have no source."""
_QUOTED: Final = frozenset({"item", "document"})
"""Origins of sentences that the extractive engine takes word for word."""
_FEWEST_CHOICES: Final = 2
_MOST_CHOICES: Final = 4
_MARKER: Final = re.compile(r"\[(\d+)\]")
_OTHER: Final = re.compile(r"\W+")


def squeeze(text: str) -> str:
    """Letters and digits only, so that markers, markup and white space do not decide."""
    return _OTHER.sub(" ", _MARKER.sub(" ", text).lower()).strip()


def faults(answer: Answer, text_of: TextOf) -> tuple[str, ...]:
    """What is unsound in an answer, as a rule nothing; ``text_of`` gives an item's squeezed text by its id."""
    return tuple(fault for rule in _RULES for fault in rule(answer, text_of))


def _sentences(answer: Answer) -> list[Sentence]:
    return [sentence for block in answer.blocks for sentence in block.sentences]


def _says_something(answer: Answer, _text_of: TextOf) -> Iterator[str]:
    if not answer.text.strip():
        yield "empty answer"


def _markers_are_citations(answer: Answer, _text_of: TextOf) -> Iterator[str]:
    if {int(number) for number in _MARKER.findall(answer.text)} != {one.number for one in answer.citations}:
        yield "markers are not the citations"


def _blocks_are_answer(answer: Answer, _text_of: TextOf) -> Iterator[str]:
    told = [" ".join([block.heading or "", *(one.text for one in block.sentences)]) for block in answer.blocks]
    if squeeze(" ".join(told)) != squeeze(answer.text):
        yield "blocks are not the answer"


def _sentences_have_sources(answer: Answer, text_of: TextOf) -> Iterator[str]:
    cited = {one.number: one.item_id for one in answer.citations}
    for sentence in _sentences(answer):
        if sentence.origin.value in _UNCITED:
            if sentence.citations:
                yield f"{sentence.origin.value} sentence with a source"
        elif not sentence.citations:
            yield "sentence without a source"
        elif (
            answer.engine.name == "extractive"
            and sentence.origin.value in _QUOTED
            and not any(squeeze(sentence.text) in text_of(cited.get(number, "")) for number in sentence.citations)
        ):
            yield "extractive sentence not verbatim"


def _answers_have_substance(answer: Answer, _text_of: TextOf) -> Iterator[str]:
    if answer.status in GIVEN and all(one.origin.value in _UNCITED for one in _sentences(answer)):
        yield "answer without substance"


def _partial_has_notice(answer: Answer, _text_of: TextOf) -> Iterator[str]:
    if answer.status is Status.PARTIAL and not any(block.kind is BlockKind.NOTICE for block in answer.blocks):
        yield "partial without a notice"


def _only_answers_cite(answer: Answer, _text_of: TextOf) -> Iterator[str]:
    if answer.status not in GIVEN and answer.citations:
        yield "cites without answering"


def _questions_back_have_choices(answer: Answer, _text_of: TextOf) -> Iterator[str]:
    if answer.status is Status.CLARIFY and not _FEWEST_CHOICES <= len(answer.suggestions) <= _MOST_CHOICES:
        yield f"asks back with {len(answer.suggestions)} choices"


_RULES: Final[tuple[Callable[[Answer, TextOf], Iterator[str]], ...]] = (
    _says_something,
    _markers_are_citations,
    _blocks_are_answer,
    _sentences_have_sources,
    _answers_have_substance,
    _partial_has_notice,
    _only_answers_cite,
    _questions_back_have_choices,
)
