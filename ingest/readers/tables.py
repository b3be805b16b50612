"""Tables with lines around their cells: which runs of text stand in the same row, cell by cell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ingest.readers.content import PageContent, Rect, Run

_NEAR: Final = 4.0
"""Lines that are no further apart than this (in points) are the same, or touch."""
_MOST: Final = 400
"""A page with more lines than this, after pieces are joined, holds a drawing."""
_LONGEST_CELL: Final = 300
"""A cell with more characters is no cell but a part of a page with a frame around it."""


@dataclass(frozen=True, slots=True)
class Table:
    """The runs of a table: by row, by cell; a cell may be empty."""

    rows: tuple[tuple[tuple[Run, ...], ...], ...]


def tables_of(content: PageContent) -> list[Table]:
    """The tables of a page that have two columns at least, short cells, and no links: a link belongs to its line."""
    across = list(_joined([(rule.bottom, rule.left, rule.right) for rule in content.rules if _is_flat(rule)]))
    upright = list(_joined([(rule.left, rule.bottom, rule.top) for rule in content.rules if not _is_flat(rule)]))
    if not (across and upright) or len(across) + len(upright) > _MOST:
        return []
    grids = (_grid(part) for part in _touching(across, upright))
    found = (_table(content, heights, places) for heights, places in grids if len(heights) > 1 and len(places) > 2)
    return [table for table in found if table]


def _is_flat(rule: Rect) -> bool:
    return rule.right - rule.left > rule.top - rule.bottom


Rule = tuple[float, float, float]
"""The height of a flat line or the place of an upright one, and from where to where it goes."""


def _joined(pieces: Sequence[Rule]) -> Iterator[Rule]:
    """Lines whose pieces are joined; programs draw one for each cell."""
    last: Rule | None = None
    for place, begin, end in sorted((round(place), begin, end) for place, begin, end in pieces):
        if last and last[0] == place and begin <= last[2] + _NEAR:
            last = (last[0], last[1], max(last[2], end))
            continue
        if last:
            yield last
        last = (place, begin, end)
    if last:
        yield last


def _touching(across: Sequence[Rule], upright: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """The lines that touch one another, directly or by others, apart from those that do not."""
    left = set(range(len(upright)))
    rest = set(range(len(across)))
    while rest:
        flat, standing, todo = {rest.pop()}, set[int](), True
        while todo:
            more = {at for at in left if any(_cross(across[one], upright[at]) for one in flat)}
            left -= more
            standing |= more
            others = {at for at in rest if any(_cross(across[at], upright[one]) for one in more)}
            rest -= others
            flat |= others
            todo = bool(others)
        yield [across[at] for at in flat], [upright[at] for at in standing]


def _cross(flat: Rule, standing: Rule) -> bool:
    return flat[1] - _NEAR <= standing[0] <= flat[2] + _NEAR and standing[1] - _NEAR <= flat[0] <= standing[2] + _NEAR


def _grid(lines: tuple[list[Rule], list[Rule]]) -> tuple[list[float], list[float]]:
    """Where rows and columns are parted, from below and from the left."""
    flat, standing = ([place for place, _, _ in one] for one in lines)
    return _apart(flat), _apart(standing)


def _apart(places: Sequence[float]) -> list[float]:
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > _NEAR:
            kept.append(place)
    return kept


def _table(content: PageContent, heights: Sequence[float], places: Sequence[float]) -> Table | None:
    box = Rect(places[0], heights[0], places[-1], heights[-1])
    if any(box.holds(link.rect.left, link.rect.bottom) for link in content.links):
        return None
    cells: list[list[list[Run]]] = [[[] for _ in places[1:]] for _ in heights[1:]]
    for run in content.runs:
        middle, y = (run.left + min(run.right, run.left + run.size)) / 2, run.y + 0.3 * run.size
        row = next((at for at, (low, high) in enumerate(pairwise(heights)) if low <= y < high), None)
        column = next((at for at, (low, high) in enumerate(pairwise(places)) if low - 1 <= middle < high), None)
        if row is not None and column is not None:
            cells[row][column].append(run)
    rows = [row for row in reversed(cells) if any(row)]
    filled = sum(sum(map(bool, row)) > 1 for row in rows)
    if not filled or 2 * filled < len(rows) or any(_length(cell) > _LONGEST_CELL for row in rows for cell in row):
        return None
    return Table(tuple(tuple(tuple(cell) for cell in row) for row in rows))


def _length(cell: Sequence[Run]) -> int:
    return sum(len(run.text) for run in cell)
