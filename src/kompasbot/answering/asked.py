"""What a question asks for: a whole section, items of some type, and what kind of answer (a number, a name, a year,
…).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kompasbot.answering.faithfulness.numbers import numbers
from kompasbot.dutch import fold, looks_english, stem
from kompasbot.knowledge import ItemType
from kompasbot.retrieval.sections import limits, sections_named


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

_LISTING: Final = re.compile(
    r"\b(welke?|alle|allemaal|overzicht|lijst|lijstje|opsomming|noem|som|rijtje|wat voor|wat (hebben|heb|bieden"
    r"|biedt) (jullie|je|de)|zijn er|staan er|"
    r"which|all|list|overview|what (kind|sort))\b|\b(geef|toon|laat) .{0,20}\b(zien|overzicht|alle)\b"
)
_PLACES: Final = re.compile(
    r"\b(waar|welke (regio|plaats|stad|stede|streek|streken|school|scholen)\S*)\b.{0,30}\b(al|gebeurt|doen|doet|lukt)\b"
)
"""Asks where something is done already: that is, for the practice examples."""

_GENERAL: Final = frozenset(
    stem(fold(word))
    for word in (
        "factsheet factsheets kompas interventiekompas kompaspunt pagina document bron bronnen website site tekst "
        "lijst lijstje "
        "overzicht opsomming rijtje stuk noem noemen genoemd genoemde staan staat vermeld vermelden beschreven "
        "beschrijven besproken behandeld aanwezig beschikbaar "
        "bestaan bestaande gebruiken bieden aanbieden hebben geven gegeven tonen laten zien vinden vind zoek zoeken "
        "delen kennen ken weten weet horen "
        "kort korte kortjes samengevat alle allemaal verschillende diverse concreet concrete slag aan meteen direct "
        "iets "
        "regionale regio regionaal samenwerking samenwerken thema onderwerp gebied techniek technologie "
        "technologieonderwijs techniekonderwijs onderwijs "
        "volledige volledig compleet complete som sommen op graag wil zouden kunnen eigenlijk precies list all "
        "overview give show mentioned available "
        "collaboration regional cooperation technology education"
    ).split()
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
    types = sections_named(text)
    if not types and _PLACES.search(folded):
        types = frozenset({ItemType.EXAMPLE})
    wants = next((want for want, pattern in _WANTS if pattern.search(folded)), None)
    return Asked(text, _section(folded, types), types, wants, looks_english(text))


def _section(folded: str, types: frozenset[ItemType]) -> ItemType | None:
    """The section that is asked for as a whole: one is named, a list is asked for, and nothing else limits it."""
    if len(types) != 1 or not _LISTING.search(folded) or limits(folded, _GENERAL):
        return None
    return next(iter(types))
