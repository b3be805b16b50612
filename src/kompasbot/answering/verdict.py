"""Decides for each part of a question what kind of reply it gets, from the whole unit, and says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kompasbot.answering.evidence import Evidence, Gatherer, PassageEvidence, UnitEvidence
from kompasbot.answering.faithfulness.numbers import numbers
from kompasbot.answering.scope import ScopeMeasures, measure, strange_names
from kompasbot.answering.understanding import FACTS, AnswerKind, Part
from kompasbot.dutch import is_verb, words, zipf
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.query import Concept
from kompasbot.retrieval.weights import TrustWeights, Weights

_LONG: Final = 12
"""Weighty words: a question of this many or more counts as long."""
_SAYS_IT: Final = 0.6
"""A passage with the kind of answer that is asked for tells it when it holds this share of the question's weight."""
_ALL: Final = 0.95
"""A passage that holds this share of the question's weight and the kind of answer is what was asked for."""
_KNOWN: Final = 0.4
"""No word of the question may be missing from the unit that weighs more than this."""
_LITTLE: Final = 0.45
"""Who points at an item and asks no more than this beside it (``Vertel meer over de eerste``) asks what it is."""
_FOLLOWED: Final = 1.5
"""A question that leans on what was told says little itself: by so much less it is trusted to be about that."""
_CERTAIN: Final = frozenset({AnswerKind.COUNT, AnswerKind.AMOUNT, AnswerKind.CONTACT})
"""Kinds of answer that a text surely holds or not: a number of what is counted, an amount, an address."""


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


@dataclass(frozen=True, slots=True)
class TrustMeasures:
    """What speaks for and against a unit answering a part, each from 0 to 1.

    ``likeness``: of the best passage in meaning, ``nearest``: of the best passage or expected question anywhere.
    ``fits``: the best passage holds the kind of answer that is asked for; ``fact``: a fact is asked for. ``named``: the
    part calls the unit by name. ``strange``: it says names that the unit does not hold. ``missing``: the weight of the
    heaviest word that neither the unit nor its expected questions know, ``noun``: how far they lack what is counted or
    whose name is asked. ``rank`` and ``ranked_likeness``: of the item among all. ``length``: 1 from twelve words.
    """

    likeness: float
    fits: bool
    fact: bool
    named: bool
    strange: bool
    nearest: float
    missing: float
    rank: float
    ranked_likeness: float
    noun: float
    length: float

    def total(self, weights: TrustWeights) -> float:
        """The measures as one number: the higher, the more surely the unit answers the part."""
        return (
            weights.likeness * self.likeness
            + weights.fits * self.fits
            + weights.fact * self.fact
            + weights.named * self.named
            + weights.strange * self.strange
            + weights.nearest * self.nearest
            + weights.missing * self.missing
            + weights.rank * self.rank
            + weights.ranked_likeness * self.ranked_likeness
            + weights.noun * self.noun
            + weights.length * self.length
            + weights.bias
        )


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
        told = (
            part.kind in FACTS
            and len(evidence.concepts) > 1
            and any(passage.fits and passage.coverage >= _ALL for each in evidence.units for passage in each.passages)
        )
        followed = part.leans and bool(focus)
        if total < 0 and not (followed or part.units or measures.expected or told):
            return Verdict(Outcome.OUTSIDE, (f"buiten het gebied: {total:.2f}", str(measures)))
        return self._within(part, evidence, unit, measures)

    def measures(self, evidence: Evidence, reviewed: float) -> ScopeMeasures:
        """How far a part is of the field."""
        nearest = max(evidence.nearest, evidence.ranking.nearest, reviewed)
        return measure(self._index, evidence, self._weights.likeness.scaled(nearest) if nearest else 0.0)

    def _within(self, part: Part, evidence: Evidence, unit: UnitEvidence, measures: ScopeMeasures) -> Verdict:
        fitting = [passage for passage in unit.passages if passage.fits]
        best = fitting[0] if part.kind in FACTS and fitting else unit.passages[0]
        rest = self._gatherer.rest(unit.unit, part, evidence.concepts)
        trusted = self.trust(part, evidence, unit, rest, measures.likeness)
        trust = trusted.total(self._weights.told)
        reasons = (f"vertrouwen {trust:.2f}", str(trusted), str(measures))
        lacking = part.kind in _CERTAIN or (part.kind is AnswerKind.WHO and part.of is not None)
        near_count = part.kind is AnswerKind.COUNT and any(not number.is_year for number in numbers(best.passage.text))
        if lacking and not fitting and not near_count:
            return Verdict(Outcome.ABSENT, (f"geen passage bevat: {part.kind}", *reasons), unit, best)
        followed = part.leans
        least = self._weights.told.threshold - (_FOLLOWED if followed else 0.0)
        no_verbs = [concept for concept in rest if not is_verb(concept.word)]
        says_it = (
            part.kind in FACTS
            and best.fits
            and not trusted.strange
            and (
                (best.coverage >= _SAYS_IT and trusted.missing <= _KNOWN)
                or (self._is_facet(part, best, unit) and self._lacks(no_verbs, unit) <= _KNOWN)
            )
        )
        presents = bool(part.units) and part.leans and sum(concept.weight for concept in rest) <= _LITTLE
        if measures.expected or trust >= least or not rest or presents or says_it:
            return Verdict(Outcome.TOLD, reasons, unit, best)
        absent = part.kind in FACTS and not fitting
        return Verdict(Outcome.ABSENT if absent else Outcome.NEAR, reasons, unit, best)

    def _is_facet(self, part: Part, best: PassageEvidence, unit: UnitEvidence) -> bool:
        """Whether the facet that is asked for of a unit that is named stands in its passage."""
        return bool(part.units) and self._gatherer.facets_in(part, best.passage.text, unit.unit) > 0

    def trust(
        self, part: Part, evidence: Evidence, unit: UnitEvidence, rest: Sequence[Concept], nearest: float
    ) -> TrustMeasures:
        """How far a unit answers a part; ``nearest`` is scaled from 0 to 1."""
        best = unit.passages[0]
        known = self._known(unit)
        sources = {source.id for source in unit.unit.sources}
        scored = next((each for each in evidence.ranking.scored if each.item.id in sources), None)
        noun = [concept for concept in rest if concept.word == part.of]
        return TrustMeasures(
            likeness=best.likeness or 0.0,
            fits=best.fits,
            fact=part.kind in FACTS,
            named=bool(part.units),
            strange=bool(strange_names(self._index, part.text, self._held(unit))),
            nearest=nearest,
            missing=self._lacks(rest, unit),
            rank=scored.score if scored else 0.0,
            ranked_likeness=scored.likeness if scored else 0.0,
            noun=1 - self._index.share(noun, known) if noun else 0.0,
            length=min(len(rest), _LONG) / _LONG,
        )

    def _lacks(self, concepts: Sequence[Concept], unit: UnitEvidence) -> float:
        """The weight of the heaviest word that is not known of a unit, of words that are not likely mistyped."""
        known = self._known(unit)
        real = (concept for concept in concepts if zipf(concept.word))
        return max((concept.weight * (1 - self._index.share([concept], known)) for concept in real), default=0.0)

    def _known(self, unit: UnitEvidence) -> str:
        """All that is known of a unit, with what its item is expected to be asked."""
        item = unit.unit.item
        return " ".join((*self._texts(unit), *item.questions, *item.terms))

    def _texts(self, unit: UnitEvidence) -> list[str]:
        """All that is known of a unit."""
        return [f"{source.title} {source.text} {source.editor_note or ''}" for source in unit.unit.sources]

    def _held(self, unit: UnitEvidence) -> frozenset[str]:
        """The folded words of all that is known of a unit."""
        return frozenset(word for text in self._texts(unit) for word in words(text))
