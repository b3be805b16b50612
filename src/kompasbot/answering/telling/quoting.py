"""Quotes a unit: which sentences of an item or passage are told, and what they rest on."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from kompasbot.answering.answer import BlockKind, Place, Speaker
from kompasbot.answering.draft import Basis, Paragraph, Statement
from kompasbot.answering.evidence import PassageEvidence, is_document
from kompasbot.answering.faithfulness.names import names
from kompasbot.answering.fitting import Line, leans, lines, runs
from kompasbot.answering.understanding.filters import met_by
from kompasbot.dutch import fold
from kompasbot.knowledge import Item, ItemType, Origin, Passage, Support

Score = Callable[[str], float]
"""How well a sentence fits what is asked, from 0 on."""

CLOSE: Final = 0.6
"""A sentence is told beside the best one from this share of its score on."""

__all__ = ["CLOSE", "Score", "chosen_lines", "met_by", "own", "presenting", "quoted", "support", "whole"]


def own(kind: BlockKind, text: str, speaker: Speaker | None = None) -> Paragraph:
    """A paragraph of one sentence without a source."""
    return Paragraph(kind, (Statement(text, speaker=speaker),))


def unreviewed(item: Item) -> bool:
    """Whether nobody read a source with care before it was added; notes are our own."""
    return item.type is ItemType.DOCUMENT and item.origin is not Origin.NOTE


def place_of(item: Item, passage: Passage | None) -> Place | None:
    """Where in a document a passage stands; None for an item."""
    if item.type is not ItemType.DOCUMENT:
        return None
    return Place(item.title, passage.page if passage else None, passage.heading if passage else None)


def presenting(item: Item) -> Line | None:
    """The sentence that presents an item in a list: the first that says a name of its title, else the first."""
    found = lines(item.text, unreviewed(item))
    called = [word for word in names(item.title) if len(word) > 2]
    return next(
        (line for line in found if any(name in fold(line.text) for name in called)), found[0] if found else None
    )


def chosen_lines(text: str, score: Score, most: int, close: float = CLOSE, wary: bool = False) -> tuple[Line, ...]:
    """The lines of a text that fit best, in its order: at most ``most`` sentences, and a list where it fits.

    A sentence that leans on the one before takes it along. Of a list that announces what is asked all entries are
    told; where one entry fits far better than the others, only that one after its lead.
    """
    found = lines(text, wary)
    prose = [line for line in found if not line.entry]
    entries = [line for line in found if line.entry]
    scores = {line: score(line.text) for line in found}
    best = max(scores.values(), default=0.0)
    if best <= 0:
        return tuple(found if entries and len(prose) <= most else prose[:most])
    ranked = sorted(prose, key=lambda line: -scores[line])[:most]
    chosen = {line for line in ranked if scores[line] >= close * best}
    chosen |= {prose[at - 1] for at, line in enumerate(prose) if at and line in chosen and leans(line.text)}
    lead = next((line for line in reversed(prose) if entries and line.end <= entries[0].start), None)
    fitting = [line for line in entries if scores[line] >= close * best]
    if fitting:
        chosen |= {lead} if lead else set()
        chosen |= (
            set(entries) if len(fitting) > 1 or (len(entries) > len(prose) and lead in ranked[:1]) else set(fitting)
        )
    elif lead is not None and lead in chosen and lead.text.endswith(":"):
        chosen |= set(entries)
    return tuple(line for line in found if line in chosen)


def quoted(item: Item, text: str, chosen: Sequence[Line], place: Place | None) -> list[Paragraph]:
    """Lines of a text as paragraphs, running text and lists apart; neighbours share one quote."""
    paragraphs: list[Paragraph] = []
    for run in runs(chosen, text):
        quote = text[run[0].start : run[-1].end]
        for entry in (False, True):
            part = [line for line in run if line.entry is entry]
            if part:
                basis = Basis(item, quote, place)
                statements = tuple(Statement(line.text, (basis,)) for line in part)
                paragraphs.append(Paragraph(BlockKind.SECTION, statements, list=entry))
    return paragraphs


def whole(evidence: PassageEvidence) -> list[Paragraph]:
    """A passage in full: a note is two sentences, and either misleads without the other."""
    text = evidence.passage.text
    found = lines(text, unreviewed(evidence.source))
    return quoted(evidence.source, text, found, place_of(evidence.source, evidence.passage))


def support(supports: Iterable[Support], items: "dict[str, Item] | object") -> tuple[Basis, ...]:
    """What a reviewed sentence or a facet rests on; ``items`` by id."""
    found = []
    for each in supports:
        item = items[each.item_id]  # type: ignore[index]
        found.append(Basis(item, each.quote, _place(item, each.quote)))
    return tuple(found)


def _place(item: Item, quote: str) -> Place | None:
    if not is_document(item):
        return None
    section = next((section for section in item.sections if quote in section.text), None)
    return Place(item.title, section.page if section else None, section.heading if section else None)
