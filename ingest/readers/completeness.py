"""Compares what was read of a file with what a plain second reader finds in it, so that nothing is lost silently."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from ingest.findings import Finding

MOST_MISSING: Final = 0.03
"""The part of the characters that may be missing without a word."""
_FEWEST: Final = 10
"""From this many missing characters in one place on, it is told."""

Place = TypeVar("Place")


def gaps(parts: Iterable[tuple[Place, str, str]]) -> tuple[list[Place], float]:
    """Where too much is missing, and the part that is missing there.

    ``parts`` are places, each with the text that was read there and the text that the second reader finds. Only letters
    and figures count, whatever their order, accents and spaces.
    """
    places: list[Place] = []
    gone = total = 0
    for place, read, plain in parts:
        other = _characters(plain)
        missing, all_ = (other - _characters(read)).total(), other.total()
        if missing >= _FEWEST and missing > MOST_MISSING * all_:
            places.append(place)
            gone += missing
            total += all_
    return places, gone / total if total else 0.0


def incomplete(where: str, places: Sequence[str], share: float) -> list[Finding]:
    """The finding that part of the text of these places is missing; none without any."""
    if not places:
        return []
    return [
        Finding(
            "waarschuwing",
            where,
            f"Niet alle tekst is gelezen: van {', '.join(places)} ontbreekt ongeveer {max(round(100 * share), 1)} % "
            "van de letters.",
            "Vergelijk de tekst met het bestand. Ontbreekt er iets? Lever de tekst dan als Word of Markdown.",
        )
    ]


def _characters(text: str) -> Counter[str]:
    return Counter(letter for letter in unicodedata.normalize("NFKD", text).casefold() if letter.isalnum())
