"""What the model gets to see: whole units in the order of the corpus, all of it when it fits the budget, else the best.

What is shown is also what a sentence is checked against: nothing else can support it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from kompasbot.answering.answer import Place
from kompasbot.answering.draft import Basis
from kompasbot.answering.evidence import UnitEvidence, is_document
from kompasbot.answering.fitting import Line, lines, runs
from kompasbot.answering.planted import planted
from kompasbot.answering.telling.quoting import unreviewed
from kompasbot.answering.units import Unit, Units
from kompasbot.chatmodel import TokenCounter
from kompasbot.dutch.dates import day_in_words
from kompasbot.knowledge import Item, Origin

_FRAME: Final = 30
"""Tokens of a source's number, date, links and white space."""
_WHOLE_LETTERS: Final = 6000
"""A document of up to so many letters is shown whole; of a longer one the passages that were found, each by itself."""
_MOST_PASSAGES: Final = 3
_NOTE_TITLE: Final = "Opmerking van de redactie bij: {title}"


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered source: an item, its editor's note, a document, or a passage of a long document.

    ``text`` is the source's own, ``lines`` are its usable sentences in order: what the model sees and what may be
    quoted. ``checked`` is the item with these sentences only, for the check. ``origin`` is set for an editor's note.
    """

    number: int
    unit: str
    item: Item
    title: str
    text: str
    lines: tuple[Line, ...]
    checked: Item
    origin: Origin | None = None

    @property
    def shown(self) -> str:
        """The text in the prompt."""
        return self.checked.text

    @property
    def about(self) -> str:
        """What stands beside the text: the date, and the links by their labels."""
        if self.origin is Origin.NOTE:
            return ""
        labels = "; ".join(link.label for link in self.item.links if not planted(link.label, unreviewed(self.item)))
        return f"bijgewerkt {self.item.updated}" + (f"; links: {labels}" if labels else "")

    @property
    def told_about(self) -> str:
        """The same with the date as people write it: ``bijgewerkt op 23 november 2026``."""
        return self.about.replace(self.item.updated, f"op {day_in_words(date.fromisoformat(self.item.updated))}")

    def basis(self, chosen: Sequence[Line]) -> Basis:
        """What a sentence rests on: the words from the first to the last of some neighbouring lines."""
        quote = self.text[chosen[0].start : chosen[-1].end]
        return Basis(self.item, quote, _place(self.item, quote), self.origin)


def choose_sources(
    units: Units, best: Sequence[UnitEvidence], factsheet: str | None, counter: TokenCounter, budget: int
) -> tuple[Source, ...]:
    """The sources for a question: all units while they fit, the best first, but numbered in the order of the corpus.

    The order does not depend on the question, so that an endpoint can keep what it made of the beginning of a prompt.
    """
    found = {unit.unit.id: unit for unit in best}
    order = units.within(factsheet)
    ranked = [*(unit.unit for unit in best), *(unit for unit in order if unit.id not in found)]
    kept: dict[str, list[Source]] = {}
    left = budget
    for unit in ranked:
        if unit.id in kept:
            continue
        sources = list(_of_unit(unit, found.get(unit.id)))
        cost = sum(counter.count(f"{source.title}\n{source.about}\n{source.shown}") + _FRAME for source in sources)
        if cost > left and any(kept.values()):
            break
        kept[unit.id] = sources
        left -= cost
    numbered = [source for unit in order for source in kept.get(unit.id, ())]
    return tuple(replace(source, number=number) for number, source in enumerate(numbered, 1))


def _of_unit(unit: Unit, evidence: UnitEvidence | None) -> Iterator[Source]:
    """The sources of a unit: its item, the editor's note on it, its documents."""
    for item in unit.sources:
        for text in _texts(item, evidence):
            source = _source(unit.id, item, item.title, text)
            if source:
                yield source
        if item is unit.item and item.editor_note:
            title = _NOTE_TITLE.format(title=item.title)
            source = _source(unit.id, item, title, item.editor_note, Origin.NOTE)
            if source:
                yield source


def _texts(item: Item, evidence: UnitEvidence | None) -> list[str]:
    if not is_document(item) or len(item.text) <= _WHOLE_LETTERS:
        return [item.text]
    passages = [each.passage.text for each in evidence.passages if each.source.id == item.id] if evidence else []
    chosen = list(dict.fromkeys(passages))[:_MOST_PASSAGES]
    return sorted(chosen, key=item.text.find) or [section.text for section in item.sections[:1]]


def _source(unit: str, item: Item, title: str, text: str, origin: Origin | None = None) -> Source | None:
    """A source without a number yet, or None for one without usable text."""
    usable = lines(text, unreviewed(item))
    if not usable or planted(title):
        return None
    kept = "\n".join(_row(run) for run in runs(usable, text))
    checked = replace(item, title=title, text=kept, sections=(), editor_note=None)
    return Source(0, unit, item, title, text, usable, checked, origin)


def _place(item: Item, quote: str) -> Place | None:
    """Where in a document a quote stands."""
    if not is_document(item):
        return None
    section = next((section for section in item.sections if quote in section.text), None)
    return Place(item.title, section.page if section else None, section.heading if section else None)


def _row(run: Sequence[Line]) -> str:
    """Neighbouring lines as text: sentences on one line, list entries each on their own."""
    told = ""
    for line in run:
        told += f"\n- {line.text}" if line.entry else f" {line.text}" if told else line.text
    return told.strip()
