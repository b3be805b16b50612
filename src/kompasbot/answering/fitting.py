"""The sentences and list entries of a source, word for word: what may be quoted of it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kompasbot.answering.planted import planted
from kompasbot.dutch import sentences

Fit = Callable[[str], float]
"""How well a sentence fits the question, from 0 to 1."""

_LEANS: Final = re.compile(
    r"^(ook|daar\w*|hier\w*|dit|dat|deze|die|ze|zij|hij|het (helpt|gaat|is|biedt)|bovendien|zo|samen|alle ervaringen"
    r"|en|maar|dus)\b"
    r"|^[^,;:]*\b(daar|hier)(aan|bij|door|in|mee|na|om|onder|op|over|toe|uit|van|voor)?\b",
    re.IGNORECASE,
)
"""Begins with, or has in its first clause, a word that points back to the sentence before."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or list entry of a source: ``start`` and ``end`` say where it stands in the text."""

    text: str
    start: int
    end: int
    entry: bool


@lru_cache(maxsize=4096)
def lines(text: str, wary: bool = False) -> tuple[Line, ...]:
    """The sentences and list entries of a text, in order.

    A paragraph that holds a command to a machine is left out, and with it the next one when it announces that. In a
    text that nobody reviewed (``wary``), what only may be a command ends its paragraph.
    """
    found: list[Line] = []
    at, announced = 0, False
    for rows in _paragraphs(text):
        here: list[Line] = []
        for row in rows:
            for sentence in sentences(row):
                start = text.index(sentence, at)
                at = start + len(sentence)
                here.append(Line(sentence, start, at, row.lstrip().startswith(("- ", "* ", "• "))))
        kept = [] if announced else _kept(here, wary)
        announced = len(kept) < len(here) and here[-1].text.endswith(":")
        found += kept
    return tuple(found)


def _kept(paragraph: list[Line], wary: bool) -> list[Line]:
    if any(planted(line.text) for line in paragraph):
        return []
    first = next((at for at, line in enumerate(paragraph) if wary and planted(line.text, True)), len(paragraph))
    return paragraph[:first]


def _paragraphs(text: str) -> Iterator[list[str]]:
    """The rows of each paragraph."""
    rows: list[str] = []
    for row in (*text.splitlines(), ""):
        if row.strip():
            rows.append(row)
        elif rows:
            yield rows
            rows = []


def leans(sentence: str) -> bool:
    """Whether a sentence can't stand without the one before it."""
    return bool(_LEANS.match(sentence))


def runs(chosen: Sequence[Line], text: str) -> list[list[Line]]:
    """Neighbouring lines together: each run is quoted as one piece of the text."""
    found: list[list[Line]] = []
    for line in chosen:
        after = bool(found) and found[-1][-1].end <= line.start
        between = text[found[-1][-1].end : line.start] if after else ""
        if after and not between.strip(" \n\t-*•"):
            found[-1].append(line)
        else:
            found.append([line])
    return found
