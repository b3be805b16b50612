"""Footnotes: small print at the foot of a page, and the numbers in the text that lead to it."""

import re
from collections.abc import Sequence
from typing import Final

from ingest.readers.lines import Line

_SMALLER: Final = 0.93
_MARK: Final = re.compile(r"[\[(]?(\d{1,3}|\*{1,3}|[†‡a-z](?=[\s)\]]))[\])]?[.:]?\s*(?=\S)")
_AFTER_WORD: Final = re.compile(r"[^\W\d]{3,}[.,;:!?)\"'”’]*$")


def take_footnotes(lines: Sequence[Line], body: float) -> None:
    """Note on the lines of a page which footnote they belong to, and take the numbers of notes out of the text.

    A number in the text would make another word of the one before it, and leads nowhere once pages are one text. One
    whose note is not on the page is kept, as a word of its own.
    """
    first = len(lines)
    while first and lines[first - 1].size <= _SMALLER * body:
        first -= 1
    marks = [(at, match) for at in range(first, len(lines)) if (match := _MARK.match(lines[at].text))]
    referred = {mark for line in lines[:first] for _, _, mark in _references(line)}
    begins = {at: match for at, match in marks if match[1] in referred}
    note = -1
    for at in range(min(begins, default=len(lines)), len(lines)):
        line = lines[at]
        if at in begins:
            note += 1
            end = begins[at].end()
            if not line.text[end - 1].isspace():
                line.text = f"{line.text[:end]} {line.text[end:]}"
                line.places.insert(end, (line.places[end][0], line.places[end][0]))
        line.note = note
    notes = {match[1] for match in begins.values()}
    for line in lines[:first]:
        for begin, end, mark in reversed(_references(line)):
            if mark in notes and line.text[:begin].strip():
                line.drop(begin - (line.text[begin - 1].isspace() and line.text[end : end + 1].isspace()), end)
            elif _AFTER_WORD.search(line.text[:begin]):
                line.text = f"{line.text[:begin]} {line.text[begin:]}"
                line.places.insert(begin, (line.places[begin][0], line.places[begin][0]))


def _references(line: Line) -> list[tuple[int, int, str]]:
    """The raised numbers and signs of a line: from where, to where, and which."""
    found: list[tuple[int, int, str]] = []
    for match in re.finditer(r"\d{1,3}|\*{1,3}|[†‡]|(?<![a-z])[a-z](?![a-z])", line.text):
        if set(range(match.start(), match.end())) <= line.raised:
            found.append((match.start(), match.end(), match[0]))
    return found
