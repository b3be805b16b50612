"""Leaves out what is repeated at the top and bottom of pages: running headers and footers, page numbers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ingest.readers.lines import Line

_OUTER: Final = 3
"""How many lines at the top and at the bottom of a page may be a header or footer."""
_MARGIN: Final = 0.15
"""These stand in this part of the page at the top, or at the bottom."""
_EDGE: Final = 0.07
"""This close to the edge of the page there is no text of a page, as a rule."""
_RIM: Final = 0.05
"""This close there is none at all: small print is a header or footer there, even once."""
_SMALL_PRINT: Final = 0.85
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
    outer = [list(_outer(page)) for page in pages]
    exact = Counter(key for lines in outer for key in {(line.text, place) for line, place in lines})
    alike = Counter(key for lines in outer for key in {(_levelled(line), place) for line, place in lines})
    half = max(2, (number + 1) // 2)
    sorted_ = Sorted()
    met: set[str] = set()
    for page, edge in zip(pages, outer, strict=True):
        gone: dict[int, bool] = {}
        for line, place in edge:
            small = line.artifact or line.size < _SMALLER * body or _is_outermost(line, page.height)
            often = min(half, 2 if line.artifact else 3) if small else half
            large = line.size > _LARGER * body
            stands_off = _stands_off(line, page.lines)
            if exact[line.text, place] >= often:
                if not large or line.text in met:
                    gone[id(line)] = False
                met.add(line.text)
            elif not large and (
                (stands_off and _NUMBER.fullmatch(line.text))
                or (not line.bold and (small or _PAGE.search(line.text)) and alike[_levelled(line), place] >= often)
            ):
                gone[id(line)] = False
            elif stands_off and line.size < _SMALL_PRINT * body and _is_outermost(line, page.height, _RIM):
                gone[id(line)] = True
        for line in page.lines:
            (sorted_.running if id(line) in gone else sorted_.text).append(line)
            if gone.get(id(line)):
                sorted_.alone.append(line)
    return sorted_


def body_size(lines: Sequence[Line]) -> float:
    """The size that most letters have; 0 without any."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size, 1)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _stands_off(line: Line, lines: Sequence[Line]) -> bool:
    """Whether there is white space above and below a line."""
    return all(abs(other.y - line.y) > 1.6 * line.size for other in lines if other is not line)


def _is_outermost(line: Line, height: float, edge: float = _EDGE) -> bool:
    return not edge * height <= line.y <= (1 - edge) * height


def _outer(page: PageLines) -> Iterator[tuple[Line, int]]:
    """The lines in the top and bottom margin of a page, each with about how far it stands from that edge."""
    ordered = sorted(page.lines, key=lambda line: -line.y)
    top = [line for line in ordered[:_OUTER] if line.y > (1 - _MARGIN) * page.height]
    for line in top:
        yield line, round((page.height - line.y) / 6)
    for line in ordered[len(top) :][-_OUTER:]:
        if line.y < _MARGIN * page.height:
            yield line, -1 - round(line.y / 6)


def _levelled(line: Line) -> str:
    """The words of a line, whatever the numbers."""
    return re.sub(r"\d+", "#", line.text)
