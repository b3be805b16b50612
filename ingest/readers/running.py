"""Leaves out what is repeated at the top and bottom of pages: running headers and footers, page numbers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ingest.readers.lines import Line
from ingest.sections import is_usual_heading

_OUTER: Final = 3
"""How many lines at the top and at the bottom of a page may be a header or footer."""
_MARGIN: Final = 0.15
"""These stand in this part of the page at the top, or at the bottom."""
_EDGE: Final = 0.07
"""This close to the edge of the page there is no text of a page, as a rule."""
_RIM: Final = 0.05
"""This close there is none at all: small print is a header or footer there, even once."""
_SMALL_PRINT: Final = 0.85
_LONGEST: Final = 80
_LARGER: Final = 1.12
_SMALLER: Final = 0.95
_NUMBER: Final = re.compile(
    r"\W*(?:(?:pagina|page|p\.?|blz\.?|bladzijde)\s*)?(?:\d{1,3}|[ivxl]{1,6})(?:\s*(?:van|of|/|-)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_PAGE: Final = re.compile(r"\b(?:pagina|page|blz|bladzijde)\b|\b\d+\s*(?:van|of|/)\s*\d+\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of one direction on a page, whose height is in points."""

    height: float
    lines: Sequence[Line]


@dataclass(slots=True)
class Sorted:
    """The lines of a document in order, and apart from them headers, footers and page numbers.

    ``alone`` are those among the latter that are taken for one although they stand on one page only.
    """

    text: list[Line] = field(default_factory=list)
    running: list[Line] = field(default_factory=list)
    alone: list[Line] = field(default_factory=list)


def without_running(pages: Sequence[PageLines], number: int) -> Sorted:
    """Take headers, footers and page numbers out of the lines of these ``number`` pages.

    What stands at the same height on half of the pages is one of those, and so is small print there from the third
    time on. Numbers may differ then, but not in a heading: 'Stap 1' and 'Stap 2' are no header. Of a repeated line in
    the size of a heading the first is kept, for that may be the title.
    """
    body = body_size([line for page in pages for line in page.lines])
    edges = [_edges(page) for page in pages]
    both = [[*above, *below] for above, below in edges]
    exact = Counter(key for lines in both for key in {(line.text, place) for line, place in lines})
    alike = Counter(key for lines in both for key in {(_levelled(line), place) for line, place in lines})
    half = max(2, (number + 1) // 2)

    def is_running(line: Line, place: int, page: PageLines) -> bool:
        small = _is_small(line, page, body)
        large = line.size > _LARGER * body
        often = min(half, 2 if line.artifact else 3) if small and not large else half
        if exact[line.text, place] >= often:
            return True
        if large:
            return False
        if _NUMBER.fullmatch(line.text) and _stands_off(line, page.lines):
            return True
        is_part = line.size >= _SMALLER * body and not line.artifact and is_usual_heading(line.text)
        numbered = bool(_PAGE.search(line.text)) or (small and not is_part)
        return numbered and not line.bold and alike[_levelled(line), place] >= often

    sorted_ = Sorted()
    met: set[str] = set()
    for page, sides in zip(pages, edges, strict=True):
        gone = {
            id(line)
            for side in sides
            for line in _outermost([one for one in side if is_running(*one, page)], page, body)
        }
        for line in page.lines:
            alone = _is_alone(line, page, body) and id(line) not in gone
            first = line.size > _LARGER * body and line.text not in met
            if id(line) in gone:
                met.add(line.text)
            if alone:
                sorted_.alone.append(line)
            (sorted_.running if alone or (id(line) in gone and not first) else sorted_.text).append(line)
    return sorted_


def _outermost(running: Sequence[tuple[Line, int]], page: PageLines, body: float) -> Iterator[Line]:
    """Of lines that are repeated at one side of a page those with white space between them and the text.

    A text may begin with the same words on two pages; small print is no text.
    """
    lines = {id(line) for line, _ in running}
    others = [line for line in page.lines if id(line) not in lines]
    for line, _ in running:
        if _is_small(line, page, body) or (len(line.text) <= _LONGEST and _stands_off(line, others)):
            yield line


def _is_small(line: Line, page: PageLines, body: float) -> bool:
    return line.artifact or line.size < _SMALLER * body or _is_in_edge(line, page, _EDGE)


def _is_alone(line: Line, page: PageLines, body: float) -> bool:
    """Whether a line is small print where no text stands: a header or footer then, though it is there only once."""
    return line.size < _SMALL_PRINT * body and _is_in_edge(line, page, _RIM) and _stands_off(line, page.lines)


def _is_in_edge(line: Line, page: PageLines, edge: float) -> bool:
    return not edge * page.height <= line.y <= (1 - edge) * page.height


def body_size(lines: Sequence[Line]) -> float:
    """The size that most letters have; 0 without any."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size, 1)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _stands_off(line: Line, lines: Sequence[Line]) -> bool:
    """Whether there is white space above and below a line."""
    return all(abs(other.y - line.y) > 1.6 * line.size for other in lines if other is not line)


def _edges(page: PageLines) -> tuple[list[tuple[Line, int]], list[tuple[Line, int]]]:
    """The lines in the top and in the bottom margin of a page, each with about how far it stands from that edge."""
    ordered = sorted(page.lines, key=lambda line: -line.y)
    above = [line for line in ordered[:_OUTER] if line.y > (1 - _MARGIN) * page.height]
    below = [line for line in ordered[len(above) :][-_OUTER:] if line.y < _MARGIN * page.height]
    return [(line, round((page.height - line.y) / 6)) for line in above], [
        (line, -1 - round(line.y / 6)) for line in below
    ]


def _levelled(line: Line) -> str:
    """The words of a line, whatever the numbers."""
    return re.sub(r"\d+", "#", line.text)
