"""Whether a sentence gives one's words or deeds to another, or names a sibling of what the source names."""

import re
from typing import Final

from kompasbot.answering.faithfulness.held import Held, Line
from kompasbot.answering.faithfulness.names import foreign, names
from kompasbot.answering.faithfulness.reading import Reading
from kompasbot.answering.faithfulness.wording import Alike, wording
from kompasbot.dutch import is_function_word

_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_CLEAR: Final = 2
"""By how many stems another line of the source must say more of a sentence to be the one that it tells."""


def name_fault(reading: Reading, held: Held, _alike: Alike) -> str | None:
    """A name that the source does not hold."""
    for name in names(reading.text):
        if foreign(name, held.words, held.stems, held.acronyms):
            return f"de naam '{name}' staat niet in de bron"
    return None


def attribution_fault(reading: Reading, held: Held, _alike: Alike) -> str | None:
    """A claim, or a year, of one named source put to another."""
    named = [(line, frozenset(names(line.reading.text))) for line in held.lines]
    authors = frozenset(names(reading.text)) & frozenset().union(*(who for _, who in named))
    if not authors:
        return None
    return _other_year(reading, named, authors) or _other_author(reading, named, authors)


def _other_year(reading: Reading, named: list[tuple[Line, frozenset[str]]], authors: frozenset[str]) -> str | None:
    for year in _YEAR.findall(reading.text):
        with_year = [who for line, who in named if year in line.reading.text]
        dated = any(who & authors and _YEAR.search(line.reading.text) for line, who in named)
        if with_year and dated and not any(who & authors for who in with_year):
            return f"het jaar {year} hoort in de bron bij een ander"
    return None


def _other_author(reading: Reading, named: list[tuple[Line, frozenset[str]]], authors: frozenset[str]) -> str | None:
    mine = reading.content - authors - wording().neutral
    cited = [(line, who) for line, who in named if _YEAR.search(line.reading.text)]
    theirs = [(len(mine & line.reading.content), who) for line, who in cited if not who & authors]
    own = max((len(mine & line.reading.content) for line, who in cited if who & authors), default=None)
    if own is None:
        return None
    best = max(theirs, key=lambda one: one[0], default=(0, frozenset()))
    if best[0] - own >= _CLEAR:
        return f"de bron zegt dit van '{min(best[1])}'"
    return None


def kind_fault(reading: Reading, held: Held, _alike: Alike) -> str | None:
    """A sibling (``avond``) of what the source names (``ochtend``), which the source does not name."""
    meant = frozenset(one for word, one in zip(reading.words, reading.stems, strict=True) if not is_function_word(word))
    for siblings in wording().kinds:
        if not any(side & held.stems for side in siblings):
            continue
        for side in siblings:
            said = (side & meant) - held.told
            if said and not side & held.stems and not side & reading.denied_stems:
                return f"de bron noemt iets anders van dezelfde soort dan '{min(said)}'"
    return None
