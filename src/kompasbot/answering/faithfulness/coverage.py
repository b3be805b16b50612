"""How much of what a sentence says its source says too, in these or in other words."""

from dataclasses import dataclass
from typing import Final

from kompasbot.answering.faithfulness.held import Held
from kompasbot.answering.faithfulness.names import names
from kompasbot.answering.faithfulness.reading import Reading, opposite
from kompasbot.answering.faithfulness.wording import wording
from kompasbot.dutch import is_function_word, parts, stem
from kompasbot.embedding import rarity

_LIGHTEST: Final = 0.6
_ASKED: Final = 0.5
"""What is left of a missing word's weight when the item's expected questions use it."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The weights of a sentence's words that its source covers, and of those that it lacks."""

    covered: float
    missing: dict[str, float]

    @property
    def lacking(self) -> float:
        """The weight that the source lacks."""
        return sum(self.missing.values())

    @property
    def share(self) -> float:
        """The covered share, from 0 to 1."""
        total = self.covered + self.lacking
        return self.covered / total if total else 1.0


def cover(reading: Reading, held: Held) -> Coverage:
    """Weigh the content words of a sentence against what a source holds."""
    said = frozenset(reading.stems) | reading.content
    in_phrases = frozenset(one for phrase in held.phrases if phrase <= said for one in phrase)
    own_names = frozenset(names(reading.text))
    covered, missing = 0.0, {}
    for word, one in zip(reading.words, reading.stems, strict=True):
        if is_function_word(word) or word[0].isdigit() or len(word) < 2:
            continue
        weight = max(_LIGHTEST, rarity(word))
        if one in in_phrases or word in own_names or _covered(word, one, held):
            covered += weight
        elif one not in wording().neutral:
            missing[word] = weight * (_ASKED if one in held.asked else 1.0)
    return Coverage(covered, missing)


def _covered(word: str, one: str, held: Held) -> bool:
    if one in held.told or word in held.words or word in held.acronyms:
        return True
    compound = parts(word)
    if compound and all(part in held.told or part in wording().neutral for part in compound):
        return True
    return any(
        opposite(one, theirs) for line in held.lines for denied in line.reading.denied for theirs in denied
    ) or _denied_opposite(one, held)


def _denied_opposite(one: str, held: Held) -> bool:
    return stem(one) != one and stem(one) in held.told
