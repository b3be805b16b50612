"""What exactly changed in an item or reviewed answer, field by field, short enough to read in a report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from kompasbot.knowledge import Facet, Item, ItemType, Link, ReviewedAnswer, ReviewedSentence

_AROUND: Final = 6
"""Words that are kept around a change, so that it can be recognised."""
_LONGEST: Final = 4_000
"""Words of a text that are compared; a longer text is a document, of which the start says enough."""
_MOST: Final = 12

SAME: Final = "gelijk"
GONE: Final = "weg"
ADDED: Final = "erbij"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: ``kind`` is gelijk, weg or erbij."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A field of an item that changed, in its Dutch name, as a row of pieces."""

    field: str
    pieces: tuple[Piece, ...]


def edits(before: Item, after: Item) -> tuple[Edit, ...]:
    """The fields in which two states of an item differ."""
    return tuple(edit for edit in _all(before, after) if edit.pieces)


def is_same(before: Item, after: Item) -> bool:
    """Whether nothing changed; a document is only numbered, so its place does not count."""
    if after.type is ItemType.DOCUMENT:
        after = replace(after, position=before.position)
    return after == before


def _all(before: Item, after: Item) -> Iterator[Edit]:
    yield Edit("titel", _words(before.title, after.title))
    yield Edit("tekst", _words(before.text, after.text))
    yield Edit("redactie", _words(before.editor_note or "", after.editor_note or ""))
    yield Edit("links", _entries([_link(one) for one in before.links], [_link(one) for one in after.links]))
    yield Edit("vragen", _entries(_questions(before), _questions(after)))
    yield Edit("termen", _entries(before.terms, after.terms))
    yield Edit("kenmerken", _entries([_facet(one) for one in before.facets], [_facet(one) for one in after.facets]))
    yield Edit("linkt hiernaar", _entries(before.linked_from, after.linked_from))
    if after.type is not ItemType.DOCUMENT:
        yield Edit("plaats", _words(f"{before.type} {before.position}", f"{after.type} {after.position}"))
    yield Edit("herkomst", _words(before.origin, after.origin))
    yield Edit("bijgewerkt", _words(before.updated, after.updated))


def _questions(item: Item) -> list[str]:
    return [*item.questions, *(question for asked in item.asked for question in asked.questions)]


def answer_edits(before: ReviewedAnswer, after: ReviewedAnswer) -> tuple[Edit, ...]:
    """The fields in which two states of a reviewed answer differ."""
    found = (
        Edit("antwoord", _words(_told(before.sentences), _told(after.sentences))),
        Edit("stappen", _words(_told(before.steps), _told(after.steps))),
        Edit("citaten", _entries(_quotes(before), _quotes(after))),
        Edit("vragen", _entries(before.questions, after.questions)),
        Edit("over", _words(_manner(before), _manner(after))),
    )
    return tuple(edit for edit in found if edit.pieces)


def _told(sentences: Sequence[ReviewedSentence]) -> str:
    return " ".join(one.text for one in sentences)


def _quotes(answer: ReviewedAnswer) -> list[str]:
    supports = [support for one in (*answer.sentences, *answer.steps) for support in one.supports]
    return list(dict.fromkeys(f"{one.quote} ({one.item_id})" for one in supports))


def _manner(answer: ReviewedAnswer) -> str:
    return " ".join(
        filter(
            None, (answer.about, "eenvoudig" * answer.simple, "Engels" * answer.english, "weigeren" * answer.outside)
        )
    )


def _facet(facet: Facet) -> str:
    aliases = f" ({', '.join(facet.aliases)})" if facet.aliases else ""
    return f"{facet.kind}: {facet.value}{aliases}; '{facet.support.quote}'"


def _link(link: Link) -> str:
    return f"{link.label} ({link.url or 'adres onbekend'}, {link.known}, {link.health})"


def _words(before: str, after: str) -> tuple[Piece, ...]:
    if before == after:
        return ()
    old, new = before.split()[:_LONGEST], after.split()[:_LONGEST]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    pieces: list[Piece] = []
    blocks = matcher.get_opcodes()
    for number, (kind, at, until, there, end) in enumerate(blocks):
        if kind == "equal":
            pieces.append(Piece(SAME, _around(old[at:until], number == 0, number == len(blocks) - 1)))
        if kind in ("delete", "replace"):
            pieces.append(Piece(GONE, " ".join(old[at:until])))
        if kind in ("insert", "replace"):
            pieces.append(Piece(ADDED, " ".join(new[there:end])))
    return tuple(pieces)


def _around(words: Sequence[str], first: bool, last: bool) -> str:
    """A run of unchanged words, of which only those near a change are kept."""
    head = [] if first else list(words[:_AROUND])
    tail = [] if last else list(words[-_AROUND:])
    if len(head) + len(tail) >= len(words):
        return " ".join(words)
    return " ".join([*head, "…", *tail])


def _entries(before: Sequence[str], after: Sequence[str]) -> tuple[Piece, ...]:
    gone = [Piece(GONE, one) for one in before if one not in after]
    added = [Piece(ADDED, one) for one in after if one not in before]
    found = [*gone, *added]
    rest = [Piece(SAME, f"… en nog {len(found) - _MOST}")] if len(found) > _MOST else []
    return (*found[:_MOST], *rest)
