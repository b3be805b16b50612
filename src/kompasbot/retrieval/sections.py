"""The words by which people name a section of a factsheet: tools, examples, research."""

import re
from typing import Final

from kompasbot.dutch import fold, is_function_word, stem, words
from kompasbot.knowledge import ItemType

_NAMES: Final = {
    ItemType.TOOL: (
        "tool tools handvat handvatten handvaten hulpmiddel hulpmiddelen handreiking handreikingen instrument "
        "instrumenten "
        "werkvorm gereedschapskist toolbox toolkit praktisch praktische"
    ),
    ItemType.EXAMPLE: (
        "voorbeeld voorbeelden praktijkvoorbeeld praktijkvoorbeelden project projecten initiatief initiatieven "
        "praktijkcase praktijkcases casus casussen case cases example examples"
    ),
    ItemType.INSIGHT: (
        "inzicht inzichten onderzoek onderzoeken studie studies wetenschap wetenschappelijk wetenschappelijke "
        "literatuur "
        "onderzoeksresultaten bevinding bevindingen research insights"
    ),
}
_SECTION_OF: Final = {word: kind for kind, listed in _NAMES.items() for word in listed.split()}


_LISTING: Final = re.compile(
    r"\b(welke?|alle|allemaal|overzicht|lijst|lijstje|opsomming|noem|som|rijtje|wat voor|wat (hebben|heb|bieden"
    r"|biedt) (jullie|je|de)|zijn er|staan er|"
    r"which|all|list|overview|what (kind|sort))\b|\b(geef|toon|laat) .{0,20}\b(zien|overzicht|alle)\b"
)
_PLACES: Final = re.compile(
    r"\bwaar (doen|doet|gebeurt|lukt|werkt|bestaat) (ze|dit|dat|het|men|zoiets)\b|\bwaar\b.{0,30}\b(al|eerder)\b"
    r"|\bwelke (regio|plaats|stad|stede|streek|streken|school|scholen)\S*\b.{0,30}\b(al|gebeurt|doen|doet|lukt)\b"
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


def is_section_word(word: str) -> bool:
    """Whether a folded word names a section."""
    return word in _SECTION_OF


def sections_named(text: str) -> frozenset[ItemType]:
    """The sections that a text names; asking where something is done already is asking for examples."""
    named = frozenset(_SECTION_OF[word] for word in words(text) if word in _SECTION_OF)
    return named or (frozenset({ItemType.EXAMPLE}) if _PLACES.search(fold(text)) else frozenset())


def whole_section(text: str) -> ItemType | None:
    """The section that is asked for as a whole: one is named, a list is asked for, and nothing else limits it."""
    named = sections_named(text)
    if len(named) != 1 or not _LISTING.search(fold(text)) or _limits(text):
        return None
    return next(iter(named))


def _limits(text: str) -> bool:
    return any(
        not is_function_word(word) and word not in _SECTION_OF and stem(word) not in _GENERAL for word in words(text)
    )
