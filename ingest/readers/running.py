"""Leaves out what is repeated at the top and bottom of pages: running headers and footers, page numbers."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from ingest.readers.content import PageContent
from ingest.readers.lines import Line

_OUTER: Final = 3
"""How many lines at the top and at the bottom of a page may be a header or footer."""
_MARGIN: Final = 0.15
"""These stand in this part of the page at the top, or at the bottom."""
_EDGE: Final = 0.08
_NUMBER: Final = re.compile(
    r"\W*(?:(?:pagina|page|p\.?|blz\.?|bladzijde)\s*)?\d{1,4}(?:\s*(?:van|of|/|-)\s*\d{1,4})?\W*", re.IGNORECASE
)


def without_running(pages: Sequence[tuple[PageContent, list[Line]]]) -> list[Line]:
    """All lines in order, save those that come back on half of the pages at the same height, and page numbers."""
    outer = [_outer(content, lines) for content, lines in pages]
    seen = Counter(key for lines in outer for key in {_key(line) for line in lines})
    often = max(2, (len(pages) + 1) // 2)
    body = _body_size(pages)
    kept: list[Line] = []
    for (content, lines), edge in zip(pages, outer, strict=True):
        dropped = {
            id(line)
            for line in edge
            if seen[_key(line)] >= often or (_stands_off(line, lines) and _is_furniture(line, content.height, body))
        }
        kept += [line for line in lines if id(line) not in dropped]
    return kept


def _body_size(pages: Sequence[tuple[PageContent, list[Line]]]) -> float:
    letters: Counter[float] = Counter()
    for _, lines in pages:
        for line in lines:
            letters[line.size] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _stands_off(line: Line, lines: Sequence[Line]) -> bool:
    """Whether there is white space above and below a line."""
    return all(abs(other.y - line.y) > 1.6 * line.size for other in lines if other is not line)


def _is_furniture(line: Line, height: float, body: float) -> bool:
    """Whether a line is a page number, or small print in the outermost margin."""
    outermost = not _EDGE * height <= line.y <= (1 - _EDGE) * height
    return bool(_NUMBER.fullmatch(line.text)) or (outermost and line.size < 0.85 * body)


def _outer(content: PageContent, lines: Sequence[Line]) -> list[Line]:
    """The lines in the top and bottom margin of a page."""
    ordered = sorted(lines, key=lambda line: -line.y)
    top = [line for line in ordered[:_OUTER] if line.y > (1 - _MARGIN) * content.height]
    return top + [line for line in ordered[-_OUTER:] if line.y < _MARGIN * content.height]


def _key(line: Line) -> tuple[str, int]:
    """What makes two headers the same: their words, whatever the numbers, and their height."""
    return re.sub(r"\d+", "#", " ".join(line.text.split())), round(line.y / 6)
