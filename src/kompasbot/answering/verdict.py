"""Decides for each part of a question what kind of reply it gets, from the whole unit, and says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kompasbot.answering.evidence import CERTAIN, Evidence, Gatherer, PassageEvidence, UnitEvidence
from kompasbot.answering.faithfulness.numbers import numbers
from kompasbot.answering.trust import TrustMeasures, is_expected, lacks, measure
from kompasbot.answering.understanding import FACTS, AnswerKind, Part
from kompasbot.dutch import is_verb
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.query import Concept
from kompasbot.retrieval.weights import Weights

_SAYS_IT: Final = 0.6
"""A passage with the kind of answer that is asked for tells it when it holds this share of the question's weight."""
_ALL: Final = 0.95
"""A passage that holds this share of the question's weight and the kind of answer is what was asked for."""
_KNOWN: Final = 0.4
"""No word of the question may be missing from the unit that weighs more than this."""
_LITTLE: Final = 0.45
"""Who points at an item and asks no more than this beside it (``Vertel meer over de eerste``) asks what it is."""
_KNOWN_TO_ANSWER: Final = 0.7
"""A passage that is known to answer a question so near to this one is not said to lack the answer."""
_FOLLOWED: Final = 1.5
"""A question that leans on what was told says little itself: by so much less it is trusted to be about that."""


class Outcome(StrEnum):
    """What becomes of a part."""

    TOLD = "verteld"
    NEAR = "dichtbij"
    ABSENT = "afwezig"
    OUTSIDE = "buiten"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for a part with its reasons, for maintainers; ``passage`` decided, by ``measures``."""

    outcome: Outcome
    reasons: tuple[str, ...]
    unit: UnitEvidence | None = None
    passage: PassageEvidence | None = None
    measures: TrustMeasures | None = None


class Judge:
    """Decides over one index."""

    def __init__(self, index: Index, gatherer: Gatherer, weights: Weights) -> None:
        self._index = index
        self._gatherer = gatherer
        self._weights = weights

    def judge(self, part: Part, evidence: Evidence, reviewed: float, outside: float, focus: Sequence[str]) -> Verdict:
        """The verdict on a part; ``reviewed`` is the cosine of the nearest reviewed answer, ``outside`` that of the
        nearest question that the sources do not answer, ``focus`` what was told.
        """
        unit = evidence.best
        if unit is None or unit.best is None:
            return Verdict(Outcome.OUTSIDE, ("geen passage past",))
        rest = self._gatherer.rest(unit.unit, part, evidence.concepts)
        scaled = self._weights.likeness.scaled
        nearest = max(evidence.nearest, evidence.ranking.nearest, reviewed)
        measures = measure(self._index, evidence, unit, rest, scaled(nearest) if nearest else 0.0, scaled(outside))
        trust = measures.total(self._weights.trust)
        reasons = (f"vertrouwen {trust:.2f}", str(measures))
        expected = is_expected(evidence)
        told = (
            part.kind in FACTS
            and len(evidence.concepts) > 1
            and any(passage.fits and passage.coverage >= _ALL for each in evidence.units for passage in each.passages)
        )
        followed = part.leans and bool(focus)
        # That no passage holds the fact says half of that the question is of elsewhere.
        scope = trust if measures.holds or not measures.fact else trust - self._weights.trust.fact / 2
        if scope < self._weights.trust.outside and not (followed or part.units or expected or told):
            return Verdict(Outcome.OUTSIDE, ("buiten het gebied", *reasons), measures=measures)
        fitting = [passage for passage in unit.passages if passage.fits]
        best = fitting[0] if part.kind in FACTS and fitting else unit.passages[0]
        lacking = part.kind in CERTAIN or (part.kind is AnswerKind.WHO and part.of is not None)
        near_count = part.kind is AnswerKind.COUNT and any(not number.is_year for number in numbers(best.passage.text))
        known = part.kind not in CERTAIN and best.asked is not None and (best.asked.likeness or 0.0) >= _KNOWN_TO_ANSWER
        if lacking and not fitting and not near_count and not known:
            return Verdict(Outcome.ABSENT, (f"geen passage bevat: {part.kind}", *reasons), unit, best, measures)
        least = self._weights.trust.answers - (_FOLLOWED if part.leans else 0.0)
        says_it = self._says_it(part, unit, best, rest, measures)
        presents = bool(part.units) and part.leans and sum(concept.weight for concept in rest) <= _LITTLE
        if expected or trust >= least or not rest or presents or says_it:
            return Verdict(Outcome.TOLD, reasons, unit, best, measures)
        absent = part.kind in FACTS and not fitting
        return Verdict(Outcome.ABSENT if absent else Outcome.NEAR, reasons, unit, best, measures)

    def _says_it(
        self, part: Part, unit: UnitEvidence, best: PassageEvidence, rest: Sequence[Concept], measures: TrustMeasures
    ) -> bool:
        """Whether a passage holds the fact that is asked for, beyond doubt."""
        if part.kind not in FACTS or not best.fits or measures.strange:
            return False
        if best.coverage >= _SAYS_IT and measures.missing <= _KNOWN:
            return True
        is_facet = bool(part.units) and self._gatherer.facets_in(part, best.passage.text, unit.unit) > 0
        no_verbs = [concept for concept in rest if not is_verb(concept.word)]
        return is_facet and lacks(self._index, no_verbs, unit) <= _KNOWN
