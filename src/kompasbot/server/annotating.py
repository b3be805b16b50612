"""Sources as ``url_citation`` annotations: where in the text each marker ``[n]`` stands, and what it refers to."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import quote

from kompasbot.answering.answer import Citation, Said

_MARKER: Final = re.compile(r"\[(\d+)\]")

Annotation = dict[str, Any]


def annotations_of(text: str, citations: Iterable[Citation], base: str, offset: int = 0) -> list[Annotation]:
    """One annotation a marker, in order; the indexes count characters from ``offset``, the end is exclusive.

    A source without a known address gets that of its item on this server, which begins with ``base``.
    """
    by_number = {citation.number: citation for citation in citations}
    return list(_annotations(text, by_number, base, offset))


def _annotations(text: str, by_number: dict[int, Citation], base: str, offset: int) -> Iterator[Annotation]:
    for marker in _MARKER.finditer(text):
        citation = by_number.get(int(marker[1]))
        if citation:
            start, end = offset + marker.start(), offset + marker.end()
            yield {"type": "url_citation", "url_citation": _described(citation, base, start, end)}


def _described(citation: Citation, base: str, start: int, end: int) -> dict[str, Any]:
    return {
        "start_index": start,
        "end_index": end,
        "title": citation.title,
        "url": citation.url or f"{base}v1/items/{quote(citation.item_id)}",
        "number": citation.number,
        "item_id": citation.item_id,
        "quote": citation.quote,
        "known": citation.known.value,
    }


class Telling:
    """An answer as it is told: each sentence with what separates it from the one before, so that the pieces together
    are exactly the answer's text.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._citations: dict[int, Citation] = {}
        self._block: int | None = None
        self._length = 0
        self._told = 0

    def cite(self, citation: Citation) -> None:
        """Remember a citation that the next sentences use."""
        self._citations[citation.number] = citation

    def tell(self, event: Said) -> tuple[str, list[Annotation]]:
        """The next piece of the text and its annotations, whose indexes count from the beginning of the answer.

        Each annotation has its place in the whole list as ``index``: clients that put chunks together need that.
        """
        piece = self._separator(event) + event.sentence.text
        found = annotations_of(piece, self._citations.values(), self._base, self._length)
        self._block = event.block
        self._length += len(piece)
        numbered = [{"index": at, **one} for at, one in enumerate(found, self._told)]
        self._told += len(numbered)
        return piece, numbered

    def _separator(self, event: Said) -> str:
        mark = "- " if event.list else ""
        if event.block == self._block:
            return f"\n{mark}" if event.list else " "
        heading = f"{event.heading}\n" if event.heading else ""
        return ("" if self._block is None else "\n\n") + heading + mark
