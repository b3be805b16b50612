"""Runs of text to lines, in reading order: words joined, bullets recognised, columns followed."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Final

from ingest.readers.content import PageContent, Rect, Run
from ingest.readers.drawing import UNKNOWN
from ingest.readers.tables import tables_of
from ingest.sections import BULLET_SIGNS

_SPACE: Final = 0.15
"""From this gap on (in parts of the text's size) there is a space between two runs."""
_WIDE: Final = 1.0
"""A gap from here on may part two columns or cells: it does when others stand above or below it."""
_WIDEST: Final = 12.0
"""A gap from here on always does."""
_ALIKE: Final = 4
_MOST_RUNS: Final = 5_000
_FEWEST_LETTERS: Final = 3
_FEWEST: Final = 3
"""Lines from which on it shows how wide a column is."""
_PART: Final = 0.6
"""Below this part of the width a region may be a column."""
_RAISED: Final = 0.8
"""Text up to this part of the size of its line, and above its foot, is a number of a note or a power."""
_SIGN: Final = re.compile(rf"[{BULLET_SIGNS}]$|o$")
_MARKER: Final = re.compile(rf"[{BULLET_SIGNS}]|o|\d{{1,2}}[.)]|[a-z][.)]")
_WRITTEN: Final = re.compile(rf"^(?:[{BULLET_SIGNS}]\s*)(?=\S)")

_SPACED: Final = re.compile(r"(?<!\S)(?:\w {1,4}){3,}\w(?!\S)")
"""Letters that each stand apart."""
_COMBINING: Final = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327"
_ACCENTS: Final = dict(zip("`´ˆ˜¯˘˙¨˚˝ˇ¸", _COMBINING, strict=True))
"""Accents that stand by themselves, as those that belong to the letter before them."""
_DOTLESS: Final = str.maketrans("ıȷ", "ij")


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
    turn: int = 0
    """By how many degrees it is turned on its page."""
    artifact: bool = True
    single: bool = False
    """Whether it is a block of its own: what somebody filled in, with the words before it, or a row of a table."""
    raised: set[int] = field(default_factory=set)
    """Which characters stand higher and are smaller than the others."""
    note: int | None = None
    """The number of the footnote that it is a part of, counted from 0 on each page."""

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
        if not self.text.strip():
            self.y, self.size = run.y, run.size
        elif self.size < _RAISED * run.size and self.y > run.y:
            self.raised |= set(range(len(self.text)))
            self.y = run.y
        if self.text and self.text[-1].isspace():
            text = text.lstrip()
            places = places[len(places) - len(text) :]
        elif self.text and not text[0].isspace() and run.left - self.right > _SPACE * self.size:
            text = " " + text
            places.insert(0, (self.right, run.left))
        if run.part != self.part:
            self.seams |= {len(self.text), len(self.text) + len(text) - len(text.lstrip())}
            self.part = run.part
        if run.size < _RAISED * self.size and run.y > self.y + 0.1 * self.size:
            self.raised |= set(range(len(self.text), len(self.text) + len(text)))
        self.text += text
        self.places += places
        self.bold = self.bold and run.bold
        self.artifact = self.artifact and run.artifact
        self.single = self.single or run.typed
        self.size = max(self.size, run.size)

    def cut(self, number: int) -> None:
        """Leave out the first ``number`` characters."""
        self.drop(0, number)

    def drop(self, begin: int, end: int) -> None:
        """Leave out the characters from one place to another."""
        self.text, self.places = self.text[:begin] + self.text[end:], self.places[:begin] + self.places[end:]
        gone = end - begin
        for name in ("seams", "raised"):
            before = getattr(self, name)
            setattr(self, name, {at if at < begin else at - gone for at in before if not begin <= at < end})


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
    lines = [_finished(_mended(line), content.marks) for line in _joined(content)]
    return _by_columns([line for line in lines if line.text])


def _with_signs(runs: Sequence[Run]) -> list[Run]:
    """The runs with each bullet or number of a list before its text; some programs draw those all at the end."""
    rows: dict[int, list[Run]] = {}
    for run in runs:
        rows.setdefault(round(run.y), []).append(run)
    moved: dict[int, Run] = {}
    for before, sign, after in zip((None, *runs), runs, (*runs[1:], None), strict=False):
        if not _MARKER.fullmatch(sign.text.strip()) or (after and _is_text_of(sign, after)):
            continue
        row = [one for at in (-1, 0, 1) for one in rows.get(round(sign.y) + at, ()) if one is not sign]
        texts = [one for one in row if _is_text_of(sign, one)]
        stuck = any(-1 < sign.left - one.right < 2 * sign.size for one in row) or (before and before.y == sign.y)
        if texts and not stuck:
            moved[id(min(texts, key=lambda one: one.left))] = sign
    gone = {id(sign) for sign in moved.values()}
    ordered: list[Run] = []
    for run in runs:
        if id(run) in moved:
            ordered.append(moved[id(run)])
        if id(run) not in gone:
            ordered.append(run)
    return ordered


def _is_text_of(sign: Run, run: Run) -> bool:
    return abs(run.y - sign.y) < 0.3 * run.size and -1 < run.left - sign.right < 3 * run.size


def _joined(content: PageContent) -> Iterator[Line]:
    tables = {id(run): table for table in tables_of(content) for row in table.rows for cell in row for run in cell}
    runs = _with_signs(content.runs)
    gutters = _Gutters.of([run for run in runs if id(run) not in tables])
    line: Line | None = None
    met: set[int] = set()
    for run in runs:
        table = tables.get(id(run))
        if table is None and line is not None and _follows(line, run, gutters):
            line.add(run)
            continue
        if line is not None:
            yield line
            line = None
        if table is None:
            line = Line(content.number, run.y, run.size, turn=content.turn)
            line.add(run)
        elif id(table) not in met:
            met.add(id(table))
            yield from (_row(row, content) for row in table.rows)
    if line is not None:
        yield line


def _row(cells: Sequence[Sequence[Run]], content: PageContent) -> Line:
    """A row of a table as a line, with a stroke between cells."""
    first = next(run for cell in cells for run in cell)
    line = Line(content.number, first.y, first.size, turn=content.turn, single=True)
    for cell in cells:
        for at, run in enumerate(sorted(cell, key=lambda one: (-round(one.y / 3), one.left))):
            if line.text and (at == 0 or run.left - line.right < -run.size):
                between = " | " if at == 0 else " "
                line.text += between
                line.places += [(line.right, line.right)] * len(between)
            line.add(replace(run, y=line.y))
    return line


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
    most = 0.5 if min(line.size, run.size) < _RAISED * size else 0.4
    if abs(run.y - line.y) > most * size or gap < -size:
        return False
    if run.typed or line.single:
        return True
    if _SIGN.match(line.text.strip()):
        return gap < 5 * size
    return gap <= _WIDE * size or (gap < _WIDEST * size and not gutters.part((run.left + line.right) / 2))


def _mended(line: Line) -> Line:
    """The line with each accent on its letter, with spaced letters as words, without codes that are no letter."""
    for at in range(len(line.text) - 1, -1, -1):
        if line.text[at] == UNKNOWN:
            line.drop(at, at + 1)
        elif line.text[at] in _ACCENTS or unicodedata.combining(line.text[at]):
            _put_on_letter(line, at)
    for match in reversed(list(_SPACED.finditer(line.text))):
        _close_up(line, match.start(), match.end())
    return line


def _put_on_letter(line: Line, at: int) -> None:
    """Put an accent on the letter that it is printed over, when there is one."""
    accent = _ACCENTS.get(line.text[at], line.text[at])
    middle = sum(line.places[at]) / 2
    for near in (at + 1, at - 1, at + 2, at - 2):
        if not (0 <= near < len(line.text) and line.places[near][0] <= middle <= line.places[near][1]):
            continue
        letter = unicodedata.normalize("NFC", line.text[near].translate(_DOTLESS) + accent)
        if line.text[near].isalpha() and len(letter) == 1:
            line.text = line.text[:near] + letter + line.text[near + 1 :]
            line.drop(at, at + 1)
            _close_gap(line, min(at, near))
            return


def _close_gap(line: Line, at: int) -> None:
    """Take out a space near a place that was there only because an accent stood between two letters."""
    for gap in (at, at - 1):
        if 0 < gap < len(line.text) - 1 and line.text[gap].isspace():
            if line.places[gap + 1][0] - line.places[gap - 1][1] < _SPACE * line.size:
                line.drop(gap, gap + 1)
            return


def _close_up(line: Line, begin: int, end: int) -> None:
    """Take the spaces out of a word whose letters stand apart; a wider gap than usual parts two words."""
    letters = [at for at in range(begin, end) if not line.text[at].isspace()]
    word = [line.text[at] for at in letters if line.text[at].isalpha()]
    if len(word) < _FEWEST_LETTERS or word == sorted(word):  # figures, or the heads of columns: A B C D
        return
    gaps = [line.places[after][0] - line.places[before][1] for before, after in pairwise(letters)]
    usual = median(gaps)
    for (before, after), gap in reversed(list(zip(pairwise(letters), gaps, strict=True))):
        apart = gap > 1.5 * usual + 0.1 * line.size
        line.drop(before + 1 + apart, after)


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
        if last is None or (last.page, last.turn) != (line.page, line.turn) or line.y > last.y + 0.5 * line.size:
            regions.append([])
        regions[-1].append(line)
    return regions
