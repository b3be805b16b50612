"""Which facet values a question names: ``uit Nederland``, ``voor het vmbo``, ``niet in Groningen``."""

import re
from collections import defaultdict
from typing import Final

from kompasbot.answering.understanding.turn import FacetFilter
from kompasbot.answering.units import Units
from kompasbot.dutch import is_function_word, stem, words
from kompasbot.knowledge import Facet, FacetKind

_FILTERING: Final = (FacetKind.COUNTRY, FacetKind.PLACE, FacetKind.AUDIENCE, FacetKind.PARTNER, FacetKind.KIND)
_COUNTED: Final = re.compile(r"\s*(?:,|,? (?:of|en|noch))\s*(?:uit |in |van |de |het )*")
_BEFORE: Final = 28
"""Characters before a value in which a negation counts for it."""


class FacetValues:
    """The words by which the facet values of all units are called, with the kinds of facet each is a value of."""

    def __init__(self, units: Units) -> None:
        self._kinds: dict[tuple[str, ...], set[FacetKind]] = defaultdict(set)
        for unit in units:
            for facet in unit.item.facets:
                if facet.kind in _FILTERING:
                    for stems in called(facet):
                        self._kinds[stems].add(facet.kind)
        self._longest = max((len(stems) for stems in self._kinds), default=0)

    def filters(self, folded: str, negation: re.Pattern[str]) -> tuple[FacetFilter, ...]:
        """The values that a folded question names, the longest where they overlap, each negated or not."""
        tokens = [(match[0], *match.span()) for match in re.finditer(r"[^\W_]+", folded)]
        content = [(stem(word), start, end) for word, start, end in tokens if not is_function_word(word)]
        found: list[FacetFilter] = []
        at = end = 0
        while at < len(content):
            for size in range(min(self._longest, len(content) - at), 0, -1):
                stems = tuple(word for word, _, _ in content[at : at + size])
                if stems in self._kinds:
                    start = content[at][1]
                    before = folded[max(0, start - _BEFORE) : start]
                    kinds = tuple(sorted(self._kinds[stems]))
                    # "niet uit Gelderland, Overijssel of Limburg": what is counted out is denied in one go
                    counted = bool(found) and _COUNTED.fullmatch(folded[end:start]) is not None
                    negated = (counted and found[-1].negated) or bool(negation.search(before))
                    found.append(FacetFilter(" ".join(stems), kinds, negated))
                    end = content[at + size - 1][2]
                    at += size
                    break
            else:
                at += 1
        return tuple(dict.fromkeys(found))


def called(facet: Facet) -> set[tuple[str, ...]]:
    """The names of a facet's value, as stems."""
    names = (tuple(stem(word) for word in words(name) if not is_function_word(word)) for name in _names(facet))
    return {stems for stems in names if stems}


def _names(facet: Facet) -> tuple[str, ...]:
    return (facet.value, *facet.aliases)


def met_by(facets: tuple[Facet, ...], wanted: FacetFilter) -> Facet | None:
    """The facet by which an item meets a filter, leaving its negation aside, or None."""
    stems = tuple(wanted.value.split())
    return next((facet for facet in facets if facet.kind in wanted.kinds and stems in called(facet)), None)
