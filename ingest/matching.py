"""Which item as read is which known item; what a person has to decide is said, not guessed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.assignment import best_assignment
from ingest.factsheets import ParsedItem
from ingest.likeness import KnownItem, Resemblance, resemblances
from ingest.naming import names_in
from kompasbot.knowledge import ItemType

_SURE: Final = 0.3
"""Evidence from which on an item is recognised; a rewording that keeps one name of two has 0.3 or more."""
_CLEARLY_NEW: Final = 0.15
"""Evidence below which an item with names of its own is another item; unrelated items stay below 0.13."""
_MARGIN: Final = 0.1


@dataclass(frozen=True, slots=True)
class Match:
    """An item as read and the entry it is taken for (None: a new item); ``doubt`` says in Dutch what is not certain."""

    item: ParsedItem
    known: KnownItem | None
    doubt: str | None = None


def match_items(
    items: Sequence[ParsedItem], known: Sequence[KnownItem], previous: Mapping[str, str]
) -> tuple[Match, ...]:
    """Match the items of a factsheet, section by section, in the order of ``items``.

    ``previous`` maps ids to the texts under which they were last published.
    """
    matches: dict[int, Match] = {}
    for section in ItemType:
        numbers = [number for number, item in enumerate(items) if item.type is section]
        entries = [entry for entry in known if entry.type is section]
        found = _Section([items[number] for number in numbers], entries, previous).matches()
        matches.update(zip(numbers, found, strict=True))
    return tuple(matches[number] for number in range(len(items)))


def _named(known: KnownItem) -> str:
    return f"'{known.title}' ({known.id})"


class _Section:
    """The items and entries of one section, their resemblances and the best assignment."""

    def __init__(self, items: Sequence[ParsedItem], known: Sequence[KnownItem], previous: Mapping[str, str]) -> None:
        self.items, self.known = items, known
        self.table = resemblances(items, known, previous)
        self.chosen = best_assignment(
            [[cell.score if cell.evidence >= _SURE else 0.0 for cell in row] for row in self.table]
        )
        self.open = [column for column in range(len(known)) if column not in self.chosen]
        self.weak: set[int] = set()

    def matches(self) -> list[Match]:
        """One match per item, in order."""
        self._propose_open()
        return [self._match(row, column) for row, column in enumerate(self.chosen)]

    def _propose_open(self) -> None:
        """Propose one of the entries left over for an item that is neither recognised nor clearly new."""
        rows = [row for row, column in enumerate(self.chosen) if column is None and not self._clearly_new(row)]
        proposals = best_assignment([[self.table[row][column].score for column in self.open] for row in rows])
        for row, proposal in zip(rows, proposals, strict=True):
            if proposal is not None:
                self.chosen[row] = self.open[proposal]
                self.weak.add(row)
        self.open = [column for column in self.open if column not in self.chosen]

    def _clearly_new(self, row: int) -> bool:
        evidence = max((self.table[row][column].evidence for column in self.open), default=0.0)
        return evidence < _CLEARLY_NEW and bool(names_in(self.items[row]))

    def _match(self, row: int, column: int | None) -> Match:
        item = self.items[row]
        if column is None:
            return Match(item, None)
        known = self.known[column]
        if row in self.weak:
            return Match(item, known, f"lijkt maar weinig op {_named(known)}, dat nog over is")
        return Match(item, known, next(self._rivals(row, column), None))

    def _rivals(self, row: int, column: int) -> Iterator[str]:
        """The other readings that are nearly as good as this pair."""
        score = self.table[row][column].score
        known = self.known[column]
        for other in self.open:
            if self._cell(row, other).score > score - _MARGIN:
                yield f"lijkt op {_named(known)}, maar ook op {_named(self.known[other])}"
        for other, taken in enumerate(self.chosen):
            if other == row:
                continue
            if taken is None and self._cell(other, column).score > score - _MARGIN:
                yield f"lijkt op {_named(known)}, maar het item op regel {self.items[other].line} lijkt daar ook op"
            elif taken is not None and self._swap_costs(row, column, other, taken) < _MARGIN:
                yield f"lijkt op {_named(known)}, maar ook op {_named(self.known[taken])}"

    def _swap_costs(self, row: int, column: int, other: int, taken: int) -> float:
        if self._cell(row, taken).evidence < _SURE or self._cell(other, column).evidence < _SURE:
            return 1.0
        now = self._cell(row, column).score + self._cell(other, taken).score
        return now - self._cell(row, taken).score - self._cell(other, column).score

    def _cell(self, row: int, column: int) -> Resemblance:
        return self.table[row][column]
