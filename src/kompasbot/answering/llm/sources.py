"""What the model gets to see: the whole corpus when it fits the budget, else the best of it, best first.

What is shown is also what a sentence is checked against: nothing else can support it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kompasbot.answering.answer import Place
from kompasbot.answering.draft import Basis
from kompasbot.answering.fitting import Line, lines, runs
from kompasbot.answering.planted import planted
from kompasbot.answering.telling.quoting import unreviewed
from kompasbot.chatmodel import TokenCounter
from kompasbot.knowledge import Item, ItemType, Passage, PassageKind
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.ranking import Ranking, Scored

_FRAME: Final = 6
"""Tokens of a source's number and white space."""


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered source: an item, or of a document the passage that was found.

    ``text`` is the item's own, ``lines`` are its usable sentences in order: what the model sees and what may be quoted.
    ``checked`` is the item with these sentences only, for the check.
    """

    number: int
    item: Item
    text: str
    lines: tuple[Line, ...]
    checked: Item
    place: Place | None

    @property
    def shown(self) -> str:
        """The text in the prompt."""
        return self.checked.text

    def basis(self, chosen: Sequence[Line]) -> Basis:
        """What a sentence rests on: the words from the first to the last of some neighbouring lines."""
        return Basis(self.item, self.text[chosen[0].start : chosen[-1].end], self.place)


def choose_sources(
    index: Index, ranking: Ranking, first: Sequence[Scored], factsheet: str | None, counter: TokenCounter, budget: int
) -> tuple[Source, ...]:
    """The sources for a question: ``first``, then the others by rank, then the rest of the corpus while it fits."""
    found: list[Source] = []
    left = budget
    for item, passage in _in_order(index, ranking, first, factsheet):
        source = _source(len(found) + 1, item, passage)
        if source is None:
            continue
        cost = counter.count(f"{source.item.title}\n{source.shown}") + _FRAME
        if cost > left and found:
            break
        found.append(source)
        left -= cost
    return tuple(found)


def _in_order(
    index: Index, ranking: Ranking, first: Sequence[Scored], factsheet: str | None
) -> Iterator[tuple[Item, Passage | None]]:
    """Items with the passage that was found in them, the best first, each once."""
    seen: set[str] = set()
    for one in (*first, *ranking.scored):
        if one.item.id not in seen:
            seen.add(one.item.id)
            yield one.item, one.passage
    for item in index.knowledge.items:
        if item.id not in seen and item.type is not ItemType.DOCUMENT and factsheet in (None, item.factsheet):
            yield item, None


def _source(number: int, item: Item, passage: Passage | None) -> Source | None:
    """A source, or None for an item without usable text."""
    place, text = None, item.text
    if item.type is ItemType.DOCUMENT:
        found = passage if passage and passage.kind is PassageKind.TEXT else None
        text = found.text if found else (item.sections[0].text if item.sections else item.text)
        place = Place(item.title, found.page if found else None, found.heading if found else None)
    usable = lines(text, unreviewed(item))
    if not usable or planted(item.title):
        return None
    kept = "\n".join(_row(run) for run in runs(usable, text))
    checked = replace(item, text=kept, sections=(), editor_note=None)
    return Source(number, item, text, usable, checked, place)


def _row(run: Sequence[Line]) -> str:
    """Neighbouring lines as text: sentences on one line, list entries each on their own."""
    told = ""
    for line in run:
        told += f"\n- {line.text}" if line.entry else f" {line.text}" if told else line.text
    return told.strip()
