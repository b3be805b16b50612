"""Bullets that were typed: a sign at the start of a line, as people and programs write it."""

import re
from collections.abc import Iterator
from typing import Final

from ingest.files import clean
from ingest.sections import BULLET_SIGNS, stands_alone

SIGN: Final = re.compile(rf"(?:[{BULLET_SIGNS}]\s*|[-–*]\s+|o\s+(?=[A-ZÀ-Þ]))(?=\S)")
"""A bullet that was typed: a sign with a tab or spaces behind it."""
OUTERMOST: Final = "•●·\uf0b7"
"""The signs that Word itself begins with; others stand a level deeper."""


def lines_of(text: str) -> Iterator[str]:
    """The text of a paragraph with line breaks, cut where a blank line, a typed bullet or a line that stands alone says
    that another paragraph begins."""
    lines: list[str] = []
    for line in (" ".join(clean(part).split()) for part in text.split("\n")):
        begins = not line or stands_alone(line) or bool(SIGN.match(line))
        if lines and (begins or stands_alone(lines[-1])):
            yield " ".join(lines)
            lines = []
        if line:
            lines.append(line)
    if lines:
        yield " ".join(lines)
