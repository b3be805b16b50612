"""Runs of text to lines, in reading order: words joined, bullets recognised, columns followed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Final

from ingest.readers.content import PageContent, Rect, Run
from ingest.sections import BULLET_SIGNS

_SPACE: Final = 0.15
"""From this gap on (in parts of the text's size) there is a space between two runs."""
_WIDE: Final = 1.0
"""A gap from here on may part two columns or cells: it does when others stand above or below it."""
_WIDEST: Final = 12.0
"""A gap from here on always does."""
_ALIKE: Final = 4
_MOST_RUNS: Final = 5_000
_FEWEST: Final = 3
"""Lines from which on it shows how wide a column is."""
_PART: Final = 0.6
"""Below this part of the width a region may be a column."""
_SIGN: Final = re.compile(rf"[{BULLET_SIGNS}]$|o$")
_WRITTEN: Final = re.compile(rf"^(?:[{BULLET_SIGNS}]\s*)(?=\S)")


@dataclass(slots=True)
class Line:
    """A line of text with the place of each of its characters; ``sign`` is where its bullet begins, if it has one."""

    page: int
    y: float
    size: float
    text: str = ""
    places: list[tuple[float, float]] = field(default_factory=list)
    bold: bool = True
    seams: set[int] = field(default_factory=set)
    """At which characters another text object begins, such as that of a link."""
    part: int = 0
    sign: float | None = None
    base: float = 0.0
    """Where the text of its column begins."""
    edge: float = 0.0
    """Where the text of its column ends."""

    @property
    def left(self) -> float:
        """Where the text begins, after a bullet."""
        return self.places[0][0]

    @property
    def right(self) -> float:
        """Where the text ends."""
        return self.places[-1][1]

    @property
    def start(self) -> float:
        """Where the line begins, with its bullet."""
        return self.left if self.sign is None else min(self.sign, self.left)

    def add(self, run: Run) -> None:
        """Add a run to the right, after a space where there is a gap."""
        text, places = run.text, list(_places(run))
        if self.text and self.text[-1].isspace():
            text = text.lstrip()
            places = places[len(places) - len(text) :]
        elif self.text and not text[0].isspace() and run.left - self.right > _SPACE * self.size:
            text = " " + text
            places.insert(0, (self.right, run.left))
        if run.part != self.part:
            self.seams |= {len(self.text), len(self.text) + len(text) - len(text.lstrip())}
            self.part = run.part
        self.text += text
        self.places += places
        self.bold = self.bold and run.bold
        self.size = max(self.size, run.size)

    def cut(self, number: int) -> None:
        """Leave out the first ``number`` characters."""
        self.text, self.places = self.text[number:], self.places[number:]
        self.seams = {seam - number for seam in self.seams if seam >= number}


def _places(run: Run) -> Iterator[tuple[float, float]]:
    """From where to where each character of a run stands."""
    total = sum(run.widths)
    at = run.left
    for width in run.widths:
        after = at + (run.right - run.left) * (width / total if total else 1 / len(run.widths))
        yield at, after
        at = after


def lines_of(content: PageContent) -> list[Line]:
    """The lines of a page in reading order."""
    lines = [_finished(line, content.marks) for line in _joined(content)]
    return _by_columns([line for line in lines if line.text])


def _joined(content: PageContent) -> Iterator[Line]:
    gutters = _Gutters.of(content.runs)
    line: Line | None = None
    for run in content.runs:
        if line is None or not _follows(line, run, gutters):
            if line is not None:
                yield line
            line = Line(content.number, run.y, run.size)
        line.add(run)
    if line is not None:
        yield line


@dataclass(frozen=True, slots=True)
class _Gutters:
    """Tells white space between columns from a wide gap in justified text: few lines cross it."""

    gaps: tuple[tuple[float, float, float], ...]
    runs: Sequence[Run]

    @classmethod
    def of(cls, runs: Sequence[Run]) -> "_Gutters":
        """The wide gaps of a page, each with its height; none on a page with more runs than people write."""
        found = (
            (one.right, other.left, one.y)
            for one, other in pairwise(runs)
            if abs(one.y - other.y) < 0.4 * one.size and other.left - one.right > _WIDE * one.size
        )
        return cls(tuple(found) if len(runs) < _MOST_RUNS else (), runs)

    def part(self, middle: float) -> bool:
        """Whether there is white space between columns or cells at this place."""
        heights = [y for left, right, y in self.gaps if left < middle < right]
        if len(heights) < _ALIKE:
            return False
        low, high = min(heights), max(heights)
        crossing = {round(run.y) for run in self.runs if low <= run.y <= high and run.left < middle < run.right}
        return len(crossing) <= len(heights) / 4


def _follows(line: Line, run: Run, gutters: _Gutters) -> bool:
    """Whether a run stands on the line, to the right of it and in its column; a bullet may stand far from its text."""
    size = max(line.size, run.size)
    gap = run.left - line.right
    if abs(run.y - line.y) > 0.4 * size or gap < -size:
        return False
    if _SIGN.match(line.text.strip()):
        return gap < 5 * size
    return gap <= _WIDE * size or (gap < _WIDEST * size and not gutters.part((run.left + line.right) / 2))


def _finished(line: Line, marks: Sequence[Rect]) -> Line:
    """The line without white space around it, its written bullet taken off, its drawn one noted."""
    line.cut(len(line.text) - len(line.text.lstrip()))
    line.text = line.text.rstrip()
    line.places = line.places[: len(line.text)]
    match = _WRITTEN.match(line.text) or re.match(r"o\s+(?=[A-ZÀ-Þ])", line.text)
    if match and (match[0][0] != "o" or line.places[match.end()][0] - line.places[0][1] > 0.6 * line.size):
        line.sign = line.left
        line.cut(match.end())
    elif line.text:
        line.sign = next((mark.left for mark in marks if _is_before(mark, line)), None)
    return line


def _is_before(mark: Rect, line: Line) -> bool:
    middle = (mark.bottom + mark.top) / 2
    near = -1 <= line.left - mark.right <= 3 * line.size
    return near and line.y - 0.2 * line.size <= middle <= line.y + 0.8 * line.size


def _by_columns(lines: list[Line]) -> list[Line]:
    """Read column by column where the file holds two columns row by row; else the order of the file is kept."""
    pairs = [
        (one, other)
        for one, other in pairwise(lines)
        if abs(one.y - other.y) < 0.3 * one.size and other.left > one.right + one.size
    ]
    if len(pairs) < 3 or 2 * len(pairs) < 0.6 * len(lines):
        return lines
    gutter = median(other.start for _, other in pairs) - 1
    if any(one.right > gutter for one, _ in pairs):
        return lines
    ordered: list[Line] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda one: (-round(one.y), one.start)):
        if line.start < gutter < line.right:
            ordered += [*_columns(band, gutter), line]
            band = []
        else:
            band.append(line)
    return ordered + _columns(band, gutter)


def _columns(band: Sequence[Line], gutter: float) -> list[Line]:
    left = [line for line in band if line.start < gutter]
    return left + [line for line in band if line.start >= gutter]


def with_margins(lines: Sequence[Line]) -> None:
    """Note on each line where its column begins and ends, from the lines of that column on all pages."""
    regions = _regions(lines)
    columns = _places_of_columns([region for region in regions if len(region) >= _FEWEST])
    members: dict[tuple[float, float] | None, list[Line]] = {}
    for region in regions:
        begin, end = _extent(region)
        inside = (one for one in reversed(columns) if one[0] <= begin + 1 and end <= one[1] + 1)
        own = next(inside, None) if len(region) >= _FEWEST or len(columns) > 1 else None
        members.setdefault(own, []).extend(region)
    for column in members.values():
        base, edge = _extent(column)
        for line in column:
            line.base, line.edge = base, edge


def _extent(lines: Sequence[Line]) -> tuple[float, float]:
    """Where the leftmost of these lines begins, and where the rightmost ends."""
    return min(line.start for line in lines), max(line.right for line in lines)


def _places_of_columns(regions: Sequence[Sequence[Line]]) -> list[tuple[float, float]]:
    """Where columns begin and end: regions that take part of the width, joined where they overlap.

    Where most of their lines end counts for that: a long word may reach into the next column.
    """
    extents = [(*_extent(region), median(line.right for line in region)) for region in regions]
    width = max((end for _, end, _ in extents), default=0.0) - min((begin for begin, _, _ in extents), default=0.0)
    columns: list[tuple[float, float]] = []
    usual = 0.0
    for begin, end, most in sorted(one for one in extents if one[1] - one[0] < _PART * width):
        if columns and begin < usual:
            columns[-1] = columns[-1][0], max(columns[-1][1], end)
            usual = max(usual, most)
        else:
            columns.append((begin, end))
            usual = most
    return columns


def _regions(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand under one another: a page, or one column of it."""
    regions: list[list[Line]] = []
    for line in lines:
        last = regions[-1][-1] if regions else None
        if last is None or last.page != line.page or line.y > last.y + 0.5 * line.size:
            regions.append([])
        regions[-1].append(line)
    return regions
