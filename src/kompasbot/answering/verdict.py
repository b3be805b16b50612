"""Decides for each part of a question what kind of reply it gets, from the whole unit, and says why."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kompasbot.answering.evidence import Evidence, Gatherer, PassageEvidence, UnitEvidence
from kompasbot.answering.scope import ScopeMeasures, measure, strange_names
from kompasbot.answering.understanding import FACTS, AnswerKind, Part
from kompasbot.dutch import words
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.weights import Weights

_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")


class Outcome(StrEnum):
    """What becomes of a part."""

    TOLD = "verteld"
    NEAR = "dichtbij"
    ABSENT = "afwezig"
    OUTSIDE = "buiten"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for a part with its reasons, for maintainers; ``passage`` is the one that decided."""

    outcome: Outcome
    reasons: tuple[str, ...]
    unit: UnitEvidence | None = None
    passage: PassageEvidence | None = None


class Judge:
    """Decides over one index."""

    def __init__(self, index: Index, gatherer: Gatherer, weights: Weights) -> None:
        self._index = index
        self._gatherer = gatherer
        self._weights = weights

    def judge(self, part: Part, evidence: Evidence, reviewed: float, focus: Sequence[str]) -> Verdict:
        """The verdict on a part; ``reviewed`` is the cosine of the nearest reviewed answer, ``focus`` what was told."""
        unit = evidence.best
        if unit is None or unit.best is None:
            return Verdict(Outcome.OUTSIDE, ("geen passage past",))
        measures = self.measures(evidence, reviewed)
        total = measures.total(self._weights.scope)
        followed = part.leans and bool(focus)
        if total < 0 and not followed and not part.units and not measures.expected:
            return Verdict(Outcome.OUTSIDE, (f"buiten het gebied: {total:.2f}", str(measures)))
        return self._within(part, evidence, unit, measures)

    def measures(self, evidence: Evidence, reviewed: float) -> ScopeMeasures:
        """How far a part is of the field."""
        nearest = max(evidence.nearest, evidence.ranking.nearest, reviewed)
        return measure(self._index, evidence, self._weights.likeness.scaled(nearest) if nearest else 0.0)

    def _within(self, part: Part, evidence: Evidence, unit: UnitEvidence, measures: ScopeMeasures) -> Verdict:
        rest = self._gatherer.rest(unit.unit, part, evidence.concepts)
        fitting = [passage for passage in unit.passages if passage.fits]
        if part.kind in FACTS and part.kind is not AnswerKind.WHY and not fitting:
            return Verdict(Outcome.ABSENT, (f"geen passage bevat: {part.kind}",), unit, unit.best)
        best = fitting[0] if part.kind in FACTS and fitting else unit.passages[0]
        strange = [*strange_names(self._index, part.text), *self._foreign_years(part, unit)]
        if strange:
            return Verdict(Outcome.NEAR, (f"niet in de bronnen: {', '.join(strange)}",), unit, best)
        trust = self.trust(part, evidence, unit, best, bool(rest))
        reasons = (f"{trust:.2f}", str(measures))
        if measures.expected or trust >= self._weights.told.threshold or not rest:
            return Verdict(Outcome.TOLD, reasons, unit, best)
        return Verdict(Outcome.NEAR, reasons, unit, best)

    def trust(self, part: Part, evidence: Evidence, unit: UnitEvidence, best: PassageEvidence, asks: bool) -> float:
        """How far the best passage of a unit answers a part."""
        ranked = next((one.coverage for one in evidence.ranking.scored if one.item.id == unit.unit.id), 0.0)
        if not asks:
            return 1.0
        return max(best.score, ranked)

    def _foreign_years(self, part: Part, unit: UnitEvidence) -> list[str]:
        """Years that a question says and nothing of the unit holds."""
        asked = _YEAR.findall(part.text)
        if not asked:
            return []
        held = {word for source in unit.unit.sources for word in words(f"{source.title} {source.text}")}
        held |= {word for source in unit.unit.sources for word in words(source.editor_note or "")}
        return [year for year in asked if year not in held]
