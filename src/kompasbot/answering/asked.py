"""A question as its wording tells it: a whole section, items of some type, a kind of answer, its language."""

import re
from dataclasses import dataclass
from typing import Final

from kompasbot.answering.wants import Want, Wish, wish
from kompasbot.dutch import fold, looks_english
from kompasbot.knowledge import ItemType
from kompasbot.retrieval.sections import sections_named, whole_section

_SEVERAL: Final = re.compile(
    r"\bwelke \w+(en|s|'s)\b.{0,40}\bzijn er\b|\bzijn er\b.{0,25}\b\w+(en|s)\b|\bwat is er( \w+)? (voor|over|te)\b"
    r"|\bwat (zegt|zeggen|staat)\b.{0,25}\b(factsheet|bronnen|kompas)\b.{0,10}\bover\b|\bwelke informatie\b"
    r"|\bwat (kun|kan|kunnen) (je|we|ik|wij) leren\b|\b(geef|noem)\b.{0,15}\b(voorbeelden|tips|mogelijkheden)\b"
    r"|\bwhat is there\b|\bare there any \w+s\b"
)
"""Asks for whatever there is: ``zijn er voorbeelden uit …``, ``wat is er voor leraren?``"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is understood.

    ``section``: all items of this section are asked for. ``types``: items of these types are meant, if any fit.
    ``several``: the wording asks for all that fits rather than one thing. ``wish``: the kind of answer.
    ``english``: the question is in English.
    """

    text: str
    section: ItemType | None
    types: frozenset[ItemType]
    several: bool
    wish: Wish | None
    english: bool

    @property
    def wants(self) -> Want | None:
        """The kind of answer that is asked for."""
        return self.wish.kind if self.wish else None


def understand(text: str) -> Asked:
    """Read what a question asks for from its wording."""
    several = bool(_SEVERAL.search(fold(text)))
    return Asked(text, whole_section(text), sections_named(text), several, wish(text), looks_english(text))
