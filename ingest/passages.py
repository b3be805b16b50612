"""Cuts items into passages: the texts that are embedded and searched."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import Final

from kompasbot.dutch import sentences
from kompasbot.knowledge import Item, Passage, PassageKind, ReviewedAnswer, Section

LONGEST: Final = 320
"""The most characters of a text passage; only the heading of a document comes on top."""
LONGEST_LIST: Final = 900
"""The most characters of a passage that is a list."""
_BULLET: Final = "- "


def cut(items: Iterable[Item]) -> tuple[Passage, ...]:
    """The passages of items, in order: title, text in pieces, each expected question (of the item before those of its
    sentences), and the terms as one list.
    """
    return tuple(passage for item in items for passage in _of_item(item))


def reviewed_questions(answers: Iterable[ReviewedAnswer]) -> tuple[str, ...]:
    """The ways to ask the reviewed answers, as texts to embed; they are never indexed or cited."""
    return tuple(text for answer in answers for text in answer.questions)


def embedded_text(item: Item, passage: Passage) -> str:
    """The text of an item's passage that is embedded and that the digest covers: what the item says with its title and
    the heading above it, since the text itself may name neither.
    """
    if passage.kind is not PassageKind.TEXT:
        return passage.text
    return ": ".join(filter(None, (item.title, passage.heading, passage.text)))


def digest_of(text: str) -> str:
    """The digest by which the vector of a text is kept."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _of_item(item: Item) -> Iterator[Passage]:
    yield _passage(item, PassageKind.TITLE, item.title)
    for section in item.sections or (Section(item.text),):
        for text in cut_text(section.text):
            yield _passage(item, PassageKind.TEXT, text, section.heading, section.page)
    for question in item.questions:
        yield _passage(item, PassageKind.QUESTION, question)
    for asked in item.asked:
        for question in asked.questions:
            yield _passage(item, PassageKind.QUESTION, question, answer=asked.sentence)
    if item.terms:
        yield _passage(item, PassageKind.TERMS, ", ".join(item.terms))


def _passage(
    item: Item,
    kind: PassageKind,
    text: str,
    heading: str | None = None,
    page: int | None = None,
    answer: str | None = None,
) -> Passage:
    draft = Passage("", item.id, kind, text, heading, page, answer)
    return replace(draft, digest=digest_of(embedded_text(item, draft)))


def cut_text(text: str, longest: int = LONGEST) -> list[str]:
    """Cut a text into pieces of at most ``longest`` characters that stand in it word for word.

    A cut falls between paragraphs, else between the entries of a list, else between sentences; within a sentence only
    when that alone is longer. A list stays with what announces it, up to :data:`LONGEST_LIST` characters: its entries
    say little by themselves.
    """
    pieces: list[str] = []
    for separator, part in _parts(text, longest):
        most = max(longest, LONGEST_LIST) if pieces and _is_list(pieces[-1], part) else longest
        if pieces and len(pieces[-1]) + len(separator) + len(part) <= most:
            pieces[-1] += separator + part
        else:
            pieces.append(part)
    return pieces


def _is_list(before: str, part: str) -> bool:
    """Whether a part goes on with a list, or begins the one that was announced."""
    return part.startswith(_BULLET) and (before.rstrip().endswith(":") or before.splitlines()[-1].startswith(_BULLET))


def _parts(text: str, longest: int) -> Iterator[tuple[str, str]]:
    """The largest parts that fit, each with what stands between it and the part before."""
    for paragraph in filter(None, text.split("\n\n")):
        lines = [paragraph] if len(paragraph) <= longest else paragraph.split("\n")
        for number, line in enumerate(filter(None, lines)):
            between = "\n" if number else "\n\n"
            for part in [line] if len(line) <= longest else _sentences(line, longest):
                yield between, part
                between = " "


def _sentences(line: str, longest: int) -> Sequence[str]:
    mark = _BULLET if line.startswith(_BULLET) else ""
    found = sentences(line)
    found[0] = mark + found[0]
    return [part for sentence in found for part in _fitting(sentence, longest)]


def _fitting(sentence: str, longest: int) -> list[str]:
    return [sentence] if len(sentence) <= longest else wrap(sentence, longest, break_on_hyphens=False)
