"""What a question asks for: a whole section, items of some type, and what kind of answer (a number, a name, a year,
…).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kompasbot.answering.faithfulness.numbers import numbers
from kompasbot.dutch import fold, looks_english
from kompasbot.knowledge import ItemType
from kompasbot.retrieval.sections import sections_named, whole_section


class Want(StrEnum):
    """The kind of answer that a question asks for."""

    NUMBER = "aantal"
    AMOUNT = "bedrag"
    WHEN = "wanneer"
    WHO = "wie"
    WHERE = "waar"
    WHY = "waarom"
    HOW = "hoe"
    WHICH = "welke"


_WANTS: Final[tuple[tuple[Want, re.Pattern[str]], ...]] = tuple(
    (want, re.compile(pattern))
    for want, pattern in (
        (
            Want.AMOUNT,
            r"\b(wat|hoeveel) .{0,30}\b(kost|kosten|kostte|verdien\w*|betaal\w*|bedraagt)\b|\bhoe(veel)? (duur|geld"
            r"|euro|subsidie|budget)\b"
            r"|\b(prijs|tarief|salaris|loon|kosten|bedrag|uurloon|how much (money|does|do|did|is))\b",
        ),
        (
            Want.NUMBER,
            r"\bhoeveel\w*|\bhoe (groot|vaak|lang|ver|oud|hoog|breed)\b|\bwelk (percentage|aantal|deel)\b"
            r"|\bhow (many|often|large|long)\b",
        ),
        (
            Want.WHEN,
            r"\bwanneer\b|\b(welk|wat voor) jaar\b|\b(sinds|vanaf|tot) (wanneer|welk)\b|\bhoe laat\b|\bop welke (dag"
            r"|datum)\b|\bopeningstijden\b|\bwhen\b",
        ),
        (
            Want.WHO,
            r"\bwie(ns)?\b|\bwelke (persoon|mensen|onderzoekers?|auteurs?|directeur|hoogleraar)\b|\bwho\b|\bhoe heet\b",
        ),
        (
            Want.WHERE,
            r"\bwaar\b(?! (moet|kan|begin|let|zit) (je|ik|we)?)|\b(in )?welke (plaats\w*|stad|steden|gemeente|regio"
            r"|provincie|land)\b|\bwhere\b|\badres\b",
        ),
        (Want.WHY, r"\bwaarom\b|\bwaardoor\b|\bhoe komt het\b|\bwat is de reden\b|\bom welke reden\b|\bwhy\b"),
        (Want.WHICH, r"\bwelke? \w+"),
        (Want.HOW, r"\bhoe\b|\bop welke (manier|wijze)\b|\bhow\b"),
    )
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is understood.

    ``section``: all items of this section are asked for. ``types``: items of these types are meant, if any fit.
    ``wants``: the kind of answer. ``english``: the question is in English.
    """

    text: str
    section: ItemType | None
    types: frozenset[ItemType]
    wants: Want | None
    english: bool


_HOLDS: Final = {
    Want.AMOUNT: re.compile(r"€|\beuro\b|\b(gratis|kosten|kost)\b"),
    Want.WHEN: re.compile(r"\b(19|20)\d\d\b|\b(sinds|elk jaar|jaarlijks|maandelijks|ochtend|middag|dagdeel)\b"),
    Want.WHO: re.compile(
        r"\b[A-Z][\w-]+|\b(leraren|docenten|wetenschappers|gezinnen|ouders|bedrijven|scholen|professional)\b"
    ),
    Want.WHERE: re.compile(r"\b(in|te|bij|op|via) (de |het )?(\w+ )?[A-Z][\w/-]+|\bwww\."),
    Want.WHY: re.compile(r"\b(omdat|doordat|want|zodat|om te|om .{3,60} te|daardoor|daarom|waardoor|reden)\b"),
}


def holds(want: Want | None, sentence: str) -> bool:
    """Whether a sentence holds something of the kind that is asked for: a number, a year, a name, a reason, …"""
    if want is Want.NUMBER:
        return bool(numbers(sentence))
    pattern = _HOLDS.get(want) if want else None
    return bool(pattern and pattern.search(sentence))


def understand(text: str) -> Asked:
    """Read what a question asks for from its wording."""
    folded = fold(text)
    wants = next((want for want, pattern in _WANTS if pattern.search(folded)), None)
    return Asked(text, whole_section(text), sections_named(text), wants, looks_english(text))
