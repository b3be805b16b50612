"""The direct answer to a yes-no question, where the evidence carries it: the sources' own words follow it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kompasbot.answering.faithfulness.numbers import numbers
from kompasbot.answering.understanding import Part
from kompasbot.answering.understanding.vocabulary import Vocabulary
from kompasbot.dutch import fold, stem, words
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.query import Concept

_CARRIED: Final = 0.8
"""A sentence says what is asked when it holds this share of the question's weight."""
_LEAST: Final = 2
"""Words that are asked about: of fewer it is not clear what would be said to be so."""
_NEGATION: Final = re.compile(r"\b(niet|geen|nooit|nauwelijks|stopt|gestopt|ontbre\w+)\b")
_RANGE: Final = re.compile(r"\bgroep (\d) tot en met (?:groep )?(\d)\b")


@dataclass(frozen=True, slots=True)
class Direct:
    """``yes`` or no, and why."""

    yes: bool
    reason: str


def decide(
    index: Index, part: Part, rest: Sequence[Concept], told: Sequence[str], vocabulary: Vocabulary
) -> Direct | None:
    """Whether the told sentences answer a yes-no question with yes or with no; None where they leave it open."""
    text = " ".join(told)
    years = _years(part.text, text, vocabulary.school_years)
    if years is not None:
        return years
    count = _counts(part.text, text)
    if count is not None:
        return count
    asked = fold(part.text)
    if len(rest) < _LEAST or _NEGATION.search(asked) or vocabulary.quantified.search(asked):
        return None
    carrying = max(told, key=lambda sentence: index.share(rest, sentence), default="")
    best = index.share(rest, carrying)
    # "Schoolbestuur" holds a school for a search; it is none for who says yes.
    said = {stem(word) for word in words(carrying)}
    literally = all(stem(concept.corrected or concept.word) in said for concept in rest)
    if best < _CARRIED or not literally or _NEGATION.search(fold(carrying)):
        return None
    return Direct(True, f"de bron zegt het: {best:.2f}")


def _years(question: str, text: str, school_years: Mapping[str, tuple[int, int]]) -> Direct | None:
    """Whether the school years that are asked for lie in the range that a source gives."""
    ranges = [(int(first), int(last)) for first, last in _RANGE.findall(fold(text))]
    if not ranges:
        return None
    folded = fold(question)
    asked = [years for name, years in school_years.items() if re.search(rf"\b{name}\b", folded)]
    asked += [(int(year), int(year)) for year in re.findall(r"\bgroep (\d)\b", folded)]
    if not asked:
        return None
    first, last = ranges[0]
    inside = all(first <= low and high <= last for low, high in asked)
    outside = all(high < first or low > last for low, high in asked)
    if inside or outside:
        return Direct(inside, f"gevraagd: {asked}, de bron: {ranges[0]}")
    return None


def _counts(question: str, text: str) -> Direct | None:
    """Whether a source counts the same thing with another number, or with the same."""
    held = [number for number in numbers(text) if not number.is_year and not number.labelled]
    for asked in numbers(question):
        same_thing = [number for number in held if number.counts & asked.counts]
        if asked.is_year or asked.labelled or not same_thing:
            continue
        return Direct(any(number.value == asked.value for number in same_thing), f"{asked.word}: {same_thing[0].word}")
    return None
