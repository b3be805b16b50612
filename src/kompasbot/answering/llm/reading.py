"""Cuts the model's text into sentences while it streams; each comes out as soon as it is certain where it ends."""

import re
from copy import copy
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from kompasbot.dutch import sentences

_MARK: Final = r"\[\s*(?:bron(?:nen)?\s*)?\d+(?:\s*(?:[,;&]|en)\s*\d+)*\s*\]"
_MARKS: Final = re.compile(_MARK, re.IGNORECASE)
_LEADING: Final = re.compile(rf"^((?:\s*{_MARK})+[.,;]?)\s*", re.IGNORECASE)
_HALF_MARK: Final = re.compile(r"^\[[^\]]{0,24}$")
_GLUED: Final = re.compile(r"(?<=[.!?…])(?=\[)|(?<=\])(?=\w)")
_ENTRY: Final = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_MAYBE_ENTRY: Final = re.compile(r"^\s*(?:[-*•–]+|\d{1,2}[.)]?)?\s*$")
_ENDED: Final = re.compile(
    rf"(?:[.!?…][\"'”’)*_]*\s*(?:{_MARK}\s*)+|{_MARK}[\"'”’)*_]*\s*[.!?…]+[\"'”’)*_]*\s*)$", re.IGNORECASE
)
_STATUS: Final = re.compile(
    r"^[\W_]*status[\W_]+([a-zA-Z]+)(?![a-zA-Z])(?=.)[^\S\n]*[*_.:;-]*[^\S\n]*\n*", re.IGNORECASE | re.DOTALL
)
_LONGEST_OPENING: Final = 60
PAIR: Final = "||"
"""Stands between an English sentence and the Dutch one that it translates."""
_MARKUP: Final = re.compile(r"\*\*|__|`+|^#{1,6}\s+|^>\s+", re.MULTILINE)
_LONGEST: Final = 2000
_MOST_DIGITS: Final = 9
"""Of a number in a marker: no prompt has so many sources, and Python refuses to read thousands of digits."""


class Stated(StrEnum):
    """How the model says that it answers; the values are its own words in the prompt."""

    ANSWERED = "beantwoord"
    PARTLY = "deels"
    NOT = "niet"
    ASKS = "terugvraag"


@dataclass(slots=True)
class Opening:
    """The first line of the model's text, where it states how it answers; a model may leave it out."""

    stated: Stated | None = None
    _buffer: str | None = ""

    def feed(self, text: str) -> str:
        """Add a piece; gives what comes after the status, as soon as it is certain where that is."""
        if self._buffer is None:
            return text
        self._buffer += text
        match = _STATUS.match(self._buffer)
        if match:
            self.stated = next((known for prefix, known in _STATED if match[1].lower().startswith(prefix)), None)
            return self._rest(match.end())
        letters = re.sub(r"[\W_]+", "", self._buffer).lower()[: len("status")]
        if len(self._buffer) <= _LONGEST_OPENING and "status".startswith(letters):
            return ""
        return self._rest(0)

    def _rest(self, start: int) -> str:
        assert self._buffer is not None
        rest, self._buffer = self._buffer[start:], None
        return rest

    def end(self) -> str:
        """What was held back when the text ended."""
        if not self._buffer:
            return ""
        rest = self.feed("\n")
        return rest if self._buffer is None else self._rest(0)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence of the model without markup and markers, the source numbers that it cites, and whether it is a list
    entry. ``row`` counts the lines of the model's text. ``dutch`` is the sentence that an English one translates.
    """

    text: str
    numbers: tuple[int, ...]
    entry: bool
    row: int
    dutch: str = ""


def split_pair(written: Written) -> Written | None:
    """A sentence that holds its Dutch one too, as a pair; None when it does not."""
    english, mark, dutch = (piece.strip() for piece in written.text.partition(PAIR))
    return replace(written, text=english, dutch=dutch) if mark and english and dutch else None


def paired(first: Written, second: Written) -> Written | None:
    """An English sentence with the Dutch one behind it (``|| …``) as one, or None when they are no pair."""
    if not second.text.startswith(PAIR):
        return None
    dutch = second.text.removeprefix(PAIR).strip()
    return replace(first, numbers=(*first.numbers, *second.numbers), dutch=dutch) if dutch else None


_STATED: Final = (
    ("beantw", Stated.ANSWERED),
    ("answered", Stated.ANSWERED),
    ("volledig", Stated.ANSWERED),
    ("deels", Stated.PARTLY),
    ("gedeelt", Stated.PARTLY),
    ("part", Stated.PARTLY),
    ("niet", Stated.NOT),
    ("not", Stated.NOT),
    ("refus", Stated.NOT),
    ("geweiger", Stated.NOT),
    ("terugvr", Stated.ASKS),
    ("clarif", Stated.ASKS),
)
"""The beginnings of the words by which models state it."""


@dataclass(slots=True)
class Reader:
    """Takes the model's text piece by piece."""

    _row: int = 0
    _buffer: str = ""
    _entry: bool | None = None
    _told: bool = False

    @property
    def ripe(self) -> bool:
        """Whether what is held back looks complete: only another marker could still follow."""
        return bool(self._buffer) and bool(_ENDED.search(self._buffer))

    def feed(self, text: str) -> list[Written]:
        """Add a piece; gives the sentences that are now complete."""
        *rows, last = (self._buffer + text).split("\n")
        found: list[Written] = []
        for row in rows:
            self._buffer = row
            found += self._cut(whole=True)
            self._entry, self._told, self._row = None, False, self._row + 1
        self._buffer = last
        found += self._cut(whole=False)
        if len(self._buffer) > _LONGEST:
            self._buffer = ""
        return found

    def peek(self) -> list[Written]:
        """What :meth:`take` would give."""
        return copy(self).take()

    def take(self) -> list[Written]:
        """What is held back, taken as complete."""
        return self._cut(whole=True)

    def _cut(self, whole: bool) -> list[Written]:
        """The complete sentences of the buffer, which keeps the rest."""
        if not self._begun(whole):
            return []
        parts = _parts(self._buffer, late=self._told)
        if not whole and parts:
            # The last one may go on; a marker that is half there belongs to the one before.
            pending = parts[-2:] if _HALF_MARK.match(parts[-1]) else parts[-1:]
            parts = parts[: -len(pending)]
            trailing = self._buffer[len(self._buffer.rstrip()) :]
            self._buffer = " ".join(pending) + trailing
        elif whole:
            self._buffer = ""
        self._told = self._told or bool(parts)
        return [one for one in (self._written(part) for part in parts) if one]

    def _begun(self, whole: bool) -> bool:
        """Whether it is certain if the line is a list entry; its mark is taken off."""
        if self._entry is None:
            if not whole and _MAYBE_ENTRY.match(self._buffer):
                return False
            mark = _ENTRY.match(self._buffer)
            self._entry = bool(mark)
            self._buffer = self._buffer[mark.end() :] if mark else self._buffer
        return True

    def _written(self, part: str) -> Written | None:
        cited = [number for mark in _MARKS.findall(part) for number in re.findall(r"\d+", mark)]
        numbers = tuple(dict.fromkeys(int(number) for number in cited if len(number) <= _MOST_DIGITS))
        text = " ".join(_MARKUP.sub("", _MARKS.sub("", part)).split())
        text = re.sub(r"\s+([.,;:!?])", r"\1", text).strip()
        if not re.search(r"\w", text):
            return None
        return Written(text, numbers, bool(self._entry), self._row)


def _parts(text: str, late: bool) -> list[str]:
    """The sentences of a line, each with the markers that follow it; ``late`` drops markers of one already told."""
    found: list[str] = []
    for part in sentences(_GLUED.sub(" ", text)):
        marks = _LEADING.match(part)
        if marks and (found or late):
            if found:
                found[-1] += f" {marks[1].strip()}"
            rest = part[marks.end() :]
        else:
            rest = part
        if rest:
            found.append(rest)
    return found
