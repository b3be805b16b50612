"""Which sentences of a source fit a question: the extractive engine quotes these, word for word and in their order."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from kompasbot.answering.planted import planted
from kompasbot.dutch import sentences

Fit = Callable[[str], float]
"""How well a sentence fits the question, from 0 to 1."""

_LEANS: Final = re.compile(
    r"^(ook|daar\w*|hier\w*|dit|dat|deze|die|ze|zij|hij|het (helpt|gaat|is|biedt)|bovendien|zo|samen|alle ervaringen"
    r"|en|maar|dus)\b",
    re.IGNORECASE,
)
CLOSE: Final = 0.45
"""A sentence is quoted beside the best one from this share of its fit on."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or list entry of a source: ``start`` and ``end`` say where it stands in the text."""

    text: str
    start: int
    end: int
    entry: bool


def lines(text: str) -> tuple[Line, ...]:
    """The sentences and list entries of a text, in order, without what is no knowledge but a command to a machine."""
    found: list[Line] = []
    at = 0
    for row in text.splitlines(keepends=True):
        for sentence in sentences(row):
            start = text.index(sentence, at)
            at = start + len(sentence)
            if not planted(sentence):
                found.append(Line(sentence, start, at, row.lstrip().startswith(("- ", "* ", "• "))))
    return tuple(found)


def fitting(text: str, fit: Fit, most: int, close: float = CLOSE) -> tuple[Line, ...]:
    """The lines of a text that fit best: at most ``most`` sentences, and a list in full where it belongs to them.

    A sentence is taken along from the share ``close`` of the best one's fit on; where none stands out, these are the
    first ones. A sentence that leans on the one before ("Ook …") takes it along.
    """
    found = lines(text)
    prose = [line for line in found if not line.entry]
    entries = [line for line in found if line.entry]
    chosen = _best(prose, fit, most, close)
    lead = [line for line in prose if entries and line.end <= entries[0].start][-1:]
    if entries and (not chosen or set(lead) & set(chosen) or _belongs(entries, prose, chosen, fit, close)):
        chosen = sorted({*chosen, *lead, *entries}, key=lambda line: line.start)
    return tuple(chosen)


def _best(prose: Sequence[Line], fit: Fit, most: int, close: float) -> list[Line]:
    scores = [fit(line.text) for line in prose]
    best = max(scores, default=0.0)
    if best <= 0:
        return list(prose[:most])
    order = sorted(range(len(prose)), key=lambda at: -scores[at])[:most]
    wanted = {at for at in order if scores[at] >= close * best}
    wanted |= {at - 1 for at in wanted if at > 0 and _LEANS.match(prose[at].text)}
    return [prose[at] for at in sorted(wanted)]


def _belongs(entries: Sequence[Line], prose: Sequence[Line], chosen: Sequence[Line], fit: Fit, close: float) -> bool:
    """Whether a list is what the source has to say (as long as its prose), or an entry fits about as well."""
    best = max(fit(line.text) for line in chosen)
    fits = max(fit(line.text) for line in entries)
    return len(entries) > len(prose) or (fits > 0 and fits >= close * best)


def runs(chosen: Sequence[Line], text: str) -> list[list[Line]]:
    """Neighbouring lines together: each run is quoted as one piece of the text."""
    found: list[list[Line]] = []
    for line in chosen:
        between = text[found[-1][-1].end : line.start] if found else ""
        if found and not between.strip(" \n\t-*•"):
            found[-1].append(line)
        else:
            found.append([line])
    return found
