"""The words by which people name a section of a factsheet: tools, examples, research."""

from typing import Final

from kompasbot.dutch import is_function_word, stem, words
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


def is_section_word(word: str) -> bool:
    """Whether a folded word names a section; word forms count as such, so that ``onderzocht`` is no ``onderzoek``."""
    return word in _SECTION_OF


def sections_named(text: str) -> frozenset[ItemType]:
    """The sections that a text names."""
    return frozenset(_SECTION_OF[word] for word in words(text) if word in _SECTION_OF)


def limits(text: str, general: frozenset[str]) -> list[str]:
    """The words that limit a question beyond a section: neither function words, nor section words, nor ``general``
    stems.
    """
    return [
        word
        for word in words(text)
        if not is_function_word(word) and not is_section_word(word) and stem(word) not in general
    ]
